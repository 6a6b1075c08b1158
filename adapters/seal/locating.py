"""Where a log differs from what was sealed, and how: found by trying what would make the rest fit again.

It goes along both from where they first differ. Where the next events fit once one is taken out or put in, that is what
was done, and positions are counted on from there; else two of them may have changed places, or one was altered.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from adapters.seal.faults import Fault, Kind
from adapters.seal.leaves import Event, hash_of

FAR = 16  # events that are looked at ahead
SURE = 3  # that must fit, one after another, before it is believed
MOST = 200  # events that fit nowhere, before the rest is taken for another history
SECOND = timedelta(seconds=1)  # a checkpoint's moment has no smaller parts

Sealed = Callable[[int], bytes]  # the hash that was sealed for a position
Until = Callable[[int], datetime | None]  # when a position had surely been sealed


class Locating:
    """One walk along a log and what was sealed of it."""

    def __init__(self, rows: Iterable[Event], begin: int, size: int, sealed: Sealed, sealed_by: Until) -> None:
        """`rows` of the log from position `begin` on; `size` is how many are sealed."""
        self._left, self._next = iter(rows), deque[Event]()
        self._at, self._size, self._sealed, self._sealed_by = begin, size, sealed, sealed_by
        self._moved = 0  # by how much positions of the log are ahead of those that were sealed
        self._explained = set[int]()
        self._strangers = list[tuple[int, Event]]()

    def faults(self) -> list[Fault]:
        """All that is wrong, in order."""
        found = list[Fault]()
        for fault in sorted([*self._walk(), *self._of_strangers()], key=lambda fault: fault.position):
            joined = found[-1].joined(fault) if found else None
            found[-1:] = [joined] if joined else [*found[-1:], fault]
        return found

    def _walk(self) -> Iterator[Fault]:
        while self._at <= self._size:
            row = self._ahead(0)
            if row is None:
                yield Fault(Kind.CUT, self._at, self._size)
                return
            if len(self._strangers) > MOST:
                yield replace(Fault.at(Kind.REPLACED, self._at, row), until=self._size)
                return
            yield from self._step(row)

    def _step(self, row: Event) -> Iterator[Fault]:
        gap = row.position - self._moved - self._at
        if gap > 0:
            last = min(self._at + gap - 1, self._size)
            yield Fault(Kind.DELETED, self._at, last)
            self._at = last + 1
        elif self._at in self._explained or self._fits(0, self._at):
            self._went_on()
        else:
            yield from self._differs(row)

    def _differs(self, row: Event) -> Iterator[Fault]:
        if other := self._swapped_with(row):
            self._explained |= {self._at, other}
            yield Fault.at(Kind.SWAPPED, self._at, row, other)
        elif put_in := next((n for n in range(1, FAR) if self._go_on(n, self._at)), 0):
            for _ in range(put_in):
                yield Fault.at(Kind.INSERTED, self._next[0].position, self._next.popleft())
            self._moved += put_in
        elif taken_out := next((n for n in range(1, FAR) if self._go_on(0, self._at + n)), 0):
            yield Fault(Kind.DELETED, self._at, self._at + taken_out - 1)
            self._at, self._moved = self._at + taken_out, self._moved - taken_out
        else:
            self._strangers.append((self._at, row))
            self._went_on()

    def _swapped_with(self, row: Event) -> int:
        """The position, not far ahead, with which this one has changed places; 0 where there is none."""
        for n in range(1, FAR):
            other = self._at + n
            if other <= self._size and self._fits(n, self._at) and hash_of(row, other) == self._sealed(other):
                return other
        return 0

    def _go_on(self, skipped: int, at: int) -> bool:
        """Whether the events after some fit, from a position on: several, or all that are left."""
        for n in range(SURE):
            row = self._ahead(skipped + n)
            if row is None or at + n > self._size:
                return n > 0
            if not self._fits(skipped + n, at + n):
                return False
        return True

    def _fits(self, n: int, at: int) -> bool:
        row = self._ahead(n)
        return row is not None and at <= self._size and hash_of(row, at) == self._sealed(at)

    def _ahead(self, n: int) -> Event | None:
        while len(self._next) <= n:
            row = next(self._left, None)
            if row is None:
                return None
            self._next.append(row)
        return self._next[n]

    def _went_on(self) -> None:
        self._next.popleft()
        self._at += 1

    def _of_strangers(self) -> Iterator[Fault]:
        """Of those that fit nowhere: what was sealed where another of them stands was moved; what is younger than its seal came after it."""
        places = [at for at, _ in self._strangers]
        came_from = {at: self._origin(row, places) for at, row in self._strangers}
        for at, row in self._strangers:
            origin = came_from[at]
            if not origin:
                yield Fault.at(Kind.REPLACED if self._is_younger(at, row) else Kind.ALTERED, at, row)
            elif came_from[origin] != at:
                yield Fault.at(Kind.MOVED, at, row, origin)
            elif at < origin:
                yield Fault.at(Kind.SWAPPED, at, row, origin)

    def _origin(self, row: Event, places: list[int]) -> int:
        return next((at for at in places if hash_of(row, at) == self._sealed(at)), 0)

    def _is_younger(self, at: int, row: Event) -> bool:
        by = self._sealed_by(at)
        return by is not None and row.recorded_at >= by + SECOND
