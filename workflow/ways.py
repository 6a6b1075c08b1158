"""The ways that cases took: which step came directly after which, how often, how long it took, and what no table knows."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from uuid import UUID

from workflow.mining import PAIRS, Pair, Step

MOST_VARIANTS = 10
MOST_STRANGE = 50  # that are named one by one; all are counted
Trace = tuple[UUID, Sequence[Step]]


@dataclass(frozen=True, slots=True)
class Stop:
    """One step: how often it was taken, in how many cases first and last, and how often where no table knows it."""

    activity: str
    n: int
    first: int
    last: int
    strange: int


@dataclass(frozen=True, slots=True)
class Way:
    """One step directly after another: how often, and the median of the seconds between them."""

    before: str
    after: str
    n: int
    median: float
    strange: int  # how often the second was taken where no table knows it

    @property
    def known(self) -> bool:
        """Whether the tables know it, every time that it was taken."""
        return not self.strange and (self.before, self.after) in PAIRS


@dataclass(frozen=True, slots=True)
class Variant:
    """A whole way from first to last step, and how many cases took it."""

    activities: tuple[str, ...]
    n: int


@dataclass(frozen=True, slots=True)
class Strange:
    """A step that the tables do not know: of which case, and where that stood."""

    case: UUID
    activity: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Ways:
    """All ways of some cases, the commonest first."""

    cases: int
    steps: int
    stops: tuple[Stop, ...]
    ways: tuple[Way, ...]
    variants: tuple[Variant, ...]  # the commonest
    variants_count: int
    strange: tuple[Strange, ...]  # the first of them
    strange_count: int


@dataclass(slots=True)
class Count:
    """What is counted while one case after the other is walked."""

    cases: int = 0
    stops: Counter[str] = field(default_factory=Counter)
    first: Counter[str] = field(default_factory=Counter)
    last: Counter[str] = field(default_factory=Counter)
    waits: defaultdict[Pair, "array[float]"] = field(default_factory=lambda: defaultdict(lambda: array("d")))
    strange_stops: Counter[str] = field(default_factory=Counter)
    strange_ways: Counter[Pair] = field(default_factory=Counter)
    variants: Counter[tuple[str, ...]] = field(default_factory=Counter)
    strange: list[Strange] = field(default_factory=list)

    def take(self, case: UUID, steps: Sequence[Step]) -> None:
        """One case more; without steps it took no way."""
        if not steps:
            return
        way = tuple(step.activity for step in steps)
        self.cases += 1
        self.stops.update(way)
        self.first[way[0]] += 1
        self.last[way[-1]] += 1
        self.variants[way] += 1
        for one, other in pairwise(steps):
            self.waits[one.activity, other.activity].append((other.at - one.at).total_seconds())
        if not all(step.known for step in steps):
            self._take_strange(case, steps)

    def _take_strange(self, case: UUID, steps: Sequence[Step]) -> None:
        for step in steps:
            if not step.known:
                self.strange_stops[step.activity] += 1
                self.strange.append(Strange(case, step.activity, step.before, step.after))
        self.strange_ways.update((one.activity, other.activity) for one, other in pairwise(steps) if not other.known)

    def told(self) -> Ways:
        """What was counted."""
        return Ways(
            cases=self.cases,
            steps=self.stops.total(),
            stops=tuple(self._stop(activity, n) for activity, n in self.stops.most_common()),
            ways=tuple(sorted(map(self._way, self.waits), key=lambda way: (-way.n, way.before, way.after))),
            variants=tuple(Variant(*each) for each in self.variants.most_common(MOST_VARIANTS)),
            variants_count=len(self.variants),
            strange=tuple(self.strange[:MOST_STRANGE]),
            strange_count=len(self.strange),
        )

    def _stop(self, activity: str, n: int) -> Stop:
        return Stop(activity, n, self.first[activity], self.last[activity], self.strange_stops[activity])

    def _way(self, pair: Pair) -> Way:
        waits = self.waits[pair]
        return Way(*pair, len(waits), median(waits), self.strange_ways[pair])


def ways(traces: Iterable[Trace], *, every: bool = False) -> Ways:
    """The ways of some cases: of the steps that say where a case stands, or of `every` step."""
    count = Count()
    for case, steps in traces:
        count.take(case, steps if every else _seen(steps))
    return count.told()


def _seen(steps: Sequence[Step]) -> Sequence[Step]:
    """What no table knows is seen, wherever it lies."""
    return [step for step in steps if step.on_the_way or not step.known]
