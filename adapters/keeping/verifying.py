"""A store that was restored is looked through: the log without gaps, each entry readable, and boards that can be told from it."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Engine, Row, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from adapters.boards import Boards, rebuilding
from adapters.past import Past
from adapters.store.batch import FIRST
from adapters.store.engine import reading
from adapters.store.errors import explained
from adapters.store.tables import events
from workflow.ledger import UnknownEventError, of_a_case, read, read_of_staff

AT_ONCE = 1_000  # rows
SHOWN = 5  # of what is wrong in the same way
before: Any = aliased(events, name="before")


def gaps(log: Engine) -> Iterator[str]:
    """Positions count from 1 without one missing."""
    with explained(), reading(log).connect() as connection:
        count, last = connection.execute(select(func.count(), func.max(events.c.position)).select_from(events)).one()
    if count != (last or 0):
        yield f"the log ends at position {last} and has {count} events"


def versions(log: Engine) -> Iterator[str]:
    """The versions of each case follow each other."""
    first, last = func.min(events.c.version), func.max(events.c.version)
    broken = or_(first.not_in(FIRST), last - first + 1 != func.count())
    yield from _some(
        log, select(events.c.stream).group_by(events.c.stream).having(broken), "the versions of case {} have a gap"
    )


def moments(log: Engine) -> Iterator[str]:
    """Moments never go back along positions."""
    next_one = and_(events.c.position == before.c.position + 1, events.c.recorded_at < before.c.recorded_at)
    yield from _some(
        log, select(events.c.position).join(before, next_one), "position {} was recorded before the one in front of it"
    )


def unread(log: Engine) -> Iterator[str]:
    """The ledger reads every entry."""
    with explained(), log.connect() as connection:
        for row in connection.execution_options(yield_per=AT_ONCE).execute(select(events)):
            try:
                _read(row)
            except (UnknownEventError, ValueError) as fault:
                yield f"position {row.position} ({row.name}) cannot be read: {type(fault).__name__}"


def _read(row: Row[Any]) -> None:
    at = {"version": row.version, "recorded_at": row.recorded_at}
    if of_a_case(row.name):
        read(row.name, row.body, case=row.stream, **at)
    else:
        read_of_staff(row.name, row.body, file=row.stream, **at)


# One row each: what else a restored store has to show, such as its seal, is added here.
CHECKS: tuple[Callable[[Engine], Iterator[str]], ...] = (gaps, versions, moments, unread)


def faults(log: Engine) -> Iterator[str]:
    """Everything that is wrong with a log."""
    for check in CHECKS:
        yield from check(log)


def told_anew(boards: Boards, past: Past) -> Iterator[str]:
    """Boards and their past are made again from the log; what cannot be told is wrong."""
    reached = rebuilding.rebuild(boards)
    past.remake()
    if reached != boards.head():
        yield f"the boards came to {reached} of {boards.head()}"
    yield from (f"case {case} cannot be told: {error}" for case, _, error in boards.parked()[:SHOWN])


def _some(log: Engine, wanted: Select[Any], sentence: str) -> Iterator[str]:
    with explained(), reading(log).connect() as connection:
        yield from (sentence.format(found) for found in connection.scalars(wanted.limit(SHOWN)).all())
