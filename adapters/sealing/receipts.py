"""Receipts: what a resident holds instead of an account; we keep only their hash."""

import hmac
from hashlib import sha256
from typing import Protocol
from uuid import UUID

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing that looks like something else
GROUPS = (5, 5, 5, 5, 6)  # 26 characters of 5 bits: 130 bits
SHORT = 6  # characters of a short code: 30 bits, for a place where few tries are free
LOOKS_LIKE = str.maketrans("OIL", "011", "- ")


class Signs(Protocol):
    """A master key, or all of them, of which the newest signs."""

    def fingerprint(self, actor: str, key: str, body: bytes) -> bytes:
        """What it says of these, and no other does."""


class NotAReceiptError(ValueError):
    """What was typed cannot be a receipt."""


def receipt_hash(receipt: str) -> str:
    """What is stored and looked up, in hex; spacing, case and O/0, I/L/1 do not matter. Raises NotAReceiptError.

    A plain hash is enough here: nobody can try 130 bits.
    """
    said = receipt.upper().translate(LOOKS_LIKE)
    if len(said) != sum(GROUPS) or not set(said) <= set(ALPHABET):
        msg = f"a receipt has {sum(GROUPS)} letters and digits"
        raise NotAReceiptError(msg)
    return sha256(said.encode()).hexdigest()


def spelled(receipt: str) -> str:
    """A receipt as it was given, however it was typed."""
    letters = receipt.upper().translate(LOOKS_LIKE)
    return "-".join(letters[sum(GROUPS[:n]) : sum(GROUPS[: n + 1])] for n in range(len(GROUPS)))


def receipt_of(master: Signs, case: UUID) -> str:
    """The receipt of a case: always the same, so that a command repeated under its key gets the same answer."""
    return spelled(_letters(master, "receipt", case, sum(GROUPS)))


def code_of(master: Signs, case: UUID) -> str:
    """The short code of a case, to be said together with its number; kept nowhere."""
    return _letters(master, "code", case, SHORT)


def is_code_of(said: str, master: Signs, case: UUID) -> bool:
    """Whether this is it; spacing, case and look-alikes do not matter, and the answer always takes as long."""
    typed = said.upper().translate(LOOKS_LIKE)
    return hmac.compare_digest(typed.encode(errors="surrogatepass"), code_of(master, case).encode())


def _letters(master: Signs, purpose: str, case: UUID, count: int) -> str:
    number = int.from_bytes(master.fingerprint(purpose, str(case), b""))
    return "".join(ALPHABET[(number >> (5 * n)) & 31] for n in range(count))
