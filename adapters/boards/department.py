"""What a department sees: what is new, what to report in to, what is due, what it asked, how it was rated."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Row, func, select

from adapters.boards.asked import Asked, pending
from adapters.boards.lights import RED, light, light_of
from adapters.boards.narrowing import EVERYTHING, Only
from adapters.boards.register import LONGEST
from adapters.boards.tables import assignments, cases, requests
from adapters.store.errors import explained
from domain.states import AssignmentState, State

A_DAY = timedelta(days=1)
RATINGS = 20


@dataclass(frozen=True, slots=True)
class Duty:
    """One assignment of the department, with the next thing that is due of it."""

    case: UUID
    number: str
    version: int
    category: str
    summary: str
    street: str
    part: str
    state: str
    case_state: str
    since: datetime
    sign_due: datetime | None
    report_in_due: datetime | None
    due: datetime | None
    light: str
    rework: int
    supervised: bool


@dataclass(frozen=True, slots=True)
class Rated:
    """What a street said."""

    case: UUID
    street: str
    speed: int
    quality: int
    attitude: int
    comment: str


@dataclass(frozen=True, slots=True)
class DepartmentBoard:
    """The board of one department at a moment, each list in order of need."""

    unit: str
    phases: dict[str, int]
    new: tuple[Duty, ...]
    to_report_in: tuple[Duty, ...]
    at_work: tuple[Duty, ...]
    due_today: tuple[Duty, ...]
    overdue: tuple[Duty, ...]
    suspended: tuple[Duty, ...]
    rework: tuple[Duty, ...]
    supervised: tuple[Duty, ...]
    requests: tuple[Asked, ...]
    ratings: tuple[Rated, ...]


def board(engine: Engine, unit: str, now: datetime, only: Only = EVERYTHING) -> DepartmentBoard:
    """The board of a department; its lists narrowed down to `only`, its figures not."""
    duties = _duties(engine, unit, now, only)

    def those(which: Callable[[Duty], bool]) -> tuple[Duty, ...]:
        return tuple(duty for duty in duties if which(duty))

    return DepartmentBoard(
        unit=unit,
        phases=_phases(engine, unit),
        new=those(lambda duty: duty.state == AssignmentState.PENDING.value),
        to_report_in=those(lambda duty: duty.state == AssignmentState.ACKNOWLEDGED.value),
        at_work=those(lambda duty: duty.state == AssignmentState.REPORTED_IN.value),
        due_today=those(lambda duty: duty.due is not None and now <= duty.due < now + A_DAY),
        overdue=those(lambda duty: duty.light == RED),
        suspended=those(lambda duty: duty.case_state == State.SUSPENDED.value),
        rework=those(lambda duty: duty.rework > 0),
        supervised=those(lambda duty: duty.supervised),
        requests=pending(engine, requests.c.unit == unit),
        ratings=_ratings(engine, unit),
    )


def _duties(engine: Engine, unit: str, now: datetime, only: Only) -> tuple[Duty, ...]:
    """What it owes now, the most urgent first."""
    of_case = (
        cases.c.number,
        cases.c.version,
        cases.c.category,
        cases.c.summary,
        cases.c.state.label("case_state"),
        cases.c.rework,
        cases.c.supervised,
    )
    joined = assignments.join(cases, cases.c.case == assignments.c.case)
    counting = cases.c.state != State.SUSPENDED.value
    lit = [light_of(now, assignments) == only.light, counting] if only.light else []
    owed = (assignments.c.unit == unit, assignments.c.at_work.is_(True), *only.of_cases(), *lit)
    wanted = select(assignments, *of_case).select_from(joined).where(*owed)
    with explained(), engine.connect() as connection:
        order = (assignments.c.due.asc().nulls_last(), assignments.c.first)
        rows = connection.execute(wanted.order_by(*order).limit(LONGEST)).all()
    return tuple(_duty(row, unit, now) for row in rows)


def _duty(row: Row[Any], unit: str, now: datetime) -> Duty:
    held = row.case_state == State.SUSPENDED.value
    return Duty(
        case=row.case,
        number=row.number,
        version=row.version,
        category=row.category,
        summary=row.summary,
        street=row.street,
        part=row.part,
        state=row.state,
        case_state=row.case_state,
        since=row.since,
        sign_due=row.sign_due if row.acknowledged is None else None,
        report_in_due=row.report_in_due if row.reported_in is None else None,
        due=row.due,
        light="" if held else light(row.due, row.near, now),
        rework=row.rework,
        supervised=row.supervised == unit,
    )


def _phases(engine: Engine, unit: str) -> dict[str, int]:
    """Cases that it leads or led, by phase."""
    wanted = select(cases.c.phase, func.count()).where(cases.c.lead == unit).group_by(cases.c.phase)
    with explained(), engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(wanted)}


def _ratings(engine: Engine, unit: str) -> tuple[Rated, ...]:
    rated = (assignments.c.unit == unit, assignments.c.speed.is_not(None))
    with explained(), engine.connect() as connection:
        rows = connection.execute(
            select(assignments).where(*rated).order_by(assignments.c.ended.desc(), assignments.c.first).limit(RATINGS)
        ).all()
    return tuple(Rated(row.case, row.street, row.speed, row.quality, row.attitude, row.comment) for row in rows)
