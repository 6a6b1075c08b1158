"""Clocks as recorded facts: a deadline is computed once, written down, and afterwards only read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from domain.changing import replace
from domain.states import Clock

Key = tuple[Clock, str, str]  # clock, unit ('' for the case's own), step ('' where a category has one limit only)


@dataclass(frozen=True, slots=True)
class Why:
    """What a deadline was computed from: enough to explain it for ever."""

    limit: str  # "3 working days"
    calendar: str  # "<code>@<version>"
    edition: str  # the jurisdiction's
    around_the_clock: bool = False
    source: str = ""  # "partner" where another system set it


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fact:
    clock: Clock
    unit: str = ""
    step: str = ""
    run: int

    @property
    def key(self) -> Key:
        """Which timer it speaks of."""
        return self.clock, self.unit, self.step


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(_Fact):
    """A clock began a new run."""

    at: datetime
    due: datetime
    near: datetime
    provisional: bool = False
    why: Why
    kind: Literal["started"] = "started"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped(_Fact):
    """A clock ended, with this much left in its own measure."""

    left: timedelta
    kind: Literal["stopped"] = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paused(_Fact):
    """A clock stands still, with this much left in its own measure."""

    left: timedelta
    kind: Literal["paused"] = "paused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(_Fact):
    """A clock goes on with what was left; with nothing left the old due stays, and the revision with it."""

    revision: int
    due: datetime
    near: datetime
    provisional: bool = False
    kind: Literal["resumed"] = "resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(_Fact):
    """A deadline was set again, for a stated cause."""

    revision: int
    due: datetime
    near: datetime
    provisional: bool = False
    cause: Literal["extension", "calendar", "amended", "restored"]
    kind: Literal["moved"] = "moved"


ClockFact = Started | Stopped | Paused | Resumed | Moved


class Running(StrEnum):
    """Whether a timer counts."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Timer:
    """One clock of a case as its facts left it."""

    clock: Clock
    unit: str
    step: str
    run: int
    revision: int
    started: datetime
    due: datetime
    original: (
        datetime  # the due before anybody prolonged it; a calendar or category that was put right is no prolonging
    )
    near: datetime
    provisional: bool
    why: Why
    state: Running = Running.RUNNING
    left: timedelta | None = None  # while paused or after stopping
    near_told: int = 0  # the revision that was said to be near due; 0 = none
    missed: int = 0  # the revision that was recorded as missed; 0 = none

    @property
    def key(self) -> Key:
        """Which timer it is."""
        return self.clock, self.unit, self.step

    @property
    def runs(self) -> bool:
        """Whether it counts now."""
        return self.state is Running.RUNNING


Timers = Mapping[Key, Timer]


def applied(timers: Timers, facts: Iterable[ClockFact]) -> dict[Key, Timer]:
    """The timers after these facts; no rule is asked."""
    after = dict(timers)
    for fact in facts:
        after[fact.key] = _apply(after.get(fact.key), fact)
    return after


def _apply(timer: Timer | None, fact: ClockFact) -> Timer:
    if isinstance(fact, Started):
        return _started(fact)
    if timer is None:
        msg = f"the record speaks of a clock that never started: {fact.key}"
        raise LookupError(msg)
    match fact:
        case Stopped():
            return replace(timer, state=Running.STOPPED, left=fact.left)
        case Paused():
            return replace(timer, state=Running.PAUSED, left=fact.left)
        case Resumed() | Moved():
            again: dict[str, Any] = {
                "due": fact.due,
                "near": fact.near,
                "provisional": fact.provisional,
                "revision": fact.revision,
            }
            going: dict[str, Any] = {"state": Running.RUNNING, "left": None} if isinstance(fact, Resumed) else {}
            right: dict[str, Any] = {"original": fact.due} if _put_right(timer, fact) else {}
            return replace(timer, **again, **going, **right)


def _put_right(timer: Timer, fact: Resumed | Moved) -> bool:
    """Whether a deadline that nobody had prolonged yet was only counted again."""
    return isinstance(fact, Moved) and fact.cause in ("calendar", "amended") and timer.due == timer.original


def _started(fact: Started) -> Timer:
    return Timer(
        clock=fact.clock,
        unit=fact.unit,
        step=fact.step,
        run=fact.run,
        revision=1,
        started=fact.at,
        due=fact.due,
        original=fact.due,
        near=fact.near,
        provisional=fact.provisional,
        why=fact.why,
    )
