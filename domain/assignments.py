"""The things with lives of their own inside a case: assignments, requests, whistles, supervisions."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.changing import replace
from domain.events import (
    ErasureRequested,
    ExclusionRequested,
    ExtensionRequested,
    LiftingRequested,
    Plea,
    ReturnRequested,
    SuspensionRequested,
    WhistleRequested,
)
from domain.states import AssignmentState, Part, RequestKind, RequestState, WhistleState

AT_WORK = frozenset({AssignmentState.PENDING, AssignmentState.ACKNOWLEDGED, AssignmentState.REPORTED_IN})


@dataclass(frozen=True, slots=True)
class Rating:
    """What a street said of a unit's work, 1 to 5 each."""

    speed: int
    quality: int
    attitude: int
    comment: str = ""


@dataclass(frozen=True)
class Assignment:
    """One unit's part in a case, one run of it."""

    unit: str
    part: Part
    run: int
    since: datetime  # dispatch; every window of the assignment counts from here
    state: AssignmentState = AssignmentState.PENDING
    final: bool = False  # named by a ruling
    own: bool = False  # handling at one's own level
    acknowledged: datetime | None = None
    reported_in: datetime | None = None
    ended: datetime | None = None  # done, returned or withdrawn
    rating: Rating | None = None

    @property
    def at_work(self) -> bool:
        """Whether the unit still owes its part."""
        return self.state in AT_WORK


Terms = (
    WhistleRequested
    | ReturnRequested
    | ExtensionRequested
    | SuspensionRequested
    | ExclusionRequested
    | ErasureRequested
    | LiftingRequested
)


@dataclass(frozen=True)
class Request:
    """A small approval inside a case."""

    kind: RequestKind
    asker: str  # staff pseudonym: who decides may not have asked
    terms: Terms
    state: RequestState = RequestState.PENDING
    decided: datetime | None = None  # when it was granted, rejected, taken back or lapsed

    @property
    def number(self) -> int:
        """Its number within the case."""
        return self.terms.number

    @property
    def unit(self) -> str:
        """The unit that asked."""
        return self.terms.unit

    @property
    def pending(self) -> bool:
        """Whether it waits for a decision."""
        return self.state is RequestState.PENDING


@dataclass(frozen=True)
class Whistle:
    """One call of the street for departments."""

    number: int
    plea: Plea
    blown: datetime
    state: WhistleState = WhistleState.BLOWN


@dataclass(frozen=True)
class Supervision:
    """A superior's eye on the case."""

    number: int
    level: str
    addressee: str
    reason: str = ""
    answered: bool = False
    lifted: bool = False


Assignments = tuple[Assignment, ...]


def opened(assignments: Assignments, unit: str, part: Part, since: datetime, *, final: bool = False) -> Assignments:
    """A new pending assignment of a unit beside the others."""
    run = 1 + sum(a.unit == unit for a in assignments)
    return (*assignments, Assignment(unit, part, run, since, final=final))


def handled_by(assignments: Assignments, unit: str, since: datetime) -> Assignments:
    """The assignment of a unit to itself: handling at one's own level."""
    run = 1 + sum(a.unit == unit for a in assignments)
    return (*assignments, Assignment(unit, Part.LEAD, run, since, AssignmentState.REPORTED_IN, own=True))


def ended(assignments: Assignments, state: AssignmentState, at: datetime, *, unit: str | None = None) -> Assignments:
    """Those at work (of `unit`, or all) come to this end."""
    return changed(assignments, lambda a: a.at_work and unit in (None, a.unit), state=state, ended=at)


def of_unit(assignments: Assignments, unit: str, **values: Any) -> Assignments:  # noqa: ANN401 - an assignment's own fields
    """The unit's assignment at work takes these values."""
    return changed(assignments, lambda a: a.at_work and a.unit == unit, **values)


def changed(assignments: Assignments, which: Callable[[Assignment], bool], **values: Any) -> Assignments:  # noqa: ANN401 - as above
    """Those that `which` picks take these values."""
    return tuple(replace(a, **values) if which(a) else a for a in assignments)
