"""What time and rules do, as the system: near due, missed, window passed, review date, lapsed, supervised, recounted."""

from dataclasses import replace
from datetime import date

from domain.actors import Actor, Role
from domain.calendars import Decision
from domain.commands import (
    ChangeEdition,
    CloseCase,
    LapseRequest,
    OpenSupervision,
    PassVerification,
    RecordMiss,
    RecordNearDue,
    RecordWindowPassed,
    Resume,
)
from domain.events import (
    CaseClosed,
    CaseResumed,
    DeadlineMissed,
    DeadlineNear,
    EditionChanged,
    RequestLapsed,
    ResultReported,
    SupervisionOpened,
    VerificationPassed,
    WindowPassed,
)
from domain.policy import Step, Window
from domain.states import Clock, Outcome, RequestKind
from tests.spec import Asked, given
from tests.steps import (
    assigned,
    called_out,
    ended,
    extension_asked,
    extension_granted,
    failed,
    found,
    handled,
    logged,
    own_result,
    referred_up,
    rejected,
    reported_in,
    resolved,
    result,
    return_asked,
    suspended,
    whistled,
    working,
)
from tests.ticks import at, moved, resumed, started, stopped
from tests.town import ILLEGAL_BUILDING, TOWN, clerk, community, dispatcher, supervisor, system, water, without

R, T, S, P = Clock.RESIDENT, Clock.TRIAGE, Clock.SIGN, Clock.REPORT_IN
Z, V, C, U = Clock.RESOLVE, Clock.VERIFY, Clock.CALL_BACK, Clock.SUPERVISION
WORK = (called_out(at="03-02 10:00"), reported_in())
NEAR = RecordNearDue(clock=Z, unit="water", run=1, revision=1)
MISS = RecordMiss(clock=Z, unit="water", run=1, revision=1)
MORE_TIME = (extension_asked("1 day"), extension_granted())


def test_a_deadline_is_near_at_four_fifths() -> None:
    given(WORK).when(system, NEAR, at="03-08 00:23").nothing()
    story = given(WORK).when(system, NEAR, at="03-08 00:24")
    story.then("in_progress stays", DeadlineNear(Z, "water", "", 1, 1))
    story.when(system, NEAR).nothing()


def test_a_deadline_that_was_moved_or_met_is_not_near() -> None:
    given(WORK, MORE_TIME).when(system, NEAR, at="03-09 23:00").nothing()
    given(WORK, result(at="03-08 01:00")).when(system, NEAR).nothing()
    given(WORK).when(dispatcher, NEAR, at="03-08 01:00").refused("only_the_system")


def test_a_missed_deadline_is_recorded_with_its_due() -> None:
    given(WORK).when(system, MISS, at="03-09 09:59").nothing()
    story = given(WORK).when(system, MISS, at="03-09 23:00")
    story.then(
        "in_progress stays",
        DeadlineMissed(Z, "water", "", 1, 1, due=at("03-09 10:00")),
        SupervisionOpened(1, "yellow", "water", "missed"),
        clocks=(started(U, "1"),),
    )
    story.when(system, MISS).nothing()


def test_a_miss_is_recorded_once_per_recorded_deadline() -> None:
    given(WORK, MORE_TIME).when(system, MISS, at="03-11 10:00").nothing()
    story = given(WORK, MORE_TIME).when(system, RecordMiss(clock=Z, unit="water", run=1, revision=2), at="03-11 10:00")
    story.then(
        "in_progress stays",
        DeadlineMissed(Z, "water", "", 1, 2, due=at("03-10 10:00")),
        SupervisionOpened(1, "yellow", "water", "missed"),
        clocks=(started(U, "1"),),
    )
    given(WORK).when(dispatcher, MISS, at="03-10 10:00").refused("only_the_system")


def test_nothing_is_missed_while_a_case_is_on_hold() -> None:
    given(WORK, suspended()).when(system, MISS, at="03-10 10:00").nothing()


def test_a_request_lapses_when_nobody_decides() -> None:
    asked = given(called_out(), return_asked(at="03-02 12:00"))
    asked.when(system, LapseRequest(1), at="03-03 11:59").nothing()
    asked.when(dispatcher, LapseRequest(1), at="03-03 12:00").refused("only_the_system")
    asked.when(system, LapseRequest(1), at="03-03 12:00").then(
        "assigned stays", RequestLapsed(1, RequestKind.RETURN, "not_decided_in_time")
    ).requests("lapsed")
    given(called_out(), return_asked(), rejected()).when(system, LapseRequest(1), at="03-04 12:00").nothing()
    given(called_out()).when(system, LapseRequest(1), at="03-04 12:00").nothing()


def test_a_case_is_taken_up_again_at_its_review_date() -> None:
    on_hold = given(working(), suspended())
    on_hold.when(system, Resume(), at="03-19 23:59").refused("the_review_date_has_come")
    on_hold.when(system, Resume(), at="03-20 00:00").then(
        "suspended → in_progress", CaseResumed(), clocks=(resumed(Z, "water"),)
    )


def test_a_closed_window_is_told_once() -> None:
    rate = RecordWindowPassed(Window.RATE)
    story = given(resolved())
    story.when(system, rate, at="03-06 10:00").nothing()
    story.when(supervisor, rate, at="03-10 10:00").refused("only_the_system")
    story.when(system, rate, at="03-10 10:00").then("resolved stays", WindowPassed(Window.RATE))
    story.when(system, rate).nothing()


