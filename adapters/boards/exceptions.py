"""What the district granted: suspensions that stand, by reason and age, and exclusions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, case, func, select

from adapters.boards.looking import District, look
from adapters.boards.register import CaseLine, line
from adapters.boards.tables import cases, excluded, requests, suspended

BANDS = (7, 30, 90)  # days; a suspension is of the first band that holds it, or older than all
OLDER = 0
A_FEW = 30  # cases in a list


@dataclass(frozen=True, slots=True)
class Suspended:
    """A case on hold."""

    case: CaseLine
    review: date | None


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
    mine = (suspended, cases.c.district == district.code)
    by = (cases.c.suspended_for, _band(now))
    sums = (func.count().label("n"), func.sum(case((cases.c.review < today, 1), else_=0)).label("late"))
    rows = look(engine, select(*by, *sums).where(*mine).group_by(*by).order_by(*by))
    return Suspensions(
        held=tuple(Held(row.suspended_for, row.days, row.n) for row in rows),
        past_review=sum(row.late for row in rows),
        next=by_review(engine, now, *mine, limit=A_FEW),
    )


def _band(now: datetime) -> ColumnElement[int]:
    within = ((cases.c.suspended_since >= now - timedelta(days=days), days) for days in BANDS)
    return case(*within, else_=OLDER).label("days")


def by_review(engine: Engine, now: datetime, *conditions: ColumnElement[bool], limit: int) -> tuple[Suspended, ...]:
    """Suspended cases that meet the conditions, those first whose review is next."""
    order = (cases.c.review, cases.c.first)
    # Which they are says an index; only of these is everything read.
    those = select(cases.c.first).where(*conditions).order_by(*order).limit(limit)
    rows = look(engine, select(cases).where(cases.c.first.in_(those)).order_by(*order))
    return tuple(Suspended(line(row, now), row.review) for row in rows)


def exclusions(engine: Engine, district: District, since: datetime) -> tuple[Excluded, ...]:
    """The exclusions that were granted from `since` on, the newest first."""
    joined = requests.join(cases, cases.c.case == requests.c.case)
    columns = (requests.c.case, cases.c.number, requests.c.unit, requests.c.reason, requests.c.decided)
    # The district as an expression, so that SQLite goes by what was granted lately and not through every case.
    where = (excluded, requests.c.decided >= since, func.coalesce(cases.c.district, "") == district.code)
    order = (requests.c.decided.desc(), cases.c.first.desc(), requests.c.number)
    wanted = select(*columns).select_from(joined).where(*where).order_by(*order).limit(A_FEW)
    return tuple(Excluded(row.case, row.number, row.unit, row.reason, row.decided) for row in look(engine, wanted))
