"""Which position of the log a moment is."""

from datetime import datetime

from sqlalchemy import Engine, func, select

from adapters.boards.looking import look
from adapters.store.tables import events


def position_at(log: Engine, at: datetime) -> int:
    """The last position of the log that was recorded by a moment; 0 where nothing was. Moments never go back along it."""
    low, high = 0, look(log, select(func.coalesce(func.max(events.c.position), 0)))[0][0]
    while low < high:
        middle = (low + high + 1) // 2
        found = select(events.c.position, events.c.recorded_at).where(events.c.position <= middle)
        row = look(log, found.order_by(events.c.position.desc()).limit(1))
        if row and row[0].recorded_at > at:
            high = row[0].position - 1
        else:
            low = middle
    return low
