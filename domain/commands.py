"""What people (and time) may ask of a case: the same verbs as the events, in the imperative."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from domain.events import About, Plea, Reporter
from domain.policy import Window
from domain.privacy import Private, Secrecy
from domain.states import Clock, Nature, Outcome, Satisfied, Source, State, Urgency
from domain.worktime import Limit


class Command:
    """Anything that can be asked. `stale_is_nothing`: when too late it changes nothing instead of being refused."""

    __slots__ = ()
    stale_is_nothing: ClassVar[bool] = False


# --- logging and the rungs below the district


@dataclass(frozen=True, slots=True, kw_only=True)
class LogCase(Command):
    """A need or an incident is written down. `place` is the code of the smallest known place."""

    category: str
    place: str
    source: Source
    nature: Nature | None = None  # None: the category's
    urgency: Urgency = Urgency.ROUTINE
    about: About | None = None
    against: str = ""  # the unit complained about: nobody there sees the case
    summary: str = ""  # public
    narrative: Private | None = None
    reporter: Reporter | None = None
    receipt: str = ""  # hash of the receipt given to the reporter
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AnswerOnTheSpot(Command):
    """A consultation is answered at once."""

    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendCase(Command):
    """What was written down is put right; None leaves a field as it is."""

    category: str | None = None
    place: str | None = None
    about: About | None = None
    summary: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HandleCase(Command):
    """The unit at the case's level handles it itself."""


@dataclass(frozen=True, slots=True)
class ReferUp(Command):
    """The unit at the level cannot: one level up."""

    reason: str


@dataclass(frozen=True, slots=True)
class SendDown(Command):
    """It can be handled one level below."""

    reason: str


# --- the whistle


@dataclass(frozen=True, slots=True)
class RequestWhistle(Command):
    """A grid, a community or a street's clerk applies for a whistle."""

    plea: Plea


@dataclass(frozen=True, slots=True)
class GrantWhistle(Command):
    """The street leader blows the whistle that was applied for."""

    request: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BlowWhistle(Command):
    """The street calls the departments. Lead and supports may be named in an emergency only."""

    plea: Plea
    lead: str = ""
    support: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WithdrawWhistle(Command):
    """The street takes its whistle back."""

    reason: str


@dataclass(frozen=True, slots=True)
class DeclineWhistle(Command):
    """The dispatcher does not follow the whistle."""

    reason: str


@dataclass(frozen=True, slots=True)
class AssignCase(Command):
    """The dispatcher names one lead and any number of supports."""

    lead: str
    support: tuple[str, ...] = ()


# --- the departments at work


@dataclass(frozen=True, slots=True)
class Acknowledge(Command):
    """The assigned unit signs."""


@dataclass(frozen=True, slots=True)
class ReportIn(Command):
    """The assigned unit has come (on the spot) or made contact; no coordinates are kept."""

    on_the_spot: bool
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContestReportIn(Command):
    """The street says that nobody came."""

    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class FinishStep(Command):
    """The lead has finished a named step that has a limit of its own."""

    step: str


@dataclass(frozen=True, slots=True)
class FinishSupport(Command):
    """A support has done its part."""

    done: str


@dataclass(frozen=True, slots=True)
class RaiseDispute(Command):
    """Whose work it is, is disputed."""

    reason: str


@dataclass(frozen=True, slots=True)
class Rule(Command):
    """The arbiter names the lead; binding."""

    lead: str
    reason: str


@dataclass(frozen=True, slots=True)
class AskForSupport(Command):
    """The lead asks the dispatcher for another unit."""

    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class AddSupport(Command):
    """The dispatcher adds a supporting unit."""

    unit: str


@dataclass(frozen=True, slots=True)
class WithdrawSupport(Command):
    """The dispatcher does without a supporting unit."""

    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reassign(Command):
    """Another lead takes over."""

    lead: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReportResult(Command):
    """The lead, or the unit that handled, says what was done and what the public may read."""

    done: str
    reply: str
    evidence: tuple[str, ...] = ()


# --- requests


@dataclass(frozen=True, slots=True)
class RequestReturn(Command):
    """A unit says that the case is not its."""

    reason: str
    legal_basis: str = ""
    suggested: str = ""


@dataclass(frozen=True, slots=True)
class GrantReturn(Command):
    """The dispatcher takes the assignment back."""

    request: int


@dataclass(frozen=True, slots=True)
class RequestExtension(Command):
    """The lead asks, before expiry, for more time."""

    by: Limit
    reason: str


@dataclass(frozen=True, slots=True)
class GrantExtension(Command):
    """More time is given."""

    request: int


@dataclass(frozen=True, slots=True)
class RequestSuspension(Command):
    """The lead asks to put the case on hold until a review date; the reason is a code from the policy's list."""

    reason: str
    review: date


@dataclass(frozen=True, slots=True)
class GrantSuspension(Command):
    """The supervisor puts the case on hold."""

    request: int


@dataclass(frozen=True, slots=True)
class Resume(Command):
    """The case is taken up again."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class RequestExclusion(Command):
    """A unit asks to leave the case out of its score; the reason is a code from the policy's list."""

    reason: str


@dataclass(frozen=True, slots=True)
class GrantExclusion(Command):
    """The supervisor leaves it out; the record stays."""

    request: int


@dataclass(frozen=True, slots=True)
class RequestErasure(Command):
    """Somebody asks to have the reporter's words, contact and photos forgotten."""

    reason: str


