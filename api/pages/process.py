"""The process map of district, street and department: ways that cases took, how often, median waits, and what no table knows."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import Query
from fastapi.responses import HTMLResponse

from adapters.boards import chosen, register
from adapters.boards.register import Reach
from adapters.mining import traces
from adapters.store.engine import reading
from api.pages.acting.controls import Option, categories
from api.pages.reading import Reader, Reading
from api.pages.routing import Code, NoPageError, page_router, place_within
from api.pages.ways_drawn import drawn
from api.security import sees_department
from domain.places import Rung
from domain.states import Source
from workflow.ways import Ways, ways

process_pages = page_router()
MOST = 10_000  # cases that are walked, the newest; about two seconds of a core
SPANS = (30, 90, 365)
MINUTE, HOUR, DAY = 60, 3600, 86400
Span = Annotated[int, Query(ge=0, le=3660, description="Of cases logged in the last so many days; 0: of all")]
Word = Annotated[str, Query(max_length=100)]


@dataclass(frozen=True, slots=True)
class Asked:
    """Of which cases the ways are wanted; of `every` step, or of those that say where a case stands."""

    days: int = SPANS[1]
    category: str = ""
    source: str = ""
    every: bool = False

    def filters(self, v: Reading) -> dict[str, str]:
        """As the register takes them."""
        since = {"since": (v.now - timedelta(days=self.days)).isoformat()} if self.days else {}
        return {name: said for name, said in (("category", self.category), ("source", self.source)) if said} | since


@dataclass(frozen=True, slots=True)
class Walked:
    """The ways, and of how many cases: `left_out` are older ones that meet the filters too."""

    ways: Ways
    left_out: int


def walked(v: Reading, reach: Reach, asked: Asked) -> Walked:
    """The ways of the newest cases that are asked for."""
    engine, filters = v.parts.boards.writer.engine, asked.filters(v)
    cases = chosen.chosen(engine, reach, filters, v.now, MOST)
    found = ways(traces(reading(v.parts.log.engine), cases), every=asked.every)
    left_out = chosen.count(engine, reach, filters, v.now) - found.cases if found.cases >= MOST else 0
    return Walked(found, left_out)


def _page(v: Reading, code: str, reach: Reach, asked: Asked) -> HTMLResponse:
    known = v.law.taxonomy.by_code
    asked = Asked(asked.days, asked.category if asked.category in known else "", asked.source, asked.every)
    found = walked(v, reach, asked)
    numbers = register.numbers(v.parts.boards.engine, [one.case for one in found.ways.strange])
    sources = [Option(one.value, v.word("SOURCES", one.value)) for one in Source]
    return v.page(
        "process", code=code, asked=asked, found=found, ways=found.ways, sheet=drawn(found.ways), numbers=numbers,
        spans=SPANS, categories=categories(v), sources=sources, waited=waited,
    )  # fmt: skip


def waited(v: Reading, seconds: float) -> str:
    """How long, in the largest unit that says something."""
    if seconds < HOUR:
        return v.t("waited_minutes", n=round(seconds / MINUTE))
    if seconds < 2 * DAY:
        return v.t("waited_hours", n=f"{seconds / HOUR:.1f}".removesuffix(".0"))
    return v.t("waited_days", n=f"{seconds / DAY:.1f}".removesuffix(".0"))


def _asked(days: Span = SPANS[1], category: Word = "", source: Word = "", steps: Word = "") -> Asked:
    return Asked(days, category, source if source in list(Source) else "", steps == "every")


@process_pages.get("/boards/district/process")
def district_process(
    v: Reader, days: Span = SPANS[1], category: Word = "", source: Word = "", steps: Word = ""
) -> HTMLResponse:
    """The ways of the district's cases."""
    place = place_within(v, v.law.code, Rung.DISTRICT)
    return _page(v, place.code, Reach(Rung.DISTRICT.value, place.code), _asked(days, category, source, steps))


@process_pages.get("/boards/streets/{code}/process")
def street_process(
    v: Reader, code: Code, days: Span = SPANS[1], category: Word = "", source: Word = "", steps: Word = ""
) -> HTMLResponse:
    """The ways of a street's cases."""
    place = place_within(v, code, Rung.STREET)
    return _page(v, place.code, Reach(Rung.STREET.value, place.code), _asked(days, category, source, steps))


@process_pages.get("/boards/departments/{code}/process")
def department_process(
    v: Reader, code: Code, days: Span = SPANS[1], category: Word = "", source: Word = "", steps: Word = ""
) -> HTMLResponse:
    """The ways of the cases that a department was assigned."""
    if not sees_department(v.law, v.me, code):
        raise NoPageError
    return _page(v, code, Reach(unit=code), _asked(days, category, source, steps))
