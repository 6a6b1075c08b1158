"""Fixtures of the past: a log with lives in it, its boards, and what is kept of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.past.store import Second, Store


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store on either engine."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
        made = Store(url, url, url)
    else:
        made = Store(*(f"sqlite:///{tmp_path / name}.db" for name in ("log", "boards", "past")))
    yield made
    made.casework.close()


@pytest.fixture
def second(store: Store, tmp_path: Path) -> Iterator[Second]:
    """Another store, which is told the log no further than it is asked about."""
    (tmp_path / "second").mkdir()
    made = Second(store.boards.log, tmp_path / "second")
    yield made
    made.close()
