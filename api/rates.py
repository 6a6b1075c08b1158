"""How often what can be guessed at or flooded may be done: a table; the buckets are in the database, so that all workers share them."""

from datetime import timedelta
from math import ceil

from adapters.security import Kind
from adapters.throttles import Rate
from api.noting import ASKING, noted
from api.problems import Trouble
from api.whole import Whole
from domain.actors import Actor

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RATES: dict[str, Rate] = {
    "report": Rate(10, HOUR),  # for a client
    "report of anybody": Rate(300, HOUR),
    "code": Rate(5, HOUR),  # for a client, and for a case
    "no receipt": Rate(30, HOUR),  # for a client
    "act": Rate(20, HOUR),  # for a receipt
    "Urge": Rate(1, DAY),  # for a receipt
    "kept": Rate(20, HOUR),  # for a receipt
    "photos of anybody": Rate(200, HOUR),  # by residents: what they may fill of a disk
    "login": Rate(10, HOUR),  # for a name, from a client
    "login of anybody": Rate(50, DAY),  # for a name, wherever from
    "no login": Rate(30, HOUR),  # for a client: an office behind one address comes in as often as it likes
    "token": Rate(20, HOUR),  # that nobody holds, typed in: for a client
    "bearer": Rate(120, HOUR),  # that nobody holds, called with: for a client
    "export": Rate(30, HOUR),  # for a member of staff
    "list": Rate(240, HOUR),  # taken out of a board: for a member of staff
    "release": Rate(30, HOUR),  # asked for, of a list that is long: for a member of staff
    "photos": Rate(300, HOUR),  # for a member of staff
    "search": Rate(600, HOUR),  # by words: for a member of staff
}


def minutes(wait: timedelta) -> int:
    """As it is said."""
    return ceil(wait / timedelta(minutes=1))


def taken(whole: Whole, action: str, whose: str) -> timedelta:
    """Take one of what is free; else how long until one is."""
    return _noted(whole, action, whole.throttles.take(_key(whole, action, whose), RATES[action], whole.now()))


def until_free(whole: Whole, action: str, whose: str) -> timedelta:
    """How long until one is free; nothing is taken."""
    return _noted(whole, action, whole.throttles.wait(_key(whole, action, whose), RATES[action], whole.now()))


def in_measure(whole: Whole, action: str, whose: str) -> None:
    """Take one, or say when to come again. Raises Trouble."""
    if wait := taken(whole, action, whose):
        raise Trouble("too_often", minutes=minutes(wait))


def of_staff(actor: Actor) -> str:
    """Whose a bucket of a member of staff is; of a resident that of the receipt."""
    return f"{actor.staff} {actor.unit}"


def client(whole: Whole) -> str:
    """The network that the request under way comes from, today: tomorrow it is somebody else, and nobody can tell who it was."""
    asking = ASKING.get()
    return f"{asking.network if asking else ''} {whole.now().date()}"


def _noted(whole: Whole, action: str, wait: timedelta) -> timedelta:
    if wait:
        noted(whole, Kind.TOO_OFTEN, door=action.replace(" ", "_"))
    return wait


def _key(whole: Whole, action: str, whose: str) -> str:
    return whole.master.fingerprint("throttle", action, whose.encode(errors="surrogatepass")).hex()
