"""The dispatcher: assigns, declines, adds and withdraws supports, reassigns, decides returns and extensions."""

from domain.commands import (
    AddSupport,
    AmendCase,
    AssignCase,
    DeclineWhistle,
    Reassign,
    WithdrawSupport,
)
from domain.events import (
    CaseAmended,
    CaseAssigned,
    CaseReassigned,
    SupportAdded,
    SupportWithdrawn,
    WhistleDeclined,
)
from domain.states import Clock
from tests.district import STREET
from tests.spec import given
from tests.steps import (
    acknowledged,
    called_out,
    disputed,
    logged,
    reported_in,
    return_refused,
    ruled,
    support_done,
    whistled,
    working,
)
from tests.ticks import moved, started, stopped
from tests.town import (
    GAS_SMELL,
    auditor,
    dispatcher,
    dispatcher_elsewhere,
    leader,
    water,
)

R, T, D, S, P = Clock.RESIDENT, Clock.TRIAGE, Clock.DISPATCH, Clock.SIGN, Clock.REPORT_IN
Z, A = Clock.RESOLVE, Clock.ARBITRATE


def test_names_a_lead_and_a_support() -> None:
    given(logged(), whistled()).when(dispatcher, AssignCase("water", ("roads",)), at="03-02 10:00").then(
        "escalated → assigned",
        CaseAssigned("water", ("roads",)),
        clocks=(
            stopped(D),
            started(S, "water", due="03-03 10:00"),
            started(P, "water", due="03-05 10:00"),
            started(Z, "water", due="03-09 10:00"),
            started(S, "roads"),
            started(P, "roads"),
            started(Z, "roads"),
        ),
    ).accountable("water").whistle("assigned")


def test_only_the_dispatcher_of_the_district_assigns() -> None:
    story = given(logged(), whistled())
    story.when(water, AssignCase("water")).refused("only_the_dispatcher", who=["the_dispatcher"], command="AssignCase")
    story.when(dispatcher_elsewhere, AssignCase("water")).refused("only_the_dispatcher")
    given(logged()).when(dispatcher, AssignCase("water")).refused(
        "not_in_this_state", state="logged", states=["escalated"]
    )


def test_names_one_lead_and_no_unit_twice() -> None:
    story = given(logged(), whistled())
    story.when(dispatcher, AssignCase("")).refused("say_it", field="lead")
    story.when(dispatcher, AssignCase("water", ("water",))).refused("a_unit_is_lead_or_support_not_both")
    story.when(dispatcher, AssignCase("water", ("gas", "gas"))).refused("no_unit_twice")
    story.when(dispatcher, AssignCase("fire")).refused("no_such_department", unit="fire")
    story.when(dispatcher, AssignCase("water", ("fire",))).refused("no_such_department", unit="fire")


def test_declines_a_whistle() -> None:
    given(logged(), whistled()).when(dispatcher, DeclineWhistle("the street can")).then(
        "escalated → logged", WhistleDeclined("the street can"), clocks=(stopped(D), started(T))
    ).accountable(STREET).whistle("declined")
    given(logged(), whistled()).when(leader, DeclineWhistle("no")).refused("only_the_dispatcher")


def test_puts_a_category_right_while_the_case_waits_for_dispatch() -> None:
    story = given(logged(at="03-02 09:00"), whistled(at="03-02 10:00"))
    story.when(auditor, AmendCase(category=GAS_SMELL)).refused("only_the_accountable_unit")
    story.when(dispatcher, AmendCase(category=GAS_SMELL)).then(
        "escalated stays",
        CaseAmended(category=GAS_SMELL),
        clocks=(moved(R, due="03-02 14:00"), moved(D, due="03-02 15:00")),
    )


def test_adds_a_support() -> None:
    given(working()).when(dispatcher, AddSupport("gas")).then(
        "in_progress stays", SupportAdded("gas"), clocks=(started(S, "gas"), started(P, "gas"), started(Z, "gas"))
    ).assignments(water="reported_in", gas="pending")
    given(called_out()).when(dispatcher, AddSupport("gas")).then(
        "assigned stays", SupportAdded("gas"), clocks=(started(S, "gas"), started(P, "gas"), started(Z, "gas"))
    )


def test_adds_no_unit_that_is_there_already() -> None:
    story = given(called_out("water", "roads"))
    story.when(water, AddSupport("gas")).refused("only_the_dispatcher")
    story.when(dispatcher, AddSupport("roads")).refused("not_at_work_yet")
    story.when(dispatcher, AddSupport("water")).refused("not_at_work_yet")
    story.when(dispatcher, AddSupport("fire")).refused("no_such_department", unit="fire")


def test_does_without_a_support() -> None:
    given(working("water", "roads")).when(dispatcher, WithdrawSupport("roads", "not needed")).then(
        "in_progress stays",
        SupportWithdrawn("roads", "not needed"),
        clocks=(stopped(S, "roads"), stopped(P, "roads"), stopped(Z, "roads")),
    ).assignments(water="reported_in", roads="withdrawn")


def test_does_without_a_support_that_has_signed_or_come() -> None:
    given(working("water", "roads"), acknowledged("roads")).when(
        dispatcher, WithdrawSupport("roads", "not needed")
    ).then(
        "in_progress stays",
        SupportWithdrawn("roads", "not needed"),
        clocks=(stopped(P, "roads"), stopped(Z, "roads")),
    )
    given(called_out("water", "roads"), reported_in("roads")).when(
        dispatcher, WithdrawSupport("roads", "not needed")
    ).then("assigned stays", SupportWithdrawn("roads", "not needed"), clocks=(stopped(Z, "roads"),))


def test_does_without_supports_only() -> None:
    story = given(working("water", "roads"), reported_in("roads"))
    story.when(water, WithdrawSupport("roads", "slow")).refused("only_the_dispatcher")
    story.when(dispatcher, WithdrawSupport("water", "slow")).refused("it_is_a_support")
    given(working("water", "roads"), reported_in("roads"), support_done()).when(
        dispatcher, WithdrawSupport("roads", "not needed")
    ).refused("not_in_this_assignment_state")


def test_reassigns() -> None:
    given(called_out("water", "roads"), reported_in()).when(dispatcher, Reassign("gas", "a gas pipe")).then(
        "in_progress → assigned",
        CaseReassigned("gas", "water", "a gas pipe"),
        clocks=(stopped(Z, "water"), started(S, "gas"), started(P, "gas"), started(Z, "gas")),
    ).assignments(water="withdrawn", roads="pending", gas="pending").accountable("gas")


def test_reassigns_before_anybody_came_to_what_was_a_support() -> None:
    given(called_out("water", "roads")).when(dispatcher, Reassign("roads", "their road")).then(
        "assigned → assigned",
        CaseReassigned("roads", "water", "their road"),
        clocks=(
            stopped(S, "water"),
            stopped(P, "water"),
            stopped(Z, "water"),
            stopped(S, "roads"),
            stopped(P, "roads"),
            stopped(Z, "roads"),
            started(S, "roads"),
            started(P, "roads"),
            started(Z, "roads"),
        ),
    )


def test_reassigns_to_another_and_not_after_a_ruling() -> None:
    story = given(called_out())
    story.when(leader, Reassign("gas", "a gas pipe")).refused("only_the_dispatcher_or_the_arbiter")
    story.when(dispatcher, Reassign("water", "again")).refused("it_names_another_lead")
    story.when(dispatcher, Reassign("fire", "hot")).refused("no_such_department", unit="fire")
    given(called_out(), return_refused(), disputed(), ruled("water")).when(
        dispatcher, Reassign("gas", "after all")
    ).refused("no_ruling_stands")
