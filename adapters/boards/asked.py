"""Requests that wait for a decision."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, select

from adapters.boards.tables import requests
from adapters.store.errors import explained
from domain.states import RequestState


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits."""

    case: UUID
    number: int
    kind: str
    unit: str
    reason: str
    decide_by: datetime | None


def pending(engine: Engine, whose: ColumnElement[bool]) -> tuple[Asked, ...]:
    """The requests that wait, the most urgent first."""
    wanted = select(requests).where(whose, requests.c.state == RequestState.PENDING.value)
    with explained(), engine.connect() as connection:
        rows = connection.execute(wanted.order_by(requests.c.decide_by)).all()
    return tuple(Asked(row.case, row.number, row.kind, row.unit, row.reason, row.decide_by) for row in rows)
