"""A log that was taken back to a moment: its tree is grown anew, and what was signed of more than is left counts no more.

What was signed and is kept elsewhere still counts more than there is: `whistle verify --against` says so, as it must.
"""

from sqlalchemy import Connection, delete, func, select, update

from adapters.seal.tables import checkpoints, erasures, sealed, tiles


def cut_back(connection: Connection, last: int) -> None:
    """To the last position that is left; nothing changes where no more than that was sealed."""
    size = connection.scalar(select(sealed.c.size)) or 0
    if size <= last:
        return
    connection.execute(delete(tiles))
    connection.execute(delete(checkpoints).where(checkpoints.c.size > last))
    connection.execute(delete(erasures))
    signed = connection.scalar(select(func.max(checkpoints.c.size))) or 0
    connection.execute(update(sealed).values(size=0, signed=signed))
