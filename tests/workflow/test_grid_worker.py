"""The grid worker: logs, handles, refers up, applies for a whistle, verifies."""

from domain.commands import (
    AmendCase,
    FailVerification,
    HandleCase,
    PassVerification,
    ReferUp,
    ReportResult,
    RequestWhistle,
    SendDown,
)
from domain.events import (
    CaseLogged,
    CaseReferredUp,
    HandlingBegun,
    RequestLapsed,
    ResultReported,
    VerificationFailed,
    VerificationPassed,
    WhistleRequested,
)
from domain.places import Path
from domain.states import Clock, Grade, Level, Nature, RequestKind, Source, State, WhistleKind
from tests.district import COMMUNITY, DISTRICT, GRID, OTHER_GRID, STREET
from tests.spec import given
from tests.steps import a_case, applied, found, handled, logged, own_result, plea, referred_up, resolved, sent_down
from tests.ticks import at, resumed, started, stopped
from tests.town import BURST_PIPE, RUBBISH, clerk, community, grid_worker, leader, water

R, T, Z, V, C = Clock.RESIDENT, Clock.TRIAGE, Clock.RESOLVE, Clock.VERIFY, Clock.CALL_BACK


def test_logs_what_the_patrol_found() -> None:
    given().when(grid_worker, a_case(source=Source.PATROL, reporter=None), at="03-02 09:00").then(
        "nothing → logged",
        CaseLogged(
            category=RUBBISH,
            nature=Nature.INCIDENT,
            source=Source.PATROL,
            level=Level.GRID,
            place=Path(DISTRICT, STREET, COMMUNITY, GRID),
            edition="110@1",
        ),
        clocks=(started(R, due="03-17 09:00"), started(T, due="03-03 09:00")),
    ).accountable(GRID)


def test_does_not_log_in_another_street() -> None:
    given().when(grid_worker, a_case(place=OTHER_GRID)).refused(
        "only_the_neighbourhood_or_the_hotline_or_a_resident_or_a_partner"
    )


def test_handles_on_the_spot() -> None:
    given(found()).when(grid_worker, HandleCase(), at="03-02 10:00").then(
        "logged → handling", HandlingBegun(GRID), clocks=(stopped(T), started(Z, GRID, due="03-09 10:00"))
    ).accountable(GRID)


def test_handles_only_at_its_level() -> None:
    given(logged()).when(grid_worker, HandleCase()).refused("only_the_unit_at_the_level")


def test_does_not_handle_what_its_level_may_not() -> None:
    given(found(BURST_PIPE)).when(grid_worker, HandleCase()).refused("the_category_allows_it")


def test_reports_what_it_did_itself() -> None:
    given(found(), handled(grid_worker)).when(grid_worker, ReportResult("swept", "Clean again.")).then(
        "handling → resolved", ResultReported(GRID, "swept", "Clean again."), clocks=(stopped(Z, GRID), started(V))
    ).accountable(STREET)


def test_nobody_else_reports_what_it_handles() -> None:
    given(found(), handled(grid_worker)).when(community, ReportResult("swept", "Clean.")).refused(
        "only_the_unit_that_handles"
    )


def test_refers_up_to_the_community() -> None:
    given(found()).when(grid_worker, ReferUp("no lorry")).then(
        "logged → logged", CaseReferredUp(Level.COMMUNITY, "no lorry"), clocks=(stopped(T), started(T))
    ).accountable(COMMUNITY)


def test_refers_up_what_it_had_begun() -> None:
    given(found(), handled(grid_worker)).when(grid_worker, ReferUp("no lorry")).then(
        "handling → logged", CaseReferredUp(Level.COMMUNITY, "no lorry"), clocks=(stopped(Z, GRID), started(T))
    ).assignments(**{GRID: "withdrawn"})


def test_refers_up_only_what_it_holds() -> None:
    given(found()).when(clerk, ReferUp("no lorry")).refused("only_the_unit_at_the_level")


def test_says_why_it_refers_up() -> None:
    given(found()).when(grid_worker, ReferUp(" ")).refused("say_it", field="reason")


def test_sends_nothing_down() -> None:
    given(found()).when(grid_worker, SendDown("too small")).refused("above_the_grid")


