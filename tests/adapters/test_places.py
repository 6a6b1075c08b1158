"""A point finds the smallest place that holds it, as a city's own label says; at sea it finds none."""

import csv
import json
import logging
from collections import Counter
from collections.abc import Iterator
from itertools import product
from math import cos, pi, sin
from time import monotonic
from typing import Any

import pytest

from adapters.places import LARGEST, AreaError, Areas, Router, drawn
from tests.shared_data import shared

BOROUGHS = {"MANHATTAN": 1, "BRONX": 2, "BROOKLYN": 3, "QUEENS": 4, "STATEN ISLAND": 5}
FILES = ("nyc311_20220501_allagencies.csv", "nyc311_202503_allagencies.csv")
JOINT = 20  # boards from this number on are parks and airports, which have no polygon
A_METRE = 1 / 111_320  # degrees of latitude


def square(west: float, south: float, side: float) -> dict[str, Any]:
    east, north = west + side, south + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def areas(**polygons: dict[str, Any]) -> Areas:
    features = [{"properties": {"code": code}, "geometry": polygon} for code, polygon in polygons.items()]
    found, bad = Areas.read({"type": "FeatureCollection", "features": features})
    assert bad == []
    return found


TOWN = Router(areas(district=square(0, 0, 10), street=square(0, 0, 5), grid=square(1, 1, 1)))


@pytest.mark.parametrize(
    ("longitude", "latitude", "code"),
    [(1.5, 1.5, "grid"), (4, 4, "street"), (6, 4, "district"), (4, 6, "district"), (11, 4, None), (4, 1.5, "street")],
)
def test_the_smallest_place_that_holds_it(longitude: float, latitude: float, code: str | None) -> None:
    assert TOWN.place_of(longitude, latitude) == code


@pytest.mark.parametrize(("metres", "code"), [(5, "district"), (20, None)])
def test_a_few_metres_beyond_the_border_are_forgiven(metres: float, code: str | None) -> None:
    assert TOWN.place_of(5, 10 + metres * A_METRE) == code


def test_a_gap_between_neighbours_goes_to_the_nearer() -> None:
    gap = Router(areas(west=square(0, 0, 1), east=square(1 + 10 * A_METRE, 0, 1)))
    assert [gap.place_of(1 + metres * A_METRE, 0.5) for metres in (3, 7)] == ["west", "east"]


def test_no_polygons_no_place() -> None:
    assert Router(Areas({})).place_of(116.4, 39.9) is None


@pytest.mark.parametrize("said", [None, [], {}, {"type": "Feature"}, {"type": "FeatureCollection", "features": {}}])
def test_what_is_no_collection(said: object) -> None:
    with pytest.raises(AreaError):
        Areas.read(said)


def labelled() -> Iterator[tuple[str, float, float] | str]:
    """Code, longitude and latitude of each request, or why it is left out."""
    for name in FILES:
        with shared(f"requests/{name}").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                number, _, borough = row["Community Board"].partition(" ")
                if not number.isdigit():
                    yield "board unspecified"
                elif int(number) >= JOINT:
                    yield "joint area"
                elif not row["Latitude"]:
                    yield "no point"
                else:
                    code = f"{BOROUGHS[borough.upper()]}{int(number):02d}"
                    yield code, float(row["Longitude"]), float(row["Latitude"])


def city() -> Router:
    text = shared("geo/nyc_community_district.geojson").read_text(encoding="utf-8")
    found, bad = Areas.read(json.loads(text), code="boro_cd")
    assert (len(found.by_code), bad) == (59, [])
    return Router(found)


def share(router: Router) -> float:
    points = [one for one in labelled() if not isinstance(one, str)]
    return sum(router.place_of(longitude, latitude) == code for code, longitude, latitude in points) / len(points)


def test_a_citys_points_lie_where_the_city_says() -> None:
    left_out = Counter(one for one in labelled() if isinstance(one, str))
    assert left_out == {"board unspecified": 16, "joint area": 4, "no point": 3}
    assert share(city()) >= 0.985


