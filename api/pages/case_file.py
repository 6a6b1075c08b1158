"""What the page of one case shows: who holds it until when and why, its parts, and its story."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from adapters.boards import register
from adapters.boards.lights import light
from adapters.boards.telling import held_to
from api.answers import ExplainedOut
from api.deadlines import explained_out
from api.moments import until
from api.pages.picture import BOXES, HEIGHT, WIDTH, lit, path_of
from api.pages.reading import Reading
from api.pages.routing import PageError
from api.pages.then import entry_at, slider_over
from api.security import in_sight, within_reach
from domain.case import Case, replay
from domain.clocks import Timer
from domain.entries import Entry
from domain.jurisdiction import Jurisdiction
from domain.states import Clock
from workflow.casework import NoSuchCaseError
from workflow.flow import CASE_MOVES
from workflow.telling import clock_line, story


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the story, with what it did to the clocks."""

    at: datetime
    who: str
    text: str
    clocks: tuple[str, ...]


def case_page(v: Reading, wanted: str) -> dict[str, Any] | None:
    """All that the page shows of the case with this number or id; None where there is none."""
    me, every = v.me, _file(v, wanted)  # who asks comes first: whether there is such a case is not for everybody
    file = until(every, v.now) if v.then else every
    case, of_now = replay(file), replay(every)
    if of_now is None or not in_sight(v.parts, of_now, me):
        return None
    if case is None or not within_reach(case, me):
        raise PageError("trouble", 404, title="no_case_then", way="no_case_then_way")
    law, explained = v.parts.casework.law_of(case), list(explained_out(file, v.parts.casework.law_of(case)))
    held, resident = held_to(case), case.timers.get((Clock.RESIDENT, "", ""))
    return {
        "case": case,
        "number": register.number(v.parts.boards.engine, case.id) or str(case.id),
        "held": held,
        "light": light(held.due, held.near, v.now) if held else "",
        "why": _explained(explained, held),
        "resident": resident,
        "resident_light": light(resident.due, resident.near, v.now) if resident else "",
        "explained": explained,
        "next": tuple(_next(case)),
        "slider": slider_over(v, [entry.recorded_at for entry in every]),
        "story": tuple(_story(file, law, v.language)),
        **_path(file),
    }


def stopped_at(v: Reading, wanted: str, entry: int) -> str:
    """The address of a case as it stood at a stop of its slider. Raises PageError."""
    return entry_at(v, [one.recorded_at for one in _file(v, wanted)], entry)


def _path(file: tuple[Entry, ...]) -> dict[str, Any]:
    """The case's own way through the picture of the flow."""
    taken = path_of(file)
    return {"path": taken, "lit": lit(taken), "boxes": BOXES, "width": WIDTH, "height": HEIGHT}


def _file(v: Reading, wanted: str) -> tuple[Entry, ...]:
    if not wanted.isprintable():  # PostgreSQL takes no NUL
        return ()
    found = register.case_of(v.parts.boards.engine, wanted)
    try:
        return v.parts.casework.file(found or UUID(wanted))
    except (ValueError, NoSuchCaseError):
        return ()


def _explained(explained: Iterable[ExplainedOut], held: Timer | None) -> ExplainedOut | None:
    """The explanation of the clock that its holder is held to."""
    if held is None:
        return None
    key = (*held.key, held.run)
    return next((one for one in explained if (one.clock, one.unit, one.step, one.run) == key), None)


def _next(case: Case) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """What would change its state: the command, who may give it, and where it leads."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for move in CASE_MOVES:
        if move.leaves and case.state in move.source:
            who = found.setdefault((move.command.__name__, move.leaves.value), {})
            who.update(dict.fromkeys(guard.__name__ for guard in move.who))
    for (command, leaves), who in found.items():
        yield command, tuple(who), leaves


def _story(file: tuple[Entry, ...], law: Jurisdiction, language: str) -> Iterator[Told]:
    for entry, line in zip(file, story(file, law, language), strict=True):
        clocks = tuple(clock_line(fact, law, language) for fact in entry.clocks)
        yield Told(entry.recorded_at, line.who, line.text, clocks)
