"""What can happen to a case: meaning only. Who, when and which clocks stand in the entry around it.

An event says which state it leaves the case in: a class attribute where it is always the same, a field where it is not,
`None` where the case stays as it is. Quiet events are those that others need not have seen before they act.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from domain.places import Path
from domain.policy import Window
from domain.privacy import Private, Secrecy
from domain.states import (
    Clock,
    Grade,
    Level,
    Nature,
    Outcome,
    Part,
    RequestKind,
    Satisfied,
    Source,
    State,
    Urgency,
    WhistleKind,
)


class Event:
    """Anything that can stand in a case's stream."""

    __slots__ = ()
    leaves: ClassVar[State | None] = None
    quiet: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Reporter:
    """Someone who wants an answer; every field is sealed, none is ever linked to another case."""

    name: Private | None = None
    phone: Private | None = None
    address: Private | None = None


@dataclass(frozen=True, slots=True)
class About:
    """The registered building, organisation or component a case is about."""

    code: str
    label: str


# --- logging and the rungs below the district


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLogged(Event):
    leaves: ClassVar[State] = State.LOGGED
    category: str
    nature: Nature
    source: Source
    level: Level
    place: Path
    urgency: Urgency = Urgency.ROUTINE
    about: About | None = None
    summary: str = ""
    narrative: Private | None = None
    reporter: Reporter | None = None
    receipt: str = ""  # hash of the resident's receipt
    edition: str = ""
    against: str = ""  # the unit complained about


@dataclass(frozen=True, slots=True)
class CaseAnswered(Event):
    leaves: ClassVar[State] = State.CLOSED
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAmended(Event):
    category: str | None = None
    about: About | None = None
    summary: str | None = None
    place: Path | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HandlingBegun(Event):
    leaves: ClassVar[State] = State.HANDLING
    unit: str


@dataclass(frozen=True, slots=True)
class CaseReferredUp(Event):
    leaves: ClassVar[State] = State.LOGGED
    level: Level
    reason: str


@dataclass(frozen=True, slots=True)
class CaseSentDown(Event):
    leaves: ClassVar[State] = State.LOGGED
    level: Level
    reason: str


# --- the whistle


@dataclass(frozen=True, slots=True, kw_only=True)
class Plea:
    """What a whistle says: why the street cannot, what was tried, which departments it wants."""

    kind: WhistleKind
    grade: Grade = Grade.ROUTINE
    why: str
    tried: str
    departments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleBlown(Event):
    leaves: ClassVar[State] = State.ESCALATED
    plea: Plea
    request: int = 0  # the request it grants; 0 where none was made


@dataclass(frozen=True, slots=True)
class WhistleWithdrawn(Event):
    leaves: ClassVar[State] = State.LOGGED
    reason: str


@dataclass(frozen=True, slots=True)
class WhistleDeclined(Event):
    leaves: ClassVar[State] = State.LOGGED
    reason: str


@dataclass(frozen=True, slots=True)
class CaseAssigned(Event):
    leaves: ClassVar[State] = State.ASSIGNED
    lead: str
    support: tuple[str, ...] = ()


# --- the departments at work


@dataclass(frozen=True, slots=True)
class AssignmentAcknowledged(Event):
    unit: str


@dataclass(frozen=True, slots=True)
class LeadReportedIn(Event):
    leaves: ClassVar[State] = State.IN_PROGRESS
    unit: str
    on_the_spot: bool
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SupportReportedIn(Event):
    unit: str
    on_the_spot: bool
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeadReportInContested(Event):
    leaves: ClassVar[State] = State.ASSIGNED
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class SupportReportInContested(Event):
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class StepFinished(Event):
    unit: str
    step: str


@dataclass(frozen=True, slots=True)
class SupportFinished(Event):
    unit: str
    done: str


@dataclass(frozen=True, slots=True)
class LeadReturned(Event):
    leaves: ClassVar[State] = State.ESCALATED
    unit: str
    request: int


@dataclass(frozen=True, slots=True)
class SupportReturned(Event):
    unit: str
    request: int


@dataclass(frozen=True, slots=True)
class DisputeRaised(Event):
    leaves: ClassVar[State] = State.DISPUTED
    reason: str


