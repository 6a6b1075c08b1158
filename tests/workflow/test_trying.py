"""What other limits would have made of one case's deadlines."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from domain.jurisdiction import Jurisdiction
from domain.states import Clock, Urgency
from domain.worktime import Limit
from tests.spec import Story, given
from tests.steps import (
    called_out,
    ended,
    extension_asked,
    extension_granted,
    failed,
    reported_in,
    resolved,
    result,
    suspended,
    working,
)
from tests.ticks import at
from tests.town import TOWN
from workflow.trying import Tried, tried

Z, S, R = Clock.RESOLVE, Clock.SIGN, Clock.RESIDENT
WORK = (called_out(at="03-02 10:00"), reported_in())
LONG_AGO, NOW = at("01-01 00:00"), at("03-20 10:00")


def within(clock: Clock, limit: str) -> Jurisdiction:
    """The town with another limit of one clock."""
    limits = {**TOWN.policy.limits, (clock, Urgency.ROUTINE): (Limit.parse(limit),)}
    return replace(TOWN, policy=replace(TOWN.policy, limits=limits))


def of(story: Story, law: Jurisdiction, clock: Clock, since: datetime = LONG_AGO) -> list[Tried]:
    """The runs of one clock."""
    return [one for one in tried(story.file, law, since) if one.fact.clock is clock]


def dues(found: Iterable[Tried]) -> list[tuple[datetime, datetime | None]]:
    """When they were due, and would have been."""
    return [(one.fact.due, one.would_be) for one in found]


def test_the_same_limits_change_nothing() -> None:
    for one in tried(given(ended()).file, TOWN, LONG_AGO):
        assert one.would_be == one.fact.due and one.missed(NOW) is one.would_miss(NOW)


def test_a_shorter_limit_is_due_earlier_and_may_have_been_missed() -> None:
    (run,) = of(given(WORK, result(at="03-05 10:00")), within(Z, "2 days"), Z)
    assert dues([run]) == [(at("03-09 10:00"), at("03-04 10:00"))]
    assert (run.ended, run.plain, run.missed(NOW), run.would_miss(NOW)) == (at("03-05 10:00"), True, False, True)


def test_a_longer_limit_may_have_been_met() -> None:
    (run,) = of(given(WORK, result(at="03-10 10:00")), within(Z, "10 days"), Z)
    assert (run.missed(NOW), run.would_miss(NOW)) == (True, False)


def test_what_still_runs_is_judged_as_of_now() -> None:
    (run,) = of(given(WORK), within(Z, "30 days"), Z)
    assert (run.ended, run.missed(NOW), run.would_miss(NOW)) == (None, True, False)
    assert (run.missed(at("03-09 10:00")), run.would_miss(at("04-02 10:00"))) == (False, True)


def test_what_was_paused_moved_or_came_back_is_not_judged() -> None:
    for life in (
        (WORK, extension_asked("1 day"), extension_granted(), result()),
        (working(), suspended()),
        (resolved(), failed()),
    ):
        (run,) = of(given(life), within(Z, "2 days"), Z)
        assert not run.plain and run.would_be


def test_only_what_began_since_then() -> None:
    story = given(WORK)
    assert len(of(story, TOWN, R)) == len(of(story, TOWN, Z)) == 1
    assert of(story, TOWN, R, since=at("03-02 10:00")) == [] != of(story, TOWN, Z, since=at("03-02 10:00"))


def test_a_clock_that_has_no_such_limit_is_said() -> None:
    steps = {**TOWN.policy.limits, (Z, Urgency.ROUTINE): (Limit.parse("2 days, step stop work"),)}
    law = replace(TOWN, policy=replace(TOWN.policy, limits=steps))
    (run,) = of(given(WORK), law, Z)
    assert run.would_be is None and not run.would_miss(NOW)
