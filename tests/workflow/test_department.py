"""The department: acknowledges, reports in, does its part, closes its assignment."""

from domain.commands import (
    Acknowledge,
    AmendCase,
    AskForSupport,
    AssignCase,
    FinishStep,
    FinishSupport,
    ReportIn,
    ReportResult,
)
from domain.events import (
    AssignmentAcknowledged,
    CaseAmended,
    CaseAssigned,
    CaseClosed,
    LeadReportedIn,
    ResultReported,
    StepFinished,
    SupportAsked,
    SupportFinished,
    SupportReportedIn,
)
from domain.policy import Step
from domain.states import Clock, Outcome
from tests.district import STREET
from tests.spec import given
from tests.steps import (
    acknowledged,
    assigned,
    called_out,
    contested,
    disputed,
    found,
    logged,
    reported_in,
    result,
    return_refused,
    support_done,
    whistled,
    working,
)
from tests.ticks import at, moved, started, stopped
from tests.town import (
    GAS_SMELL,
    ILLEGAL_BUILDING,
    MINIMAL_TOWN,
    clerk,
    dispatcher,
    gas,
    grid_worker,
    roads,
    water,
    water_head,
    without,
)

R, S, P, Z, V = Clock.RESIDENT, Clock.SIGN, Clock.REPORT_IN, Clock.RESOLVE, Clock.VERIFY
SPOT = ReportIn(on_the_spot=True)
RESULT = ReportResult("pipe replaced", "The pipe is new.")


def test_the_lead_acknowledges() -> None:
    given(called_out()).when(water, Acknowledge()).then(
        "assigned stays", AssignmentAcknowledged("water"), clocks=(stopped(S, "water"),)
    ).assignments(water="acknowledged")


def test_a_support_acknowledges_while_the_lead_works() -> None:
    given(working("water", "roads")).when(roads, Acknowledge()).then(
        "in_progress stays", AssignmentAcknowledged("roads"), clocks=(stopped(S, "roads"),)
    )


def test_the_lead_acknowledges_while_it_is_disputed() -> None:
    given(called_out(), return_refused(), disputed()).when(water, Acknowledge()).then(
        "disputed stays", AssignmentAcknowledged("water"), clocks=(stopped(S, "water"),)
    )


def test_acknowledges_once_and_only_if_assigned() -> None:
    given(called_out(), acknowledged()).when(water, Acknowledge()).refused("not_in_this_assignment_state")
    given(called_out()).when(gas, Acknowledge()).refused("only_the_lead_or_a_support")


def test_the_lead_reports_in() -> None:
    given(called_out(), acknowledged()).when(
        water, ReportIn(on_the_spot=True, at=at("03-02 11:00")), at="03-02 11:05"
    ).then(
        "assigned → in_progress",
        LeadReportedIn("water", on_the_spot=True, at=at("03-02 11:00")),
        clocks=(stopped(P, "water"),),
    ).assignments(water="reported_in")


def test_reporting_in_implies_acknowledging() -> None:
    given(called_out()).when(water_head, ReportIn(on_the_spot=False)).then(
        "assigned → in_progress",
        LeadReportedIn("water", on_the_spot=False),
        clocks=(stopped(S, "water"), stopped(P, "water")),
    )


def test_a_support_reports_in_before_the_lead() -> None:
    given(called_out("water", "roads")).when(roads, SPOT).then(
        "assigned stays",
        SupportReportedIn("roads", on_the_spot=True),
        clocks=(stopped(S, "roads"), stopped(P, "roads")),
    ).assignments(water="pending", roads="reported_in")


def test_a_support_reports_in_after_the_lead_and_in_a_dispute() -> None:
    given(working("water", "roads"), acknowledged("roads")).when(roads, SPOT).then(
        "in_progress stays", SupportReportedIn("roads", on_the_spot=True), clocks=(stopped(P, "roads"),)
    )
    given(called_out("water", "roads"), return_refused(), disputed()).when(roads, SPOT).then(
        "disputed stays",
        SupportReportedIn("roads", on_the_spot=True),
        clocks=(stopped(S, "roads"), stopped(P, "roads")),
    )


def test_reports_in_once_only_if_assigned_and_not_in_the_future() -> None:
    story = given(called_out("water", "roads"), reported_in("roads"))
    story.when(gas, SPOT).refused("only_the_lead_or_a_support")
    story.when(roads, SPOT).refused("not_in_this_assignment_state")
    story.when(water, ReportIn(on_the_spot=True, at=at("03-02 12:01")), at="03-02 12:00").refused("not_in_the_future")
    given(working()).when(water, SPOT).refused("only_a_support")


def test_reports_in_again_after_it_was_contested() -> None:
    given(working(), contested()).when(water, SPOT).then(
        "assigned → in_progress", LeadReportedIn("water", on_the_spot=True), clocks=(stopped(P, "water"),)
    )


def test_a_support_finishes() -> None:
    given(working("water", "roads"), reported_in("roads")).when(roads, FinishSupport("closed the road")).then(
        "in_progress stays", SupportFinished("roads", "closed the road"), clocks=(stopped(Z, "roads"),)
    ).assignments(water="reported_in", roads="done")


def test_a_support_finishes_only_after_it_came() -> None:
    story = given(working("water", "roads"))
    story.when(roads, FinishSupport("closed the road")).refused("not_in_this_assignment_state")
    story.when(water, FinishSupport("I lead")).refused("only_a_support")


