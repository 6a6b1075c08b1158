"""What a case says to its reporter: where it stands, who is responsible, until when, what was answered, what happened."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.pages.reading import Reading
from domain import events as e
from domain.actors import Role
from domain.case import Case, replay
from domain.entries import Entry
from domain.policy import Ground
from domain.states import Clock, Phase, State
from workflow.telling import named

WAY = (Phase.LOGGED, Phase.ESCALATED, Phase.ASSIGNED, Phase.RESOLVED)
ENDS = (State.CANCELLED, State.MERGED)


@dataclass(frozen=True, slots=True)
class Step:
    """One of the four words: reached, now, ahead, or passed by."""

    phase: Phase
    how: str


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened, in plain words."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Stands:
    """Where a report stands. Where it goes on inside another case, `at` is that one; it is shown without its story."""

    case: Case
    at: Case
    steps: tuple[Step, ...]
    due: datetime | None
    late: bool
    reply: str
    lines: tuple[Line, ...]


def standing(v: Reading, file: tuple[Entry, ...]) -> Stands:
    """Where the case of a file stands, for its reporter."""
    case, at = _case(file), file
    while (into := _case(at).merged_into) is not None:
        at = v.parts.casework.file(into)
    other = _case(at)
    timer = other.timers.get((Clock.RESIDENT, "", ""))
    due = timer.due if timer and other.state.is_open else None
    late = due is not None and due < v.now
    return Stands(case, other, tuple(_steps(at)), due, late, _reply(at), tuple(reversed(tuple(_lines(v, file)))))


def _case(file: Iterable[Entry]) -> Case:
    found = replay(file)
    if found is None:
        raise LookupError("an empty file")
    return found


def _steps(file: tuple[Entry, ...]) -> Iterator[Step]:
    """The four words, since it was last taken up anew; what came before it was reached is passed by."""
    now = _case(file)
    if now.state in ENDS:
        return
    reached = _reached(file)
    at = WAY.index(now.state.phase)
    for n, phase in enumerate(WAY):
        if n == at:
            yield Step(phase, "done" if now.state is State.CLOSED else "now")
        else:
            yield Step(phase, "ahead" if n > at else "done" if phase in reached else "passed_by")


def _reached(file: tuple[Entry, ...]) -> set[Phase]:
    found: set[Phase] = set()
    for entry in file:
        if isinstance(entry.event, e.CaseReopened):
            found = set()
        if entry.event.leaves:
            found.add(entry.event.leaves.phase)
    return found


def _reply(file: tuple[Entry, ...]) -> str:
    """The public reply that stands: one that was found wanting does not."""
    reply = ""
    for entry in file:
        match entry.event:
            case e.ResultReported(reply=said) | e.CaseAnswered(answer=said):
                reply = said
            case e.VerificationFailed() | e.ReworkOrdered() | e.CaseReopened():
                reply = ""
    return reply


# --- what happened


def _lines(v: Reading, file: tuple[Entry, ...]) -> Iterator[Line]:
    for entry in file:
        key = _key(entry)
        if key:
            yield Line(entry.recorded_at, v.t(key, **_words(v, entry.event), who=v.plain(entry.actor.unit)))


def _key(entry: Entry) -> str:
    """Which sentence an entry is told by; '' where it is not the reporter's business."""
    told = TOLD.get(type(entry.event), "")
    return told if isinstance(told, str) else told(entry)


def _own(key: str) -> Callable[[Entry], str]:
    """What only the reporter's own are told by."""
    return lambda entry: key if entry.actor.role is Role.RESIDENT else ""


def _called(entry: Entry) -> str:
    if entry.actor.role is Role.RESIDENT:
        return "told_rated"
    return "told_called" if getattr(entry.event, "contacted", False) else "told_not_reached"


def _missed(entry: Entry) -> str:
    return "told_missed" if getattr(entry.event, "clock", "") == Clock.RESIDENT else ""


Told = str | Callable[[Entry], str]
TOLD: Mapping[type[e.Event], Told] = {
    e.CaseLogged: "told_logged",
    e.CaseAnswered: "told_answered",
    e.HandlingBegun: "told_handling",
    e.WhistleBlown: "told_whistled",
    e.WhistleWithdrawn: "told_back_at_street",
    e.WhistleDeclined: "told_back_at_street",
    e.CaseAssigned: "told_assigned",
    e.CaseReassigned: "told_reassigned",
    e.LeadReplaced: "told_reassigned",
    e.LeadReportedIn: "told_came",
    e.LeadReturned: "told_returned",
    e.DisputeRaised: "told_disputed",
    e.LeadConfirmed: "told_confirmed",
    e.ExtensionGranted: "told_more_time",
    e.CaseSuspended: "told_suspended",
    e.CaseResumed: "told_resumed",
    e.ResultReported: "told_result",
    e.VerificationPassed: "told_verified",
    e.VerificationFailed: "told_not_verified",
    e.CallbackRecorded: _called,
    e.ReworkOrdered: "told_rework",
    e.CaseClosed: "told_closed",
    e.CaseReopened: "told_reopened",
    e.CaseCancelled: "told_cancelled",
    e.CaseRestored: "told_restored",
    e.CaseMerged: "told_merged",
    e.CaseUnmerged: "told_unmerged",
    e.NoteAdded: _own("told_note"),
    e.PhotoAdded: _own("told_photo"),
    e.CaseUrged: _own("told_urged"),
    e.SupervisionOpened: "told_supervised",
    e.ReporterErased: "told_erased",
    e.PrivateShown: "told_shown",
    e.ContactErased: "told_contact_erased",
    e.RetentionEnded: "told_retention_ended",
    e.DeadlineMissed: _missed,
}


def _words(v: Reading, event: e.Event) -> dict[str, Any]:
    """What may stand in such a sentence: units, days and words of lists; nothing that staff wrote to each other."""
    unit = getattr(event, "lead", "") or getattr(event, "unit", "")
    outcome, what = getattr(event, "outcome", ""), getattr(event, "what", "")
    return {
        "unit": v.plain(unit),
        "what": v.word("PRIVATE", what) if what else "",
        "by": v.limit(getattr(event, "by", "")),
        "until": getattr(event, "review", ""),
        "outcome": v.word("OUTCOMES", outcome) if outcome else "",
        "why": _listed(v, getattr(event, "reason", "")),
        "classes": v.listed("SECRECIES", getattr(event, "classes", ())),
        "reply": getattr(event, "reply", "") or getattr(event, "answer", ""),
    }


def _listed(v: Reading, reason: str) -> str:
    """A reason of one of the city's lists, by its name; what is of no list was meant for staff."""
    for ground in (Ground.CANCELLATION, Ground.SUSPENSION):
        names = v.law.policy.reasons.get(ground, {}).get(reason)
        if names:
            return named(names, v.language)
    return v.t("not_said")
