"""Gathering: the same thing again within a minute is counted, not written again; a flood makes few rows, and says how many it was."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from adapters.security.kinds import BY_ANYBODY, Kind

AN_HOUR = 200  # sources that are told apart of one kind; who comes after them is counted together


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened, by whom and from where, as far as that is kept."""

    kind: Kind
    staff: str = ""
    role: str = ""
    unit: str = ""
    source: str = ""
    details: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What becomes a row: the first time it happens in a minute, or how often more it did, and when and in which request it did last."""

    at: datetime
    number: str
    count: int
    what: Happened


class Gathering:
    """What happened in this minute. Not for several threads at once."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._minute = self._hour = datetime.min.replace(tzinfo=UTC)
        self._counts: Counter[Happened] = Counter()
        self._last: dict[Happened, tuple[datetime, str]] = {}
        self._sources: Counter[Kind] = Counter()

    def add(self, what: Happened, now: datetime, number: str) -> Iterator[Entry]:
        """It happened: what is to be written of it, and of the minute before."""
        yield from self.over(now)
        if what not in self._last and what.kind in BY_ANYBODY:
            what = self._told_apart(what)
        if what in self._last:
            self._counts[what] += 1
        else:
            yield Entry(now, number, 1, what)
        self._last[what] = now, number

    def over(self, now: datetime) -> Iterator[Entry]:
        """A minute is over: how often more each happened in it."""
        minute = now.replace(second=0, microsecond=0)
        if minute != self._minute:
            yield from self.so_far()
            self._minute = minute
            self._last.clear()
        if minute.replace(minute=0) != self._hour:
            self._hour = minute.replace(minute=0)
            self._sources.clear()

    def so_far(self) -> Iterator[Entry]:
        """What was counted and is not written yet."""
        counts, self._counts = self._counts, Counter()
        for what, count in counts.items():
            at, number = self._last[what]
            yield Entry(at, number, count, what)

    def _told_apart(self, what: Happened) -> Happened:
        self._sources[what.kind] += 1
        fine = self._sources[what.kind] <= AN_HOUR
        return what if fine else replace(what, staff="", role="", unit="", source="", details="")
