"""Retention by itself: a thread that erases, day by day, what has been kept as long as it may be."""

import logging
from collections.abc import Callable
from datetime import datetime

from adapters.boards import Boards
from adapters.erasing.carrying import AT_ONCE, Erasing
from adapters.erasing.ending import ended
from adapters.rounds import Rounds
from adapters.sealing import NotYetGone
from adapters.store.batch import forget_keys
from adapters.store.errors import Busy, CommitUnknown, Unavailable
from workflow.casework import ContendedError

PERIOD = 60.0  # seconds between looks: what ends on a day ends at its beginning
AWAY = (Busy, Unavailable, CommitUnknown, NotYetGone, ContendedError)
log = logging.getLogger(__name__)


class Retention:
    """One worker; others may work beside it, in this process or elsewhere."""

    def __init__(self, boards: Boards, erasing: Erasing, held: Callable[[datetime], str]) -> None:
        """`held` says why nothing may be done by itself now: what is erased does not come back when a clock is set right."""
        self._boards, self._erasing, self._held = boards, erasing, held
        rounds = Rounds("retention", self._round)
        self.start, self.stop = rounds.start, rounds.stop

    def _round(self, now: datetime) -> float:
        """A look, and at once another where there was more than was taken; also what was not carried out when a process died."""
        try:
            return 0 if self.tick(now) == AT_ONCE else PERIOD
        except AWAY:
            log.warning("what is to be erased waits for its database")
            return PERIOD

    def tick(self, now: datetime) -> int:
        """Erase some of what is to be erased, unless time's work is held; then carry out what the log has erased.

        Says of how many cases something was.
        """
        cases: set[object] = set()
        if not self._held(now):
            found = ended(self._boards.engine, self._erasing.casework, now, write=True, most=AT_ONCE)
            cases = {one.case for one in found}
        self._erasing.carry_out(now)
        self._boards.catch_up()  # so that what was erased is not proposed again
        self._erasing.photos.writer.run(lambda connection: forget_keys(connection, now=now)).result()
        return len(cases)
