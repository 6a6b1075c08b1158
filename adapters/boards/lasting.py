"""How long things took: median, nine of ten, and the oldest that still waits, by any columns, over any cases."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, case, select

from adapters.boards.counting import Key, Span, Whose
from adapters.boards.definitions import Time, all_hold
from adapters.boards.facts import is_so
from adapters.boards.instants import unix
from adapters.boards.looking import look
from adapters.boards.tables import cases

NINE_OF_TEN = 9, 10


def most(some: Sequence[int]) -> int:
    """The first, in order, that nine of ten do not pass."""
    nine, ten = NINE_OF_TEN
    return sorted(some)[(len(some) * nine + ten - 1) // ten - 1]


@dataclass(frozen=True, slots=True)
class Lasted:
    """A time of one unit, in seconds; None where nothing ended, or nothing waits."""

    median: float | None = None
    p90: int | None = None
    n: int = 0
    oldest: int | None = None  # of what still waits
    waiting: int = 0
    excluded: int = 0
    unknown: int = 0


@dataclass(slots=True)
class _Tally:
    took: list[int] = field(default_factory=list)
    waits: list[int] = field(default_factory=list)
    excluded: int = 0
    unknown: int = 0

    def add(self, row: Row[Any]) -> None:
        """One case."""
        if row.unknown:
            self.unknown += 1
        elif row.left_out and row.took is not None:
            self.excluded += 1
        elif row.took is not None:
            self.took.append(row.took)
        elif row.waits is not None and not row.left_out:
            self.waits.append(row.waits)

    def lasted(self) -> Lasted:
        """All of them together."""
        half, nine = (median(self.took), most(self.took)) if self.took else (None, None)
        oldest = max(self.waits, default=None)
        return Lasted(half, nine, len(self.took), oldest, len(self.waits), self.excluded, self.unknown)


def lasted(
    engine: Engine, time: Time, whose: Whose, span: Span, now: datetime, *by: ColumnElement[Any]
) -> Mapping[Key, Lasted]:
    """How long one thing took each unit; `by` as in counting."""
    tallies: defaultdict[Key, _Tally] = defaultdict(_Tally)
    for row in look(engine, _each(time, whose, span, now, by)):
        tallies[tuple(row[: len(by)])].add(row)
    return {key: tally.lasted() for key, tally in tallies.items()}


def _each(time: Time, whose: Whose, span: Span, now: datetime, by: Sequence[ColumnElement[Any]]) -> Any:  # noqa: ANN401 - a statement
    begun, ended = cases.c[time.begins], cases.c[time.ends]
    so, unknown = all_hold(time.of, now), all_hold(time.unknown, now) if time.unknown else None
    columns = (
        case((so, unix(ended) - unix(begun))).label("took"),
        case((so & ended.is_(None) & all_hold(time.waits, now), int(now.timestamp()) - unix(begun))).label("waits"),
        (case((unknown, 1), else_=0) if unknown is not None else case((so, 0), else_=0)).label("unknown"),
        is_so(whose.left_out, now).label("left_out"),
    )
    units = [column.label(f"by_{n}") for n, column in enumerate(by)]
    return select(*units, *columns).where(whose.cases, *span.conditions(now))
