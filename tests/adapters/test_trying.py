"""Another policy tried on a generated month: what plain recomputation says; and nothing is written."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import Engine, MetaData, select

from adapters.jurisdictions import read, shipped
from adapters.jurisdictions.reading import read_files
from adapters.store.engine import engine_at
from adapters.store.migrate import migrate
from adapters.store.writer import Writer
from adapters.trying import law_of, runs, tallies
from api.demo_month import Month
from api.whole import Whole, compose
from domain.case import replay
from domain.clocks import Started, Stopped
from domain.entries import Entry
from domain.jurisdiction import Jurisdiction
from domain.states import Clock
from domain.worktime import due
from tests.adapters.boards.test_year import CASES as CASES_OF_YEAR
from tests.adapters.boards.test_year import PATIENCE, played, stored
from tests.adapters.boards.test_year import UNTIL as END_OF_YEAR
from tests.api.office import settled
from tests.api.test_command_line import whistle

UNTIL = datetime(2026, 4, 20, 8, tzinfo=UTC)
SHORTER = ("*,resolve,routine,7 days", "*,resolve,routine,30 hours")


@pytest.fixture(scope="module")
def month(still: Whole) -> Whole:
    """A store with a generated month."""
    for _ in Month(still.casework, still.law, UNTIL, Random(3), 80).played():
        pass
    still.boards.catch_up()
    return still


def tighter(folder: Path) -> Path:
    """The limits as they might be."""
    text = (shipped("chengguan") / "limits.csv").read_text(encoding="utf-8")
    assert SHORTER[0] in text
    (folder / "limits.csv").write_text(text.replace(*SHORTER), encoding="utf-8")
    return folder / "limits.csv"


def files_of(whole: Whole) -> list[tuple[Entry, ...]]:
    numbers = {line.originator_id for line in whole.casework.recorder.select_notifications(start=None, limit=10**6)}
    return [whole.casework.file(case) for case in numbers]  # type: ignore[arg-type]  # ours are UUIDs


def by_hand(
    files: Iterable[tuple[Entry, ...]], law: Jurisdiction, since: datetime, until: datetime
) -> dict[Clock, Counter[str]]:
    """The same, case after case and clock after clock."""
    counted: dict[Clock, Counter[str]] = {}
    for file in files:
        for n, entry in enumerate(file):
            for fact in entry.clocks:
                if not isinstance(fact, Started) or fact.at < since or not fact.why.limit:
                    continue
                case = replay(file[: n + 1])
                assert case
                limits = {limit.step: limit for limit in law.limits(case.category, fact.clock, case.urgency)}
                told = counted.setdefault(fact.clock, Counter())
                told["runs"] += 1
                if fact.step not in limits:
                    told["unlimited"] += 1
                    continue
                would_be = due(fact.at, limits[fact.step], law.calendar_for(case.urgency)).at
                told["earlier" if would_be < fact.due else "same" if would_be == fact.due else "later"] += 1
                after = [(e.recorded_at, f) for e in file for f in e.clocks if f.key == fact.key and f.run == fact.run][
                    1:
                ]
                if all(isinstance(f, Stopped) for _, f in after):
                    end = after[-1][0] if after else until
                    told.update({"judged": 1, "missed": end > fact.due, "would_miss": end > would_be})
    return counted


def everything(engine: Engine) -> dict[str, list[str]]:
    """Every row of a database."""
    tables = MetaData()
    tables.reflect(engine)
    with engine.connect() as connection:
        return {t.name: sorted(map(repr, connection.execute(select(t)).all())) for t in tables.sorted_tables}


@pytest.mark.parametrize("days", [30, 9])
def test_it_says_what_plain_recomputation_says_and_writes_nothing(month: Whole, tmp_path: Path, days: int) -> None:

    since, law = UNTIL - timedelta(days=days), law_of(tighter(tmp_path), month.editions)
    before = {str(engine.url): everything(engine) for engine in (month.log.engine, month.boards.writer.engine)}
    found = tallies(runs(month.log.engine, law, since), UNTIL)
    wanted = by_hand(files_of(month), law, since, UNTIL)
    assert {clock: +told for clock, told in found.items()} == {clock: +told for clock, told in wanted.items()}
    assert found[Clock.RESOLVE]["earlier"] and found[Clock.RESOLVE]["would_miss"] > found[Clock.RESOLVE]["missed"]
    assert all(told["same"] == told["runs"] for clock, told in found.items() if clock is not Clock.RESOLVE)
    for engine in (month.log.engine, month.boards.writer.engine):
        assert everything(engine) == before[str(engine.url)]


@pytest.fixture(params=["sqlite", "postgresql"])
def log_of_the_year(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A log with the generated year."""
    lite = request.param == "sqlite"
    log = engine_at(f"sqlite:///{tmp_path / 'log.db'}" if lite else request.getfixturevalue("postgres_url"))
    migrate(log)
    writer = Writer(log, patience=PATIENCE)
    stored(writer)
    yield log
    writer.close()
    log.dispose()


