"""Invented case files: the demo's month, played in memory, then as many copies of it as a log is to hold."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

from adapters.jurisdictions import read, shipped
from adapters.jurisdictions.reading import read_files
from adapters.sealing import MasterKey, Sealing, new_master_key, open_keys
from api.demo_month import Month
from domain.entries import Entry
from domain.jurisdiction import Jurisdiction
from tests.lives import Memory
from workflow.casework import Done, Order
from workflow.ledger import name_of, written

CITY = "chengguan"
CASES = 400  # that are different; every other case is a copy of one of them
SEED = 7


@cache
def law() -> Jurisdiction:
    """The shipped jurisdiction, as its first edition has it."""
    found = read(shipped(CITY))
    first = read_files(dict(found.files), f"{found.jurisdiction.code}@1").found
    if first is None:
        raise LookupError(CITY)
    return first


def sealing() -> Sealing:
    """Sealing with keys that nobody keeps."""
    return Sealing(open_keys("sqlite://", MasterKey.of(new_master_key())))


class Sealed(Memory):
    """Case files in a dict, whose words are sealed as in a store."""

    def __init__(self) -> None:
        """Nothing has happened."""
        super().__init__(law())
        self._sealing = sealing()

    def open_case(self, case: UUID, order: Order) -> Done:
        """As Casework.open_case."""
        return super().open_case(case, self._sealed(case, order))

    def handle(self, case: UUID, order: Order) -> Done:
        """As Casework.handle."""
        return super().handle(case, self._sealed(case, order))

    def _sealed(self, case: UUID, order: Order) -> Order:
        return replace(order, command=self._sealing.seal(case, order.command))


@dataclass(frozen=True, slots=True)
class Line:
    """One stored entry of the invented month, without its place in a log."""

    case: UUID
    version: int
    name: str
    body: bytes
    recorded_at: datetime

    @classmethod
    def of(cls, entry: Entry) -> "Line":
        """An entry as it is written."""
        return cls(entry.case, entry.version, name_of(entry.event), written(entry), entry.recorded_at)


@cache
def files_of_the_month() -> list[list[Entry]]:
    """The case files of a month that ended yesterday."""
    casework, until = Sealed(), datetime.now(UTC) - timedelta(days=1)
    for _ in Month(casework, law(), until, Random(SEED), CASES).played():  # type: ignore[arg-type]  # behaves as one
        pass
    return list(casework.files.values())


@cache
def month() -> tuple[Line, ...]:
    """Every entry of the month, in order of time."""
    lines = (Line.of(entry) for file in files_of_the_month() for entry in file)
    return tuple(sorted(lines, key=lambda line: line.recorded_at))


def log_rows(lines: Sequence[Line], count: int) -> Iterator[tuple[Any, ...]]:
    """Rows of the log: every entry once for each copy of its case, by time, so that the copies go on side by side."""
    copies = -(-count // len(lines))
    ids = {line.case: _ids(line.case, copies) for line in lines}
    rows = ((case, line) for line in lines for case in ids[line.case])
    for position, (case, line) in enumerate(islice(rows, count), 1):
        yield position, case, line.version, line.name, line.body, line.recorded_at


def _ids(case: UUID, copies: int) -> list[UUID]:
    dice = Random(case.int)
    return [UUID(int=dice.getrandbits(128), version=4) for _ in range(copies)]


def files(entries: Iterable[Entry], cases: Iterable[UUID], first: int = 1) -> Iterator[tuple[Any, ...]]:
    """Rows of the log: the same case file for each of these cases."""
    lines = [Line.of(entry) for entry in entries]
    rows = ((case, line) for case in cases for line in lines)
    for position, (case, line) in enumerate(rows, first):
        yield position, case, line.version, line.name, line.body, line.recorded_at
