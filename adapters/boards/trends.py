"""What people bring in more of than before, and what to take up this month (每月一题)."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, func, select

from adapters.boards.looking import District, just_after, look
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
    return trends_between(engine, district, (begin - SPAN, begin), (begin, just_after(now)))


def trends_between(
    engine: Engine, district: District, before: tuple[datetime, datetime], recent: tuple[datetime, datetime]
) -> tuple[Trend, ...]:
    """The same of any two spans, the earlier first; a span holds its first moment and not its last."""
    earlier = {row.category: row.n for row in look(engine, _counted(district, before, cases.c.category))}
    lately = defaultdict[str, Counter[str]](Counter, {category: Counter() for category in earlier})
    for row in look(engine, _counted(district, recent, cases.c.category, cases.c.street)):
        lately[row.category][row.street] = row.n
    found = (_trend(category, streets, earlier.get(category, 0)) for category, streets in lately.items())
    return tuple(sorted(found, key=lambda trend: (-trend.recent, -trend.more, trend.category)))


def _counted(district: District, span: tuple[datetime, datetime], *by: ColumnElement[Any]) -> Select[Any]:
    return select(*by, func.count().label("n")).where(district.logged(*span)).group_by(*by)


def _trend(category: str, streets: Counter[str], before: int) -> Trend:
    most_first = sorted(streets.items(), key=lambda one: (-one[1], one[0]))
    return Trend(category, streets.total(), before, tuple(most_first[:TOP_STREETS]))


def topic(found: tuple[Trend, ...]) -> Trend | None:
    """What to take up: of the categories with enough cases the one that grew most, then the most frequent; None: too few."""
    enough = [trend for trend in found if trend.recent >= TOPIC_FROM]
    return max(enough, key=lambda trend: (max(trend.more, 0), trend.recent), default=None)
