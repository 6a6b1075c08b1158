"""A map as data: how many open cases each place has, as a shade and a figure, where it leads, and where it is drawn."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from adapters.boards.spots import Spot
from adapters.places import Drawing, Outline
from api.pages.scales import Shades
from api.pages.small_counts import FEWEST, shown
from domain.places import Place, Places, Rung

WIDTH = 360
SIZE = 13  # of the figures on the map
DIGIT, MARK = 0.62, 1.0  # how wide, of that
PREFERRED = {Rung.DISTRICT: (Rung.COMMUNITY, Rung.STREET, Rung.GRID), Rung.STREET: (Rung.GRID, Rung.COMMUNITY)}
HOT = "▲"
SHORTEST = 2  # characters that are left of a name, and that the names of a group must share


@dataclass(frozen=True, slots=True)
class Spotted:
    """A place on the map. `told` is its figure as it may be read; `hot` how many hot spots lie in it, or it in."""

    code: str
    parent: str
    told: str
    shade: int
    hot: int
    outline: Outline | None

    @property
    def label(self) -> str:
        """What is written into it."""
        return f"{self.told} {HOT}" if self.hot else self.told

    @property
    def fits(self) -> bool:
        """Whether there is room for that in its outline."""
        wide = SIZE * (DIGIT * len(self.told) + (DIGIT + MARK) * bool(self.hot))
        return self.outline is not None and (wide**2 + SIZE**2) ** 0.5 / 2 <= self.outline.room


@dataclass(frozen=True, slots=True)
class Group:
    """Tiles side by side: the places inside one parent."""

    parent: str
    tiles: tuple[Spotted, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """All places of one rung, outlined as far as there are polygons."""

    rung: Rung
    places: tuple[Spotted, ...]
    shades: Shades
    width: float
    height: float
    none: str = "0"  # how a place without any is told
    total: str = ""  # of all places, and of cases whose place is not known so closely; '' where it is not told
    elsewhere: str = ""  # of those; '' where there are none

    @property
    def outlined(self) -> tuple[Spotted, ...]:
        """The places with an outline; those with a hot spot come last, so that no neighbour covers their border."""
        return tuple(sorted((place for place in self.places if place.outline), key=lambda place: place.hot > 0))

    @property
    def groups(self) -> tuple[Group, ...]:
        """The others, as tiles by parent."""
        found: dict[str, list[Spotted]] = {}
        for place in self.places:
            if not place.outline:
                found.setdefault(place.parent, []).append(place)
        return tuple(Group(parent, tuple(tiles)) for parent, tiles in found.items())


def rung_of(of: Rung, wanted: str, places: Mapping[Rung, Sequence[Place]], drawn: Collection[str]) -> Rung:
    """What is shown: what was asked for; else the first that has outlines; else the usual one."""
    usual = [rung for rung in PREFERRED[of] if places[rung]] or [PREFERRED[of][0]]
    outlined = (rung for rung in usual if any(place.code in drawn for place in places[rung]))
    return next((rung for rung in PREFERRED[of] if rung == wanted), None) or next(outlined, usual[0])


def mapped(
    places: Sequence[Place], rung: Rung, counts: Mapping[str, int], hot: Mapping[str, int], drawing: Drawing
) -> Map:
    """The map of some places of one rung, for staff."""
    known = {place.code: counts.get(place.code, 0) for place in places}
    told, total = {code: str(n) for code, n in known.items()}, sum(counts.values())
    elsewhere = total - sum(known.values())
    more = {"total": str(total), "elsewhere": str(elsewhere) if elsewhere else ""}
    return _map(places, rung, known, told, hot, drawing, 1, **more)


def openly_mapped(
    places: Sequence[Place], rung: Rung, counts: Mapping[str, int], told: Mapping[str, str], drawing: Drawing
) -> Map:
    """The map for everybody: what is not told as a figure has no shade, nothing has a mark, and no sum is told."""
    known = {place.code: counts.get(place.code, 0) * told[place.code].isdigit() for place in places}
    return _map(places, rung, known, told, {}, drawing, FEWEST, none=shown(0))


def _map(
    places: Sequence[Place],
    rung: Rung,
    counts: Mapping[str, int],
    told: Mapping[str, str],
    hot: Mapping[str, int],
    drawing: Drawing,
    least: int,
    **more: str,
) -> Map:
    shades, outlines = Shades(max(counts.values(), default=0), least), drawing.outlines
    found = (
        Spotted(
            one.code,
            one.parent,
            told[one.code],
            shades.of(counts[one.code]),
            hot.get(one.code, 0),
            outlines.get(one.code),
        )
        for one in places
    )
    return Map(rung, tuple(found), shades, drawing.width, drawing.height, **more)


def hot_by(spots: Sequence[Spot], places: Places, rung: Rung) -> dict[str, int]:
    """How many hot spots lie in each place of a rung; a grid has those of its community."""
    found: dict[str, int] = {}
    for spot in spots:
        for code in _touched(spot.community, places, rung):
            found[code] = found.get(code, 0) + 1
    return found


def _touched(community: str, places: Places, rung: Rung) -> Iterator[str]:
    if community not in places.by_code:
        return
    if rung is Rung.GRID:
        yield from (place.code for place in places.below(community, Rung.GRID))
    else:
        yield community if rung is Rung.COMMUNITY else places.path(community).street


def short_names(parent: str, names: Sequence[str]) -> tuple[str, ...]:
    """Names without what each of them shares with its parent's: under Raosai Community it is grid 1, not Raosai Community grid 1."""
    shared = _shared(parent, *names) if len(names) > 1 else ""
    kept = [name[len(shared) :].strip() for name in names]
    whole = len(shared) >= SHORTEST and all(len(name) >= SHORTEST for name in kept) and _ends_a_word(shared, names)
    return tuple(kept) if whole else tuple(names)


def _shared(*names: str) -> str:
    """What all of them begin with."""
    alike = takewhile(lambda letters: len(set(letters)) == 1, zip(*names, strict=False))
    return "".join(letters[0] for letters in alike)


def _ends_a_word(shared: str, names: Sequence[str]) -> bool:
    """In Latin letters a word is not cut in two."""
    return not all(shared[-1].isascii() and shared[-1].isalnum() and name[len(shared)].isalnum() for name in names)
