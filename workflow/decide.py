"""Deciding: a case, a command, an actor and now become entries, or a refusal; it touches nothing."""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar
from uuid import UUID

from domain import commands as c
from domain import events as e
from domain.actors import SYSTEM, Actor, Role
from domain.assignments import Terms
from domain.case import Case, evolve
from domain.commands import Command
from domain.entries import Entry
from domain.jurisdiction import Jurisdiction
from domain.places import Path
from domain.policy import Ground, Window
from domain.privacy import Secrecy
from domain.states import Clock, Level, Nature, Phase, Satisfied, State
from domain.worktime import Limit, due, extend
from workflow.ask import Ask, Refused
from workflow.flow import FLOW, Flow, Move
from workflow.reactions import AT_ONCE, Whenever, following
from workflow.retention import past
from workflow.ticking import ticked

AnyTerms = TypeVar("AnyTerms", bound=Terms)
LOWEST_MARK, HIGHEST_MARK = 1, 5
A_DAY = timedelta(days=1)
LEVEL_OF = {Role.GRID_WORKER: Level.GRID, Role.COMMUNITY: Level.COMMUNITY}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a decision is made: the rules, the time, the command's id, and the other case where there are two."""

    law: Jurisdiction
    now: datetime
    id: UUID
    flow: Flow = FLOW
    at_once: tuple[Whenever, ...] = AT_ONCE
    other: Case | None = None
    next_law: Jurisdiction | None = None


def begin(case: UUID, command: c.LogCase | c.CarryOver, actor: Actor, desk: Desk) -> tuple[Entry, ...]:
    """The first entries of a case. Raises Refused."""
    _said(command)
    event = _logged(command, actor, desk) if isinstance(command, c.LogCase) else _carried(command, desk)
    draft = Entry(case=case, version=1, event=event, actor=actor, recorded_at=desk.now, command=desk.id)
    after = evolve(None, draft)
    ask = Ask(after, command, actor, desk.now, desk.law)
    move = desk.flow.judge(ask, begins=True)
    occurred = command.occurred_at if isinstance(command, c.LogCase) else command.opened
    return (replace(draft, clocks=ticked(move, ask, None, after), occurred_at=occurred),)


def decide(case: Case, command: Command, actor: Actor, desk: Desk) -> tuple[Entry, ...]:
    """What follows from a command: entries of this case, and of the other where a command changes two.

    Raises Refused. A command that time gives and that has become stale gives nothing.
    """
    _said(command)
    ask = Ask(case, command, actor, desk.now, desk.law, desk.other, desk.next_law)
    try:
        move = desk.flow.judge(ask)
    except Refused:
        if command.stale_is_nothing and actor.role is Role.SYSTEM:
            return ()
        raise
    made = _entries(ask, move, desk)
    return (*made, *_of_the_other(ask, desk), *_at_once(case, made, desk)) if made else ()


def _entries(ask: Ask, move: Move, desk: Desk) -> tuple[Entry, ...]:
    """The command's own entries; the clock facts stand in the last of them; then what lapses by it."""
    events = EVENTS_OF.get(type(ask.command), _alike)(ask, move)
    write = _writer(ask.case.version, ask.case.id, ask.actor, desk)
    entries = [write(event) for event in events]
    if not entries:
        return ()
    after = _after(ask.case, entries)
    entries[-1] = replace(entries[-1], clocks=ticked(move, ask, ask.case, after))
    return (*entries, *(write(lapsed) for lapsed in _lapsing(after, desk.flow)))


def _writer(version: int, case: UUID, actor: Actor, desk: Desk) -> Callable[[e.Event], Entry]:
    versions = count(version + 1)
    return lambda event: Entry(
        case=case, version=next(versions), event=event, actor=actor, recorded_at=desk.now, command=desk.id
    )


def _after(case: Case, entries: list[Entry] | tuple[Entry, ...]) -> Case:
    for entry in entries:
        case = evolve(case, entry)
    return case


