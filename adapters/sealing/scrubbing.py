"""Deleted is not gone: what SQLite and PostgreSQL need so that the bytes of a destroyed key leave the disk."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from enum import StrEnum
from pathlib import Path

from sqlalchemy import Connection, Engine, exc, text

from adapters.store.engine import PATIENCE, in_memory
from adapters.store.errors import explained

NOT_ALLOWED = "42501"  # https://www.postgresql.org/docs/current/errcodes-appendix.html
SEGMENT = "name ~ '^[0-9A-F]{24}$'"


class Left(StrEnum):
    """Where bytes may still lie after an erasure: wrapped keys, useless without the master key, or what they sealed, useless without them."""

    OLD_ROWS = "old_rows"  # this role does not own the table: its owner runs VACUUM FULL case_keys
    LOG_FILES = "log_files"  # this role may not: GRANT pg_monitor, pg_checkpoint and EXECUTE on pg_switch_wal()
    KEPT_LOG_FILES = "kept_log_files"  # a replication slot or wal_keep_size holds them back
    ARCHIVE = "archive"  # archived log files expire with the backups
    STANDBYS = "standbys"  # their log files are theirs to recycle
    LOG_REMAINS = (
        "log_remains"  # sealed pictures, and marks of what was sent, that the log's database has not written over yet
    )


SAMPLE = 4  # destroyed keys whose bytes are looked for: where one lies, all do, for the same reason

PROGRAM = Path(__file__).with_name("searching.py")
SECONDS = 60.0  # for a large key store on a busy machine
PIECE = 12  # bytes of a key that are looked for by themselves


class NotYetGone(Exception):  # noqa: N818 - a verdict, not a fault
    """The key is destroyed, but its bytes are still on disk: destroy it again."""


def rewrite(connection: Connection) -> set[Left]:
    """In the destroying transaction: PostgreSQL writes the table anew, with only what stands now.

    VACUUM leaves moved rows' old bytes in the free space of a page, and VACUUM FULL copies what an old snapshot still
    sees; a changed column does neither.
    """
    if connection.dialect.name != "postgresql":
        return set()
    try:
        with connection.begin_nested():
            connection.execute(text("ALTER TABLE case_keys ALTER wrapped TYPE bytea USING wrapped || ''::bytea"))
    except exc.ProgrammingError as error:
        return _unless_allowed(error, Left.OLD_ROWS)
    return set()


def lying_about(engine: Engine, wrapped: Sequence[bytes]) -> bool:
    """Whether bytes of destroyed keys still stand in the database's own files; on a server nobody here can look."""
    if engine.dialect.name != "sqlite" or in_memory(engine):
        return False
    database = str(engine.url.database)
    command = (sys.executable, "-I", str(PROGRAM), database, f"{database}-wal")
    pieces = "\n".join(piece.hex() for one in wrapped[:SAMPLE] for piece in _pieces(one))
    done = subprocess.run(command, input=pieces.encode(), timeout=SECONDS, env={}, check=False)  # noqa: S603 - our own
    return done.returncode != 0  # found, or it could not look


def _pieces(wrapped: bytes) -> Iterator[bytes]:
    """What comes to stand in the same place may have written over a part."""
    return (wrapped[at : at + PIECE] for at in range(0, len(wrapped) - PIECE + 1, PIECE))


def scrub(engine: Engine) -> set[Left]:
    """After the commit: no log file of the database holds the bytes any more. Raises NotYetGone, Busy, Unavailable."""
    with explained():
        if engine.dialect.name == "postgresql":
            return _scrub_postgres(engine)
        _scrub_sqlite(engine)
        return set()


def _scrub_sqlite(engine: Engine) -> None:
    with (
        closing(engine.raw_connection()) as outside_any_transaction,
        closing(outside_any_transaction.cursor()) as cursor,
    ):
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _, _ = cursor.fetchone() or (1, 0, 0)
    if busy:
        msg = "somebody is reading the key store: the destroyed keys' bytes are still in its log; destroy them again"
        raise NotYetGone(msg)


def _scrub_postgres(engine: Engine) -> set[Left]:
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        try:
            return _log_files_overwritten(connection) | _out_of_reach(connection)
        except exc.ProgrammingError as error:
            return _unless_allowed(error, Left.LOG_FILES) | _out_of_reach(connection)


def _log_files_overwritten(connection: Connection) -> set[Left]:
    """A checkpoint renames old files for later use, bytes and all; each switch fills one of them with zeros."""
    mark = _current(connection)
    _switch(connection)
    connection.execute(text("CHECKPOINT"))
    last = connection.scalar(text(f"SELECT max(name) FROM pg_ls_waldir() WHERE {SEGMENT}"))  # noqa: S608 - a constant
    while _current(connection) <= str(last):
        _switch(connection)
    kept = text(f"SELECT count(*) FROM pg_ls_waldir() WHERE {SEGMENT} AND name <= :mark")  # noqa: S608 - a constant
    return {Left.KEPT_LOG_FILES} if connection.scalar(kept, {"mark": mark}) else set()


def _out_of_reach(connection: Connection) -> set[Left]:
    copies = {
        Left.ARCHIVE: connection.scalar(text("SHOW archive_mode")) != "off",
        Left.STANDBYS: connection.scalar(text("SELECT count(*) FROM pg_stat_replication")),
    }
    return {left for left, there in copies.items() if there}


def _current(connection: Connection) -> str:
    return str(connection.scalar(text("SELECT pg_walfile_name(pg_current_wal_lsn())")))


def _switch(connection: Connection) -> None:
    # A file in which nothing stands yet is not switched.
    connection.execute(text("SELECT pg_logical_emit_message(false, 'whistle', 'scrub')"))
    connection.execute(text("SELECT pg_switch_wal()"))


def _unless_allowed(error: exc.ProgrammingError, left: Left) -> set[Left]:
    if getattr(error.orig, "pgcode", None) != NOT_ALLOWED:
        raise error
    return {left}
