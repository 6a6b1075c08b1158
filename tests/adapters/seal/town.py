"""A log and its seal, somebody who writes, and somebody who tampers with either database behind our back."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, Table, delete, insert, select, update

from adapters.seal import SEAL, Seal
from adapters.seal.faults import Fault
from adapters.seal.tables import checkpoints, metadata, sealed, tiles
from adapters.seal.verifying import Kept, Report, verified
from adapters.sealing.signing import PublicKey, SigningKey, new_signing_key
from adapters.store.engine import engine_at
from adapters.store.migrate import migrate
from adapters.store.tables import events

START = datetime(2026, 3, 2, 2, tzinfo=UTC)
FAR = 1_000_000
NAMES = ("case-logged", "case-assigned", "grant-given", "note-added")


class Town:
    """Both databases, a clock, and a key."""

    def __init__(self, log: str, seal: str) -> None:
        """Nothing is written yet."""
        self.log, self.store = engine_at(log), engine_at(seal)
        migrate(self.log)
        migrate(self.store, SEAL)
        self.key = SigningKey.of(new_signing_key())
        self.seal = Seal(self.store, self.log, self.key)
        self.dice, self.now = Random(7), START

    def writes(self, count: int) -> None:
        """Events of cases, and of what else is kept in streams, a second after each other."""
        head, rows, versions = self.seal.head(), [], self._versions()
        for position in range(head + 1, head + 1 + count):
            self.now += timedelta(seconds=1)
            fresh = not versions or self.dice.random() < 0.2
            stream = UUID(int=self.dice.getrandbits(128)) if fresh else self.dice.choice(list(versions))
            versions[stream] = versions.get(stream, 0) + 1
            rows.append(
                {
                    "position": position, "stream": stream, "version": versions[stream], "name": self.dice.choice(NAMES),
                    "body": self.dice.randbytes(30), "recorded_at": self.now + timedelta(microseconds=position),
                }
            )  # fmt: skip
        with self.log.begin() as connection:
            connection.execute(insert(events), rows)

    def _versions(self) -> dict[UUID, int]:
        with self.log.connect() as connection:
            return {row.stream: row.version for row in connection.execute(select(events).order_by(events.c.version))}

    def sealed(self, count: int) -> "Town":
        """So many more events, and all of them sealed and signed a minute later."""
        self.writes(count)
        self.now += timedelta(minutes=1)
        self.seal.catch_up(self.now)
        return self

    def note(self) -> str:
        """The last checkpoint, as somebody may keep it elsewhere."""
        last = self.seal.last()
        assert last is not None
        return str(last.note)

    def verified(self, *kept: Kept, trusted: Iterable[PublicKey] = ()) -> Report:
        return verified(self.store, self.log, tuple(trusted) or (self.key.public,), kept)

    def faults(self, *kept: Kept, trusted: Iterable[PublicKey] = ()) -> list[tuple[str, int, int]]:
        """Of each fault: what, from where, to where."""
        return [told(fault) for fault in self.verified(*kept, trusted=trusted).faults]

    # --- tampering with the log

    def edits(self, position: int, /, **said: Any) -> None:
        self.in_log(update(events).where(events.c.position == position).values(**said))

    def deletes(self, *positions: int) -> None:
        self.in_log(delete(events).where(events.c.position.in_(positions)))

    def swaps(self, one: int, other: int) -> None:
        for old, new in ((one, FAR), (other, one), (FAR, other)):
            self.edits(old, position=new)

    def shifts(self, begin: int, by: int) -> None:
        """Every event from a position on is numbered anew."""
        for move in (FAR, by - FAR):
            begin += FAR if move < 0 else 0
            self.in_log(update(events).where(events.c.position >= begin).values(position=events.c.position + move))

    def puts_in(self, position: int) -> None:
        """Another event stands there now; those that stood there and after it are numbered anew."""
        self.shifts(position, 1)
        row = {
            "position": position, "stream": UUID(int=position), "version": 1, "name": "case-logged",
            "body": b"{}", "recorded_at": START + timedelta(seconds=position),
        }  # fmt: skip
        self.in_log(insert(events).values(row))

    def takes_out(self, position: int, count: int = 1) -> None:
        """As if they had never been: what came after is numbered anew."""
        self.deletes(*range(position, position + count))
        self.shifts(position, -count)

    def in_log(self, *statements: Any) -> None:
        self._does(self.log, statements)

    def in_seal(self, *statements: Any) -> None:
        self._does(self.store, statements)

    def _does(self, engine: Engine, statements: Iterable[Any]) -> None:
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(statement)

    # --- and with all of it

    def backup(self) -> Callable[[], None]:
        """What puts both databases back to how they are now."""
        back = [self.backup_of(self.log, events), self.backup_of(self.store, *metadata.tables.values())]
        return lambda: [one() for one in back] and None

    def backup_of(self, engine: Engine, *tables: Table) -> Callable[[], None]:
        with engine.connect() as connection:
            rows = {table: [dict(row) for row in connection.execute(select(table)).mappings()] for table in tables}

        def back() -> None:
            with engine.begin() as connection:
                for table in tables:
                    _refilled(connection, table, rows[table])

        return back

    def seals_anew(self, key: SigningKey | None = None) -> None:
        """Who can write everything but the true key: the tree follows the log as it is now, signed with another key or not at all."""
        self.in_seal(delete(tiles), delete(checkpoints), update(sealed).values(size=0, signed=0))
        forged = Seal(self.store, self.log, key or self.key)
        while forged.grow():
            pass
        if key:
            forged.sign(self.now)

    def close(self) -> None:
        self.log.dispose()
        self.store.dispose()


def _refilled(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    connection.execute(delete(table))
    if rows:
        connection.execute(insert(table), rows)


def told(fault: Fault) -> tuple[str, int, int]:
    return fault.kind.value, fault.position, fault.other if fault.kind in ("swapped", "moved") else fault.until


def another_key() -> SigningKey:
    return SigningKey.of(new_signing_key())


def namesake(key: SigningKey) -> SigningKey:
    """Another key under the same name."""
    other = another_key()
    return replace(other, public=replace(other.public, name=key.public.name))
