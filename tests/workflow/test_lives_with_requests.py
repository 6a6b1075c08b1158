"""Lives in which departments ask: back with it, disputed, more time, on hold."""

from datetime import date

from domain.commands import (
    AssignCase,
    ContestReportIn,
    FinishSupport,
    GrantExtension,
    GrantReturn,
    GrantSuspension,
    RaiseDispute,
    RecordMiss,
    RejectRequest,
    ReportIn,
    ReportResult,
    RequestExtension,
    RequestReturn,
    RequestSuspension,
    Resume,
    Rule,
    WithdrawSupport,
)
from domain.events import (
    CaseAssigned,
    CaseResumed,
    CaseSuspended,
    DeadlineMissed,
    DisputeRaised,
    ExtensionGranted,
    ExtensionRequested,
    LeadConfirmed,
    LeadReplaced,
    LeadReportedIn,
    LeadReportInContested,
    LeadReturned,
    RequestRejected,
    ResultReported,
    ReturnRequested,
    SupervisionOpened,
    SupportFinished,
    SupportReportedIn,
    SupportReturned,
    SupportWithdrawn,
    SuspensionRequested,
)
from domain.states import Clock, RequestKind, State
from domain.worktime import Limit
from tests.district import DISTRICT, STREET
from tests.spec import given
from tests.steps import called_out, reported_in, return_refused, working
from tests.ticks import at, moved, paused, resumed, started, stopped
from tests.town import arbiter, clerk, dispatcher, gas, leader, roads, supervisor, system, water

S, P, Z, D, A, V = Clock.SIGN, Clock.REPORT_IN, Clock.RESOLVE, Clock.DISPATCH, Clock.ARBITRATE, Clock.VERIFY
U = Clock.SUPERVISION
DONE = ReportResult("replaced", "The pipe is new.")


def test_a_return_granted_to_the_lead() -> None:
    story = given(called_out("water", "roads"))
    story.when(water, RequestReturn("not our pipe", suggested="gas"), at="03-02 14:00").then(
        "assigned stays",
        ReturnRequested(1, "water", "not our pipe", suggested="gas", decide_by=at("03-03 14:00")),
    ).accountable("water")
    story.when(dispatcher, GrantReturn(1)).then(
        "assigned → escalated",
        LeadReturned("water", 1),
        clocks=(
            stopped(S, "water"),
            stopped(P, "water"),
            stopped(Z, "water"),
            stopped(S, "roads"),
            stopped(P, "roads"),
            stopped(Z, "roads"),
            started(D),
        ),
    ).assignments(water="returned", roads="withdrawn").accountable(DISTRICT).whistle("blown")
    story.when(dispatcher, AssignCase("gas")).then(
        "escalated → assigned",
        CaseAssigned("gas"),
        clocks=(stopped(D), started(S, "gas"), started(P, "gas"), started(Z, "gas")),
    ).accountable("gas")


def test_a_return_granted_to_a_support() -> None:
    story = given(working("water", "roads"))
    story.when(roads, RequestReturn("not our road"), at="03-02 14:00").then(
        "in_progress stays", ReturnRequested(1, "roads", "not our road", decide_by=at("03-03 14:00"))
    )
    story.when(dispatcher, GrantReturn(1)).then(
        "in_progress stays",
        SupportReturned("roads", 1),
        clocks=(stopped(S, "roads"), stopped(P, "roads"), stopped(Z, "roads")),
    ).assignments(water="reported_in", roads="returned").accountable("water")
    story.when(water, DONE).then(
        "in_progress → resolved",
        ResultReported("water", "replaced", "The pipe is new."),
        clocks=(stopped(Z, "water"), started(V)),
    )


def test_a_refused_return_disputed_and_ruled_for_the_same_lead() -> None:
    story = given(called_out(at="03-02 10:00"))
    story.when(water, RequestReturn("not our pipe"), at="03-02 12:00").then(
        "assigned stays", ReturnRequested(1, "water", "not our pipe", decide_by=at("03-03 12:00"))
    )
    story.when(dispatcher, RejectRequest(1, "it is"), at="03-02 14:00").then(
        "assigned stays", RequestRejected(1, RequestKind.RETURN, "it is")
    )
    story.when(water, RaiseDispute("it is the owner's"), at="03-02 15:00").then(
        "assigned → disputed",
        DisputeRaised("it is the owner's"),
        clocks=(paused(P, "water"), started(A, due="03-03 15:00")),
    ).accountable("water")
    story.when(arbiter, Rule("water", "by the register"), at="03-04 15:00").then(
        "disputed → assigned",
        LeadConfirmed(State.ASSIGNED, "water", "by the register"),
        clocks=(stopped(A), resumed(P, "water", due="03-09 10:00")),
    ).accountable("water")
    story.when(water, ReportIn(on_the_spot=True), at="03-05 09:00").then(
        "assigned → in_progress",
        LeadReportedIn("water", on_the_spot=True),
        clocks=(stopped(S, "water"), stopped(P, "water")),
    )
    story.when(dispatcher, GrantReturn(1)).refused("not_in_this_request_state")


