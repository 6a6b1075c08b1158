"""Definitions are data: each fact is used and has words, each number is as its definition says, and nothing is 0 for want of cases."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine

from adapters.boards.answering import MONTHS, Question, answered, every, league, together, trend
from adapters.boards.counting import OF_DEPARTMENTS, OF_PLACES, Span
from adapters.boards.definitions import (
    BY_NAME,
    FIGURES,
    USUAL,
    Cohort,
    Part,
    Rate,
    Time,
    cases_of,
    chosen,
    definition,
    rates,
)
from adapters.boards.dimensions import By, Of
from adapters.boards.explaining import figures_page
from adapters.boards.facts import FACTS
from adapters.boards.lasting import Lasted
from adapters.boards.register import count
from adapters.boards.shares import EMPTY, Cell, Share
from adapters.boards.tables import cases
from domain.periods import Month
from domain.policy import Assessment
from domain.taxonomy import Category, Taxonomy
from tests.adapters.boards.test_figures import NOW, bare, case, put
from tests.statements import statements

__all__ = ["bare"]  # a fixture
DAY = timedelta(days=1)
DISTRICT = Of("district", "d")
TREE = Taxonomy.of((Category("1", {}), Category("11", {}, "1"), Category("2", {})))
USED = {fact for figure in FIGURES for fact in figure.facts} | {
    fact for one in FIGURES if isinstance(one, Time) for fact in one.waits
}
LEFT_OUT = {OF_PLACES, OF_DEPARTMENTS}


def asked(by: By | None = None, of: Of = DISTRICT, **span: object) -> Question:
    return Question(of, Span(**span), TREE, by)


def looks(said: list[tuple[str, object]]) -> int:
    return sum("SELECT" in one[0] for one in said)


def test_every_fact_is_needed_and_every_fact_that_is_needed_is_there() -> None:
    assert FACTS.keys() == USED | LEFT_OUT
    assert len({fact.words for fact in FACTS.values()}) == len(FACTS)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_definition_says_every_fact(figure: Rate | Time, language: str) -> None:
    said = definition(figure, language)
    assert all(FACTS[fact].words[language == "en"] in said for fact in figure.facts)
    assert said in figures_page()


def test_the_weights_are_the_city_s() -> None:
    (composite,) = chosen(["composite"], Assessment(response=0.2, resolution=0.3, satisfaction=0.5, mostly=0.8))
    assert composite.counts == {"contacted": 0.2, "solved": 0.3, "satisfied": 0.5, "mostly": 0.4}
    assert "× 0.4" in definition(composite, "en") and "按 0.4 计" in definition(composite, "zh")
    assert [one.name for one in rates()] == [one.name for one in rates(USUAL)]


def called(**said: object) -> dict[str, object]:
    return case(contacted=True, solved=True, satisfied="yes", outcome="solved", **said)


def test_where_nobody_is_counted_there_is_no_rate_and_below_ten_none_is_shown(bare: Engine) -> None:
    (response,) = chosen(["response"])
    assert together(bare, response, asked(), NOW) == EMPTY and EMPTY.share.rate is None
    put(bare, cases, *(called() for _ in range(9)))
    nine = together(bare, response, asked(), NOW)
    assert isinstance(nine, Cell) and (nine.share.rate, nine.share.shown) == (1.0, None)
    put(bare, cases, called())
    ten = together(bare, response, asked(), NOW)
    assert isinstance(ten, Cell) and ten.share.shown == 1.0


def test_who_came_back_within_thirty_days_was_not_helped(bare: Engine) -> None:
    (resolution,) = chosen(["resolution"])
    thirty = 30 * 86400
    put(bare, cases, *(called(reopened_after=after) for after in (None, 0, thirty, thirty + 1)))
    found = together(bare, resolution, asked(), NOW)
    assert isinstance(found, Cell) and found.share == Share(2, 4)


def test_a_category_counts_for_the_top_of_its_branch(bare: Engine) -> None:
    put(bare, cases, *(case(category=code) for code in ("11", "1", "2", "unheard of")))
    (found,) = chosen(["found"])
    by_top = answered(bare, found, asked(By.TOP_CATEGORY), NOW)
    assert {code: cell.share.denominator for code, cell in by_top.items() if isinstance(cell, Cell)} == {
        "1": 2,
        "2": 1,
        "unheard of": 1,
    }


def test_a_department_s_exclusion_is_left_out_of_its_own_score_only(bare: Engine) -> None:
    said = {"lead": "water", "first_lead": "water", "lead_since": NOW - DAY, "resolved_at": NOW, "promised": NOW}
    put(bare, cases, case(**said), case(**said, excluded_lead=True), case(**said, excluded_place=True))
    (in_time,) = chosen(["in_time"])
    for by, of in ((By.DEPARTMENT, DISTRICT), (None, Of(code="water", department=True)), (By.STREET, DISTRICT)):
        (cell,) = answered(bare, in_time, asked(by, of), NOW).values()
        assert isinstance(cell, Cell) and (cell.share, cell.whole, cell.excluded) == (Share(2, 2), Share(3, 3), 1)
    resolve = BY_NAME["resolve"]
    (lasted,) = answered(bare, resolve, asked(By.DEPARTMENT), NOW).values()
    assert lasted == Lasted(86400, 86400, 2, None, 0, 1, 0)


def test_a_trend_is_one_look_whose_months_are_the_same_as_asked_one_by_one(bare: Engine) -> None:
    zone, this = UTC, Month(2026, 3, 19)
    put(bare, cases, *(case(logged_at=NOW - n * 3 * DAY, source="patrol" if n % 3 else "web") for n in range(150)))
    (found,) = chosen(["found"])
    with statements(bare) as said:
        points = trend(bare, found, asked(), NOW, this, zone)
    assert looks(said) == 1 and [point.month for point in points] == [
        this.shifted(n - MONTHS + 1) for n in range(MONTHS)
    ]
    for point in points:
        alone = asked(since=point.month.begin(zone), until=point.month.end(zone))
        assert together(bare, found, alone, NOW) == point.number
    assert sum(point.number.share.denominator for point in points if isinstance(point.number, Cell)) > 100


def test_all_rates_of_a_place_are_two_looks(bare: Engine) -> None:
    put(bare, cases, *(called(logged_at=NOW - n * DAY) for n in range(3)))
    with statements(bare) as said:
        found = every(bare, rates(), asked(), NOW)
    assert looks(said) == 2  # dispatch and returns go by another column
    assert found == {one.name: together(bare, one, asked(), NOW) for one in rates()}


def test_a_league_ranks_by_what_is_better_and_nobody_below_ten() -> None:
    cells = {
        code: Cell(Share(n, d), Share(n, d), int(n), 0, 0) for code, n, d in (("a", 9, 10), ("b", 3, 12), ("c", 9, 9))
    }
    (in_time, rework, whistle) = (BY_NAME[name] for name in ("in_time", "rework", "whistle"))
    assert [(code, rank) for code, _, rank in league(cells, in_time)] == [("a", 1), ("b", 2), ("c", None)]
    assert [(code, rank) for code, _, rank in league(cells, rework)] == [("b", 1), ("a", 2), ("c", None)]
    assert {rank for _, _, rank in league(cells, whistle)} == {None}
    times = {"x": Lasted(50.0, 60, 10), "y": Lasted(40.0, 90, 12), "z": Lasted(1.0, 1, 9), "none": Lasted()}
    ranks = [(code, rank) for code, _, rank in league(times, BY_NAME["sign"])]
    assert ranks == [("y", 1), ("x", 2), ("z", None), ("none", None)]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_the_parts_of_a_figure_hold_no_case_twice(bare: Engine, figure: Rate | Time) -> None:
    rows = [
        called(carried_over=n % 2 == 0, excluded_place=n % 3 == 0, resolved_at=NOW if n % 5 else None, promised=NOW, original=NOW,
               closed_at=NOW if n % 7 else None, first_lead="water" if n % 4 else "", lead="water", lead_since=NOW - DAY,
               ended_at=NOW if n % 7 else None, open=n % 7 == 0, state="in_progress" if n % 7 == 0 else "closed", phase="resolved")
        for n in range(60)
    ]  # fmt: skip
    put(bare, cases, *rows)
    apart = [cases_of(figure.name, part, NOW, cases.c.excluded_place) for part in Part if part is not Part.NUMERATOR]
    for one, other in ((a, b) for n, a in enumerate(apart) for b in apart[n + 1 :]):
        assert count(bare, one, other) == 0
    numerator, denominator = (
        cases_of(figure.name, part, NOW, cases.c.excluded_place) for part in (Part.NUMERATOR, Part.DENOMINATOR)
    )
    assert count(bare, numerator, ~denominator) == 0


def test_cohorts_go_by_logging_or_by_the_last_closing(bare: Engine) -> None:
    put(bare, cases, case(logged_at=NOW - 40 * DAY, closed_at=NOW - DAY), case(logged_at=NOW - DAY))
    (found,) = chosen(["found"])
    since = NOW - 10 * DAY
    for cohort in Cohort:
        recent = together(bare, found, asked(since=since, cohort=cohort), NOW)
        assert isinstance(recent, Cell) and recent.share.denominator == 1
    ever = together(bare, found, asked(cohort=Cohort.CLOSED), NOW)
    assert isinstance(ever, Cell) and ever.share.denominator == 1


def test_months_of_a_trend_follow_one_another() -> None:
    months = [Month(2026, 3, 19).shifted(n) for n in range(MONTHS)]
    assert all(a.end(UTC) == b.begin(UTC) for a, b in pairwise(months)) and datetime(2026, 2, 19, tzinfo=UTC) == months[
        0
    ].begin(UTC)
