"""Rows: what the file proves becomes a command, everything else stays unknown; what cannot be kept is rejected with its reason."""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

from adapters.importing import Map, Rejected, UnreadableError, read_map, rows_of
from adapters.importing.rows import Row
from domain.commands import CarryOver
from domain.jurisdiction import Jurisdiction
from domain.states import Outcome, Source, State
from tests.adapters.importing.test_maps import SOUND

HEAD = "no,from,to,by,what,who,how,state,where,words"
MORE = """due = "by"
summary = "words"
[place]
column = "where"
[source.values]
phone = "hotline"
"""
SEEN = datetime(2026, 3, 1, tzinfo=UTC)
OPEN = "7,2026-01-05 09:00,,2026-01-12 09:00,0406,water,phone,open,540102002,water"
SHUT = "8,2026-01-05 09:00,2026-01-06 10:30,,broken main,water,fax,shut,,"


@pytest.fixture
def by(law: Jurisdiction, tmp_path: Path) -> Map:
    head, tables = SOUND.split("[category]", 1)
    more, places = MORE.split("[place]", 1)
    path = tmp_path / "old.toml"
    path.write_text(f"{head}{more}[category]{tables}[place]{places}", encoding="utf-8")
    return read_map(path, law)


def read(by: Map, law: Jurisdiction, *lines: str, as_of: datetime = SEEN) -> Iterator[Row | Rejected]:
    return rows_of(StringIO("\n".join((HEAD, *lines)) + "\n"), by, law, as_of)


def test_an_open_row(by: Map, law: Jurisdiction) -> None:
    (row,) = read(by, law, OPEN)
    assert row == Row(
        2,
        "7",
        CarryOver(
            state=State.ASSIGNED,
            category="0406",
            place="540102002",
            source=Source.HOTLINE,
            department="water",
            opened=datetime(2026, 1, 5, 1, tzinfo=UTC),
            due=datetime(2026, 1, 12, 1, tzinfo=UTC),
            external_id="7",
            summary="water",
        ),
    )


def test_a_closed_row_without_a_place_or_a_deadline(by: Map, law: Jurisdiction) -> None:
    (row,) = read(by, law, SHUT)
    assert isinstance(row, Row)
    said = row.command
    assert (said.state, said.outcome, said.source) == (State.CLOSED, Outcome.UNKNOWN, Source.PARTNER)
    assert (said.place, said.due, said.resolved) == (law.code, None, datetime(2026, 1, 6, 2, 30, tzinfo=UTC))


def test_what_happened_after_it_was_seen_is_not_known(by: Map, law: Jurisdiction) -> None:
    (row,) = read(by, law, SHUT, as_of=datetime(2026, 1, 6, 2, 29, tzinfo=UTC))
    assert isinstance(row, Row)
    assert (row.command.state, row.command.resolved, row.command.outcome) == (State.ASSIGNED, None, None)


def spoilt(row: str, **cells: str) -> str:
    """A row with other cells."""
    names, said = HEAD.split(","), row.split(",")
    return ",".join(cells.get(name, cell) for name, cell in zip(names, said, strict=True))


REJECTED = {
    "no id": (spoilt(OPEN, no=""), "blank"),
    "a long id": (spoilt(OPEN, no="x" * 101), "too_long"),
    "an unknown category": (spoilt(OPEN, what="dragons"), "not_known"),
    "no category": (spoilt(OPEN, what=""), "blank"),
    "an unknown place": (spoilt(OPEN, where="Atlantis"), "not_known"),
    "an unknown department": (spoilt(OPEN, who="police"), "not_known"),
    "an unknown state": (spoilt(OPEN, state="perhaps"), "not_known"),
    "no opening": (OPEN.replace("2026-01-05 09:00", ""), "blank"),
    "no time": (OPEN.replace("2026-01-05 09:00", "yesterday"), "no_time"),
    "a time nobody can keep": (OPEN.replace("2026-01-12", "9999-01-12"), "out_of_reach"),
    "not opened yet": (OPEN.replace("2026-01-05", "2026-03-05"), "not_opened_yet"),
    "closed, but not when": (SHUT.replace("2026-01-06 10:30", ""), "closed_when"),
    "control characters": (spoilt(OPEN, words="a\x00b"), "not_writable"),
    "a cell too many": (OPEN + ",x", "cells"),
    "a cell too few": (OPEN.rsplit(",", 1)[0], "cells"),
}


@pytest.mark.parametrize("fault", REJECTED)
def test_what_is_rejected_and_why(by: Map, law: Jurisdiction, fault: str) -> None:
    line, code = REJECTED[fault]
    before, bad, after = read(by, law, OPEN, line, SHUT)
    assert isinstance(before, Row) and isinstance(after, Row), "the others are not its concern"
    assert isinstance(bad, Rejected)
    assert (bad.line, bad.code) == (3, code)
    assert bad.sentence("en") != bad.sentence("zh") and "{" not in bad.sentence("en") + bad.sentence("zh")


def test_every_reason_is_tested() -> None:
    from adapters.importing.rows import REASONS  # noqa: PLC0415 - beside its use

    assert {code for _, code in REJECTED.values()} == set(REASONS)


def test_a_file_without_a_column(by: Map, law: Jurisdiction) -> None:
    with pytest.raises(UnreadableError, match="no column who, how"):
        list(rows_of(StringIO("no,from,to,by,what,state,where,words\n"), by, law, SEEN))


def test_a_file_in_another_encoding(by: Map, law: Jurisdiction, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes(f"{HEAD}\n{OPEN}\n{spoilt(OPEN, words='漏水了')}\n".encode("gb18030"))
    with path.open(encoding="utf-8", newline="") as file, pytest.raises(UnreadableError, match="cannot be read"):
        list(rows_of(file, by, law, SEEN))


def test_times_in_a_form_of_their_own(law: Jurisdiction, tmp_path: Path) -> None:
    path = tmp_path / "old.toml"
    path.write_text('times = "%m/%d/%Y %I:%M:%S %p"\nzone = "America/New_York"\n' + SOUND, encoding="utf-8")
    by = read_map(path, law)
    line = "9,03/24/2025 11:33:07 PM,03/25/2025 12:45:11 AM,,0406,water,phone,shut,,"
    (row,) = read(by, law, line)
    assert isinstance(row, Row)
    assert row.command.opened == datetime(2025, 3, 25, 3, 33, 7, tzinfo=UTC)
    assert row.command.resolved == datetime(2025, 3, 25, 4, 45, 11, tzinfo=UTC)
