"""Any moment again: what is asked of the past is what a store would say that was told the log no further."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, func, select, update

from adapters.boards import NotCaughtUpError, department, district, figures, grid, register, street
from adapters.boards.answering import Question, answered
from adapters.boards.callbacks import callbacks
from adapters.boards.counting import Span
from adapters.boards.definitions import FIGURES, rates
from adapters.boards.dimensions import By, Of
from adapters.boards.looking import District
from adapters.boards.rebuilding import rebuild
from adapters.boards.repeats import repeats
from adapters.boards.tables import cases, pairs
from adapters.boards.topics import topics
from adapters.boards.verification import verification
from adapters.past import Past, folding, position_at
from adapters.past.spans import KEYS
from adapters.past.tables import FOREVER, KEPT, OF_NOW, SETTLED, checkpoint, volumes
from adapters.past.tables import metadata as tables
from adapters.store.tables import events
from api.days import midnight
from domain import events as e
from domain.periods import Month
from domain.permissions import Reach
from tests.adapters.past.store import SUMMARIES, Second, Store, standing
from tests.district import COMMUNITY, DISTRICT, GRID, OTHER_GRID, OTHER_STREET, PLACES, STREET, WORKING_WEEK
from tests.district import district as law
from tests.lives import START
from tests.statements import plan, statements

INSTANTS = 50
UNTIL_THEN = re.compile(
    r"COVERING INDEX ix_past_cases_district_(logged|scored) \(volume=\? AND district=\? AND logged_at>\? AND logged_at<\?\)$"
)
PLACED = ("street", STREET), ("street", OTHER_STREET), ("district", DISTRICT), ("grid", GRID)
FILTERS: tuple[dict[str, str], ...] = (
    {}, {"open": "yes"}, {"open": "no"}, {"overdue": "yes"}, {"late": "yes"}, {"phase": "resolved"}, {"clockless": "yes"},
    {"below": "yes"}, {"words": SUMMARIES[0]}, {"words": SUMMARIES[1][:2]}, {"number": "0001"},
)  # fmt: skip


def boards_at(engine: Engine, now: datetime) -> Iterator[tuple[str, Any]]:
    """Every board, list and figure."""
    for code in (GRID, OTHER_GRID, COMMUNITY):
        yield f"grid {code}", grid.board(engine, PLACES.by_code[code], now)
    for code in (STREET, OTHER_STREET):
        yield f"street {code}", street.board(engine, code, now)
        yield f"figures {code}", figures.figures(engine, PLACES.by_code[code], now, WORKING_WEEK.tz)
    for code in law().departments:
        yield f"department {code}", department.board(engine, code, now)
        yield f"list of {code}", register.page(engine, Reach(unit=code), {}, now, limit=3)
    yield "district", district.board(engine, law(), now, 90)
    yield from counted_at(engine, now)
    yield "figures", figures.figures(engine, PLACES.by_code[DISTRICT], now, WORKING_WEEK.tz)
    for filters in FILTERS:
        for reach in (Reach(*place) for place in PLACED):
            yield f"list {filters} {reach}", register.page(engine, reach, filters, now, limit=4)


def counted_at(engine: Engine, now: datetime) -> Iterator[tuple[str, Any]]:
    """What is to be called, to be seen, what comes again, and every figure."""
    zone, whole = WORKING_WEEK.tz, District.of(law())
    for code in (STREET, DISTRICT):
        place = PLACES.by_code[code]
        yield f"callbacks {code}", callbacks(engine, place, 3, now, midnight(now, zone))
        yield f"verification {code}", verification(engine, place, code, now, midnight(now, zone))
        yield f"repeats {code}", repeats(engine, place, now)
    yield "topics", topics(engine, whole, Month.holding(now.astimezone(zone).date(), 1), zone, now)
    for by in (By.STREET, By.DEPARTMENT, None):
        asked = Question(Of("district", DISTRICT), Span(), law().taxonomy, by)
        for figure in FIGURES:
            yield f"{figure.name} by {by}", answered(engine, figure, asked, now)


def instants(store: Store, seed: int = 1) -> Iterator[datetime]:
    """Any moments, on an entry and between, in which something had been recorded."""
    dice, last = Random(seed), store_end(store)
    for n in range(INSTANTS):
        at = START + (last - START) * dice.random()
        yield recorded(store, position_at(store.boards.log, at)) if n % 5 == 0 else at


def store_end(store: Store) -> datetime:
    return recorded(store, store.boards.head())


def recorded(store: Store, position: int) -> datetime:
    with store.boards.log.connect() as connection:
        found: datetime = connection.scalar(select(events.c.recorded_at).where(events.c.position == position))
    return found


@pytest.mark.slow
def test_every_board_as_of_any_moment_is_that_of_the_log_up_to_then(store: Store, second: Second) -> None:
    lives = store.played()
    store.past.catch_up()
    happened = Counter(type(entry.event) for entry in lives.done)
    assert all(
        happened[kind] for kind in (e.CaseReopened, e.CaseMerged, e.CaseAmended, e.LeadReturned, e.CaseCarriedOver)
    )
    seen = set[int]()
    for n, at in enumerate(sorted(instants(store))):
        then = store.past.at(at)
        seen.add(then.position)
        rebuilt = second.up_to(then.position, rebuilt=n % 5 == 0)
        assert standing(then.engine) == standing(rebuilt), then
        for (name, found), (_, told) in zip(boards_at(then.engine, at), boards_at(rebuilt, at), strict=True):
            assert found == told, (name, then)
    assert len(seen) > INSTANTS / 2


def test_at_every_position_there_are_the_rows_of_then(store: Store, second: Second) -> None:
    """Where volumes begin too: a few positions around each."""
    store.played(300)
    head = store.past.catch_up()
    with store.past.engine.connect() as connection:
        begins = connection.scalars(select(volumes.c.begins)).all()
    assert len(begins) > 2
    for position in sorted({at + near for at in begins for near in (-1, 0, 1)} & set(range(1, head + 1))):
        assert standing(store.past.as_of(position)) == standing(second.up_to(position)), position
    assert standing(store.past.as_of(head)) == standing(store.boards.engine)
    assert set(map(len, standing(store.past.as_of(0)).values())) == {0}


def test_a_row_that_an_entry_leaves_as_it_was_is_not_written_again(store: Store) -> None:
    store.played(200)
    store.past.catch_up()
    for live, kept in KEPT.items():
        names = [column.name for column in live.c]
        order = (*(kept.c[name] for name in KEYS[live]), kept.c.volume, kept.c.stood_from)
        with store.past.engine.connect() as connection:
            rows = connection.execute(select(kept).order_by(*order)).mappings().all()
        for one, other in pairwise(rows):
            told = all(one[name] == other[name] for name in (*names, "volume"))
            assert not (told and one["stood_until"] == other["stood_from"]), one
            assert one["stood_from"] < one["stood_until"]


def test_folded_in_any_batches_or_made_anew_it_is_the_same_row_by_row(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folding, "AHEAD", folding.AHEAD.limit(7))
    lives = store.played(40)
    for _ in range(6):
        store.past.catch_up()
        for _ in range(25):
            lives.step()
        store.boards.catch_up()
    store.past.catch_up()
    live = store.all_kept()
    monkeypatch.undo()
    seen = list[int]()
    assert store.past.remake(seen.append) == store.boards.head()
    assert seen
    assert store.all_kept() == live


# --- what goes wrong


def shortened(connection: Connection) -> None:
    """An interval that ends one position early."""
    kept = KEPT[cases]
    ended = select(func.max(kept.c.stood_until)).where(kept.c.stood_until < FOREVER, kept.c.volume != SETTLED)
    connection.execute(
        update(kept)
        .where(kept.c.stood_until == ended.scalar_subquery(), kept.c.volume != SETTLED)
        .values(stood_until=kept.c.stood_until - 1)
    )


def never_closed(connection: Connection) -> None:
    """A row that stands beside the one that came after it."""
    kept = KEPT[cases]
    ended = select(func.max(kept.c.stood_until)).where(kept.c.stood_until < FOREVER, kept.c.volume != SETTLED)
    connection.execute(
        update(kept)
        .where(kept.c.stood_until == ended.scalar_subquery(), kept.c.volume != SETTLED)
        .values(stood_until=FOREVER)
    )


def not_carried_forward(connection: Connection) -> None:
    """What was open, and did not come along into the last volume."""
    kept = KEPT[cases]
    newest = select(func.max(volumes.c.number)).scalar_subquery()
    connection.execute(delete(kept).where(kept.c.volume == newest))


FAULTS = (shortened, never_closed, not_carried_forward)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault.__name__))
def test_the_comparison_finds_a_seeded_fault(store: Store, second: Second, fault: Callable[[Connection], None]) -> None:
    store.played(250)
    head = store.past.catch_up()
    with store.past.writing.begin() as connection:
        fault(connection)
    compared = (standing(store.past.as_of(p)) == standing(second.up_to(p)) for p in range(head - 25, head + 1))
    assert not all(compared)


def test_a_row_that_was_taken_out_is_found_if_it_is_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seeded fault: words that were put right are found by what they were before."""
    kept = {live: closed for live, closed in folding.CLOSED.items() if live is not pairs}
    monkeypatch.setattr(folding, "CLOSED", kept)
    store.played(250)
    head = store.past.catch_up()
    assert standing(store.past.as_of(head)) != standing(store.boards.engine)


