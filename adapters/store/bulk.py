"""Many rows at once, the way each engine takes them fastest."""

import io
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, insert

ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def fill(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Into a table; every row says the same columns."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _copied(connection, table, rows)
    else:
        connection.execute(insert(table), rows)


def _copied(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """An INSERT of hundreds of rows is parsed value by value; a COPY takes a third of the time."""
    names = list(rows[0])
    lines = "".join("\t".join([spelled(row[name]) for name in names]) + "\n" for row in rows)
    columns = ", ".join(f'"{name}"' for name in names)
    with closing(connection.connection.cursor()) as cursor:
        cursor.copy_expert(f"COPY {table.name} ({columns}) FROM STDIN", io.StringIO(lines))


def spelled(value: Any) -> str:  # noqa: ANN401 - any column's
    """A value as COPY reads it."""
    match value:
        case None:
            return r"\N"
        case str():
            return value.translate(ESCAPES)
        case bytes():
            return r"\\x" + value.hex()
        case date():  # and a moment
            return value.isoformat()
    return str(value)
