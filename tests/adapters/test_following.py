"""Open cases follow another edition: foreseen, then done, each with the deadlines that were provisional set again."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from adapters.following import follow
from adapters.jurisdictions import shipped
from api.whole import Whole, compose
from domain.actors import Actor, Role
from domain.commands import (
    AssignCase,
    BlowWhistle,
    CancelCase,
    CloseCase,
    Command,
    LogCase,
    PassVerification,
    ReportIn,
    ReportResult,
)
from domain.events import EditionChanged, Plea
from domain.states import Clock, Grade, Outcome, Source, WhistleKind
from tests.api.office import settled
from tests.api.people import DISTRICT, GRID, STREET
from tests.api.test_command_line import whistle
from workflow.casework import Order

UNIT = "urban_management"
WORKER, CLERK = Actor("worker", Role.GRID_WORKER, GRID), Actor("clerk", Role.STREET_CLERK, STREET)
LEADER, DISPATCHER = Actor("leader", Role.STREET_LEADER, STREET), Actor("dispatcher", Role.DISPATCHER, DISTRICT)
DEPARTMENT = Actor("department", Role.DEPARTMENT_CLERK, UNIT)
NOW = datetime(2026, 12, 28, 2, tzinfo=UTC)  # the calendar is known to the year's end
KNOWN = "known_until = 2026-12-31"


OFF = """
[[off]]
from = 2027-01-01
to = 2027-01-03
name = "元旦"
source = "invented"
"""


def published(at: Path) -> Path:
    """The shipped district, whose calendar is known for another year."""
    shutil.copytree(shipped("chengguan"), at)
    national = at / "calendars" / "national.toml"
    text = national.read_text(encoding="utf-8")
    assert KNOWN in text
    national.write_text(text.replace(KNOWN, "known_until = 2027-12-31") + OFF, encoding="utf-8")
    return at


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Whole]:
    made = compose(settled(tmp_path / "store", shipped("chengguan")), lambda: NOW)
    yield made
    made.close()


def assigned(whole: Whole) -> UUID:
    """A case with a department that has fifteen working days from the last of the year."""
    case = uuid4()
    whole.casework.open_case(case, ordered(LogCase(category="0101", place=GRID, source=Source.PATROL), WORKER, NOW))
    for actor, command in (
        (
            LEADER,
            BlowWhistle(plea=Plea(kind=WhistleKind.KEY_WORK, grade=Grade.ROUTINE, why="no powers", tried="asked")),
        ),
        (DISPATCHER, AssignCase(UNIT)),
        (DEPARTMENT, ReportIn(on_the_spot=True)),
    ):
        whole.casework.handle(case, ordered(command, actor, NOW))
    return case


def ordered(command: Command, actor: Actor, now: datetime) -> Order:
    return Order(command=command, actor=actor, now=now, id=uuid4())


def test_what_was_provisional_is_set_again_and_says_why(whole: Whole, tmp_path: Path) -> None:
    waits, ended = assigned(whole), assigned(whole)
    whole.casework.handle(ended, ordered(ReportResult("done", "done"), DEPARTMENT, NOW + timedelta(hours=1)))
    for command in (PassVerification(), CloseCase(Outcome.SOLVED)):
        whole.casework.handle(ended, ordered(command, CLERK, NOW + timedelta(hours=2)))
    whole.boards.catch_up()
    before = whole.casework.case(waits)
    assert before.timers[Clock.RESOLVE, UNIT, ""].provisional
    assert whole.editions.load(published(tmp_path / "next"), NOW) == "540102@2"
    act = partial(
        follow, whole.boards.engine, whole.casework, "540102@2", "the calendar of 2027", NOW + timedelta(days=1)
    )
    (foreseen,) = act(write=False)
    assert whole.casework.case(waits) == before
    (done,) = act(write=True)
    assert (done.case, done.former, done.moved) == (waits, "540102@1", foreseen.moved)
    (moved,) = [fact for fact in done.moved if (fact.clock, fact.step) == (Clock.RESOLVE, "")]
    timer = whole.casework.case(waits).timers[Clock.RESOLVE, UNIT, ""]
    assert (moved.cause, moved.due, timer.provisional) == ("calendar", timer.due, False)
    assert timer.due > before.timers[Clock.RESOLVE, UNIT, ""].due
    last = whole.casework.file(waits)[-1]
    assert last.event == EditionChanged("540102@2", "the calendar of 2027") and last.actor.staff == "system"
    assert whole.casework.case(ended).edition == "540102@1"
    assert list(act(write=True)) == []  # again: nothing is left


def test_a_case_that_ends_meanwhile_is_passed_by(whole: Whole, tmp_path: Path) -> None:
    case = uuid4()
    whole.casework.open_case(case, ordered(LogCase(category="0101", place=GRID, source=Source.PATROL), WORKER, NOW))
    whole.boards.catch_up()
    whole.editions.load(published(tmp_path / "next"), NOW)
    whole.casework.handle(
        case, ordered(CancelCase("duplicate"), CLERK, NOW + timedelta(hours=1))
    )  # the boards do not know
    assert list(follow(whole.boards.engine, whole.casework, "540102@2", "x", NOW + timedelta(days=1), write=True)) == []


def test_the_command_line(whole: Whole, tmp_path: Path) -> None:
    case, home = assigned(whole), whole.settings.home
    whole.editions.load(published(tmp_path / "next"), NOW)
    foreseen = whistle("jurisdiction", "follow", "--reason", "calendar", "--dry-run", home=home)
    assert foreseen.returncode == 0 and "resolve urban_management → 2027-01-19 10:00" in foreseen.stdout
    assert foreseen.stdout.endswith("1 cases would follow 540102@2\n")
    assert whole.casework.case(case).edition == "540102@1"
    assert whistle("jurisdiction", "follow", "--reason", "calendar", home=home).stdout.endswith(
        "1 cases follow 540102@2\n"
    )
    assert whole.casework.case(case).edition == "540102@2"
    assert whistle("jurisdiction", "follow", "--reason", "calendar", home=home).stdout == "0 cases follow 540102@2\n"
