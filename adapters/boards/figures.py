"""Figures of a street or of the district: when cases come, how long departments take, how old what is open is, the flow.

What can be counted from the rows of open and of recent cases alone, so that they cost the same however long the log is.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Engine, Select, and_, case, func, or_, select, true

from adapters.boards.instants import QUARTER, quarter_of, unix
from adapters.boards.spots import inside
from adapters.boards.tables import assignments, cases
from adapters.store.errors import explained
from domain.places import Place, Rung
from domain.states import AssignmentState

INTAKE_DAYS = WAITS_DAYS = 90
FLOW_DAYS = 60
AGES = (1, 3, 7, 15, 30)  # days: where one class of age ends and the next begins
MOST_OF = 10, 9  # p90: 9 of 10
DONE = assignments.c.state == AssignmentState.DONE.value
STEPS: Mapping[str, tuple[ColumnElement[Any], ColumnElement[bool]]] = {
    "sign": (assignments.c.acknowledged, true()),
    "report_in": (assignments.c.reported_in, true()),
    "resolve": (assignments.c.ended, DONE),
}


@dataclass(frozen=True, slots=True)
class Took:
    """How long one unit took for one step, in seconds from its assignment: half of the times, and nine of ten."""

    unit: str
    median: float
    p90: float
    n: int


@dataclass(frozen=True, slots=True)
class Day:
    """How many cases had come so far by the end of a day, each counted in every band that it has passed."""

    day: date
    logged: int
    escalated: int
    assigned: int
    done: int


Intake = Mapping[tuple[int, int], int]  # (weekday, 0 is Monday; hour) -> cases


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of one place at a moment."""

    intake: Intake
    waits: Mapping[str, tuple[Took, ...]]  # by step
    ages: tuple[int, ...]  # one class more than AGES has ends
    flow: tuple[Day, ...]


def figures(engine: Engine, place: Place, now: datetime, zone: ZoneInfo) -> Figures:
    """The figures of a street or of the district, its days and hours counted by `zone`."""
    return Figures(
        intake=intake(engine, place, now, zone),
        waits={step: tuple(took(engine, place, now, step)) for step in STEPS},
        ages=ages(engine, place, now),
        flow=tuple(flow(engine, place, now, zone)),
    )


def intake(engine: Engine, place: Place, now: datetime, zone: ZoneInfo) -> Intake:
    """Cases logged within 90 days by weekday and hour of the wall clock."""
    since = now - timedelta(days=INTAKE_DAYS)
    found: Counter[tuple[int, int]] = Counter()
    for at, n in _by_quarter(engine, cases.c.logged_at, inside(place), cases.c.logged_at >= since):
        local = at.astimezone(zone)
        found[local.weekday(), local.hour] += n
    return found


def took(engine: Engine, place: Place, now: datetime, step: str) -> Iterator[Took]:
    """What each department took for a step, of what it was assigned within 90 days: slowest first."""
    end, counted = STEPS[step]
    since = assignments.c.since >= now - timedelta(days=WAITS_DAYS)
    wanted = _ranked(and_(_of(place), since, assignments.c.own.is_(False), end.is_not(None), counted), end)
    with explained(), engine.connect() as connection:
        found = [Took(row.unit, float(row.median), float(row.p90), row.n) for row in connection.execute(wanted)]
    yield from sorted(found, key=lambda one: (-one.median, one.unit))


def _of(place: Place) -> ColumnElement[bool]:
    """A store holds one district: all assignments are its."""
    return true() if place.rung is Rung.DISTRICT else assignments.c.street == place.code