@dataclass(frozen=True, slots=True)
class LeadConfirmed(Event):
    """The arbiter's ruling for the same lead: binding; the case goes back to where it was."""

    leaves: State = field()  # type: ignore[misc]  # a field where it is not always the same
    lead: str
    reason: str


@dataclass(frozen=True, slots=True)
class LeadReplaced(Event):
    """The arbiter's ruling for another lead: binding."""

    leaves: ClassVar[State] = State.ASSIGNED
    lead: str
    former: str
    reason: str


@dataclass(frozen=True, slots=True)
class CaseReassigned(Event):
    leaves: ClassVar[State] = State.ASSIGNED
    lead: str
    former: str
    reason: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class SupportAsked(Event):
    quiet: ClassVar[bool] = True
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class SupportAdded(Event):
    unit: str


@dataclass(frozen=True, slots=True)
class SupportWithdrawn(Event):
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class ResultReported(Event):
    leaves: ClassVar[State] = State.RESOLVED
    unit: str
    done: str
    reply: str
    evidence: tuple[str, ...] = ()


# --- requests


@dataclass(frozen=True, slots=True)
class WhistleRequested(Event):
    number: int
    unit: str
    plea: Plea
    decide_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReturnRequested(Event):
    number: int
    unit: str
    reason: str
    legal_basis: str = ""
    suggested: str = ""
    decide_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExtensionRequested(Event):
    number: int
    unit: str
    by: str  # a limit: "5 working days"
    reason: str
    decide_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class SuspensionRequested(Event):
    number: int
    unit: str
    reason: str
    review: date
    decide_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExclusionRequested(Event):
    number: int
    unit: str
    reason: str
    decide_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class ErasureRequested(Event):
    number: int
    unit: str
    reason: str
    decide_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class LiftingRequested(Event):
    number: int
    unit: str
    reason: str
    decide_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExtensionGranted(Event):
    request: int
    unit: str
    by: str


@dataclass(frozen=True, slots=True)
class CaseSuspended(Event):
    leaves: ClassVar[State] = State.SUSPENDED
    request: int
    reason: str
    review: date


@dataclass(frozen=True, slots=True)
class CaseResumed(Event):
    leaves: ClassVar[State] = State.IN_PROGRESS
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ExclusionGranted(Event):
    request: int
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class RestrictionLifted(Event):
    """The unit complained about may see the case from here on."""

    request: int
    against: str
    reason: str


@dataclass(frozen=True, slots=True)
class RequestRejected(Event):
    request: int
    kind: RequestKind
    reason: str


@dataclass(frozen=True, slots=True)
class RequestWithdrawn(Event):
    request: int
    kind: RequestKind


@dataclass(frozen=True, slots=True)
class RequestLapsed(Event):
    request: int
    kind: RequestKind
    why: Literal["left_its_states", "not_decided_in_time"]


# --- verification, call-back, closing


@dataclass(frozen=True, slots=True)
class VerificationPassed(Event):
    leaves: ClassVar[State] = State.VERIFIED


@dataclass(frozen=True, slots=True)
class VerificationFailed(Event):
    leaves: State = field()  # type: ignore[misc]  # a field where it is not always the same
    reason: str


@dataclass(frozen=True, slots=True)
class CallbackRecorded(Event):
    attempt: int
    contacted: bool
    solved: bool | None = None
    satisfied: Satisfied | None = None


@dataclass(frozen=True, slots=True)
class ReworkOrdered(Event):
    leaves: State = field()  # type: ignore[misc]  # a field where it is not always the same
    reason: str


@dataclass(frozen=True, slots=True)
class CaseClosed(Event):
    leaves: ClassVar[State] = State.CLOSED
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DepartmentRated(Event):
    quiet: ClassVar[bool] = True
    unit: str
    speed: int
    quality: int
    attitude: int
    comment: str = ""


@dataclass(frozen=True, slots=True)
class WhistleRated(Event):
    quiet: ClassVar[bool] = True
    whistle: int
    speed: int
    quality: int
    attitude: int
    comment: str = ""


@dataclass(frozen=True, slots=True)
class CaseReopened(Event):
    leaves: ClassVar[State] = State.LOGGED
    reason: str