def _lapsing(after: Case, flow: Flow) -> Iterator[e.RequestLapsed]:
    """A request lapses when the case leaves the states it was asked in."""
    for request in after.requests:
        asked_in = {s for m in flow.moves if m.event is type(request.terms) for s in m.source}
        if request.pending and after.state not in asked_in:
            yield e.RequestLapsed(request.number, request.kind, "left_its_states")


def _of_the_other(ask: Ask, desk: Desk) -> tuple[Entry, ...]:
    """What a merge or its undoing writes into the other case's file."""
    if ask.other is None:
        return ()
    write = _writer(ask.other.version, ask.other.id, ask.actor, desk)
    match ask.command:
        case c.MergeCase():
            return (write(e.CaseJoined(ask.case.id, ask.case.can_be_called)),)
        case c.UnmergeCase():
            return (write(e.CaseParted(ask.case.id)),)
        case _:
            return ()


def _at_once(case: Case, made: tuple[Entry, ...], desk: Desk) -> tuple[Entry, ...]:
    after, more = _after(case, made), list[Entry]()
    for entry in made:
        for command in following(entry.event, after, desk.law, desk.at_once):
            entries = decide(after, command, SYSTEM, desk)
            after = _after(after, entries)
            more += entries
    return tuple(more)


# --- what is said must be said


def _said(thing: Any) -> None:  # noqa: ANN401 - any command, and what it holds
    """Words without a default must not be blank. Raises Refused."""
    for field in fields(thing):
        value = getattr(thing, field.name)
        if is_dataclass(value):
            _said(value)
        elif field.type is str and field.default is MISSING and not value.strip():
            raise Refused("say_it", field=field.name)


def _of_the_list(ask: Ask, ground: Ground, reason: str) -> None:
    reasons = ask.law.policy.reasons.get(ground, ())
    if reasons and reason not in reasons:
        raise Refused("a_reason_of_the_list", reason=reason, reasons=list(reasons))


def _units(ask: Ask, *units: str) -> None:
    for unit in units:
        if unit not in ask.law.departments:
            raise Refused("no_such_department", unit=unit)
        if unit == ask.case.against:
            raise Refused("not_to_whom_it_is_about", unit=unit)


def _named(ask: Ask, lead: str, support: tuple[str, ...]) -> e.CaseAssigned:
    _units(ask, lead, *support)
    if lead in support:
        raise Refused("a_unit_is_lead_or_support_not_both", unit=lead)
    if len(set(support)) != len(support):
        raise Refused("no_unit_twice", units=list(support))
    return e.CaseAssigned(lead, support)


def _not_in_the_future(now: datetime, at: datetime | None) -> None:
    if at is not None and at > now:
        raise Refused("not_in_the_future", at=at.isoformat())


# --- the first event


def _logged(command: c.LogCase, actor: Actor, desk: Desk) -> e.CaseLogged:
    category, place = _known(command.category, command.place, desk.law)
    _not_in_the_future(desk.now, command.occurred_at)
    _registered(command.about, desk.law)
    nature = command.nature or desk.law.taxonomy.by_code[category].nature
    _about_a_unit(command.against, nature, place, desk.law)
    return e.CaseLogged(
        category=category,
        nature=nature,
        source=command.source,
        level=_level(command, actor, place.above(command.against), desk.law),
        place=place,
        urgency=command.urgency,
        about=command.about,
        summary=command.summary,
        narrative=command.narrative,
        reporter=command.reporter,
        receipt=command.receipt,
        edition=desk.law.edition,
        against=command.against,
    )


def _about_a_unit(against: str, nature: Nature | None, place: Path, law: Jurisdiction) -> None:
    """Only a complaint is about a unit: one of the district's departments, or a place below the district."""
    if not against:
        return
    if nature is not Nature.COMPLAINT:
        raise Refused("only_a_complaint_is_about_a_unit")
    if against == place.district or (against not in law.departments and against not in law.places.by_code):
        raise Refused("no_such_unit", unit=against)


