"""Folding: the boards follow the log in batches; checkpoint and rows change in one transaction.

A row follows from the case alone (telling.py). So a batch reads the files of the cases it touches, and live, recovery
and rebuild are the same code; an event changes the boards exactly once, however many processes fold.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import chain, groupby
from threading import Condition, Event, Thread
from time import monotonic
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, Row, Select, Table, bindparam, delete, func, insert, select, update

from adapters.boards import telling
from adapters.boards.concerned import concerned
from adapters.boards.numbering import BEGINNINGS, Given, beginning, give_numbers, given_before
from adapters.boards.tables import (
    SCHEMA,
    TOLD,
    assignments,
    cases,
    checkpoint,
    endings,
    metadata,
    numbers,
    pairs,
    parked,
    requests,
    timers,
    whistles,
)
from adapters.store.bulk import fill
from adapters.store.engine import reading, transaction
from adapters.store.errors import Busy, CommitUnknown, Unavailable, explained
from adapters.store.migrate import create
from adapters.store.tables import events
from adapters.store.writer import Writer
from domain.case import Case, evolve, replay
from domain.entries import Entry
from domain.jurisdiction import Jurisdiction
from domain.permissions import Reach
from workflow.finding import pairs_of
from workflow.ledger import of_a_case, read
from workflow.retention import next_ending
from workflow.waking import next_waking

BATCH = 500  # entries folded in one transaction
LOCK = 0x5EED_0108  # whoever makes the boards
UPGRADE = 60.0  # seconds to wait while another makes them
PATIENCE = 5.0  # seconds that a reader waits for a position
PAUSE = 0.03  # seconds between looks at the log
NAME = "boards"
Law = Callable[[str], Jurisdiction]
Whom = frozenset[Reach]
Hear = Callable[[int, Whom], None]
NOBODY: Whom = frozenset()
log = logging.getLogger(__name__)

FILE = select(events)
IN_FILES = (events.c.stream, events.c.version)
NEXT = FILE.where(events.c.position > bindparam("old")).order_by(events.c.position).limit(BATCH)
FILES_NOW = FILE.where(events.c.stream.in_(bindparam("streams", expanding=True))).order_by(*IN_FILES)
FILES = FILES_NOW.where(events.c.position <= bindparam("new"))
BETWEEN = FILE.where(
    events.c.stream.in_(
        select(events.c.stream).where(events.c.position > bindparam("old"), events.c.position <= bindparam("new"))
    ),
    events.c.position <= bindparam("new"),
).order_by(*IN_FILES)
MOVED = (
    update(checkpoint)
    .where(checkpoint.c.name == NAME, checkpoint.c.position == bindparam("old"))
    .values(position=bindparam("new"))
)
UNTOLD = (LookupError, ValueError, TypeError, AttributeError)  # what an entry that cannot be told raises


class NotCaughtUpError(TimeoutError):
    """The boards did not reach the position in time."""


class OvertakenError(Exception):
    """Another process folded this batch first."""


Coming = tuple[
    datetime | None, datetime | None
]  # when time will next do something to a case, and next erase something of it
NOTHING_COMES: Coming = (None, None)
Lookups = frozenset[tuple[str, str]]  # a pair, and a street


@dataclass(frozen=True, slots=True)
class Told:
    """One case as the log has it: replayed, or why it cannot be."""

    id: UUID
    position: int
    entries: int
    case: Case | None
    error: str = ""
    before: Case | None = None  # as it was before these entries: it may have lain elsewhere
    wakes_at: datetime | None = None  # when time will next do something to it
    ends_at: datetime | None = None  # when something private of it is next to be erased

    def found_by(self) -> tuple[Lookups, Lookups]:
        """By what it is found since these entries, and by what no more; mostly nothing, and that costs nothing."""
        if self.case and self.before and _in_short(self.case) == _in_short(self.before):
            return frozenset(), frozenset()
        now, then = lookups(self.case), lookups(self.before)
        return now - then, then - now


def _in_short(case: Case) -> tuple[object, ...]:
    return case.summary, case.about, case.place.street


def lookups(case: Case | None) -> Lookups:
    """The pairs by which a case is found, each in its street."""
    return frozenset((pair, case.place.street) for pair in pairs_of(case)) if case else frozenset()


class Boards:
    """The boards of one database; `log_engine` is where the events are (the same database on PostgreSQL)."""

    def __init__(self, writer: Writer, log_engine: Engine, zone: ZoneInfo, law: Law) -> None:
        """`writer` writes the boards; days of case numbers are counted by `zone`; `law` finds the edition of a case."""
        self.writer, self.zone, self.law = writer, zone, law
        self.log_engine = log_engine
        self.log, self.engine = reading(log_engine), reading(writer.engine)
        self._news, self._stop, self._wake = Condition(), Event(), Event()
        self._reached = 0  # as far as this process knows; another may have folded further
        self._at: int | None = None  # how far it has told who listens
        self._tailer: Thread | None = None
        self._hear: Hear | None = None
        create(writer.engine, metadata)
        with transaction(writer.engine, patience=UPGRADE, lock=LOCK) as connection:
            _begun(connection)

    def position(self) -> int:
        """How far the boards have come."""
        return _scalar(self.engine, select(checkpoint.c.position).where(checkpoint.c.name == NAME))

    @property
    def reached(self) -> int:
        """How far this process knows the boards to have come: never further than they have."""
        return self._reached

    def head(self) -> int:
        """How far the log has come."""
        return _scalar(self.log, select(func.max(events.c.position)))

    def parked(self) -> list[tuple[UUID, int, str]]:
        """Cases that could not be told: case, position, why."""
        with explained(), self.engine.connect() as connection:
            rows = connection.execute(select(parked).order_by(parked.c.position)).all()
        return [(row.case, row.position, row.error) for row in rows]

    def catch_up(self) -> int:
        """Fold all that is in the log now; returns the position reached."""
        # From where this process has told them to be, were it the start: where another folded further, the next batch says so.
        at, more = self.position() if self._at is None else self._at, True
        self._at = at
        while more:
            at, more, whom = self._fold_some(at)
            self._at = self._tell(at)
            if self._hear and whom:
                self._hear(at, whom)
        return at

    @contextmanager
    def heard_by(self, hear: Hear) -> Iterator[None]:
        """While this lasts, `hear` is told of every change: how far the boards have come, and whom it concerns.

        It is called by whichever thread folds, and so must not wait.
        """
        self._hear = hear
        try:
            yield
        finally:
            self._hear = None

    def wait_for(self, position: int, patience: float = PATIENCE) -> None:
        """Until the boards have reached a position. Raises NotCaughtUpError."""
        deadline = monotonic() + patience
        while not self._come_to(position):
            if monotonic() > deadline:
                raise NotCaughtUpError(position)

    def _come_to(self, position: int) -> bool:
        """Whether the boards are there: soon by this process's own fold, else as the database says."""
        with self._news:
            if self._news.wait_for(lambda: self._reached >= position, PAUSE):
                return True
        return self._tell(self.position()) >= position

    def _tell(self, reached: int) -> int:
        """Say to those who wait how far the boards have come; returns the same."""
        with self._news:
            self._reached = max(reached, self._reached)
            self._news.notify_all()
        return reached

    def nudge(self) -> None:
        """Somebody in this process wrote: look at the log now."""
        self._wake.set()

    def start(self) -> None:
        """Follow the log in a thread of this process until `stop`."""
        self._tailer = Thread(target=self._follow, name="boards", daemon=True)
        self._tailer.start()

    def stop(self) -> None:
        """Stop following."""
        self._stop.set()
        self._wake.set()
        if self._tailer:
            self._tailer.join()

    def _follow(self) -> None:
        while not self._stop.is_set():
            try:
                self.catch_up()
            except (Busy, Unavailable, CommitUnknown):
                log.warning("the boards wait for their database")
            self._wake.wait(PAUSE)
            self._wake.clear()

    def _fold_some(self, old: int) -> tuple[int, bool, Whom]:
        """One batch; the position reached, whether there may be more, and whom it concerns."""
        ahead = self._rows(NEXT, old=old)
        if not ahead:
            return old, False, NOBODY
        new: int = ahead[-1].position
        rows = [row for row in ahead if of_a_case(row.name)]
        whole = {row.stream for row in rows if row.version == 1}  # of these the batch has all entries
        others = {row.stream for row in rows} - whole
        fresh = list(files_told(sorted((row for row in rows if row.stream in whole), key=_in_files), self.law))
        known = list(files_told(self._rows(FILES, streams=list(others), new=new), self.law, old)) if others else []
        begun = [beginning(row, self.zone) for row in rows if row.version == 1 and row.name in BEGINNINGS]

        def fold(connection: Connection) -> None:
            if connection.execute(MOVED, {"old": old, "new": new}).rowcount == 0:
                raise OvertakenError
            given = give_numbers(connection, numbers, begun) | given_before(connection, numbers, others)
            _take_out(connection, others)
            _no_longer_found(connection, known, given)
            put_in(connection, [*fresh, *known], given, LIVE)

        try:
            self.writer.run(fold).result()
        except OvertakenError:
            reached = self.position()
            return reached, True, self._whom(self._between(old, reached))
        return new, len(ahead) == BATCH, self._whom([*fresh, *known])

    def _between(self, old: int, new: int) -> Iterator[Told]:
        """What another process has folded."""
        return files_told((row for row in self._rows(BETWEEN, old=old, new=new) if of_a_case(row.name)), since=old)

    def _whom(self, told: Iterable[Told]) -> Whom:
        """Whom it concerns, where anybody asks."""
        return frozenset(reach for one in told for reach in _reaches(one)) if self._hear else NOBODY

    def _rows(self, wanted: Select[Any], **values: object) -> Sequence[Row[Any]]:
        with explained(), self.log.connect() as connection:
            return connection.execute(wanted, values).all()


