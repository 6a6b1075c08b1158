"""The supervisor: suspends, resumes, supervises, excludes, rates whistles, closes."""

from datetime import date

from domain.commands import (
    AnswerSupervision,
    CloseCase,
    GrantExclusion,
    GrantSuspension,
    LiftSupervision,
    OpenSupervision,
    RateWhistle,
    RejectRequest,
    ReopenCase,
    RequestExclusion,
    Resume,
)
from domain.events import (
    CaseClosed,
    CaseReopened,
    CaseResumed,
    CaseSuspended,
    ExclusionGranted,
    RequestLapsed,
    RequestRejected,
    SupervisionAnswered,
    SupervisionLifted,
    SupervisionOpened,
    WhistleRated,
)
from domain.states import Clock, Outcome, RequestKind
from tests.district import STREET
from tests.spec import Asked, given
from tests.steps import (
    called,
    called_out,
    ended,
    extension_asked,
    handled,
    logged,
    nobody_answered,
    own_result,
    rejected,
    reported_in,
    resolved,
    return_asked,
    supervised,
    suspended,
    suspension_asked,
    verified,
    working,
)
from tests.ticks import paused, resumed, started, stopped
from tests.town import MINIMAL_TOWN, arbiter, as_well, clerk, dispatcher, leader, roads, supervisor, water

R, T, S, P, Z, U = Clock.RESIDENT, Clock.TRIAGE, Clock.SIGN, Clock.REPORT_IN, Clock.RESOLVE, Clock.SUPERVISION
TWENTIETH = date(2026, 3, 20)


def test_puts_a_case_on_hold_and_other_requests_lapse() -> None:
    given(working("water", "roads"), extension_asked(), suspension_asked()).when(supervisor, GrantSuspension(2)).then(
        "in_progress → suspended",
        CaseSuspended(2, "funding", TWENTIETH),
        RequestLapsed(1, RequestKind.EXTENSION, "left_its_states"),
        clocks=(paused(Z, "water"), paused(S, "roads"), paused(P, "roads"), paused(Z, "roads")),
    ).accountable("water").requests("lapsed", "approved")


def test_puts_on_hold_only_what_another_asked_for() -> None:
    story = given(working(), suspension_asked(), extension_asked())
    story.when(dispatcher, GrantSuspension(1)).refused("only_the_supervisor")
    story.when(as_well(water, supervisor), GrantSuspension(1)).refused("another_than_the_asker")
    story.when(supervisor, GrantSuspension(2)).refused("there_is_such_a_request")
    given(working(), suspension_asked(), rejected(supervisor)).when(supervisor, GrantSuspension(1)).refused(
        "not_in_this_request_state"
    )


def test_takes_a_case_up_again() -> None:
    hold = Asked(supervisor, GrantSuspension(1), "03-02 10:30")
    story = given(called_out("water", "roads", at="03-02 10:00"), reported_in(), suspension_asked(), hold)
    story.when(supervisor, Resume("funded"), at="03-12 10:30").then(
        "suspended → in_progress",
        CaseResumed("funded"),
        clocks=(resumed(Z, "water"), resumed(S, "roads"), resumed(P, "roads"), resumed(Z, "roads", due="03-19 10:00")),
    )
    given(working(), suspended()).when(clerk, Resume("funded")).then(
        "suspended → in_progress", CaseResumed("funded"), clocks=(resumed(Z, "water"),)
    )


def test_the_department_does_not_resume() -> None:
    given(working(), suspended()).when(water, Resume("ready")).refused("only_the_street_or_the_supervisor")


def test_opens_a_supervision_with_an_answer_due() -> None:
    given(working()).when(supervisor, OpenSupervision("yellow", "water", "slow"), at="03-02 12:00").then(
        "in_progress stays",
        SupervisionOpened(1, "yellow", "water", "slow"),
        clocks=(started(U, "1", due="03-03 12:00"),),
    )
    given(working()).when(clerk, OpenSupervision("yellow", "water", "slow")).refused("only_the_supervisor")


def test_the_addressee_answers_once() -> None:
    story = given(working(), supervised("roads"), supervised())
    story.when(roads, AnswerSupervision(2, "not mine")).refused("only_the_addressee")
    story.when(water, AnswerSupervision(2, "parts came")).then(
        "in_progress stays", SupervisionAnswered(2, "parts came"), clocks=(stopped(U, "2"),)
    )
    story.when(water, AnswerSupervision(2, "again")).refused("not_answered_before")


def test_lifts_a_supervision_once() -> None:
    story = given(working(), supervised("roads"), supervised())
    story.when(dispatcher, LiftSupervision(2)).refused("only_the_supervisor")
    story.when(supervisor, LiftSupervision(2, "done")).then(
        "in_progress stays", SupervisionLifted(2, "done"), clocks=(stopped(U, "2"),)
    )
    story.when(supervisor, LiftSupervision(2)).refused("the_supervision_is_open")
    story.when(water, AnswerSupervision(2, "too late")).refused("the_supervision_is_open")


