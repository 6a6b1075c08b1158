"""The two leagues, streets and departments: each rate with numerator and denominator; exclusions that were granted left out."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, and_, case, func, select

from adapters.boards.looking import District, look
from adapters.boards.street import ANSWERS, PRECISION, VALID, Share, Tally, said_in, shares
from adapters.boards.tables import cases, excluded, requests

RANKED_FROM = 5  # counted cases; below that chance alone decides
SHOWN_FROM = 10  # counted cases; below that only numerator and denominator are shown, no rate
WEIGHTS = {"response": 0.1, "resolution": 0.5, "satisfaction": 0.4}
RATES = ("composite", *WEIGHTS, "in_time")
BY_UNIT = (cases.c.street, cases.c.lead, cases.c.own)


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


def leagues(engine: Engine, district: District, since: datetime, now: datetime) -> Leagues:
    """Both leagues over the cases that were logged from `since` on."""
    streets = {code: Tally() for code in district.streets}
    departments = {code: Tally() for code in district.departments}
    for row in look(engine, _counted(district, since, now)):
        for tally in _of(row, streets, departments):
            tally.update(_figures(row))
    for row in look(engine, _left_out(district, since, now)):
        for tally in _of(row, streets, departments, row.unit):
            tally.subtract(_figures(row))
            tally["excluded"] += row.n
    led = {code: tally for code, tally in departments.items() if tally["cases"] or tally["excluded"]}
    return Leagues(ranking(_standings(streets)), ranking(_standings(led)))


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


def _columns(now: datetime) -> tuple[Any, ...]:
    """Cases by unit and answer; and of them, what should be done by now, and what was done in time."""
    should = and_(cases.c.promised.is_not(None), (cases.c.resolved_at.is_not(None)) | (cases.c.promised < now))
    sums = {"valid": VALID, "should": should, "in_time": cases.c.resolved_at <= cases.c.promised}
    counted = (func.sum(case((which, 1), else_=0)).label(name) for name, which in sums.items())
    return (*BY_UNIT, *ANSWERS, func.count().label("n"), *counted)


def _counted(district: District, since: datetime, now: datetime) -> Any:  # noqa: ANN401 - a statement
    by = (*BY_UNIT, *ANSWERS, VALID)
    return select(*_columns(now)).where(district.logged_since(since)).group_by(*by)


def _left_out(district: District, since: datetime, now: datetime) -> Any:  # noqa: ANN401 - a statement
    """The same of what was left out, by the unit that asked for it."""
    granted = select(requests.c.case, requests.c.unit).where(excluded).distinct().subquery()
    joined = cases.join(granted, granted.c.case == cases.c.case)
    by = (granted.c.unit, *BY_UNIT, *ANSWERS, VALID)
    wanted = select(granted.c.unit, *_columns(now)).select_from(joined)
    return wanted.where(district.logged_since(since)).group_by(*by)


def _of(
    row: Row[Any], streets: dict[str, Tally], departments: dict[str, Tally], unit: str | None = None
) -> Iterator[Tally]:
    """Whose figures a row belongs to; where a unit asked to leave it out, only its own: below the district, the street's."""
    if row.street in streets and (unit is None or unit not in departments):
        yield streets[row.street]
    if row.lead in departments and unit in (None, row.lead):
        yield departments[row.lead]


def _figures(row: Row[Any]) -> dict[str, Any]:
    said = said_in(row, row.n if row.valid else 0)
    return {**said, "cases": row.n, "should": row.should, "in_time": row.in_time}


def _standings(tallies: dict[str, Tally]) -> Iterator[Standing]:
    for code, tally in tallies.items():
        composite = sum(weight * tally[name] for name, weight in WEIGHTS.items())
        yield Standing(
            code=code,
            cases=tally["cases"],
            composite=Share(round(composite, PRECISION), tally["valid"]),
            in_time=Share(tally["in_time"], tally["should"]),
            excluded=tally["excluded"],
            **shares(tally),
        )
