"""Bulk: rows straight into a table, as fast as the engine takes them, for stores that are large before anything is measured."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date, datetime
from itertools import islice
from sqlite3 import connect
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Engine, Table, Text, Uuid, text
from sqlalchemy.schema import CreateIndex

from adapters.store.bulk import spelled

CHUNK = 20_000
CARELESS = ("synchronous = OFF", "cache_size = -400000")
IN_HASTE = {
    "sqlite": ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -1000000"),
    "postgresql": ("SET maintenance_work_mem = '1GB'", "SET work_mem = '1GB'"),
}
EMPTIED = {"sqlite": "DELETE FROM {name}", "postgresql": "TRUNCATE TABLE {name}"}
AGAIN = {  # a row's id under another number: of 2**32 that it may end in, hardly one of these
    "sqlite": "substr(\"{name}\", 1, 24) || printf('%08x', {copy})",
    "postgresql": "(left(\"{name}\"::text, 28) || lpad(to_hex({copy}), 8, '0'))::uuid",
}

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


@contextmanager
def without_indexes(engine: Engine, tables: Sequence[Table]) -> Iterator[None]:
    """Indexes are made at the end, which takes a tenth of the time."""
    indexes = [index for table in tables for index in table.indexes]
    for index in indexes:
        index.drop(engine)
    yield
    with _in_haste(engine) as run:
        for index in indexes:
            run(str(CreateIndex(index).compile(engine)))
    if engine.dialect.name == "postgresql":
        _settled(engine)


def multiply(engine: Engine, table: Table, copies: int, step: int, positions: Sequence[str], endless: int) -> None:
    """Every row of a table so many times: each under an id of its own, and its positions a `step` later than the one before; `endless` stays.

    They are laid down in the order in which they would have been written, by the first of the `positions` that the table
    has: what came at about the same time lies together, as in a store that grew.
    """
    names, laid = _names(table), f"laid_{table.name}"
    copied = (_again(engine, table, copy, copy * step, positions, endless) for copy in range(copies))
    every = " UNION ALL ".join(f"SELECT {values} FROM {laid}" for values in copied)  # noqa: S608 - our names
    written = next((f'ORDER BY "{name}"' for name in positions if name in table.c), "")
    with _in_haste(engine) as run:
        run(f"CREATE TABLE {laid} AS SELECT * FROM {table.name}")  # noqa: S608 - our names
        run(EMPTIED[engine.dialect.name].format(name=table.name))
        run(f"INSERT INTO {table.name} ({names}) SELECT {names} FROM ({every}) AS every_one {written}")  # noqa: S608 - our names
        run(f"DROP TABLE {laid}")


def _again(engine: Engine, table: Table, copy: int, later: int, positions: Sequence[str], endless: int) -> str:
    """What is selected for a copy; the first is the row as it is."""
    if copy == 0:
        return _names(table)
    values = ((column.name, _changed(engine, column, copy, later, positions, endless)) for column in table.c)
    return ", ".join(f'{value} AS "{name}"' for name, value in values)


def _changed(engine: Engine, column: Column[Any], copy: int, later: int, positions: Sequence[str], endless: int) -> str:
    name = column.name
    if isinstance(column.type, Uuid):
        return AGAIN[engine.dialect.name].format(name=name, copy=copy)
    if name == "number" and isinstance(column.type, Text):
        return f"\"number\" || '-{copy}'"
    return (
        f'CASE WHEN "{name}" < {endless} THEN "{name}" + {later} ELSE "{name}" END'
        if name in positions
        else f'"{name}"'
    )


@contextmanager
def _in_haste(engine: Engine) -> Iterator[Callable[[str], object]]:
    """Statements one by one, each committed, in a database that nobody would miss."""
    with closing(engine.raw_connection()) as connection, closing(connection.cursor()) as cursor:
        for statement in IN_HASTE[engine.dialect.name]:
            cursor.execute(statement)

        def run(statement: str) -> None:
            cursor.execute(statement)
            connection.commit()

        yield run


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
