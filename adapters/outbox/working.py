"""The outbox: what follows from the log is told, in order for each case and recipient, at least once, and tried for days.

Whoever works takes one message under a lease. It is noted when it arrived; where the worker dies before that, it is sent
once more, under the same id. What is not taken is tried again, ever later, and ends as a dead letter for somebody to see.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random, SystemRandom
from threading import Event, Thread
from time import monotonic
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, Select, and_, or_, select, tuple_, update

from adapters.boards import Boards
from adapters.boards.folding import UNTOLD
from adapters.clockwork.working import AWAY
from adapters.outbox.channels import Channels
from adapters.outbox.following import Following
from adapters.outbox.sending import ARRIVED, Letter, Outcome, sent
from adapters.outbox.tables import messages
from adapters.outbox.writing import Desk, Looked, NoLongerPossible
from adapters.sealing import Sealing
from adapters.store.engine import reading
from adapters.store.errors import explained
from adapters.store.writer import Writer
from workflow.casework import Casework

PERIOD = 1.0  # seconds between looks
GRACE = 1.0  # seconds for calls at hand when it stops
SENDERS = 4  # who wait for those who answer slowly; a recipient has one of them at a time
LEASE = timedelta(minutes=3)  # longer than one message takes over all its ways
KEPT = timedelta(days=90)  # what has come to its end
OLD = timedelta(days=30)  # nobody was there to send it for so long: it is no news any more
TRIES = 8
FIRST, LONGEST, TIMES = timedelta(minutes=1), timedelta(days=2), 4  # waits: 1, 4, 16 … minutes: some three days in all
JITTER = (0.75, 1.25)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a message after a try."""

    state: str  # waiting | delivered | dead | nobody | impossible
    reason: str = ""
    wait: timedelta = timedelta(0)
    reached: tuple[str, ...] = ()


