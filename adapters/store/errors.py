"""What can go wrong between us and a database, told apart by what it means for the caller."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from eventsourcing.persistence import OperationalError
from sqlalchemy import exc


class Busy(OperationalError):  # noqa: N818 - a verdict, not a fault
    """Too many are waiting, or the lock was not free in time. Nothing was written: try again soon."""


class Unavailable(OperationalError):  # noqa: N818 - a verdict, not a fault
    """The database did not answer. Nothing was written: try again."""


class CommitUnknown(OperationalError):  # noqa: N818 - a verdict, not a fault
    """The answer to the commit did not come: it may be written, or not. The same key makes trying again safe."""


# Their meanings: https://www.postgresql.org/docs/current/errcodes-appendix.html and https://www.sqlite.org/rescode.html
PG_BUSY = {"55P03", "40P01", "40001"}  # lock not available, deadlock, serialization failure
PG_AWAY = {"08", "53", "57"}  # classes: connection, resources, operator
SQLITE_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
SQLITE_AWAY = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY}


@contextmanager
def explained() -> Iterator[None]:
    """Raises Busy or Unavailable for what a driver reports in its own way; everything else passes as it is."""
    try:
        yield
    except exc.TimeoutError as error:
        raise Busy(str(error)) from error
    except exc.DBAPIError as error:
        kind = _meaning(error)
        if kind is None:
            raise
        raise kind(str(error.orig)) from error
    except (
        psycopg2.OperationalError,
        psycopg2.InterfaceError,
    ) as error:  # while a connection is given back to its pool
        raise Unavailable(str(error)) from error


def sqlite_code(error: exc.DBAPIError) -> int:
    """SQLite's primary result code; 0 where it is not SQLite that speaks."""
    return int(getattr(error.orig, "sqlite_errorcode", 0)) & 0xFF


def _meaning(error: exc.DBAPIError) -> type[Busy | Unavailable] | None:
    lite, pg = sqlite_code(error), getattr(error.orig, "pgcode", "") or ""
    if lite in SQLITE_BUSY or pg in PG_BUSY:
        return Busy
    unreachable = not lite and not pg and isinstance(error, exc.OperationalError)
    if error.connection_invalidated or unreachable or lite in SQLITE_AWAY or pg[:2] in PG_AWAY:
        return Unavailable
    return None
