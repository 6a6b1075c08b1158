"""Places: a tree of district, streets, communities and grids; a place is ground with a duty, never a set of people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

Names = Mapping[str, str]  # language -> name; at least one


class Rung(StrEnum):
    """What kind of place it is; each kind lies in one of the kind before it."""

    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"


@dataclass(frozen=True, slots=True)
class Path:
    """The codes of the places a case lies in, as they were when it was logged; '' where none is known."""

    district: str
    street: str = ""
    community: str = ""
    grid: str = ""

    @property
    def lowest(self) -> str:
        """The code of the smallest known place."""
        return self.grid or self.community or self.street or self.district

    def above(self, code: str) -> "Path":
        """Only the places above `code`, where that is one of them; '' leaves it as it is."""
        known = (self.district, self.street, self.community, self.grid)
        return Path(*known[: known.index(code)]) if code and code in known[1:] else self

    def holds(self, code: str) -> bool:
        """Whether the place `code` is this place or one that contains it."""
        return bool(code) and code in (self.district, self.street, self.community, self.grid)


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the tree."""

    code: str
    rung: Rung
    names: Names
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """The tree, by code."""

    by_code: Mapping[str, Place] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, places: Iterable[Place]) -> "Places":
        """The tree of these places."""
        return cls(MappingProxyType({place.code: place for place in places}))

    def path(self, code: str) -> Path:
        """The places that contain `code`, itself included. KeyError where the code is unknown."""
        found: dict[str, str] = {}
        while code:
            place = self.by_code[code]
            found[place.rung.value] = place.code
            code = place.parent
        return Path(**found)

    def below(self, code: str, rung: Rung) -> tuple[Place, ...]:
        """All places of one rung inside `code`, in code order."""
        inside = (p for p in self.by_code.values() if p.rung is rung and self.path(p.code).holds(code))
        return tuple(sorted(inside, key=lambda p: p.code))
