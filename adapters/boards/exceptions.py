"""What the district granted: suspensions that stand, by reason and age, and exclusions."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, func, select

from adapters.boards.looking import District, look
from adapters.boards.register import line
from adapters.boards.street import Suspended
from adapters.boards.tables import cases, excluded, requests
from domain.states import RequestKind, RequestState, State

BANDS = (7, 30, 90)  # days; a suspension is of the first band that holds it, or older than all
OLDER = 0
A_FEW = 30  # cases in a list


@dataclass(frozen=True, slots=True)
class Held:
    """How many cases stand suspended for a reason, of an age: at most `days`, or OLDER."""

    reason: str
    days: int
    count: int


@dataclass(frozen=True, slots=True)
class Excluded:
    """A case that was left out of a unit's score; the record stays."""

    case: UUID
    number: str
    unit: str
    reason: str
    decided: datetime


@dataclass(frozen=True, slots=True)
class Suspensions:
    """The suspended cases by reason and age, how many are past their review date, and those whose review comes first."""

    held: tuple[Held, ...]
    past_review: int
    next: tuple[Suspended, ...]


def suspensions(engine: Engine, district: District, now: datetime, today: date) -> Suspensions:
    """The suspensions that stand, by the latest that was granted for each case."""
    granted = (
        requests.c.kind == RequestKind.SUSPENSION.value,
        requests.c.state == RequestState.APPROVED.value,
        cases.c.state == State.SUSPENDED.value,
    )
    joined = cases.join(requests, requests.c.case == cases.c.case)
    columns = (cases.c.case, cases.c.first, cases.c.review, requests.c.reason, requests.c.decided)
    wanted = select(*columns).select_from(joined).where(district.open(), *granted)
    rows = look(engine, wanted.order_by(requests.c.number))
    latest = sorted({row.case: row for row in rows}.values(), key=lambda row: (row.review, row.first))
    found = Counter((row.reason, _band(now - row.decided)) for row in latest)
    return Suspensions(
        held=tuple(Held(*cell, n) for cell, n in sorted(found.items())),
        past_review=sum(row.review < today for row in latest),
        next=_in_full(engine, [row.case for row in latest[:A_FEW]], now),
    )


def _in_full(engine: Engine, some: list[UUID], now: datetime) -> tuple[Suspended, ...]:
    if not some:
        return ()
    rows = look(engine, select(cases).where(cases.c.case.in_(some)).order_by(cases.c.review, cases.c.first))
    return tuple(Suspended(line(row, now), row.review) for row in rows)


def _band(age: timedelta) -> int:
    return next((days for days in BANDS if age <= timedelta(days=days)), OLDER)


def exclusions(engine: Engine, district: District, since: datetime) -> tuple[Excluded, ...]:
    """The exclusions that were granted from `since` on, the newest first."""
    joined = requests.join(cases, cases.c.case == requests.c.case)
    columns = (requests.c.case, cases.c.number, requests.c.unit, requests.c.reason, requests.c.decided)
    # The district as an expression, so that SQLite goes by what was granted lately and not through every case.
    where = (excluded, requests.c.decided >= since, func.coalesce(cases.c.district, "") == district.code)
    order = (requests.c.decided.desc(), cases.c.first.desc(), requests.c.number)
    wanted = select(*columns).select_from(joined).where(*where).order_by(*order).limit(A_FEW)
    return tuple(Excluded(row.case, row.number, row.unit, row.reason, row.decided) for row in look(engine, wanted))
