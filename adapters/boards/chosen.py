"""Cases as they are taken out: all that meet the filters, however many, a few at a time and in one look."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Row, Select, func, select

from adapters.boards.register import CaseLine, line, listed
from adapters.boards.tables import assignments, cases, checkpoint, parked
from adapters.store.errors import explained
from domain.permissions import Reach

AT_ONCE = 500  # rows that are in memory
POSITION = select(checkpoint.c.position).where(checkpoint.c.name == "boards").scalar_subquery()


@dataclass(frozen=True, slots=True)
class Chosen:
    """A case that is taken out, and the position up to which its file is: the same for all of one look."""

    case: UUID
    number: str
    street: str
    position: int


@dataclass(frozen=True, slots=True)
class Duty:
    """One assignment of a unit, at work or not."""

    case: UUID
    number: str
    category: str
    street: str
    part: str
    run: int
    state: str
    since: datetime
    acknowledged: datetime | None
    reported_in: datetime | None
    ended: datetime | None
    due: datetime | None
    late: bool


def lines(engine: Engine, reach: Reach, filters: Mapping[str, str], now: datetime) -> Iterator[tuple[CaseLine, ...]]:
    """Every case within reach that meets the filters, newest first. `engine` must be one that opens transactions."""
    for rows in _looked(engine, listed(engine, reach, filters, now)):
        yield tuple(line(row, now) for row in rows)


def chosen(
    engine: Engine, reach: Reach, filters: Mapping[str, str], now: datetime, most: int | None = None
) -> Iterator[tuple[Chosen, ...]]:
    """The same cases, at most so many, to be read from the log; those that cannot be told are left out."""
    columns = (cases.c.case, cases.c.number, cases.c.street, POSITION.label("position"))
    told = cases.c.case.not_in(select(parked.c.case))
    wanted = listed(engine, reach, filters, now).where(told).with_only_columns(*columns, maintain_column_froms=True)
    for rows in _looked(engine, wanted.limit(most)):
        yield tuple(Chosen(row.case, row.number, row.street, row.position) for row in rows)


def duties(engine: Engine, unit: str) -> Iterator[tuple[Duty, ...]]:
    """Every assignment that a unit ever had, newest case first."""
    joined = assignments.join(cases, cases.c.case == assignments.c.case)
    wanted = select(assignments, cases.c.number, cases.c.category).select_from(joined)
    order = (assignments.c.first.desc(), assignments.c.run.desc())
    for rows in _looked(engine, wanted.where(assignments.c.unit == unit).order_by(*order)):
        yield tuple(_duty(row) for row in rows)


def how_many_duties(engine: Engine, unit: str) -> int:
    """How many those are."""
    joined = assignments.join(cases, cases.c.case == assignments.c.case)
    with explained(), engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(joined).where(assignments.c.unit == unit)) or 0


def _duty(row: Row[Any]) -> Duty:
    return Duty(
        row.case, row.number, row.category, row.street, row.part, row.run, row.state, row.since, row.acknowledged,
        row.reported_in, row.ended, row.due, bool(row.late),
    )  # fmt: skip


def _looked(engine: Engine, wanted: Select[Any]) -> Iterator[list[Row[Any]]]:
    """One statement, so one look; its rows stay with the database until they are asked for."""
    with explained(), engine.connect() as connection:
        found = connection.execution_options(yield_per=AT_ONCE).execute(wanted)
        for rows in found.partitions():
            yield list(rows)


def count(engine: Engine, reach: Reach, filters: Mapping[str, str], now: datetime) -> int:
    """How many cases meet the filters."""
    those = (
        listed(engine, reach, filters, now).order_by(None).with_only_columns(cases.c.case, maintain_column_froms=True)
    )
    with explained(), engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(those.subquery())) or 0
