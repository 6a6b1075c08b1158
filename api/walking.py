"""The ways of the newest cases that somebody asks for, walked step by step: for the page and the API."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.boards import chosen
from adapters.mining import traces
from adapters.store.engine import reading
from api.whole import Whole
from domain.permissions import Reach
from workflow.ways import Ways, ways

MOST = 10_000  # cases that are walked, the newest; about two seconds of a core
USUAL = 90  # days


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which cases the ways are wanted; of `every` step, or of those that say where a case stands."""

    days: int = USUAL
    category: str = ""
    source: str = ""
    every: bool = False

    def filters(self, now: datetime) -> dict[str, str]:
        """As the register takes them."""
        since = {"since": (now - timedelta(days=self.days)).isoformat()} if self.days else {}
        return {name: said for name, said in (("category", self.category), ("source", self.source)) if said} | since


@dataclass(frozen=True, slots=True)
class Walked:
    """The ways, and of how many cases: `left_out` are older ones that meet the filters too."""

    ways: Ways
    left_out: int


def walked(whole: Whole, reach: Reach, asked: Asked, now: datetime) -> Walked:
    """The ways of the newest cases that are asked for."""
    engine, filters = whole.boards.writer.engine, asked.filters(now)
    cases = chosen.chosen(engine, reach, filters, now, MOST)
    found = ways(traces(reading(whole.log.engine), cases), every=asked.every)
    left_out = chosen.count(engine, reach, filters, now) - found.cases if found.cases >= MOST else 0
    return Walked(found, left_out)
