"""The guards: who may, and on what condition; each is named as the tables say it, and its name is its refusal."""

from collections.abc import Callable
from datetime import datetime

from domain.actors import BELOW_DISTRICT, DEPARTMENTAL, STREET, Actor, Role
from domain.case import Case
from domain.clocks import Timer
from domain.commands import (
    BlowWhistle,
    CloseCase,
    MergeCase,
    RecordCallback,
    RecordMiss,
    RecordNearDue,
    RecordWindowPassed,
    ShowPrivate,
)
from domain.permissions import TO_SEE, Permission, reach
from domain.policy import Step, Window
from domain.privacy import Secrecy
from domain.states import (
    Clock,
    Grade,
    Level,
    Nature,
    Outcome,
    Part,
    RequestKind,
    RequestState,
    State,
    WhistleKind,
    WhistleState,
)
from workflow.ask import Ask, Probe
from workflow.retention import past

Guard = Callable[[Ask], bool]

# --- who


def the_grid_worker(ask: Ask) -> bool:
    """The worker of the case's grid; where no grid is known, any of its street."""
    known = ask.case.place.grid
    near = ask.actor.unit == known if known else the_neighbourhood(ask)
    return ask.actor.role is Role.GRID_WORKER and near


def the_neighbourhood(ask: Ask) -> bool:
    """A grid worker, community or street office of the street the place lies in."""
    known = ask.actor.role in BELOW_DISTRICT and ask.actor.unit in ask.law.places.by_code
    return known and ask.law.places.path(ask.actor.unit).street == ask.case.place.street


def a_resident(ask: Ask) -> bool:
    """Anybody, at the public door."""
    return ask.actor.role is Role.RESIDENT


def a_partner(ask: Ask) -> bool:
    """Another system."""
    return ask.actor.role is Role.PARTNER


def the_accountable_unit(ask: Ask) -> bool:
    """Whoever the case waits for now."""
    works = ask.actor.role in (*BELOW_DISTRICT, *DEPARTMENTAL, Role.DISPATCHER)
    return works and ask.actor.unit == ask.case.accountable


def the_unit_at_the_level(ask: Ask) -> bool:
    """Whoever works for the grid, community or street that holds the case."""
    return ask.actor.role in BELOW_DISTRICT and ask.actor.unit == ask.case.unit_at_the_level


def the_street(ask: Ask) -> bool:
    """A clerk or leader of the case's street office; where it is complained about, the supervisor in its stead."""
    return (ask.actor.role in STREET and ask.actor.unit == ask.case.place.street) or _in_the_street_s_stead(ask)


def the_street_leader(ask: Ask) -> bool:
    """The leader of the case's street office; where it is complained about, the supervisor in their stead."""
    leads = ask.actor.role is Role.STREET_LEADER and ask.actor.unit == ask.case.place.street
    return leads or _in_the_street_s_stead(ask)


def _in_the_street_s_stead(ask: Ask) -> bool:
    complained_about = bool(ask.case.against) and ask.case.against == ask.case.site.street
    return complained_about and the_supervisor(ask)


def the_hotline(ask: Ask) -> bool:
    """The hotline desk."""
    return ask.actor.role is Role.HOTLINE


def the_dispatcher(ask: Ask) -> bool:
    """The dispatcher of the case's district."""
    return ask.actor.role is Role.DISPATCHER and ask.actor.unit == ask.case.place.district


def the_arbiter(ask: Ask) -> bool:
    """The arbiter of the case's district."""
    return ask.actor.role is Role.ARBITER and ask.actor.unit == ask.case.place.district


def the_supervisor(ask: Ask) -> bool:
    """The supervisor of the case's district."""
    return ask.actor.role is Role.SUPERVISOR and ask.actor.unit == ask.case.place.district


def the_data_officer(ask: Ask) -> bool:
    """The data officer of the case's district."""
    return ask.actor.role is Role.DATA_OFFICER and ask.actor.unit == ask.case.place.district


def the_reporter(ask: Ask) -> bool:
    """Who holds the case's receipt."""
    return ask.actor.role is Role.RESIDENT and bool(ask.case.receipt) and ask.actor.unit == ask.case.receipt


