"""Requests that wait for a decision."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, and_, case, func, select

from adapters.boards.register import LONGEST
from adapters.boards.tables import requests, waiting
from adapters.store.errors import explained


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits."""

    case: UUID
    number: int
    kind: str
    unit: str
    reason: str
    decide_by: datetime | None


def pending(engine: Engine, whose: ColumnElement[bool], first: Collection[str] = ()) -> tuple[Asked, ...]:
    """The requests that wait, the most urgent first; before that those of the kinds that come first."""
    order = (requests.c.decide_by.asc().nulls_last(), requests.c.case, requests.c.number)
    wanted = select(requests).where(_waits(whose)).order_by(case((requests.c.kind.in_(first), 0), else_=1), *order)
    with explained(), engine.connect() as connection:
        rows = connection.execute(wanted.limit(LONGEST)).all()
    return tuple(Asked(row.case, row.number, row.kind, row.unit, row.reason, row.decide_by) for row in rows)


def how_many_wait(engine: Engine, whose: ColumnElement[bool]) -> int:
    """How many that are, however long the list is."""
    with explained(), engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(requests).where(_waits(whose))) or 0


def _waits(whose: ColumnElement[bool]) -> ColumnElement[bool]:
    return and_(whose, waiting)
