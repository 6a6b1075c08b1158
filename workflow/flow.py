"""The life of a case as tables: one row, one move. Machine, verdict, buttons and docs/flow.md all come from the rows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from transitions import Machine, MachineError

from domain import commands as c
from domain import events as e
from domain.actors import Role
from domain.assignments import Assignment, Request
from domain.case import Case
from domain.commands import Command
from domain.states import ENDED, OPEN, AssignmentState, Clock, RequestState, State
from workflow import who as w
from workflow.ask import Ask, Probe, Refused
from workflow.who import Guard

Verb = Literal["start", "stop", "pause", "resume", "go_on", "keep_due", "shift", "recount"]
Of = Literal["opened", "the_unit", "ended", "the_lead", "everyone"]


@dataclass(frozen=True, slots=True)
class ClockOp:
    """What a move does to clocks: `of` says whose, for the clocks that run per assignment."""

    verb: Verb
    clocks: tuple[Clock, ...]
    of: Of = "everyone"


def start(*clocks: Clock) -> ClockOp:
    """New runs; per assignment: of those that the move opened."""
    return ClockOp("start", clocks, "opened")


def stop(*clocks: Clock, of: Of = "the_unit") -> ClockOp:
    """They end; per assignment: of the unit that the move is about, or of those whose assignment it ended."""
    return ClockOp("stop", clocks, of)


def pause(*clocks: Clock) -> ClockOp:
    """They stand still, of everyone."""
    return ClockOp("pause", clocks)


def resume(*clocks: Clock) -> ClockOp:
    """What stood still goes on, of everyone."""
    return ClockOp("resume", clocks)


def go_on(*clocks: Clock, of: Of = "the_lead") -> ClockOp:
    """What had stopped goes on with what remained."""
    return ClockOp("go_on", clocks, of)


def keep_due(*clocks: Clock) -> ClockOp:
    """What had stopped goes on with the due it had."""
    return ClockOp("keep_due", clocks)


def shift(*clocks: Clock) -> ClockOp:
    """New due = old due + what was granted, of everyone."""
    return ClockOp("shift", clocks)


def recount(*clocks: Clock) -> ClockOp:
    """Counted again from their start where the rule for them changed."""
    return ClockOp("recount", clocks)


R, T, D, S, P = Clock.RESIDENT, Clock.TRIAGE, Clock.DISPATCH, Clock.SIGN, Clock.REPORT_IN
Z, A, V, C, U = Clock.RESOLVE, Clock.ARBITRATE, Clock.VERIFY, Clock.CALL_BACK, Clock.SUPERVISION
ALL = tuple(Clock)

NOTHING = "nothing"  # where a case is before it is logged
STAYS = None


@dataclass(frozen=True, slots=True)
class Move:
    """One row: this command, from these states, makes this event and leaves the case there; who may, on what condition."""

    command: type[Command]
    source: tuple[str, ...]
    event: type[e.Event]
    leaves: State | None
    who: tuple[Guard, ...]
    given: tuple[Guard, ...] = ()
    clocks: tuple[ClockOp, ...] = ()

    @property
    def name(self) -> str:
        """How stories and docs call the row: command, from, to, condition."""
        first = "-".join(guard.__name__ for guard in self.given)
        return f"{self.command.__name__}:{'|'.join(self.source)}:{self.leaves or 'stays'}:{first}"

    def may(self, ask: Ask) -> bool:
        """Whether this actor may, by the row or by the city's policy in its stead; what the system does stays its own.

        Nobody does anything about a complaint about their own unit.
        """
        if ask.concerns_the_actor:
            return False
        roles = ask.law.policy.who.get(self.command.__name__)
        if roles and ask.actor.role is not Role.SYSTEM and self.who != (w.the_system,):
            return ask.actor.role in roles and _in_reach(ask)
        return any(guard(ask) for guard in self.who)

    def met(self, ask: Ask) -> int:
        """How many conditions hold before the first that does not."""
        return next((n for n, guard in enumerate(self.given) if not guard(ask)), len(self.given))

    def unmet(self, ask: Ask) -> Guard | None:
        """The first condition that does not hold."""
        return next(iter(self.given[self.met(ask) :]), None)


def _in_reach(ask: Ask) -> bool:
    mine = ask.actor.unit in {a.unit for a in ask.case.at_work}
    return mine or ask.case.place.holds(ask.actor.unit) or ask.actor.role is Role.HOTLINE


def _states(*states: State | str | Iterable[State]) -> tuple[str, ...]:
    names: list[str] = []
    for state in states:
        names += [state] if isinstance(state, str) else sorted(state)
    return tuple(str(name) for name in names)


LOGGED, HANDLING = State.LOGGED, State.HANDLING
ESCALATED, DISPUTED = State.ESCALATED, State.DISPUTED
ASSIGNED, IN_PROGRESS, SUSPENDED = State.ASSIGNED, State.IN_PROGRESS, State.SUSPENDED
RESOLVED, VERIFIED, CLOSED = State.RESOLVED, State.VERIFIED, State.CLOSED
CANCELLED, MERGED = State.CANCELLED, State.MERGED
AT_WORK = _states(ASSIGNED, IN_PROGRESS)
BELOW = _states(LOGGED, HANDLING)
WITH_UNITS = _states(ASSIGNED, IN_PROGRESS, DISPUTED)
ANY_OPEN, ANY = _states(OPEN), _states(OPEN, ENDED)
NOT_CALLED_BACK = _states(OPEN - {VERIFIED}, ENDED)

# fmt: off
CASE_MOVES: tuple[Move, ...] = (
    #    command             from                      event                    leaves       who may / given / clocks
    # logged
    Move(c.LogCase,          (NOTHING,),               e.CaseLogged,            LOGGED,      (w.the_neighbourhood, w.the_hotline, w.a_resident, w.a_partner), (), (start(R, T),)),
    Move(c.CarryOver,        (NOTHING,),               e.CaseCarriedOver,       STAYS,       (w.a_partner,), (), (start(Z),)),
    Move(c.AnswerOnTheSpot,  _states(LOGGED),          e.CaseAnswered,          CLOSED,      (w.the_hotline, w.the_street), (w.a_consultation,), (stop(*ALL, of="everyone"),)),
    Move(c.AmendCase,        ANY_OPEN,                 e.CaseAmended,           STAYS,       (w.the_accountable_unit,), (), (recount(R, T, D, S, P, Z),)),
    Move(c.HandleCase,       _states(LOGGED),          e.HandlingBegun,         HANDLING,    (w.the_unit_at_the_level,), (w.the_category_allows_it,), (stop(T), start(Z))),
    Move(c.ReferUp,          BELOW,                    e.CaseReferredUp,        LOGGED,      (w.the_unit_at_the_level, w.the_system), (w.below_the_street,), (stop(T), stop(Z, of="ended"), start(T))),
    Move(c.SendDown,         _states(LOGGED),          e.CaseSentDown,          STAYS,       (w.the_unit_at_the_level,), (w.above_the_grid, w.not_sent_down_before), (stop(T), start(T))),

    # escalated: the whistle
    Move(c.RequestWhistle,   BELOW,                    e.WhistleRequested,      STAYS,       (w.the_unit_at_the_level,), (w.no_such_request_is_open,)),
    Move(c.GrantWhistle,     BELOW,                    e.WhistleBlown,          ESCALATED,   (w.the_street_leader,), (w.there_is_such_a_request, w.another_than_the_asker), (stop(T), stop(Z, of="ended"), start(D))),
    Move(c.BlowWhistle,      BELOW,                    e.WhistleBlown,          ASSIGNED,    (w.the_unit_at_the_level,), (w.approval_is_off, w.an_emergency_that_names_a_lead), (stop(T), stop(Z, of="ended"), start(S, P, Z))),
    Move(c.BlowWhistle,      BELOW,                    e.WhistleBlown,          ESCALATED,   (w.the_unit_at_the_level,), (w.approval_is_off, w.departments_named_in_an_emergency_only), (stop(T), stop(Z, of="ended"), start(D))),
    Move(c.BlowWhistle,      BELOW,                    e.WhistleBlown,          ASSIGNED,    (w.the_street_leader,), (w.an_emergency_that_names_a_lead, w.two_people_for_a_tough_one), (stop(T), stop(Z, of="ended"), start(S, P, Z))),
    Move(c.BlowWhistle,      BELOW,                    e.WhistleBlown,          ESCALATED,   (w.the_street_leader,), (w.departments_named_in_an_emergency_only, w.two_people_for_a_tough_one), (stop(T), stop(Z, of="ended"), start(D))),
    Move(c.WithdrawWhistle,  _states(ESCALATED),       e.WhistleWithdrawn,      LOGGED,      (w.the_street_leader,), (), (stop(D), start(T))),
    Move(c.DeclineWhistle,   _states(ESCALATED),       e.WhistleDeclined,       LOGGED,      (w.the_dispatcher,), (), (stop(D), start(T))),
    Move(c.AssignCase,       _states(ESCALATED),       e.CaseAssigned,          ASSIGNED,    (w.the_dispatcher,), (), (stop(D), start(S, P, Z))),

    # assigned: departments report in and work
    Move(c.Acknowledge,      WITH_UNITS,               e.AssignmentAcknowledged, STAYS,      (w.the_lead, w.a_support), (), (stop(S),)),
    Move(c.ReportIn,         _states(ASSIGNED),        e.LeadReportedIn,        IN_PROGRESS, (w.the_lead,), (), (stop(S, P),)),
    Move(c.ReportIn,         WITH_UNITS,               e.SupportReportedIn,     STAYS,       (w.a_support,), (), (stop(S, P),)),
    Move(c.ContestReportIn,  _states(IN_PROGRESS),     e.LeadReportInContested, ASSIGNED,    (w.the_street,), (w.it_contests_the_lead, w.within_the_contest_window), (go_on(P, of="the_unit"),)),
    Move(c.ContestReportIn,  _states(IN_PROGRESS),     e.SupportReportInContested, STAYS,    (w.the_street,), (w.it_contests_a_support, w.within_the_contest_window), (go_on(P, of="the_unit"),)),
    Move(c.FinishStep,       _states(IN_PROGRESS),     e.StepFinished,          STAYS,       (w.the_lead,), (w.the_step_runs,), (stop(Z),)),
    Move(c.FinishSupport,    _states(IN_PROGRESS),     e.SupportFinished,       STAYS,       (w.a_support,), (), (stop(Z),)),
    Move(c.RequestReturn,    AT_WORK,                  e.ReturnRequested,       STAYS,       (w.the_lead, w.a_support), (w.not_asked_back_before, w.within_the_return_window, w.not_ruled)),
    Move(c.GrantReturn,      AT_WORK,                  e.LeadReturned,          ESCALATED,   (w.the_dispatcher,), (w.there_is_such_a_request, w.another_than_the_asker, w.a_lead_returns), (stop(S, P, Z, of="ended"), start(D))),
    Move(c.GrantReturn,      AT_WORK,                  e.SupportReturned,       STAYS,       (w.the_dispatcher,), (w.there_is_such_a_request, w.another_than_the_asker, w.a_support_returns), (stop(S, P, Z, of="ended"),)),
    Move(c.RaiseDispute,     AT_WORK,                  e.DisputeRaised,         DISPUTED,    (w.the_lead, w.the_street, w.the_dispatcher), (w.a_return_was_refused_or_a_second_unit_asked, w.no_ruling_stands), (pause(P), start(A))),
    Move(c.Rule,             _states(DISPUTED),        e.LeadConfirmed,         ASSIGNED,    (w.the_arbiter,), (w.it_names_the_same_lead, w.it_was_assigned), (stop(A), resume(P))),
    Move(c.Rule,             _states(DISPUTED),        e.LeadConfirmed,         IN_PROGRESS, (w.the_arbiter,), (w.it_names_the_same_lead, w.it_was_in_progress), (stop(A), resume(P))),
    Move(c.Rule,             _states(DISPUTED),        e.LeadReplaced,          ASSIGNED,    (w.the_arbiter,), (w.it_names_another_lead,), (stop(A), stop(S, P, Z, of="ended"), resume(P), start(S, P, Z))),
    Move(c.AskForSupport,    AT_WORK,                  e.SupportAsked,          STAYS,       (w.the_lead,), (w.not_at_work_yet,)),
    Move(c.AddSupport,       AT_WORK,                  e.SupportAdded,          STAYS,       (w.the_dispatcher,), (w.not_at_work_yet,), (start(S, P, Z),)),
    Move(c.WithdrawSupport,  AT_WORK,                  e.SupportWithdrawn,      STAYS,       (w.the_dispatcher,), (w.it_is_a_support,), (stop(S, P, Z, of="ended"),)),
    Move(c.Reassign,         AT_WORK,                  e.CaseReassigned,        ASSIGNED,    (w.the_dispatcher,), (w.it_names_another_lead, w.no_ruling_stands), (stop(S, P, Z, of="ended"), start(S, P, Z))),
    Move(c.Reassign,         AT_WORK,                  e.CaseReassigned,        ASSIGNED,    (w.the_arbiter,), (w.it_names_another_lead, w.a_ruling_stands), (stop(S, P, Z, of="ended"), start(S, P, Z))),
    Move(c.RequestExtension, _states(IN_PROGRESS),     e.ExtensionRequested,    STAYS,       (w.the_lead,), (w.no_such_request_is_open, w.before_expiry, w.extensions_are_left)),
    Move(c.GrantExtension,   _states(IN_PROGRESS),     e.ExtensionGranted,      STAYS,       (w.the_street_leader, w.the_dispatcher), (w.there_is_such_a_request, w.another_than_the_asker), (shift(Z),)),
    Move(c.RequestSuspension, _states(IN_PROGRESS),    e.SuspensionRequested,   STAYS,       (w.the_lead,), (w.no_such_request_is_open,)),
    Move(c.GrantSuspension,  _states(IN_PROGRESS),     e.CaseSuspended,         SUSPENDED,   (w.the_supervisor,), (w.there_is_such_a_request, w.another_than_the_asker), (pause(S, P, Z),)),
    Move(c.Resume,           _states(SUSPENDED),       e.CaseResumed,           IN_PROGRESS, (w.the_street, w.the_supervisor, w.the_system), (w.the_review_date_has_come,), (resume(S, P, Z),)),

    # resolved: verified, called back, closed
    Move(c.ReportResult,     _states(IN_PROGRESS),     e.ResultReported,        RESOLVED,    (w.the_lead,), (w.every_support_is_done,), (stop(Z), start(V))),
    Move(c.ReportResult,     _states(ASSIGNED),        e.ResultReported,        RESOLVED,    (w.the_lead,), (w.reporting_in_is_off, w.every_support_is_done), (stop(S, P, Z), start(V))),
    Move(c.ReportResult,     _states(HANDLING),        e.ResultReported,        RESOLVED,    (w.the_unit_that_handles,), (), (stop(Z), start(V))),
    Move(c.PassVerification, _states(RESOLVED),        e.VerificationPassed,    VERIFIED,    (w.the_grid_worker, w.the_street), (w.not_the_handling_unit, w.somebody_is_to_be_called), (stop(V), start(C))),
    Move(c.PassVerification, _states(RESOLVED),        e.VerificationPassed,    VERIFIED,    (w.the_grid_worker, w.the_street), (w.not_the_handling_unit, w.nobody_is_to_be_called), (stop(V),)),
    Move(c.PassVerification, _states(RESOLVED),        e.VerificationPassed,    VERIFIED,    (w.the_system,), (w.verification_is_off, w.somebody_is_to_be_called), (stop(V), start(C))),
    Move(c.PassVerification, _states(RESOLVED),        e.VerificationPassed,    VERIFIED,    (w.the_system,), (w.verification_is_off, w.nobody_is_to_be_called), (stop(V),)),
    Move(c.FailVerification, _states(RESOLVED),        e.VerificationFailed,    IN_PROGRESS, (w.the_grid_worker, w.the_street), (w.not_the_handling_unit, w.a_department_worked), (stop(V), go_on(Z))),
    Move(c.FailVerification, _states(RESOLVED),        e.VerificationFailed,    HANDLING,    (w.the_grid_worker, w.the_street), (w.not_the_handling_unit, w.the_unit_worked_itself), (stop(V), go_on(Z))),
    Move(c.RecordCallback,   _states(VERIFIED),        e.CallbackRecorded,      STAYS,       (w.the_hotline, w.the_street), (w.not_the_handling_unit, w.somebody_is_to_be_called, w.attempts_are_left, w.this_ends_the_calling), (stop(C),)),
    Move(c.RecordCallback,   _states(VERIFIED),        e.CallbackRecorded,      STAYS,       (w.the_hotline, w.the_street), (w.not_the_handling_unit, w.somebody_is_to_be_called, w.attempts_are_left, w.the_calling_goes_on)),
    Move(c.RecordCallback,   _states(VERIFIED),        e.CallbackRecorded,      STAYS,       (w.the_reporter,), (w.it_is_an_answer, w.a_reporter_waits, w.attempts_are_left), (stop(C),)),
    Move(c.OrderRework,      _states(VERIFIED),        e.ReworkOrdered,         IN_PROGRESS, (w.the_street, w.the_hotline, w.the_reporter), (w.it_is_not_solved, w.a_department_worked), (go_on(Z),)),
    Move(c.OrderRework,      _states(VERIFIED),        e.ReworkOrdered,         HANDLING,    (w.the_street, w.the_hotline, w.the_reporter), (w.it_is_not_solved, w.the_unit_worked_itself), (go_on(Z),)),
    Move(c.CloseCase,        _states(VERIFIED),        e.CaseClosed,            CLOSED,      (w.the_street, w.the_supervisor), (w.not_the_handling_unit, w.the_callback_is_over, w.the_outcome_is_what_was_said), (stop(*ALL, of="everyone"),)),
    Move(c.CloseCase,        _states(RESOLVED),        e.CaseClosed,            CLOSED,      (w.the_system,), (w.verification_is_off, w.calling_back_is_off), (stop(*ALL, of="everyone"),)),
    Move(c.RateDepartment,   _states(RESOLVED, VERIFIED, CLOSED), e.DepartmentRated, STAYS,  (w.the_street_leader,), (w.rating_is_on, w.a_department_of_the_case, w.not_rated_before, w.within_the_rating_window)),
    Move(c.RateWhistle,      _states(RESOLVED, VERIFIED, CLOSED), e.WhistleRated, STAYS,     (w.the_supervisor,), (w.rating_is_on, w.the_whistle_is_completed, w.within_the_rating_window)),
    Move(c.ReopenCase,       _states(CLOSED),          e.CaseReopened,          LOGGED,      (w.the_reporter, w.the_street, w.the_supervisor), (w.within_the_reopening_window,), (start(R, T),)),

    # ended otherwise, and back
    Move(c.CancelCase,       _states(LOGGED),          e.CaseCancelled,         CANCELLED,   (w.the_street, w.the_reporter), (), (stop(*ALL, of="everyone"),)),
    Move(c.CancelCase,       _states(HANDLING, ESCALATED), e.CaseCancelled,     CANCELLED,   (w.the_street,), (), (stop(*ALL, of="everyone"),)),
    Move(c.RestoreCase,      _states(CANCELLED),       e.CaseRestored,          LOGGED,      (w.the_street,), (), (keep_due(R), start(T))),
    Move(c.MergeCase,        _states(LOGGED, HANDLING, ESCALATED, DISPUTED, ASSIGNED, IN_PROGRESS), e.CaseMerged, MERGED, (w.the_street, w.the_dispatcher), (w.into_another_case, w.the_other_case_is_open, w.about_the_same_unit), (stop(*ALL, of="everyone"),)),
    Move(c.UnmergeCase,      _states(MERGED),          e.CaseUnmerged,          LOGGED,      (w.the_street, w.the_dispatcher), (), (keep_due(R), start(T))),

    # requests, decided or not
    Move(c.RequestExclusion, ANY,                      e.ExclusionRequested,    STAYS,       (w.a_unit_of_the_case,), (w.no_such_request_is_open, w.within_the_exclusion_window)),
    Move(c.GrantExclusion,   ANY,                      e.ExclusionGranted,      STAYS,       (w.the_supervisor,), (w.there_is_such_a_request, w.another_than_the_asker)),
    Move(c.RequestErasure,   ANY,                      e.ErasureRequested,      STAYS,       (w.the_data_officer, w.the_street, w.the_hotline), (w.no_such_request_is_open, w.something_private_is_kept)),
    Move(c.GrantErasure,     NOT_CALLED_BACK,          e.ReporterErased,        STAYS,       (w.the_data_officer, w.the_supervisor), (w.there_is_such_a_request, w.another_than_the_asker)),
    Move(c.GrantErasure,     _states(VERIFIED),        e.ReporterErased,        STAYS,       (w.the_data_officer, w.the_supervisor), (w.there_is_such_a_request, w.another_than_the_asker, w.nobody_else_is_to_be_called), (stop(C),)),
    Move(c.GrantErasure,     _states(VERIFIED),        e.ReporterErased,        STAYS,       (w.the_data_officer, w.the_supervisor), (w.there_is_such_a_request, w.another_than_the_asker, w.somebody_else_is_to_be_called)),
    Move(c.RequestLifting,   ANY,                      e.LiftingRequested,      STAYS,       (w.the_supervisor, w.the_dispatcher), (w.no_such_request_is_open, w.it_is_about_a_unit)),
    Move(c.GrantLifting,     ANY,                      e.RestrictionLifted,     STAYS,       (w.the_supervisor, w.the_arbiter), (w.there_is_such_a_request, w.another_than_the_asker)),
    Move(c.RejectRequest,    ANY,                      e.RequestRejected,       STAYS,       (w.who_decides,), (w.another_than_the_asker,)),
    Move(c.WithdrawRequest,  ANY,                      e.RequestWithdrawn,      STAYS,       (w.who_asked,)),
    Move(c.LapseRequest,     ANY,                      e.RequestLapsed,         STAYS,       (w.the_system,), (w.its_decide_by_has_passed,)),

    # beside the way
    Move(c.AddNote,          ANY_OPEN,                 e.NoteAdded,             STAYS,       (w.a_unit_of_the_case, w.the_reporter)),
    Move(c.AddPhoto,         ANY_OPEN,                 e.PhotoAdded,            STAYS,       (w.a_unit_of_the_case, w.the_reporter)),
    Move(c.ClearPhoto,       ANY,                      e.PhotoCleared,          STAYS,       (w.the_street,), (w.there_is_such_a_photo, w.it_is_not_erased)),
    Move(c.WithholdPhoto,    ANY,                      e.PhotoWithheld,         STAYS,       (w.the_street,), (w.everybody_sees_the_photo,)),
    Move(c.ClearWords,       ANY,                      e.WordsCleared,          STAYS,       (w.the_street,), (w.words_are_marked, w.they_were_written)),
    Move(c.Urge,             ANY_OPEN,                 e.CaseUrged,             STAYS,       (w.a_unit_of_the_case, w.the_reporter)),
    Move(c.OpenSupervision,  ANY_OPEN,                 e.SupervisionOpened,     STAYS,       (w.the_supervisor, w.the_system), (), (start(U),)),
    Move(c.AnswerSupervision, ANY_OPEN,                e.SupervisionAnswered,   STAYS,       (w.the_addressee,), (w.the_supervision_is_open, w.not_answered_before), (stop(U),)),
    Move(c.LiftSupervision,  ANY_OPEN,                 e.SupervisionLifted,     STAYS,       (w.the_supervisor,), (w.the_supervision_is_open,), (stop(U),)),
    Move(c.ShowPrivate,      ANY,                      e.PrivateShown,          STAYS,       (w.who_may_see_it,)),
    Move(c.EraseContact,     NOT_CALLED_BACK,          e.ContactErased,         STAYS,       (w.the_reporter,), (w.a_contact_is_kept,)),
    Move(c.EraseContact,     _states(VERIFIED),        e.ContactErased,         STAYS,       (w.the_reporter,), (w.a_contact_is_kept, w.nobody_else_is_to_be_called), (stop(C),)),
    Move(c.EraseContact,     _states(VERIFIED),        e.ContactErased,         STAYS,       (w.the_reporter,), (w.a_contact_is_kept, w.somebody_else_is_to_be_called)),
    Move(c.ChangeEdition,    ANY_OPEN,                 e.EditionChanged,        STAYS,       (w.the_system,), (), (recount(*ALL),)),

    # what time does
    Move(c.RecordNearDue,    ANY_OPEN,                 e.DeadlineNear,          STAYS,       (w.the_system,), (w.the_deadline_stands, w.it_is_near_and_untold)),
    Move(c.RecordMiss,       ANY_OPEN,                 e.DeadlineMissed,        STAYS,       (w.the_system,), (w.the_deadline_stands, w.it_is_past_and_unrecorded)),
    Move(c.RecordWindowPassed, ANY,                    e.WindowPassed,          STAYS,       (w.the_system,), (w.the_window_has_passed, w.not_recorded_before)),
    Move(c.EndRetention,     _states(ENDED),           e.RetentionEnded,        STAYS,       (w.the_system,), (w.a_retention_has_ended,)),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Turn:
    """One row of the smaller tables: this command turns the unit's assignment (or the request) from these to that."""

    command: type[Command]
    source: tuple[AssignmentState, ...] | tuple[RequestState, ...]
    leaves: AssignmentState | RequestState | None


