"""What is to be seen on the spot: results that nobody has verified yet, the oldest first, by grid; and what came back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, Row, Select, and_, case, func, select

from adapters.boards.counting import Span, Whose, counted, one_of
from adapters.boards.definitions import USUAL, chosen
from adapters.boards.looking import look
from adapters.boards.register import LONGEST, CaseLine, count, line
from adapters.boards.shares import Share
from adapters.boards.spots import inside
from adapters.boards.tables import assignments, cases
from domain.places import Place
from domain.states import AssignmentState, State

RATED_WITHIN = timedelta(days=30)
RATES = chosen(("rework",), USUAL)
BACK_AT_WORK = (State.HANDLING, State.ASSIGNED, State.IN_PROGRESS, State.DISPUTED, State.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Check:
    """A case, when its result was reported, and which units did the work."""

    case: CaseLine
    resolved_at: datetime | None
    handlers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfGrid:
    """What waits in one grid ('': only the community is known), how much of it is due today, and since when the oldest."""

    community: str
    grid: str
    count: int
    today: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Verification:
    """What a place has to verify at a moment; what the unit that looks did itself stands apart: others verify that."""

    place: str
    count: int
    today: int
    to_verify: tuple[Check, ...]
    for_others: tuple[Check, ...]
    grids: tuple[OfGrid, ...]
    back_at_work: tuple[Check, ...]
    rework: Share  # the figure, of the cases logged within 30 days


def verification(engine: Engine, place: Place, unit: str, now: datetime, end_of_today: datetime) -> Verification:
    """What waits to be verified in a place, as `unit` sees it."""
    here = and_(inside(place), cases.c.open.is_(True))
    waits = and_(here, cases.c.state == State.RESOLVED.value)
    did = cases.c.case.in_(_handled(unit))
    today = cases.c.due < end_of_today
    return Verification(
        place=place.code,
        count=count(engine, waits, ~did),
        today=count(engine, waits, ~did, today),
        to_verify=_checks(engine, now, waits, ~did),
        for_others=_checks(engine, now, waits, did),
        grids=_grids(engine, and_(waits, ~did), today),
        back_at_work=_checks(engine, now, here, _came_back()),
        rework=_rework(engine, place, now),
    )


def _handled(unit: str) -> Select[Any]:
    """The cases that a unit did work on."""
    done = assignments.c.state == AssignmentState.DONE.value
    return select(assignments.c.case).where(assignments.c.unit == unit, done)


def _came_back() -> ColumnElement[bool]:
    """What was not done, as whoever looked or called said, and is worked on again."""
    return and_(cases.c.rework > 0, cases.c.state.in_([state.value for state in BACK_AT_WORK]))


def _checks(engine: Engine, now: datetime, *which: ColumnElement[bool]) -> tuple[Check, ...]:
    order = (cases.c.resolved_at.asc().nulls_last(), cases.c.due.asc().nulls_last(), cases.c.first)
    rows = look(engine, select(cases).where(*which).order_by(*order).limit(LONGEST))
    handlers = _handlers(engine, [row.case for row in rows])
    return tuple(Check(line(row, now), row.resolved_at, _who(row, handlers)) for row in rows)


def _who(row: Row[Any], handlers: dict[UUID, list[str]]) -> tuple[str, ...]:
    """The lead first."""
    return tuple(sorted({*handlers.get(row.case, ()), *filter(None, [row.lead])}, key=lambda unit: unit != row.lead))


def _handlers(engine: Engine, known: Iterable[UUID]) -> dict[UUID, list[str]]:
    wanted = select(assignments.c.case, assignments.c.unit).order_by(assignments.c.unit)
    done = (assignments.c.case.in_(list(known)), assignments.c.state == AssignmentState.DONE.value)
    found: dict[UUID, list[str]] = {}
    for row in look(engine, wanted.where(*done)):
        found.setdefault(row.case, []).append(row.unit)
    return found


def _grids(engine: Engine, waits: ColumnElement[bool], today: ColumnElement[bool]) -> tuple[OfGrid, ...]:
    by = (cases.c.community, cases.c.grid)
    due, oldest = func.sum(case((today, 1), else_=0)).label("today"), func.min(cases.c.resolved_at).label("oldest")
    wanted = select(*by, func.count().label("n"), due, oldest).where(waits).group_by(*by).order_by(oldest, *by)
    return tuple(OfGrid(row.community, row.grid, row.n, row.today, row.oldest) for row in look(engine, wanted))


def _rework(engine: Engine, place: Place, now: datetime) -> Share:
    found = counted(engine, RATES, Whose.places(inside(place)), Span(now - RATED_WITHIN, now), now)
    return one_of(found, (), "rework").share
