"""Lives that come back or end otherwise: rework, unreachable, reopened, merged, declined, cancelled, carried over."""

from dataclasses import replace

from domain.commands import (
    AssignCase,
    BlowWhistle,
    CancelCase,
    CloseCase,
    DeclineWhistle,
    FailVerification,
    HandleCase,
    MergeCase,
    OrderRework,
    RecordCallback,
    ReopenCase,
    ReportIn,
    ReportResult,
    RestoreCase,
    UnmergeCase,
)
from domain.events import (
    CallbackRecorded,
    CaseAssigned,
    CaseCancelled,
    CaseClosed,
    CaseJoined,
    CaseMerged,
    CaseParted,
    CaseReopened,
    CaseRestored,
    CaseUnmerged,
    HandlingBegun,
    LeadReportedIn,
    ResultReported,
    ReworkOrdered,
    SupervisionOpened,
    VerificationFailed,
    VerificationPassed,
    WhistleBlown,
    WhistleDeclined,
)
from domain.jurisdiction import Jurisdiction
from domain.states import Clock, Outcome, Satisfied, State
from tests.district import STREET
from tests.spec import CASE, OTHER, given
from tests.steps import (
    EMERGENCY,
    assigned,
    called,
    called_out,
    closed,
    ended,
    found,
    logged,
    passed,
    plea,
    reopened,
    reported_in,
    resolved,
    result,
    verified,
    whistled,
    working,
)
from tests.ticks import resumed, started, stopped
from tests.town import TOWN, clerk, dispatcher, grid_worker, hotline, leader, reporter, supervisor, water

R, T, D, S, P = Clock.RESIDENT, Clock.TRIAGE, Clock.DISPATCH, Clock.SIGN, Clock.REPORT_IN
Z, V, C, U = Clock.RESOLVE, Clock.VERIFY, Clock.CALL_BACK, Clock.SUPERVISION
DONE = ReportResult("replaced", "The pipe is new.")
RESULT = ResultReported("water", "replaced", "The pipe is new.")


def at_most(rework: int) -> Jurisdiction:
    """The town where so much rework is borne."""
    return replace(TOWN, policy=replace(TOWN.policy, maxima=replace(TOWN.policy.maxima, rework=rework)))


def test_verification_fails_twice() -> None:
    story = given(called_out(at="03-02 10:00"), reported_in(), result(at="03-04 10:00"))
    story.when(grid_worker, FailVerification("still wet"), at="03-05 10:00").then(
        "resolved → in_progress",
        VerificationFailed(State.IN_PROGRESS, "still wet"),
        clocks=(stopped(V), resumed(Z, "water", due="03-10 10:00")),
    ).accountable("water").whistle("assigned").shows(rework=1)
    story.when(water, DONE, at="03-06 10:00").then(
        "in_progress → resolved", RESULT, clocks=(stopped(Z, "water"), started(V))
    )
    story.when(clerk, FailVerification("still wet"), at="03-09 10:00").then(
        "resolved → in_progress",
        VerificationFailed(State.IN_PROGRESS, "still wet"),
        clocks=(stopped(V), resumed(Z, "water", due="03-13 10:00")),
    ).shows(rework=2)


def test_at_the_most_rework_the_case_is_supervised() -> None:
    story = given(verified(), called(solved=False), law=at_most(2))  # who says so is heard: supervision 1
    story.when(hotline, OrderRework("no water")).then(
        "verified → in_progress", ReworkOrdered(State.IN_PROGRESS, "no water"), clocks=(resumed(Z, "water"),)
    )
    story.when(water, DONE).then("in_progress → resolved", RESULT, clocks=(stopped(Z, "water"), started(V)))
    story.when(grid_worker, FailVerification("still wet")).then(
        "resolved → in_progress",
        VerificationFailed(State.IN_PROGRESS, "still wet"),
        SupervisionOpened(2, "yellow", "water", "rework_at_maximum"),
        clocks=(stopped(V), resumed(Z, "water"), started(U, "2")),
    )
    given(resolved(), law=at_most(1)).when(grid_worker, FailVerification("still wet")).then(
        "resolved → in_progress",
        VerificationFailed(State.IN_PROGRESS, "still wet"),
        SupervisionOpened(1, "yellow", "water", "rework_at_maximum"),
        clocks=(stopped(V), resumed(Z, "water"), started(U, "1")),
    )


def test_rework_that_the_caller_asks_for_counts_too() -> None:
    given(verified(), called(solved=False), law=at_most(1)).when(hotline, OrderRework("no water")).then(
        "verified → in_progress",
        ReworkOrdered(State.IN_PROGRESS, "no water"),
        SupervisionOpened(2, "yellow", "water", "rework_at_maximum"),
        clocks=(resumed(Z, "water"), started(U, "2")),
    )


def test_a_late_result_that_fails_keeps_its_old_due() -> None:
    given(called_out(at="03-02 10:00"), reported_in(), result(at="03-10 10:00")).when(
        grid_worker, FailVerification("still wet")
    ).then(
        "resolved → in_progress",
        VerificationFailed(State.IN_PROGRESS, "still wet"),
        clocks=(stopped(V), resumed(Z, "water", due="03-09 10:00")),
    )


def test_the_caller_says_unsolved_and_it_is_worked_on_again() -> None:
    story = given(verified())
    story.when(hotline, RecordCallback(contacted=True, solved=False, satisfied=Satisfied.NO)).then(
        "verified stays",
        CallbackRecorded(1, contacted=True, solved=False, satisfied=Satisfied.NO),
        SupervisionOpened(1, "yellow", "water", "not_satisfied"),
        clocks=(stopped(C), started(U, "1")),
    )
    story.when(hotline, OrderRework("no water")).then(
        "verified → in_progress", ReworkOrdered(State.IN_PROGRESS, "no water"), clocks=(resumed(Z, "water"),)
    ).accountable("water").assignments(water="reported_in")
    story.when(water, DONE).then("in_progress → resolved", RESULT, clocks=(stopped(Z, "water"), started(V)))


