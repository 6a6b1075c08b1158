"""Rows become cases, some hundreds in one transaction, in the order of the file; repeating it adds nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Engine

from adapters.importing.rows import Rejected, Row, carried
from adapters.store.known import begun
from domain.actors import Actor, Role
from workflow.ask import Refused
from workflow.casework import Casework, ContendedError, Done, Order
from workflow.refusals import sentence

TOGETHER = 500  # rows in one transaction
TRIES = 10
NAMES = UUID("5f0a2f4e-6f4a-4d0e-9d6b-7a2c1d8e0b53")  # of the ids that are made from another system's


@dataclass(frozen=True, slots=True)
class Brought:
    """A row that became a case."""

    row: Row
    case: UUID
    position: int


@dataclass(frozen=True, slots=True)
class Known:
    """A row whose case is here already."""

    row: Row
    case: UUID


Outcome = Brought | Known | Rejected


@dataclass(frozen=True, slots=True)
class Importer:
    """Carries cases of one system over into one district; `log` is where the events are."""

    casework: Casework
    log: Engine
    district: str
    system: str
    as_of: datetime  # the moment the file was seen; what is written is recorded at it
    write: bool = True  # else it is only said what would become of each row

    def id_of(self, external_id: str) -> UUID:
        """The same id for the same row, whoever brings it and how often."""
        return uuid5(NAMES, f"{self.district}/{self.system}/{external_id}")

    def brought(self, rows: Sequence[Row | Rejected]) -> list[Outcome]:
        """What became of some rows, in their order. Raises ContendedError, and what the store raises."""
        for _ in range(TRIES):
            ids = [self.id_of(row.id) for row in carried(rows)]
            here = begun(self.log, ids)
            try:
                return list(self._told(rows, here))
            except ContendedError:
                continue  # another import was first with some of them: look again
        raise ContendedError(self.system)

    def _told(self, rows: Sequence[Row | Rejected], here: set[UUID]) -> Iterator[Outcome]:
        new: dict[UUID, Row] = {}
        for fine in carried(rows):
            if self.id_of(fine.id) not in here:
                new.setdefault(self.id_of(fine.id), fine)
        done = self.casework.carry_over({case: self._order(row) for case, row in new.items()}, write=self.write)
        for row in rows:
            yield row if isinstance(row, Rejected) else self._one(row, new, done)

    def _one(self, row: Row, new: dict[UUID, Row], done: dict[UUID, Done | Refused]) -> Outcome:
        case = self.id_of(row.id)
        became = done.get(case)
        if became is None or new[case] is not row:
            return Known(row, case)
        if isinstance(became, Refused):
            return Rejected(row.line, row.id, became.code, lambda lang: sentence(became, lang))
        return Brought(row, case, became.position)

    def _order(self, row: Row) -> Order:
        partner = Actor(self.system, Role.PARTNER, self.district)
        return Order(command=row.command, actor=partner, now=self.as_of, id=uuid4())


def bring(importer: Importer, rows: Iterable[Row | Rejected]) -> Iterator[Outcome]:
    """Bring rows in, batch by batch; what was told is on disk. Cut off anywhere, it may simply be begun again."""
    waiting = iter(rows)
    while batch := list(islice(waiting, TOGETHER)):
        yield from importer.brought(batch)
