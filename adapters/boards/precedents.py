"""Who came last time: the department that led the last case of the same kind in the same street."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, and_, case, select

from adapters.boards.reaching import within
from adapters.boards.tables import assignments, cases
from adapters.store.errors import explained
from domain.case import Case
from domain.permissions import Reach
from domain.states import AssignmentState, Part

FEW = 3
NOT_TAKEN_BACK = (AssignmentState.RETURNED.value, AssignmentState.WITHDRAWN.value)


@dataclass(frozen=True, slots=True)
class Precedent:
    """A department that came to such a case before: when, to which, and whether to the same grid."""

    unit: str
    case: UUID
    number: str
    since: datetime
    same_grid: bool


def precedents(engine: Engine, reach: Reach, of: Case) -> tuple[Precedent, ...]:
    """The last time for each of a few departments, those of the same grid first."""
    here = case((and_(cases.c.grid == of.place.grid, cases.c.grid != ""), 1), else_=0)
    wanted = select(assignments.c.unit, cases.c.case, cases.c.number, assignments.c.since, here.label("here"))
    joined = wanted.select_from(assignments.join(cases, cases.c.case == assignments.c.case))
    order = (here.desc(), assignments.c.since.desc())
    with explained(), engine.connect() as connection:
        rows = connection.execute(joined.where(within(reach), *_alike(of)).order_by(*order).limit(50)).all()
    last = dict[str, Precedent]()
    for row in rows:
        last.setdefault(row.unit, Precedent(row.unit, row.case, row.number, row.since, bool(row.here)))
    return tuple(last.values())[:FEW]


def _alike(of: Case) -> Iterator[ColumnElement[bool]]:
    yield cases.c.street == of.place.street
    yield cases.c.category == of.category
    yield cases.c.case != of.id
    yield assignments.c.part == Part.LEAD.value
    yield assignments.c.own.is_(False)
    yield assignments.c.state.not_in(NOT_TAKEN_BACK)