PENDING, ACKNOWLEDGED, REPORTED_IN = AssignmentState.PENDING, AssignmentState.ACKNOWLEDGED, AssignmentState.REPORTED_IN
DONE, RETURNED, WITHDRAWN = AssignmentState.DONE, AssignmentState.RETURNED, AssignmentState.WITHDRAWN
OWED = (PENDING, ACKNOWLEDGED, REPORTED_IN)

ASSIGNMENT_MOVES: tuple[Turn, ...] = (
    Turn(c.Acknowledge, (PENDING,), ACKNOWLEDGED),
    Turn(c.ReportIn, (PENDING, ACKNOWLEDGED), REPORTED_IN),
    Turn(c.ContestReportIn, (REPORTED_IN,), ACKNOWLEDGED),
    Turn(c.FinishSupport, (REPORTED_IN,), DONE),
    Turn(c.WithdrawSupport, OWED, WITHDRAWN),
)

ASKED = RequestState.PENDING
REQUEST_MOVES: tuple[Turn, ...] = (
    Turn(c.GrantWhistle, (ASKED,), RequestState.APPROVED),
    Turn(c.GrantReturn, (ASKED,), RequestState.APPROVED),
    Turn(c.GrantExtension, (ASKED,), RequestState.APPROVED),
    Turn(c.GrantSuspension, (ASKED,), RequestState.APPROVED),
    Turn(c.GrantExclusion, (ASKED,), RequestState.APPROVED),
    Turn(c.GrantErasure, (ASKED,), RequestState.APPROVED),
    Turn(c.GrantLifting, (ASKED,), RequestState.APPROVED),
    Turn(c.RejectRequest, (ASKED,), RequestState.REJECTED),
    Turn(c.WithdrawRequest, (ASKED,), RequestState.WITHDRAWN),
    Turn(c.LapseRequest, (ASKED,), RequestState.LAPSED),
)


