"""Times and clocks as stories say them."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.clocks import ClockFact, Moved, Resumed, Started
from domain.states import Clock

ZONE = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    """'03-02 17:30' of the stories' year, by the town's clock."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


@dataclass(frozen=True)
class Tick:
    """What happened to a clock, as a story says it; the due only where the story is about it."""

    kind: str
    clock: Clock
    unit: str = ""
    step: str = ""
    due: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.kind, self.clock, self.unit, self.step)))


def started(clock: Clock, unit: str = "", step: str = "", due: str = "") -> Tick:
    return Tick("started", clock, unit, step, due)


def stopped(clock: Clock, unit: str = "", step: str = "") -> Tick:
    return Tick("stopped", clock, unit, step)


def paused(clock: Clock, unit: str = "", step: str = "") -> Tick:
    return Tick("paused", clock, unit, step)


def resumed(clock: Clock, unit: str = "", step: str = "", due: str = "") -> Tick:
    return Tick("resumed", clock, unit, step, due)


def moved(clock: Clock, unit: str = "", step: str = "", due: str = "") -> Tick:
    return Tick("moved", clock, unit, step, due)


def as_told(fact: ClockFact) -> Tick:
    """A clock fact in a story's words."""
    due = fact.due.astimezone(ZONE).strftime("%m-%d %H:%M") if isinstance(fact, Started | Resumed | Moved) else ""
    return Tick(fact.kind, fact.clock, fact.unit, fact.step, due)
