"""Which place a point lies in: by polygons, where a jurisdiction has any; the only home of shapely."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shapely import STRtree
from shapely.errors import GEOSException, ShapelyError
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry

NEIGHBOURHOOD = 0.0006  # degrees, some 50 m: simplified borders leave slivers between neighbours


class AreaError(ValueError):
    """A GeoJSON that is no collection of features with codes."""


@dataclass(frozen=True, slots=True)
class Areas:
    """Polygons by place code (WGS 84, longitude before latitude)."""

    by_code: Mapping[str, BaseGeometry]

    @classmethod
    def read(cls, collection: Mapping[str, Any], code: str = "code") -> tuple["Areas", list[str]]:
        """The polygons of a FeatureCollection, and the codes whose polygon is not valid. Raises AreaError."""
        if collection.get("type") != "FeatureCollection":
            msg = "a FeatureCollection is expected"
            raise AreaError(msg)
        found, bad = {}, []
        for feature in collection.get("features", []):
            name = str(feature.get("properties", {}).get(code, ""))
            polygon = _polygon(feature.get("geometry"))
            if not name or polygon is None:
                bad.append(name or "?")
            else:
                found[name] = polygon
        return cls(found), bad


def _polygon(geometry: Mapping[str, Any] | None) -> BaseGeometry | None:
    try:
        polygon = shape(geometry)
    except (GEOSException, ShapelyError, AttributeError, KeyError, TypeError, ValueError):
        return None
    return polygon if polygon.geom_type in ("Polygon", "MultiPolygon") and polygon.is_valid else None


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
        """The code of the smallest place that holds the point, or is within 50 m of it; None at sea."""
        point = Point(longitude, latitude)
        found = self._tree.query(point, predicate="intersects")
        if not len(found):
            found = self._tree.query_nearest(point, max_distance=NEIGHBOURHOOD)
        return self._codes[int(min(found))] if len(found) else None
