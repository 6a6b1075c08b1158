"""Filters that people keep under a name: a setting of whoever uses the register, nothing of any case."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, and_, delete, func, insert, or_, select

from adapters.store.engine import reading
from adapters.store.errors import explained
from adapters.store.tables import saved_filters as saved
from adapters.store.writer import Writer
from domain.actors import Actor

MOST = 50  # of one person
LONGEST = 40  # characters of a name


class TooManyError(ValueError):
    """So many are kept already that none may be added."""


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """What is looked for, by name; `shared` with the whole unit, `mine` where it is one's own."""

    id: UUID
    name: str
    said: Mapping[str, str]
    shared: bool
    mine: bool


class SavedFilters:
    """The filters that are kept in a log's database."""

    def __init__(self, writer: Writer) -> None:
        """`writer` knows the database."""
        self._writer = writer
        self._engine = reading(writer.engine)

    def of(self, actor: Actor) -> tuple[SavedFilter, ...]:
        """One's own in this office, and what others share with it; by name."""
        seen = or_(saved.c.staff == actor.staff, saved.c.shared.is_(True))
        wanted = select(saved).where(_office(actor), seen).order_by(saved.c.name, saved.c.id)
        with explained(), self._engine.connect() as connection:
            return tuple(_filter(row, actor) for row in connection.execute(wanted))

    def keep(
        self, actor: Actor, name: str, said: Mapping[str, str], now: datetime, *, shared: bool = False
    ) -> SavedFilter:
        """Under a name; what one had under it before is gone. Raises TooManyError."""
        one = SavedFilter(uuid4(), name, dict(said), shared, mine=True)
        office = {"staff": actor.staff, "role": actor.role.value, "unit": actor.unit}
        values = {"id": one.id, "name": name, "said": json.dumps(one.said), "shared": shared, "made_at": now, **office}
        self._writer.run(lambda connection: _kept(connection, actor, values)).result()
        return one

    def drop(self, actor: Actor, wanted: UUID) -> bool:
        """Whether it was there, and one's own: then it is gone."""
        gone = delete(saved).where(saved.c.id == wanted, _own(actor))
        return bool(self._writer.run(lambda connection: connection.execute(gone).rowcount).result())


def _kept(connection: Connection, actor: Actor, values: Mapping[str, Any]) -> None:
    connection.execute(delete(saved).where(_own(actor), saved.c.name == values["name"]))
    count = connection.scalar(select(func.count()).select_from(saved).where(_own(actor))) or 0
    if count >= MOST:
        raise TooManyError(MOST)
    connection.execute(insert(saved).values(**values))


def _office(actor: Actor) -> Any:  # noqa: ANN401 - a condition
    return and_(saved.c.role == actor.role.value, saved.c.unit == actor.unit)


def _own(actor: Actor) -> Any:  # noqa: ANN401 - a condition
    return and_(_office(actor), saved.c.staff == actor.staff)


def _filter(row: Row[Any], actor: Actor) -> SavedFilter:
    return SavedFilter(row.id, row.name, json.loads(row.said), bool(row.shared), row.staff == actor.staff)
