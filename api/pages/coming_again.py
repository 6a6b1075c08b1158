"""What comes again, on screen: in one place, about one thing, and more in a month than before."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Query
from fastapi.responses import HTMLResponse

from adapters.boards.history import history
from adapters.boards.looking import District
from adapters.boards.repeats import SPAN, Repeat, repeats
from adapters.boards.topics import Topics, topics
from api.pages import maps
from api.pages.acting.controls import categories
from api.pages.figures import names_of_tiles
from api.pages.reading import Reading
from api.pages.routing import Code, NoPageError, page_router, place_within
from api.pages.then import Dated, slider_of
from api.security import reach_of
from api.things import known
from domain.periods import Month, NoMonthError
from domain.places import Place, Rung

coming_again_pages = page_router()
INSTANT = timedelta.resolution
LONGEST = 100  # rows of the list; the map shows all
Word = Annotated[str, Query(max_length=100)]


@coming_again_pages.get("/boards/streets/{code}/repeats")
def street_repeats(v: Dated, code: Code, by: Word = "", category: Word = "") -> HTMLResponse:
    """What comes again and again in a street."""
    return _repeats(v, place_within(v, code, Rung.STREET), by, category)


@coming_again_pages.get("/boards/district/repeats")
def district_repeats(v: Dated, by: Word = "", category: Word = "") -> HTMLResponse:
    """What comes again and again in the district."""
    return _repeats(v, place_within(v, v.law.code, Rung.DISTRICT), by, category)


def _repeats(v: Reading, place: Place, by: str, category: str) -> HTMLResponse:
    law, category = v.law, category if category in v.law.taxonomy.by_code else ""
    found = repeats(v.engine, place, v.now, law.taxonomy.sensitive, category)
    below = {rung: law.places.below(place.code, rung) for rung in maps.PREFERRED[place.rung]}
    rung = maps.rung_of(place.rung, by, below, v.parts.editions.router(law.edition).areas.by_code)
    codes = tuple(one.code for one in below[rung])
    drawing = v.parts.editions.drawing(law.edition, codes, maps.WIDTH)
    shown = maps.mapped(below[rung], rung, _by_place(v, found, rung), {}, drawing)
    links = {code: v.url("cases", since=(v.now - SPAN).isoformat(), **{rung.value: code}) for code in codes}
    values: dict[str, Any] = {"map": shown, "links": links, "names": names_of_tiles(v, shown.groups)}
    return v.page(
        "repeats", place=place, repeats=found[:LONGEST], all=found, rungs=maps.PREFERRED[place.rung], rung_of=_rung(v),
        since=(v.now - SPAN).isoformat(), categories=categories(v), category=category, says="again_", slider=slider_of(v), **values,
    )  # fmt: skip


def _by_place(v: Reading, found: Sequence[Repeat], rung: Rung) -> Counter[str]:
    """How many repeated cases each place of a rung has; '' for those that are known less closely."""
    counted = Counter[str]()
    for one in found:
        known = one.place in v.law.places.by_code
        counted[getattr(v.law.places.path(one.place), rung.value) if known else ""] += one.count
    return counted


def _rung(v: Reading) -> dict[str, str]:
    """By which filter the register finds the cases of a place."""
    return {code: place.rung.value for code, place in v.law.places.by_code.items()}


@coming_again_pages.get("/things/{code}")
def thing_history(v: Dated, code: Code) -> HTMLResponse:
    """The life of a building, an organisation or a component, as far as it is within reach."""
    found = known(v.parts, v.me, code, history(v.engine, reach_of(v.me), code, v.now)) if code.isprintable() else None
    if found is None:
        raise NoPageError
    return v.page("thing", thing=found[0], history=found[1], slider=slider_of(v))


@coming_again_pages.get("/boards/district/topics")
def district_topics(v: Dated, month: Word = "", category: Word = "") -> HTMLResponse:
    """The topic of a month: of this one, where none is said."""
    place_within(v, v.law.code, Rung.DISTRICT)
    zone = v.law.calendar.tz
    today = Month.holding(v.now.astimezone(zone).date(), 1)
    wanted = _month(month) if month else today
    if wanted.first > today.first:
        raise NoPageError
    found = topics(v.engine, District.of(v.law), wanted, zone, v.now, category)
    later = wanted.shifted(1).name if wanted != today else ""
    return v.page(
        "topics",
        board=found,
        days=_days(found, zone),
        earlier=wanted.shifted(-1).name,
        later=later,
        wanted=category,
        slider=slider_of(v),
    )


def _days(found: Topics, zone: ZoneInfo) -> tuple[date, ...]:
    """The first and the last day of the month, and of what it is compared with."""
    spans = (found.since, found.until), (found.compared_since, found.compared_until)
    moments = (at for begin, end in spans for at in (begin, max(begin, end - INSTANT)))
    return tuple(at.astimezone(zone).date() for at in moments)


def _month(said: str) -> Month:
    """A month by its name. Raises NoPageError."""
    try:
        return Month.named(said, 1)
    except NoMonthError:
        raise NoPageError from None
