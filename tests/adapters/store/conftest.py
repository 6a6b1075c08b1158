"""An empty database of each kind, and a writer on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from adapters.store.engine import engine_at
from adapters.store.migrate import migrate
from adapters.store.recorders import LogRecorder
from adapters.store.writer import Writer


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'cases.db'}"
    address: str = request.getfixturevalue("postgres_url")
    return address


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """A database with the log's tables."""
    engine = engine_at(url)
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def writer(engine: Engine) -> Iterator[Writer]:
    """Its writer."""
    writer = Writer(engine)
    yield writer
    writer.close()


@pytest.fixture
def log(writer: Writer) -> LogRecorder:
    """Its log."""
    return LogRecorder(writer)
