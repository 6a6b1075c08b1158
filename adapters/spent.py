"""What may be used once: that it was, is written down until it would be too old anyway."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete
from sqlalchemy.dialects import postgresql, sqlite

from adapters.store.tables import spent
from adapters.store.writer import Writer

INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def spend(writer: Writer, once: str, now: datetime, until: datetime) -> bool:
    """Use it; whether nobody has before, in whatever process. What is too old is forgotten on the way."""

    def write(connection: Connection) -> bool:
        connection.execute(delete(spent).where(spent.c.until <= now))
        row = INSERT[connection.dialect.name](spent).values(hash=sha256(once.encode()).hexdigest(), until=until)
        return connection.execute(row.on_conflict_do_nothing().returning(spent.c.hash)).first() is not None

    return writer.run(write).result()
