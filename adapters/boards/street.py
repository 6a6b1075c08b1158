"""What a street office sees: its inbox, its whistles, who keeps it waiting, what is to decide, to call back, to rate."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, and_, case, func, or_, select

from adapters.boards.asked import Asked, pending
from adapters.boards.counting import Span, Whose, counted, one_of
from adapters.boards.definitions import USUAL, chosen
from adapters.boards.exceptions import Suspended, by_review
from adapters.boards.narrowing import EVERYTHING, Only
from adapters.boards.register import LONGEST, CaseLine, lines
from adapters.boards.shares import Share
from adapters.boards.spots import Spot, spots
from adapters.boards.steps import TOOK
from adapters.boards.tables import assignments, called, came, cases, marked, requests, whistles
from adapters.store.errors import explained
from domain.policy import Assessment
from domain.states import State

WAITS_WITHIN = timedelta(days=90)
CALL_BACKS = ("response", "resolution", "satisfaction")
AN_HOUR = 3600  # seconds


@dataclass(frozen=True, slots=True)
class Wait:
    """How long one department keeps this street waiting: medians in hours, each with its n; the open and late ones."""

    unit: str
    sign: float | None
    sign_n: int
    report_in: float | None
    report_in_n: int
    resolve: float | None
    resolve_n: int
    at_work: int
    late: int


@dataclass(frozen=True, slots=True)
class StreetBoard:
    """The board of one street office at a moment."""

    street: str
    phases: dict[str, int]
    states: dict[str, int]
    inbox: tuple[CaseLine, ...]
    whistled: tuple[CaseLine, ...]
    disputed: tuple[CaseLine, ...]
    to_verify: tuple[CaseLine, ...]
    to_call_back: tuple[CaseLine, ...]
    calls_failed: tuple[CaseLine, ...]
    to_close: tuple[CaseLine, ...]
    suspended: tuple[Suspended, ...]
    marked: tuple[CaseLine, ...]
    requests: tuple[Asked, ...]
    to_rate: tuple[tuple[UUID, str], ...]
    whistles: dict[str, int]
    waits: tuple[Wait, ...]
    response: Share
    resolution: Share
    satisfaction: Share
    spots: tuple[Spot, ...]


def board(
    engine: Engine, street: str, now: datetime, only: Only = EVERYTHING, assessment: Assessment = USUAL
) -> StreetBoard:
    """The board of a street office; its lists narrowed down to `only`, its figures not."""
    narrowed = tuple(only.conditions(now))
    mine = and_(cases.c.street == street, cases.c.open.is_(True), *narrowed)
    asked = requests.c.case.in_(select(cases.c.case).where(mine)) if narrowed else requests.c.street == street
    verified = and_(mine, cases.c.state == State.VERIFIED.value)
    reached = cases.c.contacted.is_(True)
    states = _states(engine, street)
    return StreetBoard(
        street=street,
        phases=_phases(states),
        states=states,
        inbox=lines(engine, now, mine, cases.c.accountable == street, cases.c.state == State.LOGGED.value),
        whistled=lines(engine, now, mine, cases.c.state == State.ESCALATED.value),
        disputed=lines(engine, now, mine, cases.c.state == State.DISPUTED.value),
        to_verify=lines(engine, now, mine, cases.c.state == State.RESOLVED.value),
        to_call_back=lines(engine, now, verified, cases.c.waits.is_(True), or_(cases.c.contacted.is_(None), ~reached)),
        calls_failed=lines(engine, now, verified, cases.c.attempts > 0, cases.c.contacted.is_(False)),
        to_close=lines(engine, now, verified, or_(cases.c.waits.is_(False), reached)),
        suspended=by_review(engine, now, mine, cases.c.state == State.SUSPENDED.value, limit=LONGEST),
        marked=lines(engine, now, cases.c.street == street, marked, *narrowed),
        requests=pending(engine, asked),
        to_rate=_to_rate(engine, street, *narrowed),
        whistles=_whistles(engine, street),
        waits=_waits(engine, street, now),
        spots=spots(engine, cases.c.street == street, now),
        **_rates(engine, street, now, assessment),
    )


def _states(engine: Engine, street: str) -> dict[str, int]:
    wanted = select(cases.c.state, func.count()).where(cases.c.street == street).group_by(cases.c.state)
    with explained(), engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(wanted)}


def _phases(states: Mapping[str, int]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for state, n in states.items():
        found[State(state).phase.value] += n
    return dict(found)


def _to_rate(engine: Engine, street: str, *narrowed: ColumnElement[bool]) -> tuple[tuple[UUID, str], ...]:
    """Departments whose work is done and not rated, in cases whose result stands; what was done first comes first."""
    wanted = select(assignments.c.case, assignments.c.unit)
    if narrowed:
        wanted = wanted.join(cases, cases.c.case == assignments.c.case).where(*narrowed)
    those = (assignments.c.street == street, assignments.c.to_rate.is_(True))
    order = (assignments.c.ended, assignments.c.case, assignments.c.unit)
    with explained(), engine.connect() as connection:
        rows = connection.execute(wanted.where(*those).order_by(*order).limit(LONGEST)).all()
    return tuple((row.case, row.unit) for row in rows)


def _whistles(engine: Engine, street: str) -> dict[str, int]:
    """Whistles by state, and of the report-ins to them how many were in time and late."""
    by_state = select(whistles.c.state, func.count()).where(whistles.c.street == street).group_by(whistles.c.state)
    theirs = (assignments.c.street == street, came)
    by_time = select(assignments.c.late, func.count()).where(*theirs).group_by(assignments.c.late)
    with explained(), engine.connect() as connection:
        found = {row[0]: row[1] for row in connection.execute(by_state)}
        times = {bool(row[0]): row[1] for row in connection.execute(by_time)}
    return {**found, "came_in_time": times.get(False, 0), "came_late": times.get(True, 0)}


def _waits(engine: Engine, street: str, now: datetime) -> tuple[Wait, ...]:
    recent = (
        assignments.c.street == street,
        assignments.c.own.is_(False),
        assignments.c.since.between(now - WAITS_WITHIN, now),
    )
    late = and_(assignments.c.at_work.is_(True), assignments.c.due < now)
    wanted = select(assignments.c.unit, assignments.c.at_work, case((late, 1), else_=0), *TOOK)
    by_unit: dict[str, list[Sequence[Any]]] = {}
    with explained(), engine.connect() as connection:
        for row in connection.execute(wanted.where(*recent).order_by(assignments.c.unit)):
            by_unit.setdefault(row[0], []).append(row)
    return tuple(_wait(unit, some) for unit, some in by_unit.items())


def _wait(unit: str, rows: Sequence[Sequence[Any]]) -> Wait:
    _, at_work, late, sign, came, done = zip(*rows, strict=True)
    return Wait(unit, *_median(sign), *_median(came), *_median(done), at_work=sum(map(bool, at_work)), late=sum(late))


def _median(seconds: Iterable[int | None]) -> tuple[float | None, int]:
    """In hours, and of how many."""
    known = [took for took in seconds if took is not None]
    return (round(median(known) / AN_HOUR, 1) if known else None), len(known)


def _rates(engine: Engine, street: str, now: datetime, assessment: Assessment) -> dict[str, Share]:
    """The three rates from call-backs, without what the street or those below it were allowed to leave out."""
    mine = Whose.places(and_(cases.c.street == street, called))
    found = counted(engine, chosen(CALL_BACKS, assessment), mine, Span(), now)
    return {name: one_of(found, (), name).share for name in CALL_BACKS}