def who_may_see_it(ask: Ask) -> bool:
    """Whoever the table of permissions lets see it, in this case or in the one it goes on in."""
    permission = TO_SEE[ask.command.what] if isinstance(ask.command, ShowPrivate) else None
    cases = (case for case in (ask.case, ask.other) if case is not None)
    return permission is not None and any(_covers(ask.actor, permission, case) for case in cases)


def _covers(actor: Actor, permission: Permission, case: Case) -> bool:
    return reach(actor, permission).covers(case.place, (a.unit for a in case.assignments), case.receipt)


def the_system(ask: Ask) -> bool:
    """Time, or a rule."""
    return ask.actor.role is Role.SYSTEM


def the_lead(ask: Ask) -> bool:
    """The department that leads."""
    lead = ask.case.lead
    return ask.actor.role in DEPARTMENTAL and lead is not None and lead.at_work and ask.actor.unit == lead.unit


def a_support(ask: Ask) -> bool:
    """A department that supports."""
    return ask.actor.role in DEPARTMENTAL and any(a.unit == ask.actor.unit for a in ask.case.supports)


def the_unit_that_handles(ask: Ask) -> bool:
    """The grid, community or street that took the case on itself."""
    lead = ask.case.lead
    return ask.actor.role in BELOW_DISTRICT and lead is not None and lead.own and ask.actor.unit == lead.unit


def a_unit_of_the_case(ask: Ask) -> bool:
    """Anybody at work on it, or whose place it lies in."""
    named = {a.unit for a in ask.case.assignments}
    above = ask.actor.role in (Role.DISPATCHER, Role.SUPERVISOR, Role.ARBITER, *BELOW_DISTRICT, Role.HOTLINE)
    return ask.actor.unit in named or (above and ask.case.place.holds(ask.actor.unit))


def who_asked(ask: Ask) -> bool:
    """The unit whose request it is."""
    return ask.request is not None and ask.actor.unit == ask.request.unit


def who_decides(ask: Ask) -> bool:
    """Whoever may grant a request of this kind may also reject it."""
    deciders: dict[RequestKind, tuple[Guard, ...]] = {
        RequestKind.WHISTLE: (the_street_leader,),
        RequestKind.RETURN: (the_dispatcher,),
        RequestKind.EXTENSION: (the_street_leader, the_dispatcher),
        RequestKind.SUSPENSION: (the_supervisor,),
        RequestKind.EXCLUSION: (the_supervisor,),
        RequestKind.ERASURE: (the_data_officer, the_supervisor),
        RequestKind.LIFTING: (the_supervisor, the_arbiter),
    }
    return ask.request is not None and any(guard(ask) for guard in deciders[ask.request.kind])


def the_addressee(ask: Ask) -> bool:
    """The unit that a supervision is addressed to."""
    number = getattr(ask.command, "number", 0)
    return any(s.number == number and s.addressee == ask.actor.unit for s in ask.case.supervisions)


# --- on what condition


def a_consultation(ask: Ask) -> bool:
    """Only a question can be answered on the spot."""
    return ask.case.nature is Nature.CONSULTATION


def the_category_allows_it(ask: Ask) -> bool:
    """Not every category may be handled at every level."""
    return ask.case.level in ask.law.taxonomy.by_code[ask.case.category].handled_at


def below_the_street(ask: Ask) -> bool:
    """There is a level above that is not the district's."""
    return ask.case.level is not Level.STREET


def above_the_grid(ask: Ask) -> bool:
    """There is a known place below."""
    return (ask.case.level is Level.STREET and bool(ask.case.place.community)) or (
        ask.case.level is Level.COMMUNITY and bool(ask.case.place.grid)
    )


def not_sent_down_before(ask: Ask) -> bool:
    """A case is sent down once."""
    return not ask.case.sent_down


def approval_is_off(ask: Ask) -> bool:
    """The city lets the unit at the level whistle."""
    return ask.off(Step.WHISTLE_APPROVAL)