def _known(category: str, place: str, law: Jurisdiction) -> tuple[str, Path]:
    if category not in law.taxonomy.by_code:
        raise Refused("no_such_category", category=category)
    if not law.taxonomy.by_code[category].is_leaf:
        raise Refused("a_category_with_parts", category=category)
    if place not in law.places.by_code:
        raise Refused("no_such_place", place=place)
    return category, law.places.path(place)


def _registered(about: e.About | None, law: Jurisdiction) -> None:
    if about is not None and about.code not in law.things:
        raise Refused("not_in_a_register", code=about.code)


def _level(command: c.LogCase, actor: Actor, place: Path, law: Jurisdiction) -> Level:
    """The level by the city's choice, else by who logs; higher where no such place is known."""
    wanted = law.policy.level_at_log.get(command.source) or LEVEL_OF.get(actor.role, Level.STREET)
    if wanted is Level.GRID and not place.grid:
        wanted = Level.COMMUNITY
    return Level.STREET if wanted is Level.COMMUNITY and not place.community else wanted


def _carried(command: c.CarryOver, desk: Desk) -> e.CaseCarriedOver:
    category, place = _known(command.category, command.place, desk.law)
    if command.department not in desk.law.departments:
        raise Refused("no_such_department", unit=command.department)
    proven = {State.ASSIGNED, State.IN_PROGRESS} if command.resolved is None else {State.RESOLVED, State.CLOSED}
    if command.state not in proven:
        raise Refused("only_assigned_or_resolved_is_carried_over", state=command.state)
    _not_in_the_future(desk.now, command.opened)
    _not_in_the_future(desk.now, command.resolved)
    if command.resolved and command.resolved < command.opened:
        raise Refused("not_resolved_before_it_was_opened", resolved=command.resolved.isoformat())
    return e.CaseCarriedOver(
        leaves=command.state,
        category=category,
        source=command.source,
        place=place,
        department=command.department,
        opened=command.opened,
        due=command.due,
        resolved=command.resolved,
        outcome=command.outcome,
        external_id=command.external_id,
        summary=command.summary,
        edition=desk.law.edition,
    )


# --- every other event


def _alike(ask: Ask, move: Move) -> list[e.Event]:
    """The event says what the command said; where the state varies, the row gives it."""
    said = {f.name: getattr(ask.command, f.name) for f in _fields(ask.command) if hasattr(move.event, f.name)}
    wanted = {f.name for f in _fields(move.event)}
    given = {"unit": ask.unit, "leaves": move.leaves, "former": ask.case.lead.unit if ask.case.lead else ""}
    return [move.event(**{k: v for k, v in {**given, **said}.items() if k in wanted})]


def _fields(thing: Any) -> tuple[Field[Any], ...]:  # noqa: ANN401 - every command and every event is a dataclass
    return fields(thing)


def _amend(ask: Ask, command: c.AmendCase) -> list[e.Event]:
    if command.category is not None:
        _known(command.category, ask.case.place.lowest, ask.law)
    named = ask.case.state.phase in (Phase.ASSIGNED, Phase.RESOLVED)
    if command.category is not None and named and not command.reason.strip():
        raise Refused("a_reason_once_assigned", field="reason")
    place = _known(ask.case.category, command.place, ask.law)[1] if command.place is not None else None
    _registered(command.about, ask.law)
    amended = e.CaseAmended(
        category=command.category, about=command.about, summary=command.summary, place=place, reason=command.reason
    )
    return [] if amended == e.CaseAmended(reason=command.reason) else [amended]


def _up(ask: Ask, command: c.ReferUp) -> list[e.Event]:
    up = Level.COMMUNITY if ask.case.level is Level.GRID and ask.case.place.community else Level.STREET
    return [e.CaseReferredUp(up, command.reason)]


def _down(ask: Ask, command: c.SendDown) -> list[e.Event]:
    return [e.CaseSentDown(Level.COMMUNITY if ask.case.level is Level.STREET else Level.GRID, command.reason)]


