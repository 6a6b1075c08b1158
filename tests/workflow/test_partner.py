"""The partner system: logs, and carries over what another system proves."""

from dataclasses import replace

from domain.commands import Acknowledge, CarryOver, PassVerification, ReportIn, ReportResult
from domain.events import CaseCarriedOver, CaseLogged, LeadReportedIn, ResultReported, VerificationPassed
from domain.places import Path
from domain.states import Clock, Level, Nature, Outcome, Source, State
from tests.district import COMMUNITY, DISTRICT, GRID, STREET
from tests.spec import Asked, given
from tests.steps import a_case
from tests.ticks import at, started, stopped
from tests.town import RUBBISH, grid_worker, hotline, partner, water

R, T, Z, V = Clock.RESIDENT, Clock.TRIAGE, Clock.RESOLVE, Clock.VERIFY
PLACE = Path(DISTRICT, STREET, COMMUNITY, GRID)
OPENED = at("01-05 09:00")
ASSIGNED = CarryOver(
    state=State.ASSIGNED,
    category=RUBBISH,
    place=GRID,
    source=Source.PARTNER,
    department="water",
    opened=OPENED,
    due=at("03-31 09:00"),
    external_id="X-1",
)
CLOSED = replace(ASSIGNED, state=State.CLOSED, resolved=at("02-01 09:00"), outcome=Outcome.UNKNOWN)
CARRIED = CaseCarriedOver(
    leaves=State.ASSIGNED,
    category=RUBBISH,
    source=Source.PARTNER,
    place=PLACE,
    department="water",
    opened=OPENED,
    due=at("03-31 09:00"),
    external_id="X-1",
    edition="110@1",
)


def test_logs_a_case() -> None:
    given().when(partner, a_case(source=Source.PARTNER, reporter=None)).then(
        "nothing → logged",
        CaseLogged(
            category=RUBBISH,
            nature=Nature.INCIDENT,
            source=Source.PARTNER,
            level=Level.STREET,
            place=PLACE,
            edition="110@1",
        ),
        clocks=(started(R), started(T)),
    )


def test_carries_over_a_case_with_the_deadline_it_had() -> None:
    given().when(partner, ASSIGNED).then(
        "nothing → assigned", CARRIED, clocks=(started(Z, "water", due="03-31 09:00"),)
    ).assignments(water="pending").accountable("water").shows(state=State.ASSIGNED, logged_at=OPENED, carried_over=True)


def test_carries_over_a_case_that_is_done() -> None:
    given().when(partner, CLOSED).then(
        "nothing → closed",
        replace(CARRIED, leaves=State.CLOSED, resolved=at("02-01 09:00"), outcome=Outcome.UNKNOWN),
        clocks=(started(Z, "water", due="03-31 09:00"), stopped(Z, "water")),
    ).assignments(water="done").shows(state=State.CLOSED, ended_at=at("02-01 09:00"), external_id="X-1")


def test_what_no_deadline_is_proven_of_has_none() -> None:
    given().when(partner, replace(ASSIGNED, due=None)).then("nothing → assigned", replace(CARRIED, due=None), clocks=())
    given().when(partner, replace(CLOSED, due=None)).then(
        "nothing → closed",
        replace(CARRIED, leaves=State.CLOSED, due=None, resolved=at("02-01 09:00"), outcome=Outcome.UNKNOWN),
        clocks=(),
    )


def test_what_was_carried_over_goes_on_by_the_table() -> None:
    story = given(Asked(partner, ASSIGNED))
    story.when(water, ReportResult("swept", "Clean.")).refused("reporting_in_is_off")
    story.when(water, ReportIn(on_the_spot=True)).then(
        "assigned → in_progress", LeadReportedIn("water", on_the_spot=True)
    )
    story.when(water, ReportResult("swept", "Clean.")).then(
        "in_progress → resolved", ResultReported("water", "swept", "Clean."), clocks=(stopped(Z, "water"), started(V))
    )
    story.when(grid_worker, PassVerification()).then("resolved → verified", VerificationPassed(), clocks=(stopped(V),))


def test_carries_over_work_in_progress() -> None:
    story = given(Asked(partner, replace(ASSIGNED, state=State.IN_PROGRESS)))
    story.assignments(water="reported_in").when(water, Acknowledge()).refused("not_in_this_assignment_state")


def test_carries_over_only_what_is_proven() -> None:
    story = given()
    story.when(hotline, ASSIGNED).refused("only_a_partner")
    story.when(partner, replace(ASSIGNED, state=State.LOGGED)).refused(
        "only_assigned_or_resolved_is_carried_over", state="logged"
    )
    story.when(partner, replace(ASSIGNED, state=State.CLOSED)).refused("only_assigned_or_resolved_is_carried_over")
    story.when(partner, replace(CLOSED, state=State.ASSIGNED)).refused("only_assigned_or_resolved_is_carried_over")
    story.when(partner, replace(ASSIGNED, department="fire")).refused("no_such_department", unit="fire")
    story.when(partner, replace(ASSIGNED, category="0999")).refused("no_such_category")
    story.when(partner, replace(ASSIGNED, place="999")).refused("no_such_place")
    story.when(partner, replace(ASSIGNED, opened=at("12-01 09:00"))).refused("not_in_the_future")
    story.when(partner, replace(CLOSED, resolved=at("12-01 09:00"))).refused("not_in_the_future")
    story.when(partner, replace(CLOSED, resolved=at("01-05 08:59"))).refused("not_resolved_before_it_was_opened")