def two_people_for_a_tough_one(ask: Ask) -> bool:
    """A tough whistle is applied for by one person and blown by another."""
    applied = ask.case.pending(RequestKind.WHISTLE)
    by_another = applied is not None and applied.asker != ask.actor.staff
    tough = isinstance(ask.command, BlowWhistle) and ask.command.plea.grade is Grade.TOUGH
    return not tough or by_another


def an_emergency_that_names_a_lead(ask: Ask) -> bool:
    """Only an emergency goes straight to departments."""
    blow = ask.command
    return isinstance(blow, BlowWhistle) and bool(blow.lead) and blow.plea.kind is WhistleKind.EMERGENCY


def departments_named_in_an_emergency_only(ask: Ask) -> bool:
    """Otherwise the dispatcher names them."""
    blow = ask.command
    return not (isinstance(blow, BlowWhistle) and (blow.lead or blow.support))


def within_the_contest_window(ask: Ask) -> bool:
    """A report-in can be contested only for a while."""
    return ask.within(Window.CONTEST, ask.assignment.reported_in if ask.assignment else None)


def every_support_is_done(ask: Ask) -> bool:
    """A result needs every support done or withdrawn."""
    return not ask.case.supports


def reporting_in_is_off(ask: Ask) -> bool:
    """The city takes the result as having come."""
    return ask.off(Step.REPORT_IN)


def not_asked_back_before(ask: Ask) -> bool:
    """A unit may ask for a return once per case."""
    return not any(r.kind is RequestKind.RETURN and r.unit == ask.actor.unit for r in ask.case.requests)


def within_the_return_window(ask: Ask) -> bool:
    """A return is asked within its window from dispatch."""
    return ask.within(Window.RETURN, ask.assignment.since if ask.assignment else None)


def not_ruled(ask: Ask) -> bool:
    """A ruling is binding."""
    return ask.assignment is None or not ask.assignment.final


def no_ruling_stands(ask: Ask) -> bool:
    """After a ruling only the arbiter reassigns."""
    return ask.case.lead is None or not ask.case.lead.final


def a_return_was_refused_or_a_second_unit_asked(ask: Ask) -> bool:
    """Only then is it a dispute."""
    returns = [r for r in ask.case.requests if r.kind is RequestKind.RETURN]
    refused = any(r.state in (RequestState.REJECTED, RequestState.LAPSED) for r in returns)
    return refused or len({r.unit for r in returns}) > 1


def there_is_such_a_request(ask: Ask) -> bool:
    """It exists and is of the kind that is granted."""
    wanted = {
        "GrantWhistle": RequestKind.WHISTLE,
        "GrantReturn": RequestKind.RETURN,
        "GrantExtension": RequestKind.EXTENSION,
        "GrantSuspension": RequestKind.SUSPENSION,
        "GrantExclusion": RequestKind.EXCLUSION,
        "GrantErasure": RequestKind.ERASURE,
        "GrantLifting": RequestKind.LIFTING,
    }.get(ask.verb)
    return ask.request is not None and ask.request.kind is wanted


def another_than_the_asker(ask: Ask) -> bool:
    """Who decides did not ask."""
    return ask.request is None or ask.request.asker != ask.actor.staff


def no_such_request_is_open(ask: Ask) -> bool:
    """One open request per kind and unit."""
    kind = RequestKind(ask.verb.removeprefix("Request").lower())
    return ask.case.pending(kind, ask.actor.unit) is None


def before_expiry(ask: Ask) -> bool:
    """More time is asked for while there is some."""
    mine = ask.case.timers.get((Clock.RESOLVE, ask.actor.unit, ""))
    return mine is None or mine.due > ask.now


def extensions_are_left(ask: Ask) -> bool:
    """A case is extended only so often."""
    return ask.case.extensions < ask.law.policy.maxima.extensions


def a_lead_returns(ask: Ask) -> bool:
    """The request is the lead's."""
    lead = ask.case.lead
    return ask.request is not None and lead is not None and lead.unit == ask.request.unit


def a_support_returns(ask: Ask) -> bool:
    """The request is a support's."""
    return ask.request is not None and any(a.unit == ask.request.unit for a in ask.case.supports)


