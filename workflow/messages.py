"""Who is told what: whenever this event, and this fact, then this kind of message to them. What is not named here nobody hears of."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from domain import events as e
from domain.case import Case, evolve
from domain.clocks import Running
from domain.entries import Entry
from domain.policy import Window
from domain.states import Clock, Part, State


class Kind(StrEnum):
    """What a message says."""

    REFERRED = "referred"
    TO_DISPATCH = "to_dispatch"
    ASSIGNED = "assigned"
    TAKEN_BACK = "taken_back"
    TO_VERIFY = "to_verify"
    REWORK = "rework"
    NEAR_DUE = "near_due"
    MISSED = "missed"
    GRANTED = "granted"
    REJECTED = "rejected"
    LAPSED = "lapsed"
    SUPERVISED = "supervised"
    URGED = "urged"
    RESUMED = "resumed"
    REOPENED = "reopened"
    PLEASE_RATE = "please_rate"
    CLOSED = "closed"
    REPORTER_RECEIVED = "reporter_received"
    REPORTER_EXTENDED = "reporter_extended"
    REPORTER_SUSPENDED = "reporter_suspended"
    REPORTER_RESULT = "reporter_result"
    REPORTER_CLOSED = "reporter_closed"
    REPORTER_CANCELLED = "reporter_cancelled"


@dataclass(frozen=True, slots=True)
class Reporter:
    """Whoever reported a case and waits for an answer; how they are reached lies under that case's seal."""

    case: UUID


Whom = str | Reporter  # a unit's code, or somebody who reported it
Said = str | datetime | date


@dataclass(frozen=True, slots=True)
class Message:
    """What is told to one of them; `says` is all that the event adds to the case's number, category and place."""

    kind: Kind
    whom: Whom
    says: Mapping[str, Said] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """An entry, the case after it, and when its file was begun here."""

    entry: Entry
    case: Case
    begun: datetime

    @property
    def event(self) -> e.Event:
        """What happened."""
        return self.entry.event


Fact = Callable[[Told], bool]
Whose = Callable[[Told], Iterator[Whom]]
Says = Callable[[Told, Whom], Said]


@dataclass(frozen=True, slots=True)
class Tell:
    """A sentence: whenever one of these events, and this fact, then this kind of message to these."""

    events: tuple[type[e.Event], ...]
    fact: Fact
    kind: Kind
    whom: Whose


# --- facts


def always(_told: Told) -> bool:
    """Whatever the case is like."""
    return True


def it_came_about_here(told: Told) -> bool:
    """Not a deadline that had passed before another system's case was carried over: that is no news."""
    return getattr(told.event, "due", told.begun) >= told.begun


def it_waits_to_be_verified(told: Told) -> bool:
    """The street is to look at the result."""
    return told.case.state is State.RESOLVED


def the_rating_is_missing(told: Told) -> bool:
    """The window that passed was the one for rating."""
    return isinstance(told.event, e.WindowPassed) and told.event.window is Window.RATE


# --- whom


def the_units_named(told: Told) -> Iterator[Whom]:
    """Lead and support, or the one unit, that the event names."""
    event = told.event
    yield from filter(None, (getattr(event, "lead", ""), getattr(event, "unit", ""), *getattr(event, "support", ())))


def the_former_lead(told: Told) -> Iterator[Whom]:
    """Who led until now."""
    if (former := getattr(told.event, "former", "")) != getattr(told.event, "lead", ""):
        yield former


def the_accountable_unit(told: Told) -> Iterator[Whom]:
    """Who is to act now."""
    if told.case.accountable:
        yield told.case.accountable


def whose_clock_it_is(told: Told) -> Iterator[Whom]:
    """The unit whose clock it is; of a supervision who is to answer, of a clock of the case itself whoever is accountable."""
    unit = getattr(told.event, "unit", "")
    if getattr(told.event, "clock", None) is Clock.SUPERVISION:
        yield from (watch.addressee for watch in told.case.supervisions if str(watch.number) == unit)
    elif unit or told.case.accountable:
        yield unit or told.case.accountable


