"""What the public may know: how many cases, by one column, open and ended; and the rates from call-backs of streets."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, func, select

from adapters.boards.street import ANSWERS, VALID, Share, answered, shares
from adapters.boards.tables import cases
from adapters.store.errors import explained


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


def answers(engine: Engine, since: datetime, without: Collection[str] = ()) -> Mapping[str, Answers]:
    """The rates by street, of the same cases: of those called back, whom nobody could reach left out."""
    within = (cases.c.logged_at >= since, cases.c.category.not_in(without))
    wanted = select(cases.c.street, *ANSWERS, func.count().label("n")).where(VALID, *within)
    found: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    with explained(), engine.connect() as connection:
        for row in connection.execute(wanted.group_by(cases.c.street, *ANSWERS)):
            found[row.street].append(row)
    return {street: Answers(**shares(answered(rows))) for street, rows in found.items()}
