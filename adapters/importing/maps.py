"""A map says how the columns of another system's file become a case; data, checked with its lines before a row is read."""

import codecs
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.jurisdictions.problems import Problem
from adapters.jurisdictions.settings import Shape, broken_at, line_of, lines_of, shaped
from domain.jurisdiction import Jurisdiction
from domain.states import Source

SHIPPED = Path(__file__).parent / "maps"
CODES: Shape = {"column": str, "values": {"*": str}, "blank": str, "otherwise": str}
SHAPE: Shape = {
    "system": str,
    "id": str,
    "opened": str,
    "due": str,
    "resolved": str,
    "summary": str,
    "zone": str,
    "times": str,
    "encoding": str,
    "delimiter": str,
    "category": CODES,
    "place": CODES,
    "department": CODES,
    "source": CODES,
    "state": {"column": str, "open": [str], "closed": [str]},
}
NEEDED = (("system",), ("id",), ("opened",), ("resolved",), ("category", "column"), ("department", "column"))


class MapError(ValueError):
    """A map that cannot be used; it says all that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """At least one problem."""
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.text("en") for problem in self.problems))


@dataclass(frozen=True, slots=True)
class Codes:
    """How the words of a column become codes: by the map's own values, else as a code or a name of the jurisdiction."""

    column: str
    values: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, str] = field(default_factory=dict)  # words, folded -> code; those of several codes left out
    blank: str = ""
    otherwise: str = ""

    def code(self, said: str) -> str:
        """The code that is meant; '' where none is."""
        if not said:
            return self.blank
        return self.values.get(said) or self.known.get(folded(said)) or self.otherwise


@dataclass(frozen=True, slots=True)
class Map:
    """A checked map, for one jurisdiction."""

    system: str  # with a row's id it names a case for ever
    id: str
    opened: str
    resolved: str
    zone: ZoneInfo  # of times that name none
    category: Codes
    place: Codes
    department: Codes
    source: Codes
    state: str = ""
    states: Mapping[str, bool] = field(default_factory=dict)  # word of the state column -> is it open
    due: str = ""
    summary: str = ""
    times: str = ""  # as strptime reads them; ISO 8601 where nothing is said
    encoding: str = "utf-8-sig"
    delimiter: str = ","

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the file must have."""
        codes = (self.category, self.place, self.department, self.source)
        said = (self.id, self.opened, self.resolved, self.due, self.summary, self.state, *(one.column for one in codes))
        return tuple(dict.fromkeys(column for column in said if column))


def shipped_maps() -> dict[str, Path]:
    """The maps that come with the product, by name."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.toml"))}


def read_map(path: Path, law: Jurisdiction) -> Map:
    """The map in a file, for a jurisdiction. Raises MapError, OSError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise MapError([Problem(path.name, 0, "not_utf8")]) from None
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MapError([Problem(path.name, broken_at(text, error), "not_toml", {"error": error})]) from None
    problems: list[Problem] = []
    lines = lines_of(text)

    def note(where: tuple[str, ...], code: str, /, **arguments: object) -> None:
        problems.append(Problem(path.name, line_of(lines, where), code, arguments))

    kept = shaped(said, SHAPE, note)
    for where, code, arguments in _wrong(kept, law):
        note(where, code, **arguments)
    if problems:
        raise MapError(sorted(problems, key=lambda problem: problem.line))
    return _made(kept, law)


Fault = tuple[tuple[str, ...], str, dict[str, object]]


def _wrong(said: Mapping[str, Any], law: Jurisdiction) -> Iterator[Fault]:
    for path in NEEDED:
        if not _at(said, path):
            yield path, "missing", {"field": ".".join(path)}
    try:
        ZoneInfo(said.get("zone", law.calendar.zone))
    except (ZoneInfoNotFoundError, ValueError):
        yield ("zone",), "no_such_zone", {"zone": said["zone"]}
    if len(said.get("delimiter", ",")) != 1:
        yield ("delimiter",), "one_character", {"field": "delimiter"}
    try:
        codecs.lookup(said.get("encoding", "utf-8"))
    except LookupError:
        yield ("encoding",), "no_such_encoding", {"encoding": said["encoding"]}
    if "state" in said and not said["state"].get("column"):
        yield ("state",), "missing", {"field": "state.column"}
    for name, codes in _codes(law).items():
        for where, code in _named(name, said.get(name, {})):
            if code not in codes:
                yield where, f"no_such_{name}", {"code": code, name: code, "known": sorted(codes)}


def _at(said: Mapping[str, Any], path: tuple[str, ...]) -> object:
    found: Any = said
    for part in path:
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _named(name: str, said: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The codes that a table names itself, and where."""
    for word, code in said.get("values", {}).items():
        yield (name, "values", word), code
    for either in ("blank", "otherwise"):
        if code := said.get(either):
            yield (name, either), code


def _codes(law: Jurisdiction) -> dict[str, dict[str, tuple[str, ...]]]:
    """What the jurisdiction calls what: code -> its other words."""
    leaves = (category for category in law.taxonomy.by_code.values() if category.is_leaf)
    return {
        "category": {one.code: (*one.names.values(), one.external_code) for one in leaves},
        "place": {one.code: tuple(one.names.values()) for one in law.places.by_code.values()},
        "department": {one.code: tuple(one.names.values()) for one in law.departments.values()},
        "source": {source.value: () for source in Source},
    }


def _known(codes: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Each word and the one code it can mean; a code itself is always understood."""
    meant: dict[str, set[str]] = {}
    for code, words in codes.items():
        for word in words:
            meant.setdefault(folded(word), set()).add(code)
    once = {word: next(iter(of)) for word, of in meant.items() if word and len(of) == 1}
    return {**once, **{folded(code): code for code in codes}}


def folded(said: str) -> str:
    """Words as they are compared: case and spaces do not count."""
    return " ".join(said.casefold().split())


def _made(said: Mapping[str, Any], law: Jurisdiction) -> Map:
    words = _codes(law)
    somewhere = {"blank": law.code, **said.get("place", {})}
    state = said.get("state", {})
    return Map(
        category=_translation(said["category"], words["category"]),
        place=_translation(somewhere, words["place"]),
        department=_translation(said["department"], words["department"]),
        source=_translation(said.get("source", {}), words["source"]),
        state=state.get("column", ""),
        states=dict.fromkeys(state.get("open", ()), True) | dict.fromkeys(state.get("closed", ()), False),
        zone=ZoneInfo(said.get("zone", law.calendar.zone)),
        **{name: said[name] for name in PLAIN if name in said},
    )


PLAIN = ("system", "id", "opened", "due", "resolved", "summary", "times", "encoding", "delimiter")


def _translation(said: Mapping[str, Any], codes: Mapping[str, tuple[str, ...]]) -> Codes:
    column, values = said.get("column", ""), said.get("values", {})
    return Codes(column, values, _known(codes), said.get("blank", ""), said.get("otherwise", ""))
