"""`whistle import`: a city's own years come in; the boards then count, and call late, what the city did."""

import csv
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from adapters.jurisdictions import shipped
from api.settings import Settings
from api.whole import Whole, compose
from domain.actors import Role
from tests.adapters.boards.test_folding import everything
from tests.api.office import Office, office, settled
from tests.api.test_command_line import TOP, Ran, whistle
from tests.boston import DISTRICT, code, make_jurisdiction, requests
from tests.shared_data import shared

FILE = "requests/boston311_2011h2_shared_6000.csv"
AS_OF = "2014-01-01"
SEEN = datetime(2014, 1, 1, tzinfo=ZoneInfo("America/New_York"))
DISPATCHER = (Role.DISPATCHER, DISTRICT)


@dataclass(frozen=True)
class City:
    """A store that a city's file was brought into, and the file's own rows."""

    home: Path
    url: str
    file: Path
    folder: Path
    rows: list[dict[str, str]]

    def bring(self, *words: str) -> Ran:
        return whistle(
            "import", str(self.file), "--map", "boston311", "--as-of", AS_OF, *self.where, *words, home=self.home
        )

    @property
    def settings(self) -> Settings:
        return Settings.of({"WHISTLE_DATABASE_URL": self.url} if self.url else {}, home=self.home)

    @property
    def where(self) -> tuple[str, ...]:
        return ("--database-url", self.url) if self.url else ()


