"""Of those who act on the same version, or send the same command twice, exactly one writes."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import IntegrityError
from sqlalchemy import Engine

from adapters.store.batch import forget_keys
from adapters.store.engine import engine_at
from adapters.store.recorders import LogRecorder
from adapters.store.writer import Writer
from tests.adapters.store.contender import NOON
from tests.adapters.store.stories import event, whole_log
from workflow.keyed import Keyed, KeyKnown

T = TypeVar("T")


@pytest.fixture
def logs(engine: Engine) -> Iterator[list[LogRecorder]]:
    """One database as two processes see it: each with its writer and its connections."""
    engines = [engine_at(engine.url.render_as_string(hide_password=False)) for _ in range(2)]
    logs = [LogRecorder(Writer(one)) for one in engines]
    yield logs
    for log in logs:
        log.writer.close()
        log.writer.engine.dispose()


def at_once(*acts: Callable[[], T]) -> list[T]:
    """What each returns, all begun together."""
    start = Barrier(len(acts))

    def begin(act: Callable[[], T]) -> T:
        start.wait(timeout=30)
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(begin, acts))


def merges(log: LogRecorder, one: UUID, into: UUID, version: int) -> bool:
    """Merge one case into another: both streams get an event."""
    try:
        log.insert_events([event(one, version), event(into, version)])
    except IntegrityError:
        return False
    return True


def test_of_two_merges_into_each_other_one_wins(logs: list[LogRecorder]) -> None:
    a, b = uuid4(), uuid4()

    for version in range(1, 31):
        won = at_once(partial(merges, logs[0], a, b, version), partial(merges, logs[1], b, a, version))
        assert sorted(won) == [False, True]

    assert len(whole_log(logs[0])) == 60


def keyed(key: str = "k", *, actor: str = "staff-7", body: bytes = b"hmac", answer: bytes = b"201") -> Keyed:
    """A command's key."""
    return Keyed(key, actor, body, answer)


def sends(log: LogRecorder, mine: Keyed) -> bytes:
    """Log a case; the answer, the first time and every other."""
    try:
        log.insert_events([event(uuid4(), 1)], keyed=mine)
    except KeyKnown as known:
        return known.answer
    return mine.answer


def test_one_key_eight_times_at_once_is_one_case_and_one_answer(logs: list[LogRecorder]) -> None:
    told = at_once(*(partial(sends, logs[n % 2], keyed(answer=b"case %d" % n)) for n in range(8)))

    assert len(set(told)) == 1
    assert len(whole_log(logs[0])) == 1


def test_one_key_twice_in_a_batch_is_one_case(log: LogRecorder) -> None:
    told = at_once(*[partial(sends, log, keyed())] * 8)

    assert (set(told), log.max_notification_id()) == ({b"201"}, 1)


def test_a_known_key_comes_before_a_version_that_no_longer_follows(log: LogRecorder) -> None:
    command = [event(uuid4(), 1)]
    log.insert_events(command, keyed=keyed())

    with pytest.raises(KeyKnown) as known:
        log.insert_events(command, keyed=keyed(body=b"another body"))

    assert (known.value.fingerprint, known.value.answer, known.value.position) == (b"hmac", b"201", 1)


def test_a_key_is_its_actors_own(log: LogRecorder) -> None:
    log.insert_events([event(uuid4(), 1)], keyed=keyed())

    assert log.insert_events([event(uuid4(), 1)], keyed=keyed(actor="staff-8")) == [2]


def test_a_refusal_leaves_the_key_free(log: LogRecorder) -> None:
    with pytest.raises(IntegrityError):
        log.insert_events([event(uuid4(), 7)], keyed=keyed())

    assert log.insert_events([event(uuid4(), 1)], keyed=keyed()) == [1]


def test_a_command_without_events_keeps_its_answer(log: LogRecorder) -> None:
    assert log.insert_events([], keyed=keyed()) == []

    with pytest.raises(KeyKnown):
        log.insert_events([], keyed=keyed())


def test_keys_are_kept_thirty_days(log: LogRecorder) -> None:
    for day in range(4):
        log.insert_events([event(uuid4(), 1)], keyed=keyed(f"day {day}"), recorded_at=NOON + timedelta(days=day))
    later = NOON + timedelta(days=32)

    forgotten = [log.writer.run(lambda c: forget_keys(c, now=later, at_most=1)).result() for _ in range(3)]

    assert forgotten == [1, 1, 0], "those of days 0 and 1, a slice at a time"
    assert log.insert_events([event(uuid4(), 1)], keyed=keyed("day 1")) == [5]
    with pytest.raises(KeyKnown):
        log.insert_events([event(uuid4(), 1)], keyed=keyed("day 2"))
