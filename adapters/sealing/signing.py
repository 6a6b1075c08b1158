"""The key that signs what the log was, in the text forms of C2SP: signed notes, cosignatures, verifier keys."""

import secrets
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from adapters.sealing.files import KeyFileError, create, read
from adapters.sealing.master import SIZE

KIND = b"\x04"  # a timestamped Ed25519 signature: https://c2sp.org/tlog-cosignature
PRIVATE = "PRIVATE+KEY+"
DASH = "— "
ID, TIME, SIGNATURE = 4, 8, 64  # bytes
MOST = 16  # signatures of one note
LATEST = 253_402_300_799  # the last second that a calendar has


class SealKeyError(KeyFileError):
    """There is no usable key of the seal where one was looked for."""

    what = "key of the seal"


class NotANoteError(ValueError):
    """This is no signed text."""


class ForeignKeyError(ValueError):
    """Nobody whom we trust has signed it; its text says who did."""


class FalseSignatureError(ValueError):
    """It says that it was signed by a key that we trust, and it was not."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What tells a genuine signature; its `text` is given to whoever wants to check."""

    name: str
    raw: bytes

    @classmethod
    def of(cls, text: str) -> "PublicKey":
        """The key that was printed. Raises SealKeyError."""
        name, _, rest = text.strip().partition("+")
        packed = _decoded(rest.partition("+")[2])
        key = cls(name, packed[1:])
        if packed[:1] != KIND or len(key.raw) != SIZE or not _is_name(name) or key.text != text.strip():
            msg = "this is no public key of a seal: it is written name+id+key, as `whistle seal key` prints it"
            raise SealKeyError(msg)
        return key

    @property
    def id(self) -> bytes:
        """Which key it is, in short."""
        return sha256(self.name.encode() + b"\n" + KIND + self.raw).digest()[:ID]

    @property
    def text(self) -> str:
        """As it is printed."""
        return f"{self.name}+{self.id.hex()}+{b64encode(KIND + self.raw).decode()}"

    def has_signed(self, text: str, stamped: bytes) -> bool:
        """Whether time and signature are genuine for a text."""
        seconds = int.from_bytes(stamped[:TIME])
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(stamped[TIME:], _message(text, seconds))
        except InvalidSignature:
            return False
        return seconds <= LATEST


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Signs, and says whose signature that is."""

    public: PublicKey
    _private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def of(cls, content: str) -> "SigningKey":
        """The key as it is kept in its file. Raises SealKeyError."""
        name, _, rest = content.strip().removeprefix(PRIVATE).partition("+")
        packed = _decoded(rest.partition("+")[2])
        if not content.startswith(PRIVATE) or packed[:1] != KIND or len(packed) != 1 + SIZE or not _is_name(name):
            msg = "this is no key of a seal"
            raise SealKeyError(msg)
        private = Ed25519PrivateKey.from_private_bytes(packed[1:])
        return cls(PublicKey(name, private.public_key().public_bytes_raw()), private)

    def signed(self, text: str, at: datetime) -> str:
        """The text with our signature, as of a moment (to the second)."""
        seconds = int(at.timestamp())
        stamped = seconds.to_bytes(TIME) + self._private.sign(_message(text, seconds))
        return f"{text}\n{DASH}{self.public.name} {b64encode(self.public.id + stamped).decode()}\n"


@dataclass(frozen=True, slots=True)
class Opened:
    """A text that somebody whom we trust has signed, and when."""

    text: str
    at: datetime
    by: PublicKey


def opened(note: str, trusted: Iterable[PublicKey]) -> Opened:
    """What a note says. Raises NotANoteError, ForeignKeyError, FalseSignatureError."""
    text, lines = parted(note)
    known = {(key.name, key.id): key for key in trusted}
    for name, packed in _signatures(lines):
        key = known.get((name, packed[:ID]))
        if key and not key.has_signed(text, packed[ID:]):
            raise FalseSignatureError(name)
        if key:
            return Opened(text, _moment(packed), key)
    raise ForeignKeyError(", ".join(name for name, _ in _signatures(lines)))


def parted(note: str) -> tuple[str, list[str]]:
    """A note's text, and its lines of signatures; nothing of it is checked. Raises NotANoteError."""
    text, blank, signatures = note.rpartition("\n\n")
    lines = signatures.splitlines()
    fine = text and blank and signatures.endswith("\n") and 0 < len(lines) <= MOST
    if not fine or not all(line.startswith(DASH) for line in lines):
        msg = "this is no signed note"
        raise NotANoteError(msg)
    return text + "\n", lines


def _moment(packed: bytes) -> datetime:
    return datetime.fromtimestamp(min(int.from_bytes(packed[ID : ID + TIME]), LATEST), UTC)


def _signatures(lines: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for line in lines:
        name, _, packed = line.removeprefix(DASH).rstrip("\n").partition(" ")
        decoded = _decoded(packed)
        if len(decoded) != ID + TIME + SIGNATURE:
            continue  # of another kind: whoever does not know it must pass it by
        yield name, decoded


def _message(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _decoded(said: str) -> bytes:
    """Nothing where it is no base64, or not in the one way of writing it: a signature has one form."""
    try:
        packed = b64decode(said, validate=True)
    except (NotBase64, ValueError):
        return b""
    return packed if b64encode(packed).decode() == said else b""


def _is_name(name: str) -> bool:
    return bool(name) and not any(letter.isspace() for letter in name)


# --- its file


def new_signing_key() -> str:
    """A fresh one as it is kept; it is named after itself, so that two logs are never taken for one."""
    seed = secrets.token_bytes(SIZE)
    raw = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    public = PublicKey(f"whistle/{sha256(raw).hexdigest()[:12]}", raw)
    return f"{PRIVATE}{public.name}+{public.id.hex()}+{b64encode(KIND + seed).decode()}"


def create_signing_key(path: Path) -> SigningKey:
    """Write a fresh key to a file that only its owner can read. Raises SealKeyError; never overwrites."""
    content = new_signing_key()
    create(path, content, SealKeyError, "with another key, nobody could tell our checkpoints from somebody else's")
    return SigningKey.of(content)


def read_signing_key(path: Path) -> SigningKey:
    """The key in a file. Raises SealKeyError: missing, readable by others, or no key at all."""
    content = read(path, SealKeyError)
    try:
        return SigningKey.of(content)
    except SealKeyError as error:
        msg = f"{path}: {error}"
        raise SealKeyError(msg) from None
