"""What comes again and again: cases of one kind in one place within 30 days, against the 30 days before."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, case, func, select

from adapters.boards.looking import look
from adapters.boards.spots import inside
from adapters.boards.tables import cases
from domain.places import Place

SPAN = timedelta(days=30)
FROM = 2


@dataclass(frozen=True, slots=True)
class Repeat:
    """One kind of case in one place; where it would point at somebody the place is the street, nothing smaller."""

    place: str
    category: str
    count: int
    before: int
    open: int
    last: datetime

    @property
    def again(self) -> int:
        """How many came after the first."""
        return self.count - 1

    @property
    def more(self) -> int:
        """How many more than in the span before."""
        return self.count - self.before


def repeats(
    engine: Engine, place: Place, now: datetime, sensitive: Collection[str] = (), category: str = ""
) -> tuple[Repeat, ...]:
    """Every repeat inside a place, the most first; grids are the closest that is known. Of one category alone, where one is named."""
    where, is_recent = _where(sensitive), cases.c.logged_at >= now - SPAN
    only = [cases.c.category == category] if category else []
    recent = func.sum(case((is_recent, 1), else_=0)).label("recent")
    wanted = (
        select(
            where.label("place"),
            cases.c.category,
            recent,
            func.count().label("n"),
            func.sum(case((and_(is_recent, cases.c.open.is_(True)), 1), else_=0)).label("opened"),
            func.max(cases.c.logged_at).label("last"),
        )
        .where(inside(place), cases.c.logged_at >= now - 2 * SPAN, cases.c.logged_at <= now, where != "", *only)
        .group_by(where, cases.c.category)
        .having(recent >= FROM)
        .order_by(recent.desc(), func.count(), where, cases.c.category)
    )
    rows = look(engine, wanted)
    return tuple(Repeat(row.place, row.category, row.recent, row.n - row.recent, row.opened, row.last) for row in rows)


def _where(sensitive: Collection[str]) -> ColumnElement[Any]:
    closest = func.coalesce(func.nullif(cases.c.grid, ""), func.nullif(cases.c.community, ""), cases.c.street)
    return case((cases.c.category.in_(sensitive), cases.c.street), else_=closest) if sensitive else closest
