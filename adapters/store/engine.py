"""One database, SQLite or PostgreSQL by its address: how it is opened, read, and written."""

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import SQLITE_BUSY, SQLITE_FULL
from sqlite3 import Connection as SQLiteConnection
from sqlite3 import OperationalError as SQLiteError
from time import monotonic, sleep
from typing import Any, Literal, cast
from weakref import WeakKeyDictionary

from psycopg2 import ProgrammingError
from psycopg2.extensions import make_dsn
from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url, text
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from adapters.store.errors import CommitUnknown, explained, sqlite_code

PATIENCE = 2.0  # seconds that a command waits, in the queue or for the lock
SHORT, LONG = 12, 20_000  # milliseconds that SQLite waits by itself
PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON")
HURRIED = {"sqlite": "PRAGMA synchronous = NORMAL", "postgresql": "SET synchronous_commit = off"}
AT_ONCE = 20  # connections that stay open; whoever comes later waits for one
LOCK = text("SELECT set_config('lock_timeout', :patience, true), pg_advisory_xact_lock(:lock)")


class UnknownDatabaseError(ValueError):
    """An address that is neither SQLite's nor PostgreSQL's."""


def engine_at(url: str) -> Engine:
    """The database at an address: `sqlite:///cases.db`, `sqlite://` (in memory), `postgresql+psycopg2://…`.

    In memory there is one connection for all: nobody may ask for a second one while holding it. Parameters never show
    in error texts or logs, for they may be somebody's words. Raises UnknownDatabaseError.
    """
    address = _address(url)
    writer, reader = (_sqlite if address.get_backend_name() == "sqlite" else _postgresql)(address)
    if reader is not writer:
        event.listen(writer, "engine_disposed", lambda _: reader.dispose())
        _readers[writer] = reader
    return writer


_readers: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


def in_memory(engine: Engine) -> bool:
    """Whether the database lives and dies with this engine."""
    return engine.dialect.name == "sqlite" and engine.url.database in {None, "", ":memory:"}


def reading(engine: Engine) -> Engine:
    """The same database, for single statements that only read: without BEGIN and ROLLBACK around each."""
    return _readers.get(engine, engine)


def hurried(engine: Engine) -> Engine:
    """The same database, for what can be told again: a commit does not wait for the disk, though it is whole or not there."""

    def on_connect(connection: Any, _entry: ConnectionPoolEntry) -> None:  # noqa: ANN401 - either driver's
        cursor = connection.cursor()
        cursor.execute(HURRIED[engine.dialect.name])
        connection.commit()

    event.listen(engine, "connect", on_connect)
    return engine


@contextmanager
def transaction(engine: Engine, *, patience: float = PATIENCE, lock: int | None = None) -> Iterator[Connection]:
    """Write, all or nothing. SQLite lets one write at a time; on PostgreSQL those with the same `lock` go one by one.

    Raises Busy after `patience` seconds of waiting for the lock, Unavailable, and CommitUnknown.
    """
    with explained(), engine.connect() as connection:
        connection.execution_options(patience=patience)
        connection.begin()
        if lock is not None and engine.dialect.name == "postgresql":
            # A statement of its own: what reads the heads must take its snapshot after the lock is ours.
            milliseconds = max(1, round(patience * 1000))  # 0 would be for ever
            connection.execute(LOCK, {"patience": f"{milliseconds}ms", "lock": lock})
        yield connection
        _commit(connection)


def _commit(connection: Connection) -> None:
    try:
        connection.commit()
    except exc.DBAPIError as error:
        connection.invalidate()  # else it is pooled with its transaction open, and whoever is next commits that too
        # A deferred constraint, or SQLite without room or turn: surely not committed.
        if isinstance(error, exc.IntegrityError) or sqlite_code(error) in {SQLITE_FULL, SQLITE_BUSY}:
            raise
        raise CommitUnknown(str(error.orig)) from error


