"""The master key: 32 bytes from outside every database, which wrap the keys of all cases."""

import hmac
import os
import secrets
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkstemp

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from adapters.sealing.files import KeyFileError, create, keep_entry, read

SIZE = 32  # bytes of every key here
NONCE = 12  # bytes, as AES-GCM wants them


class MasterKeyError(KeyFileError):
    """There is no usable master key where one was looked for."""

    what = "master key"


@dataclass(frozen=True, slots=True)
class Signing:
    """What a master key signs with, and all that is left of it once it is retired. `id` tells which master key it is, and says nothing about it."""

    id: str
    signing: bytes = field(repr=False)

    def fingerprint(self, actor: str, key: str, body: bytes) -> bytes:
        """32 bytes that tell one actor's use of an idempotency key from another body under it.

        Keyed, because a plain hash of a phone number would give the number back to whoever tries them all.
        """
        parts = (actor.encode(errors="surrogatepass"), key.encode(errors="surrogatepass"), body)
        message = b"".join(len(part).to_bytes(8, "big") + part for part in parts)
        return hmac.digest(self.signing, message, "sha256")


@dataclass(frozen=True, slots=True)
class MasterKey(Signing):
    """What is derived from the 32 bytes: it wraps the keys of cases, and signs."""

    _wrapping: bytes = field(repr=False)

    @classmethod
    def of(cls, content: str) -> "MasterKey":
        """The key written as base64 of 32 bytes. Raises MasterKeyError."""
        raw = bytes_of(content)
        return cls(_derived(raw, "id")[:8].hex(), _derived(raw, "fingerprint"), _derived(raw, "wrapping"))

    def wrap(self, key: bytes, bound: bytes) -> bytes:
        """A case's key as the key store keeps it; `bound` is what it belongs to."""
        nonce = secrets.token_bytes(NONCE)
        return nonce + AESGCM(self._wrapping).encrypt(nonce, key, self._of_mine(bound))

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes | None:
        """The case's key; None where it was altered or belongs to something else."""
        try:
            return AESGCM(self._wrapping).decrypt(wrapped[:NONCE], wrapped[NONCE:], self._of_mine(bound))
        except (InvalidTag, ValueError):
            return None

    def _of_mine(self, bound: bytes) -> bytes:
        return bound + b"|" + self.id.encode()


def new_master_key() -> str:
    """A fresh one as it is written down, for `MasterKey.of`."""
    return b64encode(secrets.token_bytes(SIZE)).decode()


def create_master_key(path: Path) -> MasterKey:
    """Write a fresh key to a file that only its owner can read. Raises MasterKeyError; never overwrites."""
    content = new_master_key()
    create(path, content, MasterKeyError, "replacing a master key would make every sealed word unreadable")
    return MasterKey.of(content)


def bytes_of(content: str) -> bytes:
    """The 32 bytes that are written as base64. Raises MasterKeyError."""
    try:
        raw = b64decode(content.strip(), validate=True)
    except (NotBase64, ValueError):
        raw = b""
    if len(raw) != SIZE:
        msg = f"a master key is base64 of {SIZE} bytes; this is not"
        raise MasterKeyError(msg)
    return raw


def read_lines(path: Path) -> list[str]:
    """What a file of keys says, line by line. Raises MasterKeyError: missing, readable by others, or empty."""
    return read(path, MasterKeyError).split("\n")


def replace_lines(path: Path, lines: Sequence[str]) -> None:
    """Write a file of keys anew: it holds the old lines or the new ones, and stays its owner's. Raises MasterKeyError."""
    target = path.resolve()
    try:
        for forsaken in target.parent.glob(f".{target.name}.*"):  # of somebody who was killed here
            forsaken.unlink()
        draft = _drafted(target, "".join(f"{line}\n" for line in lines))
        draft.replace(target)
        keep_entry(target.parent)
    except OSError as error:
        msg = f"the master key in {path} cannot be replaced: {error.strerror}"
        raise MasterKeyError(msg) from None


def _drafted(target: Path, content: str) -> Path:
    said = target.stat()
    handle, name = mkstemp(dir=target.parent, prefix=f".{target.name}.")
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        os.fchown(handle, said.st_uid, said.st_gid)
        os.fchmod(handle, said.st_mode & 0o777)
        opened.write(content)
        opened.flush()
        os.fsync(handle)
    return Path(name)


def _derived(raw: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=SIZE, salt=None, info=f"whistle {purpose} 1".encode()).derive(raw)
