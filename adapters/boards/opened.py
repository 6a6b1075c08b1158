"""What is open in a district, in one look: how many cases by state, street and who is accountable, and what is wrong with them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, case, func, select

from adapters.boards.looking import District, look
from adapters.boards.register import clockless
from adapters.boards.tables import cases


@dataclass(frozen=True, slots=True)
class Opened:
    """So many open cases of one state, street and holder; of them so many overdue, and so many that would be forgotten."""

    state: str
    street: str
    holder: str
    n: int
    late: int
    clockless: int


def opened(engine: Engine, district: District, now: datetime) -> list[Opened]:
    """All that is open, by state, street and holder."""
    by = (cases.c.state, cases.c.street, cases.c.accountable)
    late, forgotten = (func.sum(case((which, 1), else_=0)) for which in (cases.c.due < now, clockless()))
    sums = (func.count().label("n"), late.label("late"), forgotten.label("clockless"))
    rows = look(engine, select(*by, *sums).where(district.open()).group_by(*by))
    return [Opened(row.state, row.street, row.accountable, row.n, row.late, row.clockless) for row in rows]