class Outbox:
    """One worker; others may work beside it, in this process or elsewhere."""

    def __init__(
        self,
        writer: Writer,
        boards: Boards,
        casework: Casework,
        sealing: Sealing,
        channels: Channels,
        looked: Looked,
        *,
        lease: timedelta = LEASE,
        dice: Random | None = None,
    ) -> None:
        """`looked` hears of each look at a number; `lease` is how long others leave a message alone; `dice` spread what waits."""
        self.writer, self.engine, self.channels = writer, reading(writer.engine), channels
        self.following = Following(writer, boards.log_engine, casework)
        self._boards, self._desk = boards, Desk(casework, boards, sealing, channels, looked)
        self._lease, self._dice = lease, dice or SystemRandom()
        self._forgets_at = datetime.min.replace(tzinfo=UTC)
        self._stop = Event()
        self._threads: list[Thread] = []

    # --- by itself

    def start(self, clock: Callable[[], datetime]) -> None:
        """Follow, and send, in threads of this process until `stop`: who does not answer delays nobody else."""
        does: list[Callable[[datetime], bool]] = [self._follow, *[self.send_one] * SENDERS]
        for n, work in enumerate(does):
            thread = Thread(target=self._work, args=(work, clock), name=f"outbox-{n}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Stop; calls at hand have a moment to end. What did not is sent again when its lease has run out."""
        self._stop.set()
        until = monotonic() + GRACE
        while self._threads:
            self._threads.pop().join(max(0.0, until - monotonic()))

    def _work(self, work: Callable[[datetime], bool], clock: Callable[[], datetime]) -> None:
        while not self._stop.is_set():
            more = False
            try:
                more = work(clock())  # a look at the clock for each message: leases are counted from it
            except AWAY:
                log.warning("the outbox waits for its database")
            if not more:
                self._stop.wait(PERIOD)

    def _follow(self, now: datetime) -> bool:
        self.following.follow()
        if now >= self._forgets_at:
            self.following.forget(now - KEPT)
            self._forgets_at = now + timedelta(hours=1)
        return False

    # --- by hand

    def tick(self, now: datetime) -> int:
        """Follow, and send all that is due; returns how many were tried."""
        self.following.follow()
        return self.send(now)

    def send(self, now: datetime) -> int:
        """All that is due, one after the other; returns how many were tried."""
        tried = 0
        while self.send_one(now):
            tried += 1
        return tried

    def send_one(self, now: datetime) -> bool:
        """The next that is due; False where none is."""
        row = self.take(now)
        if row:
            self.note(row, self._tried(row, now), now)
        return row is not None

    # --- one message

    def take(self, now: datetime) -> Row[Any] | None:
        """The one that has waited longest of those that may go, now in our hands. Its case has its number by then."""
        wanted = _next(now).where(messages.c.position <= self._boards.position())
        with explained(), self.engine.connect() as connection:
            if connection.execute(wanted).first() is None:
                return None

        def leased(connection: Connection) -> Row[Any] | None:
            free = connection.execute(wanted.with_for_update(skip_locked=True, of=messages)).first()
            if free is None:
                return None
            mine = messages.c.id == free.id
            connection.execute(update(messages).where(mine).values(worker=uuid4().hex, until=now + self._lease))
            return connection.execute(select(messages).where(mine)).one()

        return self.writer.run(leased).result()

    def _tried(self, row: Row[Any], now: datetime) -> Verdict:
        if not row.reason and now - row.told_at > OLD:
            return Verdict("impossible", "too_old")
        ways = self._desk.ways(row)
        if not ways:
            return Verdict("nobody", "no_channel")
        reached = set(filter(None, row.reached.split()))
        try:
            letters = list(self._desk.letters(row, tuple(way for way in ways if way.name not in reached)))
        except NoLongerPossible as impossible:
            return Verdict("impossible", impossible.reason)
        except UNTOLD as untold:
            log.error("message %s cannot be written: %s", row.id, type(untold).__name__)  # noqa: TRY400 - no trace: it may quote words
            return Verdict("dead", "cannot_be_written")
        outcomes = {way.name: self._sent(way, letter, now) for way, letter in letters}
        reached |= {name for name, outcome in outcomes.items() if outcome == ARRIVED}
        return self.verdict(row, [one for one in outcomes.values() if one != ARRIVED], tuple(sorted(reached)))

    def _sent(self, way: Any, letter: Letter, now: datetime) -> Outcome:  # noqa: ANN401 - a channel
        try:
            return sent(way, letter, now, self.channels.allow)
        except Exception as fault:  # noqa: BLE001 - a library of others: whatever it raises, the message is kept and tried again
            log.error("channel %s: %s", way.name, type(fault).__name__)  # noqa: TRY400 - no trace: it may quote an address
            return Outcome("fault")

    def verdict(self, row: Row[Any], failed: list[Outcome], reached: tuple[str, ...]) -> Verdict:
        """What becomes of it, by what did not work and where it has arrived by now."""
        if not failed:
            return Verdict("delivered", reached=reached)
        reason = failed[0].reason
        if row.tries + 1 >= TRIES or all(one.for_good for one in failed):
            return Verdict("dead", reason, reached=reached)
        wait = max(backoff(row.tries, self._dice), *(one.wait for one in failed))
        return Verdict("waiting", reason, wait, reached)

    def note(self, row: Row[Any], verdict: Verdict, now: datetime) -> None:
        """Unless another has it in hand meanwhile: then it knows better. What comes after it in its line waits as long."""
        waits = verdict.state == "waiting"
        mine = and_(messages.c.id == row.id, messages.c.worker == row.worker, messages.c.state == "waiting")
        values = {
            "state": verdict.state,
            "reason": verdict.reason,
            "reached": " ".join(verdict.reached),
            "tries": row.tries + 1,
            "next_at": now + verdict.wait,
            "ended_at": None if waits else now,
            "worker": "",
            "until": None,
        }
        behind = and_(
            messages.c.line == row.line, messages.c.state == "waiting", messages.c.next_at < values["next_at"]
        )

        def noted(connection: Connection) -> bool:
            ours = connection.execute(update(messages).where(mine).values(values)).rowcount > 0
            if ours and waits:
                connection.execute(update(messages).where(behind).values(next_at=values["next_at"]))
            return ours

        if self.writer.run(noted).result() and verdict.state == "dead":
            whom = row.unit or "the reporter"
            log.error("dead letter: message %s (%s) to %s: %s", row.id, row.kind, whom, verdict.reason)


def _next(now: datetime) -> Select[Any]:
    """What may go now: due, in nobody's hands, the first of its line, and its recipient is not being called already."""
    earlier, called = messages.alias("earlier"), messages.alias("called")
    before = tuple_(earlier.c.position, earlier.c.id) < tuple_(messages.c.position, messages.c.id)
    waits = select(earlier.c.id).where(earlier.c.line == messages.c.line, earlier.c.state == "waiting", before)
    same = or_(called.c.line == messages.c.line, and_(called.c.unit == messages.c.unit, called.c.unit != ""))
    at_work = select(called.c.id).where(called.c.state == "waiting", called.c.until > now, same)
    free = or_(messages.c.until.is_(None), messages.c.until <= now)
    due = (messages.c.state == "waiting", messages.c.next_at <= now, free)
    return select(messages).where(*due, ~waits.exists(), ~at_work.exists()).order_by(messages.c.next_at).limit(1)


def backoff(tries: int, dice: Random) -> timedelta:
    """How long to wait after so many tries, and one more: ever longer, and never for two at once."""
    wait: timedelta = min(FIRST * TIMES**tries, LONGEST)
    return wait * dice.uniform(*JITTER)
