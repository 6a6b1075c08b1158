"""Case files for process mining: of the chosen cases, as the log had them at one position, a few at a time."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Row, bindparam, case, null, select

from adapters.boards.chosen import Chosen
from adapters.store.errors import explained
from adapters.store.tables import events
from domain.entries import Entry
from workflow.ledger import SAY_IN_THEIR_BODY, UPCASTS, outline, read
from workflow.mining import Step, walked

AT_ONCE = 200  # files that are in memory
OF_CASES = (events.c.stream.in_(bindparam("streams", expanding=True)), events.c.position <= bindparam("position"))
IN_FILES = (events.c.stream, events.c.version)
FILES = select(events).where(*OF_CASES).order_by(*IN_FILES)
WITH_BODY = case((events.c.name.in_([*SAY_IN_THEIR_BODY, *UPCASTS]), events.c.body), else_=null()).label("body")
OUTLINES = select(events.c.stream, events.c.name, events.c.recorded_at, WITH_BODY).where(*OF_CASES).order_by(*IN_FILES)
File = tuple[Chosen, tuple[Entry, ...]]


def files(log: Engine, cases: Iterable[tuple[Chosen, ...]]) -> Iterator[File]:
    """The whole file of each case, in the order of the cases."""
    for some in _few(cases):
        entries = {known: tuple(map(_entry, rows)) for known, rows in _rows(log, FILES, some)}
        yield from ((one, entries[one.case]) for one in some)


def traces(log: Engine, cases: Iterable[tuple[Chosen, ...]]) -> Iterator[tuple[UUID, list[Step]]]:
    """The steps of each case, in no order of cases; most bodies are not even read."""
    for some in _few(cases):
        for known, rows in _rows(log, OUTLINES, some):
            yield known, list(walked((*outline(row.name, row.body), row.recorded_at) for row in rows))


def _entry(row: Row[Any]) -> Entry:
    at = {"case": row.stream, "version": row.version, "recorded_at": row.recorded_at, "position": row.position}
    return read(row.name, row.body, **at)


def _few(cases: Iterable[tuple[Chosen, ...]]) -> Iterator[tuple[Chosen, ...]]:
    for some in cases:
        yield from (some[begin : begin + AT_ONCE] for begin in range(0, len(some), AT_ONCE))


def _rows(log: Engine, wanted: Any, some: tuple[Chosen, ...]) -> Iterator[tuple[UUID, Iterable[Row[Any]]]]:  # noqa: ANN401 - a select
    values = {"streams": [one.case for one in some], "position": some[0].position}
    with explained(), log.connect() as connection:
        yield from groupby(connection.execute(wanted, values).all(), key=lambda row: row.stream)
