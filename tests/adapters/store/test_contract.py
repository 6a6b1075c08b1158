"""The library's own tests of recorders hold for ours, on each kind of database."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from eventsourcing.tests import persistence as contract

from adapters.store import Factory
from adapters.store.engine import engine_at
from adapters.store.migrate import migrate
from adapters.store.recorders import LogRecorder, StreamRecorder


class OnSQLite:
    """A file."""

    @pytest.fixture(autouse=True)
    def _where(self, tmp_path: Path) -> None:
        self.url = f"sqlite:///{tmp_path / 'cases.db'}"


class InMemory:
    """SQLite without a file."""

    url = "sqlite://"


class OnPostgreSQL:
    """A server."""

    @pytest.fixture(autouse=True)
    def _where(self, postgres_url: str) -> None:
        self.url = postgres_url


class Opened:
    """What the contract asks for: a recorder of an empty store."""

    url: str
    addCleanup: Callable[..., Any]  # noqa: N815 - unittest's

    def factory(self) -> Factory:
        """A store that is ready."""
        engine = engine_at(self.url)
        migrate(engine)
        engine.dispose()
        factory = Factory({"WHISTLE_DATABASE_URL": self.url})
        self.addCleanup(factory.close)
        return factory


class Streams(Opened, contract.AggregateRecorderTestCase):
    """Streams alone."""

    __test__ = False

    def create_recorder(self) -> StreamRecorder:
        """As the library calls it."""
        return self.factory().aggregate_recorder()


class Log(Opened, contract.ApplicationRecorderTestCase[LogRecorder]):
    """The whole log. `optional_test_insert_subscribe` is not run: others write too, so there are no subscriptions."""

    __test__ = False

    def create_recorder(self) -> LogRecorder:
        """As the library calls it."""
        return self.factory().application_recorder()


class TestStreamsOnSQLite(OnSQLite, Streams):
    """Streams in a file."""

    __test__ = True


class TestStreamsInMemory(InMemory, Streams):
    """Streams in memory."""

    __test__ = True


class TestStreamsOnPostgreSQL(OnPostgreSQL, Streams):
    """Streams on a server."""

    __test__ = True


class TestLogOnSQLite(OnSQLite, Log):
    """The log in a file."""

    __test__ = True


class TestLogInMemory(InMemory, Log):
    """The log in memory."""

    __test__ = True


class TestLogOnPostgreSQL(OnPostgreSQL, Log):
    """The log on a server."""

    __test__ = True
