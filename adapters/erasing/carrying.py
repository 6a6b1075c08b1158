"""Carrying out: erasures are events of the log, and here each becomes destroyed keys and deleted pictures.

The key store says how far it has come, so that nothing else need be remembered: killed at any moment, or with a key store
out of a backup, it goes on from there, and doing it again does no harm.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Row, delete, func, insert, select, text, update

from adapters.photos import Photos
from adapters.sealing import Doomed, KeyStore, Left, number_of, seals_of
from adapters.sealing.keys import LOCK
from adapters.sealing.tables import erasures
from adapters.store.engine import reading, transaction
from adapters.store.errors import explained
from adapters.store.tables import ERASURES, commands, events, photos
from domain import events as e
from domain.entries import Entry
from domain.privacy import Secrecy
from workflow.casework import Casework
from workflow.ledger import read

AT_ONCE = 100  # erasures whose keys are destroyed together: each time PostgreSQL writes the key store anew
NO_BODY = b""  # in place of the mark of what somebody sent: there is none to compare with any more
SHORT = 500  # milliseconds that SQLite waits for whoever reads the log
COMING = select(events).where(ERASURES).order_by(events.c.position)


@dataclass(frozen=True, slots=True)
class Carried:
    """An erasure that was carried out: by which event, when, and what of it lies beyond our reach."""

    position: int
    case: UUID
    carried_out_at: datetime
    keys: int
    photos: int
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class _Order:
    """One erasure of the log, and what it dooms."""

    entry: Entry
    doomed: tuple[Doomed, ...]
    said: tuple[tuple[str, str], ...]  # actor and key of each command that brought what is erased

    @property
    def pictures(self) -> Doomed | None:
        return next((one for one in self.doomed if one.secrecy is Secrecy.PHOTOS), None)


@dataclass(frozen=True, slots=True)
class Erasing:
    """Carries out what the log has erased."""

    casework: Casework
    keys: KeyStore
    photos: Photos

    def carry_out(self, now: datetime) -> int:
        """All that is not carried out yet, in the order of the log; says how many erasures that were.

        Raises NotYetGone, Busy, Unavailable, CommitUnknown: in each case, repeat.
        """
        done = 0
        while orders := self._coming():
            self._keep(orders, now)
            done += len(orders)
        return done

    def taken_back(self, last: int) -> None:
        """The log was taken back to a position: what comes after it now is another erasure than what was carried out there."""
        gone = delete(erasures).where(erasures.c.position > last)
        with transaction(self.keys.engine, lock=LOCK) as connection:
            connection.execute(gone)

    def waiting(self) -> int:
        """How many erasures of the log are still to be carried out."""
        wanted = select(func.count()).select_from(events).where(ERASURES, events.c.position > self._reached())
        with explained(), self._log.connect() as connection:
            return connection.scalar(wanted) or 0

    def of(self, case: UUID) -> tuple[Carried, ...]:
        """What was carried out of a case, in order."""
        wanted = select(erasures).where(erasures.c.case_id == case).order_by(erasures.c.position)
        with explained(), reading(self.keys.engine).connect() as connection:
            return tuple(_carried(row) for row in connection.execute(wanted))

    # --- what is to be done

    @property
    def _log(self) -> Engine:
        return reading(self.photos.writer.engine)

    def _reached(self) -> int:
        with explained(), reading(self.keys.engine).connect() as connection:
            return connection.scalar(select(func.max(erasures.c.position))) or 0

    def _coming(self) -> tuple[_Order, ...]:
        wanted = COMING.where(events.c.position > self._reached()).limit(AT_ONCE)
        with explained(), self._log.connect() as connection:
            rows = connection.execute(wanted).all()
        return tuple(self._order(row) for row in rows)

    def _order(self, row: Row[Any]) -> _Order:
        at = {"case": row.stream, "version": row.version, "recorded_at": row.recorded_at, "position": row.position}
        entry, file = read(row.name, row.body, **at), self.casework.file(row.stream)
        classes = classes_of(entry.event)
        return _Order(entry, tuple(_doomed(entry, one, file) for one in classes), tuple(_said(entry, classes, file)))

    # --- doing it

    def _keep(self, orders: Sequence[_Order], now: datetime) -> None:
        """The keys first: without them the rest is noise. What was done is written down when all of it is."""
        doomed = [one for order in orders for one in order.doomed]
        destroyed = self.keys.destroy_all(doomed)
        counts = dict(zip(((order, one) for order in orders for one in order.doomed), destroyed.counts, strict=True))
        pictures = {order: self._pictures(order) for order in orders}
        self.photos.writer.run(lambda connection: _rid(connection, orders, pictures)).result()
        left = destroyed.left | _overwritten(self.photos.writer.engine)
        rows = [
            {
                "position": order.entry.position, "case_id": order.entry.case, "carried_out_at": now,
                "keys": sum(counts[order, one] for one in order.doomed), "photos": len(pictures[order]), "left": " ".join(sorted(left)),
            }
            for order in orders
        ]  # fmt: skip
        with transaction(self.keys.engine, lock=LOCK) as connection:
            _write_down(connection, rows)

    def _pictures(self, order: _Order) -> tuple[UUID, ...]:
        gone = order.pictures
        return self.photos.sealed_up_to(gone.case_id, gone.up_to) if gone else ()


def classes_of(event: e.Event) -> tuple[Secrecy, ...]:
    """What an event erases; nothing where it is no erasure."""
    match event:
        case e.ReporterErased():
            return tuple(Secrecy)
        case e.ContactErased():
            return (Secrecy.CONTACT,)
        case e.RetentionEnded(classes):
            return classes
    return ()


def _doomed(entry: Entry, secrecy: Secrecy, file: Iterable[Entry]) -> Doomed:
    """The keys that were in use by then: words that came after an erasure have another, and stay."""
    numbers: Mapping[bool, set[int]] = {True: set(), False: set()}
    for one in file:
        numbers[one.version <= entry.version].update(
            number_of(seal) for seal in seals_of(one.event) if seal.secrecy is secrecy
        )
    return Doomed(entry.case, secrecy, max(numbers[True], default=0 if numbers[False] else None))


def _said(entry: Entry, classes: Sequence[Secrecy], file: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    for one in file:
        if one.version <= entry.version and any(seal.secrecy in classes for seal in seals_of(one.event)):
            yield one.actor.staff, str(one.command)


def _rid(connection: Connection, orders: Sequence[_Order], pictures: Mapping[_Order, Sequence[UUID]]) -> None:
    """The pictures, and the marks of what was sent: whoever has the master key could try numbers on them."""
    for order in orders:
        if pictures[order]:
            connection.execute(delete(photos).where(photos.c.id.in_(pictures[order])))
        for actor, key in order.said:
            sent = (commands.c.actor == actor, commands.c.key == key)
            connection.execute(update(commands).where(*sent).values(fingerprint=NO_BODY))


def _write_down(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Another may have carried out the same in the meantime: once is enough."""
    wanted = select(erasures.c.position).where(erasures.c.position.in_([row["position"] for row in rows]))
    known = set(connection.scalars(wanted))
    if fresh := [row for row in rows if row["position"] not in known]:
        connection.execute(insert(erasures), fresh)


def _overwritten(engine: Engine) -> set[Left]:
    """What was deleted there is noise without its keys; as much of it as can be is written over at once."""
    with explained():
        if engine.dialect.name == "postgresql":
            with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
                connection.execute(text("VACUUM photos, commands"))
            return {Left.LOG_REMAINS}
        return {Left.LOG_REMAINS} if _kept_by_a_reader(engine) else set()


def _kept_by_a_reader(engine: Engine) -> bool:
    with closing(engine.raw_connection()) as outside, closing(outside.cursor()) as cursor:
        cursor.execute(f"PRAGMA busy_timeout = {SHORT}")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _, _ = cursor.fetchone() or (1, 0, 0)
    return bool(busy)


def _carried(row: Row[Any]) -> Carried:
    left = tuple(Left(code) for code in row.left.split())
    return Carried(row.position, row.case_id, row.carried_out_at, row.keys, row.photos, left)