def it_contests_the_lead(ask: Ask) -> bool:
    """The report-in in question is the lead's."""
    return ask.assignment is not None and ask.assignment.part is Part.LEAD


def it_contests_a_support(ask: Ask) -> bool:
    """The report-in in question is a support's."""
    return ask.assignment is not None and ask.assignment.part is Part.SUPPORT


def a_department_worked(ask: Ask) -> bool:
    """The result came from a department."""
    return ask.case.lead is not None and not ask.case.lead.own


def the_unit_worked_itself(ask: Ask) -> bool:
    """The result came from the grid, community or street itself."""
    return ask.case.lead is not None and ask.case.lead.own


def not_the_handling_unit(ask: Ask) -> bool:
    """Who verifies, calls back or closes did not handle."""
    return ask.actor.unit not in ask.case.handlers


def a_reporter_waits(ask: Ask) -> bool:
    """There is a reporter who waits for an answer; by receipt they give theirs."""
    return ask.case.wants_answer and not ask.off(Step.CALL_BACK)


def somebody_is_to_be_called(ask: Ask) -> bool:
    """There is a reporter who waits for an answer, and left a number."""
    return ask.case.can_be_called and not ask.off(Step.CALL_BACK)


def nobody_is_to_be_called(ask: Ask) -> bool:
    """No reporter waits for an answer or left a number, or the city leaves the call-back out."""
    return not somebody_is_to_be_called(ask)


def somebody_else_is_to_be_called(ask: Ask) -> bool:
    """The reporter of a case that goes on inside this one left a number."""
    return any(ask.case.joined.values()) and not ask.off(Step.CALL_BACK)


def nobody_else_is_to_be_called(ask: Ask) -> bool:
    """No reporter of a case that goes on inside this one left a number, or the city leaves the call-back out."""
    return not somebody_else_is_to_be_called(ask)


def a_contact_is_kept(ask: Ask) -> bool:
    """The reporter left how to reach them, and it was not erased."""
    return Secrecy.CONTACT in ask.case.kept


def it_is_an_answer(ask: Ask) -> bool:
    """Who answers by receipt was reached: they came by themselves."""
    return not isinstance(ask.command, RecordCallback) or ask.command.contacted


def attempts_are_left(ask: Ask) -> bool:
    """A reporter is tried only so often, and called back once."""
    reached = ask.case.callback is not None and ask.case.callback.contacted
    return not reached and ask.case.attempts < ask.law.policy.maxima.callback_attempts


def it_is_not_solved(ask: Ask) -> bool:
    """The reporter, when called, did not call it solved."""
    called = ask.case.callback
    return called is not None and called.contacted and called.solved is not True


def the_callback_is_over(ask: Ask) -> bool:
    """Made, used up, or nobody to call."""
    used_up = ask.case.attempts >= ask.law.policy.maxima.callback_attempts
    reached = ask.case.callback is not None and ask.case.callback.contacted
    return reached or used_up or not somebody_is_to_be_called(ask)


def the_outcome_is_what_was_said(ask: Ask) -> bool:
    """Solved needs the reporter's word, or nobody to call; unreachable needs that nobody was reached."""
    if not isinstance(ask.command, CloseCase):
        return True
    called = ask.case.callback if a_reporter_waits(ask) else None
    said_solved = called is not None and called.solved is True
    reached = called is not None and called.contacted
    match ask.command.outcome:
        case Outcome.SOLVED:
            return said_solved or not (reached or somebody_is_to_be_called(ask))
        case Outcome.UNREACHABLE:
            return somebody_is_to_be_called(ask) and not reached
        case Outcome.UNKNOWN:
            return False
        case _:
            return True


def verification_is_off(ask: Ask) -> bool:
    """The city leaves verification out."""
    return ask.off(Step.VERIFICATION)


def calling_back_is_off(ask: Ask) -> bool:
    """The city leaves the call-back out."""
    return ask.off(Step.CALL_BACK)


def rating_is_on(ask: Ask) -> bool:
    """The city rates."""
    return not ask.off(Step.RATING)


def within_the_rating_window(ask: Ask) -> bool:
    """A rating is given within its window from the result."""
    return ask.within(Window.RATE, ask.case.resolved_at)


