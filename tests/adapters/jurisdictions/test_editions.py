"""Loading is all or nothing; the same content adds nothing; what a case is pinned to stays readable."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from adapters.jurisdictions import BadJurisdictionError, Editions, NoSuchEditionError, read_files
from adapters.store.tables import editions
from adapters.store.writer import Writer
from tests.adapters.jurisdictions.town import more, swap, town

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def rows(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(editions)) or 0


def test_the_same_content_adds_nothing(writer: Writer, tmp_path: Path) -> None:
    folder, kept = town(tmp_path / "town"), Editions(writer)
    assert [kept.load(folder, NOW), kept.load(folder, LATER)] == ["100@1", "100@1"]
    path = folder / "places.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert kept.load(folder, LATER) == "100@1" and rows(writer.engine) == 1


def test_what_is_wrong_is_not_loaded_and_says_all_of_it(writer: Writer, tmp_path: Path) -> None:
    folder, kept = town(tmp_path / "town"), Editions(writer)
    kept.load(folder, NOW)
    more("staff.csv", "x,mayor,100,,")(folder)
    more("departments.csv", "gas,燃气,")(folder)
    with pytest.raises(BadJurisdictionError) as bad:
        kept.load(folder, LATER)
    assert [(problem.file, problem.line) for problem in bad.value.problems] == [
        ("departments.csv", 5),
        ("staff.csv", 25),
    ]
    assert rows(writer.engine) == 1 and kept.current().edition == "100@1"


def test_an_old_edition_stays_as_it_was(writer: Writer, tmp_path: Path) -> None:
    folder, kept = town(tmp_path / "town"), Editions(writer)
    kept.load(folder, NOW)
    swap("departments.csv", "Water", "Waterworks")(folder)
    assert kept.load(folder, LATER) == "100@2"
    fresh = Editions(writer)
    assert fresh.edition("100@1").departments["water"].names["en"] == "Water"
    assert fresh.current() == fresh.edition("100@2")
    assert fresh.current().departments["water"].names["en"] == "Waterworks"
    assert fresh.router("100@1").place_of(1.5, 1.5) in ("100-1", "100-2")


def test_what_was_there_before_may_come_back(writer: Writer, tmp_path: Path) -> None:
    folder, kept = town(tmp_path / "town"), Editions(writer)
    kept.load(folder, NOW)
    swap("departments.csv", "Water", "Waterworks")(folder)
    kept.load(folder, NOW)
    swap("departments.csv", "Waterworks", "Water")(folder)
    assert kept.load(folder, LATER) == "100@3"
    assert kept.current().departments == kept.edition("100@1").departments


def test_a_later_check_does_not_take_an_edition_away(writer: Writer, tmp_path: Path) -> None:
    folder, kept = town(tmp_path / "town"), Editions(writer)
    kept.load(folder, NOW)
    with writer.engine.begin() as connection:  # as a version that did not look for this would have kept it
        files = json.loads(connection.scalar(select(editions.c.files)) or "")
        files["staff.csv"] += "x,hotline,100,tomorrow,\n"
        connection.execute(update(editions).values(files=json.dumps(files)))
    assert read_files(files).problems
    assert len(Editions(writer).edition("100@1").places.by_code) == 8


@pytest.mark.parametrize("name", ["100@2", "200@1", "100@0", "100", "", "100@x", "100@-1"])
def test_an_edition_that_nobody_loaded(writer: Writer, tmp_path: Path, name: str) -> None:
    kept = Editions(writer)
    kept.load(town(tmp_path / "town"), NOW)
    with pytest.raises(NoSuchEditionError):
        kept.edition(name)


def test_nothing_is_loaded_yet(writer: Writer) -> None:
    with pytest.raises(NoSuchEditionError, match="no jurisdiction is loaded"):
        Editions(writer).current()
