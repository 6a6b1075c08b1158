"""What is measured: our figure beside its limit, and how many times a second something can be done."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import quantiles
from threading import Thread
from time import perf_counter

WARM_UP = 0.2  # of the time, before anything counts
MILLISECONDS = 1_000
FEW = 3  # calls at least
PATIENCE = 20.0  # seconds for the others


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the table; `aim` is for the ratio of ours to the limit, at least unless `at_most`; `most` for ours alone."""

    line: str
    engine: str
    what: str
    ours: float
    limit: float
    unit: str
    against: str
    aim: float | None = None
    at_most: bool = False
    most: float | None = None

    @property
    def ratio(self) -> float:
        """Ours as a multiple of the limit."""
        return self.ours / self.limit if self.limit else float("nan")

    @property
    def reached(self) -> bool:
        """Whether the aim is met; so it is where there is none."""
        fits = self.most is None or self.ours <= self.most
        return fits and (self.aim is None or (self.ratio <= self.aim if self.at_most else self.ratio >= self.aim))


@dataclass(frozen=True, slots=True)
class Absent:
    """A row that could not be measured here, and why."""

    line: str
    engine: str
    what: str
    why: str


Found = Measure | Absent


@dataclass(frozen=True, slots=True)
class Latency:
    """How long single calls took, in milliseconds."""

    p50: float
    p99: float

    @classmethod
    def of(cls, seconds: list[float]) -> "Latency":
        """Out of what each call took."""
        cuts = quantiles(seconds, n=100, method="inclusive")
        return cls(cuts[49] * MILLISECONDS, cuts[98] * MILLISECONDS)


def in_turns(ours: Callable[[], float], limit: Callable[[], float], rounds: int) -> tuple[float, float]:
    """Both, several times by turns, so that what disturbs the machine disturbs both; the round with the median ratio."""
    pairs = sorted(((ours(), limit()) for _ in range(rounds)), key=lambda pair: pair[0] / pair[1])
    return pairs[len(pairs) // 2]


def per_second(act: Callable[[], object], clients: int, seconds: float) -> float:
    """How often a second that many threads, each doing one after another, get it done."""
    begin = perf_counter() + seconds * WARM_UP
    done, faults = [0] * clients, list[BaseException]()

    def client(mine: int) -> None:
        try:
            while (now := perf_counter()) < begin + seconds:
                act()
                done[mine] += now >= begin
        except BaseException as fault:  # noqa: BLE001 - raised again where somebody sees it
            faults.append(fault)

    threads = [Thread(target=client, args=(mine,)) for mine in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return sum(done) / (perf_counter() - begin)


def each_took(act: Callable[[], object], times: int) -> Latency:
    """How long each of some calls took, one after another, after a few that do not count; fewer where they are slow."""
    for _ in range(FEW):
        act()
    late, took = perf_counter() + PATIENCE, [timed(act) for _ in range(FEW)]
    while len(took) < times and perf_counter() < late:
        took.append(timed(act))
    return Latency.of(took)


def timed(act: Callable[[], object]) -> float:
    """The seconds that a call took."""
    begin = perf_counter()
    act()
    return perf_counter() - begin
