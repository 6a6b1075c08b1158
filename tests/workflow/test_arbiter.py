"""The arbiter: disputes are raised, and ruled for the same lead or for another; a ruling binds."""

from domain.commands import RaiseDispute, Reassign, RequestReturn, Rule
from domain.events import CaseReassigned, DisputeRaised, LeadConfirmed, LeadReplaced
from domain.states import Clock, State
from tests.spec import given
from tests.steps import acknowledged, called_out, disputed, reported_in, return_asked, return_refused, ruled, working
from tests.ticks import paused, resumed, started, stopped
from tests.town import arbiter, clerk, dispatcher, gas, roads, supervisor, water

S, P, Z, A = Clock.SIGN, Clock.REPORT_IN, Clock.RESOLVE, Clock.ARBITRATE


def test_the_lead_raises_a_dispute_after_a_refused_return() -> None:
    given(called_out(), return_refused()).when(water, RaiseDispute("the owner's pipe")).then(
        "assigned → disputed", DisputeRaised("the owner's pipe"), clocks=(paused(P, "water"), started(A))
    ).accountable("water")


def test_the_street_raises_a_dispute_while_the_lead_works() -> None:
    given(working(), return_refused()).when(clerk, RaiseDispute("they do nothing")).then(
        "in_progress → disputed", DisputeRaised("they do nothing"), clocks=(started(A),)
    )


def test_a_dispute_needs_a_refused_return_or_a_second_unit() -> None:
    given(called_out()).when(water, RaiseDispute("no")).refused("a_return_was_refused_or_a_second_unit_asked")
    given(called_out(), return_asked()).when(dispatcher, RaiseDispute("no")).refused(
        "a_return_was_refused_or_a_second_unit_asked"
    )


def test_supports_and_others_raise_no_dispute() -> None:
    given(called_out("water", "roads"), return_refused("roads")).when(roads, RaiseDispute("no")).refused(
        "only_the_lead_or_the_street_or_the_dispatcher"
    )


def test_rules_for_the_same_lead_before_it_came() -> None:
    given(called_out(at="03-02 10:00"), return_refused(), disputed(at="03-02 12:00")).when(
        arbiter, Rule("water", "the register says so"), at="03-03 12:00"
    ).then(
        "disputed → assigned",
        LeadConfirmed(State.ASSIGNED, "water", "the register says so"),
        clocks=(stopped(A), resumed(P, "water", due="03-06 10:00")),
    ).accountable("water")


def test_rules_for_the_same_lead_at_work() -> None:
    given(working("water", "roads"), return_refused(), disputed()).when(arbiter, Rule("water", "register")).then(
        "disputed → in_progress",
        LeadConfirmed(State.IN_PROGRESS, "water", "register"),
        clocks=(stopped(A), resumed(P, "roads")),
    )


def test_rules_for_another_lead_and_the_supports_go_on() -> None:
    given(called_out("water", "roads"), acknowledged(), return_refused(), disputed()).when(
        arbiter, Rule("gas", "a gas pipe")
    ).then(
        "disputed → assigned",
        LeadReplaced("gas", "water", "a gas pipe"),
        clocks=(
            stopped(A),
            stopped(P, "water"),
            stopped(Z, "water"),
            resumed(P, "roads"),
            started(S, "gas"),
            started(P, "gas"),
            started(Z, "gas"),
        ),
    ).assignments(water="withdrawn", roads="pending", gas="pending").accountable("gas")


def test_rules_for_what_was_a_support() -> None:
    given(working("water", "roads"), return_refused(), disputed()).when(arbiter, Rule("roads", "their road")).then(
        "disputed → assigned",
        LeadReplaced("roads", "water", "their road"),
        clocks=(
            stopped(A),
            stopped(Z, "water"),
            stopped(S, "roads"),
            stopped(P, "roads"),
            stopped(Z, "roads"),
            started(S, "roads"),
            started(P, "roads"),
            started(Z, "roads"),
        ),
    )


def test_another_lead_before_the_old_one_signed() -> None:
    given(called_out(), return_refused(), disputed()).when(arbiter, Rule("gas", "a gas pipe")).then(
        "disputed → assigned",
        LeadReplaced("gas", "water", "a gas pipe"),
        clocks=(
            stopped(A),
            stopped(S, "water"),
            stopped(P, "water"),
            stopped(Z, "water"),
            started(S, "gas"),
            started(P, "gas"),
            started(Z, "gas"),
        ),
    )


def test_only_the_arbiter_rules() -> None:
    before = given(called_out(), return_refused(), disputed())
    before.when(supervisor, Rule("water", "register")).refused("only_the_arbiter")
    before.when(supervisor, Rule("gas", "register")).refused("only_the_arbiter")
    before.when(arbiter, Rule("fire", "register")).refused("no_such_department", unit="fire")
    at_work = given(working(), return_refused(), disputed())
    at_work.when(supervisor, Rule("water", "register")).refused("only_the_arbiter")


def test_a_ruling_binds() -> None:
    confirmed = given(called_out("water", "roads"), return_refused(), disputed(), ruled("water"))
    confirmed.when(water, RaiseDispute("again")).refused("no_ruling_stands")
    replaced = given(called_out(), return_refused(), disputed(), ruled("gas"))
    replaced.when(gas, RequestReturn("not ours")).refused("not_ruled")
    replaced.when(gas, RaiseDispute("not ours")).refused("no_ruling_stands")


def test_after_a_ruling_the_arbiter_reassigns() -> None:
    given(called_out(), return_refused(), disputed(), ruled("gas"), reported_in("gas")).when(
        arbiter, Reassign("roads", "new facts")
    ).then(
        "in_progress → assigned",
        CaseReassigned("roads", "gas", "new facts", final=True),
        clocks=(stopped(Z, "gas"), started(S, "roads"), started(P, "roads"), started(Z, "roads")),
    )
    given(called_out(), return_refused(), disputed(), ruled("gas")).when(arbiter, Reassign("roads", "new facts")).then(
        "assigned → assigned",
        CaseReassigned("roads", "gas", "new facts", final=True),
        clocks=(
            stopped(S, "gas"),
            stopped(P, "gas"),
            stopped(Z, "gas"),
            started(S, "roads"),
            started(P, "roads"),
            started(Z, "roads"),
        ),
    )


def test_without_a_ruling_the_arbiter_does_not_reassign() -> None:
    given(called_out()).when(arbiter, Reassign("gas", "why not")).refused("a_ruling_stands")
    ruled_for_gas = given(called_out(), return_refused(), disputed(), ruled("gas"))
    ruled_for_gas.when(arbiter, Reassign("gas", "again")).refused("it_names_another_lead")
    ruled_for_gas.when(supervisor, Reassign("roads", "why not")).refused("only_the_dispatcher_or_the_arbiter")