def _scalar(engine: Engine, wanted: Select[Any]) -> int:
    with explained(), engine.connect() as connection:
        return connection.scalar(wanted) or 0


def _begun(connection: Connection) -> None:
    """A checkpoint at the start; boards of another schema are made anew and told again from there."""
    row = connection.execute(select(checkpoint).where(checkpoint.c.name == NAME)).first()
    if row is not None and row.schema == SCHEMA:
        return
    metadata.drop_all(connection)
    metadata.create_all(connection)
    connection.execute(insert(checkpoint).values(name=NAME, position=0, schema=SCHEMA))


def _reaches(told: Told) -> Iterator[Reach]:
    return chain(concerned(told.before), concerned(told.case))


def files_told(rows: Iterable[Row[Any]], law: Law | None = None, since: int = 0) -> Iterator[Told]:
    """Each case of some files; one that cannot be told is parked, and the others go on.

    Without a `law` nobody asks what time will do. `since` is where they were told last.
    """
    for case, file in groupby(rows, key=lambda row: row.stream):
        these, before, coming = list(file), None, NOTHING_COMES
        try:
            before = replay(entry_of(row) for row in these if row.position <= since)
            found = reduce(evolve, (entry_of(row) for row in these if row.position > since), before)
            coming, error = _coming(found, law) if law and found else (NOTHING_COMES, "")
        except UNTOLD as untold:
            found, error = None, f"{type(untold).__name__}: {untold}"
            log.error("case %s cannot be told: %s", case, type(untold).__name__)  # noqa: TRY400 - no trace: it may quote words
        yield Told(case, max(row.position for row in these), len(these), found, error, before, *coming)


