"""Charts and maps: round axes, shapes on the sheet, the table the same as the picture, and what the public may read."""

import html
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from httpx2 import Response

from adapters.boards import figures, spots
from adapters.boards.figures import AGES, Day, Took
from adapters.jurisdictions import shipped
from adapters.places import Drawing, Outline, drawn
from api.demo_month import month
from api.pages import charts, maps
from api.pages.scales import Scale, Shades, rounded_up, ticks
from api.pages.small_counts import shown
from domain.actors import Role
from domain.places import Place, Rung
from tests.api.browsers import Markup
from tests.api.office import Office, office
from tests.granted import made_a_demo

Who = tuple[Role, str]
SUPERVISOR = (Role.SUPERVISOR, "540102")
LEADER = (Role.STREET_LEADER, "540102002")
PAGES = (
    "/boards/district/figures", "/boards/streets/540102002/figures",
    "/boards/district/map", "/boards/district/map?by=grid", "/boards/district/map?by=street", "/boards/streets/540102002/map",
)  # fmt: skip
SVG = re.compile(r"<svg.*?</svg>", re.DOTALL)
NUMBER = r"-?\d+(?:\.\d+)?"


@pytest.mark.parametrize(("n", "told"), [(0, "<5"), (1, "<5"), (4, "<5"), (5, "5"), (12, "12"), (1_000_000, "1000000")])
def test_the_public_is_told_no_count_below_five(n: int, told: str) -> None:
    assert shown(n) == told


# --- scales


@pytest.mark.parametrize(
    ("most", "wanted"),
    [
        (0, (0, 1)), (0.4, (0, 1)), (1, (0, 1)), (3, (0, 1, 2, 3)), (5, (0, 2, 4, 6)), (9, (0, 5, 10)), (23, (0, 10, 20, 30)),
        (420, (0, 200, 400, 600)), (1000, (0, 500, 1000)), (4001, (0, 2000, 4000, 6000)),
    ],
)  # fmt: skip
def test_an_axis_has_few_round_figures_and_holds_the_largest(most: float, wanted: tuple[int, ...]) -> None:
    assert ticks(most) == wanted


def test_axes_for_every_size() -> None:
    for most in [*range(1, 3000), 123_456, 9_999_999]:
        found = ticks(most)
        assert found[-1] >= most > found[-1] - found[1] and 2 <= len(found) <= 6
        assert Scale(most, 100).at(found[-1]) == 100 and Scale(most, 100).at(0) == 0


@pytest.mark.parametrize(("least", "wanted"), [(0, 1), (1, 1), (1.1, 2), (3, 5), (6, 10), (11, 20), (51, 100)])
def test_round_numbers(least: float, wanted: int) -> None:
    assert rounded_up(least) == wanted


def test_five_shades_hold_every_figure() -> None:
    for most in range(1, 3000):
        shades = Shades(most)
        assert shades.of(0) == 0 and 1 <= shades.of(1) <= shades.of(most) <= 5
        assert [n for n, _ in shades.classes] == list(range(1, shades.of(most) + 1))
    assert Shades(13).classes == ((1, "1–3"), (2, "4–6"), (3, "7–9"), (4, "10–12"), (5, "13–15"))
    assert Shades(2).classes == ((1, "1"), (2, "2")) and Shades(0).classes == () == Shades(0, 5).classes
    assert [Shades(14, 5).of(n) for n in (0, 4, 5, 6, 7, 14)] == [0, 0, 1, 1, 2, 5]


# --- shapes


def test_words_are_cut_where_they_would_not_fit() -> None:
    assert charts.fitted("Water Affairs", 200) == "Water Affairs"
    assert (
        charts.fitted("人力资源和社会保障局", 66) == "人力资源…" and charts.fitted("Human Resources", 66) == "Human R…"
    )


def test_hours_and_weekdays_each_have_their_cell() -> None:
    found = charts.heat({(0, 8): 12, (6, 23): 1})
    assert (len(found.cells), found.total, found.busiest.n) == (168, 13, 12)
    assert found.rows[8] == (12, 0, 0, 0, 0, 0, 0) and found.rows[23] == (0, 0, 0, 0, 0, 0, 1)
    assert max(cell.x for cell in found.cells) + found.WIDE <= charts.WIDTH
    assert len({(cell.x, cell.y) for cell in found.cells}) == 168


