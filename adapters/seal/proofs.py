"""Proofs to take away: that an event is in the log, and that an earlier log is the beginning of a later one."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select
from sqlalchemy.exc import NoResultFound

from adapters.seal.checkpoints import Checkpoint, checkpoint, genuine
from adapters.seal.following import Seal
from adapters.seal.leaves import SAID, Leaf, hash_of, written
from adapters.seal.tiles import HASH, MissingError, read_from, subtree_of
from adapters.seal.tree import consistency, inclusion, leaf_hash, root_of_inclusion
from adapters.sealing.signing import PublicKey
from adapters.store.errors import explained
from adapters.store.tables import events

FORMAT = "whistle proof v1"
LONGEST = 63  # hashes of a path
FIRST = select(*(events.c[name] for name in SAID)).where(events.c.stream == bindparam("stream"), events.c.version == 1)


class NotAProofError(ValueError):
    """This is no file that shows where an event is."""


class NotGenuineError(ValueError):
    """The file is not as it was made: its path does not lead to what was signed."""


class NotYetSealedError(LookupError):
    """The event is in the log, and not under a checkpoint yet: so it is within a minute."""


class NotAsSealedError(LookupError):
    """What stands there is not what was sealed; `whistle verify` tells more."""


@dataclass(frozen=True, slots=True)
class Proof:
    """An event's leaf, the path from it to a root, and the checkpoint that signs that root."""

    leaf: str
    path: tuple[bytes, ...]
    note: str
    key: str

    @classmethod
    def of(cls, content: str) -> "Proof":
        """Out of its file. Raises NotAProofError."""
        try:
            said = json.loads(content)
            path = tuple(b64decode(step, validate=True) for step in said["path"])
            proof = cls(str(said["leaf"]), path, str(said["checkpoint"]), str(said["key"]))
            Leaf.of(proof.leaf)
        except (ValueError, LookupError, TypeError, RecursionError):
            raise NotAProofError from None
        if said.get("format") != FORMAT or len(path) > LONGEST or any(len(step) != HASH for step in path):
            raise NotAProofError
        return proof

    @property
    def event(self) -> Leaf:
        """What its leaf says."""
        return Leaf.of(self.leaf)

    @property
    def leaf_hash(self) -> bytes:
        """The hash of that."""
        return leaf_hash(self.leaf.encode())

    @property
    def text(self) -> str:
        """As it is kept in a file."""
        said = {
            "format": FORMAT,
            "leaf": self.leaf,
            "path": [b64encode(step).decode() for step in self.path],
            "checkpoint": self.note,
            "key": self.key,
        }
        return json.dumps(said, ensure_ascii=False, indent=1) + "\n"

    def checked(self, trusted: Iterable[PublicKey]) -> Checkpoint:
        """The checkpoint under which the event is. Raises NotGenuineError, and what `checkpoint` raises."""
        signed = checkpoint(self.note, trusted)
        if root_of_inclusion(self.leaf_hash, self.event.position - 1, signed.size, self.path) != signed.root:
            raise NotGenuineError
        return signed


@dataclass(frozen=True, slots=True)
class Beginning:
    """That so many events are the beginning of what a checkpoint has signed."""

    first: int
    path: tuple[bytes, ...]
    note: str


def proof(seal: Seal, stream: UUID) -> Proof:
    """That a stream's first event is in the log. Raises NotYetSealedError, NotAsSealedError."""
    row, signed = _first(seal, stream), _last(seal)
    if signed is None or signed.size < row.position:
        raise NotYetSealedError(row.position)
    try:
        path = inclusion(row.position - 1, signed.size, subtree_of(read_from(seal.engine)))
    except MissingError:
        raise NotAsSealedError(row.position) from None
    return _genuine(row, path, signed, seal)


def is_sealed(seal: Seal, stream: UUID) -> bool:
    """Whether a stream's first event is under a checkpoint by now, whatever stands there."""
    signed = _last(seal)
    with explained(), seal.log.connect() as connection:
        position = connection.scalar(select(events.c.position).where(events.c.stream == stream, events.c.version == 1))
    return signed is not None and (position or 0) <= signed.size


def _first(seal: Seal, stream: UUID) -> Row[Any]:
    """Where there is none, or it makes no sense, somebody has tampered with it: every stream that is known begins."""
    try:
        with explained(), seal.log.connect() as connection:
            return connection.execute(FIRST, {"stream": stream}).one()
    except (NoResultFound, TypeError, ValueError):
        raise NotAsSealedError(stream) from None


def _genuine(row: Row[Any], path: Sequence[bytes], signed: Checkpoint, seal: Seal) -> Proof:
    """Nobody is handed what would not hold. Raises NotAsSealedError."""
    if not hash_of(row):
        raise NotAsSealedError(row.position)
    made = Proof(written(row).decode(), tuple(path), signed.note, seal.key.public.text)
    try:
        made.checked((seal.key.public,))
    except NotGenuineError:
        raise NotAsSealedError(row.position) from None
    return made


def beginning(seal: Seal, first: int) -> Beginning | None:
    """What shows that the first so many events begin what was signed last; None where they cannot be."""
    signed = _last(seal)
    if signed is None or not 0 < first <= signed.size:
        return None
    try:
        path = consistency(first, signed.size, subtree_of(read_from(seal.engine)))
    except MissingError:
        return None
    return Beginning(first, tuple(path), signed.note)


def _last(seal: Seal) -> Checkpoint | None:
    last = seal.last()
    return genuine(last.note, (seal.key.public,)) if last else None
