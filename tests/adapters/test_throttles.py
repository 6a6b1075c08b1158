"""Throttles: so many at once and as many again within a span, for all workers together, and nothing kept for long."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from adapters.store.engine import engine_at
from adapters.store.migrate import migrate
from adapters.store.tables import throttles
from adapters.store.writer import Writer
from adapters.throttles import FREE, Rate, Throttles

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
FIVE = Rate(5, timedelta(hours=1))
EACH = timedelta(minutes=12)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with the log's tables."""
    address: str = (
        f"sqlite:///{tmp_path / 'log.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    )
    migrate(engine_at(address))
    return address


@pytest.fixture
def worker(url: str) -> Iterator[Throttles]:
    yield from _worker(url)


@pytest.fixture
def another(url: str) -> Iterator[Throttles]:
    yield from _worker(url)


def _worker(url: str) -> Iterator[Throttles]:
    """Throttles as another process has them: over a writer of its own."""
    writer = Writer(engine_at(url))
    yield Throttles(writer)
    writer.close()
    writer.engine.dispose()


def taken(worker: Throttles, times: int, now: datetime = NOW, key: str = "k") -> list[timedelta]:
    return [worker.take(key, FIVE, now) for _ in range(times)]


def test_so_many_are_free_and_then_one_waits(worker: Throttles) -> None:
    assert taken(worker, 7) == [FREE] * 5 + [EACH] * 2
    assert taken(worker, 1, NOW + EACH - timedelta(seconds=1)) == [timedelta(seconds=1)]
    assert taken(worker, 2, NOW + EACH) == [FREE, EACH]
    assert taken(worker, 6, NOW + timedelta(hours=3)) == [FREE] * 5 + [EACH]


def test_a_key_says_nothing_of_another(worker: Throttles) -> None:
    assert taken(worker, 6)[-1] and taken(worker, 1, key="other") == [FREE]


def test_looking_takes_nothing(worker: Throttles) -> None:
    assert [worker.wait("k", FIVE, NOW) for _ in range(9)] == [FREE] * 9
    taken(worker, 5)
    assert worker.wait("k", FIVE, NOW) == EACH


def test_workers_share_the_bucket_also_at_the_same_moment(worker: Throttles, another: Throttles) -> None:
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda n: (worker, another)[n % 2].take("k", FIVE, NOW), range(40)))
    assert sum(wait == FREE for wait in waits) == 5 and all(wait in (FREE, EACH) for wait in waits)


def test_a_bucket_that_is_full_again_is_forgotten(worker: Throttles, url: str) -> None:
    for n in range(4):
        taken(worker, 1, key=f"client-{n}")
    taken(worker, 1, NOW + timedelta(hours=2), key="k")
    engine = engine_at(url)
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(throttles)) == 1
    engine.dispose()


def test_one_that_another_worker_still_holds_is_as_good_as_forgotten(
    worker: Throttles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.throttles.FORGET", select(throttles.c.key))
    taken(worker, 5)
    assert taken(worker, 6, NOW + timedelta(hours=9)) == [FREE] * 5 + [EACH]


def test_who_is_refused_writes_nothing(worker: Throttles, monkeypatch: pytest.MonkeyPatch) -> None:
    taken(worker, 5)
    monkeypatch.setattr(Writer, "run", lambda *_: pytest.fail("a refusal was written"))
    assert taken(worker, 3) == [EACH] * 3
