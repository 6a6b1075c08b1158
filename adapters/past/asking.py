"""The boards asked as of a position: the same questions, with the rows that stood then in the place of those of now.

In SQL a name that a statement itself gives (`WITH board_cases AS …`) goes before the table of that name. So each question
is given the past under the names of the boards, and neither the boards' code nor the database's tables know of it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    event,
    func,
    literal,
    literal_column,
    select,
)

from adapters.boards.looking import IN_ORDER
from adapters.past.tables import KEPT, SETTLED


@dataclass(frozen=True, slots=True)
class Then:
    """The boards at a moment: which position of the log that is, and whom to ask; `held` where rows are taken out one by one."""

    at: datetime
    position: int
    engine: Engine
    held: Engine


def asked_of(engine: Engine, position: int, volume: int) -> Engine:
    """The same database; whatever is asked of the boards through it, is asked as of a position, which lies in a volume."""
    then = engine.execution_options()
    ways = {True: _in_most, False: _in_volumes}
    stood = cache(lambda in_order: tuple(_stood(position, volume, ways[in_order and engine.dialect.name == "sqlite"])))

    def told(_connection: Connection, asked: Any, multi: Any, params: Any, options: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's
        in_order = options.get(IN_ORDER, False)
        return asked.add_cte(*stood(in_order)) if isinstance(asked, Select) else asked, multi, params

    event.listen(then, "before_execute", told, retval=True)
    return then


def _stood(position: int, volume: int, lies: Callable[[Table, int], ColumnElement[bool]]) -> Iterator[CTE]:
    for live, kept in KEPT.items():
        columns = (kept.c[column.name] for column in live.c)
        stood = select(*columns).where(lies(kept, volume), *_stands(live, kept, position))
        # As if its text stood in the question: else PostgreSQL makes all of it before it looks for what is asked.
        yield stood.cte(live.name).prefix_with("NOT MATERIALIZED")


def _in_volumes(kept: Table, volume: int) -> ColumnElement[bool]:
    # So many literals, and no list: else the question is written anew each time.
    return kept.c.volume.in_([literal(SETTLED), literal(volume)])


def _in_most(kept: Table, volume: int) -> ColumnElement[bool]:
    """The same for SQLite, which takes all volumes for alike: most rows are settled, and to go by an order is less than to sort them."""
    return func.likelihood(_in_volumes(kept, volume), literal_column("0.9"))


def _stands(live: Table, kept: Table, position: int) -> Iterator[ColumnElement[bool]]:
    yield kept.c.stood_from <= position
    yield kept.c.stood_until > position
    if "first" in live.c:
        yield kept.c.first <= position  # follows from the others; an index in that order begins where it should
