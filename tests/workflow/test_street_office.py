"""The street office: handles, sends down, whistles, contests, verifies, closes, rates."""

from domain.commands import (
    AmendCase,
    CloseCase,
    ContestReportIn,
    FailVerification,
    HandleCase,
    OrderRework,
    PassVerification,
    RateDepartment,
    SendDown,
)
from domain.events import (
    About,
    CaseAmended,
    CaseClosed,
    CaseSentDown,
    DepartmentRated,
    HandlingBegun,
    LeadReportInContested,
    ReworkOrdered,
    SupportReportInContested,
    VerificationFailed,
    VerificationPassed,
)
from domain.places import Path
from domain.states import Clock, Level, Outcome, State
from tests.district import COMMUNITY, DISTRICT, GRID, OTHER_COMMUNITY, OTHER_GRID, OTHER_STREET, STREET
from tests.spec import given
from tests.steps import (
    called,
    called_out,
    contested,
    ended,
    found,
    handled,
    logged,
    own_result,
    passed,
    reported_in,
    resolved,
    sent_down,
    verified,
    working,
)
from tests.ticks import moved, resumed, started, stopped
from tests.town import (
    GAS_SMELL,
    MINIMAL_TOWN,
    clerk,
    community,
    grid_worker,
    hotline,
    leader,
)

R, T, D, S, P = Clock.RESIDENT, Clock.TRIAGE, Clock.DISPATCH, Clock.SIGN, Clock.REPORT_IN
Z, V, C = Clock.RESOLVE, Clock.VERIFY, Clock.CALL_BACK


def test_handles_with_its_own_powers() -> None:
    given(logged()).when(clerk, HandleCase()).then(
        "logged → handling", HandlingBegun(STREET), clocks=(stopped(T), started(Z, STREET))
    ).accountable(STREET)


def test_sends_down_once() -> None:
    given(logged()).when(clerk, SendDown("a broom will do")).then(
        "logged stays", CaseSentDown(Level.COMMUNITY, "a broom will do"), clocks=(stopped(T), started(T))
    ).accountable(COMMUNITY)
    given(logged(), sent_down()).when(community, SendDown("to the grid")).refused("not_sent_down_before")


def test_sends_down_only_what_it_holds() -> None:
    given(logged()).when(grid_worker, SendDown("mine")).refused("only_the_unit_at_the_level")


def test_cannot_send_down_where_nothing_is_known_below() -> None:
    given(logged(place=STREET)).when(clerk, SendDown("too small")).refused("above_the_grid")


def test_contests_a_lead_that_did_not_come() -> None:
    given(called_out(at="03-02 10:00"), reported_in(at="03-02 12:00")).when(
        clerk, ContestReportIn("water", "nobody came"), at="03-03 09:00"
    ).then(
        "in_progress → assigned",
        LeadReportInContested("water", "nobody came"),
        clocks=(resumed(P, "water", due="03-06 07:00"),),
    ).assignments(water="acknowledged").accountable("water")


def test_contests_a_support_that_did_not_come() -> None:
    given(working("water", "roads"), reported_in("roads")).when(clerk, ContestReportIn("roads", "nobody came")).then(
        "in_progress stays", SupportReportInContested("roads", "nobody came"), clocks=(resumed(P, "roads"),)
    ).assignments(water="reported_in", roads="acknowledged")


def test_contests_only_what_was_reported_and_in_time() -> None:
    story = given(called_out("water", "roads"), reported_in("water", at="03-02 12:00"))
    story.when(clerk, ContestReportIn("gas", "who?")).refused("it_contests_a_support")
    story.when(clerk, ContestReportIn("roads", "not yet")).refused("within_the_contest_window")
    story.when(hotline, ContestReportIn("water", "no")).refused("only_the_street")
    story.when(clerk, ContestReportIn("water", "too late"), at="03-03 12:01").refused("within_the_contest_window")


def test_contests_a_support_in_time() -> None:
    story = given(working("water", "roads"), reported_in("roads", at="03-02 12:00"))
    story.when(hotline, ContestReportIn("roads", "no")).refused("only_the_street")
    story.when(clerk, ContestReportIn("roads", "too late"), at="03-03 12:01").refused("within_the_contest_window")


def test_a_report_in_is_contested_once() -> None:
    given(working("water", "roads"), reported_in("roads"), contested("roads")).when(
        clerk, ContestReportIn("roads", "again")
    ).refused("not_in_this_assignment_state")


def test_verifies_in_place_of_the_grid() -> None:
    given(resolved()).when(clerk, PassVerification()).then(
        "resolved → verified", VerificationPassed(), clocks=(stopped(V), started(C))
    )
    given(found(), handled(grid_worker), own_result(grid_worker)).when(clerk, PassVerification()).then(
        "resolved → verified", VerificationPassed(), clocks=(stopped(V),)
    )


