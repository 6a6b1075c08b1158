"""What goes on in a store: whether it is real, followed, and heard."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from adapters.boards import NotCaughtUpError
from adapters.keeping import Kept
from adapters.outbox import BadChannelsError, channels_of, standing
from adapters.outbox.channels import SCHEMES, Channel
from adapters.sealing import KEYS
from adapters.store.engine import engine_at
from adapters.store.migrate import NotMigratedError, check
from api.examined.findings import Deployment, Findings, ok, unknown, unsafe
from api.keeping import databases
from api.settings import Settings

PATIENCE = 1.0  # seconds in which the boards come to where the log is, if all is well
IDLE = timedelta(minutes=10)  # a worker notes every few seconds that it has looked
LONG = timedelta(hours=1)  # that a message waits


def tables(d: Deployment) -> Findings:
    """They are those of this program."""
    found = list(_behind(d.settings))
    yield from (unsafe(one, "stop, take a backup, run `whistle migrate`") for one in found)
    if not found:
        yield ok("the tables are those of this program")


def _behind(settings: Settings) -> Iterator[str]:
    for kept in _migrated(settings):
        if kept.engine == "sqlite" and not kept.path.exists():
            yield f"there is no {kept.path}"
            continue
        engine = engine_at(kept.url)
        try:
            check(engine, kept.scripts)
        except NotMigratedError as error:
            yield str(error)
        finally:
            engine.dispose()


def kept_files(settings: Settings) -> Iterator[Path]:
    """Files without which nothing opens; to open one that is not there would make it."""
    yield from (kept.path for kept in _migrated(settings) if kept.engine == "sqlite")


def _migrated(settings: Settings) -> tuple[Kept, ...]:
    return *databases(settings), Kept("keys", settings.keys, KEYS)


def opens(d: Deployment) -> Findings:
    """All parts can be put together."""
    yield (
        ok("the store opens")
        if d.whole
        else unsafe(f"the store does not open: {d.why}", "put that right first; what needs it was not looked at")
    )


def demo(d: Deployment) -> Findings:
    """A demo's tokens are printed where everybody reads them."""
    if d.whole and d.whole.tokens.is_demo():
        yield unsafe(
            "this store holds tokens of the demo", "begin with an empty store; never let residents' cases into this one"
        )
    elif d.whole:
        yield ok("no token of a demo is in the store")


def boards(d: Deployment) -> Findings:
    """They follow, and every case can be told."""
    if d.whole is None:
        return
    whole, behind = d.whole, 0
    with suppress(NotCaughtUpError):
        whole.boards.wait_for(whole.boards.head(), PATIENCE)
    behind, parked = whole.boards.head() - whole.boards.position(), len(whole.boards.parked())
    if behind > 0:
        yield unsafe(
            f"the boards are {behind} entries behind",
            "see that `whistle serve` or `whistle work` runs, and what it says",
        )
    if parked:
        yield unsafe(f"{parked} cases cannot be told", "look at /readyz and the server's lines; then `whistle rebuild`")
    if not parked and behind <= 0:
        yield ok("the boards follow the log, and tell every case")


def timers(d: Deployment) -> Findings:
    """Time does what it has to."""
    if d.whole is None:
        return
    found = d.whole.clockwork.standing(d.now)
    if found.held:
        yield unsafe(
            f"everything that time does is held ({found.held}); {found.due} cases are due",
            "see that the clock is right, then `whistle timers release`",
        )
    elif found.due and (found.looked_at is None or d.now - found.looked_at > IDLE):
        yield unsafe(f"{found.due} cases are due, and nobody works", "run `whistle serve` or `whistle work`")
    else:
        yield ok("nothing that is due is left lying")


def messages(d: Deployment) -> Findings:
    """What is to be told arrives."""
    if d.whole is None:
        return
    found = standing(d.whole.outbox, d.now)
    late = found.oldest is not None and d.now - found.oldest > LONG
    if found.dead:
        yield unsafe(
            f"{found.dead} messages reached nobody", "look at /messages, put the channel right, send them again"
        )
    if late:
        yield unsafe(
            f"{found.waiting} messages wait, the first of them for {found.waits(d.now) / 3600:.0f} h",
            "see that `whistle serve` or `whistle work` runs, and `whistle messages`",
        )
    if not found.dead and not late:
        yield ok("no message was left lying")


def channels(d: Deployment) -> Findings:
    """What leaves is sealed on its way."""
    path = d.settings.channels
    if not path.exists():
        yield unknown(f"there is no {path}: nobody is told anything")
        return
    try:
        ways = channels_of(path, d.settings.secrets).ways
    except BadChannelsError as error:
        yield unsafe(str(error), "put the file right: `whistle messages check`")
        return
    bare = [way.name for way in ways if _in_clear(way)]
    yield from (
        unsafe(
            f"the channel {name} sends in clear",
            "write https://, or the address's form with an s (mailtos://, jsons://)",
        )
        for name in bare
    )
    if not bare:
        yield ok("every channel is sealed on its way")


def _in_clear(way: Channel) -> bool:
    scheme = (way.url or way.address).partition("://")[0].lower()
    return scheme == "http" or f"{scheme}s" in SCHEMES


def proxy(_: Deployment) -> Findings:
    """What stands before us cannot be seen from behind it."""
    yield unknown(
        "TLS, HSTS and what the reverse proxy passes on cannot be seen from here",
        "docs/running.md says how to look from outside",
    )
