"""Who follows the log by position misses nothing, however long a commit takes: PostgreSQL, where commits overlap."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, func, text

from adapters.store.batch import LOCK, Write, write_all
from adapters.store.engine import engine_at, transaction
from adapters.store.migrate import migrate
from adapters.store.recorders import LogRecorder
from adapters.store.tables import events
from adapters.store.writer import Writer
from tests.adapters.store.contender import NOON
from tests.adapters.store.stories import event, whole_log

WRITERS, EACH = 8, 25


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    """A database where numbers can also be had without the lock."""
    engine = engine_at(postgres_url)
    migrate(engine)
    with transaction(engine) as connection:
        connection.execute(text("CREATE SEQUENCE loose"))
    yield engine
    engine.dispose()


def as_we_do(connection: Connection) -> None:
    """Under the lock, numbered by hand."""
    write_all(connection, [Write([event(uuid4(), 1)], NOON)])


def as_others_do(connection: Connection) -> None:
    """The control: numbered by a sequence, without a lock."""
    one = event(uuid4(), 1)
    row = {"stream": one.originator_id, "version": 1, "name": one.topic, "body": one.state, "recorded_at": NOON}
    connection.execute(events.insert().values(position=func.nextval("loose"), **row))


def slowly(engine: Engine, write: Callable[[Connection], None], lock: int | None, seed: int) -> None:
    """One writer, whose commits come late."""
    chance = Random(seed)
    for _ in range(EACH):
        with transaction(engine, patience=30, lock=lock) as connection:
            write(connection)
            connection.execute(text("SELECT pg_sleep(:delay)"), {"delay": chance.random() / 100})


def missed(engine: Engine, write: Callable[[Connection], None], lock: int | None) -> int:
    """How many events a follower never saw while eight wrote."""
    log, seen = LogRecorder(Writer(engine)), set[int]()

    def follow() -> bool:
        news = log.select_notifications(max(seen, default=0), 500, inclusive_of_start=False)
        seen.update(one.position for one in news)
        return bool(news)

    with ThreadPoolExecutor(WRITERS) as threads:
        writers = [threads.submit(slowly, engine, write, lock, seed) for seed in range(WRITERS)]
        while not all(writer.done() for writer in writers):
            follow()
    while follow():
        pass
    for writer in writers:
        writer.result()
    log.writer.close()
    return len(whole_log(log)) - len(seen)


def test_a_follower_misses_nothing(engine: Engine) -> None:
    assert missed(engine, as_we_do, LOCK) == 0
    assert LogRecorder(Writer(engine)).max_notification_id() == WRITERS * EACH


def test_without_the_lock_it_misses_some(engine: Engine) -> None:
    assert missed(engine, as_others_do, None) > 0
