"""Rows of another system's file as commands to carry a case over, or as rejected with the reason; one at a time."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NoReturn, TextIO

from adapters.importing.maps import Codes, Map
from adapters.store.tables import WRITABLE
from domain.commands import CarryOver
from domain.jurisdiction import Jurisdiction
from domain.states import Outcome, Source, State
from domain.worktime import EARLIEST, LATEST
from workflow.words import Pair, said

WRITABLE_TEXT = re.compile(WRITABLE)
LONGEST = {"id": 100, "summary": 4000}  # characters
REASONS: Mapping[str, Pair] = {
    "blank": ("“{column}”为空。", "“{column}” is blank."),
    "not_known": ("本辖区没有“{said}”（列“{column}”）；请在映射的 values 中写明。", "The jurisdiction knows no “{said}” (column “{column}”); say what it means under values in the map."),
    "no_time": ("“{said}”不是时间（列“{column}”）。", "“{said}” is no time (column “{column}”)."),
    "out_of_reach": ("“{said}”超出可记录的时间范围（列“{column}”）。", "“{said}” lies beyond the times that can be kept (column “{column}”)."),
    "too_long": ("“{column}”超过 {most} 个字符。", "“{column}” has more than {most} characters."),
    "not_writable": ("“{column}”含有不允许的控制字符。", "“{column}” holds control characters, which cannot be kept."),
    "cells": ("此行的格数与列数不符。", "This row has another number of cells than there are columns."),
    "not_opened_yet": ("在所说的时刻尚未登记。", "At the moment it is said to be seen it was not opened yet."),
    "closed_when": ("状态为已结案，但没有结案时间。", "It is said to be closed, but not when."),
}  # fmt: skip


class UnreadableError(ValueError):
    """The file as a whole cannot be read; its text says where and why."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that says what it must: its id there, and the command."""

    line: int
    id: str
    command: CarryOver


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is not brought in, and why; `sentence` speaks zh or en."""

    line: int
    id: str
    code: str
    sentence: Callable[[str], str] = field(compare=False)


class _No(Exception):  # noqa: N818 - a verdict on one cell
    def __init__(self, code: str, /, **arguments: object) -> None:
        super().__init__(code)
        self.code, self.arguments = code, arguments

    def of(self, line: int, external_id: str) -> Rejected:
        code, arguments = self.code, self.arguments
        return Rejected(line, external_id, code, lambda lang: said(REASONS, code, lang).format(**arguments))


def rows_of(file: TextIO, by: Map, law: Jurisdiction, as_of: datetime) -> Iterator[Row | Rejected]:
    """Each row as it stood at `as_of` (aware): what happened later is not known yet. Raises UnreadableError."""
    reader = csv.DictReader(file, delimiter=by.delimiter, restkey="")
    try:
        missing = [column for column in by.columns if column not in (reader.fieldnames or ())]
        if missing:
            raise UnreadableError(f"the file has no column {', '.join(missing)}")
        for cells in reader:
            yield _row(cells, reader.line_num, by, law, as_of)
    except (csv.Error, UnicodeDecodeError) as error:
        msg = f"from line {reader.line_num + 1} on it cannot be read as {by.encoding} CSV: {error}"
        raise UnreadableError(msg) from None


def _row(
    cells: Mapping[str | None, str | None], line: int, by: Map, law: Jurisdiction, as_of: datetime
) -> Row | Rejected:
    given = Cells({column: (cells[column] or "").strip() for column in by.columns}, by)
    whole = "" not in cells and None not in cells.values()
    try:
        return Row(line, given[by.id], given.command(law, as_of) if whole else _refuse("cells"))
    except _No as no:
        return no.of(line, given[by.id])


def _refuse(code: str, **arguments: object) -> NoReturn:
    raise _No(code, **arguments)


@dataclass(frozen=True, slots=True)
class Cells:
    """What one row says in the columns of its map."""

    said: Mapping[str, str]
    by: Map

    def __getitem__(self, column: str) -> str:
        """A cell, without the blanks around it."""
        return self.said[column]

    def command(self, law: Jurisdiction, as_of: datetime) -> CarryOver:
        """What the row proves; everything else stays unknown."""
        by = self.by
        resolved = self.resolved(as_of)
        return CarryOver(
            state=State.CLOSED if resolved else State.ASSIGNED,
            category=self.code(by.category),
            place=self.code(by.place) if by.place.column else law.code,
            source=Source(self.code(by.source)) if by.source.column else Source.PARTNER,
            department=self.code(by.department),
            opened=self.opened(as_of),
            due=self.time(by.due) if by.due else None,
            resolved=resolved,
            outcome=Outcome.UNKNOWN if resolved else None,
            external_id=self.text(by.id, LONGEST["id"]) or _refuse("blank", column=by.id),
            summary=self.text(by.summary, LONGEST["summary"]) if by.summary else "",
        )

    def opened(self, as_of: datetime) -> datetime:
        """When the case was opened."""
        at = self.time(self.by.opened) or _refuse("blank", column=self.by.opened)
        return at if at <= as_of else _refuse("not_opened_yet")

    def resolved(self, as_of: datetime) -> datetime | None:
        """When the result was there, if it was by then; where a state is said, it must not gainsay that."""
        at = self.time(self.by.resolved)
        if self.by.state and self.is_open():
            return None
        if self.by.state and at is None:
            _refuse("closed_when")
        return at if at is not None and at <= as_of else None

    def is_open(self) -> bool:
        """What the column of states says."""
        word = self[self.by.state]
        is_open = self.by.states.get(word)
        return _refuse("not_known", said=word, column=self.by.state) if is_open is None else is_open

    def time(self, column: str) -> datetime | None:
        """An instant (UTC); None where the cell is blank."""
        text, form = self[column], self.by.times
        if not text:
            return None
        try:
            at = datetime.strptime(text, form) if form else datetime.fromisoformat(text)  # noqa: DTZ007 - the zone follows
        except ValueError:
            _refuse("no_time", said=text, column=column)
        if not EARLIEST < at.date() < LATEST:
            _refuse("out_of_reach", said=text, column=column)
        return (at if at.tzinfo else at.replace(tzinfo=self.by.zone)).astimezone(UTC)

    def code(self, codes: Codes) -> str:
        """The jurisdiction's code for what the cell says."""
        word = self[codes.column]
        missing = "not_known" if word else "blank"
        return codes.code(word) or _refuse(missing, said=word, column=codes.column)

    def text(self, column: str, most: int) -> str:
        """Words that can be kept."""
        text = self[column]
        if len(text) > most:
            _refuse("too_long", column=column, most=most)
        return text if WRITABLE_TEXT.fullmatch(text) else _refuse("not_writable", column=column)


def carried(rows: Iterable[Row | Rejected]) -> list[Row]:
    """Those that were not rejected."""
    return [row for row in rows if isinstance(row, Row)]
