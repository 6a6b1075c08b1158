"""A generated year with all reactions on: no open case is forgotten at any step, and one that is seeded is found."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from eventsourcing.persistence import StoredEvent
from sqlalchemy import update

from adapters.boards import Boards
from adapters.boards.rebuilding import rebuild
from adapters.boards.register import clockless, count, page
from adapters.boards.tables import cases
from adapters.store.engine import engine_at
from adapters.store.migrate import migrate
from adapters.store.writer import Writer
from api.demo_month import Month
from bench.invented import Sealed, law
from domain.case import Case
from domain.entries import Entry
from domain.events import CaseReferredUp, DeadlineMissed, SupervisionOpened
from domain.permissions import Reach
from domain.states import Clock, State
from tests.adapters.boards.test_district import UNTIL
from workflow.ledger import name_of, written

CASES, DAYS, SEED = 5_000, 365, 11
TOGETHER, PATIENCE = 1_000, 120  # commands that wait for the writer, and seconds: the machine may be busy


def forgotten(case: Case) -> bool:
    """The rule in plain words: open, and nobody is accountable, or nothing runs and nobody has said why."""
    running = [t for t in case.timers.values() if t.runs and t.clock is not Clock.SUPERVISION]
    return case.state.is_open and not (case.accountable and (running or case.state is State.SUSPENDED))


@dataclass(frozen=True)
class Played:
    """What each command of a year wrote, in order, the cases at its end, and those that were forgotten at any step."""

    written: tuple[tuple[Entry, ...], ...]
    cases: dict[UUID, Case]
    forgotten: tuple[Case, ...]


@cache
def played() -> Played:
    """The year, in memory."""
    assert not law().policy.by_hand
    memory, steps, left = Sealed(), list[tuple[Entry, ...]](), list[Case]()
    for done in Month(memory, law(), UNTIL, Random(SEED), CASES, DAYS).played():  # type: ignore[arg-type]  # behaves as one
        steps += [done.entries] if done.entries else []
        left += [done.case] if forgotten(done.case) else []
    return Played(tuple(steps), memory.cases, tuple(left))


@pytest.fixture(params=["sqlite", "postgresql"])
def boards(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Boards]:
    """Told of the year."""
    lite = request.param == "sqlite"
    log = engine_at(f"sqlite:///{tmp_path / 'log.db'}" if lite else request.getfixturevalue("postgres_url"))
    migrate(log)
    writer = Writer(log, patience=PATIENCE)
    stored(writer)
    beside = Writer(engine_at(f"sqlite:///{tmp_path / 'boards.db'}")) if lite else writer
    boards = Boards(beside, log, law().calendar.tz, lambda _: law())
    boards.catch_up()
    yield boards
    for one in {writer, beside}:
        one.close()
        one.engine.dispose()


def stored(writer: Writer) -> None:
    """The year, written into a log."""
    steps = played().written
    for begin in range(0, len(steps), TOGETHER):
        answers = [
            writer.submit([_event(entry) for entry in entries], recorded_at=entries[0].recorded_at)
            for entries in steps[begin : begin + TOGETHER]
        ]
        for answer in answers:
            answer.result()


def _event(entry: Entry) -> StoredEvent:
    return StoredEvent(entry.case, entry.version, name_of(entry.event), written(entry))


@pytest.mark.slow
def test_at_every_step_of_a_year_somebody_is_accountable_and_a_clock_runs() -> None:
    year = played()
    assert len(year.cases) == CASES and year.forgotten == ()
    happened = {type(entry.event) for entries in year.written for entry in entries}
    assert happened >= {DeadlineMissed, SupervisionOpened, CaseReferredUp}
    assert 10 < sum(case.state.is_open for case in year.cases.values()) < CASES / 2
    assert {case.state for case in year.cases.values()} >= {State.SUSPENDED, State.CLOSED, State.IN_PROGRESS}
    lead = next(case for case in year.cases.values() if case.state is State.IN_PROGRESS)
    assert forgotten(replace(lead, timers={})) and forgotten(
        replace(lead, assignments=(), place=replace(lead.place, district=""))
    )


@pytest.mark.slow
def test_the_boards_find_a_forgotten_case_and_no_other(boards: Boards) -> None:
    year, engine = played(), boards.engine
    assert boards.parked() == []
    assert count(engine, cases.c.open.is_(True)) == sum(case.state.is_open for case in year.cases.values())
    assert count(engine, clockless()) == 0
    seeded = [case.id for case in year.cases.values() if case.state is State.IN_PROGRESS][:2]
    _lost(boards, seeded[0], due=None, resident_due=None)
    _lost(boards, seeded[1], accountable="")
    found = page(engine, Reach("district", law().code), {"clockless": "yes"}, UNTIL)
    assert {line.case for line in found.cases} == set(seeded)
    rebuild(boards)
    assert count(engine, clockless()) == 0


def _lost(boards: Boards, case: UUID, **values: object) -> None:
    lose = update(cases).where(cases.c.case == case).values(**values)
    boards.writer.run(lambda connection: connection.execute(lose)).result()
