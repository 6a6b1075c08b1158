"""What people bring in more of than before, and what to take up this month (每月一题)."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from adapters.boards.arrivals import Arrived

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


def trends(some: Iterable[Arrived], before: Collection[int], recent: Collection[int]) -> tuple[Trend, ...]:
    """Every category that came in, the most frequent of late first; which spans of what came are which, is told."""
    earlier, lately = Counter[str](), defaultdict[str, Counter[str]](Counter)
    for one in some:
        if one.span in before:
            earlier[one.category] += one.n
        elif one.span in recent:
            lately[one.category][one.street] += one.n
    categories = earlier.keys() | lately.keys()
    found = (_trend(category, lately[category], earlier[category]) for category in categories)
    return tuple(sorted(found, key=lambda trend: (-trend.recent, -trend.more, trend.category)))


def _trend(category: str, streets: Counter[str], before: int) -> Trend:
    most_first = sorted(streets.items(), key=lambda one: (-one[1], one[0]))
    return Trend(category, streets.total(), before, tuple(most_first[:TOP_STREETS]))


def topic(found: tuple[Trend, ...]) -> Trend | None:
    """What to take up: of the categories with enough cases the one that grew most, then the most frequent; None: too few."""
    enough = [trend for trend in found if trend.recent >= TOPIC_FROM]
    return max(enough, key=lambda trend: (max(trend.more, 0), trend.recent), default=None)
