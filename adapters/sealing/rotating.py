"""Another master key: every case's key is unwrapped and wrapped anew, in batches, beside those who work; killed, it goes on.

The file comes first, and from then on nothing is wrapped by the former key; it stays beside the new one until nothing needs it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, select, tuple_, update

from adapters.sealing.keys import LOCK, KeyStore, bound_of
from adapters.sealing.masters import add_master, retire_masters
from adapters.sealing.scrubbing import Left, rewrite, scrub
from adapters.sealing.tables import case_keys
from adapters.sealing.verdicts import WrongMasterKeyError
from adapters.store.engine import reading, transaction
from adapters.store.errors import explained

BATCH = 200  # keys that are wrapped anew in one transaction: whoever waits for a new key waits for no more
IDENTITY = (case_keys.c.case_id, case_keys.c.secrecy, case_keys.c.number)
LIVING = case_keys.c.wrapped.is_not(None)
AGAIN = (
    update(case_keys)
    .where(*(column == bindparam(f"of_{column.name}") for column in IDENTITY))
    .values(wrapped=bindparam("to"), master=bindparam("by"))
)


class StillInUseError(Exception):
    """Keys of cases are still wrapped by a master key that is to be retired."""

    def __init__(self, count: int) -> None:
        """How many."""
        super().__init__(
            f"{count} keys are still wrapped by an earlier master key: run `whistle keys rotate` to its end"
        )


@dataclass(frozen=True, slots=True)
class Wrapping:
    """A master key of the file, or one that is only named in the store: what it is, and how many living keys it wraps."""

    id: str
    how: str  # current | earlier | retired | unknown
    keys: int


def rotate(keys: KeyStore, path: Path) -> Iterator[int]:
    """Make a new master key, unless one was made that not every key is wrapped by yet; then wrap them, batch by batch.

    Says after each batch how many keys were wrapped anew. Raises MasterKeyError, Busy, Unavailable, CommitUnknown: repeat.
    """
    with transaction(keys.engine, lock=LOCK) as connection:
        if not _count(connection, _earlier(keys)):
            add_master(path)
    done, last = 0, None
    while batch := _batch(keys, last):
        wrapped, last = batch
        done += wrapped
        yield done


def _batch(keys: KeyStore, after: Row[Any] | None) -> tuple[int, Row[Any]] | None:
    """Some keys, and the last that was looked at; one that cannot be unwrapped keeps nobody else waiting, and stays."""
    with transaction(keys.engine, lock=LOCK) as connection:
        wanted = select(case_keys).where(LIVING, _earlier(keys)).order_by(*IDENTITY).limit(BATCH)
        if after is not None:
            here = tuple_(after.case_id, after.secrecy, after.number, types=[column.type for column in IDENTITY])
            wanted = wanted.where(tuple_(*IDENTITY) > here)
        rows = connection.execute(wanted).all()
        if again := [said for row in rows if (said := _again(keys, row))]:
            connection.execute(AGAIN, again)
    return (len(again), rows[-1]) if rows else None


def _again(keys: KeyStore, row: Row[Any]) -> Mapping[str, Any] | None:
    bound, current = bound_of(row.case_id, row.secrecy, row.number), keys.masters.current
    try:
        secret = keys.masters.of_id(row.master).unwrap(row.wrapped, bound)
    except WrongMasterKeyError:
        return None
    named = {f"of_{column.name}": getattr(row, column.name) for column in IDENTITY}
    return {**named, "to": current.wrap(secret, bound), "by": current.id} if secret else None


def retire(keys: KeyStore, path: Path) -> tuple[tuple[str, ...], frozenset[Left]]:
    """Forget the earlier master keys, when nothing is wrapped by them; their names, and what lies beyond our reach.

    What they wrapped is written over first. Raises StillInUseError, NotYetGone, MasterKeyError, Busy, Unavailable, CommitUnknown.
    """
    with transaction(keys.engine, lock=LOCK) as connection:
        _unused(connection, keys)
        left = rewrite(connection)
    left |= scrub(keys.engine)
    with transaction(keys.engine, lock=LOCK) as connection:
        _unused(connection, keys)
        return tuple(key.id for key in retire_masters(path)), frozenset(left)


def wrappings(keys: KeyStore) -> Sequence[Wrapping]:
    """Every master key, the newest first, and last those that the file does not have."""
    wanted = select(case_keys.c.master, func.count()).where(LIVING).group_by(case_keys.c.master)
    with explained(), reading(keys.engine).connect() as connection:
        counts = {row[0]: row[1] for row in connection.execute(wanted)}
    held = keys.masters.held
    known = {key.id: "earlier" for key in held.keys} | {key.id: "retired" for key in held.retired}
    hows = {**known, held.keys[0].id: "current", **dict.fromkeys(counts.keys() - known.keys(), "unknown")}
    return tuple(Wrapping(name, how, counts.get(name, 0)) for name, how in hows.items())


def _earlier(keys: KeyStore) -> ColumnElement[bool]:
    return case_keys.c.master != keys.masters.current.id


def _unused(connection: Connection, keys: KeyStore) -> None:
    if count := _count(connection, _earlier(keys)):
        raise StillInUseError(count)


def _count(connection: Connection, which: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(case_keys).where(LIVING, which)) or 0