def test_the_lead_finishes_a_step_with_a_limit_of_its_own() -> None:
    story = (
        given(logged(ILLEGAL_BUILDING), whistled())
        .when(dispatcher, AssignCase("water"), at="03-02 10:00")
        .then(
            "escalated → assigned",
            CaseAssigned("water"),
            clocks=(
                stopped(Clock.DISPATCH),
                started(S, "water"),
                started(P, "water"),
                started(Z, "water", due="03-23 10:00"),
                started(Z, "water", "stop work", due="03-02 15:00"),
            ),
        )
    )
    story.when(water, SPOT).when(water, FinishStep("stop work")).then(
        "in_progress stays", StepFinished("water", "stop work"), clocks=(stopped(Z, "water", "stop work"),)
    )
    story.when(water, FinishStep("stop work")).refused("the_step_runs")


def test_only_the_lead_finishes_a_step() -> None:
    story = given(logged(ILLEGAL_BUILDING), whistled(), assigned("water", "roads"), reported_in())
    story.when(roads, FinishStep("stop work")).refused("only_the_lead")
    story.when(water, FinishStep("dig")).refused("the_step_runs")


def test_asks_for_another_department() -> None:
    given(working()).when(water, AskForSupport("gas", "their pipe is near")).then(
        "in_progress stays", SupportAsked("gas", "their pipe is near")
    )
    given(called_out()).when(water, AskForSupport("gas", "their pipe is near")).then(
        "assigned stays", SupportAsked("gas", "their pipe is near")
    )
    story = given(working("water", "roads"))
    story.when(roads, AskForSupport("gas", "why")).refused("only_the_lead")
    story.when(water, AskForSupport("roads", "more of them")).refused("not_at_work_yet")
    story.when(water, AskForSupport("fire", "why")).refused("no_such_department", unit="fire")


def test_closes_its_assignment_with_the_result() -> None:
    given(working()).when(water, RESULT, at="03-04 10:00").then(
        "in_progress → resolved",
        ResultReported("water", "pipe replaced", "The pipe is new."),
        clocks=(stopped(Z, "water"), started(V, due="03-05 10:00")),
    ).assignments(water="done").accountable(STREET).whistle("completed")


def test_the_result_ends_every_step() -> None:
    given(logged(ILLEGAL_BUILDING), whistled(), assigned("water"), reported_in()).when(water, RESULT).then(
        "in_progress → resolved",
        ResultReported("water", "pipe replaced", "The pipe is new."),
        clocks=(stopped(Z, "water"), stopped(Z, "water", "stop work"), started(V)),
    )


def test_a_result_needs_every_support() -> None:
    given(working("water", "roads"), reported_in("roads")).when(water, RESULT).refused("every_support_is_done")
    given(working("water", "roads"), reported_in("roads"), support_done()).when(water, RESULT).then(
        "in_progress → resolved",
        ResultReported("water", "pipe replaced", "The pipe is new."),
        clocks=(stopped(Z, "water"), started(V)),
    )


def test_a_result_needs_the_lead_to_have_come() -> None:
    given(called_out()).when(water, RESULT).refused("reporting_in_is_off")


def test_only_the_lead_reports_the_result_and_says_it() -> None:
    story = given(working("water", "roads"), reported_in("roads"))
    story.when(roads, RESULT).refused("only_the_lead")
    story.when(clerk, RESULT).refused("only_the_lead")
    story.when(water, ReportResult("", "The pipe is new.")).refused("say_it", field="done")
    story.when(water, ReportResult("pipe replaced", "  ")).refused("say_it", field="reply")


def minimal(*support: str) -> tuple:  # type: ignore[type-arg]  # steps
    return (found(), whistled(grid_worker), assigned("water", *support))


def test_where_reporting_in_is_off_the_result_says_all() -> None:
    given(minimal(), law=MINIMAL_TOWN).when(water, RESULT).then(
        "assigned → resolved",
        ResultReported("water", "pipe replaced", "The pipe is new."),
        CaseClosed(Outcome.SOLVED),
        clocks=(stopped(S, "water"), stopped(P, "water"), stopped(Z, "water"), started(V), stopped(V), stopped(R)),
    )


def test_where_reporting_in_is_off_only_the_lead_with_every_support_reports() -> None:
    story = given(minimal("roads"), law=MINIMAL_TOWN)
    story.when(roads, RESULT).refused("only_the_lead")
    story.when(water, RESULT).refused("every_support_is_done")


def test_where_only_reporting_in_is_off_the_result_waits_to_be_verified() -> None:
    given(called_out(), law=without(Step.REPORT_IN)).when(water, RESULT).then(
        "assigned → resolved",
        ResultReported("water", "pipe replaced", "The pipe is new."),
        clocks=(stopped(S, "water"), stopped(P, "water"), stopped(Z, "water"), started(V)),
    )


def test_puts_the_category_right_with_a_reason() -> None:
    story = given(called_out("water", "roads", at="03-02 10:00"))
    story.when(water, AmendCase(category=GAS_SMELL)).refused("a_reason_once_assigned", field="reason")
    story.when(roads, AmendCase(category=GAS_SMELL, reason="it smells")).refused("only_the_accountable_unit")
    story.when(water, AmendCase(category=GAS_SMELL, reason="it smells")).then(
        "assigned stays",
        CaseAmended(category=GAS_SMELL, reason="it smells"),
        clocks=(
            moved(R),
            moved(S, "water", due="03-02 15:00"),
            moved(P, "water", due="03-02 15:00"),
            moved(Z, "water", due="03-02 15:00"),
            moved(S, "roads"),
            moved(P, "roads"),
            moved(Z, "roads"),
        ),
    )


def test_a_department_that_has_reported_its_result_is_done() -> None:
    given(working(), result()).when(water, Acknowledge()).refused("not_in_this_state", state="resolved")