def _ranked(which: ColumnElement[bool], end: ColumnElement[Any]) -> Select[Any]:
    """Each unit's times in order: the median is the middle one (of two, what lies between), p90 the first that nine of ten do not pass."""
    seconds, unit = unix(end) - unix(assignments.c.since), assignments.c.unit
    rank = func.row_number().over(partition_by=unit, order_by=seconds)
    each = select(
        unit, seconds.label("seconds"), rank.label("rank"), func.count().over(partition_by=unit).label("n")
    ).where(which)
    one = each.subquery()
    middle = or_(one.c.rank * 2 == one.c.n, one.c.rank * 2 == one.c.n + 1, one.c.rank * 2 == one.c.n + 2)
    ten, nine = MOST_OF
    most = one.c.rank == (one.c.n * nine + ten - 1) // ten
    return select(
        one.c.unit,
        func.avg(case((middle, one.c.seconds))).label("median"),
        func.max(case((most, one.c.seconds))).label("p90"),
        func.max(one.c.n).label("n"),
    ).group_by(one.c.unit)


def ages(engine: Engine, place: Place, now: datetime) -> tuple[int, ...]:
    """Open cases by how long ago they were logged."""
    younger = [(cases.c.logged_at > now - timedelta(days=days), n) for n, days in enumerate(AGES)]
    group = case(*younger, else_=len(AGES))
    wanted = select(group, func.count()).where(inside(place), cases.c.open.is_(True)).group_by(group)
    with explained(), engine.connect() as connection:
        found = {row[0]: row[1] for row in connection.execute(wanted)}
    return tuple(found.get(n, 0) for n in range(len(AGES) + 1))


def flow(engine: Engine, place: Place, now: datetime, zone: ZoneInfo) -> Iterator[Day]:
    """The last 60 days, each with how far cases had come by its end: four figures that never fall from day to day.

    Counted are the cases that were not done when the first day began. *logged*: all that had been logged. *escalated*: a
    whistle was blown, or it went further. *assigned*: a department was, or it went further. *done*: its result stands, or
    it has ended otherwise. So each band between two figures holds the cases that had come as far as the one and not as
    far as the other; what a street handles itself passes from logged to done. A case counts from the first time it came
    so far, a declined whistle too; one that came back for rework, or was reopened, counts as done only once it is again.
    """
    days = [now.astimezone(zone).date() - timedelta(days=n) for n in reversed(range(FLOW_DAYS))]
    start = datetime.combine(days[0], time(), zone).astimezone(UTC)
    done: ColumnElement[Any] = func.coalesce(cases.c.resolved_at, cases.c.ended_at)
    counted = (inside(place), or_(cases.c.open.is_(True), cases.c.ended_at >= start), _never_or_since(done, start))
    passed = [list(_reached(engine, band, start, zone, days, *counted)) for band in _bands(done)]
    for day, *so_far in zip(days, *passed, strict=True):
        yield Day(day, *so_far)


def _never_or_since(instant: ColumnElement[Any], start: datetime) -> ColumnElement[bool]:
    return or_(instant.is_(None), instant >= start)


def _bands(done: ColumnElement[Any]) -> Sequence[ColumnElement[Any]]:
    """When a case passed into each band: never later than into the next one."""
    found = [done]
    for instant in (cases.c.assigned_at, cases.c.escalated_at, cases.c.logged_at):
        found.insert(0, _earlier(instant, found[0]))
    return found


def _earlier(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((one.is_(None), other), (other < one, other), else_=one)


def _reached(
    engine: Engine,
    band: ColumnElement[Any],
    start: datetime,
    zone: ZoneInfo,
    days: Sequence[date],
    *which: ColumnElement[bool],
) -> Iterator[int]:
    """How many had passed into a band by the end of each day; what had before the first day counts on it."""
    found: Counter[date] = Counter()
    for at, n in _by_quarter(engine, band, *which, band.is_not(None)):
        found[max(at, start).astimezone(zone).date()] += n
    return accumulate(found[day] for day in days)


def _by_quarter(
    engine: Engine, instant: ColumnElement[Any], *which: ColumnElement[bool]
) -> Iterator[tuple[datetime, int]]:
    """How many in each quarter of an hour: few rows, and no zone or summer time in the database."""
    quarter = quarter_of(instant)
    wanted = select(quarter, func.count()).where(*which).group_by(quarter)
    with explained(), engine.connect() as connection:
        for number, n in connection.execute(wanted):
            yield datetime.fromtimestamp(number * QUARTER, UTC), n