def who_asked(told: Told) -> Iterator[Whom]:
    """The unit whose request was decided, or lapsed."""
    request = told.case.request(getattr(told.event, "request", 0))
    if request:
        yield request.unit


def the_addressee(told: Told) -> Iterator[Whom]:
    """Who is watched."""
    yield getattr(told.event, "addressee", "")


def the_units_at_work(told: Told) -> Iterator[Whom]:
    """All that still owe their part."""
    yield from dict.fromkeys(assignment.unit for assignment in told.case.at_work)


def who_did_the_work(told: Told) -> Iterator[Whom]:
    """The units that are done."""
    yield from sorted(told.case.handlers)


def the_street(told: Told) -> Iterator[Whom]:
    """The street that the case lies in."""
    if told.case.place.street:
        yield told.case.place.street


def the_reporters(told: Told) -> Iterator[Whom]:
    """Whoever left a number with this case, or with one that goes on inside it."""
    if told.case.reporter_has_number:
        yield Reporter(told.case.id)
    yield from (Reporter(joined) for joined, waits in told.case.joined.items() if waits)


TABLE: tuple[Tell, ...] = (
    # --- units
    Tell((e.CaseReferredUp, e.CaseSentDown), always, Kind.REFERRED, the_accountable_unit),
    Tell((e.WhistleBlown,), always, Kind.TO_DISPATCH, the_accountable_unit),
    Tell((e.CaseAssigned, e.SupportAdded, e.LeadReplaced, e.CaseReassigned), always, Kind.ASSIGNED, the_units_named),
    Tell((e.LeadReplaced, e.CaseReassigned), always, Kind.TAKEN_BACK, the_former_lead),
    Tell((e.SupportWithdrawn,), always, Kind.TAKEN_BACK, the_units_named),
    Tell((e.ResultReported,), it_waits_to_be_verified, Kind.TO_VERIFY, the_street),
    Tell((e.VerificationFailed, e.ReworkOrdered), always, Kind.REWORK, the_accountable_unit),
    Tell((e.DeadlineNear,), always, Kind.NEAR_DUE, whose_clock_it_is),
    Tell((e.DeadlineMissed,), it_came_about_here, Kind.MISSED, whose_clock_it_is),
    Tell(
        (
            *(e.WhistleBlown, e.LeadReturned, e.SupportReturned, e.ExtensionGranted, e.CaseSuspended),
            *(e.ExclusionGranted, e.ReporterErased, e.RestrictionLifted),
        ),
        always,
        Kind.GRANTED,
        who_asked,
    ),
    Tell((e.RequestRejected,), always, Kind.REJECTED, who_asked),
    Tell((e.RequestLapsed,), always, Kind.LAPSED, who_asked),
    Tell((e.SupervisionOpened,), always, Kind.SUPERVISED, the_addressee),
    Tell((e.CaseUrged,), always, Kind.URGED, the_accountable_unit),
    Tell((e.CaseResumed,), always, Kind.RESUMED, the_units_at_work),
    Tell((e.CaseReopened,), always, Kind.REOPENED, the_accountable_unit),
    Tell((e.WindowPassed,), the_rating_is_missing, Kind.PLEASE_RATE, the_street),
    Tell((e.CaseClosed,), always, Kind.CLOSED, who_did_the_work),
    # --- reporters
    Tell((e.CaseLogged,), always, Kind.REPORTER_RECEIVED, the_reporters),
    Tell((e.ExtensionGranted,), always, Kind.REPORTER_EXTENDED, the_reporters),
    Tell((e.CaseSuspended,), always, Kind.REPORTER_SUSPENDED, the_reporters),
    Tell((e.ResultReported,), always, Kind.REPORTER_RESULT, the_reporters),
    Tell((e.CaseClosed,), always, Kind.REPORTER_CLOSED, the_reporters),
    Tell((e.CaseCancelled,), always, Kind.REPORTER_CANCELLED, the_reporters),
)


# --- what may be said


