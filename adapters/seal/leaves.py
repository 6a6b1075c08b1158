"""What a leaf says: an event of the log as it is stored, its body by digest; so nothing private leaves with a proof.

Every row of `events` is a leaf, whatever its stream is about: cases, and what else is written to the log one day (staff and
their grants), are sealed alike, and nothing here has to know of it. Where words are under seal their ciphertext is what
counts: to destroy a key changes no leaf.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from sqlite3 import Error as SQLiteError
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, exc, select

from adapters.seal.tree import leaf_hash
from adapters.store.errors import sqlite_code
from adapters.store.tables import events

EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
FEW = 500  # rows at a time
SAID = ("position", "stream", "version", "name", "body", "recorded_at")
STRETCH = (
    select(*(events.c[name] for name in SAID))
    .where(events.c.position > bindparam("after"), events.c.position <= bindparam("until"))
    .order_by(events.c.position)
)
POSITIONS = (
    select(events.c.position)
    .where(events.c.position > bindparam("after"), events.c.position <= bindparam("until"))
    .order_by(events.c.position)
)
UNREADABLE = (TypeError, ValueError, exc.OperationalError)


class NotALeafError(ValueError):
    """This is not what a leaf says."""


def written(row: Sequence[Any], position: int | None = None) -> bytes:
    """The leaf of a stored event, in seven lines that anybody can write down again: where it is, or as if it were elsewhere."""
    stands, stream, version, name, body, at = row
    since, digest = (at - EPOCH) // MICROSECOND, sha256(body).hexdigest()
    return f"whistle event v1\n{position or stands}\n{stream.hex}\n{version}\n{name}\n{since}\n{digest}\n".encode()


def hash_of(row: Sequence[Any], position: int | None = None) -> bytes:
    """The hash of that; b'' of what makes no sense, which fits nothing."""
    try:
        return leaf_hash(written(row, position))
    except TypeError:
        return b""


class Illegible(NamedTuple):
    """In place of an event that cannot be read: SQLite keeps whatever somebody writes into a column, words in place of bytes too."""

    position: int
    stream: UUID = UUID(int=0)
    version: int = 0
    name: str = "illegible"
    body: None = None
    recorded_at: datetime = EPOCH


Event = Row[Any] | Illegible


def some_at_a_time(connection: Connection, after: int, until: int) -> Iterator[Event]:
    """The events at some positions. Not all at once: rows by the thousand keep Python's collector busier than all the hashing."""
    try:
        for rows in connection.execute(STRETCH, {"after": after, "until": until}).partitions(FEW):
            yield from rows
            after = rows[-1].position
    except UNREADABLE as error:
        if _is_away(error):
            raise
        yield from _one_by_one(connection, after, until)


def _one_by_one(connection: Connection, after: int, until: int) -> Iterator[Event]:
    for position in connection.scalars(POSITIONS, {"after": after, "until": until}).all():
        try:
            yield connection.execute(STRETCH, {"after": position - 1, "until": position}).one()
        except UNREADABLE as error:
            if _is_away(error):
                raise
            yield Illegible(position)


def _is_away(error: Exception) -> bool:
    """Whether it is the database that does not answer, and not a value that makes no sense."""
    return isinstance(error, exc.DBAPIError) and (not isinstance(error.orig, SQLiteError) or sqlite_code(error) != 0)


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a leaf says, read again."""

    position: int
    stream: UUID
    version: int
    name: str
    recorded_at: datetime
    digest: str

    @classmethod
    def of(cls, text: str) -> "Leaf":
        """Out of its seven lines. Raises NotALeafError."""
        lines = text.split("\n")
        try:
            head, position, stream, version, name, since, digest, after = lines
            at = EPOCH + int(since) * MICROSECOND
            leaf = cls(int(position), UUID(stream), int(version), name, at, digest)
        except (ValueError, OverflowError):
            raise NotALeafError(text) from None
        if head != "whistle event v1" or after or leaf.position < 1:
            raise NotALeafError(text)
        return leaf
