"""What people bring in more of than before, and what to take up this month (每月一题)."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, and_, case, func, or_, select

from adapters.boards.looking import District, look
from adapters.boards.tables import cases

SPAN = timedelta(days=30)
TOPIC_FROM = 5  # cases; fewer are no topic
TOP_STREETS = 3


@dataclass(frozen=True, slots=True)
class Trend:
    """Cases of a category in a span and in the one before, and where most of the last came from."""

    category: str
    recent: int
    before: int
    streets: tuple[tuple[str, int], ...]

    @property
    def more(self) -> int:
        """How many more than before."""
        return self.recent - self.before


def trends(engine: Engine, district: District, now: datetime) -> tuple[Trend, ...]:
    """Every category that came in the last 30 days or the 30 before, the most frequent of late first."""
    begin = now - SPAN
    just_after_now = now + timedelta(microseconds=1)
    return trends_between(engine, district, (begin - SPAN, begin), (begin, just_after_now))


def trends_between(
    engine: Engine, district: District, before: tuple[datetime, datetime], recent: tuple[datetime, datetime]
) -> tuple[Trend, ...]:
    """The same of any two spans, the earlier first; a span holds its first moment and not its last."""
    # As an expression, so that SQLite goes by time and not through every case there ever was in order of category.
    category = func.coalesce(cases.c.category, "")
    by = (category.label("category"), cases.c.street)
    lately, earlier = _within(recent), _within(before)
    wanted = (
        select(*by, func.sum(case((lately, 1), else_=0)).label("recent"), func.count().label("n"))
        .where(district.logged_since(before[0]), or_(lately, earlier))
        .group_by(*by)
    )
    counted, every = dict[str, Counter[str]](), Counter[str]()
    for row in look(engine, wanted):
        counted.setdefault(row.category, Counter())[row.street] += row.recent
        every[row.category] += row.n
    found = (_trend(category, streets, every[category]) for category, streets in counted.items())
    return tuple(sorted(found, key=lambda trend: (-trend.recent, -trend.more, trend.category)))


def _within(span: tuple[datetime, datetime]) -> ColumnElement[bool]:
    return and_(cases.c.logged_at >= span[0], cases.c.logged_at < span[1])


def _trend(category: str, streets: Counter[str], n: int) -> Trend:
    most_first = sorted(streets.items(), key=lambda one: (-one[1], one[0]))
    top = tuple((street, some) for street, some in most_first[:TOP_STREETS] if some)
    return Trend(category, streets.total(), n - streets.total(), top)


def topic(found: tuple[Trend, ...]) -> Trend | None:
    """What to take up: of the categories with enough cases the one that grew most, then the most frequent; None: too few."""
    enough = [trend for trend in found if trend.recent >= TOPIC_FROM]
    return max(enough, key=lambda trend: (max(trend.more, 0), trend.recent), default=None)