def _part(told: Told, whom: Whom) -> Said:
    assignment = told.case.assignment(str(whom))
    return (assignment.part if assignment else Part.LEAD).value


def _due(told: Told, whom: Whom) -> Said:
    """Of the deadline that the event is about; else the next one of the unit that is told."""
    event, timers = told.event, told.case.timers
    if isinstance(event, e.DeadlineNear | e.DeadlineMissed):
        return getattr(event, "due", None) or timers[event.clock, event.unit, event.step].due
    wanted, unit = Clock.RESOLVE, whom if isinstance(whom, str) else getattr(event, "unit", "")
    if isinstance(event, e.SupervisionOpened):
        wanted, unit = Clock.SUPERVISION, str(event.number)
    dues = [t.due for t in timers.values() if t.clock is wanted and t.unit == unit and t.state is Running.RUNNING]
    return max(dues) if dues else ""


def _clock(told: Told, _whom: Whom) -> Said:
    return str(getattr(told.event, "clock", ""))


def _request(told: Told, _whom: Whom) -> Said:
    request = told.case.request(getattr(told.event, "request", 0))
    return request.kind.value if request else ""


def _level(told: Told, _whom: Whom) -> Said:
    return told.case.level.value


def _review(told: Told, _whom: Whom) -> Said:
    review: date = getattr(told.event, "review")  # noqa: B009 - only suspensions are told by it
    return review


def _outcome(told: Told, _whom: Whom) -> Said:
    return told.case.outcome.value if told.case.outcome else ""


def _reply(told: Told, _whom: Whom) -> Said:
    """What was written for the public; the rest of a result is not."""
    return str(getattr(told.event, "reply", ""))


# All that a message of a kind may hold besides the case's number, category and place. Reasons, notes, names, raw words
# and whoever acted are in no row.
SAYS: Mapping[Kind, Mapping[str, Says]] = {
    Kind.REFERRED: {"level": _level},
    Kind.TO_DISPATCH: {},
    Kind.ASSIGNED: {"part": _part, "due": _due},
    Kind.TAKEN_BACK: {},
    Kind.TO_VERIFY: {},
    Kind.REWORK: {"due": _due},
    Kind.NEAR_DUE: {"clock": _clock, "due": _due},
    Kind.MISSED: {"clock": _clock, "due": _due},
    Kind.GRANTED: {"request": _request},
    Kind.REJECTED: {"request": _request},
    Kind.LAPSED: {"request": _request},
    Kind.SUPERVISED: {"due": _due},
    Kind.URGED: {},
    Kind.RESUMED: {"due": _due},
    Kind.REOPENED: {},
    Kind.PLEASE_RATE: {},
    Kind.CLOSED: {"outcome": _outcome},
    Kind.REPORTER_RECEIVED: {},
    Kind.REPORTER_EXTENDED: {"due": _due},
    Kind.REPORTER_SUSPENDED: {"review": _review},
    Kind.REPORTER_RESULT: {"reply": _reply},
    Kind.REPORTER_CLOSED: {"outcome": _outcome},
    Kind.REPORTER_CANCELLED: {},
}


def messages(told: Told, rows: tuple[Tell, ...] = TABLE) -> tuple[Message, ...]:
    """What follows from an entry, in the table's order; nobody is told of what they did themselves."""
    found: dict[tuple[Kind, Whom], Message] = {}
    for row in rows:
        if isinstance(told.event, row.events) and row.fact(told):
            for whom in row.whom(told):
                if whom != told.entry.actor.unit:
                    found.setdefault((row.kind, whom), _message(told, row.kind, whom))
    return tuple(found.values())


def _message(told: Told, kind: Kind, whom: Whom) -> Message:
    return Message(kind, whom, {name: says(told, whom) for name, says in SAYS[kind].items()})


def telling(file: tuple[Entry, ...]) -> Iterator[Told]:
    """Each entry of a file, with the case after it."""
    case: Case | None = None
    for entry in file:
        case = evolve(case, entry)
        yield Told(entry, case, file[0].recorded_at)
