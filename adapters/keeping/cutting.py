"""Back to a moment: exactly what was recorded by then stays, in the log and beside it, and the outbox is never ahead of it."""

from datetime import datetime

from sqlalchemy import Column, Connection, Engine, delete, func, select, update

from adapters.outbox.tables import followed, messages
from adapters.seal.cutting import cut_back
from adapters.store.engine import transaction
from adapters.store.tables import commands, editions, events, photos, saved_filters, sessions, tokens

# When each row came to be.
CAME: tuple[Column[datetime], ...] = (
    events.c.recorded_at,
    commands.c.recorded_at,
    editions.c.loaded_at,
    tokens.c.made_at,
    photos.c.made_at,
    saved_filters.c.made_at,
)


def cut(log: Engine, outbox: Engine, seal: Engine, to: datetime | None) -> int:
    """What came after a moment goes; returns the last position that stays. Sessions go in any case: some have ended since."""
    with transaction(log) as connection:
        connection.execute(delete(sessions))
        for column in CAME if to else ():
            connection.execute(delete(column.table).where(column > to))
        last: int = connection.scalar(select(func.max(events.c.position))) or 0
    with transaction(outbox) as connection:
        _not_ahead(connection, last)
    with transaction(seal) as connection:
        cut_back(connection, last)
    return last


def _not_ahead(connection: Connection, last: int) -> None:
    """Of entries that are no more nobody is told, and of those that come in their place everybody is."""
    connection.execute(delete(messages).where(messages.c.position > last))
    for column in (followed.c.position, followed.c.since):
        connection.execute(update(followed).where(column > last).values({column.name: last}))