@dataclass(frozen=True, slots=True)
class CaseCancelled(Event):
    leaves: ClassVar[State] = State.CANCELLED
    reason: str


@dataclass(frozen=True, slots=True)
class CaseRestored(Event):
    leaves: ClassVar[State] = State.LOGGED
    reason: str


@dataclass(frozen=True, slots=True)
class CaseMerged(Event):
    """This case goes on inside another."""

    leaves: ClassVar[State] = State.MERGED
    into: UUID
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CaseJoined(Event):
    """Another case goes on inside this one."""

    joined: UUID
    wants_answer: bool  # its reporter is to be called back


@dataclass(frozen=True, slots=True)
class CaseUnmerged(Event):
    leaves: ClassVar[State] = State.LOGGED
    parted_from: UUID
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CaseParted(Event):
    """Another case goes its own way again."""

    parted: UUID


# --- beside the way


@dataclass(frozen=True, slots=True)
class NoteAdded(Event):
    quiet: ClassVar[bool] = True
    text: Private


@dataclass(frozen=True, slots=True)
class PhotoAdded(Event):
    quiet: ClassVar[bool] = True
    photo: Private


@dataclass(frozen=True, slots=True)
class PhotoCleared(Event):
    """Everybody may see a copy of the photo in which so many places are blacked out; the photo itself they may not."""

    quiet: ClassVar[bool] = True
    number: int
    copy: Private
    boxes: int


@dataclass(frozen=True, slots=True)
class PhotoWithheld(Event):
    """The copy is for everybody no longer."""

    quiet: ClassVar[bool] = True
    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class WordsCleared(Event):
    """Somebody looked at what was written up to an entry and not sealed: it may be read."""

    quiet: ClassVar[bool] = True
    upto: int


@dataclass(frozen=True, slots=True)
class CaseUrged(Event):
    quiet: ClassVar[bool] = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SupervisionOpened(Event):
    number: int
    level: str
    addressee: str
    reason: str


@dataclass(frozen=True, slots=True)
class SupervisionAnswered(Event):
    number: int
    answer: str


@dataclass(frozen=True, slots=True)
class SupervisionLifted(Event):
    number: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReporterErased(Event):
    """The keys of the reporter's words and contact are to be destroyed; this comes first."""

    reason: str
    request: int = 0  # 0: of before it took two people


@dataclass(frozen=True, slots=True)
class PrivateShown(Event):
    """Whoever acts saw what was under seal; the reporter can see that they did."""

    quiet: ClassVar[bool] = True
    what: Secrecy


@dataclass(frozen=True, slots=True)
class ContactErased(Event):
    """The key of the reporter's contact is to be destroyed, as they asked themselves; this comes first."""


@dataclass(frozen=True, slots=True)
class EditionChanged(Event):
    """The case follows another edition of the jurisdiction's data from here on."""

    edition: str
    reason: str


# --- what time does


@dataclass(frozen=True, slots=True)
class DeadlineNear(Event):
    quiet: ClassVar[bool] = True
    clock: Clock
    unit: str
    step: str
    run: int
    revision: int


@dataclass(frozen=True, slots=True)
class DeadlineMissed(Event):
    quiet: ClassVar[bool] = True
    clock: Clock
    unit: str
    step: str
    run: int
    revision: int
    due: datetime


@dataclass(frozen=True, slots=True)
class WindowPassed(Event):
    quiet: ClassVar[bool] = True
    window: Window
    subject: str = ""  # the unit or request it was about


@dataclass(frozen=True, slots=True)
class RetentionEnded(Event):
    """The keys of these classes are to be destroyed: what they seal was kept as long as it may be. This comes first."""

    classes: tuple[Secrecy, ...]


# --- brought over from another system


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseCarriedOver(Event):
    """What another system proves of a case; everything it does not say is unknown (None or '')."""

    leaves: State = field()  # type: ignore[misc]  # a field where it is not always the same
    category: str
    source: Source
    place: Path
    department: str
    opened: datetime
    due: datetime | None = None
    resolved: datetime | None = None
    outcome: Outcome | None = None
    external_id: str = ""
    summary: str = ""
    edition: str = ""
    part: Part = Part.LEAD


EVENTS: tuple[type[Event], ...] = tuple(
    kind
    for kind in list(globals().values())
    if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
)
