"""Tables as a city's people keep them: CSV out of a spreadsheet, with or without BOM, trailing blanks or empty lines."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import StringIO
from types import MappingProxyType

COMMENT = "#"  # a line, or a column, that begins with it is for people only


@dataclass(frozen=True, slots=True)
class Columns:
    """What a table's first row may say; `named`, `worded`: a column name_zh or text_zh, … for each language."""

    needed: tuple[str, ...]
    possible: tuple[str, ...] = ()
    named: bool = False
    worded: bool = False

    def knows(self, column: str) -> bool:
        """Whether a column means something, or is a remark."""
        said = (*(["name_"] * self.named), *(["text_"] * self.worded))
        meant = column in self.needed or column in self.possible or column.startswith(said)
        return meant or not column or column.startswith(COMMENT)


COLUMNS: Mapping[str, Columns] = MappingProxyType(
    {
        "places.csv": Columns(("code", "parent"), ("rung",), named=True),
        "departments.csv": Columns(("code",), named=True),
        "categories.csv": Columns(
            ("code", "parent"), ("nature", "departments", "handled_at", "external_code", "sensitive"), named=True
        ),
        "limits.csv": Columns(("category", "clock", "urgency", "limit")),
        "things.csv": Columns(("code", "kind", "label", "place")),
        "replies.csv": Columns(("category",), named=True, worded=True),
        "staff.csv": Columns(("staff", "role", "unit"), ("since", "until")),
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row and the line it begins in; `beyond` are cells to the right of the last column."""

    line: int
    cells: Mapping[str, str]
    beyond: tuple[str, ...] = ()

    def __getitem__(self, column: str) -> str:
        """A cell of a column that every row has."""
        return self.cells[column]

    def get(self, column: str) -> str:
        """A cell; '' where the table has no such column."""
        return self.cells.get(column, "")

    def several(self, column: str) -> list[str]:
        """What a cell lists, separated by semicolons."""
        return [part.strip() for part in self.get(column).replace("；", ";").split(";") if part.strip()]


Rows = list[Row]


@dataclass(slots=True)
class Table:
    """The rows under a first row of column names; `broken` is the line from which on it cannot be read, and why."""

    head: list[str] = field(default_factory=list)
    line: int = 1
    rows: Rows = field(default_factory=list)
    broken: tuple[int, str] | None = None


def table_of(text: str) -> Table:
    """A table out of its text. Lines that begin with # are comments."""
    table = Table()
    try:
        for line, cells in _lines(text):
            if not table.head:
                table.head, table.line = [name.lower() for name in cells], line
            else:
                table.rows.append(_row(line, cells, table.head))
    except _BrokenError as broken:
        table.broken = (broken.line, str(broken))
    return table


class _BrokenError(ValueError):
    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    # strict: a quotation mark that is never closed would silently swallow the rest of the file
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise _BrokenError(line, str(error)) from None
        if any(cells) and not cells[0].startswith(COMMENT):
            yield line, cells


def _row(line: int, cells: list[str], head: list[str]) -> Row:
    filled = cells + [""] * (len(head) - len(cells))
    return Row(line, dict(zip(head, filled, strict=False)), tuple(cell for cell in cells[len(head) :] if cell))


def ancestors(row: Row, rows: Mapping[str, Row]) -> tuple[Row, ...] | None:
    """The rows above one, the nearest first, as far as they are known; None where they go in a circle."""
    seen: list[Row] = [row]
    while (above := rows.get(seen[-1]["parent"])) is not None:
        if above in seen:
            return None
        seen.append(above)
    return tuple(seen[1:])
