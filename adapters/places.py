"""Which place a point lies in, and how places are drawn: by polygons, where a jurisdiction has any; the only home of shapely."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, radians
from typing import Any

from shapely import STRtree, maximum_inscribed_circle
from shapely.affinity import affine_transform
from shapely.errors import GEOSException, ShapelyError
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

NEIGHBOURHOOD = 0.0001  # degrees, some 10 m: simplified borders leave slivers between neighbours
WORLD = (-180.0, -90.0, 180.0, 90.0)
LARGEST = 40_000  # characters of all outlines of one map
FINEST, COARSER = 0.2, 1.5  # units: what is simplified at first, and how much more each time it is still too large
HIGHEST = 1.5  # times as high as wide
MARGIN = 2  # units
TINY = 1e-9  # degrees


class AreaError(ValueError):
    """A GeoJSON that is no collection of features with codes."""


@dataclass(frozen=True, slots=True)
class Areas:
    """Polygons by place code (WGS 84, longitude before latitude)."""

    by_code: Mapping[str, BaseGeometry]

    @classmethod
    def read(cls, collection: object, code: str = "code") -> tuple["Areas", list[tuple[str, str]]]:
        """The polygons of a FeatureCollection by a property, and what is wrong: code, problem. Raises AreaError."""
        found: dict[str, BaseGeometry] = {}
        bad: list[tuple[str, str]] = []
        for number, feature in enumerate(_features(collection), start=1):
            name, polygon = _name(feature, code), _polygon(feature)
            if not name or polygon is None:
                bad.append((name or f"feature {number}", "no_polygon"))
            elif not _in_the_world(polygon):
                bad.append((name, "outside_the_world"))
            elif name in found:
                bad.append((name, "area_twice"))
            else:
                found[name] = polygon
        return cls(found), bad


def _features(collection: object) -> list[Any]:
    if isinstance(collection, Mapping) and collection.get("type") == "FeatureCollection":
        features = collection.get("features")
        if isinstance(features, list):
            return features
    msg = "a FeatureCollection with a list of features is expected"
    raise AreaError(msg)


def _name(feature: object, code: str) -> str:
    properties = feature.get("properties") if isinstance(feature, Mapping) else None
    value = properties.get(code) if isinstance(properties, Mapping) else None
    return "" if value is None else str(value)


def _polygon(feature: object) -> BaseGeometry | None:
    try:
        polygon = shape(feature["geometry"]) if isinstance(feature, Mapping) else None
    except (GEOSException, ShapelyError, AttributeError, KeyError, IndexError, TypeError, ValueError):
        return None
    if polygon is None or polygon.geom_type not in ("Polygon", "MultiPolygon"):
        return None
    return polygon if polygon.is_valid and not polygon.is_empty else None


def _in_the_world(polygon: BaseGeometry) -> bool:
    west, south, east, north = polygon.bounds
    return bool(WORLD[0] <= west and WORLD[1] <= south and east <= WORLD[2] and north <= WORLD[3])


@dataclass(frozen=True)
class Router:
    """Finds the smallest place that holds a point."""

    areas: Areas
    _codes: list[str] = field(init=False)
    _tree: STRtree = field(init=False)

    def __post_init__(self) -> None:
        """The smaller places come first."""
        smaller = sorted(self.areas.by_code.items(), key=lambda item: item[1].area)
        object.__setattr__(self, "_codes", [code for code, _ in smaller])
        object.__setattr__(self, "_tree", STRtree([polygon for _, polygon in smaller]))

    def place_of(self, longitude: float, latitude: float) -> str | None:
        """The code of the smallest place that holds the point, or is within 10 m of it; None at sea."""
        point = Point(longitude, latitude)
        found = self._tree.query(point, predicate="intersects")
        if not len(found):
            found = self._tree.query_nearest(point, max_distance=NEIGHBOURHOOD)
        return self._codes[int(min(found))] if len(found) else None


@dataclass(frozen=True, slots=True)
class Outline:
    """A place as it is drawn: an SVG path, and a point inside with a free circle of `room` around it for words."""

    path: str
    x: float
    y: float
    room: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """Outlines on a sheet, by code; north is at the top."""

    width: float
    height: float
    outlines: Mapping[str, Outline]


def drawn(areas: Areas, codes: Collection[str], width: float) -> Drawing:
    """The polygons of some places on a sheet of a width, in 40,000 characters at most; none where so many cannot be."""
    known = {code: areas.by_code[code] for code in codes if code in areas.by_code}
    if not known:
        return Drawing(width, 0, {})
    flat, height = _projected(known, width)
    paths = _few_enough(flat, width)
    return Drawing(width, height, {code: _outline(path, flat[code]) for code, path in paths.items()})


def _few_enough(areas: Mapping[str, BaseGeometry], width: float) -> dict[str, str]:
    """The finest paths that are small enough; none where even the coarsest are not, for a ring keeps three corners."""
    fine = FINEST
    while fine < width:
        paths = _paths(areas, fine)
        if sum(map(len, paths.values())) <= LARGEST:
            return paths
        fine *= COARSER
    return {}


def _projected(areas: Mapping[str, BaseGeometry], width: float) -> tuple[dict[str, BaseGeometry], float]:
    """On a plane: a degree of longitude is as much shorter as it is in the middle of the map."""
    west, south, east, north = _bounds(areas)
    narrower = cos(radians((south + north) / 2))
    room, wide, high = width - 2 * MARGIN, max((east - west) * narrower, TINY), max(north - south, TINY)
    scale = min(room / wide, HIGHEST * room / high)
    left = (width - wide * scale) / 2
    across, down = narrower * scale, -scale
    plane = (across, 0, 0, down, left - west * across, MARGIN - north * down)
    return {code: affine_transform(area, plane) for code, area in areas.items()}, round(high * scale + 2 * MARGIN, 1)


def _bounds(areas: Mapping[str, BaseGeometry]) -> tuple[float, float, float, float]:
    west, south, east, north = zip(*(area.bounds for area in areas.values()), strict=True)
    return min(west), min(south), max(east), max(north)


def _paths(areas: Mapping[str, BaseGeometry], fine: float) -> dict[str, str]:
    return {code: "".join(_rings(area.simplify(fine))) for code, area in areas.items()}


def _rings(area: BaseGeometry) -> Iterator[str]:
    """Every ring to a tenth of a unit, each point by how far it is from the one before."""
    for polygon in getattr(area, "geoms", (area,)):
        for ring in (polygon.exterior, *polygon.interiors):
            points = [(round(x * 10), round(y * 10)) for x, y in ring.coords[:-1]]
            moves = [(x - a, y - b) for (a, b), (x, y) in pairwise(points)]
            first, *others = [f"{x / 10:g} {y / 10:g}" for x, y in (points[0], *(move for move in moves if any(move)))]
            yield f"M{first}l{' '.join(others)}z"


def _outline(path: str, area: BaseGeometry) -> Outline:
    circle = maximum_inscribed_circle(area, tolerance=0.5)
    x, y = circle.coords[0]
    return Outline(path, round(x, 1), round(y, 1), round(circle.length, 1))