def test_what_breaks_in_the_middle_leaves_it_as_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.played()
    store.past.fold()
    before, at = store.all_kept(), store.past.position()

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(folding, "_begin_another", broken)
    with pytest.raises(KeyboardInterrupt):
        store.past.catch_up()
    assert (store.past.position(), store.all_kept()) == (at, before)
    monkeypatch.undo()
    store.past.catch_up()
    live = store.all_kept()
    store.past.remake()
    assert store.all_kept() == live


def test_who_was_overtaken_changes_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.played(150)
    slow, fast = store.past, store.kept()
    real = Past._ahead  # noqa: SLF001 - where another comes between

    def overtaken(past: Past, old: int, last: int) -> Any:
        monkeypatch.setattr(Past, "_ahead", real)
        fast.catch_up()
        return real(past, old, last)

    monkeypatch.setattr(Past, "_ahead", overtaken)
    assert slow.fold()
    live = store.all_kept()
    slow.catch_up()
    assert store.all_kept() == live and slow.position() == store.boards.head()


def test_another_schema_is_made_anew(store: Store) -> None:
    store.played(60)
    store.past.catch_up()
    live = store.all_kept()
    with store.past.writing.begin() as connection:
        connection.execute(update(checkpoint).values(schema=0))
    again = store.kept()
    assert again.position() == 0
    again.catch_up()
    assert store.all_kept() == live


