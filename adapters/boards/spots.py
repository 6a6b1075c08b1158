"""Where cases pile up: hot spots, and the open cases of each place."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, func, select

from adapters.boards.lights import light_of
from adapters.boards.tables import cases
from adapters.store.errors import explained
from domain.places import Place, Rung

WITHIN = timedelta(days=30)
FROM = 3
LONGEST = 20  # on a board


@dataclass(frozen=True, slots=True)
class Spot:
    """Many of one kind in one community."""

    community: str
    category: str
    count: int


def inside(place: Place) -> ColumnElement[bool]:
    """The cases that lie in a place."""
    return cases.c[place.rung.value] == place.code


def spots(
    engine: Engine,
    where: ColumnElement[bool],
    now: datetime,
    *,
    without: Collection[str] = (),
    category: str = "",
    longest: int = LONGEST,
) -> tuple[Spot, ...]:
    """Three or more of one category in one community within 30 days, the most first; `without` some, or of one alone."""
    counted = [
        where,
        cases.c.community != "",
        cases.c.logged_at.between(now - WITHIN, now),
        cases.c.category.not_in(without),
    ]
    counted += [cases.c.category == category] if category else []
    found = select(cases.c.community, cases.c.category, func.count()).where(*counted)
    grouped = found.group_by(cases.c.community, cases.c.category).having(func.count() >= FROM)
    order = (func.count().desc(), cases.c.community, cases.c.category)
    with explained(), engine.connect() as connection:
        rows = connection.execute(grouped.order_by(*order).limit(longest)).all()
    return tuple(Spot(*row) for row in rows)


def open_by(
    engine: Engine, where: ColumnElement[bool], rung: Rung, now: datetime, *, category: str = "", light: str = ""
) -> dict[str, int]:
    """How many open cases each place of a rung has; '' stands for those whose place is not known so closely."""
    column = cases.c[rung.value]
    chosen = [cases.c.category == category] if category else []
    chosen += [light_of(now) == light] if light else []
    wanted = select(column, func.count()).where(where, cases.c.open.is_(True), *chosen).group_by(column)
    with explained(), engine.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(wanted)}
