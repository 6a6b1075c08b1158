"""The boards follow the log: exactly once, whoever folds; rebuilt they are the same, row by row."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import StoredEvent
from sqlalchemy import Connection, Engine, select, text, update

from adapters.boards import Boards, NotCaughtUpError, register
from adapters.boards.rebuilding import rebuild
from adapters.boards.tables import TOLD, assignments, cases, checkpoint, numbers, pairs, requests, timers, whistles
from adapters.boards.telling import assignment_rows, case_row, request_rows, whistle_rows
from adapters.store.engine import engine_at
from adapters.store.migrate import migrate
from adapters.store.writer import Writer
from domain import commands as c
from domain.actors import Actor, Role
from domain.jurisdiction import Jurisdiction
from domain.permissions import Reach
from domain.states import Source
from tests.district import DISTRICT, GRID, OTHER_GRID, STREET, WORKING_WEEK, district
from tests.lives import Lives
from workflow import ledger
from workflow.casework import Casework, Order

HOTLINE = Actor("hotline-1", Role.HOTLINE, DISTRICT)


class Hall:
    """A log, its boards, and a casework that writes."""

    def __init__(self, log: str, boards: str) -> None:
        """`boards` is the address of the boards."""
        self.log, self.url = log, boards
        migrate(engine_at(log))
        law = district()
        env = {"PERSISTENCE_MODULE": "adapters.store", "WHISTLE_DATABASE_URL": log}
        self.casework = Casework(env, edition=lambda _: law, current=lambda: law, seal=lambda _, command: command)
        self.boards = self.fresh()

    def fresh(self) -> Boards:
        """Another pair of eyes on the same boards."""
        return Boards(Writer(engine_at(self.url)), engine_at(self.log), WORKING_WEEK.tz, lambda _: district())

    def live(self, steps: int, seed: int = 1) -> Lives:
        lives = Lives(self.casework, district(), Random(seed))  # type: ignore[arg-type]
        for _ in range(steps):
            lives.step()
        return lives

    def logged(self, at: datetime, place: str = GRID) -> UUID:
        case = uuid4()
        log = c.LogCase(category="0101", place=place, source=Source.PATROL)
        self.casework.open_case(case, Order(command=log, actor=HOTLINE, now=at, id=uuid4()))
        return case

    def rows(self, *tables: Any) -> dict[str, list[str]]:
        """Everything on the boards."""
        return everything(self.boards.engine, *tables)


def everything(engine: Engine, *tables: Any) -> dict[str, list[str]]:
    """Every row of the boards, or of some of their tables."""
    with engine.connect() as connection:
        return {
            t.name: sorted(map(repr, connection.execute(select(t)).all())) for t in tables or (*TOLD, numbers, pairs)
        }


@pytest.fixture(params=["sqlite", "postgresql"])
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Hall:
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
        return Hall(url, url)
    return Hall(f"sqlite:///{tmp_path / 'log.db'}", f"sqlite:///{tmp_path / 'boards.db'}")


def test_live_and_rebuilt_are_the_same_row_by_row(hall: Hall) -> None:
    lives = hall.live(80)
    for _ in range(8):
        hall.boards.catch_up()
        for _ in range(10):
            lives.step()
    hall.boards.catch_up()
    live, seen = hall.rows(), list[tuple[int, int]]()
    assert sum(map(len, live.values())) > 12
    assert rebuild(hall.boards, lambda done, total: seen.append((done, total))) == hall.boards.head()
    assert hall.rows() == live
    assert seen[-1] == (hall.boards.head(), hall.boards.head())


def test_every_row_is_what_the_case_says(hall: Hall) -> None:
    lives = hall.live(200, seed=5)
    hall.boards.catch_up()
    with hall.boards.engine.connect() as connection:
        for case in map(hall.casework.case, lives.known):
            row = connection.execute(select(cases).where(cases.c.case == case.id)).one()._asdict()
            assert {name: row[name] for name in case_row(case)} == case_row(case)
            for table, told in zip(
                (assignments, requests, whistles), (assignment_rows, request_rows, whistle_rows), strict=True
            ):
                found = [row._asdict() for row in connection.execute(select(table).where(table.c.case == case.id))]
                numbered = {"first": row["first"]} if "first" in table.c else {}
                assert sorted(found, key=whose) == sorted(({**one, **numbered} for one in told(case)), key=whose)


def whose(row: dict[str, Any]) -> tuple[Any, ...]:
    return row.get("unit", ""), row.get("run", 0), row.get("number", 0)


def test_a_row_that_was_tampered_with_is_found(hall: Hall) -> None:
    """The seeded fault: had a fold missed or doubled something, rebuilding would show it."""
    hall.live(60)
    hall.boards.catch_up()
    live = hall.rows()
    hall.boards.writer.run(lambda connection: connection.execute(update(cases).values(rework=99))).result()
    rebuild(hall.boards)
    assert hall.rows() == live


def test_a_case_of_which_nobody_knows_what_time_will_do_is_shown_and_parked(hall: Hall) -> None:
    """The seeded fault: its edition is gone."""
    case = hall.logged(datetime(2026, 3, 2, 9, tzinfo=UTC))

    def gone(edition: str) -> Jurisdiction:
        raise LookupError(edition)

    hall.boards.law = gone
    hall.boards.catch_up()
    assert register.number(hall.boards.engine, case) == "110-20260302-0001"
    assert [(parked, why.partition(":")[0]) for parked, _, why in hall.boards.parked()] == [(case, "LookupError")]
    hall.boards.law = lambda _: district()
    rebuild(hall.boards)
    assert hall.boards.parked() == []
    with hall.boards.engine.connect() as connection:
        assert connection.scalars(select(timers.c.case)).all() == [case]


@pytest.mark.slow
def test_two_processes_fold_each_entry_once(hall: Hall) -> None:
    hall.live(120, seed=3)
    head = hall.boards.head()
    command = [sys.executable, "-m", "tests.adapters.boards.folder", hall.log, hall.url, str(head)]
    running = [subprocess.Popen(command) for _ in range(2)]
    assert [process.wait(60) for process in running] == [0, 0]
    live = hall.rows()
    rebuild(hall.boards)
    assert hall.rows() == live


def test_who_was_overtaken_changes_nothing(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    hall.live(40)
    slow, fast = hall.boards, hall.fresh()
    behind = iter([0])
    monkeypatch.setattr(slow, "position", lambda: next(behind, None) or Boards.position(slow))
    fast.catch_up()
    live = hall.rows()
    slow.catch_up()
    assert hall.rows() == live
    assert Boards.position(slow) == slow.head()


def test_who_was_overtaken_hears_all_the_same_from_the_very_first_case_on(hall: Hall) -> None:
    slow, fast, heard = hall.boards, hall.fresh(), list[int]()
    slow.catch_up()
    with slow.heard_by(lambda position, _whom: heard.append(position)):
        for count in range(1, 3):
            hall.logged(datetime(2026, 3, 2, 2, tzinfo=UTC))
            fast.catch_up()
            slow.catch_up()
            assert len(heard) == count and heard[-1] == slow.head()


def test_a_case_that_cannot_be_told_is_parked_and_the_others_go_on(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 3, 2, 2, tzinfo=UTC)
    bad, good = hall.logged(now), hall.logged(now)
    writer = Writer(engine_at(hall.log))
    writer.submit([StoredEvent(bad, 2, "case-from-the-future", b'{"event": {}}')], recorded_at=now).result()
    hall.boards.catch_up()
    assert [(case, position) for case, position, _ in hall.boards.parked()] == [(bad, 3)]
    assert register.number(hall.boards.engine, good) == "110-20260302-0002"
    assert hall.boards.position() == hall.boards.head()
    told = {"case-from-the-future": lambda _: ("case-urged", {})}
    monkeypatch.setattr(ledger, "UPCASTS", told)
    body = f'{{"event": {{}}, "actor": {{"staff": "s", "role": "system"}}, "command": "{uuid4()}"}}'.encode()
    monkeypatch.setattr(
        ledger, "from_json", lambda raw, real=ledger.from_json: real(body if raw == b'{"event": {}}' else raw)
    )
    rebuild(hall.boards)
    assert hall.boards.parked() == []
    assert register.number(hall.boards.engine, bad) == "110-20260302-0001"


def test_numbers_are_the_rank_in_the_district_s_day(hall: Hall) -> None:
    before_midnight = datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC)  # 23:59:59 in Shanghai
    logged = [
        hall.logged(before_midnight),
        hall.logged(before_midnight),
        hall.logged(before_midnight + timedelta(seconds=2)),
    ]
    hall.boards.catch_up()
    logged.append(hall.logged(before_midnight + timedelta(seconds=3), OTHER_GRID))
    hall.boards.catch_up()
    wanted = ["110-20260302-0001", "110-20260302-0002", "110-20260303-0001", "110-20260303-0002"]
    assert [register.number(hall.boards.engine, case) for case in logged] == wanted
    rebuild(hall.boards)
    assert [register.number(hall.boards.engine, case) for case in logged] == wanted
    assert [register.case_of(hall.boards.engine, number) for number in wanted] == logged


def test_a_rebuild_that_was_cut_off_leaves_the_boards_as_they_were(hall: Hall) -> None:
    hall.live(120)
    hall.boards.catch_up()
    live = hall.rows()

    def cut(_done: int, _all: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(hall.boards, cut)
    assert hall.rows() == live
    rebuild(hall.boards)
    assert hall.rows() == live


def test_boards_of_another_schema_are_told_again(hall: Hall) -> None:
    hall.live(40)
    hall.boards.catch_up()
    live = hall.rows()

    def as_it_was(connection: Connection) -> None:
        connection.execute(update(checkpoint).values(schema=0))
        connection.execute(text("ALTER TABLE board_cases DROP COLUMN supervised"))

    hall.boards.writer.run(as_it_was).result()
    again = hall.fresh()
    assert again.position() == 0
    again.catch_up()
    assert hall.rows() == live


def test_waiting_for_what_never_comes_ends(hall: Hall) -> None:
    with pytest.raises(NotCaughtUpError):
        hall.boards.wait_for(1, patience=0.05)


def test_a_reader_waits_until_the_tailer_has_come(hall: Hall) -> None:
    hall.boards.start()
    try:
        case = hall.logged(datetime(2026, 3, 2, 2, tzinfo=UTC))
        hall.boards.nudge()
        hall.boards.wait_for(1)
        assert register.number(hall.boards.engine, case)
    finally:
        hall.boards.stop()


def test_lists_are_filtered_and_paged(hall: Hall) -> None:
    now = datetime(2026, 3, 2, 2, tzinfo=UTC)
    logged = [hall.logged(now) for _ in range(7)] + [hall.logged(now, OTHER_GRID)]
    hall.boards.catch_up()
    reach, found, before = Reach("street", STREET), list[UUID](), 0
    while True:
        page = register.page(hall.boards.engine, reach, {"state": "logged", "open": "yes"}, now, before=before, limit=3)
        found += [line.case for line in page.cases]
        before = page.next
        if not before:
            break
    assert found == list(reversed(logged[:7]))
    late = now + timedelta(days=9)
    assert {line.light for line in register.page(hall.boards.engine, reach, {"overdue": "yes"}, late).cases} == {"red"}
    assert register.page(hall.boards.engine, reach, {"overdue": "yes"}, now).cases == ()
    assert register.page(hall.boards.engine, reach, {"number": "%"}, now).cases == ()
    assert register.counts(hall.boards.engine, DISTRICT, "street") == {(STREET,): 7, ("110002",): 1}


@pytest.fixture(autouse=True)
def _closed(hall: Hall) -> Iterator[None]:
    yield
    hall.casework.close()