def test_each_window_closes_by_itself() -> None:
    story = given(working(), extension_asked())
    story.when(system, RecordWindowPassed(Window.RETURN, "water"), at="03-04 10:00").then(
        "in_progress stays", WindowPassed(Window.RETURN, "water")
    )
    story.when(system, RecordWindowPassed(Window.CONTEST, "water")).then(
        "in_progress stays", WindowPassed(Window.CONTEST, "water")
    )
    story.when(system, RecordWindowPassed(Window.CONTEST, "gas")).nothing()
    story.when(system, RecordWindowPassed(Window.EXCLUDE)).nothing()
    story.when(system, RecordWindowPassed(Window.DECIDE, "1")).nothing()
    given(ended(at="03-04 09:00")).when(system, RecordWindowPassed(Window.REOPEN), at="04-03 09:01").then(
        "closed stays", WindowPassed(Window.REOPEN)
    )


def test_a_window_that_opens_again_closes_again() -> None:
    told = Asked(system, RecordWindowPassed(Window.RATE), "03-10 10:00")
    story = given(resolved(), told, failed(at="03-10 11:00"), result(at="03-10 12:00"))
    story.when(system, RecordWindowPassed(Window.RATE), at="03-11 10:00").nothing()
    story.when(system, RecordWindowPassed(Window.RATE), at="03-18 10:00").then(
        "resolved stays", WindowPassed(Window.RATE)
    )


def test_a_rule_supervises() -> None:
    given(working()).when(system, OpenSupervision("red", "water", "missed")).then(
        "in_progress stays", SupervisionOpened(1, "red", "water", "missed"), clocks=(started(U, "1"),)
    )


def test_where_verification_is_off_the_result_counts_as_seen() -> None:
    law = without(Step.VERIFICATION)
    given(working(), law=law).when(water, result().command).then(
        "in_progress → resolved",
        ResultReported("water", "pipe replaced", "The pipe is new."),
        VerificationPassed(),
        clocks=(stopped(Z, "water"), started(V), stopped(V), started(C)),
    )
    on_patrol = (found(), referred_up(), referred_up(community), handled())
    given(on_patrol, law=law).when(clerk, own_result().command).then(
        "handling → resolved",
        ResultReported("110001", "swept", "The street is clean."),
        VerificationPassed(),
        clocks=(stopped(Z, "110001"), started(V), stopped(V)),
    )


def test_the_system_passes_what_nobody_is_to_see() -> None:
    law = without(Step.VERIFICATION)
    given(resolved()).under(law).when(system, PassVerification()).then(
        "resolved → verified", VerificationPassed(), clocks=(stopped(V), started(C))
    )
    patrol = (found(), referred_up(), referred_up(community), handled(), own_result())
    given(patrol).under(law).when(system, PassVerification()).then(
        "resolved → verified", VerificationPassed(), clocks=(stopped(V),)
    )


def test_where_only_the_call_back_is_off_somebody_verifies() -> None:
    given(working(), law=without(Step.CALL_BACK)).when(water, result().command).then(
        "in_progress → resolved",
        ResultReported("water", "pipe replaced", "The pipe is new."),
        clocks=(stopped(Z, "water"), started(V)),
    )


def test_the_system_passes_or_closes_nothing_that_people_are_to_see() -> None:
    patrol = (found(), referred_up(), referred_up(community), handled(), own_result())
    given(resolved()).when(system, PassVerification()).refused("verification_is_off")
    given(patrol).when(system, PassVerification()).refused("verification_is_off")
    given(resolved()).under(without(Step.VERIFICATION)).when(system, CloseCase(Outcome.SOLVED)).refused(
        "calling_back_is_off"
    )
    given(resolved()).under(without(Step.CALL_BACK)).when(system, CloseCase(Outcome.SOLVED)).refused(
        "verification_is_off"
    )


def test_nobody_does_the_system_s_part() -> None:
    patrol = (found(), referred_up(), referred_up(community), handled(), own_result())
    law = without(Step.VERIFICATION)
    only = "only_the_grid_worker_or_the_street"
    given(resolved()).under(law).when(water, PassVerification()).refused(only)
    given(patrol).under(law).when(water, PassVerification()).refused(only)
    given(resolved()).under(without(Step.VERIFICATION, Step.CALL_BACK)).when(water, CloseCase(Outcome.SOLVED)).refused(
        "only_the_system"
    )


def test_a_case_follows_a_new_edition_and_what_lay_beyond_the_calendar_is_counted_again() -> None:
    known = replace(TOWN, calendar=replace(TOWN.calendar, known_until=date(2026, 3, 20)))
    published = replace(
        known,
        edition="110@2",
        calendar=replace(
            known.calendar, version="2", known_until=None, decisions={date(2026, 3, 23): Decision(False, "holiday")}
        ),
    )
    story = given(logged(ILLEGAL_BUILDING), whistled(), assigned("water", at="03-02 10:00"), law=known)
    story.when(Actor("admin-1", Role.ADMIN, "110"), ChangeEdition("110@2", "calendar"), law=published).refused(
        "only_the_system"
    )
    story.when(system, ChangeEdition("110@3", "calendar"), law=published).refused("no_such_edition", edition="110@3")
    story.when(system, ChangeEdition("110@2", "calendar"), law=published).then(
        "assigned stays",
        EditionChanged("110@2", "calendar"),
        clocks=(moved(Z, "water", due="03-24 10:00"),),
    ).shows(edition="110@2")
    story.when(system, ChangeEdition("110@2", "calendar"), law=published).nothing()


def test_the_end_comes_by_the_system_where_nothing_is_left_to_check() -> None:
    given(resolved()).under(without(Step.VERIFICATION, Step.CALL_BACK)).when(system, CloseCase(Outcome.SOLVED)).then(
        "resolved → closed", CaseClosed(Outcome.SOLVED), clocks=(stopped(R), stopped(V))
    )
