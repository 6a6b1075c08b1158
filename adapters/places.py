"""Which place a point lies in: by polygons, where a jurisdiction has any; the only home of shapely."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shapely import STRtree
from shapely.errors import GEOSException, ShapelyError
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

NEIGHBOURHOOD = 0.0001  # degrees, some 10 m: simplified borders leave slivers between neighbours
WORLD = (-180.0, -90.0, 180.0, 90.0)


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