def test_swapped_axes_would_be_noticed() -> None:
    """The seeded fault: latitude before longitude."""
    router = city()
    swapped = [router.place_of(one[2], one[1]) for one in labelled() if not isinstance(one, str)]
    assert set(swapped) == {None}


def test_a_point_at_sea() -> None:
    assert city().place_of(-73.5, 40.3) is None


DRAWN = (
    ("nyc_community_district", "boro_cd", 59),
    ("nyc_neighborhood_tabulation_area", "nta2020", 262),
    ("chicago_wards_2015", "ward", 50),
)


@pytest.mark.parametrize(("name", "code", "n"), DRAWN)
def test_a_city_is_drawn_small_and_on_its_sheet(name: str, code: str, n: int) -> None:
    found, _ = Areas.read(json.loads(shared(f"geo/{name}.geojson").read_text(encoding="utf-8")), code=code)
    drawing = drawn(found, found.by_code, 360)
    assert len(drawing.outlines) == n and sum(len(one.path) for one in drawing.outlines.values()) <= LARGEST
    for one in drawing.outlines.values():
        assert all(0 <= x <= 360 and 0 <= y <= drawing.height for x, y in corners(one.path))
        assert one.room <= one.x <= 360 - one.room and one.room <= one.y <= drawing.height - one.room
    north = max(found.by_code, key=lambda one: found.by_code[one].bounds[3])
    assert min(y for _, y in corners(drawing.outlines[north].path)) == pytest.approx(2, abs=0.5)


def corners(path: str) -> Iterator[tuple[float, float]]:
    """The points of an outline, which are told by how far each is from the one before."""
    for ring in path.removesuffix("z").split("z"):
        x = y = 0.0
        numbers = [float(one) for one in ring.replace("M", "").replace("l", " ").split()]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            yield x, y


def test_outlines_keep_the_shape_of_the_ground() -> None:
    """So far north a degree of longitude is half as long as one of latitude."""
    found = drawn(areas(a=square(10, 60, 0.01), b=square(10.01, 60, 0.01)), ("a", "b"), 360)
    assert next(corners(found.outlines["a"].path)) == (2, pytest.approx(found.height - 2, abs=0.1))
    assert found.height == pytest.approx(356 + 4, abs=1) and found.outlines["b"].x == pytest.approx(269, abs=1)


def test_a_map_is_made_coarser_until_it_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = [[cos(n / 500) * (1 + n % 2 / 99), sin(n / 500)] for n in range(3141)]
    rough = areas(a={"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
    fine = drawn(rough, ("a",), 360).outlines["a"].path
    monkeypatch.setattr("adapters.places.LARGEST", len(fine) // 2)
    assert 20 < len(drawn(rough, ("a",), 360).outlines["a"].path) <= len(fine) // 2


def many(n: int, corners: int) -> Areas:
    """A block of so many small fields, each with so many corners."""
    turns = [2 * pi * one / corners for one in range(corners)]
    rings = [[[x + 0.4 * cos(t), y + 0.4 * sin(t)] for t in (*turns, 0)] for x, y in product(range(n), repeat=2)]
    return areas(**{f"f{at}": {"type": "Polygon", "coordinates": [ring]} for at, ring in enumerate(rings)})


def test_so_many_places_that_even_triangles_are_too_much_have_no_outlines() -> None:
    """Whoever shows them has tiles; and it is known at once."""
    began, fields = monotonic(), many(40, 12)
    assert len(fields.by_code) == 1_600 and drawn(fields, fields.by_code, 360).outlines == {}
    assert monotonic() - began < 20
    some = many(30, 12)
    assert len(drawn(some, some.by_code, 360).outlines) == 900


def test_no_point_is_written_to_a_log(caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level(logging.DEBUG):
        TOWN.place_of(1.234567, 1.765432)
        TOWN.place_of(77.234567, 1.765432)
    said = caplog.text + "".join(capsys.readouterr())
    assert "234567" not in said and "765432" not in said
