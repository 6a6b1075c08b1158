"""Rows as a table for a spreadsheet (RFC 4180), or as JSON; a few at a time, however many there are.

A spreadsheet calculates what begins like a formula, drops the zeros before a number, rounds its digits after the
fifteenth, and makes dates of what looks like one. Text stays text here: before the first stands an apostrophe, after the
others a tab, which is not seen. Figures are bare.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from io import StringIO
from typing import Any

from pydantic_core import to_json

from api.figures import figures
from api.pages.reading import Reading

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what a spreadsheet would calculate
# What it would take for a number, a time or a date.
CONVERTED = re.compile(r"[\d.,]+%?|\d+(\.\d+)?[eE][+-]?\d+|\d{1,4}([-/.]\d{1,4}){1,2}|\d{1,2}(:\d{2}){1,2}")
MARK = "\ufeff"  # by which spreadsheets know UTF-8
Cell = str | int | float | date | None
Columns = Mapping[str, Callable[[Reading, Any], Cell]]  # what a column is called, and what stands in it
Rows = Iterable[Sequence[Any]]


def as_csv(v: Reading, columns: Columns, rows: Rows, last: str = "") -> Iterator[str]:
    """The table in the reader's language; `last` is what its last row says, if anything."""
    yield MARK + _text([[v.t(label) for label in columns]])
    for some in rows:
        yield _text([[_written(cell(v, row)) for cell in columns.values()] for row in some])
    if last:
        yield _text([[last]])


def as_json(rows: Rows) -> Iterator[str]:
    """One array, a row to a line: codes, and instants in UTC."""
    before = "[\n"
    for some in rows:
        for row in some:
            yield before + to_json(figures(row)).decode()
            before = ",\n"
    yield "\n]\n" if before != "[\n" else "[]\n"


def _text(rows: Iterable[Sequence[str]]) -> str:
    out = StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _written(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case str():
            return guarded(cell)
        case float():
            return f"{cell:g}"
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M}"
        case _:
            return str(cell)


def guarded(cell: str) -> str:
    """A cell that is text, whatever it begins with or looks like."""
    if cell.startswith(FORMULA):
        return f"'{cell}"
    return f"{cell}\t" if CONVERTED.fullmatch(cell) else cell
