"""Backups on SQLite: a base by VACUUM INTO, then what has come since, each of them one look at a store that goes on.

VACUUM INTO reads in one transaction: whoever writes is not disturbed, and does not disturb it, where copying page by page
begins anew with each commit and never ends. It takes nothing along that was deleted.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine

from adapters.keeping.kept import Kept
from adapters.keeping.manifest import BackupError

# Tables that mostly grow: of these only what is new, or has changed, since the backup before (`prev`) is taken; a row that
# was deleted since then comes back once. Every other table is taken whole each time, so that none is ever forgotten.
SINCE = {
    "events": "position > :position",
    "commands": "position >= :position",
    "messages": "position > coalesce((SELECT position FROM prev.outbox_followed), 0) OR state = 'waiting' OR ended_at >= :since",
}
# Pictures are large, stay as they are, and go with an erasure: the new ones, and a list of all that are there.
PICTURES, STANDING = "photos", "photos_standing"


def base(kept: Kept, target: Path) -> None:
    """All of a database. Raises BackupError."""
    with _opened(kept.path) as connection:
        connection.execute("VACUUM INTO ?", (str(target),))


def more(kept: Kept, target: Path, before: Path, known: Mapping[str, Any]) -> None:
    """What has come since a backup, which lies in `before`. Raises BackupError."""
    with _opened(kept.path) as connection:
        connection.execute("ATTACH ? AS prev", (_unchanged(before),))
        connection.execute("ATTACH ? AS new", (f"file:{quote(str(target))}?mode=rwc",))
        connection.execute("BEGIN")
        for table in _tables(connection, "main"):
            condition = SINCE.get(table) or (_new_pictures(connection) if table == PICTURES else "true")
            connection.execute(f'CREATE TABLE new."{table}" AS SELECT * FROM main."{table}" WHERE {condition}', known)  # noqa: S608 - the schema's own names
        if PICTURES in _tables(connection, "main"):
            connection.execute(f"CREATE TABLE new.{STANDING} AS SELECT id FROM main.{PICTURES}")  # noqa: S608 - constants
        connection.execute("COMMIT")


def put_on(laid: Path, backup: Path) -> None:
    """What came after goes on top of what is laid already, all or nothing."""
    with _opened(laid) as connection:
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("ATTACH ? AS new", (_unchanged(backup),))
        connection.execute("BEGIN IMMEDIATE")
        for table in _tables(connection, "new"):
            _put_in(connection, table)
        connection.execute("COMMIT")


def frozen(path: Path) -> Engine:
    """A file of a backup, to be read as it is."""
    return create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(_unchanged(path), uri=True, check_same_thread=False)
    )


def _unchanged(path: Path) -> str:
    return f"file:{quote(str(path))}?mode=ro&immutable=1"


def _put_in(connection: sqlite3.Connection, table: str) -> None:
    if table == STANDING:
        connection.execute(f"DELETE FROM {PICTURES} WHERE id NOT IN (SELECT id FROM new.{STANDING})")  # noqa: S608 - constants
        return
    if table not in {*SINCE, PICTURES}:
        connection.execute(f'DELETE FROM main."{table}"')  # noqa: S608 - the schema's own names
    connection.execute(f'INSERT OR REPLACE INTO main."{table}" SELECT * FROM new."{table}"')  # noqa: S608 - as above


def _new_pictures(connection: sqlite3.Connection) -> str:
    """A base has the pictures themselves, what comes after it the list."""
    there = STANDING if STANDING in _tables(connection, "prev") else PICTURES
    return f"id NOT IN (SELECT id FROM prev.{there})"  # noqa: S608 - constants


def _tables(connection: sqlite3.Connection, schema: str) -> list[str]:
    """In a fixed order: photos come before the list of those that stand."""
    found = f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"  # noqa: S608 - constants
    return [name for (name,) in connection.execute(found)]


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A database that is there; what SQLite finds wrong with it is said in one line. Raises BackupError."""
    if not path.is_file():
        raise BackupError(f"there is no database {path}")
    try:
        with closing(
            sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, isolation_level=None, timeout=20)
        ) as connection:
            yield connection
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{path}: {error}") from None
