"""Near duplicates: open cases of the same kind, or about the same thing, where a new one is about to be logged."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, and_, case, or_

from adapters.boards.reaching import within
from adapters.boards.register import NUL, CaseLine, lines
from adapters.boards.tables import cases
from domain.permissions import Reach
from domain.places import Path

WITHIN = timedelta(days=30)
FEW = 5


def near(
    engine: Engine, reach: Reach, place: Path, category: str, now: datetime, about: str = ""
) -> tuple[CaseLine, ...]:
    """Open cases within reach of the last 30 days, at most five: of this category around here, or about the same thing; nearest first."""
    if NUL in category + about:  # neither is called so, and PostgreSQL does not take the question
        return ()
    same_kind = and_(cases.c.category == category, _around(place))
    same_thing = cases.c.about == about if about else None
    wanted = or_(same_kind, same_thing) if same_thing is not None else same_kind
    here = case((_at(place), 0), else_=1)
    recent = cases.c.logged_at >= now - WITHIN
    return lines(engine, now, cases.c.open.is_(True), within(reach), recent, wanted, limit=FEW, first=here)


def _at(place: Path) -> ColumnElement[bool]:
    rung = next(name for name in ("grid", "community", "street", "district") if getattr(place, name))
    code: str = getattr(place, rung)
    return cases.c[rung] == code


def _around(place: Path) -> ColumnElement[bool]:
    if place.community:
        return cases.c.community == place.community
    return cases.c.street == place.street if place.street else cases.c.district == place.district
