"""What the public may know: how many cases, by one column, open and ended; and the rates from call-backs of streets."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, and_, case, func, literal, select

from adapters.boards.counting import Span, Whose, counted
from adapters.boards.definitions import USUAL, chosen
from adapters.boards.shares import Share
from adapters.boards.street import CALL_BACKS
from adapters.boards.tables import called, cases, marked
from adapters.store.errors import explained
from domain.policy import Assessment

SUMMARY = case((marked, literal("")), else_=cases.c.summary)  # held back until a clerk has looked at what the case says


@dataclass(frozen=True, slots=True)
class Tally:
    """Cases that are open, and that have ended."""

    open: int = 0
    ended: int = 0


@dataclass(frozen=True, slots=True)
class Answers:
    """The three rates of a street, over the same call-backs."""

    response: Share
    resolution: Share
    satisfaction: Share


def tallies(engine: Engine, since: datetime, by: str, without: Collection[str] = ()) -> Mapping[str, Tally]:
    """Cases that were logged from `since` on, by a column; categories in `without` are left out."""
    column = cases.c[by]
    n = func.count()
    wanted = select(column, cases.c.open, n).where(cases.c.logged_at >= since, cases.c.category.not_in(without))
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    with explained(), engine.connect() as connection:
        for code, is_open, count in connection.execute(wanted.group_by(column, cases.c.open)):
            found[code]["open" if is_open else "ended"] = count
    return {code: Tally(**counts) for code, counts in found.items()}


def answers(
    engine: Engine, since: datetime, now: datetime, without: Collection[str] = (), assessment: Assessment = USUAL
) -> Mapping[str, Answers]:
    """The rates by street, of the same cases: of those called back; what was left out of a score is told all the same."""
    told = Whose.places(and_(called, cases.c.category.not_in(without)))
    found = counted(engine, chosen(CALL_BACKS, assessment), told, Span(since), now, cases.c.street)
    valid = {street: cells for (street,), cells in found.items() if cells["response"].whole.denominator}
    return {street: Answers(**{name: cell.whole for name, cell in cells.items()}) for street, cells in valid.items()}
