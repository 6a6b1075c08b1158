"""The district's dispatch: how often the first department was the right one."""

from datetime import datetime

from sqlalchemy import Engine, and_, case, func, select

from adapters.boards.looking import District, look
from adapters.boards.street import Share
from adapters.boards.tables import assignments, cases
from domain.states import AssignmentState, Part


def accuracy(engine: Engine, district: District, since: datetime) -> Share:
    """Of the cases logged from `since` on that a department was to lead: those that no second one led, and none returned."""
    returned = case((assignments.c.state == AssignmentState.RETURNED.value, 1), else_=0)
    led = (assignments.c.part == Part.LEAD.value, assignments.c.own.is_(False), cases.c.carried_over.is_(False))
    each = (
        select(func.count(assignments.c.unit.distinct()).label("units"), func.max(returned).label("returned"))
        .select_from(cases.join(assignments, assignments.c.case == cases.c.case))
        .where(district.logged_since(since), *led)
        .group_by(assignments.c.case)
        .subquery()
    )
    right = case((and_(each.c.units == 1, each.c.returned == 0), 1), else_=0)
    counted = select(func.coalesce(func.sum(right), 0).label("right"), func.count().label("n")).select_from(each)
    row = look(engine, counted)[0]
    return Share(row.right, row.n)
