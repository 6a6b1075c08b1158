"""The street office whistles: alone, for others, in an emergency, where approval is off."""

from domain.commands import (
    BlowWhistle,
    GrantWhistle,
    WithdrawWhistle,
)
from domain.events import (
    CaseAssigned,
    RequestLapsed,
    WhistleBlown,
    WhistleWithdrawn,
)
from domain.states import Clock, Grade, RequestKind, WhistleKind
from tests.district import DISTRICT, GRID, STREET
from tests.spec import given
from tests.steps import (
    EMERGENCY,
    TOUGH,
    applied,
    found,
    handled,
    logged,
    plea,
    rejected,
    whistled,
)
from tests.ticks import started, stopped
from tests.town import (
    MINIMAL_TOWN,
    as_well,
    clerk,
    grid_worker,
    hotline,
    leader,
    leader_of_another_street,
    water,
)

R, T, D, S, P = Clock.RESIDENT, Clock.TRIAGE, Clock.DISPATCH, Clock.SIGN, Clock.REPORT_IN
Z, V, C = Clock.RESOLVE, Clock.VERIFY, Clock.CALL_BACK


def test_the_leader_whistles() -> None:
    given(logged()).when(leader, BlowWhistle(plea=plea()), at="03-02 10:00").then(
        "logged → escalated", WhistleBlown(plea=plea()), clocks=(stopped(T), started(D, due="03-03 10:00"))
    ).accountable(DISTRICT).whistle("blown")


def test_the_leader_whistles_for_what_the_street_had_begun() -> None:
    given(logged(), handled()).when(leader, BlowWhistle(plea=plea())).then(
        "handling → escalated", WhistleBlown(plea=plea()), clocks=(stopped(Z, STREET), started(D))
    )


def test_only_the_leader_of_this_street_whistles() -> None:
    given(found()).when(leader_of_another_street, BlowWhistle(plea=plea())).refused(
        "only_the_unit_at_the_level_or_the_street_leader"
    )
    given(logged()).when(clerk, BlowWhistle(plea=plea())).refused("approval_is_off")
    given(logged()).when(water, BlowWhistle(plea=plea())).refused("only_the_unit_at_the_level_or_the_street_leader")


def test_says_why_and_what_was_tried() -> None:
    mute = plea().__class__(kind=WhistleKind.KEY_WORK, why="", tried="all")
    given(logged()).when(leader, BlowWhistle(plea=mute)).refused("say_it", field="why")


def test_names_no_departments_unless_it_is_an_emergency() -> None:
    given(logged()).when(leader, BlowWhistle(plea=plea(), lead="water")).refused(
        "departments_named_in_an_emergency_only"
    )


def test_proposes_departments_that_there_are() -> None:
    proposed = plea(WhistleKind.KEY_WORK, Grade.ROUTINE, "fire")
    given(logged()).when(leader, BlowWhistle(plea=proposed)).refused("no_such_department", unit="fire")


def test_a_tough_whistle_takes_two_people() -> None:
    given(logged()).when(leader, BlowWhistle(plea=TOUGH)).refused("two_people_for_a_tough_one")
    own = given(logged(), applied(leader, TOUGH))
    own.when(leader, BlowWhistle(plea=TOUGH)).refused("two_people_for_a_tough_one")
    own.when(leader, GrantWhistle(1)).refused("another_than_the_asker")


def test_a_tough_whistle_that_the_clerk_applied_for() -> None:
    given(logged(), applied(clerk, TOUGH)).when(leader, BlowWhistle(plea=TOUGH)).then(
        "logged → escalated", WhistleBlown(plea=TOUGH, request=1), clocks=(stopped(T), started(D))
    ).requests("approved")


def test_the_leader_s_own_application_lapses_when_she_whistles() -> None:
    given(logged(), applied(leader)).when(leader, BlowWhistle(plea=plea())).then(
        "logged → escalated",
        WhistleBlown(plea=plea()),
        RequestLapsed(1, RequestKind.WHISTLE, "left_its_states"),
        clocks=(stopped(T), started(D)),
    )


def test_grants_a_whistle_that_the_grid_applied_for() -> None:
    given(found(), applied()).when(leader, GrantWhistle(1)).then(
        "logged → escalated", WhistleBlown(plea=plea(), request=1), clocks=(stopped(T), started(D))
    ).requests("approved")


def test_grants_a_whistle_while_the_grid_handles() -> None:
    given(found(), handled(grid_worker), applied()).when(leader, GrantWhistle(1)).then(
        "handling → escalated", WhistleBlown(plea=plea(), request=1), clocks=(stopped(Z, GRID), started(D))
    ).assignments(**{GRID: "withdrawn"})


def test_does_not_grant_a_whistle_that_she_applied_for_herself() -> None:
    given(found(), applied()).when(as_well(grid_worker, leader), GrantWhistle(1)).refused("another_than_the_asker")


def test_only_the_leader_grants_a_whistle_and_only_one_that_was_applied_for() -> None:
    asked = given(found(), applied())
    asked.when(clerk, GrantWhistle(1)).refused("only_the_street_leader")
    asked.when(leader, GrantWhistle(9)).refused("there_is_such_a_request")
    given(found(), applied(), rejected(leader)).when(leader, GrantWhistle(1)).refused("not_in_this_request_state")