def test_refers_up_what_was_sent_down_to_it() -> None:
    given(logged(), sent_down()).when(community, ReferUp("no lorry")).then(
        "logged → logged", CaseReferredUp(Level.STREET, "no lorry"), clocks=(stopped(T), started(T))
    ).accountable(STREET)


def test_applies_for_a_whistle() -> None:
    given(found()).when(grid_worker, RequestWhistle(plea()), at="03-02 10:00").then(
        "logged stays", WhistleRequested(1, GRID, plea(), decide_by=at("03-03 10:00"))
    )


def test_applies_for_a_whistle_while_handling() -> None:
    given(found(), handled(grid_worker)).when(grid_worker, RequestWhistle(plea()), at="03-02 10:00").then(
        "handling stays", WhistleRequested(1, GRID, plea(), decide_by=at("03-03 10:00"))
    )


def test_applies_once_at_a_time() -> None:
    given(found(), applied()).when(grid_worker, RequestWhistle(plea())).refused("no_such_request_is_open")


def test_applies_only_for_what_it_holds() -> None:
    given(logged()).when(grid_worker, RequestWhistle(plea())).refused("only_the_unit_at_the_level")


def test_names_departments_that_there_are() -> None:
    proposed = RequestWhistle(plea(WhistleKind.RESIDENT_NEED, Grade.ROUTINE, "fire"))
    given(found()).when(grid_worker, proposed).refused("no_such_department", unit="fire")


def test_its_application_lapses_when_the_result_comes() -> None:
    given(found(), handled(grid_worker), applied()).when(grid_worker, ReportResult("swept", "Clean.")).then(
        "handling → resolved",
        ResultReported(GRID, "swept", "Clean."),
        RequestLapsed(1, RequestKind.WHISTLE, "left_its_states"),
        clocks=(stopped(Z, GRID), started(V)),
    ).requests("lapsed")


def test_verifies_what_a_department_did() -> None:
    given(resolved()).when(grid_worker, PassVerification()).then(
        "resolved → verified", VerificationPassed(), clocks=(stopped(V), started(C))
    )


def test_verifies_and_nobody_is_to_be_called() -> None:
    given(found(), referred_up(), referred_up(community), handled(), own_result()).when(
        grid_worker, PassVerification()
    ).then("resolved → verified", VerificationPassed(), clocks=(stopped(V),))


def test_fails_what_is_not_done() -> None:
    given(resolved()).when(grid_worker, FailVerification("still wet")).then(
        "resolved → in_progress",
        VerificationFailed(State.IN_PROGRESS, "still wet"),
        clocks=(stopped(V), resumed(Z, "water")),
    ).assignments(water="reported_in").accountable("water").shows(rework=1)


def test_fails_what_the_street_itself_did() -> None:
    given(logged(), handled(), own_result()).when(grid_worker, FailVerification("still dirty")).then(
        "resolved → handling",
        VerificationFailed(State.HANDLING, "still dirty"),
        clocks=(stopped(V), resumed(Z, STREET)),
    ).accountable(STREET)


def test_does_not_verify_its_own_work() -> None:
    done = given(found(), handled(grid_worker), own_result(grid_worker))
    done.when(grid_worker, PassVerification()).refused("not_the_handling_unit")
    done.when(grid_worker, FailVerification("still dirty")).refused("not_the_handling_unit")


def test_verifies_in_its_street_where_no_grid_is_known() -> None:
    given(logged(place=STREET), handled(), own_result()).when(grid_worker, PassVerification()).then(
        "resolved → verified", VerificationPassed(), clocks=(stopped(V), started(C))
    )


def test_nobody_but_grid_and_street_verifies() -> None:
    done = given(resolved())
    done.when(community, PassVerification()).refused("only_the_grid_worker_or_the_street")
    done.when(water, PassVerification()).refused("only_the_grid_worker_or_the_street")
    done.when(community, FailVerification("no")).refused("only_the_grid_worker_or_the_street")


def test_community_does_not_fail_what_the_street_did() -> None:
    given(logged(), handled(), own_result()).when(community, FailVerification("no")).refused(
        "only_the_grid_worker_or_the_street"
    )


def test_puts_right_what_it_wrote() -> None:
    given(found()).when(leader, AmendCase(summary="Two bags")).refused("only_the_accountable_unit")
