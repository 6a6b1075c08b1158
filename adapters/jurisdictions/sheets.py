"""The sheets of a jurisdiction, read one by one; whatever is wrong is written down, and reading goes on."""

import tomllib
from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction
from functools import partial
from typing import Any, TypeVar

from adapters.jurisdictions.folder import Files
from adapters.jurisdictions.problems import Problem
from adapters.jurisdictions.settings import Lines, Path, Shape, broken_at, line_of, lines_of, shaped
from adapters.jurisdictions.tables import COLUMNS, Row, Rows, table_of
from domain.places import Names
from domain.worktime import IN_DAYS, Limit

Kind = TypeVar("Kind", bound=StrEnum)
LONGEST = 3660  # days: a longer limit is a slip of the keyboard


class Sheets:
    """The files of a folder, and what was found wrong with them."""

    def __init__(self, files: Files, problems: list[Problem]) -> None:
        """`problems` is what was found before."""
        self.files, self.problems = files, problems
        self.languages: tuple[str, ...] = ()
        self._rows: dict[str, Rows] = {}
        self._lines: dict[str, Lines] = {}
        self._unread = {problem.file for problem in problems}

    def note(self, file: str, line: int, code: str, /, **arguments: object) -> None:
        """Write a problem down, and go on."""
        self.problems.append(Problem(file, line, code, arguments))

    def note_at(self, file: str, path: Path, code: str, /, **arguments: object) -> None:
        """Write down a problem of a setting."""
        self.note(file, self.line(file, *path), code, **arguments)

    def line(self, file: str, *path: str) -> int:
        """The line of a setting; 0 where it is not written."""
        if file not in self._lines:
            self._lines[file] = lines_of(self.files.get(file, ""))
        return line_of(self._lines[file], path)

    def toml(self, file: str, shape: Shape) -> dict[str, Any] | None:
        """What a TOML file says in the shape it should have; None where it is missing or broken."""
        if not self._there(file):
            return None
        text = self.files[file]
        try:
            said = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self.note(file, broken_at(text, error), "not_toml", error=error)
            return None
        kept: dict[str, Any] = shaped(said, shape, partial(self.note_at, file))
        return kept

    def _there(self, file: str, *, optional: bool = False) -> bool:
        if file in self.files:
            return True
        if not optional and file not in self._unread:
            self.note(file, 0, "no_file")
        self._unread.add(file)
        return False

    def rows(self, file: str, *, optional: bool = False) -> Rows:
        """The rows of a table; none where it is missing or cannot be read."""
        if file not in self._rows:
            self._rows[file] = self._read(file) if self._there(file, optional=optional) else []
        return self._rows[file]

    def codes(self, file: str) -> frozenset[str] | None:
        """The codes that stand in a table; None where it cannot be read, and what refers to it not be judged."""
        return frozenset(row["code"] for row in self.rows(file)) if self.could_read(file) else None

    def could_read(self, file: str) -> bool:
        """Whether a table is there and can be read."""
        self.rows(file)
        return file not in self._unread

    def _read(self, file: str) -> Rows:
        table, columns = table_of(self.files[file]), COLUMNS[file]
        absent = [column for column in columns.needed if column not in table.head]
        for column in absent:
            self.note(file, table.line, "no_column", field=column)
        for column in table.head:
            if not columns.knows(column):
                self.note(file, table.line, "unknown_column", field=column)
        if table.broken:
            self.note(file, table.broken[0], "not_csv", error=table.broken[1])
        if absent or table.broken:
            self._unread.add(file)
            return []
        return list(self._sound(file, table.rows))

    def _sound(self, file: str, rows: Rows) -> Iterator[Row]:
        key = COLUMNS[file].needed[0]
        first: dict[str, int] = {}
        for row in rows:
            if row.beyond:
                self.note(file, row.line, "too_many_cells", text=", ".join(row.beyond))
            if not row[key]:
                self.note(file, row.line, "missing", field=key)
            elif key == "code" and row[key] in first:
                self.note(file, row.line, "duplicate", code=row[key], first=first[row[key]])
            else:
                yield row
            first.setdefault(row[key], row.line)

    def names(self, file: str, row: Row) -> Names:
        """The row's names; each declared language must have one."""
        for language in self.languages:
            if not row.get(f"name_{language}"):
                self.note(file, row.line, "no_name", language=language)
        return _by_language(row, "name_")

    def texts(self, file: str, row: Row) -> Names:
        """The row's texts; each declared language must have one."""
        for language in self.languages:
            if not row.get(f"text_{language}"):
                self.note(file, row.line, "no_text", language=language)
        return _by_language(row, "text_")

    def one_of(self, kinds: type[Kind], value: str, file: str, line: int, code: str, name: str) -> Kind | None:
        """A member of an enumeration; None, and a problem, where it is none."""
        try:
            return kinds(value)
        except ValueError:
            self.note(file, line, code, **{name: value, "known": [kind.value for kind in kinds]})
            return None

    def limit(self, text: str, file: str, line: int) -> Limit | None:
        """A limit; None, and a problem, where it is none."""
        try:
            limit = Limit.parse(text)
        except ValueError:
            self.note(file, line, "not_a_limit", text=text)
            return None
        if Fraction(limit.amount) > LONGEST * (1 if limit.unit in IN_DAYS else 24):
            self.note(file, line, "too_long", text=text, days=LONGEST)
            return None
        return limit


def _by_language(row: Row, prefix: str) -> Names:
    return {key.removeprefix(prefix): value for key, value in row.cells.items() if key.startswith(prefix) and value}
