"""What the system does by itself when something has happened: supervise, and refer up; each says why, each can be left to people."""

from dataclasses import replace

from domain.commands import LiftSupervision, RecordCallback, RecordMiss
from domain.events import CallbackRecorded, CaseReferredUp, DeadlineMissed, SupervisionLifted, SupervisionOpened
from domain.jurisdiction import Jurisdiction
from domain.policy import Reaction
from domain.states import Clock, Level, Satisfied
from tests.district import COMMUNITY, GRID, STREET
from tests.spec import Asked, Story, given
from tests.steps import (
    called_out,
    found,
    handled,
    logged,
    referred_up,
    supervised,
    verified,
    whistled,
    working,
)
from tests.ticks import Tick, started, stopped
from tests.town import TOWN, community, grid_worker, hotline, supervisor, system

R, T, D, S, P = Clock.RESIDENT, Clock.TRIAGE, Clock.DISPATCH, Clock.SIGN, Clock.REPORT_IN
Z, C, U = Clock.RESOLVE, Clock.CALL_BACK, Clock.SUPERVISION
LATE = "05-30 10:00"  # every deadline is past


def by_hand(*reactions: Reaction) -> Jurisdiction:
    """The town that leaves these to people."""
    return replace(TOWN, policy=replace(TOWN.policy, by_hand=frozenset(reactions)))


def missed(story: Story, clock: Clock, unit: str = "", run: int = 1, revision: int = 1, at: str = "") -> Story:
    """A deadline is recorded as missed."""
    return story.when(system, RecordMiss(clock=clock, unit=unit, run=run, revision=revision), at=at)


def miss(story: Story, clock: Clock, unit: str = "", run: int = 1, revision: int = 1) -> DeadlineMissed:
    """The event of it: its time is the due time."""
    assert story.case
    return DeadlineMissed(clock, unit, "", run, revision, due=story.case.timers[clock, unit, ""].due)


def watched(number: int) -> tuple[Tick, ...]:
    """A supervision's own clock began."""
    return (started(U, str(number)),)


def test_who_misses_a_deadline_is_supervised_once_for_as_long_as_that_lasts() -> None:
    story = given(called_out("water", "roads"))
    missed(story, S, "water", at=LATE).then(
        "assigned stays", miss(story, S, "water"), SupervisionOpened(1, "yellow", "water", "missed"), clocks=watched(1)
    )
    missed(story, P, "water").then("assigned stays", miss(story, P, "water"))
    missed(story, S, "roads").then(
        "assigned stays", miss(story, S, "roads"), SupervisionOpened(2, "yellow", "roads", "missed"), clocks=watched(2)
    )
    story.when(supervisor, LiftSupervision(1)).then(
        "assigned stays", SupervisionLifted(1, ""), clocks=(stopped(U, "1"),)
    )
    missed(story, Z, "water").then(
        "assigned stays", miss(story, Z, "water"), SupervisionOpened(3, "yellow", "water", "missed"), clocks=watched(3)
    )


def test_a_supervision_for_something_else_does_not_count() -> None:
    story = given(working(), supervised())
    missed(story, Z, "water", at=LATE).then(
        "in_progress stays",
        miss(story, Z, "water"),
        SupervisionOpened(2, "yellow", "water", "missed"),
        clocks=watched(2),
    )


def test_of_the_case_s_own_clocks_whoever_is_accountable_is_supervised() -> None:
    story = given(logged(), whistled())
    missed(story, D, at=LATE).then(
        "escalated stays", miss(story, D), SupervisionOpened(1, "yellow", "110", "missed"), clocks=watched(1)
    )
    story = given(working())
    missed(story, R, at=LATE).then(
        "in_progress stays", miss(story, R), SupervisionOpened(1, "yellow", "water", "missed"), clocks=watched(1)
    )


