"""The process map of district, street and department: ways that cases took, how often, median waits, and what no table knows."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import HTMLResponse

from adapters.boards import register
from api.pages.acting.controls import Option, categories
from api.pages.reading import Reader, Reading
from api.pages.routing import Code, NoPageError, page_router, place_within
from api.pages.ways_drawn import drawn
from api.security import sees_department
from api.walking import USUAL, Asked, walked
from domain.permissions import Reach
from domain.places import Rung
from domain.states import Source

process_pages = page_router()
SPANS = (30, USUAL, 365)
MINUTE, HOUR, DAY = 60, 3600, 86400
Span = Annotated[int, Query(ge=0, le=3660, description="Of cases logged in the last so many days; 0: of all")]
Word = Annotated[str, Query(max_length=100)]


def _page(v: Reading, code: str, reach: Reach, asked: Asked) -> HTMLResponse:
    known = v.law.taxonomy.by_code
    asked = Asked(asked.days, asked.category if asked.category in known else "", asked.source, asked.every)
    found = walked(v.parts, reach, asked, v.now)
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


def _asked(days: Span = USUAL, category: Word = "", source: Word = "", steps: Word = "") -> Asked:
    return Asked(days, category, source if source in list(Source) else "", steps == "every")


@process_pages.get("/boards/district/process")
def district_process(
    v: Reader, days: Span = USUAL, category: Word = "", source: Word = "", steps: Word = ""
) -> HTMLResponse:
    """The ways of the district's cases."""
    place = place_within(v, v.law.code, Rung.DISTRICT)
    return _page(v, place.code, Reach(Rung.DISTRICT.value, place.code), _asked(days, category, source, steps))


@process_pages.get("/boards/streets/{code}/process")
def street_process(
    v: Reader, code: Code, days: Span = USUAL, category: Word = "", source: Word = "", steps: Word = ""
) -> HTMLResponse:
    """The ways of a street's cases."""
    place = place_within(v, code, Rung.STREET)
    return _page(v, place.code, Reach(Rung.STREET.value, place.code), _asked(days, category, source, steps))


@process_pages.get("/boards/departments/{code}/process")
def department_process(
    v: Reader, code: Code, days: Span = USUAL, category: Word = "", source: Word = "", steps: Word = ""
) -> HTMLResponse:
    """The ways of the cases that a department was assigned."""
    if not sees_department(v.law, v.me, code):
        raise NoPageError
    return _page(v, code, Reach(unit=code), _asked(days, category, source, steps))