def test_a_refused_return_disputed_and_ruled_for_another_lead() -> None:
    story = given(working("water", "roads"), return_refused())
    story.when(clerk, RaiseDispute("they wait for each other")).then(
        "in_progress → disputed",
        DisputeRaised("they wait for each other"),
        clocks=(paused(P, "roads"), started(A)),
    )
    story.when(arbiter, Rule("gas", "a gas pipe")).then(
        "disputed → assigned",
        LeadReplaced("gas", "water", "a gas pipe"),
        clocks=(
            stopped(A),
            stopped(Z, "water"),
            resumed(P, "roads"),
            started(S, "gas"),
            started(P, "gas"),
            started(Z, "gas"),
        ),
    ).assignments(water="withdrawn", roads="pending", gas="pending").accountable("gas")
    story.when(gas, RequestReturn("not ours either")).refused("not_ruled")


def test_a_slow_support() -> None:
    story = given(working("water", "roads"))
    story.when(water, DONE).refused("every_support_is_done")
    story.when(roads, FinishSupport("closed the road")).refused("not_in_this_assignment_state", state="pending")
    story.when(roads, ReportIn(on_the_spot=True)).then(
        "in_progress stays",
        SupportReportedIn("roads", on_the_spot=True),
        clocks=(stopped(S, "roads"), stopped(P, "roads")),
    )
    story.when(roads, FinishSupport("closed the road")).then(
        "in_progress stays", SupportFinished("roads", "closed the road"), clocks=(stopped(Z, "roads"),)
    )
    story.when(water, DONE).then(
        "in_progress → resolved",
        ResultReported("water", "replaced", "The pipe is new."),
        clocks=(stopped(Z, "water"), started(V)),
    )


def test_a_support_withdrawn() -> None:
    story = given(working("water", "roads"))
    story.when(dispatcher, WithdrawSupport("roads", "not needed")).then(
        "in_progress stays",
        SupportWithdrawn("roads", "not needed"),
        clocks=(stopped(S, "roads"), stopped(P, "roads"), stopped(Z, "roads")),
    )
    story.when(water, DONE).then(
        "in_progress → resolved",
        ResultReported("water", "replaced", "The pipe is new."),
        clocks=(stopped(Z, "water"), started(V)),
    ).assignments(water="done", roads="withdrawn")


def test_a_contested_report_in() -> None:
    story = given(called_out(at="03-02 10:00"), reported_in(at="03-04 10:00"))
    story.when(clerk, ContestReportIn("water", "nobody came"), at="03-04 15:00").then(
        "in_progress → assigned",
        LeadReportInContested("water", "nobody came"),
        clocks=(resumed(P, "water", due="03-05 15:00"),),
    ).assignments(water="acknowledged")
    story.when(system, RecordMiss(clock=P, unit="water", run=1, revision=2), at="03-05 15:00").then(
        "assigned stays",
        DeadlineMissed(P, "water", "", 1, 2, due=at("03-05 15:00")),
        SupervisionOpened(1, "yellow", "water", "missed"),
        clocks=(started(U, "1"),),
    )
    story.when(water, ReportIn(on_the_spot=True), at="03-05 16:00").then(
        "assigned → in_progress", LeadReportedIn("water", on_the_spot=True), clocks=(stopped(P, "water"),)
    )
    story.when(clerk, ContestReportIn("water", "not again"), at="03-05 17:00").then(
        "in_progress → assigned",
        LeadReportInContested("water", "not again"),
        clocks=(resumed(P, "water", due="03-05 15:00"),),
    )
    story.when(system, RecordMiss(clock=P, unit="water", run=1, revision=2)).nothing()


def test_suspended_and_resumed() -> None:
    story = given(called_out("water", at="03-02 10:00"), reported_in())
    story.when(water, RequestSuspension("funding", date(2026, 3, 20)), at="03-03 10:00").then(
        "in_progress stays",
        SuspensionRequested(1, "water", "funding", date(2026, 3, 20), decide_by=at("03-04 10:00")),
    )
    story.when(supervisor, GrantSuspension(1), at="03-04 10:00").then(
        "in_progress → suspended", CaseSuspended(1, "funding", date(2026, 3, 20)), clocks=(paused(Z, "water"),)
    ).accountable("water")
    story.when(water, DONE).refused("not_in_this_state", state="suspended")
    story.when(system, Resume(), at="03-20 10:00").then(
        "suspended → in_progress", CaseResumed(), clocks=(resumed(Z, "water", due="03-25 10:00"),)
    )


def test_an_extension_whose_due_passes_while_it_is_pending() -> None:
    story = given(called_out(at="03-02 10:00"), reported_in())
    story.when(water, RequestExtension(Limit.parse("5 days"), "parts are late"), at="03-09 09:00").then(
        "in_progress stays",
        ExtensionRequested(1, "water", "5 days", "parts are late", decide_by=at("03-10 09:00")),
    )
    story.when(system, RecordMiss(clock=Z, unit="water", run=1, revision=1), at="03-09 10:00").then(
        "in_progress stays",
        DeadlineMissed(Z, "water", "", 1, 1, due=at("03-09 10:00")),
        SupervisionOpened(1, "yellow", "water", "missed"),
        clocks=(started(U, "1"),),
    )
    story.when(leader, GrantExtension(1), at="03-09 15:00").then(
        "in_progress stays", ExtensionGranted(1, "water", "5 days"), clocks=(moved(Z, "water", due="03-14 10:00"),)
    )
    story.when(system, RecordMiss(clock=Z, unit="water", run=1, revision=1)).nothing()
    story.when(water, DONE, at="03-12 10:00").then(
        "in_progress → resolved",
        ResultReported("water", "replaced", "The pipe is new."),
        clocks=(stopped(Z, "water"), started(V)),
    ).accountable(STREET)