def not_rated_before(ask: Ask) -> bool:
    """Each assignment is rated once."""
    return ask.assignment is None or ask.assignment.rating is None


def a_department_of_the_case(ask: Ask) -> bool:
    """The rated unit was assigned."""
    return ask.assignment is not None and not ask.assignment.own


def the_whistle_is_completed(ask: Ask) -> bool:
    """Not rated before, and answered by departments."""
    return ask.case.whistle is not None and ask.case.whistle.state is WhistleState.COMPLETED


def within_the_reopening_window(ask: Ask) -> bool:
    """A closed case is reopened within its window."""
    return ask.within(Window.REOPEN, ask.case.ended_at)


def within_the_exclusion_window(ask: Ask) -> bool:
    """An exclusion is asked within its window from the result; any time before."""
    return ask.case.resolved_at is None or ask.within(Window.EXCLUDE, ask.case.resolved_at)


def something_private_is_kept(ask: Ask) -> bool:
    """There are words, a contact or photos that were not erased."""
    return bool(ask.case.kept) or any(not photo.erased for photo in ask.case.photos)


def it_is_about_a_unit(ask: Ask) -> bool:
    """It is a complaint that a unit may not see."""
    return bool(ask.case.against)


def about_the_same_unit(ask: Ask) -> bool:
    """A complaint about a unit goes on only inside another about the same: else that unit would see of it."""
    return not isinstance(ask.command, MergeCase) or (ask.other is not None and ask.other.against == ask.case.against)


def the_other_case_is_open(ask: Ask) -> bool:
    """A case goes on only inside another that is open."""
    other = ask.other
    return not isinstance(ask.command, MergeCase) or (other is not None and other.state.is_open)


def into_another_case(ask: Ask) -> bool:
    """Merging makes no circle; both lie in one district."""
    other = ask.other
    return other is None or (other.id != ask.case.id and other.place.district == ask.case.place.district)


def there_is_such_a_photo(ask: Ask) -> bool:
    """The case has a photo of that number."""
    return ask.case.photo(getattr(ask.command, "number", 0)) is not None


def it_is_not_erased(ask: Ask) -> bool:
    """Somebody can still look at the photo."""
    photo = ask.case.photo(getattr(ask.command, "number", 0))
    return photo is not None and not photo.erased


def everybody_sees_the_photo(ask: Ask) -> bool:
    """It was cleared, and not withheld since."""
    photo = ask.case.photo(getattr(ask.command, "number", 0))
    return photo is not None and photo.copy is not None


def words_are_marked(ask: Ask) -> bool:
    """Something was written that may tell who somebody is, and nobody has looked at it."""
    return bool(ask.case.marks)


def they_were_written(ask: Ask) -> bool:
    """What is looked at is in the file: nobody clears what is still to be written."""
    return getattr(ask.command, "upto", 0) <= ask.case.version


def the_supervision_is_open(ask: Ask) -> bool:
    """It exists and was not lifted."""
    number = getattr(ask.command, "number", 0)
    return any(s.number == number and not s.lifted for s in ask.case.supervisions)


def not_answered_before(ask: Ask) -> bool:
    """A supervision is answered once."""
    number = getattr(ask.command, "number", 0)
    return any(s.number == number and not s.answered for s in ask.case.supervisions)


def the_review_date_has_come(ask: Ask) -> bool:
    """The system resumes at the review date, not before."""
    granted = [r for r in ask.case.requests if r.kind is RequestKind.SUSPENSION and r.state is RequestState.APPROVED]
    today = ask.now.astimezone(ask.law.calendar.tz).date()
    return ask.actor.role is not Role.SYSTEM or (bool(granted) and granted[-1].terms.review <= today)  # type: ignore[union-attr]


def it_names_the_same_lead(ask: Ask) -> bool:
    """The lead stays."""
    lead = ask.case.lead
    return lead is not None and getattr(ask.command, "lead", lead.unit) == lead.unit


def it_names_another_lead(ask: Ask) -> bool:
    """The lead changes."""
    return isinstance(ask.command, Probe) or not it_names_the_same_lead(ask)