def _coming(case: Case, law: Law) -> tuple[Coming, str]:
    """When time will next do something, and next erase something; else why that cannot be told.

    The case is shown all the same, and parked as well.
    """
    try:
        follows = law(case.edition)
        return (next_waking(case, follows), next_ending(case, follows)), ""
    except UNTOLD as untold:
        log.error("what time will do to case %s cannot be told: %s", case.id, type(untold).__name__)  # noqa: TRY400 - no trace: it may quote words
        return NOTHING_COMES, f"{type(untold).__name__}: {untold}"


def files(log: Engine, wanted: Iterable[UUID]) -> dict[UUID, tuple[Entry, ...]]:
    """The files of several cases as the log has them now, in one look."""
    with explained(), log.connect() as connection:
        rows = connection.execute(FILES_NOW, {"streams": list(wanted)}).all()
    return {case: tuple(map(entry_of, file)) for case, file in groupby(rows, key=lambda row: row.stream)}


def _in_files(row: Row[Any]) -> tuple[UUID, int]:
    return row.stream, row.version


def entry_of(row: Row[Any]) -> Entry:
    """A row of the log, read. Raises UNTOLD."""
    at = {"case": row.stream, "version": row.version, "recorded_at": row.recorded_at, "position": row.position}
    return read(row.name, row.body, **at)


def _take_out(connection: Connection, ids: Collection[UUID]) -> None:
    """The rows that some cases had."""
    for table in (*TOLD, parked) if ids else ():
        connection.execute(delete(table).where(table.c.case.in_(ids)))


def _no_longer_found(connection: Connection, told: Sequence[Told], given: Given) -> None:
    """What some cases were found by, and are not any more: little, since words are seldom put right."""
    gone = [
        {"p": pair, "f": given[one.id]["first"], "s": street}
        for one in told
        if one.case
        for pair, street in one.found_by()[1]
    ]
    if gone:
        those = (pairs.c.pair == bindparam("p"), pairs.c.first == bindparam("f"), pairs.c.street == bindparam("s"))
        connection.execute(delete(pairs).where(*those), gone)


def put_in(connection: Connection, told: Sequence[Told], given: Given, into: Mapping[Table, Table]) -> None:
    """The rows of some cases, with the numbers they were given."""
    for table, some in rows_of(told, given).items():
        fill(connection, into[table], some)


def rows_of(told: Sequence[Told], given: Given) -> dict[Table, list[dict[str, Any]]]:
    """The same, by the table they belong into."""
    known = [one.case for one in told if one.case is not None]
    rows: dict[Table, list[dict[str, Any]]] = {
        cases: [{**telling.case_row(case), **given[case.id]} for case in known],
        assignments: [
            {**row, "first": given[case.id]["first"]} for case in known for row in telling.assignment_rows(case)
        ],
        requests: [row for case in known for row in telling.request_rows(case)],
        whistles: [row for case in known for row in telling.whistle_rows(case)],
        timers: [{"case": one.id, "wakes_at": one.wakes_at} for one in told if one.case and one.wakes_at],
        endings: [{"case": one.id, "ends_at": one.ends_at} for one in told if one.case and one.ends_at],
        parked: [{"case": one.id, "position": one.position, "error": one.error} for one in told if one.error],
    }
    rows[pairs] = [
        {"pair": pair, "first": given[one.id]["first"], "street": street}
        for one in told if one.case for pair, street in one.found_by()[0]
    ]  # fmt: skip
    return rows


LIVE: dict[Table, Table] = {table: table for table in (*TOLD, pairs, parked)}
