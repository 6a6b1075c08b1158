"""The topic of a month (每月一题): what grew, where, which cases it is made of, and how much of it is solved."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Engine, and_, case, func, select

from adapters.boards.arrivals import arrivals
from adapters.boards.looking import District, look
from adapters.boards.register import LONGEST, CaseLine, line
from adapters.boards.shares import Share
from adapters.boards.tables import cases
from adapters.boards.trends import Trend, topic, trends
from domain.periods import Month
from domain.states import Outcome

Span = tuple[datetime, datetime]  # holds its first moment and not its last
COMPARED, _, MONTH = range(3)  # when cases came: in the span compared with, between the two, in the month itself


@dataclass(frozen=True, slots=True)
class InStreet:
    """A topic in one street: its cases, those of the span before, and how many of the cases were closed as solved."""

    street: str
    count: int
    before: int
    solved: Share


@dataclass(frozen=True, slots=True)
class Topic:
    """One category of a month."""

    category: str
    count: int
    before: int
    open: int
    solved: Share
    streets: tuple[InStreet, ...]
    cases: tuple[CaseLine, ...]

    @property
    def more(self) -> int:
        """How many more than in the span before."""
        return self.count - self.before


@dataclass(frozen=True, slots=True)
class Topics:
    """A month: each category, what to take up, and the span it is compared with. A month that runs is compared with as much of the one before."""

    month: str
    since: datetime
    until: datetime
    compared_since: datetime
    compared_until: datetime
    runs: bool
    older: bool  # cases were logged before it
    trends: tuple[Trend, ...]
    topic: Topic | None


def topics(engine: Engine, district: District, month: Month, zone: ZoneInfo, now: datetime, wanted: str = "") -> Topics:
    """A month of a district; its topic is the category that grew most, or the one that is `wanted`."""
    since, end, earlier = month.begin(zone), month.end(zone), month.shifted(-1).begin(zone)
    until = min(end, now)
    to_compare = since if until == end else min(since, earlier + (until - since))
    came = arrivals(engine, district, earlier, to_compare, since, until)
    seen = trends(came, before={COMPARED}, recent={MONTH})
    chosen = next((one for one in seen if one.category == wanted), None) if wanted else topic(seen)
    told = _topic(engine, district, chosen.category, (earlier, to_compare), (since, until), now) if chosen else None
    spans = (since, until, earlier, to_compare)
    return Topics(month.name, *spans, until < end, _older(engine, district, since), seen, told)


def _older(engine: Engine, district: District, since: datetime) -> bool:
    older = select(cases.c.case).where(cases.c.district == district.code, cases.c.logged_at < since)
    return bool(look(engine, older.limit(1)))


def _topic(engine: Engine, district: District, category: str, before: Span, span: Span, now: datetime) -> Topic:
    which = and_(cases.c.district == district.code, cases.c.category == category)
    streets = _streets(engine, which, before, span)
    newest = select(cases).where(which, _logged(span)).order_by(cases.c.first.desc()).limit(LONGEST)
    opened = select(func.count().label("n")).where(which, _logged(span), cases.c.open.is_(True))
    return Topic(
        category=category,
        count=sum(one.count for one in streets),
        before=sum(one.before for one in streets),
        open=look(engine, opened)[0].n,
        solved=Share(sum(one.solved.numerator for one in streets), sum(one.solved.denominator for one in streets)),
        streets=streets,
        cases=tuple(line(row, now) for row in look(engine, newest)),
    )


def _logged(span: Span) -> ColumnElement[bool]:
    return and_(cases.c.logged_at >= span[0], cases.c.logged_at < span[1])


def _streets(engine: Engine, which: ColumnElement[bool], before: Span, span: Span) -> tuple[InStreet, ...]:
    """Every street that has any, the most first."""
    solved = func.sum(case((cases.c.outcome == Outcome.SOLVED.value, 1), else_=0)).label("solved")
    by = select(cases.c.street, func.count().label("n"), solved).group_by(cases.c.street)
    earlier = Counter({row.street: row.n for row in look(engine, by.where(which, _logged(before)))})
    rows = {row.street: row for row in look(engine, by.where(which, _logged(span)))}
    found = (_in(street, rows[street].n, earlier[street], rows[street].solved) for street in rows)
    gone = (_in(street, 0, n, 0) for street, n in earlier.items() if street not in rows)
    return tuple(sorted((*found, *gone), key=lambda one: (-one.count, -one.before, one.street)))


def _in(street: str, count: int, before: int, solved: int) -> InStreet:
    return InStreet(street, count, before, Share(solved, count))
