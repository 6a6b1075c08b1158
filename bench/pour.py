"""Bulk: rows straight into a table, as fast as the engine takes them, for stores that are large before anything is measured."""

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Table, text

CHUNK = 20_000
ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})

Rows = Iterable[Sequence[Any]]  # values in the order of the table's columns


def pour(engine: Engine, table: Table, rows: Rows) -> None:
    """Every row, in chunks; each chunk is committed."""
    put = _copied if engine.dialect.name == "postgresql" else _inserted
    with closing(engine.raw_connection()) as connection:
        left = iter(rows)
        while chunk := list(islice(left, CHUNK)):
            put(connection, table, chunk)
        connection.commit()
    _settled(engine)


def _settled(engine: Engine) -> None:
    """What PostgreSQL would do in its own time: figures for its planner, and a log that is written back."""
    if engine.dialect.name == "postgresql":
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("VACUUM ANALYZE"))
            connection.execute(text("CHECKPOINT"))


def _copied(connection: Any, table: Table, rows: Rows) -> None:  # noqa: ANN401 - a driver's
    lines = io.StringIO("".join("\t".join(map(_spelled, row)) + "\n" for row in rows))
    with closing(connection.cursor()) as cursor:
        cursor.copy_expert(f"COPY {table.name} ({_names(table)}) FROM STDIN", lines)
    connection.commit()


def _names(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.c)


def _spelled(value: Any) -> str:  # noqa: ANN401 - any column's
    match value:
        case None:
            return r"\N"
        case str():
            return value.translate(ESCAPES)
        case bytes():
            return r"\\x" + value.hex()
        case datetime():
            return value.isoformat()
    return str(value)


def _inserted(connection: Any, table: Table, rows: Rows) -> None:  # noqa: ANN401 - a driver's
    names, marks = _names(table), ", ".join("?" * len(table.c))
    with closing(connection.cursor()) as cursor:
        cursor.execute("BEGIN")
        cursor.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", _as_kept(rows))  # noqa: S608 - our names
        cursor.execute("COMMIT")


def _as_kept(rows: Rows) -> Iterator[tuple[Any, ...]]:
    return (tuple(_lite(value) for value in row) for row in rows)


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
