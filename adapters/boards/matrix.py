"""What is overdue: by street, and by who holds it: a department, the district's dispatch, or the street itself."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select

from adapters.boards.looking import District, look
from adapters.boards.tables import cases

BELOW = ""  # the street, or a community or grid of it


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many overdue cases of a street one holder has; the holder is a department, the district, or BELOW."""

    street: str
    holder: str
    count: int


def overdue(engine: Engine, district: District, now: datetime) -> tuple[Overdue, ...]:
    """Every cell that is not empty, by street and holder."""
    by = (cases.c.street, cases.c.accountable)
    wanted = select(*by, func.count().label("n")).where(district.open(), cases.c.due < now).group_by(*by)
    found: Counter[tuple[str, str]] = Counter()
    for row in look(engine, wanted):
        above = row.accountable in district.departments or row.accountable == district.code
        found[row.street, row.accountable if above else BELOW] += row.n
    return tuple(Overdue(*cell, n) for cell, n in sorted(found.items()))
