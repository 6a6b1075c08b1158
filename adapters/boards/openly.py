"""What the public may know: how many cases, by one column, open and ended; and the rates from call-backs of streets."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, func, select

from adapters.boards.street import MOSTLY, Share
from adapters.boards.tables import cases
from adapters.store.errors import explained
from domain.states import Outcome, Satisfied

CONTENT = {Satisfied.YES.value: 1.0, Satisfied.MOSTLY.value: MOSTLY}


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
    said = (cases.c.contacted, cases.c.solved, cases.c.satisfied)
    called = (cases.c.attempts > 0, cases.c.carried_over.is_(False), cases.c.outcome != Outcome.UNREACHABLE.value)
    within = (cases.c.logged_at >= since, cases.c.category.not_in(without))
    wanted = select(cases.c.street, *said, func.count().label("n")).where(*called, *within)
    found: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    with explained(), engine.connect() as connection:
        for row in connection.execute(wanted.group_by(cases.c.street, *said)):
            found[row.street].append(row)
    return {street: _answers(rows) for street, rows in found.items()}


def _answers(rows: Collection[Row[Any]]) -> Answers:
    total = sum(row.n for row in rows)
    content = sum(CONTENT.get(row.satisfied, 0.0) * row.n for row in rows)
    return Answers(
        Share(sum(row.n for row in rows if row.contacted), total),
        Share(sum(row.n for row in rows if row.solved), total),
        Share(content, total),
    )
