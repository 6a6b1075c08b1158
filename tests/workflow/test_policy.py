"""What a city may choose: who may, at which level a case begins, which windows there are, how long things take."""

from dataclasses import replace

from domain.actors import Actor, Role
from domain.commands import AmendCase, AssignCase, PassVerification, ReopenCase, RequestReturn, Resume, WithdrawWhistle
from domain.events import (
    CaseAmended,
    CaseAssigned,
    CaseReopened,
    CaseResumed,
    ReturnRequested,
    VerificationPassed,
    WhistleWithdrawn,
)
from domain.jurisdiction import Jurisdiction
from domain.policy import Step
from domain.states import Clock, Grade, Level, Source, Urgency, WhistleKind
from domain.worktime import Limit
from tests.district import COMMUNITY, DISTRICT, STREET
from tests.spec import given
from tests.steps import applied, called_out, ended, logged, plea, resolved, result, suspended, whistled, working
from tests.ticks import resumed, started, stopped
from tests.town import (
    TOWN,
    clerk,
    community,
    dispatcher,
    gas,
    leader,
    leader_of_another_street,
    reporter,
    roads,
    system,
    water,
)

R, T, D, S, P = Clock.RESIDENT, Clock.TRIAGE, Clock.DISPATCH, Clock.SIGN, Clock.REPORT_IN
Z, V, C = Clock.RESOLVE, Clock.VERIFY, Clock.CALL_BACK


def chosen(**choices: object) -> Jurisdiction:
    """The town with other choices."""
    return replace(TOWN, policy=replace(TOWN.policy, **choices))  # type: ignore[arg-type]  # a policy's own fields


CLERKS_WITHDRAW = chosen(who={"WithdrawWhistle": frozenset({Role.STREET_CLERK})})


def test_a_city_says_who_may() -> None:
    story = given(logged(), whistled(), law=CLERKS_WITHDRAW)
    story.when(leader, WithdrawWhistle("solved")).refused("only_the_street_leader")
    story.when(clerk, WithdrawWhistle("solved")).then(
        "escalated → logged", WhistleWithdrawn("solved"), clocks=(stopped(D), started(T))
    )


def test_but_only_within_the_reach_of_the_case() -> None:
    clerk_elsewhere = replace(leader_of_another_street, role=Role.STREET_CLERK)
    given(logged(), whistled(), law=CLERKS_WITHDRAW).when(clerk_elsewhere, WithdrawWhistle("solved")).refused(
        "only_the_street_leader"
    )


def test_a_hotline_is_always_within_reach_and_a_department_while_it_works() -> None:
    law = chosen(who={"AmendCase": frozenset({Role.HOTLINE, Role.DEPARTMENT_CLERK})})
    story = given(called_out("water", "roads"), law=law)
    story.when(Actor("hotline-2", Role.HOTLINE, "city"), AmendCase(summary="wet")).then(
        "assigned stays", CaseAmended(summary="wet")
    )
    story.when(roads, AmendCase(summary="wetter")).then("assigned stays", CaseAmended(summary="wetter"))
    story.when(gas, AmendCase(summary="dry")).refused("only_the_accountable_unit")


def test_what_the_system_does_stays_its_own() -> None:
    law = chosen(
        off=frozenset({Step.VERIFICATION}),
        who={"PassVerification": frozenset({Role.COMMUNITY}), "Resume": frozenset({Role.STREET_LEADER})},
    )
    given(working(), law=law).when(water, result().command).shows(state="verified")
    given(working(), suspended(), law=law).when(system, Resume(), at="03-20 09:00").then(
        "suspended → in_progress", CaseResumed(), clocks=(resumed(Z, "water"),)
    )
    given(resolved()).under(law).when(community, PassVerification()).then(
        "resolved → verified", VerificationPassed(), clocks=(stopped(V), started(C))
    )


def test_a_city_says_at_which_level_a_case_begins() -> None:
    at_the_community = chosen(level_at_log={Source.HOTLINE: Level.COMMUNITY})
    given(logged(), law=at_the_community).accountable(COMMUNITY)
    given(logged(place=STREET), law=at_the_community).accountable(STREET)
    given(logged(place=COMMUNITY), law=chosen(level_at_log={Source.HOTLINE: Level.GRID})).accountable(COMMUNITY)


def test_a_case_of_which_only_the_district_is_known_is_put_right_by_the_dispatcher() -> None:
    given(logged(place=DISTRICT)).accountable(DISTRICT).when(dispatcher, AmendCase(place=STREET)).accountable(STREET)


def test_a_window_that_a_city_does_not_have_never_closes() -> None:
    given(ended(), law=chosen(windows={})).when(reporter, ReopenCase("years later"), at="12-01 09:00").then(
        "closed → logged", CaseReopened("years later"), clocks=(started(R), started(T))
    )
    given(called_out(), law=chosen(windows={})).when(water, RequestReturn("no"), at="06-01 09:00").then(
        "assigned stays", ReturnRequested(1, "water", "no")
    )


def test_a_tough_whistle_has_limits_of_its_own() -> None:
    tough = plea(WhistleKind.RESIDENT_NEED, Grade.TOUGH)
    law = chosen(limits={**TOWN.policy.limits, (Clock.RESOLVE, Urgency.TOUGH): (Limit.parse("20 days"),)})
    given(logged(), applied(clerk, tough), whistled(plea=tough), law=law).when(
        dispatcher, AssignCase("water"), at="03-02 10:00"
    ).then(
        "escalated → assigned",
        CaseAssigned("water"),
        clocks=(
            stopped(D),
            started(S, "water", due="03-03 10:00"),
            started(P, "water", due="03-09 10:00"),
            started(Z, "water", due="03-22 10:00"),
        ),
    )
