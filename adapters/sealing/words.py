"""Words and pictures under seal: what comes in clear becomes unreadable before anything is kept."""

import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, is_dataclass, replace
from struct import Struct
from typing import Any, TypeVar, cast
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from adapters.sealing.keys import CaseKey, KeyStore
from adapters.sealing.master import NONCE
from adapters.sealing.verdicts import NotTextError, Tampered
from domain.privacy import Clear, Sealed, Secrecy

VERSION = 1
HEAD = Struct(f">BI{NONCE}s")  # version, number of the key, nonce; then the ciphertext with its tag
HALF = re.compile("[\ud800-\udfff]")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sealing:
    """Seals and unseals with the keys of a store."""

    keys: KeyStore

    def seal(self, case_id: UUID, thing: T) -> T:
        """The same frozen dataclass with every `Clear` in it, however deep in dataclasses and tuples, sealed.

        A seal is bound to the case and the name of the field. Raises NotTextError, TypeError (a `Clear` in any other
        container), and what `KeyStore.to_seal` raises.
        """
        classes = {clear.secrecy for clear in _private("", thing)}
        if not classes:
            return thing
        return cast("T", _sealed(case_id, "", thing, self.keys.to_seal(case_id, classes)))

    def unseal(self, case_id: UUID, field: str, sealed: Sealed) -> str:
        """The words again; `field` is the name of the dataclass field that holds them.

        Raises KeyDestroyed, Tampered, WrongMasterKeyError, Busy, Unavailable.
        """
        packed = _unpacked(sealed.token)
        if packed is None:
            raise Tampered(case_id, field)
        return self.unseal_bytes(case_id, field, sealed.secrecy, packed).decode()

    def seal_bytes(self, case_id: UUID, field: str, secrecy: Secrecy, content: bytes) -> bytes:
        """What is no text, as it is kept. Raises what `KeyStore.to_seal` raises."""
        return _packed(self.keys.to_seal(case_id, {secrecy})[secrecy], content, _bound(case_id, field))

    def unseal_bytes(self, case_id: UUID, field: str, secrecy: Secrecy, packed: bytes) -> bytes:
        """The content again. Raises as `unseal`."""
        if not _is_packed(packed):
            raise Tampered(case_id, field)
        _, number, nonce = HEAD.unpack_from(packed)
        key = self.keys.to_unseal(case_id, secrecy, number)
        try:
            return AESGCM(key).decrypt(nonce, packed[HEAD.size :], _bound(case_id, field))
        except InvalidTag:
            raise Tampered(case_id, field) from None


def seals_of(thing: Any) -> Iterator[Sealed]:  # noqa: ANN401 - an event, and what it holds
    """Every seal in a dataclass, however deep in dataclasses and tuples."""
    match thing:
        case Sealed():
            yield thing
        case tuple():
            for part in thing:
                yield from seals_of(part)
        case _ if is_dataclass(thing) and not isinstance(thing, type):
            for one in fields(thing):
                yield from seals_of(getattr(thing, one.name))


def number_of(sealed: Sealed) -> int:
    """The number of the key that sealed it; 0 where it is no seal of ours, which no key has."""
    packed = _unpacked(sealed.token)
    return number_in(packed) if packed else 0


def number_in(packed: bytes) -> int:
    """The same, of what is no text; its head is enough."""
    return int.from_bytes(packed[1:5])


def _private(field: str, value: Any) -> Iterator[Clear]:  # noqa: ANN401 - any field of any dataclass
    match value:
        case Clear():
            _check(field, value.text)
            yield value
        case tuple():
            for part in value:
                yield from _private(field, part)
        case list() | AbstractSet() | Mapping():
            _refuse(field, value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            for one in fields(value):
                yield from _private(one.name, getattr(value, one.name))


def _check(field: str, words: str) -> None:
    # Not by catching UnicodeEncodeError, which carries the words with it.
    if HALF.search(words):
        raise NotTextError(field)


def _refuse(field: str, container: list[Any] | AbstractSet[Any] | Mapping[Any, Any]) -> None:
    parts = container.values() if isinstance(container, Mapping) else container
    if any(True for part in parts for _ in _private(field, part)):
        msg = f"{field}: only dataclasses and tuples may hold private words, not {type(container).__name__}"
        raise TypeError(msg)


def _sealed(case_id: UUID, field: str, value: Any, ring: Mapping[Secrecy, CaseKey]) -> Any:  # noqa: ANN401 - as above
    match value:
        case Clear():
            return Sealed(value.secrecy, _token(ring[value.secrecy], value.text, _bound(case_id, field)))
        case tuple():
            return tuple(_sealed(case_id, field, part, ring) for part in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            parts = {one.name: getattr(value, one.name) for one in fields(value) if one.init}
            return replace(value, **{name: _sealed(case_id, name, part, ring) for name, part in parts.items()})
    return value


def _token(key: CaseKey, words: str, bound: bytes) -> str:
    return _spelled(_packed(key, words.encode(), bound))


def _packed(key: CaseKey, content: bytes, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return HEAD.pack(VERSION, key.number, nonce) + AESGCM(key.secret).encrypt(nonce, content, bound)


def _is_packed(packed: bytes) -> bool:
    return len(packed) > HEAD.size and packed[0] == VERSION


def _unpacked(token: str) -> bytes | None:
    """None where it is no token of ours: several spellings decode to the same bytes, and only one is genuine."""
    try:
        packed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    return packed if _is_packed(packed) and _spelled(packed) == token else None


def _spelled(packed: bytes) -> str:
    return urlsafe_b64encode(packed).rstrip(b"=").decode()


def _bound(case_id: UUID, field: str) -> bytes:
    return f"{case_id}|{field}".encode()
