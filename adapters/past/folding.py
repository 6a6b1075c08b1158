"""Folding the past: behind the boards, at leisure, each row is kept with the stretch of the log in which it stood.

Checkpoint and rows change in one transaction, and whoever was overtaken changes nothing, as with the boards. It lies in a
file of its own on SQLite, so that nobody who waits for the boards waits for it.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from threading import Condition, Event, Thread
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, func, insert, literal, select, text, update
from sqlalchemy.sql import Update

from adapters.boards import Boards, NotCaughtUpError
from adapters.boards.folding import FILE, FILES
from adapters.boards.numbering import given_before
from adapters.boards.tables import cases, numbers
from adapters.past.asking import Then, asked_of
from adapters.past.moments import position_at
from adapters.past.spans import KEYS, Spans, ids, spans
from adapters.past.tables import FOREVER, KEPT, OPEN, PAST_SCHEMA, SETTLED, checkpoint, metadata, volumes
from adapters.store.bulk import fill
from adapters.store.engine import reading, transaction
from adapters.store.errors import Busy, CommitUnknown, Unavailable, explained
from adapters.store.migrate import create
from adapters.store.tables import events
from workflow.ledger import of_a_case

BATCH = 2000  # entries folded in one transaction
LEAST = 5000  # entries of a volume
LOCK = 0x5EED_0119  # whoever makes the tables
UPGRADE = 60.0  # seconds to wait while another makes them
PATIENCE = 5.0  # seconds that a reader waits, at most, until a moment is kept
PAUSE = 1.0  # seconds between looks at the log
TURN = 30.0  # seconds that a batch waits for its turn to write
NAME = "past"
log = logging.getLogger(__name__)

AHEAD = (
    FILE.where(events.c.position > bindparam("old"), events.c.position <= bindparam("last"))
    .order_by(events.c.position)
    .limit(BATCH)
)
REACHED = select(checkpoint.c.position).where(checkpoint.c.name == NAME)
OF_NOW = select(volumes).order_by(volumes.c.number.desc()).limit(1)
MOVED = (
    update(checkpoint)
    .where(checkpoint.c.name == NAME, checkpoint.c.position == bindparam("old"))
    .values(position=bindparam("new"))
)
CLOSED = {
    live: update(kept)
    .where(
        *(kept.c[name] == bindparam(f"of_{name}") for name in KEYS[live]),
        kept.c.volume.in_((SETTLED, bindparam("now"))),
        kept.c.stood_until == FOREVER,
    )
    .values(stood_until=bindparam("until"))
    for live, kept in KEPT.items()
}


class Past:
    """The past of one database's boards."""

    def __init__(self, boards: Boards, engine: Engine, least: int = LEAST) -> None:
        """`engine` is where it is kept: a file of its own on SQLite; `least` entries make a volume."""
        self.boards, self.writing, self.least = boards, engine, least
        self.engine = reading(engine)
        self._news, self._stop, self._wake = Condition(), Event(), Event()
        self._follower: Thread | None = None
        self._made(anew=False)

    def position(self) -> int:
        """How far it is kept: no further than the boards have come."""
        with explained(), self.engine.connect() as connection:
            return connection.scalar(REACHED) or 0

    def at(self, moment: datetime) -> Then:
        """The boards as they stood at a moment, by what was recorded until then. Raises NotCaughtUpError."""
        position = position_at(self.boards.log, moment)
        volume = self._volume(position)
        return Then(moment, position, *(asked_of(engine, position, volume) for engine in (self.engine, self.writing)))

    def as_of(self, position: int) -> Engine:
        """The boards as they stood at a position, to be asked as those of now. Raises NotCaughtUpError."""
        return asked_of(self.engine, position, self._volume(position))

    def _volume(self, position: int) -> int:
        """The one that tells of a position, once it is kept so far."""
        self.wait_for(position)
        which = select(func.max(volumes.c.number)).where(volumes.c.begins <= position)
        with explained(), self.engine.connect() as connection:
            return connection.scalar(which) or SETTLED

    def wait_for(self, position: int, patience: float = PATIENCE) -> None:
        """Until it is kept as far as a position; where nobody folds in this process, this does. Raises NotCaughtUpError."""
        deadline = monotonic() + patience
        self.boards.wait_for(position, patience)
        while self.position() < position:
            if monotonic() > deadline:
                raise NotCaughtUpError(position)
            self._goes_on(deadline)

    def _goes_on(self, deadline: float) -> None:
        """One more batch: of the thread that folds, which looks at once, or else here."""
        if self._follower is None:
            self.fold()
            return
        with self._news:
            self._wake.set()
            self._news.wait(max(deadline - monotonic(), 0))

    def catch_up(self, progress: Callable[[int], None] = lambda _done: None) -> int:
        """Fold as far as the boards have come; returns the position reached. `progress(done)` in entries."""
        while self.fold():
            progress(self.position())
        return self.position()

    def remake(self, progress: Callable[[int], None] = lambda _done: None) -> int:
        """Make it anew from the log; returns the position reached. Killed in the middle, it goes on where it was."""
        self._made(anew=True)
        return self.catch_up(progress)

    def start(self) -> None:
        """Follow in a thread of this process until `stop`."""
        self._follower = Thread(target=self._follow, name="past", daemon=True)
        self._follower.start()

    def stop(self) -> None:
        """Stop following."""
        self._stop.set()
        self._wake.set()
        if self._follower:
            self._follower.join()
            self._follower = None

    def _follow(self) -> None:
        while not self._stop.is_set():
            began, more = monotonic(), False
            try:
                more = self.fold()
            except (Busy, Unavailable, CommitUnknown):
                log.warning("the past waits for its database")
            with self._news:
                self._news.notify_all()
            # However much is to be caught up with, half of the time is left to those who are served.
            self._wake.wait(monotonic() - began if more else PAUSE)
            self._wake.clear()

    def fold(self) -> bool:
        """One batch; whether there may be more."""
        with explained(), self.engine.connect() as connection:
            old, volume = connection.scalar(REACHED) or 0, connection.execute(OF_NOW).one()
        rows = self._ahead(old, min(self.boards.position(), volume.ends))
        if not rows:
            return False
        new: int = rows[-1].position
        found = self._spans(rows, old, new)
        with transaction(self.writing, patience=TURN) as connection:
            if connection.execute(MOVED, {"old": old, "new": new}).rowcount == 0:
                return True  # another process folded this batch first
            _write(connection, found, volume.number)
            if new == volume.ends:
                _begin_another(connection, volume, self.least)
        return new < self.boards.position()

    def _ahead(self, old: int, last: int) -> Sequence[Row[Any]]:
        with explained(), self.boards.log.connect() as connection:
            return connection.execute(AHEAD, {"old": old, "last": last}).all()

    def _spans(self, rows: Sequence[Row[Any]], old: int, new: int) -> list[Spans]:
        """What the entries of each case do to its rows; the case as it was is read again from its file."""
        touched = ids([row for row in rows if of_a_case(row.name)])
        with explained(), self.boards.log.connect() as connection:
            files = connection.execute(FILES, {"streams": touched, "new": new}).all()
        with explained(), self.boards.engine.connect() as connection:
            given = given_before(connection, numbers, touched)
        return [spans(file, given, old) for _, file in groupby(files, key=lambda row: row.stream)]

    def _made(self, *, anew: bool) -> None:
        """Its tables; where they are of another schema, they are made and told again."""
        create(self.writing, metadata)
        with transaction(self.writing, patience=UPGRADE, lock=LOCK) as connection:
            row = connection.execute(select(checkpoint).where(checkpoint.c.name == NAME)).first()
            if not anew and row is not None and row.schema == PAST_SCHEMA:
                return
            metadata.drop_all(connection)
            metadata.create_all(connection)
            connection.execute(insert(checkpoint).values(name=NAME, position=0, schema=PAST_SCHEMA))
            connection.execute(insert(volumes).values(number=SETTLED + 1, begins=1, ends=self.least))


