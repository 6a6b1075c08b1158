"""The hotline: logs while talking, answers questions, calls back."""

from dataclasses import replace

from domain.commands import AnswerOnTheSpot, CloseCase, OrderRework, RecordCallback
from domain.events import About, CallbackRecorded, CaseAnswered, CaseClosed, CaseLogged, ReworkOrdered
from domain.places import Path
from domain.states import Clock, Level, Nature, Outcome, Satisfied, Source, State, Urgency
from tests.district import COMMUNITY, DISTRICT, GRID, STREET
from tests.spec import Asked, given
from tests.steps import (
    SOMEONE,
    a_case,
    asked_a_question,
    called,
    found,
    handled,
    logged,
    nobody_answered,
    own_result,
    passed,
    referred_up,
    result,
    verified,
)
from tests.ticks import at, resumed, started, stopped
from tests.town import LAMP, RUBBISH, clerk, community, grid_worker, hotline, supervisor, water

R, T, Z, C = Clock.RESIDENT, Clock.TRIAGE, Clock.RESOLVE, Clock.CALL_BACK
CONTENT = RecordCallback(contacted=True, solved=True, satisfied=Satisfied.MOSTLY)
UNREACHED = RecordCallback(contacted=False)


def test_logs_what_a_caller_says() -> None:
    told = replace(a_case(), about=About("lamp-7", "Lamp 7"), occurred_at=at("03-02 08:00"))
    given().when(hotline, told, at="03-02 09:00").then(
        "nothing → logged",
        CaseLogged(
            category=RUBBISH,
            nature=Nature.INCIDENT,
            source=Source.HOTLINE,
            level=Level.STREET,
            place=Path(DISTRICT, STREET, COMMUNITY, GRID),
            about=About("lamp-7", "Lamp 7"),
            reporter=SOMEONE,
            receipt="receipt-1",
            edition="110@1",
        ),
        clocks=(started(R), started(T)),
    ).accountable(STREET)


def test_logs_what_cannot_wait_and_its_clocks_run_day_and_night() -> None:
    given().when(hotline, a_case(urgency=Urgency.EMERGENCY), at="03-07 23:00").then(
        "nothing → logged",
        CaseLogged(
            category=RUBBISH,
            nature=Nature.INCIDENT,
            source=Source.HOTLINE,
            level=Level.STREET,
            place=Path(DISTRICT, STREET, COMMUNITY, GRID),
            urgency=Urgency.EMERGENCY,
            reporter=SOMEONE,
            receipt="receipt-1",
            edition="110@1",
        ),
        clocks=(started(R, due="03-08 01:00"), started(T, due="03-08 01:00")),
    )


def test_logs_only_what_the_town_knows() -> None:
    story = given()
    story.when(hotline, a_case("0999")).refused("no_such_category", category="0999")
    story.when(hotline, a_case("01")).refused("a_category_with_parts", category="01")
    story.when(hotline, a_case(" ")).refused("say_it", field="category")
    story.when(hotline, a_case(place="999")).refused("no_such_place", place="999")
    story.when(hotline, replace(a_case(), about=About("lamp-8", "Lamp 8"))).refused("not_in_a_register", code="lamp-8")
    story.when(hotline, replace(a_case(), occurred_at=at("03-09 09:00")), at="03-02 09:00").refused("not_in_the_future")
    assert LAMP.code == "lamp-7"


def test_answers_a_question_on_the_spot() -> None:
    given(asked_a_question()).when(hotline, AnswerOnTheSpot("Counter 3.")).then(
        "logged → closed", CaseAnswered("Counter 3."), clocks=(stopped(R), stopped(T))
    ).shows(outcome=Outcome.EXPLAINED)
    given(asked_a_question()).when(clerk, AnswerOnTheSpot("Counter 3.")).then(
        "logged → closed", CaseAnswered("Counter 3."), clocks=(stopped(R), stopped(T))
    )


def test_answers_nothing_but_questions() -> None:
    given(logged()).when(hotline, AnswerOnTheSpot("Counter 3.")).refused("a_consultation")
    given(asked_a_question()).when(hotline, AnswerOnTheSpot("")).refused("say_it", field="answer")
    given(asked_a_question()).when(grid_worker, AnswerOnTheSpot("Counter 3.")).refused("only_the_hotline_or_the_street")


def test_calls_back() -> None:
    given(verified()).when(hotline, CONTENT).then(
        "verified stays",
        CallbackRecorded(1, contacted=True, solved=True, satisfied=Satisfied.MOSTLY),
        clocks=(stopped(C),),
    )
    given(verified()).when(clerk, CONTENT).then(
        "verified stays",
        CallbackRecorded(1, contacted=True, solved=True, satisfied=Satisfied.MOSTLY),
        clocks=(stopped(C),),
    )