def test_fails_what_the_grid_did_itself() -> None:
    given(found(), handled(grid_worker), own_result(grid_worker)).when(clerk, FailVerification("still dirty")).then(
        "resolved → handling",
        VerificationFailed(State.HANDLING, "still dirty"),
        clocks=(stopped(V), resumed(Z, GRID)),
    ).accountable(GRID)


def test_orders_rework_of_what_the_community_did() -> None:
    done = (logged(), sent_down(), handled(community), own_result(community), passed(clerk), called(solved=False))
    given(done).when(clerk, OrderRework("still dirty")).then(
        "verified → handling", ReworkOrdered(State.HANDLING, "still dirty"), clocks=(resumed(Z, COMMUNITY),)
    ).accountable(COMMUNITY)


def test_does_not_verify_call_back_or_close_its_own_work() -> None:
    done = given(logged(), handled(), own_result())
    done.when(clerk, PassVerification()).refused("not_the_handling_unit")
    given(logged(), handled(), own_result(), passed(), called()).when(clerk, CloseCase(Outcome.SOLVED)).refused(
        "not_the_handling_unit"
    )


def test_orders_rework_when_the_reporter_is_not_content() -> None:
    given(verified(), called(solved=False)).when(clerk, OrderRework("still wet")).then(
        "verified → in_progress", ReworkOrdered(State.IN_PROGRESS, "still wet"), clocks=(resumed(Z, "water"),)
    ).accountable("water").shows(rework=1)


def test_closes_what_is_solved() -> None:
    given(verified(), called()).when(clerk, CloseCase(Outcome.SOLVED)).then(
        "verified → closed", CaseClosed(Outcome.SOLVED), clocks=(stopped(R),)
    ).accountable("")


def test_puts_right_what_was_written() -> None:
    given(logged()).when(clerk, AmendCase(summary="Two bags")).then("logged stays", CaseAmended(summary="Two bags"))
    given(logged()).when(clerk, AmendCase(about=About("lamp-7", "Lamp 7"))).then(
        "logged stays", CaseAmended(about=About("lamp-7", "Lamp 7"))
    )
    given(logged()).when(clerk, AmendCase(place=OTHER_GRID)).then(
        "logged stays", CaseAmended(place=Path(DISTRICT, OTHER_STREET, OTHER_COMMUNITY, OTHER_GRID))
    ).accountable(OTHER_STREET)
    given(logged()).when(clerk, AmendCase()).nothing()


def test_a_category_put_right_moves_the_deadlines() -> None:
    given(logged(at="03-02 09:00")).when(clerk, AmendCase(category=GAS_SMELL)).then(
        "logged stays",
        CaseAmended(category=GAS_SMELL),
        clocks=(moved(R, due="03-02 14:00"), moved(T, due="03-02 14:00")),
    )


def test_puts_right_only_with_what_the_town_knows() -> None:
    story = given(logged())
    story.when(clerk, AmendCase(category="0999")).refused("no_such_category", category="0999")
    story.when(clerk, AmendCase(category="01")).refused("a_category_with_parts", category="01")
    story.when(clerk, AmendCase(place="999")).refused("no_such_place", place="999")
    story.when(clerk, AmendCase(about=About("lamp-8", "Lamp 8"))).refused("not_in_a_register", code="lamp-8")


def test_rates_a_department() -> None:
    rating = RateDepartment(unit="water", speed=5, quality=4, attitude=3, comment="quick")
    given(resolved()).when(leader, rating).then("resolved stays", DepartmentRated("water", 5, 4, 3, "quick"))
    given(verified()).when(leader, rating).then("verified stays", DepartmentRated("water", 5, 4, 3, "quick"))
    given(ended()).when(leader, rating).then("closed stays", DepartmentRated("water", 5, 4, 3, "quick"))


def test_rates_once_in_time_and_only_departments_of_the_case() -> None:
    rating = RateDepartment(unit="water", speed=5, quality=4, attitude=3)
    story = given(resolved())
    story.when(clerk, rating).refused("only_the_street_leader")
    story.when(leader, RateDepartment(unit="gas", speed=1, quality=1, attitude=1)).refused("a_department_of_the_case")
    story.when(leader, RateDepartment(unit="water", speed=0, quality=1, attitude=6)).refused("marks_from_one_to_five")
    story.when(leader, rating).then("resolved stays", DepartmentRated("water", 5, 4, 3))
    story.when(leader, rating).refused("not_rated_before")
    given(resolved()).when(leader, rating, at="03-09 18:00").refused("within_the_rating_window")
    given(resolved()).under(MINIMAL_TOWN).when(leader, rating).refused("rating_is_on")
