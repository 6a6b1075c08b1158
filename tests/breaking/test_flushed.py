"""Acknowledged is on disk: between what a commit writes to the log and its answer the log is flushed."""

import sys
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.store.engine import engine_at
from adapters.store.migrate import migrate
from adapters.store.recorders import LogRecorder
from adapters.store.writer import Writer
from tests.adapters.store.stories import event
from tests.breaking.people import Person, log
from tests.breaking.serving import PYTHON, served
from tests.breaking.town import founded
from tests.breaking.tracing import Acknowledged, Trace, attached, can_trace
from tests.postgres import Server

COMMANDS = 10
# The seeded fault: the same program, but for one setting.
CARELESS = """
from adapters.store import engine
engine.PRAGMAS = tuple(pragma.replace("synchronous = FULL", "synchronous = NORMAL") for pragma in engine.PRAGMAS)
from api.__main__ import main
main()
"""
SERVE, SERVE_CARELESSLY = PYTHON, (sys.executable, "-c", CARELESS)


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """Where the trace is written."""
    can_trace(path := tmp_path / "trace")
    return path


def of_sqlite(trace: Path, home: Path, python: tuple[str, ...]) -> list[list[Acknowledged]]:
    """What the server wrote to the log, and to the keys, before each answer."""
    town = founded(home)
    with served(town.settings, python) as server, attached([server.process.pid], trace):
        person = Person(server.port, town.tokens)
        assert all(person.say(log(narrative="water")).done for _ in range(COMMANDS))
        person.close()
    lines = trace.read_text(errors="replace").splitlines()
    return [list(Trace(f"{file}.db-wal", "HTTP/1.1 201").acknowledged(lines)) for file in ("log", "keys")]


def of_postgresql(trace: Path, server: Server, options: str) -> list[Acknowledged]:
    """What the database wrote to its log before it answered each commit."""
    engine = engine_at(server.url() + options)
    migrate(engine)
    engine.dispose()
    writer = Writer(engine)
    with attached(server.processes(), trace):
        for _ in range(COMMANDS):
            LogRecorder(writer).insert_events([event(uuid4(), 1)])
    writer.close()
    engine.dispose()
    return list(Trace("/pg_wal/", "COMMIT").acknowledged(trace.read_text(errors="replace").splitlines()))


def test_sqlite_flushes_log_and_keys_before_it_is_said(trace: Path, tmp_path: Path) -> None:
    for acknowledged in of_sqlite(trace, tmp_path / "home", SERVE):
        assert len(acknowledged) == COMMANDS
        assert all(one.written and not one.unflushed for one in acknowledged), acknowledged


def test_a_server_that_flushes_now_and_then_is_found(trace: Path, tmp_path: Path) -> None:
    for acknowledged in of_sqlite(trace, tmp_path / "home", SERVE_CARELESSLY):
        assert len(acknowledged) == COMMANDS
        assert all(one.written and one.unflushed for one in acknowledged), acknowledged


def test_postgresql_flushes_before_it_is_said(trace: Path, postgres: Server) -> None:
    acknowledged = of_postgresql(trace, postgres, "")

    assert len(acknowledged) == COMMANDS
    assert all(one.written and not one.unflushed for one in acknowledged), acknowledged


def test_a_database_that_commits_without_waiting_is_found(trace: Path, postgres: Server) -> None:
    acknowledged = of_postgresql(trace, postgres, "&options=-csynchronous_commit%3Doff")

    assert len(acknowledged) == COMMANDS
    assert not all(one.written and not one.unflushed for one in acknowledged), acknowledged
