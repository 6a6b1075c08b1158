"""Settings as TOML: of which shape they are, and in which line each of them stands."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import time
from typing import Any, TypeAlias

# A type; a list of one shape; a table by key, where "*" is any other key.
Shape: TypeAlias = "type | list[Shape] | dict[str, Shape]"
Path: TypeAlias = tuple[str, ...]
Lines: TypeAlias = Mapping[Path, int]
Note: TypeAlias = Callable[..., None]  # (path, code, **arguments)

ANY = "*"
WANTED = {
    str: "wants_text",
    list: "wants_list",
    dict: "wants_table",
    int: "wants_whole_number",
    float: "wants_number",
    bool: "wants_yes_or_no",
    time: "wants_time",
}
HEAD = re.compile(r"\s*(\[{1,2})\s*([^\]\s](?:[^\]]*[^\]\s])?)\s*\]")
PART = re.compile(r'"([^"]*)"|([\w-]+)')
KEY = re.compile(rf"\s*((?:{PART.pattern})(?:\s*\.\s*(?:{PART.pattern}))*)\s*=")
AT_LINE = re.compile(r"at line (\d+)")


def shaped(value: Any, shape: Shape, note: Note, path: Path = ()) -> Any:  # noqa: ANN401 - whatever TOML holds
    """What of a value has the shape; None where nothing has. All else is noted."""
    kind = shape if isinstance(shape, type) else type(shape)
    if not _is(value, kind):
        note(path, WANTED[kind], field=".".join(path))
        return None
    if isinstance(shape, dict):
        return _table(value, shape, note, path)
    if isinstance(shape, list):
        fits = (shaped(each, shape[0], note, path) for each in value)
        return [each for each in fits if each is not None]
    return value


def _is(value: object, kind: type) -> bool:
    if isinstance(value, bool):
        return kind is bool
    return isinstance(value, (int, float) if kind is float else kind)


def _table(value: Mapping[str, Any], shape: Mapping[str, Shape], note: Note, path: Path) -> dict[str, Any]:
    kept = {}
    for key, said in value.items():
        wanted = shape.get(key, shape.get(ANY))
        if wanted is None:
            note((*path, key), "unknown_field", field=".".join((*path, key)))
        elif (fits := shaped(said, wanted, note, (*path, key))) is not None:
            kept[key] = fits
    return kept


def lines_of(text: str) -> Lines:
    """In which line each key and each section begins; the n-th of several sections of one name is (name, "n")."""
    found: dict[Path, int] = {}
    nth: Counter[Path] = Counter()
    section: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if head := HEAD.match(line):
            section = _path(head[2])
            if head[1] == "[[":
                nth[section] += 1
                section = (*section, str(nth[section]))
            found.setdefault(section, number)
        elif key := KEY.match(line):
            found.setdefault((*section, *_path(key[1])), number)
    return found


def _path(dotted: str) -> Path:
    return tuple(quoted or bare for quoted, bare in PART.findall(dotted))


def line_of(lines: Lines, path: Path) -> int:
    """The line of a key, else of what it stands in; 0 where neither is written."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 0)


def broken_at(text: str, error: tomllib.TOMLDecodeError) -> int:
    """The line that a text stops being TOML in."""
    at = AT_LINE.search(str(error))
    return int(at[1]) if at else len(text.splitlines())
