"""The figures and the map of a street and of the district, for those within whose reach they are."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import HTMLResponse

from adapters.boards import figures as counted
from adapters.boards import spots
from api.pages import charts, maps
from api.pages.acting.controls import categories
from api.pages.reading import Reading
from api.pages.routing import Code, NoPageError, page_router, place_within
from api.pages.then import Dated, slider_of
from api.security import sees_department
from domain.places import Place, Rung

figures_pages = page_router()
MOST_SPOTS = 200
LIGHTS = ("red", "yellow", "green")
Word = Annotated[str, Query(max_length=100)]


@figures_pages.get("/boards/streets/{code}/figures")
def street_figures(v: Dated, code: Code) -> HTMLResponse:
    """The figures of a street."""
    return _figures(v, place_within(v, code, Rung.STREET))


@figures_pages.get("/boards/district/figures")
def district_figures(v: Dated) -> HTMLResponse:
    """The figures of the district."""
    return _figures(v, place_within(v, v.law.code, Rung.DISTRICT))


@figures_pages.get("/boards/streets/{code}/map")
def street_map(v: Dated, code: Code, by: Word = "", category: Word = "", light: Word = "") -> HTMLResponse:
    """The map of a street."""
    return _map(v, place_within(v, code, Rung.STREET), by, category, light)


@figures_pages.get("/boards/district/map")
def district_map(v: Dated, by: Word = "", category: Word = "", light: Word = "") -> HTMLResponse:
    """The map of the district."""
    return _map(v, place_within(v, v.law.code, Rung.DISTRICT), by, category, light)


@figures_pages.get("/boards/departments/{code}/figures")
def department_figures(v: Dated, code: Code) -> HTMLResponse:
    """The flow of what a department leads."""
    if not sees_department(v.law, v.me, code):
        raise NoPageError
    days = tuple(counted.flow(v.engine, counted.led_by(code), v.now, v.law.calendar.tz))
    return v.page("unit_flow", code=code, flow=charts.flow(days), slider=slider_of(v))


def _figures(v: Reading, place: Place) -> HTMLResponse:
    found = counted.figures(v.engine, place, v.now, v.law.calendar.tz)
    shapes: dict[str, Any] = {
        "heat": charts.heat(found.intake),
        "waits": {step: charts.bars(waits) for step, waits in found.waits.items()},
        "columns": charts.columns(found.ages, counted.AGES),
        "flow": charts.flow(found.flow),
    }
    return v.page(
        "figures", place=place, beside=_beside(v, place, "map"), fitted=charts.fitted, slider=slider_of(v), **shapes
    )


def _beside(v: Reading, place: Place, page: str) -> str:
    """The address of the other page about a place."""
    board = ("district",) if place.rung is Rung.DISTRICT else ("streets", place.code)
    return v.url("boards", *board, page)


def _map(v: Reading, place: Place, by: str, category: str, light: str) -> HTMLResponse:
    category = category if category in v.law.taxonomy.by_code else ""
    light = light if light in LIGHTS else ""
    return v.page(
        "places",
        place=place,
        beside=_beside(v, place, "figures"),
        rungs=maps.PREFERRED[place.rung],
        categories=categories(v),
        category=category,
        light=light,
        slider=slider_of(v),
        **_seen(v, place, by, category, light),
    )


def _seen(v: Reading, place: Place, by: str, category: str, light: str) -> dict[str, Any]:
    """What the map shows, and the hot spots under it."""
    engine, law, where = v.engine, v.law, spots.inside(place)
    below = {rung: law.places.below(place.code, rung) for rung in maps.PREFERRED[place.rung]}
    rung = maps.rung_of(place.rung, by, below, v.parts.editions.router(law.edition).areas.by_code)
    codes = tuple(one.code for one in below[rung])
    counts = spots.open_by(engine, where, rung, v.now, category=category, light=light)
    hot = spots.spots(engine, where, v.now, without=law.taxonomy.sensitive, category=category, longest=MOST_SPOTS)
    drawing = v.parts.editions.drawing(law.edition, codes, maps.WIDTH)
    shown = maps.mapped(below[rung], rung, counts, maps.hot_by(hot, law.places, rung), drawing)
    links = {code: _link(v, rung, code, category, light) for code in codes}
    return {"map": shown, "spots": hot, "links": links, "names": names_of_tiles(v, shown.groups)}


def _link(v: Reading, rung: Rung, code: str, category: str, light: str) -> str:
    """Where a place leads: to its board; where what is counted is narrower, to the list as far as it can be asked."""
    if not category and light != "red":
        return v.url("boards", "streets" if rung is Rung.STREET else "grids", code)
    asked = {"category": category, "overdue": "yes" if light == "red" else ""}
    return v.url("cases", **{rung.value: code, "open": "yes"}, **{name: said for name, said in asked.items() if said})


def names_of_tiles(v: Reading, groups: Sequence[maps.Group]) -> Mapping[str, str]:
    """What stands on the tiles."""
    found: dict[str, str] = {}
    for group in groups:
        codes = [tile.code for tile in group.tiles]
        names = maps.short_names(v.plain(group.parent), [v.plain(code) for code in codes])
        found |= dict(zip(codes, map(v.spoken, names), strict=True))
    return found