def _write(connection: Connection, found: Iterable[Spans], volume: int) -> None:
    """What stood until now is closed before what stands from now on is put in."""
    every = list(found)
    for live, closed in CLOSED.items():
        _close(
            connection,
            closed,
            [_named(live, key, at, volume) for one in every for key, at in one.closed if key[0] is live],
        )
    for live, kept in KEPT.items():
        fill(connection, kept, [span.kept(volume) for one in every for span in one.begun if span.table is live])


def _named(live: Any, key: tuple[Any, ...], until: int, volume: int) -> dict[str, Any]:  # noqa: ANN401 - a table
    known_by = {f"of_{name}": value for name, value in zip(KEYS[live], key[1:], strict=True)}
    return {**known_by, "until": until, "now": volume}


def _close(connection: Connection, closed: Update, some: list[dict[str, Any]]) -> None:
    if some:
        connection.execute(closed, some)


def _begin_another(connection: Connection, full: Row[Any], least: int) -> None:
    """The next volume: what stands open is carried forward; it holds as many entries as that, so that it costs no more."""
    for live in OPEN:
        kept = KEPT[live]
        columns = [literal(full.number + 1).label("volume") if c.name == "volume" else c for c in kept.c]
        stands = (kept.c.volume == full.number, kept.c.stood_until == FOREVER)
        connection.execute(insert(kept).from_select([c.name for c in kept.c], select(*columns).where(*stands)))
    carried = select(func.count()).select_from(KEPT[cases]).where(KEPT[cases].c.volume == full.number + 1)
    ends = full.ends + max(least, connection.scalar(carried) or 0)
    connection.execute(insert(volumes).values(number=full.number + 1, begins=full.ends + 1, ends=ends))
    for kept in KEPT.values():
        connection.execute(text(f"ANALYZE {kept.name}"))  # SQLite counts nothing of itself, and would guess
