"""The boards asked as of a position: the same questions, with the rows that stood then in the place of those of now.

In SQL a name that a statement itself gives (`WITH board_cases AS …`) goes before the table of that name. So each question
is given the past under the names of the boards, and neither the boards' code nor the database's tables know of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    URL,
    BigInteger,
    ColumnElement,
    Engine,
    Integer,
    Table,
    bindparam,
    event,
    func,
    literal_column,
    select,
)

from adapters.boards.looking import IN_ORDER
from adapters.past.tables import KEPT, SETTLED

Parameters = Sequence[Any] | Mapping[str, Any]
POSITION, VOLUME = bindparam("then_position", type_=BigInteger), bindparam("then_volume", type_=Integer)


class Stood(NamedTuple):
    """The rows of a table that stood, as the beginning of a question; the names of its parameters where they go by order."""

    text: str
    order: tuple[str, ...]


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
    moment = {POSITION.key: position, VOLUME.key: volume}

    def told(_connection: Any, _cursor: Any, asked: str, given: Any, context: Any, _many: Any) -> tuple[str, Any]:  # noqa: ANN401 - SQLAlchemy's
        in_order = bool(context.execution_options.get(IN_ORDER))
        stood = [_stood(engine.url.drivername, live, in_order) for live in KEPT if live.name in asked]
        return (_before(asked, stood), _with(given, stood, moment)) if stood else (asked, given)

    event.listen(then, "before_cursor_execute", told, retval=True)
    return then


def _before(asked: str, stood: Sequence[Stood]) -> str:
    return f"WITH {', '.join(one.text for one in stood)} {asked}"


def _with(given: Parameters, stood: Sequence[Stood], moment: Mapping[str, int]) -> Parameters:
    """By name, or in the order of the text, as the driver has it."""
    if isinstance(given, Mapping):
        return {**given, **moment}
    return (*(moment[name] for one in stood for name in one.order), *given)


@cache
def _stood(driver: str, live: Table, in_order: bool) -> Stood:  # noqa: FBT001 - a key
    """As text, and once: a board asks a dozen questions, and to build and compare this for each took as long as to ask it."""
    kept = KEPT[live]
    dialect = URL.create(driver).get_dialect()()
    most = in_order and dialect.name == "sqlite"
    columns = (kept.c[column.name] for column in live.c)
    stood = select(*columns).where((_in_most if most else _in_volumes)(kept), *_stands(live, kept))
    written = stood.compile(dialect=dialect)
    # As if its text stood in the question: else PostgreSQL makes all of it before it looks for what is asked.
    return Stood(f"{live.name} AS NOT MATERIALIZED ({written})", tuple(written.positiontup or ()))


def _in_volumes(kept: Table) -> ColumnElement[bool]:
    return kept.c.volume.in_([literal_column(str(SETTLED)), VOLUME])


def _in_most(kept: Table) -> ColumnElement[bool]:
    """The same for SQLite, which takes all volumes for alike: most rows are settled, and to go by an order is less than to sort them."""
    return func.likelihood(_in_volumes(kept), literal_column("0.9"))


def _stands(live: Table, kept: Table) -> Iterator[ColumnElement[bool]]:
    yield kept.c.stood_from <= POSITION
    yield kept.c.stood_until > POSITION
    if "first" in live.c:
        yield kept.c.first <= POSITION  # follows from the others; an index in that order begins where it should
