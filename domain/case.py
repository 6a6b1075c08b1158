"""A case as its events left it; evolving has no rules and cannot fail on stored history."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from typing import Any
from uuid import UUID

from domain import events as e
from domain.assignments import (
    Assignment,
    Assignments,
    Rating,
    Request,
    Supervision,
    Terms,
    Whistle,
    changed,
    ended,
    handled_by,
    of_unit,
    opened,
)
from domain.changing import replace
from domain.clocks import Timers, applied
from domain.entries import Entry
from domain.photos import Photo, added, erased, shown
from domain.places import Path
from domain.policy import Window
from domain.privacy import Private, Secrecy
from domain.states import (
    AssignmentState,
    Clock,
    Level,
    Nature,
    Outcome,
    Part,
    RequestKind,
    RequestState,
    Source,
    State,
    Urgency,
    WhistleKind,
    WhistleState,
)
from domain.unsealed import Mark, Words, marks, unread


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is known of a case now. Who and when come from the entries, the rest from the events."""

    id: UUID
    version: int
    edition: str
    state: State
    category: str
    source: Source
    place: Path  # in whose sight it lies: of the places of its site, those above the unit complained about
    site: Path = field(default=Path(""))
    against: str = ""
    nature: Nature | None = None
    level: Level = Level.STREET
    urgency: Urgency = Urgency.ROUTINE
    about: e.About | None = None
    summary: str = ""
    reporter_waits: bool = False
    reporter_has_number: bool = False
    receipt: str = ""
    assignments: Assignments = ()
    spell: int = 0  # where the assignments since the last reopening begin
    requests: tuple[Request, ...] = ()
    whistles: tuple[Whistle, ...] = ()
    supervisions: tuple[Supervision, ...] = ()
    photos: tuple[Photo, ...] = ()
    unread: tuple[Words, ...] = ()  # what was written and not sealed, and no clerk has looked at since
    passed: Mapping[tuple[Window, str], datetime] = field(default_factory=dict)  # when a window was said to have closed
    timers: Timers = field(default_factory=dict)
    before_dispute: State | None = None
    sent_down: bool = False
    extensions: int = 0
    misses: int = 0  # since the level that holds it was given it
    rework: int = 0
    attempts: int = 0  # call-back attempts since the last result
    callback: e.CallbackRecorded | None = None
    called_at: datetime | None = None  # the last attempt since the last result
    outcome: Outcome | None = None
    reopened: int = 0
    merged_into: UUID | None = None
    joined: Mapping[UUID, bool] = field(default_factory=dict)  # case -> its reporter is to be called back
    ended_by: str = ""  # staff pseudonym
    erased: bool = False
    photos_shown: Mapping[str, datetime] = field(default_factory=dict)  # who saw them -> when last
    kept: Mapping[Secrecy, datetime] = field(default_factory=dict)  # what is private: of which class, and since when
    carried_over: bool = False
    external_id: str = ""  # what the other system calls it, where it was carried over
    logged_at: datetime
    resolved_at: datetime | None = None
    ended_at: datetime | None = None
    closed_at: datetime | None = None  # the last time; it stays when the case is reopened
    back_after: timedelta | None = None  # from closing to reopening, the shortest
    recorded_at: datetime

    @property
    def lead(self) -> Assignment | None:
        """The assignment of the one lead, at work or done; None where no unit was named, or it was taken back."""
        live = (AssignmentState.RETURNED, AssignmentState.WITHDRAWN)
        leads = [a for a in self.assignments[self.spell :] if a.part is Part.LEAD and a.state not in live]
        return leads[-1] if leads else None

    @property
    def at_work(self) -> tuple[Assignment, ...]:
        """The assignments that are still owed."""
        return tuple(a for a in self.assignments if a.at_work)

    @property
    def supports(self) -> tuple[Assignment, ...]:
        """The supporting assignments that are still owed."""
        return tuple(a for a in self.at_work if a.part is Part.SUPPORT)

    @property
    def handlers(self) -> frozenset[str]:
        """The units that did the work: they may not verify, call back or close."""
        return frozenset(a.unit for a in self.assignments[self.spell :] if a.state is AssignmentState.DONE)

    @property
    def unit_at_the_level(self) -> str:
        """The place that holds the case while no department does."""
        by_level = {Level.GRID: self.place.grid, Level.COMMUNITY: self.place.community, Level.STREET: self.place.street}
        return by_level[self.level] or self.place.lowest

    @property
    def accountable(self) -> str:
        """The one unit that is accountable now; '' once the case has ended."""
        if not self.state.is_open:
            return ""
        if self.state in (State.LOGGED, State.HANDLING):
            return self.unit_at_the_level
        if self.state is State.ESCALATED:
            return self.place.district
        if self.state in (State.RESOLVED, State.VERIFIED):
            return self.place.street or self.place.district
        return self.lead.unit if self.lead else self.place.district

    @property
    def wants_answer(self) -> bool:
        """Whether any reporter waits for an answer."""
        return self.reporter_waits or any(self.joined.values())

    @property
    def can_be_called(self) -> bool:
        """Whether any of them left a number; who did not looks by receipt."""
        return self.reporter_has_number or any(self.joined.values())

    @property
    def whistle(self) -> Whistle | None:
        """The latest whistle."""
        return self.whistles[-1] if self.whistles else None

    def assignment(self, unit: str) -> Assignment | None:
        """The unit's latest assignment."""
        own = [a for a in self.assignments if a.unit == unit]
        return own[-1] if own else None

    def request(self, number: int) -> Request | None:
        """The request of that number."""
        return next((r for r in self.requests if r.number == number), None)

    def photo(self, number: int) -> Photo | None:
        """The photo of that number."""
        return next((p for p in self.photos if p.number == number), None)

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What may tell who somebody is and no clerk has looked at."""
        return marks(self.unread)

    def pending(self, kind: RequestKind, unit: str = "") -> Request | None:
        """The open request of a kind (and of a unit, where one is given)."""
        return next((r for r in self.requests if r.pending and r.kind is kind and unit in ("", r.unit)), None)


def replay(entries: Iterable[Entry]) -> Case | None:
    """The case as these entries leave it; None where there are none."""
    return reduce(evolve, entries, None)


def evolve(case: Case | None, entry: Entry) -> Case:
    """The case after one more entry."""
    after = begun(entry) if case is None else _changed(case, entry)
    leaves = entry.event.leaves or after.state
    timers = applied(after.timers, entry.clocks) if entry.clocks else after.timers
    told = unread(after.unread, entry)
    return replace(
        after, state=leaves, version=entry.version, timers=timers, unread=told, recorded_at=entry.recorded_at
    )


def begun(entry: Entry) -> Case:
    """A case out of its first event."""
    match entry.event:
        case e.CaseLogged() as logged:
            return Case(
                id=entry.case,
                version=entry.version,
                edition=logged.edition,
                state=State.LOGGED,
                category=logged.category,
                source=logged.source,
                place=logged.place.above(logged.against),
                site=logged.place,
                against=logged.against,
                nature=logged.nature,
                level=logged.level,
                urgency=logged.urgency,
                about=logged.about,
                summary=logged.summary,
                reporter_waits=logged.reporter is not None,
                reporter_has_number=logged.reporter is not None and logged.reporter.phone is not None,
                receipt=logged.receipt,
                kept=_kept({}, entry.recorded_at, logged.narrative, *_said_of(logged.reporter)),
                logged_at=entry.recorded_at,
                recorded_at=entry.recorded_at,
            )
        case e.CaseCarriedOver() as carried:
            return _carried(entry, carried)
        case other:
            msg = f"a case file cannot begin with {type(other).__name__}"
            raise LookupError(msg)


def _carried(entry: Entry, carried: e.CaseCarriedOver) -> Case:
    done = carried.leaves.phase is State.RESOLVED.phase
    work = AssignmentState.DONE if done else AssignmentState.REPORTED_IN
    if carried.leaves is State.ASSIGNED:
        work = AssignmentState.PENDING
    lead = Assignment(carried.department, Part.LEAD, 1, carried.opened, work, ended=carried.resolved)
    return Case(
        id=entry.case,
        version=entry.version,
        edition=carried.edition,
        state=carried.leaves,
        category=carried.category,
        source=carried.source,
        place=carried.place,
        site=carried.place,
        summary=carried.summary,
        assignments=(lead,),
        outcome=carried.outcome,
        carried_over=True,
        external_id=carried.external_id,
        logged_at=carried.opened,
        resolved_at=carried.resolved,
        ended_at=carried.resolved if carried.leaves is State.CLOSED else None,
        closed_at=carried.resolved if carried.leaves is State.CLOSED else None,
        recorded_at=entry.recorded_at,
    )


def _changed(case: Case, entry: Entry) -> Case:  # noqa: C901, PLR0911, PLR0912, PLR0915 - a table: one event, one line
    at, staff = entry.recorded_at, entry.actor.staff
    match entry.event:
        case e.CaseAnswered():
            return replace(case, outcome=Outcome.EXPLAINED, ended_at=at, closed_at=at, ended_by=staff)
        case e.CaseAmended() as amended:
            return _amended(case, amended)
        case e.HandlingBegun(unit):
            return replace(case, assignments=handled_by(case.assignments, unit, at))
        case e.CaseReferredUp(level):
            return replace(case, level=level, misses=0, assignments=_withdrawn(case, at))
        case e.CaseSentDown(level):
            return replace(case, level=level, misses=0, sent_down=True)
        case e.WhistleBlown(plea=plea, request=request):
            return _blown(case, plea, request, at)
        case e.WhistleWithdrawn():
            return replace(case, level=Level.STREET, misses=0, whistles=_whistle(case, WhistleState.WITHDRAWN))
        case e.WhistleDeclined():
            return replace(case, level=Level.STREET, misses=0, whistles=_whistle(case, WhistleState.DECLINED))
        case e.CaseAssigned(lead, support):
            work = opened(case.assignments, lead, Part.LEAD, at)
            for unit in support:
                work = opened(work, unit, Part.SUPPORT, at)
            return replace(case, assignments=work, whistles=_whistle(case, WhistleState.ASSIGNED))
        case e.AssignmentAcknowledged(unit):
            return replace(
                case, assignments=of_unit(case.assignments, unit, state=AssignmentState.ACKNOWLEDGED, acknowledged=at)
            )
        case e.LeadReportedIn(unit) | e.SupportReportedIn(unit):
            return replace(case, assignments=_reported_in(case, unit, at))
        case e.LeadReportInContested(unit) | e.SupportReportInContested(unit):
            return replace(case, assignments=of_unit(case.assignments, unit, state=AssignmentState.ACKNOWLEDGED))
        case e.SupportFinished(unit):
            return replace(case, assignments=ended(case.assignments, AssignmentState.DONE, at, unit=unit))
        case e.LeadReturned(unit, request):
            returned = ended(case.assignments, AssignmentState.RETURNED, at, unit=unit)
            work = ended(returned, AssignmentState.WITHDRAWN, at)
            granted = _decided(case, request, RequestState.APPROVED, at)
            return replace(case, assignments=work, requests=granted, whistles=_whistle(case, WhistleState.BLOWN))
        case e.SupportReturned(unit, request):
            work = ended(case.assignments, AssignmentState.RETURNED, at, unit=unit)
            return replace(case, assignments=work, requests=_decided(case, request, RequestState.APPROVED, at))
        case e.DisputeRaised():
            return replace(case, before_dispute=case.state)
        case e.LeadConfirmed(lead=lead):
            return replace(case, assignments=of_unit(case.assignments, lead, final=True), before_dispute=None)
        case e.LeadReplaced(lead, former):
            return replace(case, assignments=_replaced(case, lead, former, at, final=True), before_dispute=None)
        case e.CaseReassigned(lead, former, _, final):
            return replace(case, assignments=_replaced(case, lead, former, at, final=final))
        case e.SupportAdded(unit):
            return replace(case, assignments=opened(case.assignments, unit, Part.SUPPORT, at))
        case e.SupportWithdrawn(unit):
            return replace(case, assignments=ended(case.assignments, AssignmentState.WITHDRAWN, at, unit=unit))
        case e.ResultReported(unit):
            work = ended(case.assignments, AssignmentState.DONE, at, unit=unit)
            done = _whistle(case, WhistleState.COMPLETED, where=not _own(case))
            fresh: dict[str, Any] = {"attempts": 0, "callback": None, "called_at": None}
            return replace(case, assignments=work, whistles=done, resolved_at=at, **fresh)
        case (
            e.WhistleRequested()
            | e.ReturnRequested()
            | e.ExtensionRequested()
            | e.SuspensionRequested()
            | e.ExclusionRequested()
            | e.ErasureRequested()
            | e.LiftingRequested() as terms
        ):
            return replace(case, requests=(*case.requests, Request(KINDS[type(terms)], staff, terms)))
        case e.ExtensionGranted(request):
            granted = _decided(case, request, RequestState.APPROVED, at)
            return replace(case, extensions=case.extensions + 1, requests=granted)
        case e.CaseSuspended(request) | e.ExclusionGranted(request):
            return replace(case, requests=_decided(case, request, RequestState.APPROVED, at))
        case e.RestrictionLifted(request):
            granted = _decided(case, request, RequestState.APPROVED, at)
            return replace(case, against="", place=case.site, requests=granted)
        case e.RequestRejected(request):
            return replace(case, requests=_decided(case, request, RequestState.REJECTED, at))
        case e.RequestWithdrawn(request):
            return replace(case, requests=_decided(case, request, RequestState.WITHDRAWN, at))
        case e.RequestLapsed(request):
            return replace(case, requests=_decided(case, request, RequestState.LAPSED, at))
        case e.VerificationFailed() | e.ReworkOrdered():
            return _back_to_work(case)
        case e.CallbackRecorded(attempt=attempt) as callback:
            return replace(case, attempts=attempt, callback=callback, called_at=at)
        case e.CaseClosed(outcome):
            return replace(case, outcome=outcome, ended_at=at, closed_at=at, ended_by=staff)
        case e.DepartmentRated(unit, speed, quality, attitude, comment):
            rated, rating = case.assignment(unit), Rating(speed, quality, attitude, comment)
            return replace(case, assignments=changed(case.assignments, lambda a: a is rated, rating=rating))
        case e.WhistleRated():
            return replace(case, whistles=_whistle(case, WhistleState.RATED))
        case e.CaseReopened():
            again: dict[str, Any] = {
                "outcome": None,
                "ended_at": None,
                "resolved_at": None,
                "callback": None,
                "called_at": None,
                "attempts": 0,
            }
            renewed: dict[str, Any] = {
                "level": Level.STREET,
                "misses": 0,
                "sent_down": False,
                "reopened": case.reopened + 1,
                "back_after": _soonest(case, at),
            }
            return replace(case, **again, **renewed, spell=len(case.assignments))
        case e.CaseCancelled():
            return replace(
                case, ended_at=at, ended_by=staff, assignments=_withdrawn(case, at), whistles=_taken_back(case)
            )
        case e.CaseRestored():
            return replace(case, ended_at=None, level=Level.STREET)
        case e.CaseMerged(into):
            return replace(
                case, merged_into=into, ended_at=at, assignments=_withdrawn(case, at), whistles=_taken_back(case)
            )
        case e.CaseUnmerged():
            return replace(case, merged_into=None, ended_at=None, level=Level.STREET)
        case e.CaseJoined(joined, wants_answer):
            return replace(case, joined={**case.joined, joined: wants_answer})
        case e.CaseParted(parted):
            return replace(case, joined={k: v for k, v in case.joined.items() if k != parted})
        case e.PhotoAdded(photo):
            return replace(case, photos=added(case.photos, photo), kept=_kept(case.kept, at, photo))
        case e.PhotoCleared(number, copy, boxes):
            return replace(case, photos=shown(case.photos, number, copy, boxes))
        case e.PhotoWithheld(number):
            return replace(case, photos=shown(case.photos, number, None))
        case e.SupervisionOpened(number, level, addressee, reason):
            return replace(case, supervisions=(*case.supervisions, Supervision(number, level, addressee, reason)))
        case e.SupervisionAnswered(number):
            return replace(case, supervisions=_supervision(case, number, lambda s: replace(s, answered=True)))
        case e.SupervisionLifted(number):
            return replace(case, supervisions=_supervision(case, number, lambda s: replace(s, lifted=True)))
        case e.ReporterErased(request=request):
            gone: dict[str, Any] = {
                "reporter_waits": False,
                "reporter_has_number": False,
                "photos": erased(case.photos),
                "requests": _decided(case, request, RequestState.APPROVED, at),
            }
            return replace(case, erased=True, kept={}, **gone)
        case e.ContactErased():
            return _forgotten(case, (Secrecy.CONTACT,))
        case e.RetentionEnded(classes):
            return _forgotten(case, classes)
        case e.NoteAdded(text):
            return replace(case, kept=_kept(case.kept, at, text))
        case e.PrivateShown(what):
            seen = {**case.photos_shown, staff: at} if what is Secrecy.PHOTOS else case.photos_shown
            return replace(case, photos_shown=seen)
        case e.EditionChanged(edition):
            return replace(case, edition=edition)
        case e.DeadlineNear() as told:
            return _marked(case, told, near_told=told.revision)
        case e.DeadlineMissed() as missed:
            return _marked(replace(case, misses=case.misses + 1), missed, missed=missed.revision)
        case e.WindowPassed(window, subject):
            return replace(case, passed={**case.passed, (window, subject): at})
    return case


def _said_of(reporter: e.Reporter | None) -> tuple[Private | None, ...]:
    return (reporter.name, reporter.phone, reporter.address) if reporter else ()


def _kept(before: Mapping[Secrecy, datetime], at: datetime, *private: Private | None) -> dict[Secrecy, datetime]:
    return {**before, **{one.secrecy: at for one in private if one is not None}}


def _forgotten(case: Case, classes: Iterable[Secrecy]) -> Case:
    kept = {secrecy: since for secrecy, since in case.kept.items() if secrecy not in classes}
    photos = erased(case.photos) if Secrecy.PHOTOS in classes else case.photos
    return replace(
        case, kept=kept, photos=photos, reporter_has_number=case.reporter_has_number and Secrecy.CONTACT in kept
    )


KINDS: dict[type[Terms], RequestKind] = {
    e.WhistleRequested: RequestKind.WHISTLE,
    e.ReturnRequested: RequestKind.RETURN,
    e.ExtensionRequested: RequestKind.EXTENSION,
    e.SuspensionRequested: RequestKind.SUSPENSION,
    e.ExclusionRequested: RequestKind.EXCLUSION,
    e.ErasureRequested: RequestKind.ERASURE,
    e.LiftingRequested: RequestKind.LIFTING,
}


def _amended(case: Case, amended: e.CaseAmended) -> Case:
    said = {"category": amended.category, "about": amended.about, "summary": amended.summary, "site": amended.place}
    if amended.place is not None:
        said["place"] = amended.place.above(case.against)
    return replace(case, **{name: value for name, value in said.items() if value is not None})  # type: ignore[arg-type]


def _blown(case: Case, plea: e.Plea, request: int, at: datetime) -> Case:
    urgent = plea.kind is WhistleKind.EMERGENCY
    whistle = Whistle(len(case.whistles) + 1, plea, at)
    return replace(
        case,
        urgency=Urgency.EMERGENCY if urgent else Urgency(plea.grade.value),
        assignments=_withdrawn(case, at),
        whistles=(*case.whistles, whistle),
        requests=_decided(case, request, RequestState.APPROVED, at),
    )


def _whistle(case: Case, state: WhistleState, *, where: bool = True) -> tuple[Whistle, ...]:
    if not (case.whistles and where):
        return case.whistles
    return (*case.whistles[:-1], replace(case.whistles[-1], state=state))


def _taken_back(case: Case) -> tuple[Whistle, ...]:
    live = case.whistle is not None and case.whistle.state in (WhistleState.BLOWN, WhistleState.ASSIGNED)
    return _whistle(case, WhistleState.WITHDRAWN, where=live)


def _withdrawn(case: Case, at: datetime) -> Assignments:
    return ended(case.assignments, AssignmentState.WITHDRAWN, at)


def _soonest(case: Case, at: datetime) -> timedelta | None:
    spans = [case.back_after, at - case.closed_at if case.closed_at else None]
    return min((span for span in spans if span is not None), default=None)


def _own(case: Case) -> bool:
    return case.lead is not None and case.lead.own


def _reported_in(case: Case, unit: str, at: datetime) -> Assignments:
    signed = {"acknowledged": at} if _unsigned(case, unit) else {}  # reporting in implies it
    return of_unit(case.assignments, unit, state=AssignmentState.REPORTED_IN, reported_in=at, **signed)


def _unsigned(case: Case, unit: str) -> bool:
    assignment = case.assignment(unit)
    return assignment is not None and assignment.acknowledged is None


def _replaced(case: Case, lead: str, former: str, at: datetime, *, final: bool) -> Assignments:
    left = ended(case.assignments, AssignmentState.WITHDRAWN, at, unit=former)
    without_own_support = ended(left, AssignmentState.WITHDRAWN, at, unit=lead)
    return opened(without_own_support, lead, Part.LEAD, at, final=final)


def _back_to_work(case: Case) -> Case:
    lead = case.lead
    work = changed(case.assignments, lambda a: a is lead, state=AssignmentState.REPORTED_IN, ended=None)
    whistles = _whistle(case, WhistleState.ASSIGNED, where=not _own(case))
    return replace(case, assignments=work, whistles=whistles, rework=case.rework + 1, callback=None, resolved_at=None)


def _decided(case: Case, number: int, state: RequestState, at: datetime) -> tuple[Request, ...]:
    return tuple(replace(r, state=state, decided=at) if r.number == number else r for r in case.requests)


def _supervision(case: Case, number: int, change: Callable[[Supervision], Supervision]) -> tuple[Supervision, ...]:
    return tuple(change(s) if s.number == number else s for s in case.supervisions)


def _marked(case: Case, told: e.DeadlineNear | e.DeadlineMissed, **mark: int) -> Case:
    key = (Clock(told.clock), told.unit, told.step)
    timer = case.timers.get(key)
    if timer is None or timer.run != told.run:
        return case
    return replace(case, timers={**case.timers, key: replace(timer, **mark)})  # type: ignore[arg-type]
