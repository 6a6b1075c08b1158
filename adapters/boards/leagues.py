"""The two leagues, streets and departments: each rate with numerator and denominator; exclusions that were granted left out."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from adapters.boards.counting import OF_DEPARTMENTS, OF_PLACES, Alike, Key, Span, alike, one_of, tallied
from adapters.boards.definitions import USUAL, Rate, chosen
from adapters.boards.dispatch import ACCURACY
from adapters.boards.looking import District
from adapters.boards.shares import SHOWN_FROM, Cell, Share
from adapters.boards.tables import cases
from domain.policy import Assessment

RANKED_FROM = SHOWN_FROM  # counted cases; what is shown as no rate is not ranked by one either
RATES = ("composite", "response", "resolution", "satisfaction", "in_time")
STREET, LEAD = 0, 1  # of a unit
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


def scored(engine: Engine, district: District, since: datetime, now: datetime) -> list[Alike]:
    """The cases that were logged from `since` on, by street and lead, in one look for all that is said of them."""
    mine = cases.c.district == district.code
    figures = [EVERY, *chosen(RATES), *ACCURACY]
    return list(alike(engine, figures, mine, Span(since), now, cases.c.street, cases.c.lead))


def leagues(some: Collection[Alike], district: District, assessment: Assessment = USUAL) -> Leagues:
    """Both leagues over some cases."""
    figures = [EVERY, *chosen(RATES, assessment)]
    of_streets = tallied(figures, _of(STREET, some, district.streets), OF_PLACES)
    of_departments = tallied(figures, _of(LEAD, some, district.departments), OF_DEPARTMENTS)
    led = [code for code in district.departments if (code,) in of_departments]
    return Leagues(
        ranking(_standing(code, of_streets) for code in district.streets),
        ranking(_standing(code, of_departments) for code in led),
    )


def _of(part: int, some: Iterable[Alike], codes: Collection[str]) -> Iterator[Alike]:
    """Those of the units in a league: far more lead cases, offices below a street too."""
    members = frozenset(codes)
    return (one.of(part) for one in some if one.unit[part] in members)


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
