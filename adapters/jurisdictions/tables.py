"""Tables as a city's people keep them: CSV out of a spreadsheet, with or without BOM, trailing blanks or empty lines."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO

COMMENT = "#"


@dataclass(frozen=True, slots=True)
class Row:
    """One row and the line it stands in."""

    line: int
    cells: Mapping[str, str]

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


def rows_of(text: str, columns: tuple[str, ...]) -> tuple[Rows, list[str]]:
    """The rows, and the columns that are missing. Lines that begin with # are comments."""
    reader = csv.reader(StringIO(text.lstrip("\ufeff"), newline=""))
    head: list[str] | None = None
    rows: Rows = []
    for cells in reader:
        stripped = [cell.strip() for cell in cells]
        if not any(stripped) or stripped[0].startswith(COMMENT):
            continue
        if head is None:
            head = [name.lower() for name in stripped]
        else:
            rows.append(Row(reader.line_num, dict(zip(head, stripped + [""] * len(head), strict=False))))
    absent = [column for column in columns if column not in (head or [])]
    return ([] if absent else rows), absent