@pytest.fixture(
    params=[
        pytest.param((1200, "sqlite"), id="1200 on SQLite"),
        pytest.param((6000, "sqlite"), id="6000 on SQLite", marks=pytest.mark.slow),
        pytest.param((6000, "postgresql"), id="6000 on PostgreSQL", marks=pytest.mark.slow),
    ]
)
def city(request: pytest.FixtureRequest, tmp_path: Path) -> City:
    count, engine = request.param
    url = request.getfixturevalue("postgres_url") if engine == "postgresql" else ""
    file = cut(shared(FILE), tmp_path / "requests.csv", count)
    with file.open(encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    folder = make_jurisdiction(tmp_path / "boston", requests(file, count))
    settled(tmp_path / "store", folder, url)
    return City(tmp_path / "store", url, file, folder, rows)


def cut(source: Path, file: Path, count: int) -> Path:
    """The first rows of a file."""
    with source.open(encoding="utf-8", newline="") as found, file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.reader(found)
        csv.writer(out).writerows(row for number, row in enumerate(rows) if number <= count)
    return file


def seen(text: str) -> datetime | None:
    """A local time of the file, where it had come by then."""
    at = datetime.fromisoformat(text).replace(tzinfo=SEEN.tzinfo) if text else None
    return at if at is not None and at <= SEEN else None


def phase(row: dict[str, str]) -> str:
    """What the file says of a row as it stood then."""
    return "resolved" if row["case_status"] == "Closed" and seen(row["closed_dt"]) else "assigned"


def test_the_boards_count_and_call_late_what_the_city_did(city: City) -> None:
    ran = city.bring()
    assert ran.stdout == f"{len(city.rows)} rows: {len(city.rows)} carried over, 0 here already, 0 rejected\n", (
        ran.stderr
    )
    with office(city.home, city.folder, city.url) as hall:
        hall.time.now = SEEN.astimezone(UTC)
        for column, role, board in (
            ("department", Role.DEPARTMENT_CLERK, "departments"),
            ("neighborhood", Role.STREET_CLERK, "streets"),
        ):
            for name in {code(row[column]) for row in city.rows} - {""}:
                wanted = Counter(phase(row) for row in city.rows if code(row[column]) == name)
                assert hall.get((role, name), f"/boards/{board}/{name}").json()["board"]["phases"] == wanted, name
        lines = listed(hall)
    assert Counter(line["category"] for line in lines.values()) == Counter(code(row["type"]) for row in city.rows)
    assert Counter(line["street"] for line in lines.values()) == Counter(code(row["neighborhood"]) for row in city.rows)
    labelled = [row for row in city.rows if row["ontime"] and row["target_dt"]]
    assert [
        row["case_enquiry_id"]
        for row in labelled
        if lines[row["case_enquiry_id"]]["late"] != (row["ontime"] == "OVERDUE")
    ] == []
    assert len(labelled) > 200


def listed(hall: Office) -> dict[str, dict[str, Any]]:
    """Every case of the list, by the city's own number."""
    found: dict[str, dict[str, Any]] = {}
    before = 0
    while True:
        page = hall.get(DISPATCHER, "/cases", limit=200, before=before).json()
        found |= {line["external_id"]: line for line in page["cases"]}
        before = page["next"]
        if not before:
            return found


def test_again_adds_nothing(city: City) -> None:
    city.bring()
    before = told(city)
    assert f"0 carried over, {len(city.rows)} here already, 0 rejected" in city.bring().stdout
    assert told(city) == before


def test_killed_half_way_and_run_again_it_ends_the_same(city: City, tmp_path: Path) -> None:
    kill_half_way(city)
    half = head(city)
    assert 0 < half < len(city.rows)
    assert f"{len(city.rows) - half} carried over, {half} here already" in city.bring().stdout
    other = replace(city, home=tmp_path / "other", url="")
    settled(other.home, city.folder)
    other.bring()
    assert told(other) == told(city)


def kill_half_way(city: City) -> None:
    """A process of its own, gone for good as soon as it has written something."""
    command = [sys.executable, "-m", "api", "import", str(city.file), "--map", "boston311", "--as-of", AS_OF]
    where = [*city.where, "--home", str(city.home)]
    with opened(city) as whole, subprocess.Popen([*command, *where], cwd=TOP) as process:
        late = monotonic() + 60
        while not whole.boards.head():
            assert process.poll() is None and monotonic() < late
        process.kill()


@contextmanager
def opened(city: City) -> Iterator[Whole]:
    whole = compose(city.settings)
    yield whole
    whole.close()


def head(city: City) -> int:
    """How far the log has come."""
    with opened(city) as whole:
        return whole.boards.head()


def told(city: City) -> dict[str, list[str]]:
    """Every row of the boards."""
    with opened(city) as whole:
        whole.boards.catch_up()
        return everything(whole.boards.engine)


# --- mistakes, on a file of our own

HEAD = "case_enquiry_id,open_dt,target_dt,closed_dt,case_status,case_title,type,department,neighborhood,source"
ROWS = (
    "1,2026-01-05 09:00:00,,,Open,drain,0406,water,540102002,Self Service",
    "2,2026-01-05 09:00:00,,,Open,drain,dragons,water,,",
    "3,2026-01-05 09:00:00,,,Open,drain,dragons,water,,",
)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    settled(tmp_path / "store", shipped("chengguan"))
    (tmp_path / "old.csv").write_text("\n".join((HEAD, *ROWS)) + "\n", encoding="utf-8")
    return tmp_path / "store"


def test_what_is_rejected_is_told_by_reason_and_written_row_by_row(store: Path) -> None:
    ran = whistle("import", "old.csv", "--map", "boston311", "--rejected", "bad.csv", home=store)
    assert (ran.returncode, ran.stdout) == (2, "3 rows: 1 carried over, 0 here already, 2 rejected\n")
    assert "2 × The jurisdiction knows no “dragons” (column “type”)" in ran.stderr and "(first in line 3)" in ran.stderr
    assert ran.stderr.splitlines()[-1] == "whistle: 2 rows were not brought in; see bad.csv"
    with (store.parent / "bad.csv").open(encoding="utf-8", newline="") as file:
        assert [row[:3] for row in csv.reader(file)] == [["3", "2", "not_known"], ["4", "3", "not_known"]]


def test_a_dry_run_writes_nothing(store: Path) -> None:
    for _ in range(2):
        ran = whistle("import", "old.csv", "--map", "boston311", "--dry-run", home=store)
        assert ran.stdout == "3 rows: 1 carried over, 0 here already, 2 rejected\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("old.csv", "--map", "paris311"), "there is no map paris311; shipped are boston311, nyc311"),
        (("none.csv", "--map", "boston311"), "none.csv"),
        (("old.csv", "--map", "nyc311"), "the file has no column Unique Key"),
        (("old.csv", "--map", "boston311", "--as-of", "yesterday"), "yesterday is no moment"),
        (("old.csv", "--map", "boston311", "--as-of", "2999-01-01"), "2999-01-01 lies ahead"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_written(store: Path, words: tuple[str, ...], says: str) -> None:
    ran = whistle("import", *words, home=store)
    assert ran.returncode == 2 and says in ran.stderr and len(ran.stderr.strip().splitlines()) == 1
    assert "0 here already" in whistle("import", "old.csv", "--map", "boston311", "--dry-run", home=store).stdout
