"""Looking at a seal and its log, block by block: nothing is held open, so whoever writes meanwhile waits for nobody."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, bindparam, func, select

from adapters.seal.leaves import Event, hash_of, some_at_a_time
from adapters.seal.tables import checkpoints, sealed, tiles
from adapters.seal.tiles import WIDTH, MissingError, read_from, subtree_of
from adapters.seal.tree import EMPTY, node_hash, root
from adapters.store.engine import reading
from adapters.store.errors import explained
from adapters.store.tables import events

BLOCK = 16 * WIDTH  # events that are read at once
PAGE = 1_000  # checkpoints
STANDS = select(sealed.c.size, sealed.c.signed)
LARGEST = select(func.max(checkpoints.c.size))
HEAD = select(func.max(events.c.position))
LOWEST = -(2**63)  # that a position can be, in a database
BEYOND = select(func.count().label("waiting"), func.min(events.c.recorded_at).label("since")).where(
    events.c.position > bindparam("size"), events.c.position <= bindparam("head")
)
TILES = select(tiles.c.number, tiles.c.hashes).where(
    tiles.c.level == bindparam("level"), tiles.c.number.between(bindparam("first"), bindparam("last"))
)
SIGNED_AFTER = (
    select(checkpoints).where(checkpoints.c.size > bindparam("size")).order_by(checkpoints.c.size).limit(PAGE)
)

Rows = Sequence[Row[Any]]


class Looking:
    """A seal and its log, to be read only."""

    def __init__(self, seal: Engine, log: Engine) -> None:
        """Where the tree is kept, and where the events are."""
        self._seal, self._log = reading(seal), reading(log)
        # In this order: what is looked at later has come as far, at least, whoever goes on meanwhile.
        self.last: int = self._rows(self._seal, LARGEST)[0][0] or 0
        stands = next(iter(self._rows(self._seal, STANDS)), None)
        self.size: int = stands.size if stands else 0
        self.signed: int = stands.signed if stands else 0
        self.head: int = self._rows(self._log, HEAD)[0][0] or 0
        self._subtree = subtree_of(read_from(seal))

    # --- the log

    def stretch(self, after: int, until: int) -> list[Event]:
        """The events at some positions."""
        with explained(), self._log.connect() as connection:
            return list(some_at_a_time(connection, after, until))

    def leaves(self, after: int, until: int) -> list[bytes]:
        """The hashes of their leaves."""
        with explained(), self._log.connect() as connection:
            return [hash_of(row) for row in some_at_a_time(connection, after, until)]

    def events(self, begin: int) -> Iterator[Event]:
        """Those from a position on."""
        for after in range(begin - 1, self.head, BLOCK):
            yield from self.stretch(after, min(after + BLOCK, self.head))

    def below(self) -> list[Event]:
        """Those that stand where none can."""
        return self.stretch(LOWEST, 0)

    def beyond(self) -> tuple[int, datetime | None]:
        """How many are not sealed yet, and since when the first of them has been there."""
        row = self._rows(self._log, BEYOND, size=self.size, head=self.head)[0]
        return row.waiting, row.since

    def root_of_log(self, size: int) -> bytes:
        """The root of the first so many events as they stand in the log, without the tree."""
        runs = list[tuple[int, bytes]]()
        for row in self.events(1):
            if row.position > size:
                break
            level, hashed = 0, hash_of(row)
            while runs and runs[-1][0] == level:
                hashed, level = node_hash(runs.pop()[1], hashed), level + 1
            runs.append((level, hashed))
        return _joined([hashed for _, hashed in runs])

    # --- the tree

    def hashes(self, level: int, first: int, last: int) -> bytes:
        """Those of some tiles; what is missing is left out."""
        found = self._rows(self._seal, TILES, level=level, first=first, last=last)
        return b"".join(row.hashes for row in sorted(found, key=lambda row: row.number))

    def root(self, size: int) -> bytes:
        """What the tree says of the first so many; b'' where it does not go so far."""
        try:
            return root(size, self._subtree) if size <= self.size else b""
        except MissingError:
            return b""

    def leaf(self, position: int) -> bytes:
        """What was sealed at a position; b'' where that is not kept."""
        try:
            return self._subtree(0, position - 1)
        except MissingError:
            return b""

    # --- what was signed

    def checkpoints(self) -> Iterator[Row[Any]]:
        """All that were kept of what is sealed, by size."""
        at = -1
        while page := self._rows(self._seal, SIGNED_AFTER, size=at):
            yield from (row for row in page if row.size <= self.size)
            at = page[-1].size

    def sealed_by(self, position: int) -> datetime | None:
        """A moment at which a position had been sealed."""
        found = self._rows(self._seal, SIGNED_AFTER.limit(1), size=position - 1)
        return found[0].at if found else None

    def _rows(self, engine: Engine, wanted: Any, **values: object) -> Rows:  # noqa: ANN401 - a question
        with explained(), engine.connect() as connection:
            found: Rows = connection.execute(wanted, values).all()
        return found


def _joined(runs: Sequence[bytes]) -> bytes:
    found = runs[-1] if runs else EMPTY
    for run in runs[-2::-1]:
        found = node_hash(run, found)
    return found
