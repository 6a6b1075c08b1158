"""What came in, in one look: how many cases, by when they were logged, of which category and street."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Engine, case, func, select

from adapters.boards.looking import District, look
from adapters.boards.tables import cases


class Arrived(NamedTuple):
    """So many cases that were logged in the same span."""

    span: int
    category: str
    street: str
    carried_over: bool
    n: int


def arrivals(engine: Engine, district: District, *moments: datetime) -> Sequence[Arrived]:
    """The cases of a district that were logged between the first of some moments and the last.

    The moments are in order; the n-th span, from 0, begins with the n-th of them and ends before the next.
    """
    after = [(cases.c.logged_at >= moment, n) for n, moment in enumerate(moments[:-1]) if n]
    by = (
        case(*reversed(after), else_=0).label("span"),
        cases.c.category,
        cases.c.street,
        cases.c.carried_over,
    )
    wanted = select(*by, func.count().label("n")).where(district.logged(moments[0], moments[-1])).group_by(*by)
    return [Arrived._make(row) for row in look(engine, wanted)]
