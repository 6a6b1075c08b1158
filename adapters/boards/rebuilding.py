"""Rebuilding: everything is told again beside the boards, then takes their place."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from functools import partial
from itertools import groupby
from typing import Any, cast

from sqlalchemy import Column, Connection, Engine, Index, MetaData, Row, Select, Table, inspect, text, update
from sqlalchemy.schema import CreateIndex, DropTable

from adapters.boards.folding import BATCH, FILE, IN_FILES, NAME, Boards, Told, files_told, put_in
from adapters.boards.numbering import BEGINNINGS, beginning, give_numbers, given_before
from adapters.boards.tables import TOLD, checkpoint, numbers, pairs, parked
from adapters.store.errors import explained
from adapters.store.tables import events
from workflow.ledger import of_a_case

Progress = Callable[[int, int], None]
beside = MetaData()  # without names for keys: PostgreSQL finds one that is free

SHADOWS: dict[Table, Table] = {
    table: Table(
        table.name.replace("board_", "shadow_"),
        beside,
        *(
            Column(column.name, column.type, primary_key=column.primary_key, nullable=column.nullable, autoincrement=False)
            for column in table.c
        ),
    )
    for table in (*TOLD, numbers, pairs, parked)
}  # fmt: skip


def rebuild(boards: Boards, progress: Progress = lambda _done, _all: None) -> int:
    """Tell everything again, then follow the log; returns the position reached. `progress(done, all)` in entries.

    Killed in the middle, the boards are as they were.
    """
    head, done, write = boards.head(), 0, boards.writer.run
    write(_cleared).result()
    begun = FILE.where(events.c.version == 1, events.c.name.in_(BEGINNINGS))
    for rows in _streamed(boards.log_engine, begun, head, events.c.position):
        told_of = [beginning(row, boards.zone) for row in rows]
        write(partial(give_numbers, numbers=SHADOWS[numbers], begun=told_of)).result()
    before: Future[None] | None = None
    for rows in _streamed(boards.log_engine, FILE, head, *IN_FILES):
        told = list(
            files_told((row for row in rows if of_a_case(row.name)), boards.law)
        )  # while those before are written
        if before:
            before.result()
        before = write(partial(_told, told=told))
        done += sum(one.entries for one in told)
        progress(done, head)
    if before:
        before.result()
    for table in SHADOWS.keys() - {numbers}:
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            write(partial(_indexed, index=index)).result()
    write(partial(_swapped, head=head)).result()
    return boards.catch_up()


def _streamed(log: Engine, wanted: Select[Any], head: int, *order: Column[Any]) -> Iterator[list[Row[Any]]]:
    """The log up to `head` in batches of whole files (or of beginnings, by position)."""
    batch: list[Row[Any]] = []
    with explained(), log.connect() as connection:
        rows = connection.execution_options(yield_per=BATCH).execute(
            wanted.where(events.c.position <= head).order_by(*order)
        )
        for _, file in groupby(rows, key=lambda row: row.stream):
            batch += file
            if len(batch) >= BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def _cleared(connection: Connection) -> None:
    """Empty shadows; only the numbers are looked up while they are given, and so have their indexes from the start."""
    beside.drop_all(connection)
    beside.create_all(connection)
    for index in numbers.indexes:
        _indexed(connection, index)


def _told(connection: Connection, told: list[Told]) -> None:
    put_in(connection, told, given_before(connection, SHADOWS[numbers], [one.id for one in told]), SHADOWS)


def _indexed(connection: Connection, index: Index) -> None:
    """An index like one of the boards, after the rows: they are then sorted once. Its name alternates with each rebuild."""
    live, name = cast("Table", index.table), str(index.name)
    taken = {found["name"] for found in inspect(connection).get_indexes(live.name)}
    shadow = SHADOWS[live]
    which = {f"{engine}_where": index.dialect_options[engine]["where"] for engine in ("postgresql", "sqlite")}
    columns = [shadow.c[column.name] for column in index.columns]
    again = Index(f"{name}_2" if name in taken else name, *columns, unique=index.unique, **which)
    connection.execute(CreateIndex(again))
    shadow.indexes.discard(again)


def _swapped(connection: Connection, head: int) -> None:
    """What stands beside the boards takes their place. The checkpoint first: who folds now has it, and is let through."""
    connection.execute(update(checkpoint).where(checkpoint.c.name == NAME).values(position=head))
    for live, shadow in SHADOWS.items():
        connection.execute(DropTable(live))
        connection.execute(text(f"ALTER TABLE {shadow.name} RENAME TO {live.name}"))
    if connection.dialect.name == "postgresql":
        for live in SHADOWS:
            connection.execute(text(f"ANALYZE {live.name}"))  # else its planner knows nothing of them for a minute