def test_nobody_can_be_reached() -> None:
    story = given(verified())
    story.when(hotline, RecordCallback(contacted=False)).then("verified stays", CallbackRecorded(1, contacted=False))
    story.when(clerk, CloseCase(Outcome.UNREACHABLE)).refused("the_callback_is_over")
    story.when(hotline, RecordCallback(contacted=False)).then("verified stays", CallbackRecorded(2, contacted=False))
    story.when(hotline, RecordCallback(contacted=False)).then(
        "verified stays", CallbackRecorded(3, contacted=False), clocks=(stopped(C),)
    )
    story.when(clerk, CloseCase(Outcome.UNREACHABLE)).then(
        "verified → closed", CaseClosed(Outcome.UNREACHABLE), clocks=(stopped(R),)
    )


def test_merged_and_unmerged() -> None:
    story = given(logged(at="03-02 09:00"), whistled(), other=found())
    story.when(clerk, MergeCase(OTHER, "the same heap")).then(
        "escalated → merged",
        CaseMerged(OTHER, "the same heap"),
        CaseJoined(CASE, wants_answer=True),
        clocks=(stopped(R), stopped(D)),
    ).accountable("")
    assert story.other
    story.other.when(grid_worker, HandleCase()).when(grid_worker, ReportResult("swept", "Clean."))
    story.other.when(clerk, passed().command).then(
        "resolved → verified", VerificationPassed(), clocks=(stopped(V), started(C))
    )
    story.when(clerk, UnmergeCase("another heap"), at="03-20 09:00").then(
        "merged → logged",
        CaseUnmerged(OTHER, "another heap"),
        CaseParted(CASE),
        clocks=(resumed(R, due="03-17 09:00"), started(T)),
    ).accountable(STREET)
    story.other.when(clerk, CloseCase(Outcome.SOLVED)).then(
        "verified → closed", CaseClosed(Outcome.SOLVED), clocks=(stopped(R), stopped(C))
    )


def test_merged_while_departments_work() -> None:
    given(working("water", "roads"), other=found()).when(clerk, MergeCase(OTHER)).then(
        "in_progress → merged",
        CaseMerged(OTHER),
        CaseJoined(CASE, wants_answer=True),
        clocks=(stopped(R), stopped(Z, "water"), stopped(S, "roads"), stopped(P, "roads"), stopped(Z, "roads")),
    ).assignments(water="withdrawn", roads="withdrawn")


def test_reopened_twice() -> None:
    story = given(ended("water"))
    story.when(reporter, ReopenCase("it leaks")).then(
        "closed → logged", CaseReopened("it leaks"), clocks=(started(R), started(T))
    ).accountable(STREET).shows(reopened=1)
    again = given(
        ended("water"),
        reopened(),
        whistled(),
        assigned("roads"),
        reported_in("roads"),
        result("roads"),
        passed(),
        called(),
        closed(),
    )
    again.when(supervisor, ReopenCase("it leaks still")).then(
        "closed → logged",
        CaseReopened("it leaks still"),
        SupervisionOpened(1, "yellow", STREET, "reopened_again"),
        clocks=(started(R), started(T), started(U, "1")),
    ).shows(reopened=2)


def test_an_emergency_whistle_that_assigns() -> None:
    story = given(logged())
    story.when(leader, BlowWhistle(plea=EMERGENCY, lead="water", support=("gas",)), at="03-08 02:00").then(
        "logged → assigned",
        WhistleBlown(plea=EMERGENCY),
        CaseAssigned("water", ("gas",)),
        clocks=(
            stopped(T),
            started(S, "water", due="03-08 04:00"),
            started(P, "water", due="03-08 04:00"),
            started(Z, "water", due="03-08 04:00"),
            started(S, "gas"),
            started(P, "gas"),
            started(Z, "gas"),
        ),
    ).accountable("water")
    story.when(water, ReportIn(on_the_spot=True), at="03-08 02:30").then(
        "assigned → in_progress",
        LeadReportedIn("water", on_the_spot=True),
        clocks=(stopped(S, "water"), stopped(P, "water")),
    )


def test_a_declined_whistle_and_the_street_does_it() -> None:
    story = given(logged(), whistled())
    story.when(dispatcher, DeclineWhistle("a broom will do")).then(
        "escalated → logged", WhistleDeclined("a broom will do"), clocks=(stopped(D), started(T))
    ).accountable(STREET).whistle("declined")
    story.when(clerk, HandleCase()).then(
        "logged → handling", HandlingBegun(STREET), clocks=(stopped(T), started(Z, STREET))
    )
    given(logged(), whistled()).when(dispatcher, AssignCase("water")).whistle("assigned")


def test_cancelled_and_restored() -> None:
    story = given(logged(at="03-02 09:00"))
    story.when(clerk, CancelCase("mistake")).then(
        "logged → cancelled", CaseCancelled("mistake"), clocks=(stopped(R), stopped(T))
    ).accountable("")
    story.when(leader, BlowWhistle(plea=plea())).refused("not_in_this_state", state="cancelled")
    story.when(clerk, RestoreCase("it was none"), at="03-09 09:00").then(
        "cancelled → logged", CaseRestored("it was none"), clocks=(resumed(R, due="03-17 09:00"), started(T))
    ).accountable(STREET)
