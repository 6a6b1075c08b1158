"""A complaint about a unit is nothing of that unit's: it lies in the sight of those above, and who is complained about does nothing in it."""

from dataclasses import replace

from domain import commands as c
from domain.actors import Actor
from domain.events import (
    CaseAssigned,
    CaseCancelled,
    CaseClosed,
    CaseLogged,
    CaseMerged,
    NoteAdded,
    RequestRejected,
    RestrictionLifted,
    VerificationPassed,
    WhistleBlown,
)
from domain.places import Path
from domain.privacy import Sealed, Secrecy
from domain.states import Clock, Level, Nature, Outcome, RequestKind
from tests.district import COMMUNITY, DISTRICT, GRID, OTHER_STREET, STREET
from tests.spec import Asked, given
from tests.steps import a_case, acknowledged, called, logged, plea, reported_in, result
from tests.ticks import started, stopped
from tests.town import (
    arbiter,
    as_well,
    clerk,
    community,
    dispatcher,
    grid_worker,
    hotline,
    leader,
    leader_of_another_street,
    supervisor,
    water,
)

WORDS = Sealed(Secrecy.NARRATIVE, "sealed")


def complaint(against: str, **said: object) -> c.LogCase:
    return replace(a_case(nature=Nature.COMPLAINT), against=against, **said)


def complained(against: str) -> Asked:
    return Asked(hotline, complaint(against))


def blown() -> Asked:
    return Asked(supervisor, c.BlowWhistle(plea=plea()))


def to_water() -> Asked:
    return Asked(dispatcher, c.AssignCase("water"))


def about_the_street() -> tuple[Asked, ...]:
    """It is resolved by a department that the dispatcher named."""
    return (complained(STREET), blown(), to_water(), acknowledged(), reported_in(), result())


def test_a_complaint_names_the_unit_it_is_about() -> None:
    story = (
        given().when(hotline, complaint("water")).shows(against="water", place=Path(DISTRICT, STREET, COMMUNITY, GRID))
    )
    assert isinstance(story.file[0].event, CaseLogged)
    assert story.file[0].event.against == "water"


def test_it_lies_in_the_sight_of_those_above_the_unit() -> None:
    for against, place, level, accountable in (
        (GRID, Path(DISTRICT, STREET, COMMUNITY), Level.STREET, STREET),
        (COMMUNITY, Path(DISTRICT, STREET), Level.STREET, STREET),
        (STREET, Path(DISTRICT), Level.STREET, DISTRICT),
        (OTHER_STREET, Path(DISTRICT, STREET, COMMUNITY, GRID), Level.STREET, STREET),
    ):
        given(complained(against)).shows(
            place=place, level=level, site=Path(DISTRICT, STREET, COMMUNITY, GRID)
        ).accountable(accountable)


def test_only_a_complaint_is_about_a_unit() -> None:
    given().when(hotline, replace(a_case(), against="water")).refused("only_a_complaint_is_about_a_unit")


def test_a_unit_is_one_of_the_district_and_below_it() -> None:
    for nobody in ("nowhere", DISTRICT):
        given().when(hotline, complaint(nobody)).refused("no_such_unit", unit=nobody)


def test_nobody_of_the_unit_does_anything_in_it() -> None:
    nobody_s = given(complained(STREET))
    for actor in (clerk, leader, community, grid_worker):
        nobody_s.when(actor, c.AddNote(WORDS)).refused("only_a_unit_of_the_case_or_the_reporter")
        nobody_s.when(actor, c.CancelCase("mistake")).refused("only_the_street_or_the_reporter")
    given(complained(COMMUNITY)).when(grid_worker, c.AddNote(WORDS)).refused("only_a_unit_of_the_case_or_the_reporter")
    given(complained(COMMUNITY)).when(clerk, c.AddNote(WORDS)).then("logged stays", NoteAdded(WORDS))


def test_a_unit_does_not_log_what_is_said_about_it() -> None:
    given().when(clerk, complaint(STREET)).refused("only_the_neighbourhood_or_the_hotline_or_a_resident_or_a_partner")
    given().when(water, complaint("water")).refused("only_the_neighbourhood_or_the_hotline_or_a_resident_or_a_partner")


def test_where_the_street_is_complained_about_the_supervisor_stands_in_its_stead() -> None:
    given(complained(STREET)).when(supervisor, c.BlowWhistle(plea=plea())).then(
        "logged → escalated", WhistleBlown(plea=plea()), clocks=(stopped(Clock.TRIAGE), started(Clock.DISPATCH))
    )
    given(complained(STREET)).when(leader_of_another_street, c.BlowWhistle(plea=plea())).refused(
        "only_the_unit_at_the_level_or_the_street_leader"
    )
    given(complained(STREET)).when(supervisor, c.CancelCase("mistake")).then(
        "logged → cancelled", CaseCancelled("mistake"), clocks=(stopped(Clock.RESIDENT), stopped(Clock.TRIAGE))
    )
    given(*about_the_street()).when(supervisor, c.PassVerification()).then(
        "resolved → verified", VerificationPassed(), clocks=(stopped(Clock.VERIFY), started(Clock.CALL_BACK))
    )
    verified = (*about_the_street(), Asked(supervisor, c.PassVerification()), called())
    given(*verified).when(supervisor, c.CloseCase(Outcome.SOLVED)).then(
        "verified → closed", CaseClosed(Outcome.SOLVED), clocks=(stopped(Clock.RESIDENT),)
    )


