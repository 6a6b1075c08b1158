"""Many cases at once: each is a command of its own, with its own outcome; sent again, nothing happens twice."""

from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID, uuid5

from anyio.to_thread import run_sync
from fastapi.responses import HTMLResponse, RedirectResponse

from adapters.boards import register
from adapters.store.errors import Busy, CommitUnknown, Unavailable
from api.answers import CaseOut
from api.desk import Reply
from api.pages.acting.asked import asked
from api.pages.acting.at_hand import BULK, given_by
from api.pages.acting.controls import Scene
from api.pages.acting.filling import Said
from api.pages.acting.giving import NAMES, NOT_TAKEN, desk_for, given, seen_on_boards
from api.pages.acting.sent import FormSaid, Sent, first, key_of, number_of
from api.pages.acting.wrongs import wrong_of
from api.pages.reading import Reader, Reading, Staff
from api.pages.routing import NoPageError, our_own, page_router
from domain.clocks import Running
from domain.states import Clock

bulk_pages = page_router()
PATH = "/bulk"
MOST = 100  # at once
AGAIN = {Busy: "busy_way", Unavailable: "busy_way", CommitUnknown: "unknown_way"}  # sent again, it may go well


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case: done and how it stands, or why not."""

    case: UUID
    number: str = ""
    state: str = ""
    clock: str = ""  # that the case waits for a call, where it does
    position: int = 0
    why: str = ""
    item: str = ""  # to send again


@dataclass(frozen=True, slots=True)
class Batch:
    """A command for several cases, each with the version that was seen; `name` is what the form calls it."""

    name: str
    sent: Sent  # what is the same for all
    items: dict[UUID, int]

    def of(self, case: UUID) -> Sent:
        """The form of one case: its key is its own, and always the same."""
        key = uuid5(UUID(self.sent.key), f"{self.sent.command} {self.sent.way} {case}")
        return replace(self.sent, key=str(key), seen=self.items[case])


def batch_of(said: Said) -> Batch:
    """What was sent. Raises NoPageError where it can be no form of ours."""
    name = first(said, "command")
    if name not in BULK:
        raise NoPageError
    command, way = BULK[name]
    back, unit = our_own(first(said, "back") or "/"), first(said, "unit")
    same = {field: [value] for field, value in given_by(command, way).items()}
    return Batch(name, Sent(command, key_of(said), 0, back, way, unit, 0, same), dict(map(_item, said.get("item", ()))))


def _item(text: str) -> tuple[UUID, int]:
    case, _, version = text.partition(":")
    try:
        return UUID(case), number_of(version)
    except ValueError:
        raise NoPageError from None


@bulk_pages.get(PATH)
def no_bulk(v: Reader) -> RedirectResponse:
    """Whoever comes back to this address finds their work."""
    return RedirectResponse(v.url("mine"), 303)


@bulk_pages.post(PATH)
async def bulk(v: Staff, said: FormSaid) -> HTMLResponse:
    """One command for the cases that were ticked; an outcome for each."""
    _, batch = v.me, batch_of(said)
    wrong = "bulk_none" if not batch.items else "bulk_too_many" if len(batch.items) > MOST else ""
    outcomes = [] if wrong else [await _one(v, batch, case) for case in batch.items]
    return await run_sync(lambda: _told(v, batch, outcomes, wrong))


def _told(v: Reading, batch: Batch, outcomes: list[Outcome], wrong: str) -> HTMLResponse:
    seen_on_boards(v, max((outcome.position for outcome in outcomes), default=0))
    fine = [outcome for outcome in outcomes if not outcome.why]
    not_so = [outcome for outcome in outcomes if outcome.why]
    again = [outcome.item for outcome in outcomes if outcome.item]
    status = 422 if wrong else 200
    return v.page("bulk", status, batch=batch, fine=fine, not_so=not_so, again=again, wrong=wrong, most=MOST)


async def _one(v: Reading, batch: Batch, case: UUID) -> Outcome:
    sent = batch.of(case)
    desk = desk_for(v, sent, PATH)
    try:
        reply: Reply = await desk.in_turn(lambda: given(v, desk, case, sent, _proposed(v, case, sent)))
    except NOT_TAKEN as error:
        return await run_sync(partial(_refused, v, case, error))
    except tuple(AGAIN) as error:
        why = next(words for kind, words in AGAIN.items() if isinstance(error, kind))
        return Outcome(case, why=v.t(why), item=f"{case}:{sent.seen}")
    told = reply.case
    return Outcome(case, told.number or str(case), told.state, _call_awaited(told), told.position)


def _call_awaited(told: CaseOut) -> str:
    runs = (one.clock for one in told.deadlines if one.state == Running.RUNNING)
    return next((clock for clock in runs if clock == Clock.CALL_BACK), "")


def _refused(v: Reading, case: UUID, error: Exception) -> Outcome:
    try:
        wrong = wrong_of(v, error)
    except NoPageError:  # whatever it is, it is not within reach: not even its number is told
        return Outcome(case, why=v.t("bulk_lost"))
    return Outcome(case, register.number(v.parts.boards.engine, case) or str(case), why=wrong.summary)


def _proposed(v: Reading, case: UUID, sent: Sent) -> Said:
    """What the case's own form would send as it stands."""
    found = desk_for(v, sent, PATH).look(case)
    fields = asked(Scene(v, found, NAMES[sent.command]), sent.said)
    return {**{field.name: field.value for field in fields}, **sent.said}
