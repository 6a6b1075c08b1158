"""What time will do to a case, and when: each told beforehand, given at that moment and not before, and then never again."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import reduce
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.case import Case, evolve
from domain.commands import Command, LapseRequest, RecordMiss, RecordNearDue, RecordWindowPassed, Resume
from domain.entries import Entry
from domain.jurisdiction import Jurisdiction
from domain.policy import Step, Window
from domain.states import Clock
from tests.spec import Asked, Steps, Story, given
from tests.steps import (
    called_out,
    ended,
    extension_asked,
    extension_granted,
    logged,
    reported_in,
    resolved,
    return_asked,
    suspended,
    working,
)
from tests.ticks import ZONE
from tests.town import TOWN, system, without
from workflow.ask import Refused
from workflow.decide import Desk, decide
from workflow.waking import Waking, wakings

S, P, Z = Clock.SIGN, Clock.REPORT_IN, Clock.RESOLVE
MANY = 40  # more than any case has ahead of it
WORK = (called_out(at="03-02 10:00"), reported_in())


def coming(story: Story, law: Jurisdiction = TOWN) -> tuple[Waking, ...]:
    """What time will do to a story's case."""
    assert story.case is not None
    return wakings(story.case, law)


def told(story: Story, kind: type[Command], **about: object) -> list[str]:
    """When commands of a kind will be given, as stories say it."""
    found = [w for w in coming(story) if isinstance(w.command, kind)]
    mine = [w for w in found if all(getattr(w.command, name) == value for name, value in about.items())]
    return [w.at.astimezone(ZONE).strftime("%m-%d %H:%M") for w in mine]


def test_a_running_clock_is_near_and_then_due() -> None:
    story = given(WORK)
    assert told(story, RecordNearDue, clock=Z) == ["03-08 00:24"]
    assert told(story, RecordMiss, clock=Z) == ["03-09 10:00"]
    assert told(story, RecordMiss, clock=S) == told(story, RecordMiss, clock=P) == []  # they stopped


def test_a_deadline_that_moved_is_meant_as_it_stands() -> None:
    story = given(WORK, extension_asked("1 day"), extension_granted())
    assert told(story, RecordMiss, clock=Z, revision=2) == ["03-10 10:00"]
    assert told(story, RecordMiss, clock=Z, revision=1) == []


def test_what_was_said_is_not_said_again() -> None:
    near = RecordNearDue(clock=Z, unit="water", run=1, revision=1)
    miss = RecordMiss(clock=Z, unit="water", run=1, revision=1)
    story = given(WORK, Asked(system, near, "03-08 00:24"))
    assert (told(story, RecordNearDue, clock=Z), told(story, RecordMiss, clock=Z)) == ([], ["03-09 10:00"])
    story = given(WORK, Asked(system, miss, "03-09 10:00"))
    assert told(story, RecordNearDue, clock=Z) == told(story, RecordMiss, clock=Z) == []


def test_a_case_on_hold_is_taken_up_at_its_review_date() -> None:
    story = given(working(), suspended())
    assert told(story, Resume) == ["03-20 00:00"]
    assert told(story, RecordMiss, clock=Z) == []


def test_a_request_lapses_at_its_decide_by() -> None:
    assert told(given(called_out(), return_asked(at="03-02 12:00")), LapseRequest) == ["03-03 12:00"]


def test_the_windows_that_somebody_hears_of() -> None:
    assert told(given(working()), RecordWindowPassed, window=Window.RETURN) != []
    assert told(given(resolved()), RecordWindowPassed, window=Window.RATE) != []
    story = given(resolved(), law=without(Step.RATING))
    assert not [w for w in coming(story, without(Step.RATING)) if isinstance(w.command, RecordWindowPassed)]


def test_nothing_wakes_a_case_that_ended_but_the_street_that_has_not_rated() -> None:
    assert {type(w.command) for w in coming(given(ended()))} <= {RecordWindowPassed}


LIVES: tuple[Steps, ...] = (
    logged(), called_out(), WORK, (working(), suspended()), (called_out(), return_asked()), resolved(), ended(),
    (WORK, extension_asked("1 day"), extension_granted()),
)  # fmt: skip


def test_each_comes_true_at_its_moment_not_before_and_once() -> None:
    for life in LIVES:
        comes_true(given(life).case)


def comes_true(case: Case | None) -> None:
    """All that time will do, one after another, until there is nothing more."""
    met = 0
    assert case is not None
    while found := wakings(case, TOWN):
        waking, met = found[0], met + 1
        assert done(case, waking, waking.at - timedelta(microseconds=1)) == ()
        entries = done(case, waking, waking.at)
        assert entries, waking
        case = reduce(evolve, entries, case)
        assert waking not in wakings(case, TOWN)
        assert met < MANY
    assert met


def done(case: Case, waking: Waking, now: datetime, law: Jurisdiction = TOWN) -> tuple[Entry, ...]:
    """What follows where the command comes at a moment."""
    try:
        return decide(case, waking.command, system, Desk(law, now, UUID(int=9)))
    except Refused:
        return ()


DAYS = (
    ("Asia/Shanghai", date(2028, 2, 29)),  # a leap day
    ("Asia/Shanghai", date(2027, 1, 1)),  # the year's end
    ("America/New_York", date(2026, 3, 8)),  # an hour is left out that day
    ("America/New_York", date(2026, 11, 1)),  # an hour comes twice
    ("Asia/Beirut", date(2026, 3, 29)),  # the day has no midnight
)


def test_a_review_date_comes_with_its_first_moment_in_the_district() -> None:
    held = given(working(), suspended()).case
    assert held is not None
    for zone, day in DAYS:
        law = replace(TOWN, calendar=replace(TOWN.calendar, zone=zone))
        terms = replace(held.requests[-1].terms, review=day)
        case = replace(held, requests=(*held.requests[:-1], replace(held.requests[-1], terms=terms)))
        (waking,) = [w for w in wakings(case, law) if isinstance(w.command, Resume)]
        assert waking.at.astimezone(ZoneInfo(zone)).date() == day
        assert (waking.at - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date() == day - timedelta(days=1)
        assert done(case, waking, waking.at, law) and not done(case, waking, waking.at - timedelta(microseconds=1), law)
