"""Bringing another system's years in: each row of its file becomes a case that is carried over."""

from adapters.importing.bringing import Brought, Importer, Known, Outcome, bring
from adapters.importing.maps import Map, MapError, read_map, shipped_maps
from adapters.importing.rows import Rejected, UnreadableError, rows_of

__all__ = [
    "Brought",
    "Importer",
    "Known",
    "Map",
    "MapError",
    "Outcome",
    "Rejected",
    "UnreadableError",
    "bring",
    "read_map",
    "rows_of",
    "shipped_maps",
]
