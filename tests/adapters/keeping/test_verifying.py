"""What a restored log is asked, and the fault that each question finds."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, delete, update

from adapters.keeping.verifying import faults
from adapters.store.engine import engine_at
from adapters.store.tables import events
from tests.adapters.clockwork.town import Town
from tests.ticks import at

NOW = at("03-02 09:00")
CASES = 3  # each of one event


@pytest.fixture(params=["sqlite", "postgresql"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A log with a few cases, each later than the one before."""
    url = (
        request.getfixturevalue("postgres_url") if request.param == "postgresql" else f"sqlite:///{tmp_path / 'log.db'}"
    )
    town = Town(url, url if request.param == "postgresql" else f"sqlite:///{tmp_path / 'boards.db'}")
    for number in range(CASES):
        town.logged(NOW + timedelta(hours=number))
    engine = engine_at(url)
    yield engine
    engine.dispose()


def test_a_log_that_is_whole(log: Engine) -> None:
    assert list(faults(log)) == []


@pytest.mark.parametrize(
    ("seeded", "says"),
    [
        (delete(events).where(events.c.position == 2), ["the log ends at position 3 and has 2 events"]),
        (update(events).where(events.c.position == 2).values(version=3), ["have a gap"]),
        (update(events).where(events.c.position == 2).values(stream=UUID(int=1), version=2), ["have a gap"]),
        (
            update(events).where(events.c.position == 3).values(recorded_at=NOW - timedelta(hours=1)),
            ["position 3 was recorded before the one in front of it"],
        ),
        (update(events).where(events.c.position == 2).values(body=b"{}"), ["position 2 (case-logged) cannot be read"]),
        (update(events).where(events.c.position == 2).values(name="never-heard"), ["UnknownEventError"]),
    ],
)
def test_a_fault_is_found(log: Engine, seeded: object, says: list[str]) -> None:
    with log.begin() as connection:
        connection.execute(seeded)  # type: ignore[call-overload]  # a statement
    found = list(faults(log))
    assert len(found) == len(says) and all(words in one for words, one in zip(says, found, strict=True)), found
