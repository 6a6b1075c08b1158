"""Retention by itself: a thread that erases, day by day, what has been kept as long as it may be."""

import logging
from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread

from adapters.boards import Boards
from adapters.erasing.carrying import AT_ONCE, Erasing
from adapters.erasing.ending import ended
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
        self._stop = Event()
        self._thread: Thread | None = None

    def start(self, clock: Callable[[], datetime]) -> None:
        """Work in a thread of this process until `stop`."""
        self._thread = Thread(target=self._work, args=(clock,), name="retention", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what is at hand, and stop."""
        self._stop.set()
        if self._thread:
            self._thread.join()

    def _work(self, clock: Callable[[], datetime]) -> None:
        more = True  # what was not carried out when a process died
        while not self._stop.is_set():
            try:
                more = self.tick(clock()) == AT_ONCE
            except AWAY:
                log.warning("what is to be erased waits for its database")
            self._stop.wait(0 if more else PERIOD)

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