def _blow(ask: Ask, command: c.BlowWhistle) -> list[e.Event]:
    _units(ask, *command.plea.departments)
    named = [_named(ask, command.lead, command.support)] if command.lead else []
    return [e.WhistleBlown(plea=command.plea, request=_applied(ask)), *named]


def _applied(ask: Ask) -> int:
    """The application that this whistle answers: another's; one's own lapses instead."""
    applied = (r for r in ask.case.requests if r.pending and isinstance(r.terms, e.WhistleRequested))
    return next((r.number for r in applied if r.asker != ask.actor.staff), 0)


def _grant_whistle(ask: Ask, command: c.GrantWhistle) -> list[e.Event]:
    return [e.WhistleBlown(plea=_terms(ask, e.WhistleRequested).plea, request=command.request)]


def _terms(ask: Ask, kind: type[AnyTerms]) -> AnyTerms:
    """The terms of the request in question, which the row has found to be of this kind."""
    if ask.request is None or not isinstance(ask.request.terms, kind):
        raise LookupError(ask.verb)
    return ask.request.terms


def _report_in(ask: Ask, command: c.ReportIn, move: Move) -> list[e.Event]:
    _not_in_the_future(ask.now, command.at)
    return _alike(ask, move)


def _rule(ask: Ask, command: c.Rule, move: Move) -> list[e.Event]:
    _units(ask, command.lead)
    return _alike(ask, move)


def _reassign(ask: Ask, command: c.Reassign) -> list[e.Event]:
    _units(ask, command.lead)
    former = ask.case.lead
    by_ruling = ask.actor.role is Role.ARBITER
    return [e.CaseReassigned(command.lead, former.unit if former else "", command.reason, final=by_ruling)]


def _support(ask: Ask, command: c.AddSupport | c.AskForSupport, move: Move) -> list[e.Event]:
    _units(ask, command.unit)
    return _alike(ask, move)


def _asked(ask: Ask) -> dict[str, Any]:
    """What every request has: its number, who asked, and by when it is to be decided."""
    window = ask.law.policy.windows.get(Window.DECIDE)
    by = due(ask.now, window, ask.law.calendar).at if window else None
    return {"number": len(ask.case.requests) + 1, "unit": ask.actor.unit, "decide_by": by}


def _request_whistle(ask: Ask, command: c.RequestWhistle) -> list[e.Event]:
    _units(ask, *command.plea.departments)
    return [e.WhistleRequested(plea=command.plea, **_asked(ask))]


def _request_return(ask: Ask, command: c.RequestReturn) -> list[e.Event]:
    if command.suggested:
        _units(ask, command.suggested)
    said: dict[str, Any] = {
        "reason": command.reason,
        "legal_basis": command.legal_basis,
        "suggested": command.suggested,
    }
    return [e.ReturnRequested(**said, **_asked(ask))]


def _request_extension(ask: Ask, command: c.RequestExtension) -> list[e.Event]:
    most = ask.law.policy.maxima.extension
    if extend(ask.now, command.by, ask.law.calendar).at > extend(ask.now, most, ask.law.calendar).at:
        raise Refused("too_long_an_extension", by=str(command.by), most=str(most))
    return [e.ExtensionRequested(by=str(command.by), reason=command.reason, **_asked(ask))]


def _grant_extension(ask: Ask, command: c.GrantExtension) -> list[e.Event]:
    terms = _terms(ask, e.ExtensionRequested)
    timer = ask.case.timers.get((Clock.RESOLVE, terms.unit, ""))
    by, calendar = Limit.parse(terms.by), ask.law.calendar_for(ask.case.urgency)
    if timer and extend(timer.due, by, calendar).at <= ask.now:
        raise Refused("the_new_due_must_lie_ahead", by=terms.by)
    return [e.ExtensionGranted(command.request, terms.unit, terms.by)]


def _request_suspension(ask: Ask, command: c.RequestSuspension) -> list[e.Event]:
    _of_the_list(ask, Ground.SUSPENSION, command.reason)
    zone = ask.law.calendar.tz
    latest = due(ask.now, ask.law.policy.maxima.suspension, ask.law.calendar).at.astimezone(zone).date()
    if not ask.now.astimezone(zone).date() < command.review <= latest:
        raise Refused("a_review_date_within_the_maximum", latest=latest.isoformat())
    return [e.SuspensionRequested(reason=command.reason, review=command.review, **_asked(ask))]


