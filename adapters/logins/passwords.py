"""Passwords of local accounts: argon2id, by the parameters of RFC 9106 for machines with little memory."""

import secrets
import string
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from adapters.store.errors import Busy

SHORTEST, LONGEST = 12, 200  # letters
AT_ONCE = 2  # each takes 64 MB: whoever tries passwords must not fill the memory
PATIENCE = 10.0  # seconds that one waits for its turn
LETTERS = string.ascii_lowercase + string.digits


class UnfitPasswordError(ValueError):
    """A password that somebody would guess."""


def new_password() -> str:
    """One that nobody guesses, in groups that can be read out: 103 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))


def fit_for(name: str, password: str) -> str:
    """The password, where it may be one. Raises UnfitPasswordError."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UnfitPasswordError(f"a password has {SHORTEST} to {LONGEST} letters; a sentence is a good one")
    if len(set(password)) < SHORTEST // 2 or name.casefold() in password.casefold():
        raise UnfitPasswordError("the password holds the name, or few letters again and again")
    return password


class Passwords:
    """Hashing and comparing, a few at once."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """`hasher` has the parameters of today."""
        self._hasher = hasher or PasswordHasher()
        self._turns = BoundedSemaphore(AT_ONCE)

    def hashed(self, password: str) -> str:
        """As it is kept. Raises Busy."""
        with _turn(self._turns):
            return self._hasher.hash(password)

    def fit(self, kept: str | None, password: str) -> bool:
        """Whether it is that one; where none is kept the same work is done, and it never is. Raises Busy."""
        try:
            with _turn(self._turns):
                return self._hasher.verify(kept or self._of_nobody, password) and kept is not None
        except (Argon2Error, InvalidHashError):
            return False

    def outdated(self, kept: str) -> bool:
        """Whether it was hashed by other parameters than those of today."""
        return self._hasher.check_needs_rehash(kept)

    @cached_property
    def _of_nobody(self) -> str:
        return self._hasher.hash(secrets.token_hex())


@contextmanager
def _turn(turns: BoundedSemaphore) -> Iterator[None]:
    """One of a few at once. Raises Busy."""
    if not turns.acquire(timeout=PATIENCE):
        raise Busy("too many passwords are looked at")
    try:
        yield
    finally:
        turns.release()
