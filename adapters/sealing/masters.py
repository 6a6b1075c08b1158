"""The master keys of a store: the newest wraps, earlier ones still unwrap, retired ones only know what they once signed.

They stand in one file, the newest first, each on a line: 32 bytes as base64; what is left of a retired one says so. Whoever
runs reads it again when it has changed, so that a key can be replaced beside them.
"""

from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from uuid import UUID

from adapters.sealing.master import (
    MasterKey,
    MasterKeyError,
    Signing,
    bytes_of,
    new_master_key,
    read_lines,
    replace_lines,
)
from adapters.sealing.receipts import receipt_hash, receipt_of
from adapters.sealing.verdicts import WrongMasterKeyError
from adapters.store.errors import Unavailable

RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Held:
    """What a file holds: keys that wrap or unwrap, the newest first, and those that only sign."""

    keys: tuple[MasterKey, ...]
    retired: tuple[Signing, ...] = ()


class Masters:
    """The master keys, as they stand in a file or were given."""

    def __init__(self, held: Held, path: Path | None = None) -> None:
        """`path` is where they may change; without one they never do."""
        self._held, self._path = held, path
        self._seen = _state(path)
        self._known = {key.id: key for key in held.keys}
        self._turn = Lock()

    @classmethod
    def only(cls, key: MasterKey) -> "Masters":
        """One key that never changes."""
        return cls(Held((key,)))

    @property
    def held(self) -> Held:
        """What the file holds now. Raises Unavailable where it cannot be read any more."""
        with self._turn:
            if self._path and (now := _state(self._path)) != self._seen:
                self._held, self._seen = _reread(self._path), now
                self._known |= {key.id: key for key in self._held.keys}
            return self._held

    @property
    def current(self) -> MasterKey:
        """The key that wraps. Raises Unavailable."""
        return self.held.keys[0]

    def of_id(self, name: str) -> MasterKey:
        """The key that wrapped something; what was read once stays known. Raises WrongMasterKeyError, Unavailable."""
        if name not in self._known and not any(key.id == name for key in self.held.keys):
            raise WrongMasterKeyError
        return self._known[name]

    @property
    def id(self) -> str:
        """The name of the one that wraps."""
        return self.current.id

    def wrap(self, secret: bytes, bound: bytes) -> bytes:
        """By the newest key: what no store of keys is for."""
        return self.current.wrap(secret, bound)

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes | None:
        """By whichever key wrapped it; None where that is retired, or it was altered."""
        return next((found for key in self.held.keys if (found := key.unwrap(wrapped, bound)) is not None), None)

    def fingerprint(self, actor: str, key: str, body: bytes) -> bytes:
        """As by the key that wraps."""
        return self.current.fingerprint(actor, key, body)

    def fingerprints(self, actor: str, key: str, body: bytes) -> tuple[bytes, ...]:
        """As by every key that there ever was, the newest first: what was signed before a rotation is known after it."""
        return tuple(one.fingerprint(actor, key, body) for one in self._ever())

    def giver(self, case: UUID, hashed: str) -> Signing:
        """The key that a case's receipt was derived from: its short code is too. The newest, where that is none of ours."""
        derived = {
            receipt_hash(receipt_of(key, case)): key for key in self._ever()
        }  # all of them, for nobody to see how many
        return derived.get(hashed, self.current)

    def lasting(self, actor: str, key: str, body: bytes) -> bytes:
        """As by the first key that there ever was: what must stay the same when keys are replaced."""
        return self._ever()[-1].fingerprint(actor, key, body)

    def _ever(self) -> tuple[Signing, ...]:
        return (*self.held.keys, *self.held.retired)


def read_masters(path: Path) -> Masters:
    """The keys in a file. Raises MasterKeyError: missing, readable by others, or no key at all."""
    return Masters(_read(path), path)


def read_master_key(path: Path) -> MasterKey:
    """The newest of them. Raises as `read_masters`."""
    return read_masters(path).current


def add_master(path: Path) -> MasterKey:
    """A fresh key before all others; whole or not at all. For one at a time. Raises MasterKeyError."""
    fresh = new_master_key()
    replace_lines(path, [fresh, *_written(path)])
    return MasterKey.of(fresh)


def retire_masters(path: Path) -> tuple[MasterKey, ...]:
    """All but the newest only sign from here on: what they could unwrap is gone with them. For one at a time. Raises MasterKeyError."""
    lines, held = _written(path), _read(path)
    remains = [f"{RETIRED} {key.id} {b64encode(key.signing).decode()}" for key in (*held.keys[1:], *held.retired)]
    replace_lines(path, [lines[0], *remains])
    return held.keys[1:]


def _read(path: Path) -> Held:
    lines = read_lines(path)
    try:
        return Held(tuple(_keys(lines)), tuple(_retired(lines)))
    except MasterKeyError as error:
        msg = f"{path}: {error}"
        raise MasterKeyError(msg) from None


def _written(path: Path) -> list[str]:
    return [line for line in read_lines(path) if line.strip()]


def _keys(lines: Sequence[str]) -> Iterator[MasterKey]:
    written = [line for line in lines if line.strip() and not line.startswith(RETIRED)]
    yield from (MasterKey.of(line) for line in written or [""])


def _retired(lines: Sequence[str]) -> Iterator[Signing]:
    for line in lines:
        if line.startswith(RETIRED):
            _, name, signing = (*line.split(), "", "")[:3]
            yield Signing(name, bytes_of(signing))


def _reread(path: Path) -> Held:
    try:
        return _read(path)
    except MasterKeyError as error:
        raise Unavailable(str(error)) from None


def _state(path: Path | None) -> tuple[int, int, int] | None:
    try:
        said = path.stat() if path else None
    except OSError:
        return None
    return (said.st_ino, said.st_mtime_ns, said.st_size) if said else None