def test_a_supervision_that_nobody_answers_is_not_supervised() -> None:
    story = given(working(), supervised())
    missed(story, U, "1", at=LATE).then("in_progress stays", miss(story, U, "1"))
    story = given(found(), referred_up(), referred_up(community), supervised(STREET))
    missed(story, U, "1", at=LATE).then("logged stays", miss(story, U, "1"))
    missed(story, T, run=3).then(
        "logged stays",
        miss(story, T, run=3),
        SupervisionOpened(2, "yellow", STREET, "missed_too_often"),
        clocks=watched(2),
    )


def test_below_the_street_so_many_misses_take_it_up_a_level() -> None:
    story = given(found())
    missed(story, T, at=LATE).then("logged stays", miss(story, T)).accountable(GRID)
    missed(story, R).then(
        "logged stays",
        miss(story, R),
        CaseReferredUp(Level.COMMUNITY, "missed_too_often"),
        clocks=(stopped(T), started(T)),
    ).accountable(COMMUNITY)
    missed(story, T, run=2, at="06-30 10:00").then("logged stays", miss(story, T, run=2)).accountable(COMMUNITY)


def test_what_a_level_handles_itself_is_taken_up_too() -> None:
    story = given(found(), handled(by=grid_worker))
    missed(story, R, at=LATE).then("handling stays", miss(story, R))
    missed(story, Z, GRID).then(
        "handling stays",
        miss(story, Z, GRID),
        CaseReferredUp(Level.COMMUNITY, "missed_too_often"),
        clocks=(stopped(Z, GRID), started(T)),
    ).accountable(COMMUNITY)


def test_at_the_street_so_many_misses_are_supervised_once() -> None:
    story = given(found(), referred_up(), referred_up(community))
    missed(story, T, run=3, at=LATE).then("logged stays", miss(story, T, run=3))
    missed(story, R).then(
        "logged stays", miss(story, R), SupervisionOpened(1, "yellow", STREET, "missed_too_often"), clocks=watched(1)
    )


def test_misses_of_one_s_own_do_not_follow_the_case() -> None:
    once = Asked(system, RecordMiss(clock=R, run=1, revision=1), LATE)
    story = given(found(), once, referred_up(), referred_up(community))
    missed(story, T, run=3, at="06-30 10:00").then("logged stays", miss(story, T, run=3))


def test_an_unsatisfied_reporter_is_heard() -> None:
    no = RecordCallback(contacted=True, solved=False, satisfied=Satisfied.NO)
    said = CallbackRecorded(1, contacted=True, solved=False, satisfied=Satisfied.NO)
    given(verified()).when(hotline, no).then(
        "verified stays",
        said,
        SupervisionOpened(1, "yellow", "water", "not_satisfied"),
        clocks=(stopped(C), started(U, "1")),
    )
    mostly = RecordCallback(contacted=True, solved=True, satisfied=Satisfied.MOSTLY)
    given(verified()).when(hotline, mostly).then(
        "verified stays",
        CallbackRecorded(1, contacted=True, solved=True, satisfied=Satisfied.MOSTLY),
        clocks=(stopped(C),),
    )


def test_a_city_leaves_it_to_people() -> None:
    alone = by_hand(*Reaction)
    story = given(called_out(), law=alone)
    missed(story, S, "water", at=LATE).then("assigned stays", miss(story, S, "water"))
    story = given(found(), law=alone)
    missed(story, T, at=LATE).then("logged stays", miss(story, T))
    missed(story, R).then("logged stays", miss(story, R))
    story = given(found(), referred_up(), referred_up(community), law=alone)
    missed(story, T, run=3, at=LATE).then("logged stays", miss(story, T, run=3))
    missed(story, R).then("logged stays", miss(story, R))
    given(verified(), law=alone).when(
        hotline, RecordCallback(contacted=True, solved=False, satisfied=Satisfied.NO)
    ).then(
        "verified stays",
        CallbackRecorded(1, contacted=True, solved=False, satisfied=Satisfied.NO),
        clocks=(stopped(C),),
    )