def it_was_assigned(ask: Ask) -> bool:
    """Before the dispute the lead had not reported in."""
    return ask.case.before_dispute is State.ASSIGNED


def it_was_in_progress(ask: Ask) -> bool:
    """Before the dispute the lead was at work."""
    return ask.case.before_dispute is State.IN_PROGRESS


def a_ruling_stands(ask: Ask) -> bool:
    """The lead was named by a ruling."""
    return not no_ruling_stands(ask)


def not_at_work_yet(ask: Ask) -> bool:
    """No unit twice."""
    return all(a.unit != getattr(ask.command, "unit", "") for a in ask.case.at_work)


def it_is_a_support(ask: Ask) -> bool:
    """The unit supports."""
    return ask.assignment is not None and ask.assignment.part is Part.SUPPORT


def the_step_runs(ask: Ask) -> bool:
    """The step has a limit of its own that is still counted."""
    step = getattr(ask.command, "step", "")
    mine = [t for t in ask.case.timers.values() if t.clock is Clock.RESOLVE and t.unit == ask.unit and t.runs]
    return any(t.step and step in ("", t.step) for t in mine)


def this_ends_the_calling(ask: Ask) -> bool:
    """The reporter was reached, or this was the last attempt."""
    reached = isinstance(ask.command, RecordCallback) and ask.command.contacted
    return reached or ask.case.attempts + 1 >= ask.law.policy.maxima.callback_attempts


def the_calling_goes_on(ask: Ask) -> bool:
    """Nobody answered, and attempts are left after this one."""
    return not this_ends_the_calling(ask)


def its_decide_by_has_passed(ask: Ask) -> bool:
    """A request lapses undecided, not before its time."""
    by = ask.request.terms.decide_by if ask.request else None
    return by is not None and by <= ask.now


def the_deadline_stands(ask: Ask) -> bool:
    """The very deadline that was meant still runs."""
    meant = ask.command
    if not isinstance(meant, RecordNearDue | RecordMiss):
        return False
    timer = ask.case.timers.get((meant.clock, meant.unit, meant.step))
    return timer is not None and timer.runs and (timer.run, timer.revision) == (meant.run, meant.revision)


def it_is_near_and_untold(ask: Ask) -> bool:
    """Not before its time, and once."""
    timer = _meant(ask)
    return timer is not None and timer.near <= ask.now and timer.near_told != timer.revision


def it_is_past_and_unrecorded(ask: Ask) -> bool:
    """Not before its time, and once."""
    timer = _meant(ask)
    return timer is not None and timer.due <= ask.now and timer.missed != timer.revision


def _meant(ask: Ask) -> Timer | None:
    meant = ask.command
    if not isinstance(meant, RecordNearDue | RecordMiss):
        return None
    return ask.case.timers.get((meant.clock, meant.unit, meant.step))


def the_window_has_passed(ask: Ask) -> bool:
    """A window that was open and has closed."""
    told = ask.command
    since = window_opened(ask, told) if isinstance(told, RecordWindowPassed) else None
    return since is not None and isinstance(told, RecordWindowPassed) and not ask.within(told.window, since)


def not_recorded_before(ask: Ask) -> bool:
    """Once for every time the window opened."""
    told = ask.command
    if not isinstance(told, RecordWindowPassed):
        return True
    passed, since = ask.case.passed.get((told.window, told.subject)), window_opened(ask, told)
    return passed is None or since is None or passed < since


def window_opened(ask: Ask, told: RecordWindowPassed) -> datetime | None:
    """When the window in question opened; None where it never did."""
    assignment = ask.case.assignment(told.subject)
    match told.window:
        case Window.RETURN:
            return assignment.since if assignment else None
        case Window.CONTEST:
            return assignment.reported_in if assignment else None
        case Window.RATE | Window.EXCLUDE:
            return ask.case.resolved_at
        case Window.REOPEN:
            return ask.case.ended_at
        case Window.DECIDE:
            return None


def a_retention_has_ended(ask: Ask) -> bool:
    """Something private has been kept as long as it may be."""
    return bool(past(ask.case, ask.law, ask.now, ask.other))
