"""The two leagues, streets and departments: each rate with numerator and denominator; exclusions that were granted left out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from adapters.boards.counting import Key, Span, Whose, counted, one_of
from adapters.boards.definitions import USUAL, Rate, chosen
from adapters.boards.looking import District
from adapters.boards.shares import SHOWN_FROM, Cell, Share
from adapters.boards.tables import cases
from domain.policy import Assessment

RANKED_FROM = SHOWN_FROM  # counted cases; what is shown as no rate is not ranked by one either
RATES = ("composite", "response", "resolution", "satisfaction", "in_time")
EVERY = Rate("cases", ("案件", "Cases"), ("any",), counts={"any": 1})


@dataclass(frozen=True, slots=True)
class Standing:
    """One street or department: its cases, its rates from call-backs, what it finished in time, what was left out."""

    code: str
    cases: int
    composite: Share
    response: Share
    resolution: Share
    satisfaction: Share
    in_time: Share
    excluded: int


@dataclass(frozen=True, slots=True)
class Leagues:
    """Streets by their cases, departments by those they lead; each in its order by the composite rate."""

    streets: tuple[Standing, ...]
    departments: tuple[Standing, ...]


def leagues(
    engine: Engine, district: District, since: datetime, now: datetime, assessment: Assessment = USUAL
) -> Leagues:
    """Both leagues over the cases that were logged from `since` on."""
    figures = [EVERY, *chosen(RATES, assessment)]
    mine, span = cases.c.district == district.code, Span(since)
    of_streets = counted(engine, figures, Whose.places(mine), span, now, cases.c.street)
    of_departments = counted(engine, figures, Whose.departments(mine), span, now, cases.c.lead)
    led = [code for code in district.departments if (code,) in of_departments]
    return Leagues(
        ranking(_standing(code, of_streets) for code in district.streets),
        ranking(_standing(code, of_departments) for code in led),
    )


def _standing(code: str, found: Mapping[Key, Mapping[str, Cell]]) -> Standing:
    every = one_of(found, (code,), EVERY.name)
    shares = {name: one_of(found, (code,), name).share for name in RATES}
    return Standing(code=code, cases=every.share.denominator, excluded=every.excluded, **shares)


def ranking(standings: Iterable[Standing], by: str = "composite") -> tuple[Standing, ...]:
    """The best first; those with too few counted cases come after, the more cases the earlier."""
    return tuple(sorted(standings, key=lambda one: (not ranked(one, by), -_score(one, by), -one.cases, one.code)))


def ranked(standing: Standing, by: str) -> bool:
    """Whether enough was counted for a rank."""
    share: Share = getattr(standing, by)
    return share.denominator >= RANKED_FROM


def _score(standing: Standing, by: str) -> float:
    share: Share = getattr(standing, by)
    return share.rate or 0.0 if ranked(standing, by) else 0.0
