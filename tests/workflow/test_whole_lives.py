"""Whole lives of cases, from log to their end, as they are told in the field; each step names its row."""

from domain.commands import (
    Acknowledge,
    AssignCase,
    BlowWhistle,
    CloseCase,
    HandleCase,
    PassVerification,
    RecordCallback,
    ReferUp,
    ReportIn,
    ReportResult,
)
from domain.events import (
    AssignmentAcknowledged,
    CallbackRecorded,
    CaseAnswered,
    CaseAssigned,
    CaseClosed,
    CaseReferredUp,
    HandlingBegun,
    LeadReportedIn,
    ResultReported,
    VerificationPassed,
    WhistleBlown,
)
from domain.states import Clock, Level, Outcome, Satisfied
from tests.district import COMMUNITY, DISTRICT, GRID, STREET
from tests.spec import given
from tests.steps import answered, asked_a_question, found, logged, plea
from tests.ticks import started, stopped
from tests.town import MINIMAL_TOWN, clerk, community, dispatcher, grid_worker, hotline, leader, water

R, T, D, S, P = Clock.RESIDENT, Clock.TRIAGE, Clock.DISPATCH, Clock.SIGN, Clock.REPORT_IN
Z, V, C = Clock.RESOLVE, Clock.VERIFY, Clock.CALL_BACK


def test_plain_whistle_to_close() -> None:
    story = given(logged(at="03-02 09:00")).accountable(STREET)
    story.when(leader, BlowWhistle(plea=plea()), at="03-02 10:00").then(
        "logged → escalated", WhistleBlown(plea=plea()), clocks=(stopped(T), started(D, due="03-03 10:00"))
    ).accountable(DISTRICT)
    story.when(dispatcher, AssignCase("water"), at="03-02 11:00").then(
        "escalated → assigned",
        CaseAssigned("water"),
        clocks=(
            stopped(D),
            started(S, "water", due="03-03 11:00"),
            started(P, "water", due="03-05 11:00"),
            started(Z, "water", due="03-09 11:00"),
        ),
    ).accountable("water")
    story.when(water, Acknowledge(), at="03-02 14:00").then(
        "assigned stays", AssignmentAcknowledged("water"), clocks=(stopped(S, "water"),)
    )
    story.when(water, ReportIn(on_the_spot=True), at="03-03 09:00").then(
        "assigned → in_progress", LeadReportedIn("water", on_the_spot=True), clocks=(stopped(P, "water"),)
    )
    story.when(water, ReportResult("replaced", "The pipe is new."), at="03-05 16:00").then(
        "in_progress → resolved",
        ResultReported("water", "replaced", "The pipe is new."),
        clocks=(stopped(Z, "water"), started(V, due="03-06 16:00")),
    ).accountable(STREET)
    story.when(grid_worker, PassVerification(), at="03-06 09:00").then(
        "resolved → verified", VerificationPassed(), clocks=(stopped(V), started(C, due="03-09 09:00"))
    )
    story.when(hotline, RecordCallback(contacted=True, solved=True, satisfied=Satisfied.YES), at="03-06 15:00").then(
        "verified stays",
        CallbackRecorded(1, contacted=True, solved=True, satisfied=Satisfied.YES),
        clocks=(stopped(C),),
    )
    story.when(clerk, CloseCase(Outcome.SOLVED), at="03-06 16:00").then(
        "verified → closed", CaseClosed(Outcome.SOLVED), clocks=(stopped(R),)
    ).accountable("").assignments(water="done").whistle("completed").shows(outcome=Outcome.SOLVED)


def test_answered_on_the_spot() -> None:
    given(asked_a_question(), answered()).shows(outcome=Outcome.EXPLAINED).accountable("")
    given(asked_a_question()).when(hotline, answered().command).then(
        "logged → closed", CaseAnswered("Bring your papers to the counter."), clocks=(stopped(R), stopped(T))
    )


def test_handled_at_the_grid() -> None:
    story = given(found())
    story.when(grid_worker, HandleCase()).then(
        "logged → handling", HandlingBegun(GRID), clocks=(stopped(T), started(Z, GRID))
    ).accountable(GRID)
    story.when(grid_worker, ReportResult("swept", "Clean.")).then(
        "handling → resolved", ResultReported(GRID, "swept", "Clean."), clocks=(stopped(Z, GRID), started(V))
    ).accountable(STREET)
    story.when(clerk, PassVerification()).then("resolved → verified", VerificationPassed(), clocks=(stopped(V),))
    story.when(clerk, CloseCase(Outcome.SOLVED)).then(
        "verified → closed", CaseClosed(Outcome.SOLVED), clocks=(stopped(R),)
    )


def test_referred_up_twice_then_whistled() -> None:
    story = given(found())
    story.when(grid_worker, ReferUp("no lorry")).then(
        "logged → logged", CaseReferredUp(Level.COMMUNITY, "no lorry"), clocks=(stopped(T), started(T))
    ).accountable(COMMUNITY)
    story.when(community, ReferUp("no lorry either")).then(
        "logged → logged", CaseReferredUp(Level.STREET, "no lorry either"), clocks=(stopped(T), started(T))
    ).accountable(STREET)
    story.when(clerk, ReferUp("nor we")).refused("below_the_street")
    story.when(leader, BlowWhistle(plea=plea())).then(
        "logged → escalated", WhistleBlown(plea=plea()), clocks=(stopped(T), started(D))
    ).accountable(DISTRICT)


def test_the_minimal_policy_is_the_four_words() -> None:
    story = given(found(), law=MINIMAL_TOWN).accountable(GRID)
    story.when(grid_worker, BlowWhistle(plea=plea())).then(
        "logged → escalated", WhistleBlown(plea=plea()), clocks=(stopped(T), started(D))
    )
    story.when(dispatcher, AssignCase("water")).then(
        "escalated → assigned",
        CaseAssigned("water"),
        clocks=(stopped(D), started(S, "water"), started(P, "water"), started(Z, "water")),
    )
    story.when(water, Acknowledge()).then(
        "assigned stays", AssignmentAcknowledged("water"), clocks=(stopped(S, "water"),)
    )
    story.when(water, ReportResult("swept", "Clean.")).then(
        "assigned → resolved",
        ResultReported("water", "swept", "Clean."),
        CaseClosed(Outcome.SOLVED),
        clocks=(stopped(P, "water"), stopped(Z, "water"), started(V), stopped(V), stopped(R)),
    ).assignments(water="done").shows(outcome=Outcome.SOLVED)


def test_the_minimal_policy_where_the_grid_does_it_itself() -> None:
    given(found(), law=MINIMAL_TOWN).when(grid_worker, HandleCase()).when(
        grid_worker, ReportResult("swept", "Clean.")
    ).then(
        "handling → resolved",
        ResultReported(GRID, "swept", "Clean."),
        CaseClosed(Outcome.SOLVED),
        clocks=(stopped(Z, GRID), started(V), stopped(V), stopped(R)),
    )