@pytest.mark.slow
def test_on_a_whole_year_it_says_what_plain_recomputation_says_and_writes_nothing(
    log_of_the_year: Engine, tmp_path: Path
) -> None:
    law = law_changed(tighter(tmp_path))
    before = everything(log_of_the_year)
    for days in (365, 120):
        since = END_OF_YEAR - timedelta(days=days)
        found = tallies(runs(log_of_the_year, law, since), END_OF_YEAR)
        wanted = by_hand(files_of_the_year(), law, since, END_OF_YEAR)
        assert {clock: +told for clock, told in found.items()} == {clock: +told for clock, told in wanted.items()}
        assert (
            found[Clock.RESOLVE]["runs"] > CASES_OF_YEAR / 4
            and found[Clock.RESOLVE]["would_miss"] > found[Clock.RESOLVE]["missed"]
        )
    assert everything(log_of_the_year) == before and len(before["events"]) > 10 * CASES_OF_YEAR


def law_changed(limits: Path) -> Jurisdiction:
    """The jurisdiction of the year with other limits."""
    files = {**read(shipped("chengguan")).files, limits.name: limits.read_text(encoding="utf-8")}
    found = read_files(files, "tried@1").found
    assert found
    return found


def files_of_the_year() -> Iterator[tuple[Entry, ...]]:
    files: dict[UUID, list[Entry]] = {}
    for entries in played().written:
        for entry in entries:
            files.setdefault(entry.case, []).append(entry)
    return map(tuple, files.values())


def test_the_command_line(tmp_path: Path) -> None:
    home = settled(tmp_path / "store", shipped("chengguan")).home
    whole = compose(settled(home, shipped("chengguan")), lambda: UNTIL)
    for _ in Month(whole.casework, whole.law, UNTIL, Random(3), 12).played():
        pass
    whole.close()
    shown = whistle("policy", "try", str(tighter(tmp_path)), "--since", "2026-03-01", home=home)
    assert shown.returncode == 0 and "would miss" in shown.stdout and "resolve" in shown.stdout
    assert (
        "处置"
        in whistle("policy", "try", str(tighter(tmp_path)), "--since", "2026-03-01", "--lang", "zh", home=home).stdout
    )
    (tmp_path / "policy.toml").write_text("nonsense", encoding="utf-8")
    for words, says in (
        (("nowhere.csv", "--since", "2026-03-01"), "nowhere.csv is none of: a folder, categories.csv"),
        ((str(tmp_path / "policy.toml"), "--since", "2026-03-01"), "nothing was tried"),
    ):
        ran = whistle("policy", "try", *words, home=home)
        assert ran.returncode == 2 and says in ran.stderr
    assert whistle("policy", "try", str(tighter(tmp_path)), "--since", "soon", home=home).returncode == 2
    assert whistle("policy", "try", str(shipped("chengguan")), "--since", "2026-03-01", home=home).returncode == 0
