"""Which days are worked, and when: a weekday mask under national and city decisions, the nearest layer first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

Segment = tuple[time, time]  # from, until; until 00:00 means the end of the day
EVERY_DAY = frozenset(range(7))
LONGEST_CLOSURE = 366  # days; a calendar without a worked day for longer is a mistake


class NoWorkedDayError(ValueError):
    """A calendar in which nothing is ever worked cannot give a deadline."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a notice says of one day."""

    worked: bool
    why: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """One edition of a calendar. `weekdays` 0 = Monday; `known_until` None = for ever; `zone` an IANA name."""

    code: str
    version: str
    zone: str
    weekdays: frozenset[int]
    segments: tuple[Segment, ...]
    decisions: Mapping[date, Decision] = field(default_factory=lambda: MappingProxyType({}))
    known_until: date | None = None
    cutoff: time | None = None
    restart: time | None = None

    @property
    def tz(self) -> ZoneInfo:
        """The zone its wall clock shows."""
        return ZoneInfo(self.zone)

    def worked(self, day: date) -> bool:
        """Whether a day is worked: by decision, else by the mask."""
        decision = self.decisions.get(day)
        return decision.worked if decision else day.weekday() in self.weekdays

    def next_worked(self, day: date) -> date:
        """The first worked day after `day`. Raises NoWorkedDayError."""
        for n in range(1, LONGEST_CLOSURE + 1):
            if self.worked(later := day + timedelta(days=n)):
                return later
        raise NoWorkedDayError(self.code)

    def knows(self, day: date) -> bool:
        """Whether decisions up to this day have been published."""
        return self.known_until is None or day <= self.known_until


def layered(*layers: Mapping[date, Decision]) -> Mapping[date, Decision]:
    """Decisions of several layers as one: of two about a day the nearer counts; the nearest comes first."""
    merged: dict[date, Decision] = {}
    for layer in reversed(layers):
        merged.update(layer)
    return MappingProxyType(merged)


@cache
def around_the_clock(zone: str) -> Calendar:
    """Every hour of every day: for emergencies."""
    return Calendar("around-the-clock", "1", zone, EVERY_DAY, ((time(0), time(0)),))


def weekdays_only(zone: str, weekdays: Iterable[int], segments: tuple[Segment, ...]) -> Calendar:
    """A plain weekday mask, known for ever."""
    return Calendar("weekdays", "1", zone, frozenset(weekdays), segments)
