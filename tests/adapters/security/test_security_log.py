"""The security log: nobody waits for it, a flood makes few rows, what is old goes by itself, and a row that is gone is found."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, func, insert, select, update

from adapters.sealing import MasterKey, Masters
from adapters.sealing.master import new_master_key
from adapters.security import KEPT, SECURITY, Kind, NotADetailError, SecurityLog, faults, listed
from adapters.security.gathering import AN_HOUR
from adapters.security.keeping import ROOM, SLICE
from adapters.security.tables import ends, noted
from adapters.store.engine import engine_at
from adapters.store.errors import Unavailable
from adapters.store.migrate import migrate
from adapters.store.writer import Writer
from domain.actors import Actor, Role

NOW = datetime(2026, 3, 2, 2, 0, 5, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CLERK = Actor("clerk-1", Role.STREET_CLERK, "540102002")
MASTER = Masters.only(MasterKey.of(new_master_key()))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    address: str = (
        f"sqlite:///{tmp_path / 'security.db'}"
        if request.param == "sqlite"
        else request.getfixturevalue("postgres_url")
    )
    migrate(engine_at(address), SECURITY)
    return address


@pytest.fixture
def log(url: str) -> Iterator[SecurityLog]:
    yield from _worker(url)


@pytest.fixture
def another(url: str) -> Iterator[SecurityLog]:
    """As another process has it."""
    yield from _worker(url)


def _worker(url: str) -> Iterator[SecurityLog]:
    made = SecurityLog(Writer(engine_at(url)), MASTER)
    yield made
    made.stop()
    made.writer.close()
    made.writer.engine.dispose()


def counts(log: SecurityLog, now: datetime = NOW) -> list[tuple[str, int]]:
    log.settle(now)
    return [(row.kind.value, row.count) for row in reversed(listed(log))]


def test_what_happened_is_there_with_who_and_where(log: SecurityLog) -> None:
    here = log.source("192.0.2.0/24", NOW)
    log.note(Kind.CAME_IN, NOW, CLERK, number="n-1", source=here, way="token")
    log.settle(NOW)
    (row,) = listed(log)
    assert (row.kind, row.at, row.staff, row.role, row.unit) == (
        Kind.CAME_IN,
        NOW,
        *("clerk-1", "street_clerk", "540102002"),
    )
    assert (row.number, row.source, row.count, row.details) == ("n-1", here, 1, {"way": "token"})
    assert list(faults(log)) == []


def test_a_network_has_another_name_on_another_day(log: SecurityLog) -> None:
    today, tomorrow = log.source("192.0.2.0/24", NOW), log.source("192.0.2.0/24", NOW + timedelta(days=1))
    assert today != tomorrow and today == log.source("192.0.2.0/24", NOW + HOUR) and "192" not in today
    assert log.source("", NOW) == ""


def test_of_a_resident_nothing_is_kept_but_that_it_was_one(log: SecurityLog) -> None:
    log.note(Kind.TOO_OFTEN, NOW, Actor("resident", Role.RESIDENT, "hash-of-a-receipt"), door="act")
    log.settle(NOW)
    assert (listed(log)[0].staff, listed(log)[0].role, listed(log)[0].unit) == ("", "resident", "")


@pytest.mark.parametrize("details", [{"name": "x"}, {"way": "words that somebody wrote"}, {"code": "a\nb"}, {"code": ""}, {"code": "x" * 61}])  # fmt: skip
def test_words_that_a_caller_wrote_are_no_details(log: SecurityLog, details: dict[str, str]) -> None:
    with pytest.raises(NotADetailError):
        log.note(Kind.FORBIDDEN, NOW, **details)


def test_the_same_again_within_a_minute_is_counted(log: SecurityLog) -> None:
    for n in range(50):
        log.note(Kind.TOKEN_REFUSED, NOW + timedelta(seconds=n), number=f"n-{n}", source="here")
    log.note(Kind.TOKEN_REFUSED, NOW + MINUTE, source="here")
    log.settle(NOW)
    assert [row.number for row in listed(log)] == ["", "n-49", "n-0"]
    assert counts(log) == [("token_refused", 1), ("token_refused", 49), ("token_refused", 1)]


def test_a_minute_that_is_over_is_written_by_itself(log: SecurityLog) -> None:
    for _ in range(3):
        log.note(Kind.TOKEN_REFUSED, NOW, source="here")
    log.settle(NOW, all_of_it=False)
    assert [row.count for row in listed(log)] == [1]
    log.settle(NOW + MINUTE, all_of_it=False)
    assert [row.count for row in listed(log)] == [2, 1]


def test_a_flood_from_everywhere_makes_few_rows_and_loses_no_count(log: SecurityLog) -> None:
    for n in range(5_000):
        log.note(Kind.RECEIPT_REFUSED, NOW + timedelta(seconds=n % 50), source=f"source-{n}")
    log.settle(NOW)
    with log.writer.engine.connect() as connection:
        rows, happened = connection.execute(select(func.count(), func.sum(noted.c.count))).one()
    assert rows <= AN_HOUR + 2 and happened == 5_000


def test_who_comes_in_is_never_counted_together(log: SecurityLog) -> None:
    for n in range(AN_HOUR + 50):
        log.note(Kind.CAME_IN, NOW, Actor(f"clerk-{n}", Role.STREET_CLERK, "540102002"), source=f"source-{n}")
    log.settle(NOW)
    with log.writer.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(noted)) == AN_HOUR + 50


def test_several_processes_write_one_line_of_seals(log: SecurityLog, another: SecurityLog) -> None:
    for n in range(30):
        (log if n % 3 else another).note(Kind.CAME_IN, NOW + n * MINUTE, CLERK)
    for one in (log, another):
        one.settle(NOW + HOUR)
    assert len(listed(log)) == 30 and list(faults(another)) == []


def test_what_is_too_old_goes_in_slices_and_the_rest_stands(log: SecurityLog) -> None:
    for n in range(SLICE + 3):
        log.note(Kind.CAME_IN, NOW, Actor(f"clerk-{n}", Role.STREET_CLERK))
    log.settle(NOW)
    log.note(Kind.SIGNED_OUT, NOW + HOUR, CLERK)
    log.settle(NOW + HOUR)
    assert log.sweep(NOW + KEPT) == 0
    late = NOW + KEPT + MINUTE
    assert [log.sweep(late), log.sweep(late), log.sweep(late)] == [SLICE, 3, 0]
    assert counts(log, late) == [("signed_out", 1)] and list(faults(log)) == []
    assert log.sweep(late + HOUR) == 1 and list(faults(log)) == []
    log.note(Kind.CAME_IN, late, CLERK)
    assert counts(log, late) == [("came_in", 1)] and list(faults(log)) == []


SEEDED = {
    "row 2 is gone": lambda: delete(noted).where(noted.c.position == 2),
    "row 1 is gone": lambda: delete(noted).where(noted.c.position == 1),
    "row 3 is gone": lambda: delete(noted).where(noted.c.position == 3),
    "row 2 is not as it was written": lambda: update(noted).where(noted.c.position == 2).values(count=7),
    "row 3 is not as it was written": lambda: update(noted).where(noted.c.position == 3).values(staff="another"),
    "where the rows begin and end was not written by this system": lambda: update(ends).values(gone=1),
}


@pytest.mark.parametrize("fault", SEEDED)
def test_a_row_that_is_changed_or_gone_is_found(log: SecurityLog, fault: str) -> None:
    for n in range(3):
        log.note(Kind.CAME_IN, NOW + n * MINUTE, CLERK)
    log.settle(NOW)
    assert list(faults(log)) == []
    with log.writer.engine.begin() as connection:
        connection.execute(SEEDED[fault]())
    assert list(faults(log)) == [fault]


def test_a_row_that_another_put_in_is_found(log: SecurityLog) -> None:
    log.note(Kind.CAME_IN, NOW, CLERK)
    log.settle(NOW)
    with log.writer.engine.begin() as connection:
        row = connection.execute(select(noted)).one()._asdict()
        connection.execute(insert(noted).values({**row, "position": 2}))
        connection.execute(update(ends).values(last=2, last_seal=row["seal"]))
    assert list(faults(log)) == ["where the rows begin and end was not written by this system"]


def test_the_newest_come_first_by_kind_and_day_and_page(log: SecurityLog) -> None:
    for n in range(6):
        log.note(Kind.CAME_IN if n % 2 else Kind.SIGNED_OUT, NOW + n * timedelta(days=1), CLERK)
    log.settle(NOW)
    assert [row.position for row in listed(log)] == [6, 5, 4, 3, 2, 1]
    assert [row.position for row in listed(log, Kind.CAME_IN)] == [6, 4, 2]
    day = NOW + timedelta(days=2)
    assert [row.position for row in listed(log, None, day, day + timedelta(days=2))] == [4, 3]
    assert [row.position for row in listed(log, before=4, limit=2)] == [3, 2]


def test_a_database_that_is_away_loses_nothing_that_has_room(log: SecurityLog, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_work: object) -> None:
        raise Unavailable("away")

    with monkeypatch.context() as patch:
        patch.setattr(log.writer, "run", away)
        for n in range(ROOM + 5):
            log.note(Kind.CAME_IN, NOW, Actor(f"clerk-{n}", Role.STREET_CLERK))
    log.note(Kind.SIGNED_OUT, NOW + MINUTE, CLERK)
    log.settle(NOW + MINUTE)
    newest = listed(log)[:2]
    assert ("not_kept", 6) in {(row.kind.value, row.count) for row in newest}
    assert list(faults(log)) == []
