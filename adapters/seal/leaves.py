"""What a leaf says: an event of the log as it is stored, its body by digest; so nothing private leaves with a proof.

Every row of `events` is a leaf, whatever its stream is about: cases, and what else is written to the log one day (staff and
their grants), are sealed alike, and nothing here has to know of it. Where words are under seal their ciphertext is what
counts: to destroy a key changes no leaf.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, bindparam, select

from adapters.seal.tree import leaf_hash
from adapters.store.tables import events

EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
FEW = 500  # rows at a time
SAID = ("position", "stream", "version", "name", "body", "recorded_at")
STRETCH = (
    select(*(events.c[name] for name in SAID))
    .where(events.c.position > bindparam("after"), events.c.position <= bindparam("until"))
    .order_by(events.c.position)
)


class NotALeafError(ValueError):
    """This is not what a leaf says."""


def written(row: Sequence[Any], position: int | None = None) -> bytes:
    """The leaf of a stored event, in seven lines that anybody can write down again: where it is, or as if it were elsewhere."""
    stands, stream, version, name, body, at = row
    since, digest = (at - EPOCH) // MICROSECOND, sha256(body).hexdigest()
    return f"whistle event v1\n{position or stands}\n{stream.hex}\n{version}\n{name}\n{since}\n{digest}\n".encode()


def hash_of(row: Sequence[Any], position: int | None = None) -> bytes:
    """The hash of that."""
    return leaf_hash(written(row, position))


def some_at_a_time(connection: Connection, after: int, until: int) -> Iterator[Row[Any]]:
    """The events at some positions. Not all at once: rows by the thousand keep Python's collector busier than all the hashing."""
    result = connection.execute(STRETCH, {"after": after, "until": until})
    return chain.from_iterable(result.partitions(FEW))


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
