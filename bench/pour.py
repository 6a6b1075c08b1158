"""Bulk: rows straight into a table, as fast as the engine takes them, for stores that are large before anything is measured."""

import io
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date, datetime
from itertools import islice
from sqlite3 import connect
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Table, text

from adapters.store.bulk import spelled

CHUNK = 20_000
CARELESS = ("synchronous = OFF", "cache_size = -400000")

Rows = Iterable[Sequence[Any]]  # values in the order of the table's columns


def pour(engine: Engine, table: Table, rows: Rows) -> None:
    """Every row, in chunks; each chunk is committed."""
    left = iter(rows)
    chunks = iter(lambda: list(islice(left, CHUNK)), [])
    if engine.dialect.name == "postgresql":
        _copied(engine, table, chunks)
        _settled(engine)
    else:
        _inserted(engine, table, chunks)


def _settled(engine: Engine) -> None:
    """What PostgreSQL would do in its own time: figures for its planner, and pages that are written back."""
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))


def _copied(engine: Engine, table: Table, chunks: Iterable[Rows]) -> None:
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        for rows in chunks:
            lines = io.StringIO("".join("\t".join(map(spelled, row)) + "\n" for row in rows))
            cursor.copy_expert(f"COPY {table.name} ({_names(table)}) FROM STDIN", lines)
            connection.commit()


def _names(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.c)


def _inserted(engine: Engine, table: Table, chunks: Iterable[Rows]) -> None:
    marks = ", ".join("?" * len(table.c))
    with closing(connect(engine.url.database or "", isolation_level=None)) as connection:
        for pragma in CARELESS:
            connection.execute(f"PRAGMA {pragma}")
        for rows in chunks:
            connection.execute("BEGIN")
            kept = ([_lite(value) for value in row] for row in rows)
            connection.executemany(f"INSERT INTO {table.name} ({_names(table)}) VALUES ({marks})", kept)  # noqa: S608 - our names
            connection.execute("COMMIT")
        connection.execute("ANALYZE")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _lite(value: Any) -> Any:  # noqa: ANN401 - any column's
    """As SQLAlchemy keeps it in SQLite."""
    match value:
        case UUID():
            return value.hex
        case datetime():
            return f"{value.replace(tzinfo=None):%Y-%m-%d %H:%M:%S.%f}"
        case date():
            return value.isoformat()
    return value
