"""Following the log: every event becomes a leaf, in batches, behind those who write; and what the tree says is signed.

Size and tiles change in one transaction, and whoever was overtaken changes nothing, so several processes may do it. A
checkpoint is signed only where the tree still says what the last one said: who rewrites the tree gets no signature for it.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Event, Thread
from time import monotonic
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, insert, select, update

from adapters.seal.checkpoints import Checkpoint, claimed, signed
from adapters.seal.leaves import hash_of, some_at_a_time
from adapters.seal.looking import HEAD, STANDS
from adapters.seal.tables import checkpoints, erasures, sealed, tiles
from adapters.seal.tiles import WIDTH, MissingError, grown, kept_in, read_from, subtree_of
from adapters.seal.tree import root
from adapters.sealing.signing import NotANoteError, SigningKey, parted
from adapters.store.bulk import fill
from adapters.store.engine import reading, transaction
from adapters.store.errors import Busy, CommitUnknown, Unavailable, explained

BATCH = 16 * WIDTH  # events sealed in one transaction
PERIOD = 1.0  # seconds between looks at the log
APART = timedelta(minutes=1)  # from one checkpoint to the next, while there is something new
TURN = 30.0  # seconds that a batch waits for its turn to write
ERASED = frozenset({"reporter-erased", "contact-erased", "retention-ended"})
log = logging.getLogger(__name__)

GROWN = update(sealed).where(sealed.c.size == bindparam("old")).values(size=bindparam("new"))
SIGNED = update(sealed).where(sealed.c.signed == bindparam("old")).values(signed=bindparam("new"))
LAST = select(checkpoints).order_by(checkpoints.c.size.desc()).limit(1)
REPLACED = (
    update(tiles)
    .where(tiles.c.level == bindparam("of_level"), tiles.c.number == bindparam("of_number"))
    .values(hashes=bindparam("now"))
)


class BrokenError(Exception):
    """The log, or the tree, is not the continuation of what was sealed. Nothing is sealed or signed; `whistle verify` tells where."""


class Seal:
    """The seal of one log; others may follow it too."""

    def __init__(self, engine: Engine, log_engine: Engine, key: SigningKey) -> None:
        """`engine` is where the tree is kept, `log_engine` where the events are."""
        self.engine, self.log, self.key = engine, reading(log_engine), key
        self.trouble = ""  # why it stands still, as far as this process has seen
        self._stop = Event()
        self._follower: Thread | None = None

    # --- by itself

    def start(self, clock: Callable[[], datetime]) -> None:
        """Follow in a thread of this process until `stop`."""
        self._stop.clear()
        self._follower = Thread(target=self._follow, args=(clock,), name="seal", daemon=True)
        self._follower.start()

    def stop(self) -> None:
        """Stop following."""
        self._stop.set()
        if self._follower:
            self._follower.join()
            self._follower = None

    def _follow(self, clock: Callable[[], datetime]) -> None:
        while not self._stop.is_set():
            began, more = monotonic(), False
            try:
                more = self.grow()
                if not more:
                    self._sign_now_and_then(clock())
                self.trouble = ""
            except (Busy, Unavailable, CommitUnknown):
                log.warning("the seal waits for its database")
            except BrokenError as broken:
                if str(broken) != self.trouble:  # once, not every second
                    self.trouble = str(broken)
                    log.error("the seal stands still: %s", broken)  # noqa: TRY400 - where it was found says nothing
            # However much is to be caught up with, half of the time is left to those who are served.
            self._stop.wait(monotonic() - began if more else PERIOD)

    def _sign_now_and_then(self, now: datetime) -> None:
        last = self.last()
        if last is None or abs(now - last.at) >= APART:
            self.sign(now)

    # --- by hand

    def catch_up(self, now: datetime) -> int:
        """Seal all that is in the log now, and sign it; returns how much that is. Raises BrokenError."""
        while self.grow():
            pass
        self.sign(now)
        return self.size()

    def size(self) -> int:
        """How many events are sealed."""
        return self._stands()[0]

    def head(self) -> int:
        """The last position of the log."""
        with explained(), self.log.connect() as connection:
            return connection.scalar(HEAD) or 0

    def last(self) -> Row[Any] | None:
        """The checkpoint that was signed last, as it is kept."""
        with explained(), reading(self.engine).connect() as connection:
            return connection.execute(LAST).first()

    def _stands(self) -> tuple[int, int]:
        """How many are sealed, and how many of these were signed last."""
        with explained(), reading(self.engine).connect() as connection:
            row = connection.execute(STANDS).first()
        return (row.size, row.signed) if row else (0, 0)

    # --- one batch

    def grow(self) -> bool:
        """Seal one batch; whether there may be more. Raises BrokenError where the log does not go on from what is sealed."""
        old = self.size()
        hashes, gone = self._ahead(old)
        if not hashes:
            return False
        new = old + len(hashes)
        with transaction(self.engine, patience=TURN) as connection:
            if connection.execute(GROWN, {"old": old, "new": new}).rowcount == 0:
                return self._overtaken(old)
            _write(connection, old, hashes)
            fill(connection, erasures, gone)
        return len(hashes) == BATCH

    def _overtaken(self, old: int) -> bool:
        """Another process sealed this batch first; unless nobody has."""
        if self.size() == old:
            raise BrokenError("the seal's own tables are not whole")
        return True

    def _ahead(self, old: int) -> tuple[list[bytes], list[dict[str, Any]]]:
        """The next leaves, and which of them say that something was erased."""
        hashes, gone, last = list[bytes](), list[dict[str, Any]](), old
        with explained(), self.log.connect() as connection:
            for row in some_at_a_time(connection, old, old + BATCH):
                last, hashed = row.position, hash_of(row)
                if not hashed:
                    raise BrokenError(f"what stands at {last} cannot be read")
                hashes.append(hashed)
                if row.name in ERASED:
                    gone.append({"position": last, "at": row.recorded_at})
        if not hashes and (head := self.head()) < old:
            msg = f"the log ends at {head}, and {old} events are sealed"
            raise BrokenError(msg)
        if last != old + len(hashes):
            msg = f"positions are missing from the log after {old}"
            raise BrokenError(msg)
        return hashes, gone

    # --- a checkpoint

    def sign(self, now: datetime) -> Checkpoint | None:
        """Sign what is sealed, unless that was done. Raises BrokenError where the tree is not what was signed before."""
        size, before = self._stands()
        if size == before:
            return None
        subtree = subtree_of(read_from(self.engine))
        try:
            self._same_as_signed(before, root(before, subtree))
            fresh = signed(self.key, size, root(size, subtree), now)
        except MissingError as missing:
            msg = f"hashes of the tree are missing: {missing}"
            raise BrokenError(msg) from None
        with transaction(self.engine, patience=TURN) as connection:
            if connection.execute(SIGNED, {"old": before, "new": size}).rowcount == 0:
                return None  # another process signed first
            connection.execute(insert(checkpoints).values(size=size, at=fresh.at, note=fresh.note))
        return fresh

    def _same_as_signed(self, size: int, found: bytes) -> None:
        with explained(), reading(self.engine).connect() as connection:
            note = connection.scalar(select(checkpoints.c.note).where(checkpoints.c.size == size)) or ""
        if size and not _says(note, size, found):
            msg = f"the tree of {size} events is not the one that was signed"
            raise BrokenError(msg)


def _says(note: str, size: int, found: bytes) -> bool:
    try:
        return claimed(parted(note)[0])[1:] == (size, found)
    except NotANoteError:
        return False


def _write(connection: Connection, old: int, hashes: Sequence[bytes]) -> None:
    try:
        changed = grown(kept_in(connection), old, hashes)
    except MissingError as missing:
        msg = f"hashes of the tree are missing: {missing}"
        raise BrokenError(msg) from None
    fresh = list[dict[str, Any]]()
    for (level, number), flat in changed.items():
        if number == (old >> 8 * (level + 1)) and old >> 8 * level & WIDTH - 1:
            connection.execute(REPLACED, {"of_level": level, "of_number": number, "now": flat})
        else:
            fresh.append({"level": level, "number": number, "hashes": flat})
    fill(connection, tiles, fresh)
