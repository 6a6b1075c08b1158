"""Every figure, of every period, by everything, equals what a script of its own counts out of the exported log."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, false, select

from adapters.boards import Boards
from adapters.boards.answering import Number, Question, answered
from adapters.boards.counting import Span, Whose
from adapters.boards.definitions import TIMES, Cohort, Part, Rate, Time, rates
from adapters.boards.dimensions import By, Of, behind, parts_of
from adapters.boards.facts import BITS, FACTS, Fact
from adapters.boards.lasting import Lasted
from adapters.boards.register import how_many
from adapters.jurisdictions import shipped
from adapters.store.engine import engine_at
from adapters.store.migrate import migrate
from adapters.store.tables import events
from adapters.store.writer import Writer
from api.demo_month import month
from api.whole import Whole, compose
from bench.invented import Line, law
from bench.pour import pour
from domain import commands as c
from domain.actors import Actor, Role
from domain.jurisdiction import Jurisdiction
from domain.periods import Month
from domain.permissions import Reach
from domain.policy import Assessment
from domain.states import Outcome, Source, State
from domain.worktime import Limit
from tests.adapters.boards.test_district import UNTIL, left_out, suspended
from tests.adapters.boards.test_year import CASES as YEAR
from tests.adapters.boards.test_year import played
from tests.api.office import settled
from tests.api.test_import import City, city
from workflow.casework import Order

__all__ = ["city"]  # a fixture
SCRIPT = Path(__file__).parents[2] / "recount.py"
WEIGHTS = Assessment(month_starts=19, response=0.2, resolution=0.5, satisfaction=0.3, mostly=0.8)
BYS = (None, *By)
Answers = Mapping[str, Mapping[str, Any]]
Count = Callable[[Rate | Time, str, Question, datetime], Mapping[str, Number]]


@dataclass(frozen=True)
class Asked:
    """A log, its boards, and the periods that are asked about."""

    log: Engine
    boards: Engine
    law: Jurisdiction
    now: datetime
    periods: tuple[str, ...]

    @property
    def figures(self) -> tuple[Rate | Time, ...]:
        return (*rates(WEIGHTS), *TIMES)

    def span(self, period: str, cohort: Cohort) -> Span:
        zone = self.law.calendar.tz
        if period == "all":
            return Span(cohort=cohort)
        if period.startswith("from "):
            return Span(datetime.fromisoformat(period[5:]).replace(tzinfo=zone).astimezone(UTC), None, cohort)
        month = Month.named(period, WEIGHTS.month_starts)
        return Span(month.begin(zone), month.end(zone), cohort)

    def recounted(self, folder: Path) -> Answers:
        """What the script says, run by itself, without our code in reach."""
        tops = {
            code: next(top for top in self.law.taxonomy.tops if code in self.law.taxonomy.below(top))
            for code in self.law.taxonomy.by_code
        }
        question = {
            "now": self.now.isoformat(), "zone": self.law.calendar.zone, "month_starts": WEIGHTS.month_starts,
            "periods": self.periods, "tops": tops,
            "weights": {name: getattr(WEIGHTS, name) for name in ("response", "resolution", "satisfaction", "mostly")},
        }  # fmt: skip
        (folder / "log.jsonl").write_text("\n".join(exported(self.log)), encoding="utf-8")
        (folder / "question.json").write_text(json.dumps(question), encoding="utf-8")
        command = [sys.executable, "-I", str(SCRIPT), str(folder / "log.jsonl"), str(folder / "question.json")]
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        found: Answers = json.loads(ran.stdout)
        return found

    def differences(self, wanted: Answers, count: Count | None = None, only: str = "") -> list[str]:
        """Where ours is another number."""
        count = count or (lambda figure, _, question, now: answered(self.boards, figure, question, now))
        return [
            key
            for figure in self.figures if only in ("", figure.name)
            for cohort in figure.cohorts
            for period in self.periods
            for by in BYS
            for key in (f"{figure.name} {cohort} {period} {by or ''}",)
            for question in (Question(Of("district", self.law.code), self.span(period, cohort), self.law.taxonomy, by),)
            if plain(count(figure, period, question, self.now)) != some(wanted[key])
        ]  # fmt: skip


def exported(log: Engine) -> Iterator[str]:
    """The log as plain lines."""
    with log.connect() as connection:
        for row in connection.execute(select(events).order_by(events.c.position)):
            at = row.recorded_at.isoformat()
            yield json.dumps(
                {"case": str(row.stream), "name": row.name, "recorded_at": at, "body": json.loads(row.body)}
            )


def plain(found: Mapping[str, Number]) -> dict[str, Any]:
    return some({unit: _plain(number) for unit, number in found.items()})


def _plain(number: Number) -> dict[str, Any]:
    if isinstance(number, Lasted):
        told = {name: getattr(number, name) for name in ("median", "p90", "n", "oldest", "waiting")}
        return {**told, "excluded": number.excluded, "unknown": number.unknown}
    return {
        "numerator": number.share.numerator, "denominator": number.share.denominator, "counted": number.counted,
        "whole": [number.whole.numerator, number.whole.denominator],
        "excluded": number.excluded, "unknown": number.unknown,
    }  # fmt: skip


def some(found: Mapping[str, Any]) -> dict[str, Any]:
    """Units of which there is anything to say."""
    return {unit: told for unit, told in found.items() if any(n not in (0, None, [0, 0]) for n in told.values())}


# --- a month, with all that figures are about


BORDER = datetime(2026, 4, 18, 16, tzinfo=UTC)  # midnight in Lhasa, where a month begins on the 19th
PARTNER = Actor("import", Role.PARTNER, "old")


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    url = ""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        server.administer("CREATE DATABASE recounted")
        url = server.url("recounted")
    whole = compose(settled(tmp_path_factory.mktemp("month"), shipped("chengguan"), url), lambda: UNTIL)
    at_the_border(whole)
    known = list(dict.fromkeys(done.case.id for done in month(whole.casework, whole.law, UNTIL, 220)))
    left_out(whole, known)
    suspended(whole, known)
    carried_over(whole)
    extended(whole)
    whole.boards.catch_up()
    periods = ("all", "2026-04", "2026-05", "from 2026-04-10")
    yield Asked(whole.boards.log, whole.boards.engine, whole.law, UNTIL + timedelta(hours=30), periods)
    whole.close()
    if url:
        server.administer("DROP DATABASE recounted WITH (FORCE)")


def order(command: c.Command, actor: Actor, now: datetime) -> Order:
    return Order(command=command, actor=actor, now=now, id=uuid4())


def at_the_border(whole: Whole) -> None:
    """Cases carried over: opened in the last moment of a month and in the first of the next."""
    for opened in (BORDER - timedelta(microseconds=1), BORDER, BORDER + timedelta(hours=4)):
        bring(whole, opened, due=opened + timedelta(days=1))


def carried_over(whole: Whole) -> None:
    """What another system proves, and what it does not."""
    opened = UNTIL - timedelta(days=20)
    done: dict[str, Any] = {"state": State.CLOSED, "resolved": opened + timedelta(days=3)}
    for more in (
        {}, {"due": opened + timedelta(days=2)}, {"due": UNTIL + timedelta(days=9)}, done,
        {**done, "outcome": Outcome.SOLVED, "due": opened + timedelta(days=3)},
        {**done, "outcome": Outcome.UNKNOWN, "due": opened + timedelta(days=2)},
        {**done, "outcome": Outcome.EXPLAINED}, {**done, "state": State.RESOLVED},
    ):  # fmt: skip
        bring(whole, opened, **more)


def extended(whole: Whole) -> None:
    """A result that came after what was first promised, and before what was granted."""
    clerk, dispatcher = (
        Actor(role, role, unit) for role, unit in ((Role.DEPARTMENT_CLERK, "water"), (Role.DISPATCHER, whole.law.code))
    )
    case, hour = bring(whole, UNTIL - timedelta(days=3), due=UNTIL + timedelta(hours=4)), timedelta(hours=1)
    for n, (actor, command) in enumerate((
        (clerk, c.ReportIn(on_the_spot=True)), (clerk, c.RequestExtension(Limit.parse("1 days"), "parts")),
        (dispatcher, c.GrantExtension(1)), (clerk, c.ReportResult(done="mended", reply="mended")),
    )):  # fmt: skip
        whole.casework.handle(case, order(command, actor, UNTIL + (n + 2 * (n == 3)) * hour))


def bring(whole: Whole, opened: datetime, **more: Any) -> UUID:
    said = {"state": State.ASSIGNED, "source": Source.HOTLINE, "department": "water", **more}
    command = c.CarryOver(category="0406", place="540102002", opened=opened, **said)
    return whole.casework.open_case(uuid4(), order(command, PARTNER, UNTIL)).case.id


@pytest.fixture(scope="module")
def wanted(asked: Asked, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    return asked.recounted(tmp_path_factory.mktemp("recounted"))


def test_every_figure_of_a_month_is_what_the_log_says(asked: Asked, wanted: Answers) -> None:
    assert asked.differences(wanted) == []
    assert len(wanted) == len(asked.figures) * 2 * len(asked.periods) * len(BYS)


def test_there_was_something_to_count_of_each(wanted: Answers) -> None:
    """A comparison of nothing with nothing would hold."""
    every = {key.split()[0]: told[""] for key, told in wanted.items() if " logged all " in key and key.endswith(" ")}
    seldom = {"reopened", "suspension"}
    assert {name for name, told in every.items() if not told.get("numerator", told.get("n"))} <= seldom, every
    assert {name for name, told in every.items() if told["excluded"]} >= {"composite", "in_time", "whistle"}
    assert {name for name, told in every.items() if told["unknown"]} >= {"response", "in_time", "rework", "unsolved"}
    first, extended = every["in_time_original"], every["in_time"]
    assert (first["numerator"], first["denominator"]) != (extended["numerator"], extended["denominator"])


# --- down to its cases


@pytest.mark.parametrize("by", BYS)
def test_behind_each_number_are_exactly_so_many_cases(asked: Asked, by: By | None) -> None:
    everywhere, district, shown = Reach("district", asked.law.code), Of("district", asked.law.code), 0
    for figure in asked.figures:
        span = asked.span("2026-04", figure.cohorts[-1])
        numbers = answered(asked.boards, figure, Question(district, span, asked.law.taxonomy, by), asked.now)
        for unit, number in numbers.items():
            filters = behind(figure, district, span, asked.law.taxonomy, by, unit)
            for part in parts_of(figure) if unit or not by else ():
                n = how_many(asked.boards, everywhere, {**filters, "part": part.value}, asked.now)
                assert n == so_many(number, part), (figure.name, unit, part)
                shown += n
    assert shown > 50


def so_many(number: Number, part: Part) -> int:
    if isinstance(number, Lasted):
        found = {Part.DENOMINATOR: number.n, Part.WAITING: number.waiting}
    else:
        found = {Part.DENOMINATOR: number.share.denominator, Part.NUMERATOR: number.counted}
    return {**found, Part.EXCLUDED: number.excluded, Part.UNKNOWN: number.unknown}[part]


def test_a_rate_waits_for_nothing(asked: Asked) -> None:
    filters = {"figure": "in_time", "part": "waiting"}
    assert how_many(asked.boards, Reach("district", asked.law.code), filters, asked.now) == 0


# --- faults that must be found


def mixed(asked: Asked) -> Count:
    """In time by whichever deadline is the kinder."""

    def count(figure: Rate | Time, _: str, question: Question, now: datetime) -> Mapping[str, Number]:
        kinder = replace(figure, counts={"in_time_first": 1})  # type: ignore[call-arg]  # a rate
        return answered(asked.boards, kinder, question, now)

    return count


def unknown_is_none(asked: Asked) -> Count:
    """Nobody knows, so it did not happen."""
    return lambda figure, _, question, now: answered(asked.boards, replace(figure, unknown=()), question, now)


def by_another_clock(asked: Asked) -> Count:
    """The month begins when it does in Greenwich."""

    def count(figure: Rate | Time, period: str, question: Question, now: datetime) -> Mapping[str, Number]:
        shift = timedelta(hours=8) if period[0] == "2" else timedelta()
        span = question.span
        late = replace(span, since=span.since and span.since + shift, until=span.until and span.until + shift)
        return answered(asked.boards, figure, replace(question, span=late), now)

    return count


def a_moment_too_long(asked: Asked) -> Count:
    """The first moment of the next month belongs to this one too."""

    def count(figure: Rate | Time, _: str, question: Question, now: datetime) -> Mapping[str, Number]:
        until = question.span.until and question.span.until + timedelta(microseconds=1)
        return answered(asked.boards, figure, replace(question, span=replace(question.span, until=until)), now)

    return count


FAULTS = [
    (mixed, "in_time"), (unknown_is_none, "rework"), (unknown_is_none, "unsolved"), (by_another_clock, "found"),
    (a_moment_too_long, "found"),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "figure"), FAULTS, ids=[f"{one.__name__} {name}" for one, name in FAULTS])
def test_a_fault_is_found(asked: Asked, wanted: Answers, fault: Callable[[Asked], Count], figure: str) -> None:
    assert asked.differences(wanted, fault(asked), figure)


@pytest.mark.parametrize("figure", ["composite", "in_time", "resolve"])
def test_counting_what_was_left_out_is_found(
    asked: Asked, wanted: Answers, figure: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(cast("dict[str, Fact]", FACTS), "never", Fact(("", ""), false()))
    monkeypatch.setitem(cast("dict[str, int]", BITS), "never", 1 << len(BITS))
    monkeypatch.setattr(Whose, "places", classmethod(lambda kind, where: kind(where, "never")))
    monkeypatch.setattr(Whose, "departments", Whose.places)
    assert asked.differences(wanted, only=figure)


def test_the_faults_are_not_found_in_what_is_right(asked: Asked, wanted: Answers) -> None:
    assert [one for name in ("in_time", "composite") for one in asked.differences(wanted, only=name)] == []


# --- a year, and a city's own past


@pytest.fixture(params=["sqlite", "postgresql"])
def year(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Boards]:
    """Boards of a year, whose log is poured in at once."""
    lite = request.param == "sqlite"
    log = engine_at(f"sqlite:///{tmp_path / 'log.db'}" if lite else request.getfixturevalue("postgres_url"))
    migrate(log)
    lines = [Line.of(entry) for entries in played().written for entry in entries]
    rows = ((n, one.case, one.version, one.name, one.body, one.recorded_at) for n, one in enumerate(lines, 1))
    pour(log, events, rows)
    writer = Writer(engine_at(f"sqlite:///{tmp_path / 'boards.db'}") if lite else log)
    boards = Boards(writer, log, law().calendar.tz, lambda _: law())
    boards.catch_up()
    yield boards
    writer.close()
    for engine in {log, writer.engine}:
        engine.dispose()


@pytest.mark.slow
def test_every_figure_of_a_year_is_what_the_log_says(year: Boards, tmp_path: Path) -> None:
    assert year.parked() == [] and len(played().cases) == YEAR
    periods = ("all", "2025-06", "2026-04", "from 2026-01-19")
    asked = Asked(year.log, year.engine, law(), UNTIL + timedelta(hours=30), periods)
    assert asked.differences(asked.recounted(tmp_path)) == []


def test_a_city_s_own_rows_are_counted_as_far_as_they_prove_anything(city: City, tmp_path: Path) -> None:
    city.bring()
    whole = compose(city.settings)
    whole.boards.catch_up()
    now = datetime(2014, 1, 1, 5, tzinfo=UTC)
    asked = Asked(whole.boards.log, whole.boards.engine, whole.law, now, ("all", "2011-08", "2011-11"))
    wanted = asked.recounted(tmp_path)
    assert asked.differences(wanted) == []
    whole.close()
    every = wanted["in_time logged all "][""]
    promised = [row for row in city.rows if row["target_dt"]]
    late, unlabelled = (sum(row["ontime"] == label for row in promised) for label in ("OVERDUE", ""))
    assert every["unknown"] == sum(not row["target_dt"] for row in city.rows)
    assert 0 < late <= every["denominator"] - every["numerator"] <= late + unlabelled
    assert wanted["rework logged all "][""] == {
        **wanted["rework logged all "][""],
        "denominator": 0,
        "unknown": len(city.rows),
    }