def test_bars_are_as_long_as_what_they_tell() -> None:
    found = charts.bars([Took("slow", 36000, 72000, 4), Took("quick", 1800, 1800, 1)])
    assert [(bar.median, bar.p90) for bar in found.bars] == [(10, 20), (0.5, 0.5)]
    assert found.bars[0].longer == 2 * found.bars[0].long == charts.Bars.LENGTH and found.axis[-1].figure == 20
    assert charts.bars([]).bars == ()


def test_columns_stand_on_the_floor() -> None:
    found = charts.columns((5, 22, 0, 1, 2, 3), AGES)
    assert [column.label for column in found.columns] == ["0–1", "1–3", "3–7", "7–15", "15–30", ">30"]
    assert {round(column.y + column.high) for column in found.columns} == {180}
    assert found.columns[1].high == pytest.approx(22 / 30 * 160, abs=0.1) and found.total == 33


def test_bands_lie_on_each_other_and_say_their_name_where_there_is_room() -> None:
    first = date(2026, 1, 1)
    days = [Day(first + timedelta(days=n), 40 + n, 39 + n, 20, n // 3) for n in range(60)]
    found = charts.flow(days)
    lines = [points(band.path) for band in found.bands]
    for upper, lower in pairwise(lines):
        assert upper[60:] == list(reversed(lower[:60]))
    assert all(y == charts.Flow.TOP + charts.Flow.LENGTH for _, y in lines[-1][60:])
    assert [band.name for band in found.bands if band.y] == ["escalated", "done"]
    assert [mark.day for mark in found.marks] == ["01-01", "01-16", "01-31", "02-15", "03-01"]
    assert [band.y for band in charts.flow([Day(day.day, 0, 0, 0, 0) for day in days]).bands] == [None] * 4


def points(path: str) -> list[tuple[float, float]]:
    numbers = [float(found) for found in re.findall(NUMBER, path)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


# --- maps


def places(*codes: str, parent: str = "s", rung: Rung = Rung.GRID) -> list[Place]:
    return [Place(code, rung, {"en": code}, parent) for code in codes]


BLANK = Drawing(360, 0, {})


def test_a_map_tells_every_place_and_what_lies_in_none() -> None:
    found = maps.mapped(places("a", "b", "c"), Rung.GRID, {"a": 10, "c": 2, "": 3}, {"c": 1}, BLANK)
    told = [(place.code, place.told, place.shade, place.hot) for place in found.places]
    assert told == [("a", "10", 5, 0), ("b", "0", 0, 0), ("c", "2", 1, 1)]
    assert (found.total, found.elsewhere, found.none) == ("15", "3", "0")
    assert [group.parent for group in found.groups] == ["s"] and found.outlined == ()


def test_what_the_public_is_not_told_has_no_shade_no_mark_and_no_sum() -> None:
    counts = {"a": 10, "b": 4, "c": 70}
    found = maps.openly_mapped(places(*"abc"), Rung.GRID, counts, {"a": "10", "b": "<5", "c": "…"}, BLANK)
    assert [(place.told, place.shade, place.hot) for place in found.places] == [("10", 3, 0), ("<5", 0, 0), ("…", 0, 0)]
    assert (found.total, found.elsewhere, found.none) == ("", "", "<5")
    assert found.shades.classes[0] == (1, "5–6") and found.shades.classes[-1] == (
        3,
        "9–10",
    )  # and nothing of the seventy


def test_a_figure_is_written_where_there_is_room_and_hot_spots_come_last() -> None:
    outlines = {"a": Outline("M0 0", 1, 1, 20), "b": Outline("M0 0", 1, 1, 9), "c": Outline("M0 0", 1, 1, 9)}
    found = maps.mapped(
        places("a", "b", "c", "d"), Rung.GRID, dict.fromkeys("abcd", 7), {"a": 1, "c": 1}, Drawing(360, 9, outlines)
    )
    assert [(place.code, place.label, place.fits) for place in found.outlined] == [
        ("b", "7", True), ("a", "7 ▲", True), ("c", "7 ▲", False),
    ]  # fmt: skip
    assert [tile.code for group in found.groups for tile in group.tiles] == ["d"]


NAMES = (
    ("绕赛社区居委会", ("绕赛社区第一网格", "绕赛社区第二网格"), ("第一网格", "第二网格")),
    ("Raosai Community", ("Raosai Community grid 1", "Raosai Community grid 2"), ("grid 1", "grid 2")),
    ("吉日街道", ("吉日社区", "八朗学社区"), ("吉日社区", "八朗学社区")),
    ("吉日街道", ("吉日社区",), ("吉日社区",)),
    ("Eastgate", ("Eastgarden", "Eastgarage"), ("Eastgarden", "Eastgarage")),
    ("东街社区", ("东街社区", "东街社区北"), ("东街社区", "东街社区北")),
)


@pytest.mark.parametrize(("parent", "names", "wanted"), NAMES)
def test_names_on_tiles_are_short_where_that_is_plain(
    parent: str, names: tuple[str, ...], wanted: tuple[str, ...]
) -> None:
    assert maps.short_names(parent, names) == wanted


def test_what_is_shown_first_is_what_has_outlines() -> None:
    inside = {
        Rung.COMMUNITY: places("c", rung=Rung.COMMUNITY),
        Rung.STREET: places("s", rung=Rung.STREET),
        Rung.GRID: [],
    }

    def rung(wanted: str = "", *outlined: str) -> Rung:
        return maps.rung_of(Rung.DISTRICT, wanted, inside, outlined)

    assert (rung(), rung("", "s"), rung("", "s", "c")) == (Rung.COMMUNITY, Rung.STREET, Rung.COMMUNITY)
    assert (rung("grid", "s"), rung("nonsense")) == (Rung.GRID, Rung.COMMUNITY)


# --- the pages


def seen(hall: Office, path: str, language: str, who: Who | None) -> Response:
    """A page as a person gets it; nobody in particular where `who` is None."""
    hall.client.cookies.clear()
    if who:
        hall.client.cookies.set("whistle", hall.session(*who))
    address = f"{path}{'&' if '?' in path else '?'}lang={language}"
    return hall.client.get(address, headers={"Accept": "text/html"}, follow_redirects=False)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A demo store with a few weeks in it."""
    with office(tmp_path_factory.mktemp("month")) as opened:
        made_a_demo(opened.whole, opened.time.now - timedelta(days=60))
        for _ in month(opened.whole.casework, opened.whole.law, opened.time.now, 110):
            pass
        opened.whole.boards.catch_up()
        yield opened


def understood(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own


def drawings(text: str) -> list[ET.Element]:
    """Every picture of a page, understood as XML."""
    return [understood(found) for found in SVG.findall(text)]


def off_the_sheet(svg: ET.Element) -> list[str]:
    """What is drawn or written beyond the sheet's edges."""
    _, _, width, height = (float(one) for one in svg.attrib["viewBox"].split())
    spots: list[tuple[float, float]] = []
    for one in svg.iter():
        x, y = float(one.get("x", 0)), float(one.get("y", 0))
        spots += (
            [(x, y), (x + float(one.get("width", 0)), y + float(one.get("height", 0)))]
            if one.tag in ("rect", "text")
            else []
        )
        spots += (
            points(one.get("d", "")) if "H" not in (d := one.get("d", "")) and "V" not in d and "l" not in d else []
        )
    return [f"{spot}" for spot in spots if not (0 <= spot[0] <= width and 0 <= spot[1] <= height)]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_pages_are_sound_and_what_they_draw_is_on_the_sheet(hall: Office, path: str, language: str) -> None:
    page = seen(hall, path, language, SUPERVISOR)
    assert page.status_code == 200
    assert Markup(page.text).faults == []
    for svg in drawings(page.text):
        assert off_the_sheet(svg) == []
        assert not any(name == "style" or name.startswith("on") for one in svg.iter() for name in one.attrib)
        if svg.get("aria-hidden") is None:
            title, desc = svg[0], svg[1]
            assert (title.tag, desc.tag) == ("title", "desc") and title.text and desc.text
            assert svg.attrib["aria-labelledby"] == f"{title.attrib['id']} {desc.attrib['id']}"
    assert len(drawings(page.text)) == (10 if "figures" in path else 0)


def test_what_is_off_the_sheet_is_found() -> None:
    """The seeded faults: a bar too long, words too low, a line beyond the edge."""
    svg = '<svg viewBox="0 0 360 100"><rect x="300" y="1" width="{}" height="9"/><text x="1" y="{}"/><path d="M1 1L{} 9Z"/></svg>'
    assert [len(off_the_sheet(understood(svg.format(*one)))) for one in ((60, 9, 360), (61, 101, 361))] == [
        0,
        4,
    ]


def cells(table: str) -> list[list[str]]:
    """The rows of a table in words."""
    rows = re.findall(r'<tr role="row">(.*?)</tr>', table, re.DOTALL)[1:]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?>(.*?)</td>", row, re.DOTALL)]
        for row in rows
    ]


def test_each_table_says_what_its_picture_shows(hall: Office) -> None:
    text = seen(hall, "/boards/district/figures", "en", SUPERVISOR).text
    place, zone = hall.whole.law.places.by_code["540102"], hall.whole.law.calendar.tz
    found = figures.figures(hall.whole.boards.engine, place, hall.time.now, zone)
    flow, ages, *waits, heat = [(svg, cells(table)) for svg, table in pictured(text)]
    assert flow[1] == [
        [f"{day.day}", *(str(n) for n in (day.logged, day.escalated, day.assigned, day.done))]
        for day in reversed(found.flow)
    ]
    assert [row[1] for row in ages[1]] == [str(n) for n in found.ages] == written(ages[0], "mid clear")
    for (svg, rows), took in zip(waits, found.waits.values(), strict=True):
        assert len(rows) == len(took) > 3
        assert [f"{median} / {most} ({n})" for _, median, most, n in rows] == written(svg, "end clear")
        assert [(float(median), int(n)) for _, median, _, n in rows] == [
            (round(one.median / 3600, 1), one.n) for one in took
        ]
    figures_of_cells = [n for row in heat[1] for n in row[1:] if n != "0"]
    assert [word for word in written(heat[0], "mid") if word.isdigit()] == figures_of_cells
    assert sum(map(int, figures_of_cells)) == sum(found.intake.values()) >= 50


def pictured(text: str) -> Iterator[tuple[ET.Element, str]]:
    for figure in re.findall(r"<figure.*?</figure>", text, re.DOTALL):
        picture, table = SVG.search(figure), re.search(r"<table.*?</table>", figure, re.DOTALL)
        assert picture and table
        yield understood(picture[0]), table[0]


def written(svg: ET.Element, kind: str) -> list[str]:
    return [one.text or "" for one in svg.iter("text") if one.get("class") == kind]


@pytest.mark.parametrize(("rung", "n"), [(Rung.STREET, 12), (Rung.COMMUNITY, 53), (Rung.GRID, 159)])
def test_every_place_has_a_tile_and_a_row_with_the_same_figure(hall: Office, rung: Rung, n: int) -> None:
    text = seen(hall, f"/boards/district/map?by={rung}", "en", SUPERVISOR).text
    tiles = re.findall(r'<li><a class="shade s(\d)[^"]*" href="([^"]+)">\s*(.*?) <strong>(\d+)', text, re.DOTALL)
    table = re.search(r"<details>.*?</details>", text, re.DOTALL)
    assert table
    rows = re.findall(r'<a href="([^"]+)">', table[0])
    assert len(tiles) == len(rows) == n and [tile[1] for tile in tiles] == rows
    assert [tile[3] for tile in tiles] == [row[1] for row in cells(table[0])]
    counted = spots.open_by(
        hall.whole.boards.engine, spots.inside(hall.whole.law.places.by_code["540102"]), rung, hall.time.now
    )
    assert sum(int(tile[3]) for tile in tiles) == sum(counted.values()) > 5
    assert {shade == "0" for shade, _, _, told in tiles if told == "0"} <= {True}


def test_a_tile_leads_to_what_was_counted(hall: Office) -> None:
    def links(query: str) -> set[str]:
        return Markup(seen(hall, f"/boards/streets/540102002/map{query}", "en", LEADER).text).links

    grid = "540102002001001"
    assert f"/boards/grids/{grid}?lang=en" in links("") and f"/boards/grids/{grid}?lang=en" in links("?light=yellow")
    assert f"/cases?grid={grid}&open=yes&category=0406&lang=en" in links("?category=0406")
    assert f"/cases?grid={grid}&open=yes&overdue=yes&lang=en" in links("?light=red")
    assert "/cases?community=540102002001&open=yes&overdue=yes&lang=en" in links("?light=red&by=community")


def test_what_nobody_offers_is_taken_as_everything(hall: Office) -> None:
    whole, other = (
        seen(hall, f"/boards/district/map{query}", "en", SUPERVISOR).text.split("<main")[1]
        for query in ("", "?category=9999&light=purple&by=house")
    )
    assert other == whole


def test_hot_spots_are_marked_in_words_too_and_sensitive_ones_are_not(hall: Office) -> None:
    who, street = (Role.GRID_WORKER, "540102005001001"), "540102005"
    for category in ("0301", "0406"):
        for _ in range(3):
            said = {"category": category, "place": who[1], "source": "patrol"}
            assert hall.post(who, "/cases", said).status_code == 201
    hall.whole.boards.catch_up()
    text = seen(hall, f"/boards/streets/{street}/map?by=community", "en", SUPERVISOR).text
    hot = re.findall(r'<a class="shade s\d hot".*?</a>', text, re.DOTALL)
    assert len(hot) == 1 and "▲" in hot[0] and '<span class="sr">Hot spots</span>' in hot[0]
    assert "category=0406" in text and "category=0301" not in text.split('id="spots"')[1]
    noise = seen(hall, f"/boards/streets/{street}/map?by=community&category=0301", "en", SUPERVISOR).text
    assert "▲" not in noise


@pytest.mark.parametrize("kind", ["figures", "map"])
def test_who_may_look(hall: Office, kind: str) -> None:
    other, clerk = f"/boards/streets/540102003/{kind}", (Role.DEPARTMENT_CLERK, "water")
    answers = {
        (LEADER, f"/boards/streets/540102002/{kind}"): 200, (LEADER, other): 404, (LEADER, f"/boards/district/{kind}"): 404,
        (SUPERVISOR, other): 200, (SUPERVISOR, f"/boards/district/{kind}"): 200, (clerk, f"/boards/district/{kind}"): 404,
        (clerk, other): 404, (SUPERVISOR, f"/boards/streets/540102002001/{kind}"): 404,
        (SUPERVISOR, f"/boards/streets/nowhere/{kind}"): 404,
    }  # fmt: skip
    assert {(who, path): seen(hall, path, "en", who).status_code for who, path in answers} == answers
    door = seen(hall, f"/boards/district/{kind}", "en", None)
    assert (door.status_code, door.headers["location"][:8]) == (303, "/sign-in")


def test_the_boards_lead_there(hall: Office) -> None:
    street = Markup(seen(hall, "/boards/streets/540102002", "en", LEADER).text).links
    assert {f"/boards/streets/540102002/{kind}?lang=en" for kind in ("figures", "map")} <= street
    for who, there in ((SUPERVISOR, True), (LEADER, False)):
        links = Markup(seen(hall, "/boards", "en", who).text).links
        assert [f"/boards/district/{kind}?lang=en" in links for kind in ("figures", "map")] == [there] * 2


def test_an_empty_store_says_so(tmp_path: Path) -> None:
    with office(tmp_path) as empty:
        page = seen(empty, "/boards/district/figures", "en", SUPERVISOR)
        assert page.status_code == 200 and page.text.count('<p class="empty">') == 6 and not drawings(page.text)
        assert seen(empty, "/boards/district/map", "en", SUPERVISOR).text.count("<strong>0</strong>") == 53


def test_the_public_map_tells_no_more_than_its_table_and_leads_nowhere(hall: Office) -> None:
    for grid, n in (("540102012001001", 6), ("540102013001001", 9)):
        for _ in range(n):
            said = {"category": "0406", "place": grid, "source": "patrol"}
            assert hall.post((Role.GRID_WORKER, grid), "/cases", said).status_code == 201
    hall.whole.boards.catch_up()
    text = seen(hall, "/public?days=90", "en", None).text
    tiles = re.findall(r'<li><div class="shade s(\d)">\s*(.*?) <strong>(.*?)</strong>', text, re.DOTALL)
    table = re.search(r"<table.*?</table>", text, re.DOTALL)
    assert table and Markup(text).faults == []
    assert [html.unescape(told) for _, _, told in tiles] == [html.unescape(row[1]) for row in cells(table[0])]
    told = {html.unescape(told) for _, _, told in tiles}
    assert len(tiles) == 12 and "<5" in told and not told & {*"01234"} and any(one.isdigit() for one in told)
    assert {shade for shade, _, one in tiles if not one.isdigit()} == {"0"}
    assert "▲" not in text and "/boards/" not in text and '<span class="shade s0">&lt;5</span>' in text


# --- outlines


def square(west: float, south: float) -> dict[str, object]:
    east, north = west + 0.01, south + 0.01
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


@pytest.fixture
def outlined(tmp_path: Path) -> Iterator[Office]:
    """The minimal town, with invented outlines of its two streets and of one grid."""
    folder = tmp_path / "town"
    folder.mkdir()
    for path in shipped("minimal").iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    known = {"100-1": square(91.10, 29.65), "100-2": square(91.11, 29.65), "100-1-1-1": square(91.10, 29.65)}
    features = [{"properties": {"code": code}, "geometry": shape} for code, shape in known.items()]
    (folder / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    with office(tmp_path / "home", folder) as opened:
        yield opened


def test_places_with_outlines_are_drawn_and_the_others_are_tiles(outlined: Office) -> None:
    who = (Role.SUPERVISOR, "100")
    for _ in range(2):
        outlined.post(
            (Role.GRID_WORKER, "100-1-1-1"), "/cases", {"category": "01", "place": "100-1-1-1", "source": "patrol"}
        )
    outlined.whole.boards.catch_up()
    text = seen(outlined, "/boards/district/map", "en", who).text
    (svg,) = drawings(text)
    assert svg.get("role") == "group" and off_the_sheet(svg) == [] and Markup(text).faults == []
    drawn_places = [(one.get("href"), one.get("class"), one[0].text) for one in svg.iter("a")]
    assert drawn_places == [
        ("/boards/streets/100-1?lang=en", "shade s2", "East Street: 2 open"),
        ("/boards/streets/100-2?lang=en", "shade s0", "West Street: 0 open"),
    ]
    assert [one.text for one in svg.iter("text")] == ["2", "0"] and 'class="ground"' not in text
    grids = seen(outlined, "/boards/district/map?by=grid", "en", who).text
    assert len(list(drawings(grids)[0].iter("a"))) == 1 and grids.count('<li><a class="shade') == 2
    assert 'class="ground"' in seen(outlined, "/boards/district/map?by=community", "en", who).text


def test_an_outline_that_leaves_the_sheet_would_be_found(outlined: Office) -> None:
    areas = outlined.whole.editions.router(outlined.whole.law.edition).areas
    found = drawn(areas, ("100-1", "100-2", "nowhere"), 360)
    assert list(found.outlines) == ["100-1", "100-2"] and found.width == 360
    west, east = found.outlines["100-1"], found.outlines["100-2"]
    assert west.x < east.x and west.room == pytest.approx(89, abs=1) and found.height == pytest.approx(208.9, abs=1)
    assert drawn(areas, (), 360).outlines == {}