def test_nor_does_the_supervisor_where_the_street_is_not() -> None:
    given(complained("water")).when(supervisor, c.BlowWhistle(plea=plea())).refused(
        "only_the_unit_at_the_level_or_the_street_leader"
    )


def test_whom_it_is_about_is_not_asked_to_see_to_it() -> None:
    whistled = (complained("water"), Asked(leader, c.BlowWhistle(plea=plea())))
    for named in (c.AssignCase("water"), c.AssignCase("roads", ("water",))):
        given(*whistled).when(dispatcher, named).refused("not_to_whom_it_is_about", unit="water")
    given(*whistled).when(dispatcher, c.AssignCase("roads")).then(
        "escalated → assigned",
        CaseAssigned("roads"),
        clocks=(
            stopped(Clock.DISPATCH),
            *(started(clock, "roads") for clock in (Clock.SIGN, Clock.REPORT_IN, Clock.RESOLVE)),
        ),
    )
    assigned = (*whistled, Asked(dispatcher, c.AssignCase("roads")))
    given(*assigned).when(dispatcher, c.Reassign("water", "theirs")).refused("not_to_whom_it_is_about")
    given(*assigned).when(dispatcher, c.AddSupport("water")).refused("not_to_whom_it_is_about")
    given(*assigned).when(water, c.Acknowledge()).refused("only_the_lead_or_a_support")


def test_it_goes_on_only_inside_another_about_the_same_unit() -> None:
    other = given(complained(GRID), other=Asked(hotline, a_case()))
    other.when(clerk, c.MergeCase(other.other.id)).refused("about_the_same_unit")  # type: ignore[union-attr]
    same = given(complained(GRID), other=complained(GRID))
    same.when(clerk, c.MergeCase(same.other.id))  # type: ignore[union-attr]
    assert any(isinstance(entry.event, CaseMerged) for entry in same.file)


def test_where_it_lies_is_put_right_and_it_stays_out_of_sight() -> None:
    amended = given(complained(COMMUNITY)).when(clerk, c.AmendCase(place=COMMUNITY))
    amended.shows(site=Path(DISTRICT, STREET, COMMUNITY), place=Path(DISTRICT, STREET))


# --- it may be lifted, by two people


def lifting(by: Actor = dispatcher) -> Asked:
    return Asked(by, c.RequestLifting("it is heard in public"))


def test_two_people_let_the_unit_see_it() -> None:
    story = given(complained(STREET), lifting()).when(supervisor, c.GrantLifting(1))
    story.then("logged stays", RestrictionLifted(1, STREET, "it is heard in public")).requests("approved")
    story.shows(against="", place=Path(DISTRICT, STREET, COMMUNITY, GRID)).accountable(STREET)
    story.when(clerk, c.AddNote(WORDS)).then("logged stays", NoteAdded(WORDS))


def test_nobody_lifts_it_alone_and_nobody_of_the_unit() -> None:
    story = given(complained(STREET), lifting(supervisor))
    story.when(dispatcher, c.RequestLifting("once more")).refused("no_such_request_is_open")
    story.when(supervisor, c.GrantLifting(1)).refused("another_than_the_asker")
    story.when(as_well(supervisor, arbiter), c.GrantLifting(1)).refused("another_than_the_asker")
    story.when(dispatcher, c.GrantLifting(1)).refused("only_the_supervisor_or_the_arbiter")
    story.when(arbiter, c.GrantLifting(2)).refused("there_is_such_a_request")
    given(complained(STREET), lifting(), Asked(arbiter, c.RejectRequest(1, "no"))).when(
        supervisor, c.GrantLifting(1)
    ).refused("not_in_this_request_state")
    story.when(leader, c.GrantLifting(1)).refused("only_the_supervisor_or_the_arbiter")
    story.when(arbiter, c.RejectRequest(1, "it is not")).then(
        "logged stays", RequestRejected(1, RequestKind.LIFTING, "it is not")
    )
    given(complained(STREET)).when(leader, c.RequestLifting("it is mine")).refused(
        "only_the_supervisor_or_the_dispatcher"
    )


def test_what_is_about_no_unit_has_no_restriction_to_lift() -> None:
    given(logged()).when(supervisor, c.RequestLifting("why not")).refused("it_is_about_a_unit")
    lifted = (complained("water"), lifting(), Asked(supervisor, c.GrantLifting(1)))
    given(*lifted).when(dispatcher, c.RequestLifting("again")).refused("it_is_about_a_unit")
    story = given(*lifted, Asked(leader, c.BlowWhistle(plea=plea())))
    story.when(dispatcher, c.AssignCase("water")).accountable("water")
