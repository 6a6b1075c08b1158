"""Thousands of timers while workers are killed: each once, none early, none left. The checker finds what is seeded."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from domain.clocks import Moved, Resumed, Started
from domain.entries import Entry
from domain.events import DeadlineMissed, DeadlineNear
from tests.adapters.clockwork.town import Town
from tests.breaking.waiting import until
from tests.ticks import at
from workflow.waking import wakings

LOGGED_AT = at("03-02 09:00")
CASES, TIMERS, KILLS = 750, 3_000, 30
LEASE = timedelta(seconds=1.5)
Deadline = tuple[object, ...]


def deadline_of(entry: Entry) -> Deadline:
    """Which deadline of which case an event of time is about, and whether it says near or missed."""
    event = entry.event
    assert isinstance(event, DeadlineNear | DeadlineMissed)
    return type(event), entry.case, event.clock, event.unit, event.step, event.run, event.revision


def moments(entries: Iterable[Entry]) -> Iterator[tuple[Deadline, datetime]]:
    """Every deadline that the clocks of a log set, with when it is near, and when it is due."""
    for entry in entries:
        for fact in entry.clocks:
            if isinstance(fact, Started | Resumed | Moved):
                which = (entry.case, fact.clock, fact.unit, fact.step, fact.run, getattr(fact, "revision", 1))
                yield (DeadlineNear, *which), fact.near
                yield (DeadlineMissed, *which), fact.due


def wrong(entries: list[Entry]) -> list[str]:
    """What was done twice, or before its moment."""
    when = dict(moments(entries))
    told = [entry for entry in entries if isinstance(entry.event, DeadlineNear | DeadlineMissed)]
    twice = [f"twice: {which}" for which, n in Counter(map(deadline_of, told)).items() if n > 1]
    early = [f"early: {deadline_of(e)}" for e in told if e.recorded_at < when[deadline_of(e)]]
    return twice + early


def left(town: Town, now: datetime) -> int:
    """How many commands time still has to give."""
    files = [town.casework.case(case) for case in {entry.case for entry in town.entries()}]
    return sum(w.at <= now for file in files for w in wakings(file, town.casework.law_of(file)))


def killed(worker: "subprocess.Popen[bytes]") -> None:
    """As by a power cut."""
    worker.kill()
    worker.wait()


@pytest.mark.slow
def test_each_once_none_early_none_left(town: Town) -> None:
    town.logged(LOGGED_AT, CASES)
    now = LOGGED_AT + timedelta(days=30)
    assert left(town, now) == TIMERS
    town.clockwork().release(now)
    command = [sys.executable, "-m", "tests.adapters.clockwork.worker", town.log, town.boards_url]
    dice, kills = Random(5), 0
    workers = [subprocess.Popen([*command, now.isoformat(), str(LEASE.total_seconds())]) for _ in range(3)]
    try:
        while kills < KILLS:
            goal = town.boards.head() + dice.randint(20, 60)
            until(lambda: town.boards.head() >= goal, patience=90)  # noqa: B023 - asked at once
            killed(workers.pop(0))
            kills += 1
            workers.append(subprocess.Popen([*command, now.isoformat(), str(LEASE.total_seconds())]))
    finally:
        for worker in workers:
            killed(worker)
    later = now + timedelta(minutes=5)  # every lease has run out, and no outage is seen
    town.boards.catch_up()
    assert 0 < left(town, now) < TIMERS, "they were killed in the middle"
    town.clockwork().tick(later)
    assert wrong(entries := town.entries()) == []
    assert (left(town, later), town.due(later)) == (0, 0)
    assert sum(isinstance(entry.event, DeadlineNear | DeadlineMissed) for entry in entries) >= TIMERS


def test_the_checker_finds_what_is_seeded(town: Town) -> None:
    (case,) = town.logged(LOGGED_AT)
    now = LOGGED_AT + timedelta(hours=22)
    town.clockwork().tick(now)
    entries = town.entries()
    done = [entry for entry in entries if isinstance(entry.event, DeadlineNear | DeadlineMissed)]
    assert done and wrong(entries) == []
    assert wrong([*entries, done[0]]) == [f"twice: {deadline_of(done[0])}"]
    hurried = [replace(e, recorded_at=LOGGED_AT) if e is done[0] else e for e in entries]
    assert wrong(hurried) == [f"early: {deadline_of(done[0])}"]
    assert left(town, now) == 0 < left(town, now + timedelta(days=30))
    assert town.told(case)[1] == "DeadlineNear"
