"""What is due is done: at its moment, once, in its order, whoever else works; and what holds waits for somebody to look."""

import logging
from datetime import timedelta
from uuid import uuid4

import pytest

from adapters.boards.rebuilding import rebuild
from adapters.clockwork import working
from adapters.clockwork.guard import FLOOD, LEAP, OUTAGE, why_held
from adapters.clockwork.working import LEASE
from domain import commands as c
from domain.actors import SYSTEM
from domain.case import Case
from domain.jurisdiction import Jurisdiction
from tests.adapters.clockwork.town import Town
from tests.ticks import at
from workflow.casework import Order
from workflow.waking import Waking, wakings

LOGGED_AT = at("03-02 09:00")
MINUTE = timedelta(minutes=1)
DAYS = timedelta(days=1)


def coming(town: Town, case: object) -> tuple[Waking, ...]:
    """What time will do to a case as it stands."""
    file = town.casework.case(case)  # type: ignore[arg-type]
    return wakings(file, town.casework.law_of(file))


def test_each_at_its_moment_and_in_its_order(town: Town) -> None:
    (case,) = town.logged(LOGGED_AT)
    clockwork, first = town.clockwork(), coming(town, case)[0]
    assert clockwork.tick(first.at - timedelta(microseconds=1)) == 0
    assert town.told(case) == ["CaseLogged"]
    assert clockwork.tick(first.at) == 1
    assert town.told(case) == ["CaseLogged", "DeadlineNear"]
    assert clockwork.tick(first.at) == 0
    standing = clockwork.standing(first.at)
    assert (standing.due, standing.next, standing.held) == (0, coming(town, case)[0].at, "")


def test_all_that_came_due_meanwhile_is_done_in_one_go(town: Town) -> None:
    (case,) = town.logged(LOGGED_AT)
    town.clockwork().tick(LOGGED_AT)
    now = LOGGED_AT + DAYS - MINUTE
    due = [waking for waking in coming(town, case) if waking.at <= now]
    assert town.clockwork().tick(now) == len(due) > 0
    assert not [waking for waking in coming(town, case) if waking.at <= now]


def test_what_another_has_in_hand_is_left_to_it_until_its_lease_runs_out(town: Town) -> None:
    (case,) = town.logged(LOGGED_AT)
    now = coming(town, case)[0].at
    other, mine = town.clockwork(), town.clockwork()
    assert list(other.take(now)) == [case]  # and then it dies
    assert mine.tick(now) == 0
    assert mine.tick(now + LEASE - MINUTE / 2) == 0
    assert mine.tick(now + LEASE) > 0
    assert town.told(case)[1] == "DeadlineNear"


def test_what_cannot_be_done_is_tried_again_when_the_lease_runs_out(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The seeded fault: a waking that the tables refuse."""
    cases = town.logged(LOGGED_AT, 3)
    now, clockwork = coming(town, cases[0])[0].at, town.clockwork()
    monkeypatch.setattr(working, "wakings", lambda _case, _law: (Waking(now, c.Resume()),))
    assert clockwork.tick(now) == 0  # and comes to an end
    assert clockwork.tick(now) == 0
    assert caplog.text.count("Resume of case") == len(cases)
    monkeypatch.setattr(working, "wakings", lambda case, law: (Waking(now, c.Resume()), *wakings(case, law)))
    assert clockwork.tick(now + LEASE) == len(cases)  # what can be done is done all the same
    assert caplog.text.count("Resume of case") == 2 * len(cases)


def test_a_case_that_cannot_be_told_keeps_nobody_waiting(
    town: Town, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The seeded fault: one case breaks whoever asks what time will do to it."""
    cases = town.logged(LOGGED_AT, 3)
    now, clockwork = coming(town, cases[0])[0].at, town.clockwork()

    def broken(case: Case, law: Jurisdiction) -> tuple[Waking, ...]:
        if case.id == cases[0]:
            raise ValueError("quoted words")
        return wakings(case, law)

    monkeypatch.setattr(working, "wakings", broken)
    assert (clockwork.tick(now), clockwork.tick(now)) == (2, 0)
    assert caplog.text.count(f"case {cases[0]} is due, and cannot be told: ValueError") == 1
    assert "quoted words" not in caplog.text


def test_a_timer_follows_from_the_log(town: Town) -> None:
    (case,) = town.logged(LOGGED_AT)
    now = coming(town, case)[0].at
    rebuild(town.boards)
    assert town.due(now) == 1
    cancel = Order(command=c.RecordNearDue(**meant(town, case)), actor=SYSTEM, now=now, id=uuid4())
    town.casework.handle(case, cancel)
    town.boards.catch_up()
    assert town.due(now) == 0


def meant(town: Town, case: object) -> dict[str, object]:
    """The deadline that is near first."""
    command = coming(town, case)[0].command
    return {name: getattr(command, name) for name in ("clock", "unit", "step", "run", "revision")}


def test_a_clock_that_leapt_holds_everything_until_somebody_has_looked(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    (case,) = town.logged(LOGGED_AT)
    clockwork, leapt = town.clockwork(), LOGGED_AT + 400 * DAYS
    clockwork.tick(LOGGED_AT)
    with caplog.at_level(logging.ERROR):
        assert [clockwork.tick(leapt + n * MINUTE) for n in range(3)] == [0, 0, 0]
    assert caplog.text.count("holds (leapt)") == 1
    assert town.told(case) == ["CaseLogged"]
    assert town.clockwork().standing(leapt).held == "leapt"
    assert clockwork.standing(LOGGED_AT + MINUTE).held == ""  # the clock was put right
    assert clockwork.release(leapt).held == ""
    assert clockwork.tick(leapt) > 0
    assert "DeadlineMissed" in town.told(case)


def test_a_flood_after_an_outage_holds_too(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.clockwork.guard.FLOOD", 4)
    cases = town.logged(LOGGED_AT, 5)
    now = coming(town, cases[0])[0].at
    clockwork = town.clockwork()
    assert (clockwork.tick(now), clockwork.standing(now).held) == (0, "flooded")  # nobody ever looked
    clockwork.release(now - 2 * OUTAGE)
    assert (clockwork.tick(now), clockwork.standing(now).held) == (0, "flooded")
    clockwork.release(now - OUTAGE)
    assert clockwork.tick(now) == 5


def test_what_holds_and_what_does_not() -> None:
    now = LOGGED_AT
    assert why_held(now, None, FLOOD) == why_held(now, now - LEAP, FLOOD - 1) == ""
    assert why_held(now, now - LEAP - MINUTE, 0) == ""  # a quiet holiday
    assert why_held(now, now - LEAP - MINUTE, 1) == "leapt"
    assert why_held(now, now - OUTAGE, FLOOD + 1) == ""  # an hour at which many things end
    assert why_held(now, now - OUTAGE - MINUTE, FLOOD + 1) == why_held(now, None, FLOOD + 1) == "flooded"
    assert why_held(now, now + 400 * DAYS, FLOOD + 1) == ""  # the clock was set back: nothing is early


def test_it_works_by_itself_until_it_is_stopped(town: Town) -> None:
    (case,) = town.logged(LOGGED_AT)
    now, clockwork = coming(town, case)[0].at, town.clockwork()
    clockwork.start(lambda: now)
    try:
        town.boards.wait_for(town.boards.head() + 1, patience=20)
    finally:
        clockwork.stop()
    assert town.told(case) == ["CaseLogged", "DeadlineNear"]