def _grant_suspension(ask: Ask, command: c.GrantSuspension) -> list[e.Event]:
    terms = _terms(ask, e.SuspensionRequested)
    return [e.CaseSuspended(command.request, terms.reason, terms.review)]


def _request_exclusion(ask: Ask, command: c.RequestExclusion) -> list[e.Event]:
    _of_the_list(ask, Ground.EXCLUSION, command.reason)
    return [e.ExclusionRequested(reason=command.reason, **_asked(ask))]


def _grant_exclusion(ask: Ask, command: c.GrantExclusion) -> list[e.Event]:
    terms = _terms(ask, e.ExclusionRequested)
    return [e.ExclusionGranted(command.request, terms.unit, terms.reason)]


def _request(ask: Ask, command: c.RequestErasure | c.RequestLifting) -> list[e.Event]:
    asked = e.ErasureRequested if isinstance(command, c.RequestErasure) else e.LiftingRequested
    return [asked(reason=command.reason, **_asked(ask))]


def _grant_erasure(ask: Ask, command: c.GrantErasure) -> list[e.Event]:
    return [e.ReporterErased(_terms(ask, e.ErasureRequested).reason, command.request)]


def _grant_lifting(ask: Ask, command: c.GrantLifting) -> list[e.Event]:
    return [e.RestrictionLifted(command.request, ask.case.against, _terms(ask, e.LiftingRequested).reason)]


def _grant_return(ask: Ask, command: c.GrantReturn, move: Move) -> list[e.Event]:
    returned = e.LeadReturned if move.event is e.LeadReturned else e.SupportReturned
    return [returned(_terms(ask, e.ReturnRequested).unit, command.request)]


def _decided(ask: Ask, command: c.RejectRequest | c.WithdrawRequest | c.LapseRequest) -> list[e.Event]:
    if ask.request is None:  # the row has found it
        raise LookupError(ask.verb)
    kind = ask.request.kind
    match command:
        case c.RejectRequest(number, reason):
            return [e.RequestRejected(number, kind, reason)]
        case c.WithdrawRequest(number):
            return [e.RequestWithdrawn(number, kind)]
        case c.LapseRequest(number):
            return [e.RequestLapsed(number, kind, "not_decided_in_time")]


def _callback(ask: Ask, command: c.RecordCallback) -> list[e.Event]:
    complete = (command.solved is not None, command.satisfied is not None)
    if not (all(complete) if command.contacted else not any(complete)):
        raise Refused("contacted_needs_solved_and_satisfied", contacted=command.contacted)
    satisfied = Satisfied(command.satisfied) if command.satisfied else None
    return [e.CallbackRecorded(ask.case.attempts + 1, command.contacted, command.solved, satisfied)]


def _rate(ask: Ask, command: c.RateDepartment | c.RateWhistle, move: Move) -> list[e.Event]:
    marks = (command.speed, command.quality, command.attitude)
    if not all(LOWEST_MARK <= mark <= HIGHEST_MARK for mark in marks):
        raise Refused("marks_from_one_to_five", marks=list(marks))
    if isinstance(command, c.RateDepartment):
        return _alike(ask, move)
    said = {"speed": command.speed, "quality": command.quality, "attitude": command.attitude}
    return [e.WhistleRated(whistle=len(ask.case.whistles), **said, comment=command.comment)]


def _cancel(ask: Ask, command: c.CancelCase) -> list[e.Event]:
    _of_the_list(ask, Ground.CANCELLATION, command.reason)
    return [e.CaseCancelled(command.reason)]


def _unmerge(ask: Ask, command: c.UnmergeCase) -> list[e.Event]:
    return [e.CaseUnmerged(ask.case.merged_into, command.reason)] if ask.case.merged_into else []


