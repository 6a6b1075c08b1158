"""A small sound folder with everything in it, to be spoilt in one place at a time."""

import shutil
from collections.abc import Callable
from pathlib import Path

from adapters.jurisdictions import shipped

Spoil = Callable[[Path], object]
SQUARE = '{"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]]}'
AREAS = f"""{{"type": "FeatureCollection", "features": [
{{"properties": {{"code": "100-1"}}, "geometry": {SQUARE}}},
{{"properties": {{"code": "100-2"}}, "geometry": {SQUARE}}}
]}}
"""
THINGS = "code,kind,label,place\nlamp-1,component,Lamp 1,100-1-1-1\nhall,building,Hall,100-2\n"
REPLIES = """category,name_zh,name_en,text_zh,text_en
01,看过,looked at,已看过。,It was looked at.
*,办好,done,已办好。,It is done.
"""
CALENDAR = """code = "town"
version = "1"
known_until = 2026-12-31

[[off]]
from = 2026-01-01
to = 2026-01-03
name = "new year"
source = "notice 1"

[[worked]]
on = 2026-01-04
name = "new year"
source = "notice 1"
"""


def town(folder: Path) -> Path:
    """The minimal jurisdiction with a register, a calendar and polygons."""
    shutil.copytree(shipped("minimal"), folder)
    more_files = {"things.csv": THINGS, "places/streets.geojson": AREAS, "calendars/town.toml": CALENDAR}
    for name, text in {**more_files, "replies.csv": REPLIES}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    swap("jurisdiction.toml", 'calendar = ""', 'calendar = "town"')(folder)
    return folder


def swap(file: str, old: str, new: str) -> Spoil:
    """Something else instead of what stands in a file once at least."""

    def spoil(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


def more(file: str, line: str) -> Spoil:
    """One more line at the end of a file."""

    def spoil(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8") as out:
            out.write(line + "\n")

    return spoil


def instead(file: str, text: str | bytes) -> Spoil:
    """Another file, or one more."""
    content = text if isinstance(text, bytes) else text.encode()
    return lambda folder: (folder / file).write_bytes(content)


def without(file: str) -> Spoil:
    """One file less."""
    return lambda folder: (folder / file).unlink()


def both(first: Spoil, second: Spoil) -> Spoil:
    """One after the other."""

    def spoil(folder: Path) -> None:
        first(folder)
        second(folder)

    return spoil
