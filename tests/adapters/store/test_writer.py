"""What is acknowledged is stored whole and in order; what is refused harms nobody else; no error is lost."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from sqlalchemy import Connection, Engine, delete, exc, func, select
from sqlalchemy import event as happening

from adapters.store.batch import LOCK, Written
from adapters.store.engine import engine_at, hurried, transaction
from adapters.store.errors import Busy, Unavailable
from adapters.store.recorders import LogRecorder
from adapters.store.tables import events
from adapters.store.writer import BATCH, Writer
from tests.adapters.store.contender import NOON
from tests.adapters.store.stories import event, whole_log
from workflow.moments import EarlierError


@contextmanager
def held(writer: Writer) -> Iterator[None]:
    """Keep the writer's thread busy, so that what is submitted meanwhile becomes one batch."""
    gate, begun = Event(), Event()

    def hold(_: Connection) -> None:
        begun.set()
        gate.wait(timeout=30)

    holding = writer.run(hold)
    assert begun.wait(timeout=30)
    try:
        yield
    finally:
        gate.set()
        holding.result(timeout=30)


def batch_of(writer: Writer, *commands: list[StoredEvent]) -> list[Future[Written]]:
    """Commands that are committed together."""
    with held(writer):
        return [writer.submit(command) for command in commands]


class Strange(BaseException):
    """Something that nobody expects."""


def test_a_batch_is_numbered_in_the_order_it_came(writer: Writer) -> None:
    a, b = uuid4(), uuid4()

    answers = batch_of(writer, [event(a, 1), event(a, 2)], [event(b, 1)], [event(a, 3)])

    assert [answer.result().positions for answer in answers] == [(1, 2), (3,), (4,)]


def test_a_batch_is_one_transaction(engine: Engine, writer: Writer) -> None:
    commits: list[Connection] = []
    with held(writer):
        happening.listen(engine, "commit", commits.append)
        answers = [writer.submit([event(uuid4(), 1)]) for _ in range(150)]

    assert len({answer.result() for answer in answers}) == 150
    assert len(commits) == 2, "the one that was held, and the batch"


def test_who_is_refused_is_refused_alone_and_whole(writer: Writer, log: LogRecorder) -> None:
    a, b = uuid4(), uuid4()

    first, second, third = batch_of(writer, [event(a, 1)], [event(b, 1), event(a, 1)], [event(b, 1)])

    assert (first.result().positions, third.result().positions) == ((1,), (2,))
    with pytest.raises(IntegrityError, match="version 1 does not follow"):
        second.result()
    assert [one.originator_id for one in whole_log(log)] == [a, b]


@pytest.mark.parametrize("versions", [[2], [1, 1], [1, 3], [-1]])
def test_versions_have_no_gaps(log: LogRecorder, versions: list[int]) -> None:
    stream = uuid4()

    with pytest.raises(IntegrityError):
        log.insert_events([event(stream, version) for version in versions])

    assert log.max_notification_id() is None


def test_what_the_database_cannot_store_harms_nobody_else(writer: Writer, log: LogRecorder) -> None:
    a, b, c = uuid4(), uuid4(), uuid4()

    first, bad, last = batch_of(writer, [event(a, 1)], [event(b, 1), event(b, 2, name="\ud800")], [event(c, 1)])

    assert (first.result().positions, last.result().positions) == ((1,), (2,))
    with pytest.raises(UnicodeEncodeError):
        bad.result()
    assert [one.originator_id for one in whole_log(log)] == [a, c]


def test_what_can_be_told_again_does_not_wait_for_the_disk(url: str) -> None:
    asks = {"sqlite": "PRAGMA synchronous", "postgresql": "SHOW synchronous_commit"}
    for engine, wanted in ((engine_at(url), {2, "on"}), (hurried(engine_at(url)), {1, "off"})):
        with engine.connect() as connection:
            assert connection.exec_driver_sql(asks[engine.dialect.name]).scalar() in wanted
        engine.dispose()


def test_recorded_at_never_goes_back(log: LogRecorder) -> None:
    for tenths in (0, -5, 13, 12):
        log.insert_events([event(uuid4(), 1)], recorded_at=NOON + timedelta(seconds=tenths / 10, microseconds=7))

    found = [one.recorded_at - NOON for one in whole_log(log)]
    assert found == [timedelta(seconds=tenths / 10, microseconds=7) for tenths in (0, 0, 13, 13)]


def test_what_was_decided_long_before_the_log_s_last_moment_is_to_be_decided_again(log: LogRecorder) -> None:
    log.insert_events([event(uuid4(), 1)], recorded_at=NOON)
    with pytest.raises(EarlierError) as earlier:
        log.insert_events([event(uuid4(), 1)], recorded_at=NOON - timedelta(seconds=2))
    assert (earlier.value.moment, len(whole_log(log))) == (NOON, 1)


def test_the_answer_says_the_moment_that_was_stored(writer: Writer) -> None:
    writer.submit([event(uuid4(), 1)], recorded_at=NOON).result()

    earlier = writer.submit([event(uuid4(), 1)], recorded_at=NOON - timedelta(milliseconds=300))

    assert earlier.result() == Written((2,), NOON)


def test_moments_come_back_in_utc_whatever_zone_they_had(log: LogRecorder) -> None:
    lhasa = datetime.fromisoformat("2025-03-01T20:00:00+08:00")
    log.insert_events([event(uuid4(), 1)], recorded_at=lhasa)

    moment = whole_log(log)[0].recorded_at

    assert (moment, moment.tzinfo) == (NOON, UTC)


def test_a_moment_without_a_zone_is_refused(log: LogRecorder) -> None:
    with pytest.raises(ValueError, match="time zone"):
        log.insert_events([event(uuid4(), 1)], recorded_at=datetime(2025, 3, 1))  # noqa: DTZ001 - the point


