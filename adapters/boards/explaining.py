"""docs/figures.md: every figure and every fact as their definitions have them; generated, never edited."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, literal_column
from sqlalchemy.dialects import sqlite

from adapters.boards.definitions import BY_NAME, Cohort, Time, definition, rates
from adapters.boards.facts import FACTS, Fact
from adapters.boards.shares import SHOWN_FROM

NOW: ColumnElement[Any] = literal_column(":now")
INTRO = f"""# What the figures are

Generated from `adapters/boards/definitions.py` and `adapters/boards/facts.py` by `whistle flow --write`; a test fails when
it is stale. Pages, the API (`/api/v1/figures`) and every count go by the same definitions.

- A figure counts cases: those of which all of `of` holds, and of them those of `counts`, each with its weight.
- Cases of which `unknown` holds are in no other number: they were carried over, and nobody knows. They are told apart.
- Exclusions that were granted are a layer of their own: left out, and shown with them beside. By department, or of one
  department, what it was granted itself; otherwise what the street and those below it were.
- By department a case is that of the department that leads it; dispatch and returns are the first department's.
- A rate is null, never 0, where nobody could be counted, and is shown from {SHOWN_FROM} cases on; numerator and denominator always.
- A period is an assessment month (`[assessment]` in policy.toml) by the district's wall clock, of cases that were logged in
  it, or whose last closing lies in it. A month is named by the one in which it ends: with 19, 2026-04 goes from 19 March
  to 18 April.
- The original deadline is what was set when the lead was named; only a calendar or a category that was put right moves it.
  Neither extension nor suspension nor rework does.
- What a call-back weighs is the city's: here are the weights of the shipped policies.
"""


def figures_page() -> str:
    """The page."""
    parts = [INTRO, "## Rates\n", *map(_figure, (rate.name for rate in rates()))]
    parts += ["## Times\n", *map(_figure, (name for name, one in BY_NAME.items() if isinstance(one, Time)))]
    facts = _table(("fact", "zh", "en", "condition"), (_fact(name, fact) for name, fact in FACTS.items()))
    return "\n".join([*parts, "## Facts\n", facts, ""])


def _figure(name: str) -> str:
    figure = BY_NAME[name]
    zh, en = figure.title
    by = "logged or closed" if len(figure.cohorts) == len(Cohort) else "logged"
    facts = f"`of` {', '.join(figure.of)} · `unknown` {', '.join(figure.unknown) or '–'} · by {by}"
    said = "\n\n".join(definition(figure, language) for language in ("zh", "en"))
    return f"### {zh} · {en} (`{name}`)\n\n{said}\n\n{facts}\n"


def _fact(name: str, fact: Fact) -> tuple[str, ...]:
    condition = fact.holds(NOW).compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    return f"`{name}`", *fact.words, f"`{' '.join(str(condition).split()).replace('board_cases.', '')}`"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
