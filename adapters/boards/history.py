"""The life of a building, an organisation or a component: every case about it, open and ended, and what comes again."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, and_, case, select

from adapters.boards.looking import look
from adapters.boards.reaching import within
from adapters.boards.register import LONGEST, CaseLine, line
from adapters.boards.tables import about_a_thing, cases
from domain.permissions import Reach

WITHIN = timedelta(days=30)  # after the one before it: the same again
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OfCategory:
    """The cases of one category about a thing, and how many came within 30 days after another."""

    category: str
    count: int
    open: int
    repeats: int


@dataclass(frozen=True, slots=True)
class History:
    """What somebody may know of a thing: the cases about it within their reach, newest first, and their figures."""

    about: str
    cases: tuple[CaseLine, ...]
    count: int
    open: int
    repeats: int
    categories: tuple[OfCategory, ...]
    median_days: float | None  # from logging to the end
    ended: int  # how many that is of
    last_ended: datetime | None


def history(engine: Engine, reach: Reach, about: str, now: datetime) -> History:
    """The history of a registered thing, by its code."""
    which = _about(reach, about)
    columns = (cases.c.category, cases.c.logged_at, cases.c.ended_at, cases.c.open)
    every = look(engine, select(*columns).where(which).order_by(cases.c.logged_at, cases.c.first))
    newest = look(engine, select(cases).where(which).order_by(cases.c.first.desc()).limit(LONGEST))
    ends = [row.ended_at for row in every if row.ended_at]
    kinds = _categories(every)
    return History(
        about=about,
        cases=tuple(line(row, now) for row in newest),
        count=len(every),
        open=sum(row.open for row in every),
        repeats=sum(kind.repeats for kind in kinds),
        categories=kinds,
        median_days=_median(row.ended_at - row.logged_at for row in every if row.ended_at),
        ended=len(ends),
        last_ended=max(ends, default=None),
    )


def _about(reach: Reach, about: str) -> ColumnElement[bool]:
    # As an expression, so that SQLite goes by the thing and not through every case within reach.
    reached = case((within(reach), 1), else_=0) == 1
    return and_(reached, cases.c.about == about, about_a_thing)


def _categories(rows: Sequence[Row[Any]]) -> tuple[OfCategory, ...]:
    counts, opened = Counter(row.category for row in rows), Counter(row.category for row in rows if row.open)
    found = (OfCategory(code, n, opened[code], _repeats(rows, code)) for code, n in counts.items())
    return tuple(sorted(found, key=lambda kind: (-kind.count, kind.category)))


def _repeats(rows: Sequence[Row[Any]], category: str) -> int:
    times = (row.logged_at for row in rows if row.category == category)
    return sum(after - before <= WITHIN for before, after in pairwise(times))


def _median(spans: Iterable[timedelta]) -> float | None:
    days = [span / A_DAY for span in spans]
    return round(median(days), 1) if days else None