def _supervise(ask: Ask, command: c.OpenSupervision) -> list[e.Event]:
    number = len(ask.case.supervisions) + 1
    return [e.SupervisionOpened(number, command.level, command.addressee, command.reason)]


def _shown(ask: Ask, command: c.ShowPrivate) -> list[e.Event]:
    """A page shows many photos, again and again: for each person one entry a day says so."""
    before = ask.case.photos_shown.get(ask.actor.staff)
    again = command.what is Secrecy.PHOTOS and before is not None and ask.now - before < A_DAY
    return [] if again else [e.PrivateShown(command.what)]


def _end_retention(ask: Ask, _command: c.EndRetention) -> list[e.Event]:
    classes = {ending.secrecy for ending in past(ask.case, ask.law, ask.now, ask.other)}
    return [e.RetentionEnded(tuple(sorted(classes)))]


def _miss(ask: Ask, command: c.RecordMiss) -> list[e.Event]:
    timer = ask.case.timers[command.clock, command.unit, command.step]
    said: dict[str, Any] = {"clock": command.clock, "unit": command.unit, "step": command.step}
    return [e.DeadlineMissed(**said, run=command.run, revision=command.revision, due=timer.due)]


def _edition(ask: Ask, command: c.ChangeEdition) -> list[e.Event]:
    if ask.next_law is None or ask.next_law.edition != command.edition:
        raise Refused("no_such_edition", edition=command.edition)
    return [] if ask.case.edition == command.edition else [e.EditionChanged(command.edition, command.reason)]


def _plain(made: Callable[[Ask, Any], list[e.Event]]) -> Callable[[Ask, Move], list[e.Event]]:
    return lambda ask, _move: made(ask, ask.command)


def _rowed(made: Callable[[Ask, Any, Move], list[e.Event]]) -> Callable[[Ask, Move], list[e.Event]]:
    return lambda ask, move: made(ask, ask.command, move)


EVENTS_OF: dict[type[Any], Callable[[Ask, Move], list[e.Event]]] = {
    c.AmendCase: _plain(_amend),
    c.ReferUp: _plain(_up),
    c.SendDown: _plain(_down),
    c.BlowWhistle: _plain(_blow),
    c.GrantWhistle: _plain(_grant_whistle),
    c.AssignCase: lambda ask, _move: [_named(ask, ask.command.lead, ask.command.support)],  # type: ignore[union-attr]  # by its key
    c.ReportIn: _rowed(_report_in),
    c.Rule: _rowed(_rule),
    c.Reassign: _plain(_reassign),
    c.AskForSupport: _rowed(_support),
    c.AddSupport: _rowed(_support),
    c.RequestWhistle: _plain(_request_whistle),
    c.RequestReturn: _plain(_request_return),
    c.GrantReturn: _rowed(_grant_return),
    c.RequestExtension: _plain(_request_extension),
    c.GrantExtension: _plain(_grant_extension),
    c.RequestSuspension: _plain(_request_suspension),
    c.GrantSuspension: _plain(_grant_suspension),
    c.RequestExclusion: _plain(_request_exclusion),
    c.GrantExclusion: _plain(_grant_exclusion),
    c.RequestErasure: _plain(_request),
    c.GrantErasure: _plain(_grant_erasure),
    c.RequestLifting: _plain(_request),
    c.GrantLifting: _plain(_grant_lifting),
    c.RejectRequest: _plain(_decided),
    c.WithdrawRequest: _plain(_decided),
    c.LapseRequest: _plain(_decided),
    c.RecordCallback: _plain(_callback),
    c.RateDepartment: _rowed(_rate),
    c.RateWhistle: _rowed(_rate),
    c.CancelCase: _plain(_cancel),
    c.UnmergeCase: _plain(_unmerge),
    c.OpenSupervision: _plain(_supervise),
    c.ShowPrivate: _plain(_shown),
    c.EndRetention: _plain(_end_retention),
    c.RecordMiss: _plain(_miss),
    c.ChangeEdition: _plain(_edition),
}
