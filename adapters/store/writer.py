"""The one thread of this process that writes to a database: what has queued is committed together."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import inf
from threading import BoundedSemaphore, Lock
from time import monotonic
from typing import ParamSpec, TypeVar

from eventsourcing.persistence import OperationalError, StoredEvent
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from adapters.store.batch import LOCK, Outcome, Write, Written, write_all
from adapters.store.engine import PATIENCE, transaction
from adapters.store.errors import Busy, Unavailable
from adapters.store.tables import utc
from workflow.keyed import Keyed

BATCH = 200  # commands in a transaction
ROOM = 2_000  # commands and other work that may wait
# What a database, or its driver, says of a value that it cannot store.
UNSTORABLE = (SQLAlchemyError, ValueError, TypeError, OverflowError)

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class _Waiting:
    write: Write
    since: float = field(default_factory=monotonic)
    answer: Future[Written] = field(default_factory=Future)


class Writer:
    """Whoever writes gets a future, which carries the result or the error. Work must never wait for its own writer.

    Every error but CommitUnknown means that nothing was written. After a dead connection the next work opens a new one.
    """

    def __init__(self, engine: Engine, *, room: int = ROOM, patience: float = PATIENCE) -> None:
        """`room` is how many may wait; `patience` how many seconds in the queue, and then for the database's lock."""
        self.engine = engine
        self.patience = patience
        self._most, self._room = room, BoundedSemaphore(room)
        self._waiting: deque[_Waiting] = deque()
        self._turn = False  # whether one is to come for the commands that wait
        self._in_order = Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"writer-{engine.dialect.name}")

    def submit(
        self, events: Iterable[StoredEvent], *, keyed: Keyed | None = None, recorded_at: datetime | None = None
    ) -> Future[Written]:
        """Store one command's events and its key, all or nothing. Never blocks; raises Busy when too many wait.

        The future raises IntegrityError (a version does not follow), KeyKnown, EarlierError, Busy, Unavailable or CommitUnknown.
        """
        waiting = _Waiting(Write(tuple(events), utc(recorded_at or datetime.now(UTC)), keyed))
        with self._in_order:
            if len(self._waiting) >= self._most:
                raise Busy("too many are waiting to write")
            if not self._turn:
                self._schedule(self._commit_waiting)
                self._turn = True
            self._waiting.append(waiting)
        return waiting.answer

    def run(self, work: Callable[[Connection], T], patience: float = inf) -> Future[T]:
        """Any other write: `work` gets a connection in a transaction of its own, committed when it returns.

        It waits for the database's lock as long as the others, or for `patience` seconds, where that is less.
        """
        return self._schedule(self._run, work, patience, monotonic())

    @property
    def queue(self) -> int:
        """How many commands wait now."""
        return len(self._waiting)

    def close(self) -> None:
        """Finish what waits, then stop; what comes later is Unavailable."""
        self._thread.shutdown(wait=True)

    def _schedule(self, task: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        if not self._room.acquire(blocking=False):
            raise Busy("too many are waiting to write")
        try:
            scheduled = self._thread.submit(task, *args, **kwargs)
        except RuntimeError:
            self._room.release()
            raise Unavailable("the store is closed") from None
        scheduled.add_done_callback(lambda _: self._room.release())
        return scheduled

    def _run(self, work: Callable[[Connection], T], patience: float, since: float) -> T:
        if self._late(since):
            raise _too_late()
        with transaction(self.engine, patience=min(patience, self.patience)) as connection:
            return work(connection)

    def _commit_waiting(self) -> None:
        """One turn takes along all that wait; those who come after it have the next one.

        A turn for each command was measured: a sixth fewer commands a second with 64 clients. Lingering for more to
        come wins nothing with 8 or 64, and one alone loses.
        """
        closing = False
        try:
            self._commit(self._taken())
        finally:
            closing = not self._next_turn()
        if closing:
            self._commit_waiting()

    def _next_turn(self) -> bool:
        """After whatever else was asked for meanwhile. False where nothing more is taken in: then this turn goes on."""
        with self._in_order:
            self._turn = bool(self._waiting)
            try:
                if self._turn:
                    self._thread.submit(self._commit_waiting)
            except RuntimeError:
                return False
        return True

    def _commit(self, batch: Sequence[_Waiting]) -> None:
        try:
            outcomes = self._together([waiting.write for waiting in batch])
        except BaseException as error:
            for waiting in batch:
                waiting.answer.set_exception(error)
            raise
        for waiting, outcome in zip(batch, outcomes, strict=True):
            _tell(waiting.answer, outcome)

    def _taken(self) -> list[_Waiting]:
        """With a look at the clock for each: who waited too long is told so. Only the writer's thread takes any away."""
        batch: list[_Waiting] = []
        while self._waiting and len(batch) < BATCH:
            waiting = self._waiting.popleft()
            if not waiting.answer.set_running_or_notify_cancel():
                continue
            if self._late(waiting.since):
                waiting.answer.set_exception(_too_late())
            else:
                batch.append(waiting)
        return batch

    def _late(self, since: float) -> bool:
        return monotonic() - since > self.patience

    def _together(self, writes: Sequence[Write]) -> Sequence[Outcome]:
        """One transaction for all. Where it fails before its commit, one for each: a bad one harms nobody else."""
        try:
            return self._committed(writes)
        except (*UNSTORABLE, Unavailable):
            return self._one_by_one(writes)

    def _one_by_one(self, writes: Sequence[Write]) -> Sequence[Outcome]:
        outcomes: list[Outcome] = []
        for write in writes:
            if outcomes and isinstance(outcomes[-1], Unavailable | Busy):
                outcomes.append(outcomes[-1])  # let the others not wait for the same
            else:
                outcomes.append(self._alone(write))
        return outcomes

    def _alone(self, write: Write) -> Outcome:
        try:
            return self._committed([write])[0]
        except (*UNSTORABLE, OperationalError) as error:
            return error

    def _committed(self, writes: Sequence[Write]) -> Sequence[Outcome]:
        if not writes:
            return ()
        with transaction(self.engine, patience=self.patience, lock=LOCK) as connection:
            return write_all(connection, writes)


def _too_late() -> Busy:
    return Busy("waited too long to write")


def _tell(answer: Future[Written], outcome: Outcome) -> None:
    if isinstance(outcome, Written):
        answer.set_result(outcome)
    else:
        answer.set_exception(outcome)