def test_what_is_not_kept_yet_is_caught_up_with_or_refused(store: Store) -> None:
    store.played(30)
    head = store.boards.head()
    assert standing(store.past.as_of(head)) == standing(store.boards.engine)  # folded here
    with pytest.raises(NotCaughtUpError):
        store.past.wait_for(head + 1, patience=0.05)


def test_it_follows_in_a_thread_of_its_own(store: Store) -> None:
    store.boards.start()
    store.past.start()
    try:
        store.logged(START)
        store.boards.nudge()
        store.past.wait_for(1)
        assert standing(store.past.as_of(1)) == standing(store.boards.engine)
    finally:
        store.past.stop()
        store.boards.stop()


def test_a_rebuild_of_the_boards_leaves_the_past_as_it_is(store: Store) -> None:
    store.played(60)
    store.past.catch_up()
    live = store.all_kept()
    rebuild(store.boards)
    store.past.catch_up()
    assert store.all_kept() == live


def test_a_moment_is_a_position_of_the_log(store: Store) -> None:
    store.played(60)
    log, second = store.boards.log, timedelta(seconds=1)
    assert position_at(log, START - second) == 0
    for position in range(1, store.boards.head() + 1):
        at = recorded(store, position)
        found = position_at(log, at)
        assert found >= position and recorded(store, found) == at
        assert found == store.boards.head() or recorded(store, found + 1) > at


