"""PostgreSQL goes away and comes back: each command knows what became of it, and the next ones work."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import Connection
from sqlalchemy import event as happening

from adapters.store.engine import engine_at
from adapters.store.errors import CommitUnknown, Unavailable
from adapters.store.migrate import migrate
from adapters.store.recorders import LogRecorder
from adapters.store.writer import Writer
from tests.adapters.store.stories import event, whole_log
from tests.adapters.store.test_writer import batch_of
from tests.postgres import Server


@pytest.fixture
def log(postgres_url: str) -> Iterator[LogRecorder]:
    """A log with one event, so with open connections."""
    engine = engine_at(postgres_url)
    migrate(engine)
    log = LogRecorder(Writer(engine))
    log.insert_events([event(uuid4(), 1)])
    yield log
    log.writer.close()
    engine.dispose()


@pytest.fixture
def server(postgres_server: Server) -> Iterator[Server]:
    """The server; it runs again afterwards, whatever the test did."""
    yield postgres_server
    if not postgres_server.running:
        postgres_server.start()


def test_after_a_restart_the_first_batch_is_stored(log: LogRecorder, server: Server) -> None:
    server.stop()
    server.start()

    answers = batch_of(log.writer, *([event(uuid4(), 1)] for _ in range(3)))

    assert [answer.result().positions for answer in answers] == [(2,), (3,), (4,)]
    assert len(whole_log(log)) == 4


def test_a_commit_without_an_answer_is_unknown_and_never_failed(log: LogRecorder, server: Server) -> None:
    def cut_before_the_commit(_: Connection, __: object, statement: str, *___: object) -> None:
        if statement.startswith("INSERT") and server.running:
            server.stop("immediate")

    happening.listen(log.writer.engine, "after_cursor_execute", cut_before_the_commit)
    answers = batch_of(log.writer, [event(uuid4(), 1)], [event(uuid4(), 1)])
    for answer in answers:
        with pytest.raises(CommitUnknown):
            answer.result()
    happening.remove(log.writer.engine, "after_cursor_execute", cut_before_the_commit)
    server.start()

    assert log.insert_events([event(uuid4(), 1)]) == [2], "this time it was not written, and its number is free"


def test_what_never_came_to_its_commit_was_not_written(log: LogRecorder, server: Server) -> None:
    server.stop("immediate")
    for answer in batch_of(log.writer, [event(uuid4(), 1)], [event(uuid4(), 1)]):
        with pytest.raises(Unavailable):
            answer.result()
    with pytest.raises(Unavailable):
        log.writer.run(lambda connection: connection.exec_driver_sql("SELECT 1")).result()
    with pytest.raises(Unavailable):
        log.max_notification_id()
    server.start()

    assert log.insert_events([event(uuid4(), 1)]) == [2]


def test_what_was_acknowledged_outlives_a_power_cut(log: LogRecorder, server: Server) -> None:
    for answer in batch_of(log.writer, *([event(uuid4(), 1)] for _ in range(50))):
        answer.result()
    server.stop("immediate")
    server.start()

    log.insert_events([event(uuid4(), 1)])
    assert [one.position for one in whole_log(log)] == list(range(1, 53))