def test_a_read_event_carries_its_position_and_moment(log: LogRecorder) -> None:
    stream = uuid4()
    log.insert_events([event(uuid4(), 1)], recorded_at=NOON)
    log.insert_events([event(stream, 1)], recorded_at=NOON)

    (found,) = log.select_events(stream)

    assert (found.position, found.recorded_at, found.state) == (2, NOON, b"{}")


def test_other_writes_have_a_transaction_of_their_own(writer: Writer, log: LogRecorder) -> None:
    log.insert_events([event(uuid4(), 1)])

    def change_and_fail(connection: Connection) -> None:
        connection.execute(delete(events))
        raise LookupError

    with pytest.raises(LookupError):
        writer.run(change_and_fail).result()
    assert (
        writer.run(lambda connection: connection.execute(select(func.count(events.c.position))).scalar()).result() == 1
    )


def test_a_commit_that_fails_leaves_nothing_to_the_next(writer: Writer) -> None:
    def tables(connection: Connection) -> None:
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        late = "REFERENCES parent DEFERRABLE INITIALLY DEFERRED"
        connection.exec_driver_sql(f"CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER {late})")

    def orphan(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO child VALUES (1, 7)")

    writer.run(tables).result()
    with pytest.raises(exc.IntegrityError):
        writer.run(orphan).result()

    assert writer.run(lambda connection: connection.exec_driver_sql("SELECT * FROM child").all()).result() == []


def test_the_thread_outlives_every_error(engine: Engine, writer: Writer) -> None:
    def fail(_: Connection) -> None:
        raise Strange

    with pytest.raises(Strange):
        writer.run(fail).result()
    happening.listen(engine, "begin", fail)
    with pytest.raises(Strange):
        writer.submit([event(uuid4(), 1)]).result()
    happening.remove(engine, "begin", fail)

    assert writer.submit([event(uuid4(), 1)]).result().positions == (1,)


def test_a_cancelled_command_is_not_written(writer: Writer, log: LogRecorder) -> None:
    with held(writer):
        regretted, kept = writer.submit([event(uuid4(), 1)]), writer.submit([event(uuid4(), 1)])
        assert regretted.cancel()

    assert kept.result().positions == (1,)
    with pytest.raises(CancelledError):
        regretted.result()
    assert log.max_notification_id() == 1


def test_an_async_route_awaits_the_answer(writer: Writer) -> None:
    async def route() -> Written:
        return await asyncio.wrap_future(writer.submit([event(uuid4(), 1)]))

    assert asyncio.run(route()).positions == (1,)


def test_too_many_are_told_so_at_once(engine: Engine) -> None:
    writer = Writer(engine, room=1)
    with held(writer):
        for one_more in (lambda: writer.submit([event(uuid4(), 1)]), lambda: writer.run(lambda _: None)):
            with pytest.raises(Busy):
                one_more()

    assert writer.submit([event(uuid4(), 1)]).result().positions == (1,)
    writer.close()


def test_who_has_waited_too_long_in_the_queue_is_told_so(engine: Engine) -> None:
    writer = Writer(engine, patience=0.05)
    with held(writer):
        late: list[Future[Any]] = [writer.submit([event(uuid4(), 1)]), writer.run(lambda _: None)]
        Event().wait(timeout=0.1)  # time itself is what is tested

    for answer in late:
        with pytest.raises(Busy):
            answer.result()
    writer.close()


def test_who_has_waited_too_long_for_the_lock_is_told_so(engine: Engine) -> None:
    writer, elsewhere = Writer(engine, patience=0.1), engine_at(engine.url.render_as_string(hide_password=False))
    with transaction(elsewhere, lock=LOCK), pytest.raises(Busy):
        writer.submit([event(uuid4(), 1)]).result(timeout=10)

    assert writer.submit([event(uuid4(), 1)]).result().positions == (1,)
    writer.close()
    elsewhere.dispose()


def test_closing_finishes_what_waits(engine: Engine) -> None:
    writer = Writer(engine)
    answers = batch_of(writer, *([event(uuid4(), 1)] for _ in range(20)))
    writer.close()

    assert [answer.result().positions for answer in answers] == [(number,) for number in range(1, 21)]
    for too_late in (lambda: writer.submit([event(uuid4(), 1)]), lambda: writer.run(lambda _: None)):
        with pytest.raises(Unavailable):
            too_late()
    assert LogRecorder(writer).max_notification_id() == 20


def test_no_error_shows_what_was_to_be_stored(writer: Writer) -> None:
    def write_twice(connection: Connection) -> None:
        row = {"stream": uuid4(), "version": 1, "name": "somebody's words", "body": b"", "recorded_at": NOON}
        connection.execute(events.insert(), [row | {"position": 1}, row | {"position": 2}])

    with pytest.raises(exc.IntegrityError) as caught:
        writer.run(write_twice).result()
    assert "words" not in str(caught.value)


def test_closing_finishes_what_waits_for_a_later_turn_too(engine: Engine) -> None:
    writer = Writer(engine)
    with ThreadPoolExecutor(1) as thread:
        with held(writer):
            answers = [writer.submit([event(uuid4(), 1)]) for _ in range(2 * BATCH + 1)]
            closed = thread.submit(writer.close)
            while not refuses(writer):
                pass
        closed.result(timeout=30)
    assert [answer.result(timeout=10).positions for answer in answers] == [(n,) for n in range(1, 2 * BATCH + 2)]


def refuses(writer: Writer) -> bool:
    try:
        writer.run(lambda _: None)
    except Unavailable:
        return True
    return False
