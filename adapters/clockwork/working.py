"""Working: cases whose time has come are taken under a lease, and given the commands that time gives.

When a case wakes stands on the boards, and so follows from the log. What is to be done is asked of the case itself as
it stands then: a command that comes too late does nothing, so it does not matter how many workers there are, or that
one dies in the middle.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from adapters.boards import Boards
from adapters.boards.folding import UNTOLD
from adapters.boards.tables import endings, timers
from adapters.clockwork.guard import Standing, why_held
from adapters.clockwork.tables import leases, looked, metadata
from adapters.rounds import Rounds
from adapters.store.errors import Busy, CommitUnknown, Unavailable, explained
from adapters.store.migrate import create
from domain.actors import SYSTEM
from workflow.ask import Refused
from workflow.casework import Casework, ContendedError, Order
from workflow.waking import Waking, wakings

PERIOD = 1.0  # seconds between looks
LEASE = timedelta(minutes=1)  # longer than a worker takes for the cases that it takes at once
AT_ONCE = 50  # cases
AGAIN = timedelta(seconds=10)  # between notes that a worker has looked
AWAY = (Busy, Unavailable, CommitUnknown)  # the database; the lease runs out, and it is done again
ONLY = 1  # the one row
log = logging.getLogger(__name__)


class Clockwork:
    """One worker; others may work beside it, in this process or elsewhere."""

    def __init__(self, boards: Boards, casework: Casework, *, lease: timedelta = LEASE) -> None:
        """`lease` is how long others leave a case alone that this worker has taken."""
        self.boards, self._casework, self._lease = boards, casework, lease
        self._name = uuid4().hex
        self._rounds = Rounds("clockwork", self._round, first=PERIOD)
        self.start, self.stop = self._rounds.start, self._rounds.stop
        self._held = ""
        create(boards.writer.engine, metadata)

    # --- by itself

    def _round(self, now: datetime) -> float:
        try:
            self.tick(now)
        except AWAY:
            log.warning("the clockwork waits for its database")
        return PERIOD

    # --- by hand

    def tick(self, now: datetime) -> int:
        """Do all that is due, unless it holds; returns how many commands did something."""
        standing = self.standing(now)
        self._alarm(standing)
        if standing.held:
            return 0
        self._looked(now, standing)
        done = 0
        while not self._rounds.over and (taken := self.take(now)):
            left = {case: self._woken_alone(case, now) for case in taken}
            done += sum(done for done, _ in left.values())
            self.boards.catch_up()  # so that what was done is not taken again
            self._let_go([case for case, (_, vain) in left.items() if not vain])
        return done

    def standing(self, now: datetime) -> Standing:
        """How it stands now."""
        due = select(func.count()).select_from(timers).where(timers.c.wakes_at <= now)
        ending = select(func.count()).select_from(endings).where(endings.c.ends_at <= now)
        with explained(), self.boards.engine.connect() as connection:
            to_erase = connection.scalar(ending) or 0
            count, coming = connection.scalar(due) or 0, connection.scalar(select(func.min(timers.c.wakes_at)))
            at = connection.scalar(select(looked.c.at))
        return Standing(count, coming, at, why_held(now, at, count, to_erase), to_erase)

    def release(self, now: datetime) -> Standing:
        """Somebody has looked, and it may go on: as it stands then."""
        self._note(now)
        return self.standing(now)

    def _alarm(self, standing: Standing) -> None:
        """Once for each time that it holds."""
        if standing.held and not self._held:
            log.error(
                "the clockwork holds (%s): %d cases are due; look, then run `whistle timers release`",
                standing.held,
                standing.due,
            )
        self._held = standing.held

    def _looked(self, now: datetime, standing: Standing) -> None:
        if standing.looked_at is None or abs(now - standing.looked_at) >= AGAIN:
            self._note(now)

    def _note(self, now: datetime) -> None:
        def noted(connection: Connection) -> None:
            if connection.execute(update(looked).values(at=now)).rowcount == 0:
                connection.execute(insert(looked).values(id=ONLY, at=now))

        self.boards.writer.run(noted).result()

    # --- cases

    def take(self, now: datetime) -> Sequence[UUID]:
        """Some that are due and in nobody's hands, now in ours."""
        held = select(leases.c.case).where(leases.c.until > now)
        due = select(timers.c.case).where(timers.c.wakes_at <= now, timers.c.case.not_in(held))
        wanted = due.order_by(timers.c.wakes_at).limit(AT_ONCE).with_for_update(skip_locked=True, of=timers)

        def leased(connection: Connection) -> Sequence[UUID]:
            cases = connection.scalars(wanted).all()
            if cases:
                connection.execute(delete(leases).where(leases.c.case.in_(cases)))
                rows = [{"case": case, "worker": self._name, "until": now + self._lease} for case in cases]
                connection.execute(insert(leases), rows)
            return cases

        try:
            return self.boards.writer.run(leased).result()
        except IntegrityError:
            return ()  # another worker took some of them in the same moment

    def _let_go(self, cases: Sequence[UUID]) -> None:
        mine = (leases.c.worker == self._name, leases.c.case.in_(cases))
        self.boards.writer.run(lambda connection: connection.execute(delete(leases).where(*mine))).result()

    def _woken_alone(self, case: UUID, now: datetime) -> tuple[int, int]:
        """The same as `_woken`; a case that cannot be read, or decided, keeps nobody else waiting."""
        try:
            return self._woken(case, now)
        except UNTOLD as untold:
            log.error("case %s is due, and cannot be told: %s", case, type(untold).__name__)  # noqa: TRY400 - no trace: it may quote words
            return 0, 1

    def _woken(self, case: UUID, now: datetime) -> tuple[int, int]:
        """Everything that is due of a case, in its order: how much was done, and how much in vain.

        What was in vain is tried again when our lease has run out.
        """
        done, vain = 0, set[Waking]()
        while waking := self._next(case, now, vain):
            if self._given(case, waking, now):
                done += 1
            else:
                vain.add(waking)
        return done, len(vain)

    def _next(self, case: UUID, now: datetime, vain: set[Waking]) -> Waking | None:
        file = self._casework.case(case)
        due = (waking for waking in wakings(file, self._casework.law_of(file)) if waking.at <= now)
        return next((waking for waking in due if waking not in vain), None)

    def _given(self, case: UUID, waking: Waking, now: datetime) -> bool:
        try:
            done = self._casework.handle(case, Order(command=waking.command, actor=SYSTEM, now=now, id=uuid4()))
        except (Refused, ContendedError) as error:
            log.error("%s of case %s is due, and was not done: %s", type(waking.command).__name__, case, error)  # noqa: TRY400 - a verdict, not a fault
            return False
        return bool(done.entries)