def _address(url: str) -> URL:
    wanted = "write sqlite:///cases.db or postgresql+psycopg2://user@host/name"
    try:
        address = make_url(url)
        _read(address)
    except (exc.ArgumentError, exc.NoSuchModuleError, ProgrammingError, ValueError):
        # Nothing of it is repeated: where a password is not written as an address wants it, it may stand anywhere.
        msg = f"this is no database address: {wanted}"
        raise UnknownDatabaseError(msg) from None
    if address.get_backend_name() not in {"sqlite", "postgresql"}:
        msg = f"{address.get_backend_name()} is neither SQLite nor PostgreSQL: {wanted}"
        raise UnknownDatabaseError(msg)
    return address


def _read(address: URL) -> None:
    """As the driver will read it. Raises ArgumentError, ProgrammingError, ValueError."""
    if address.get_backend_name() == "postgresql":
        driver = address.set(drivername="postgresql+psycopg2")
        _, said = driver.get_dialect()().create_connect_args(driver)
        make_dsn(**said)


def _postgresql(address: URL) -> tuple[Engine, Engine]:
    """To write and to read: connections that change between the two would say so to the server each time."""
    # Each statement of a transaction must see what was committed before we got the lock.
    return _pool(address, "READ COMMITTED"), _pool(address, "AUTOCOMMIT")


def _pool(address: URL, level: Literal["READ COMMITTED", "AUTOCOMMIT"]) -> Engine:
    return create_engine(
        address.set(drivername="postgresql+psycopg2"),
        hide_parameters=True,
        isolation_level=level,
        pool_size=AT_ONCE,
        max_overflow=0,
        pool_timeout=PATIENCE,
        connect_args={"connect_timeout": 5},
    )


def _sqlite(address: URL) -> tuple[Engine, Engine]:
    """To write and to read; in memory there is but one connection for both."""
    alone = address.database in {None, "", ":memory:"}
    size = {"pool_size": 1, "max_overflow": 0} if alone else {"pool_size": AT_ONCE}
    engine = _file(address, size)
    event.listen(engine, "begin", _begin)
    return engine, engine if alone else _file(address, size)


def _file(address: URL, size: dict[str, int]) -> Engine:
    engine = create_engine(
        address,
        hide_parameters=True,
        poolclass=QueuePool,
        connect_args={"isolation_level": None, "check_same_thread": False, "timeout": LONG / 1000},
        **size,
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: SQLiteConnection, _entry: ConnectionPoolEntry) -> None:
    deadline = monotonic() + LONG / 1000
    for pragma in PRAGMAS:
        while not _set(connection, pragma, last_try=monotonic() > deadline):
            sleep(SHORT / 1000)


def _set(connection: SQLiteConnection, pragma: str, *, last_try: bool) -> bool:
    """To become WAL a new file must be nobody else's for a moment, and SQLite itself does not wait for that."""
    try:
        connection.execute(f"PRAGMA {pragma}")
    except SQLiteError as error:
        if last_try or error.sqlite_errorcode & 0xFF != SQLITE_BUSY:
            raise
        return False
    return True


def _begin(connection: Connection) -> None:
    """The driver's own transactions leave DDL behind after a rollback, and take the lock too late."""
    patience = connection.get_execution_options().get("patience")
    if patience is None:
        connection.exec_driver_sql("BEGIN")
    else:
        _begin_to_write(connection, deadline=monotonic() + patience)


def _begin_to_write(connection: Connection, deadline: float) -> None:
    """SQLite's own waits grow to 0.1 s, and one of two busy processes waits for a second; short ones are fair."""
    driver = cast("SQLiteConnection", connection.connection.driver_connection)
    driver.execute(f"PRAGMA busy_timeout = {SHORT}")
    try:
        while not _begun(connection, last_try=monotonic() > deadline):
            pass
    finally:
        driver.execute(f"PRAGMA busy_timeout = {LONG}")


def _begun(connection: Connection, *, last_try: bool) -> bool:
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except exc.OperationalError as error:
        if last_try or sqlite_code(error) != SQLITE_BUSY:
            raise
        return False
    return True
