"""Figures as pages: all of a place or department at one sight, and each down to its units, its months and its cases."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from adapters.boards.answering import MONTHS, Number, Question, answered, every, league, together, trend
from adapters.boards.definitions import FIGURES, Cohort, Rate, Time, definition
from adapters.boards.dimensions import By, Of, behind, parts_of
from adapters.boards.shares import SHOWN_FROM
from api.figured import ALL, LAST, THIS, Asked, figures_of, month_of, of_within, question
from api.pages import charts
from api.pages.acting.controls import Option
from api.pages.reading import Reading
from api.pages.routing import Code, NoPageError, page_router
from api.pages.then import Dated, slider_of

measures = page_router()
BYS = tuple(By)
ASKED = Asked.model_fields.keys() - {"as_of"}  # the moment is the page's
FIRST_BY = {"street": By.DEPARTMENT, "community": By.CATEGORY, "grid": By.CATEGORY}


@dataclass(frozen=True)
class Sight:
    """What somebody looks at: the address understood, or NoPageError."""

    v: Reading
    asked: Asked
    of: Of

    @cached_property
    def figures(self) -> Mapping[str, Rate | Time]:
        """Every figure, as this city weighs it."""
        return figures_of(self.v.law)

    @cached_property
    def question(self) -> Question:
        """As the boards take it."""
        return question(self.v.law, self.asked, self.of, self.v.now)

    @property
    def said(self) -> dict[str, str]:
        """What the address says, for links that keep it."""
        return self.asked.model_dump(mode="json", exclude_defaults=True, exclude_none=True)

    @property
    def periods(self) -> Iterator[Option]:
        """The months that can be chosen, this one first."""
        v = self.v
        this = month_of(v.law, THIS, v.now)
        yield Option(THIS, v.t("period_this", name=this.name))
        yield Option(LAST, v.t("period_last", name=this.shifted(-1).name))
        yield from (Option(month.name, month.name) for month in (this.shifted(-n) for n in range(2, MONTHS)))
        yield Option(ALL, v.t("period_all"))

    def cohorts(self, figure: Rate | Time | None) -> tuple[Option, ...]:
        """By what a period may go: of one figure, or of any."""
        possible = figure.cohorts if figure else tuple(Cohort)
        return tuple(Option(cohort.value, self.v.t(f"cohort_{cohort.value}")) for cohort in possible)

    def defined(self, figure: Rate | Time) -> str:
        """What a figure is."""
        return definition(figure, self.v.language)

    def title(self, figure: Rate | Time) -> str:
        """What it is called."""
        return figure.title[self.v.language == "en"]

    def lists(self, figure: Rate | Time, by: By | None = None, unit: str = "") -> dict[str, str]:
        """Where the cases behind each part of a number are."""
        asked = self.question
        found = behind(figure, asked.of, asked.span, asked.taxonomy, by, unit)
        return {part.value: self.v.url("cases", **found, part=part.value) for part in parts_of(figure)}


def sight(request: Request, v: Dated) -> Sight:
    """What the address asks for. Raises NotSignedInError, NoPageError."""
    known = {name: value for name, value in request.query_params.items() if name in ASKED and value}
    try:
        asked = Asked.model_validate(known)
    except ValidationError:
        raise NoPageError from None
    of = of_within(v.law, v.me, asked.of)
    if of is None or not of.code:
        raise NoPageError
    return Sight(v, asked, of)


Seen = Annotated[Sight, Depends(sight)]


@measures.get("/figures")
def all_figures(v: Dated, seen: Seen) -> HTMLResponse:
    """Every figure of a place or department."""
    fit = [figure for figure in FIGURES if seen.asked.cohort in figure.cohorts]
    fit = [seen.figures[figure.name] for figure in fit]
    engine, asked = v.engine, seen.question
    rates = [figure for figure in fit if isinstance(figure, Rate)]
    numbers: dict[str, Number] = dict(every(engine, rates, asked, v.now))
    times = [figure for figure in fit if isinstance(figure, Time)]
    numbers |= {time.name: together(engine, time, asked, v.now) for time in times}
    return v.page("measures", seen=seen, rates=rates, times=times, numbers=numbers, slider=slider_of(v), **_known())


@measures.get("/figures/{name}")
def one_figure(v: Dated, seen: Seen, name: Code) -> HTMLResponse:
    """A figure by its units, over its months."""
    figure = seen.figures.get(name)
    if figure is None or seen.asked.cohort not in figure.cohorts:
        raise NoPageError
    engine, asked, law = v.engine, seen.question, v.law
    by = seen.asked.by or FIRST_BY.get(seen.of.rung, By.STREET)
    points = trend(engine, figure, asked, v.now, month_of(law, seen.asked.period, v.now), law.calendar.tz)
    found = answered(engine, figure, Question(asked.of, asked.span, asked.taxonomy, by), v.now)
    return v.page(
        "measure", seen=seen, figure=figure, by=by, bys=BYS, units=list(league(found, figure)),
        total=together(engine, figure, asked, v.now), points=points, chart=charts.trend(points),
        named=_namer(v, by), figures=seen.figures, slider=slider_of(v), **_known(),
    )  # fmt: skip


def _known() -> dict[str, Any]:
    """What the templates ask of these screens."""
    return {"shown_from": SHOWN_FROM, "hours": hours}


def hours(seconds: float | None) -> str:
    """A time as people compare it."""
    return "–" if seconds is None else f"{seconds / 3600:.1f}".removesuffix(".0")


def _namer(v: Reading, by: By) -> Any:  # noqa: ANN401 - a function of one code
    names = {By.SOURCE: lambda code: v.word("SOURCES", code), By.CATEGORY: v.category, By.TOP_CATEGORY: v.category}
    return names.get(by, v.name)