def test_every_table_of_the_boards_is_kept_with_its_indexes() -> None:
    for live, kept in KEPT.items():
        assert {column.name for column in live.c} | {"volume", "stood_from", "stood_until"} == {c.name for c in kept.c}
        assert len(kept.indexes) == len({str(index.name) for index in live.indexes} - set(OF_NOW))
    assert {kept.name for kept in KEPT.values()} < set(tables.tables)


def test_an_index_has_no_column_that_sqlite_would_read_the_row_for() -> None:
    """It knows only of the first 63 columns of a table that an index has them."""
    for table in (*KEPT, *KEPT.values()):
        known = list(table.c)[:63]
        for index in table.indexes:
            unseen = [column.name for column in index.columns if column not in known]
            assert not unseen or index.name in OF_NOW, (index.name, unseen)


def test_an_index_has_no_words_that_somebody_wrote() -> None:
    """They may be as long as people write; PostgreSQL refuses a row of which an index would hold more than 2,704 bytes."""
    for table in (*KEPT, *KEPT.values()):
        for index in table.indexes:
            assert not {"summary", "reason", "comment"} & {column.name for column in index.columns}, index.name


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_what_came_in_until_a_moment_is_counted_without_reading_cases_or_what_came_later(store: Store) -> None:
    """The month's cases for leagues and dispatch, what is trending, today's intake: of a log however long."""
    store.played(200)
    then = store.past.at(recorded(store, store.past.catch_up() // 2))
    with statements(then.engine) as said:
        district.board(then.engine, law(), then.at, 30)
    of_logged = [one for one in said if "board_cases.logged_at <" in one[0]]
    assert len(of_logged) == 2
    for one in of_logged:
        (step,) = (step for step in plan(then.engine, one) if "past_cases" in step)
        assert UNTIL_THEN.search(step), step


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("reach", [Reach("district", DISTRICT), Reach("street", STREET)])
def test_the_newest_of_a_moment_are_found_in_the_order_of_the_log(store: Store, reach: Reach) -> None:
    """SQLite is told that the volumes leave most rows: else it goes by them, and sorts all of a street that has many."""
    store.played(60)
    then = store.past.at(recorded(store, store.past.catch_up() // 2))
    for filters, told in (({}, True), ({"open": "yes"}, False)):
        with statements(then.engine) as said:
            register.page(then.engine, reach, filters, then.at)
        assert ("likelihood" in said[0][0]) is told, filters
        assert not told or "USE TEMP B-TREE FOR ORDER BY" not in plan(then.engine, said[0])


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
@pytest.mark.parametrize("by", [None, By.STREET, By.DEPARTMENT, By.CATEGORY, By.SOURCE])
def test_every_rate_of_a_month_is_counted_without_reading_its_cases(store: Store, by: By | None) -> None:
    store.played(100)
    then = store.past.at(recorded(store, store.past.catch_up()))
    asked = Question(Of("district", DISTRICT), Span(then.at - timedelta(days=30), then.at), law().taxonomy, by)
    for figure in rates():
        with statements(then.engine) as said:
            answered(then.engine, figure, asked, then.at)
        (step,) = (step for step in plan(then.engine, said[0]) if "past_cases" in step)
        assert UNTIL_THEN.search(step), (figure.name, step)
