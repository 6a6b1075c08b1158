"""Figures of a street or of the district: when cases come, how long departments take, how old what is open is, the flow.

What can be counted from the rows of open and of recent cases alone, so that they cost the same however long the log is.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Engine, case, func, or_, select, true

from adapters.boards.instants import beginning_of, quarter_of
from adapters.boards.lasting import most
from adapters.boards.spots import inside
from adapters.boards.steps import STEPS, TOOK
from adapters.boards.tables import assignments, cases
from adapters.store.errors import explained
from domain.places import Place, Rung

INTAKE_DAYS = WAITS_DAYS = 90
FLOW_DAYS = 60
AGES = (1, 3, 7, 15, 30)  # days: where one class of age ends and the next begins


@dataclass(frozen=True, slots=True)
class Took:
    """How long one unit took for one step, in seconds from its assignment: half of the times, and nine of ten."""

    unit: str
    median: float
    p90: int
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
        waits=waits(engine, place, now),
        ages=ages(engine, place, now),
        flow=tuple(flow(engine, inside(place), now, zone)),
    )


def intake(engine: Engine, place: Place, now: datetime, zone: ZoneInfo) -> Intake:
    """Cases logged within 90 days by weekday and hour of the wall clock."""
    since, quarter = now - timedelta(days=INTAKE_DAYS), quarter_of(cases.c.logged_at)
    wanted = select(quarter, func.count()).where(inside(place), cases.c.logged_at.between(since, now)).group_by(quarter)
    found: Counter[tuple[int, int]] = Counter()
    with explained(), engine.connect() as connection:
        for number, n in connection.execute(wanted):
            local = beginning_of(number).astimezone(zone)
            found[local.weekday(), local.hour] += n
    return found


def waits(engine: Engine, place: Place, now: datetime) -> dict[str, tuple[Took, ...]]:
    """How long each department took, step by step, for what it was assigned within 90 days: the slowest first."""
    since = assignments.c.since.between(now - timedelta(days=WAITS_DAYS), now)
    wanted = select(assignments.c.unit, *TOOK).where(_of(place), since, assignments.c.own.is_(False))
    times: dict[str, defaultdict[str, list[int]]] = {step: defaultdict(list) for step in STEPS}
    with explained(), engine.connect() as connection:
        for unit, *took in connection.execute(wanted):
            for step, time_taken in zip(STEPS, took, strict=True):
                if time_taken is not None:
                    times[step][unit].append(time_taken)
    return {step: _slowest_first(by_unit) for step, by_unit in times.items()}


def _of(place: Place) -> ColumnElement[bool]:
    """A store holds one district: all assignments are its."""
    return true() if place.rung is Rung.DISTRICT else assignments.c.street == place.code


def _slowest_first(by_unit: Mapping[str, list[int]]) -> tuple[Took, ...]:
    found = (Took(unit, median(some), most(some), len(some)) for unit, some in by_unit.items())
    return tuple(sorted(found, key=lambda one: (-one.median, one.unit)))


def ages(engine: Engine, place: Place, now: datetime) -> tuple[int, ...]:
    """Open cases by how long ago they were logged."""
    younger = [(cases.c.logged_at > now - timedelta(days=days), n) for n, days in enumerate(AGES)]
    group = case(*younger, else_=len(AGES))
    wanted = select(group, func.count()).where(inside(place), cases.c.open.is_(True)).group_by(group)
    with explained(), engine.connect() as connection:
        found = {row[0]: row[1] for row in connection.execute(wanted)}
    return tuple(found.get(n, 0) for n in range(len(AGES) + 1))


def led_by(unit: str) -> ColumnElement[bool]:
    """The cases that a department leads, or led last."""
    return cases.c.lead == unit


def flow(engine: Engine, which: ColumnElement[bool], now: datetime, zone: ZoneInfo) -> Iterator[Day]:
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
    counted = (which, or_(cases.c.open.is_(True), cases.c.ended_at >= start), _never_or_since(done, start))
    passed = _passed(engine, _bands(done), *counted)
    for day, *so_far in zip(days, *(_so_far(band, start, zone, days) for band in passed), strict=True):
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


def _passed(engine: Engine, bands: Sequence[ColumnElement[Any]], *which: ColumnElement[bool]) -> list[Counter[int]]:
    """How many passed into each band in which quarter of an hour: one look at the rows, for all bands."""
    found: list[Counter[int]] = [Counter() for _ in bands]
    with explained(), engine.connect() as connection:
        for row in connection.execute(select(*map(quarter_of, bands)).where(*which)):
            for counter, quarter in zip(found, row, strict=True):
                if quarter is not None:
                    counter[quarter] += 1
    return found


def _so_far(band: Mapping[int, int], start: datetime, zone: ZoneInfo, days: Sequence[date]) -> Iterator[int]:
    """How many had passed by the end of each day; what had before the first day counts on it."""
    found: Counter[date] = Counter()
    for quarter, n in band.items():
        found[max(beginning_of(quarter), start).astimezone(zone).date()] += n
    return accumulate(found[day] for day in days)