@dataclass(frozen=True, slots=True)
class GrantErasure(Command):
    """The reporter's words, contact and photos are to be forgotten."""

    request: int


@dataclass(frozen=True, slots=True)
class RequestLifting(Command):
    """Somebody asks that the unit complained about may see the case."""

    reason: str


@dataclass(frozen=True, slots=True)
class GrantLifting(Command):
    """The unit complained about may see the case from now on."""

    request: int


@dataclass(frozen=True, slots=True)
class RejectRequest(Command):
    """Whoever decides says no."""

    request: int
    reason: str


@dataclass(frozen=True, slots=True)
class WithdrawRequest(Command):
    """Whoever asked takes it back."""

    request: int


@dataclass(frozen=True, slots=True)
class LapseRequest(Command):
    """Its decide-by has passed."""

    stale_is_nothing: ClassVar[bool] = True
    request: int


# --- verification, call-back, closing


@dataclass(frozen=True, slots=True)
class PassVerification(Command):
    """Seen on the spot: it is done."""


@dataclass(frozen=True, slots=True)
class FailVerification(Command):
    """Seen on the spot: it is not done."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCallback(Command):
    """What the reporter said when called; or that nobody answered."""

    contacted: bool
    solved: bool | None = None
    satisfied: Satisfied | None = None


@dataclass(frozen=True, slots=True)
class OrderRework(Command):
    """The reporter says it is not solved: back to work."""

    reason: str


@dataclass(frozen=True, slots=True)
class CloseCase(Command):
    """The case ends."""

    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateDepartment(Command):
    """The street leader rates a department, 1 to 5 each."""

    unit: str
    speed: int
    quality: int
    attitude: int
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateWhistle(Command):
    """The supervisor rates the whistle, 1 to 5 each (double rating)."""

    speed: int
    quality: int
    attitude: int
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ReopenCase(Command):
    """A closed case is taken up again within the window."""

    reason: str


@dataclass(frozen=True, slots=True)
class CancelCase(Command):
    """The case is void; the reason is a code from the policy's list."""

    reason: str


@dataclass(frozen=True, slots=True)
class RestoreCase(Command):
    """A cancelled case is taken back."""

    reason: str


@dataclass(frozen=True, slots=True)
class MergeCase(Command):
    """This case goes on inside another; both streams change in one command."""

    into: UUID
    reason: str = ""


@dataclass(frozen=True, slots=True)
class UnmergeCase(Command):
    """A merged case goes its own way again."""

    reason: str


# --- beside the way


@dataclass(frozen=True, slots=True)
class AddNote(Command):
    """Words for whoever works on the case, or from its reporter."""

    text: Private


@dataclass(frozen=True, slots=True)
class AddPhoto(Command):
    """A reference to a stored picture."""

    photo: Private


@dataclass(frozen=True, slots=True)
class ClearPhoto(Command):
    """A clerk has looked at a photo: everybody may see the copy, in which so many places are blacked out."""

    number: int
    copy: Private
    boxes: int


@dataclass(frozen=True, slots=True)
class WithholdPhoto(Command):
    """What was cleared is for everybody no longer."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class ClearWords(Command):
    """A clerk has looked at what was written up to an entry: it names nobody, or it may."""

    upto: int


@dataclass(frozen=True, slots=True)
class Urge(Command):
    """Somebody waits."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class OpenSupervision(Command):
    """The case is put under a superior's eye."""

    level: str
    addressee: str
    reason: str


@dataclass(frozen=True, slots=True)
class AnswerSupervision(Command):
    """The addressee answers."""

    number: int
    answer: str


@dataclass(frozen=True, slots=True)
class LiftSupervision(Command):
    """The superior is content."""

    number: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ShowPrivate(Command):
    """Somebody is to see what is under seal; it is shown once this is written."""

    what: Secrecy


@dataclass(frozen=True, slots=True)
class EraseContact(Command):
    """Whoever reported it wants their name, number and address forgotten; the rest of the report stays."""


@dataclass(frozen=True, slots=True)
class ChangeEdition(Command):
    """The case follows another edition; deadlines beyond the old calendar are set again."""

    edition: str
    reason: str


# --- what time does


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordNearDue(Command):
    """A deadline is near; ignored when stale."""

    stale_is_nothing: ClassVar[bool] = True
    clock: Clock
    unit: str = ""
    step: str = ""
    run: int
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMiss(Command):
    """A deadline was missed; ignored when stale; its time is the due time."""

    stale_is_nothing: ClassVar[bool] = True
    clock: Clock
    unit: str = ""
    step: str = ""
    run: int
    revision: int


@dataclass(frozen=True, slots=True)
class RecordWindowPassed(Command):
    """A window closed unused; ignored when stale."""

    stale_is_nothing: ClassVar[bool] = True
    window: Window
    subject: str = ""


@dataclass(frozen=True, slots=True)
class EndRetention(Command):
    """What has been kept of an ended case for as long as it may be is erased; ignored when nothing has."""

    stale_is_nothing: ClassVar[bool] = True


# --- brought over from another system


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOver(Command):
    """What another system proves; the state is in the assigned or the resolved phase."""

    state: State
    category: str
    place: str
    source: Source
    department: str
    opened: datetime
    due: datetime | None = None
    resolved: datetime | None = None
    outcome: Outcome | None = None
    external_id: str = ""
    summary: str = ""


COMMANDS: tuple[type[Command], ...] = tuple(
    kind
    for kind in list(globals().values())
    if isinstance(kind, type) and issubclass(kind, Command) and kind is not Command
)