@dataclass(slots=True)
class Token:
    """What the machine moves instead of the case: thrown away afterwards."""

    state: str
    chosen: Move | None = field(default=None)


class Flow:
    """The tables as machines; one instance serves every case."""

    def __init__(
        self,
        moves: tuple[Move, ...] = CASE_MOVES,
        assignment_turns: tuple[Turn, ...] = ASSIGNMENT_MOVES,
        request_turns: tuple[Turn, ...] = REQUEST_MOVES,
    ) -> None:
        """Build the machines from the rows."""
        self.moves = moves
        self.case = _machine(_states(*State, NOTHING))
        for move in moves:
            _add(self.case, move)
        self.assignment = _turning(AssignmentState, assignment_turns)
        self.request = _turning(RequestState, request_turns)

    def judge(self, ask: Ask, *, begins: bool = False) -> Move:
        """The move this actor may make with this command now; Refused says what is possible instead, and by whom."""
        token = Token(NOTHING if begins else ask.case.state.value)
        if not _trigger(self.case, token, ask) or token.chosen is None:
            raise self._refusal(ask, token.state)
        self._turn(self.assignment, ask, ask.assignment, "assignment")
        self._turn(self.request, ask, ask.request, "request")
        return token.chosen

    def rows(self, state: str, command: type[Command] | None = None) -> list[Move]:
        """The rows that start in this state (of one command, where one is given), in table order."""
        return [m for m in self.moves if state in m.source and command in (None, m.command)]

    def _turn(self, machine: Machine, ask: Ask, thing: Assignment | Request | None, kind: str) -> None:
        if not _turns(machine, ask, thing):
            state = thing.state.value if thing else NOTHING
            raise self._explained(Refused(f"not_in_this_{kind}_state", command=ask.verb, state=state), ask)

    def _refusal(self, ask: Ask, state: str) -> Refused:
        rows = [m for m in self.rows(state) if m.command.__name__ == ask.verb]
        if not rows:
            elsewhere = sorted({s for m in self.moves if m.command.__name__ == ask.verb for s in m.source})
            wrong = Refused("not_in_this_state", command=ask.verb, state=state, states=elsewhere)
            return self._explained(wrong, ask)
        mine = [row for row in rows if row.may(ask)]
        if not mine:
            people = [guard for row in rows for guard in row.who if guard is not w.the_system] or [w.the_system]
            names = list(dict.fromkeys(guard.__name__ for guard in people))
            only = Refused("only_" + "_or_".join(names), command=ask.verb, who=names)
            return self._explained(only, ask)
        furthest = max(reversed(mine), key=lambda row: row.met(ask))  # of equals the last
        unmet = furthest.unmet(ask)
        code = unmet.__name__ if unmet else "not_now"
        return self._explained(Refused(code, command=ask.verb), ask)

    def _explained(self, refused: Refused, ask: Ask) -> Refused:
        refused.possible = self.possible(ask.case.state)
        return refused

    def possible(self, state: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What can be done with a case in this state, and by whom: (command, guards), the system's own left out."""
        found: dict[str, list[str]] = {}
        for row in self.rows(state):
            names = [guard.__name__ for guard in row.who if guard is not w.the_system]
            if names:
                found.setdefault(row.command.__name__, []).extend(names)
        return tuple((command, tuple(dict.fromkeys(names))) for command, names in found.items())

    def open_to(self, ask: Ask) -> tuple[Probe, ...]:
        """What this actor may do now, and about what, as far as can be said before it is filled in: the buttons."""
        found: list[Probe] = []
        for row in self.rows(ask.case.state):
            for probe in _probes(row.command, ask.case):
                asked = Ask(ask.case, probe, ask.actor, ask.now, ask.law)
                if probe not in found and row.may(asked) and row.unmet(asked) is None and self._turns(asked):
                    found.append(probe)
        return tuple(found)

    def _turns(self, ask: Ask) -> bool:
        return _turns(self.assignment, ask, ask.assignment) and _turns(self.request, ask, ask.request)


def _probes(command: type[Command], case: Case) -> list[Probe]:
    """The things in the case that a command may be about."""
    if command in ABOUT_A_REQUEST:
        return [Probe(command, request=r.number) for r in case.requests if r.pending]
    if command in (c.AnswerSupervision, c.LiftSupervision):
        return [Probe(command, number=s.number) for s in case.supervisions if not s.lifted]
    if command in (c.ClearPhoto, c.WithholdPhoto):
        return [Probe(command, number=photo.number) for photo in case.photos]
    if command in (c.ContestReportIn, c.WithdrawSupport, c.RateDepartment):
        return [Probe(command, unit=unit) for unit in dict.fromkeys(a.unit for a in case.assignments)]
    return [Probe(command)]


ABOUT_A_REQUEST = frozenset(turn.command for turn in REQUEST_MOVES)


def _machine(states: Iterable[str]) -> Machine:
    return Machine(model=None, states=list(states), auto_transitions=False, initial=None)


def _add(machine: Machine, move: Move) -> None:
    def permits(ask: Ask, _token: Token) -> bool:
        return move.may(ask) and move.unmet(ask) is None

    def choose(_ask: Ask, token: Token) -> None:
        token.chosen = move

    leaves = move.leaves.value if move.leaves else "="
    machine.add_transition(move.command.__name__, list(move.source), leaves, conditions=permits, after=choose)


def _turning(states: Iterable[StrEnum], turns: tuple[Turn, ...]) -> Machine:
    machine = _machine(state.value for state in states)
    for turn in turns:
        leaves = turn.leaves.value if turn.leaves else "="
        machine.add_transition(turn.command.__name__, [state.value for state in turn.source], leaves)
    return machine


def _trigger(machine: Machine, token: Token, ask: Ask) -> bool:
    event = machine.events.get(ask.verb)
    if event is None:
        return False
    try:
        return bool(event.trigger(token, ask, token))
    except MachineError:  # no row from this state: a verdict, told by the caller
        return False


def _turns(machine: Machine, ask: Ask, thing: Assignment | Request | None) -> bool:
    """Whether the smaller table lets the command through; a command it does not name passes."""
    return ask.verb not in machine.events or (thing is not None and _trigger(machine, Token(thing.state.value), ask))


FLOW = Flow()
