"""What is in the log already, before anything is decided again."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Engine, bindparam, select

from adapters.store.engine import reading
from adapters.store.errors import explained
from adapters.store.tables import commands, events
from workflow.keyed import Keyed

OF_KEY = select(commands).where(commands.c.key == bindparam("key"), commands.c.actor == bindparam("actor"))
BEGUN = select(events.c.stream).where(events.c.stream.in_(bindparam("streams", expanding=True)), events.c.version == 1)


def known(engine: Engine, key: str, actor: str) -> tuple[Keyed, int] | None:
    """The command that this actor gave under this key, and its last position; None where there was none."""
    with explained(), reading(engine).connect() as connection:
        row = connection.execute(OF_KEY, {"key": key, "actor": actor}).first()
    return None if row is None else (Keyed(row.key, row.actor, row.fingerprint, row.answer), row.position)


def begun(engine: Engine, streams: Collection[UUID]) -> set[UUID]:
    """Which of these streams have a beginning."""
    with explained(), reading(engine).connect() as connection:
        return set(connection.scalars(BEGUN, {"streams": list(streams)}))
