"""The sheets of a jurisdiction, read one by one; whatever is wrong is written down, and reading goes on."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from adapters.jurisdictions.folder import Files
from adapters.jurisdictions.problems import Problem
from adapters.jurisdictions.tables import Row, Rows, rows_of
from adapters.places import Areas
from domain.places import Names
from domain.worktime import Limit

Kind = TypeVar("Kind", bound=StrEnum)


class Sheets:
    """The files of a folder, and what was found wrong with them."""

    def __init__(self, files: Files, problems: list[Problem]) -> None:
        """`problems` is what was found before."""
        self.files, self.problems = files, problems
        self.languages: tuple[str, ...] = ("zh",)
        self.areas = Areas({})

    def note(self, file: str, line: int, code: str, /, **arguments: object) -> None:
        """Write a problem down, and go on."""
        self.problems.append(Problem(file, line, code, arguments))

    def toml(self, file: str) -> dict[str, Any] | None:
        """A TOML file; None where it is missing or broken."""
        if file not in self.files:
            self.note(file, 0, "no_file")
            return None
        try:
            return tomllib.loads(self.files[file])
        except tomllib.TOMLDecodeError as error:
            self.note(file, 0, "not_toml", error=error)
            return None

    def has(self, settings: Mapping[str, Any], file: str, *fields: str) -> bool:
        """Whether the settings say all of these; what is missing is written down."""
        absent = [field for field in fields if field not in settings]
        for field in absent:
            self.note(file, 0, "missing", field=field)
        return not absent

    def rows(self, file: str, *columns: str, optional: bool = False, quiet: bool = False) -> Rows:
        """The rows of a table; none where it is missing. `quiet`: another reading says what is wrong with it."""
        if quiet:
            return rows_of(self.files.get(file, ""), columns)[0]
        if file not in self.files:
            if not optional:
                self.note(file, 0, "no_file")
            return []
        rows, absent = rows_of(self.files[file], columns)
        for column in absent:
            self.note(file, 1, "no_column", field=column)
        return [] if absent else self._once(file, rows) if "code" in columns else rows

    def _once(self, file: str, rows: Rows) -> Rows:
        first: dict[str, int] = {}
        for row in rows:
            code = row["code"]
            if not code:
                self.note(file, row.line, "missing", field="code")
            elif code in first:
                self.note(file, row.line, "duplicate", code=code, first=first[code])
            first.setdefault(code, row.line)
        return [row for row in rows if row["code"] and first[row["code"]] == row.line]

    def names(self, file: str, row: Row) -> Names:
        """The row's names; each declared language must have one."""
        for language in self.languages:
            if not row.get(f"name_{language}"):
                self.note(file, row.line, "no_name", language=language)
        return {
            key.removeprefix("name_"): value for key, value in row.cells.items() if key.startswith("name_") and value
        }

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
            return Limit.parse(text)
        except ValueError:
            self.note(file, line, "not_a_limit", text=text)
            return None
