"""Appending: one-event commands to the log, against the bare INSERT and COMMIT of the same row, from as many clients."""

import re
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import local
from uuid import uuid4

from eventsourcing.persistence import StoredEvent
from sqlalchemy import Engine, text

from adapters.store.engine import LONG, PRAGMAS, engine_at
from adapters.store.migrate import migrate
from adapters.store.recorders import LogRecorder
from adapters.store.writer import Writer
from bench.ground import POSTGRESQL, SLOW, SLOW_US, SQLITE, Ground, NoCompilerError, binaries, fresh
from bench.measure import Absent, Found, Measure, in_turns, per_second
from bench.sizes import Sizes
from tests.postgres import Server

NAME, BODY = "assignment-acknowledged", b"x" * 560  # as long as an entry is on average
AIMS = {64: 0.5}
SLOW_AIMS = {64: 0.8}
BARE = "INSERT INTO events (stream, version, name, body, recorded_at) VALUES (?, 1, ?, ?, '2026-03-02 01:00:00.000000')"
SCRIPT = "INSERT INTO bare VALUES (nextval('bare_position'), gen_random_uuid(), 1, '{}', decode('{}', 'hex'), now());\n"


def measures(ground: Ground, sizes: Sizes) -> Iterator[Found]:
    """Each engine, and PostgreSQL once more on a disk that takes 2 ms longer."""
    if SQLITE in ground.engines:
        yield from _rows(SQLITE, ground.log(SQLITE), _sqlite(ground, sizes.seconds), sizes, AIMS)
    if POSTGRESQL in ground.engines:
        limit = _pgbench(ground.server, ground.folder, sizes.seconds)
        yield from _rows(POSTGRESQL, limit.log, limit, sizes, AIMS)
        yield from _slow(ground, sizes)


def _slow(ground: Ground, sizes: Sizes) -> Iterator[Found]:
    try:
        with ground.slow_server(SLOW_US) as server:
            limit = _pgbench(server, ground.folder, sizes.seconds)
            yield from _rows(SLOW, limit.log, limit, sizes, SLOW_AIMS)
    except NoCompilerError as missing:
        yield Absent("append", SLOW, "", str(missing))


def _rows(
    engine: str, log: Engine, limit: Callable[[int], float], sizes: Sizes, aims: dict[int, float]
) -> Iterator[Found]:
    writer = Writer(log)
    append = _appending(LogRecorder(writer))
    for clients in sizes.clients:
        ours, bare = in_turns(
            partial(per_second, append, clients, sizes.seconds), partial(limit, clients), sizes.rounds
        )
        what = f"{clients} client{'s' * (clients > 1)}"
        yield Measure("append", engine, what, ours, bare, "commands/s", "bare INSERT + COMMIT", aims.get(clients))
    writer.close()
    log.dispose()


def _appending(log: LogRecorder) -> Callable[[], object]:
    return lambda: log.insert_events([StoredEvent(uuid4(), 1, NAME, BODY)])


def _sqlite(ground: Ground, seconds: float) -> Callable[[int], float]:
    """The driver alone, with our pragmas, a connection for each client."""
    path = ground.log(SQLITE).url.database or ""

    def limit(clients: int) -> float:
        mine = local()

        def insert() -> None:
            if not hasattr(mine, "connection"):
                mine.connection = _bare(path)
            mine.connection.execute(BARE, (uuid4().hex, NAME, BODY))

        return per_second(insert, clients, seconds)

    return limit


def _bare(path: str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, timeout=LONG / 1000)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


class _pgbench:  # noqa: N801 - called like a function
    """PostgreSQL's own bench, with a prepared statement, on a table like ours."""

    def __init__(self, server: Server, folder: Path, seconds: float) -> None:
        """Makes the table and the script."""
        name = f"append_{uuid4().hex}"
        self.log, self._seconds = engine_at(fresh(server, name)), max(1, round(seconds))
        migrate(self.log)
        self._script = folder / f"{name}.sql"
        self._script.write_text(SCRIPT.format(NAME, BODY.hex()))
        self._database = ["-h", str(server.folder), "-U", "postgres", name]
        with self.log.begin() as connection:
            connection.execute(text("CREATE TABLE bare (LIKE events INCLUDING ALL)"))
            connection.execute(text("CREATE SEQUENCE bare_position"))

    def __call__(self, clients: int) -> float:
        """How many a second."""
        options = ["-n", "-M", "prepared", "-c", str(clients), "-j", "1", "-T", str(self._seconds)]
        command = [str(binaries() / "pgbench"), *options, "-f", str(self._script), *self._database]
        said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
        found = re.search(r"tps = ([\d.]+)", said)
        if found is None:
            raise ValueError(f"pgbench said no rate: {said}")
        return float(found[1])