def test_an_emergency_whistle_assigns() -> None:
    given(logged()).when(leader, BlowWhistle(plea=EMERGENCY, lead="water", support=("gas",)), at="03-07 22:00").then(
        "logged → assigned",
        WhistleBlown(plea=EMERGENCY),
        CaseAssigned("water", ("gas",)),
        clocks=(
            stopped(T),
            started(S, "water"),
            started(P, "water"),
            started(Z, "water", due="03-08 00:00"),
            started(S, "gas"),
            started(P, "gas"),
            started(Z, "gas"),
        ),
    ).accountable("water").whistle("assigned")


def test_an_emergency_whistle_for_what_was_being_handled() -> None:
    given(logged(), handled()).when(leader, BlowWhistle(plea=EMERGENCY, lead="water")).then(
        "handling → assigned",
        WhistleBlown(plea=EMERGENCY),
        CaseAssigned("water"),
        clocks=(stopped(Z, STREET), started(S, "water"), started(P, "water"), started(Z, "water")),
    )


def test_an_emergency_that_names_nobody_waits_for_the_dispatcher() -> None:
    given(logged()).when(leader, BlowWhistle(plea=EMERGENCY), at="03-07 22:00").then(
        "logged → escalated", WhistleBlown(plea=EMERGENCY), clocks=(stopped(T), started(D, due="03-08 00:00"))
    )


def test_an_emergency_names_a_lead_before_supports() -> None:
    given(logged()).when(leader, BlowWhistle(plea=EMERGENCY, support=("gas",))).refused(
        "departments_named_in_an_emergency_only"
    )


def test_a_tough_emergency_takes_two_people_too() -> None:
    tough = plea(WhistleKind.EMERGENCY, Grade.TOUGH)
    given(logged()).when(leader, BlowWhistle(plea=tough, lead="water")).refused("two_people_for_a_tough_one")


def test_only_the_leader_names_departments_in_an_emergency() -> None:
    given(logged()).when(clerk, BlowWhistle(plea=EMERGENCY, lead="water")).refused("approval_is_off")
    given(logged()).when(hotline, BlowWhistle(plea=EMERGENCY, lead="water")).refused(
        "only_the_unit_at_the_level_or_the_street_leader"
    )


def test_an_emergency_names_each_department_once() -> None:
    story = given(logged())
    story.when(leader, BlowWhistle(plea=EMERGENCY, lead="water", support=("water",))).refused(
        "a_unit_is_lead_or_support_not_both", unit="water"
    )
    story.when(leader, BlowWhistle(plea=EMERGENCY, lead="fire")).refused("no_such_department", unit="fire")


def test_where_approval_is_off_the_unit_at_the_level_whistles() -> None:
    given(found(), law=MINIMAL_TOWN).when(grid_worker, BlowWhistle(plea=plea())).then(
        "logged → escalated", WhistleBlown(plea=plea()), clocks=(stopped(T), started(D))
    )
    given(found(), handled(grid_worker), law=MINIMAL_TOWN).when(grid_worker, BlowWhistle(plea=plea())).then(
        "handling → escalated", WhistleBlown(plea=plea()), clocks=(stopped(Z, GRID), started(D))
    )


def test_where_approval_is_off_the_unit_at_the_level_calls_departments_in_an_emergency() -> None:
    calls = (started(S, "water"), started(P, "water"), started(Z, "water"))
    given(found(), law=MINIMAL_TOWN).when(grid_worker, BlowWhistle(plea=EMERGENCY, lead="water")).then(
        "logged → assigned", WhistleBlown(plea=EMERGENCY), CaseAssigned("water"), clocks=(stopped(T), *calls)
    )
    given(found(), handled(grid_worker), law=MINIMAL_TOWN).when(
        grid_worker, BlowWhistle(plea=EMERGENCY, lead="water")
    ).then(
        "handling → assigned", WhistleBlown(plea=EMERGENCY), CaseAssigned("water"), clocks=(stopped(Z, GRID), *calls)
    )


def test_where_approval_is_off_it_is_still_not_for_anybody() -> None:
    story = given(found(), law=MINIMAL_TOWN)
    story.when(water, BlowWhistle(plea=plea())).refused("only_the_unit_at_the_level_or_the_street_leader")
    story.when(water, BlowWhistle(plea=EMERGENCY, lead="water")).refused(
        "only_the_unit_at_the_level_or_the_street_leader"
    )
    story.when(grid_worker, BlowWhistle(plea=plea(), lead="water")).refused("departments_named_in_an_emergency_only")


def test_withdraws_its_whistle() -> None:
    given(found(), whistled()).when(leader, WithdrawWhistle("the owner came")).then(
        "escalated → logged", WhistleWithdrawn("the owner came"), clocks=(stopped(D), started(T))
    ).accountable(STREET).whistle("withdrawn")
    given(logged(), whistled()).when(clerk, WithdrawWhistle("why not")).refused("only_the_street_leader")
