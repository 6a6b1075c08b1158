"""Rounds: what a thread of this process does again and again, until it is told to stop."""

from collections.abc import Callable
from datetime import datetime
from threading import Event, Thread


class Rounds:
    """One thread; whoever stops it waits until the round at hand is over."""

    def __init__(self, name: str, once: Callable[[datetime], float], first: float = 0.0) -> None:
        """`once` is a round, and says how many seconds to wait for the next; `first` is how many before the first one."""
        self._once, self._first = once, first
        self._stop = Event()
        self._name = name
        self._thread: Thread | None = None

    @property
    def over(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    def start(self, clock: Callable[[], datetime]) -> None:
        """Until `stop`; `clock` says when a round is."""
        self._stop.clear()
        self._thread = Thread(target=self._go, args=(clock,), name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish the round at hand, and stop."""
        self._stop.set()
        if self._thread:
            self._thread.join()

    def _go(self, clock: Callable[[], datetime]) -> None:
        wait = self._first
        while not self._stop.wait(wait):
            wait = self._once(clock())
