"""Figures: what each one is, and how it stands, down to its cases."""

from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from adapters.boards.answering import Number, Question, answered, league, together
from adapters.boards.definitions import FIGURES, Cohort, Rate, Time, definition
from adapters.boards.dimensions import By, behind, parts_of
from adapters.boards.lasting import Lasted
from adapters.boards.shares import SHOWN_FROM, Cell, Share
from api.figured import Asked, figure_of, figures_of, of_within, question
from api.forms import Code
from api.moments import asked as at
from api.problems import Trouble, documented
from api.security import Caller, Parts

router = APIRouter(prefix="/api/v1", tags=["figures"])
LIST = "/api/v1/cases"
KINDS: dict[type[Rate | Time], str] = {Rate: "rate", Time: "time"}


class WordsOut(BaseModel):
    """In both languages."""

    zh: str
    en: str


class DefinitionOut(BaseModel):
    """What a figure is."""

    name: str
    kind: str = Field(description="rate or time")
    title: WordsOut
    definition: WordsOut
    cohorts: list[Cohort]

    @classmethod
    def of(cls, figure: Rate | Time) -> "DefinitionOut":
        """A figure in words."""
        zh, en = figure.title
        return cls(
            name=figure.name,
            kind=KINDS[type(figure)],
            title=WordsOut(zh=zh, en=en),
            definition=WordsOut(zh=definition(figure, "zh"), en=definition(figure, "en")),
            cohorts=list(figure.cohorts),
        )


class ShownShareOut(BaseModel):
    """A numerator and its denominator; no rate where fewer than ten were counted."""

    numerator: float
    denominator: int
    rate: float | None

    @classmethod
    def of(cls, share: Share) -> "ShownShareOut":
        """A share as it is answered."""
        return cls(numerator=share.numerator, denominator=share.denominator, rate=share.shown)


class RateOut(BaseModel):
    """A rate: without the cases that were granted to be left out, and with them."""

    share: ShownShareOut
    with_excluded: ShownShareOut
    counted: int = Field(description="Cases behind the numerator; those that count in part are one each")
    sample: int
    excluded: int = Field(description="Cases of the denominator that were granted to be left out")
    unknown: int = Field(description="Carried-over cases of which nobody knows: in no other number")


class TimeOut(BaseModel):
    """A time, in seconds; null where nothing ended, or nothing waits."""

    median: float | None
    p90: int | None
    sample: int
    oldest_waiting: int | None
    waiting: int
    excluded: int
    unknown: int


class NumberOut(BaseModel):
    """One unit's number: a rate or a time, as the figure is."""

    unit: str
    rank: int | None = Field(description="None where too little was counted, or no order would be fair")
    rate: RateOut | None = None
    time: TimeOut | None = None
    cases: dict[str, str] = Field(description="Where the cases behind each number are listed")


class FigureOut(BaseModel):
    """A figure of a period, as it stands."""

    figure: DefinitionOut
    of: str
    by: By | None
    cohort: Cohort
    since: datetime | None
    until: datetime | None
    shown_from: int = Field(SHOWN_FROM, description="From so many counted cases on a rate is told")
    position: int
    units: list[NumberOut]
    total: NumberOut


@router.get("/figures", responses=documented(401, 503))
def definitions(whole: Parts, actor: Caller) -> list[DefinitionOut]:  # noqa: ARG001 - only callers who are known may ask
    """Every figure: its name, what it is called, and what is counted of what."""
    known = figures_of(whole.law)
    return [DefinitionOut.of(known[figure.name]) for figure in FIGURES]


@router.get("/figures/{name}", responses=documented(401, 404, 422, 503))
def figure(name: Annotated[Code, Path()], whole: Parts, actor: Caller, asked: Annotated[Asked, Query()]) -> FigureOut:
    """A figure of a period, of each unit and of all together, with the list of cases behind each number."""
    law, then = whole.law, at(whole, asked.as_of)
    engine, now = then.engine, then.at
    found, of = figure_of(law, name), of_within(law, actor, asked.of)
    if found is None or of is None:
        raise Trouble("no_such_figure")
    if asked.cohort not in found.cohorts:
        raise Trouble("no_such_cohort", cohort=asked.cohort.value)
    wanted = question(law, asked, of, now)
    units = league(answered(engine, found, wanted, now), found) if asked.by else ()
    total = together(engine, found, wanted, now)
    return FigureOut(
        figure=DefinitionOut.of(found),
        of=of.code,
        by=asked.by,
        cohort=asked.cohort,
        since=wanted.span.since,
        until=wanted.span.until,
        position=then.position,
        units=[_number(found, asked, wanted, asked.by, *unit) for unit in units],
        total=_number(found, asked, wanted, None, "", total, None),
    )


def _number(
    figure: Rate | Time, asked: Asked, wanted: Question, by: By | None, unit: str, number: Number, rank: int | None
) -> NumberOut:
    told = {"time": _time(number)} if isinstance(number, Lasted) else {"rate": _rate(number)}
    lists = {}
    if unit or by is None:
        filters = dict(behind(figure, wanted.of, wanted.span, wanted.taxonomy, by, unit))
        filters |= {"as_of": asked.as_of.isoformat()} if asked.as_of else {}
        lists = {part.value: f"{LIST}?{urlencode({**filters, 'part': part.value})}" for part in parts_of(figure)}
    return NumberOut(unit=unit, rank=rank, cases=lists, **told)


def _rate(cell: Cell) -> RateOut:
    return RateOut(
        share=ShownShareOut.of(cell.share),
        with_excluded=ShownShareOut.of(cell.whole),
        counted=cell.counted,
        sample=cell.share.denominator,
        excluded=cell.excluded,
        unknown=cell.unknown,
    )


def _time(lasted: Lasted) -> TimeOut:
    return TimeOut(
        median=lasted.median,
        p90=lasted.p90,
        sample=lasted.n,
        oldest_waiting=lasted.oldest,
        waiting=lasted.waiting,
        excluded=lasted.excluded,
        unknown=lasted.unknown,
    )