def test_the_end_of_a_case_ends_its_supervision() -> None:
    given(verified(), supervised(STREET), called()).when(supervisor, CloseCase(Outcome.SOLVED)).then(
        "verified → closed", CaseClosed(Outcome.SOLVED), clocks=(stopped(R), stopped(U, "1"))
    )


def test_takes_a_case_out_of_a_score() -> None:
    asked = Asked(water, RequestExclusion("force_majeure"))
    given(resolved(), asked).when(supervisor, GrantExclusion(1)).then(
        "resolved stays", ExclusionGranted(1, "water", "force_majeure")
    ).requests("approved")
    given(ended(), asked).when(supervisor, RejectRequest(1, "it was not")).then(
        "closed stays", RequestRejected(1, RequestKind.EXCLUSION, "it was not")
    )


def test_takes_out_only_what_another_asked_for() -> None:
    asked = Asked(water, RequestExclusion("force_majeure"))
    story = given(working(), asked, suspension_asked())
    story.when(clerk, GrantExclusion(1)).refused("only_the_supervisor")
    story.when(as_well(water, supervisor), GrantExclusion(1)).refused("another_than_the_asker")
    story.when(supervisor, GrantExclusion(2)).refused("there_is_such_a_request")
    given(working(), asked, rejected(supervisor)).when(supervisor, GrantExclusion(1)).refused(
        "not_in_this_request_state"
    )


def test_rejects_what_it_decides_and_nothing_else() -> None:
    story = given(working(), suspension_asked(), extension_asked(), return_asked())
    story.when(dispatcher, RejectRequest(1, "no")).refused("only_who_decides")
    story.when(supervisor, RejectRequest(2, "no")).refused("only_who_decides")
    story.when(supervisor, RejectRequest(3, "no")).refused("only_who_decides")
    story.when(supervisor, RejectRequest(1, "")).refused("say_it", field="reason")
    story.when(leader, RejectRequest(2, "no")).then(
        "in_progress stays", RequestRejected(2, RequestKind.EXTENSION, "no")
    )
    story.when(supervisor, RejectRequest(1, "no")).then(
        "in_progress stays", RequestRejected(1, RequestKind.SUSPENSION, "no")
    )


def test_rates_a_whistle() -> None:
    rating = RateWhistle(speed=5, quality=4, attitude=3, comment="well put")
    given(resolved()).when(supervisor, rating).then("resolved stays", WhistleRated(1, 5, 4, 3, "well put")).whistle(
        "rated"
    )
    given(verified()).when(supervisor, rating).then("verified stays", WhistleRated(1, 5, 4, 3, "well put"))
    given(ended()).when(supervisor, rating).then("closed stays", WhistleRated(1, 5, 4, 3, "well put"))


def test_rates_a_completed_whistle_once_and_in_time() -> None:
    rating = RateWhistle(speed=5, quality=4, attitude=3)
    story = given(resolved())
    story.when(leader, rating).refused("only_the_supervisor")
    story.when(supervisor, RateWhistle(speed=6, quality=4, attitude=3)).refused("marks_from_one_to_five")
    story.when(supervisor, rating).then("resolved stays", WhistleRated(1, 5, 4, 3))
    story.when(supervisor, rating).refused("the_whistle_is_completed")
    given(resolved()).when(supervisor, rating, at="03-09 18:00").refused("within_the_rating_window")
    given(resolved()).under(MINIMAL_TOWN).when(supervisor, rating).refused("rating_is_on")
    given(logged(), handled(), own_result()).when(supervisor, rating).refused("the_whistle_is_completed")


def test_closes_only_what_was_called_back_and_as_it_was_said() -> None:
    given(verified()).when(supervisor, CloseCase(Outcome.SOLVED)).refused("the_callback_is_over")
    unsolved = given(verified(), called(solved=False))
    unsolved.when(supervisor, CloseCase(Outcome.SOLVED)).refused("the_outcome_is_what_was_said")
    unsolved.when(supervisor, CloseCase(Outcome.UNREACHABLE)).refused("the_outcome_is_what_was_said")
    unsolved.when(supervisor, CloseCase(Outcome.UNKNOWN)).refused("the_outcome_is_what_was_said")
    unsolved.when(supervisor, CloseCase(Outcome.PARTLY, "a new pipe in May")).then(
        "verified → closed", CaseClosed(Outcome.PARTLY, "a new pipe in May"), clocks=(stopped(R), stopped(U, "1"))
    )
    unreached = given(verified(), nobody_answered(), nobody_answered(), nobody_answered())
    unreached.when(supervisor, CloseCase(Outcome.SOLVED)).refused("the_outcome_is_what_was_said")
    given(verified(), called()).when(arbiter, CloseCase(Outcome.SOLVED)).refused("only_the_street_or_the_supervisor")


def test_reopens() -> None:
    given(ended()).when(supervisor, ReopenCase("a complaint")).then(
        "closed → logged", CaseReopened("a complaint"), clocks=(started(R), started(T))
    ).accountable(STREET)
