"""Checkpoints: how large the log was and what its root was at a moment, signed; https://c2sp.org/tlog-checkpoint."""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from adapters.seal.tiles import HASH
from adapters.sealing.signing import (
    DASH,
    FalseSignatureError,
    ForeignKeyError,
    NotANoteError,
    PublicKey,
    SigningKey,
    opened,
)

LARGEST = 19  # digits of a size


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What was signed, and the note that says so."""

    origin: str
    size: int
    root: bytes
    at: datetime
    note: str

    @property
    def root_text(self) -> str:
        """The root as the note has it."""
        return b64encode(self.root).decode()


def signed(key: SigningKey, size: int, root: bytes, at: datetime) -> Checkpoint:
    """A fresh one."""
    note = key.signed(f"{key.public.name}\n{size}\n{b64encode(root).decode()}\n", at)
    return checkpoint(note, (key.public,))


def checkpoint(note: str, trusted: Iterable[PublicKey]) -> Checkpoint:
    """What a note says that somebody trusted has signed. Raises NotANoteError, ForeignKeyError, FalseSignatureError."""
    said = opened(note, trusted)
    origin, size, root = claimed(said.text)
    return Checkpoint(origin, size, root, said.at, note)


def genuine(note: str, trusted: Iterable[PublicKey]) -> Checkpoint | None:
    """The same; None where it is none that somebody trusted has signed."""
    try:
        return checkpoint(note, trusted)
    except (NotANoteError, ForeignKeyError, FalseSignatureError):
        return None


def claimed(text: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a note's text, whoever may have signed it. Raises NotANoteError."""
    lines = text.splitlines()
    try:
        origin, number, packed = lines[:3]
        size, root = int(number), b64decode(packed, validate=True)
    except (ValueError, binascii.Error):
        origin, number, size, root = "", "", 0, b""
    if not origin or number != str(size) or len(number) > LARGEST or size < 0 or len(root) != HASH:
        msg = "this is no checkpoint of a log"
        raise NotANoteError(msg)
    return origin, size, root


def notes_in(content: str) -> Iterator[str]:
    """Every note of a file, one after the other; blank lines between them do not matter. Raises NotANoteError."""
    lines = [*content.replace("\r\n", "\n").split("\n"), ""]
    note = list[str]()
    for line in lines:
        ends = bool(note) and note[-1].startswith(DASH) and not line.startswith(DASH)
        if ends:
            yield "\n".join(note) + "\n"
            note = []
        if line or note:
            note.append(line)
    if any(note):
        msg = "this is no signed note"
        raise NotANoteError(msg)