def test_calls_until_somebody_answers() -> None:
    given(verified()).when(hotline, UNREACHED).then("verified stays", CallbackRecorded(1, contacted=False))
    given(verified(), nobody_answered()).when(clerk, UNREACHED).then(
        "verified stays", CallbackRecorded(2, contacted=False)
    )
    given(verified(), nobody_answered()).when(hotline, CONTENT).then(
        "verified stays",
        CallbackRecorded(2, contacted=True, solved=True, satisfied=Satisfied.MOSTLY),
        clocks=(stopped(C),),
    )


def test_calls_so_often_and_no_more() -> None:
    story = given(verified(), nobody_answered(), nobody_answered())
    story.when(hotline, UNREACHED).then("verified stays", CallbackRecorded(3, contacted=False), clocks=(stopped(C),))
    story.when(hotline, UNREACHED).refused("attempts_are_left")
    story.when(hotline, CONTENT).refused("attempts_are_left")
    given(verified(), called()).when(hotline, CONTENT).refused("attempts_are_left")
    given(verified(), called()).when(hotline, UNREACHED).refused("attempts_are_left")


def test_says_whether_it_is_solved_if_somebody_answered() -> None:
    story = given(verified())
    story.when(hotline, RecordCallback(contacted=True)).refused("contacted_needs_solved_and_satisfied")
    story.when(hotline, RecordCallback(contacted=True, solved=True)).refused("contacted_needs_solved_and_satisfied")
    story.when(hotline, RecordCallback(contacted=False, solved=True)).refused("contacted_needs_solved_and_satisfied")


def test_calls_nobody_where_nobody_waits() -> None:
    story = given(found(), referred_up(), referred_up(community), handled(), own_result(), passed())
    story.when(hotline, CONTENT).refused("somebody_is_to_be_called")
    story.when(hotline, UNREACHED).refused("somebody_is_to_be_called")


def test_who_handled_does_not_call_and_nor_do_departments() -> None:
    own = given(logged(), handled(), own_result(), passed())
    own.when(clerk, CONTENT).refused("not_the_handling_unit")
    own.when(clerk, UNREACHED).refused("not_the_handling_unit")
    story = given(verified())
    story.when(water, CONTENT).refused("only_the_hotline_or_the_street_or_the_reporter")
    story.when(water, UNREACHED).refused("only_the_hotline_or_the_street_or_the_reporter")


def test_calls_back_where_the_street_handled_and_the_district_closes() -> None:
    story = given(logged(), handled(), own_result(), passed())
    story.when(hotline, CONTENT).then(
        "verified stays",
        CallbackRecorded(1, contacted=True, solved=True, satisfied=Satisfied.MOSTLY),
        clocks=(stopped(C),),
    )
    story.when(supervisor, CloseCase(Outcome.SOLVED)).then(
        "verified → closed", CaseClosed(Outcome.SOLVED), clocks=(stopped(R),)
    )


def test_orders_rework_when_it_is_not_solved() -> None:
    given(verified(), called(solved=False)).when(hotline, OrderRework("no water")).then(
        "verified → in_progress", ReworkOrdered(State.IN_PROGRESS, "no water"), clocks=(resumed(Z, "water"),)
    )
    given(logged(), handled(), own_result(), passed(), called(solved=False)).when(hotline, OrderRework("dirty")).then(
        "verified → handling", ReworkOrdered(State.HANDLING, "dirty"), clocks=(resumed(Z, STREET),)
    )


def test_orders_rework_only_for_what_the_reporter_said() -> None:
    given(verified()).when(hotline, OrderRework("a feeling")).refused("it_is_not_solved")
    given(verified(), called()).when(hotline, OrderRework("a feeling")).refused("it_is_not_solved")
    given(verified(), called(solved=False)).when(water, OrderRework("mine")).refused(
        "only_the_street_or_the_hotline_or_the_reporter"
    )
    own = given(logged(), handled(), own_result(), passed())
    own.when(hotline, OrderRework("a feeling")).refused("it_is_not_solved")
    unsolved = given(logged(), handled(), own_result(), passed(), called(solved=False))
    unsolved.when(grid_worker, OrderRework("mine")).refused("only_the_street_or_the_hotline_or_the_reporter")


def test_a_new_result_is_called_back_anew() -> None:
    again = Asked(hotline, OrderRework("no water"))
    given(verified(), nobody_answered(), called(solved=False), again, result(), passed()).when(hotline, UNREACHED).then(
        "verified stays", CallbackRecorded(1, contacted=False)
    )
