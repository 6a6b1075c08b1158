"""A command under an idempotency key: sent twice, it has one effect and one answer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keyed:
    """What is stored with a command's events: who used which key for which body, and what they were told.

    `fingerprint` is an HMAC of the body: a plain hash of a phone number would survive an erasure.
    """

    key: str
    actor: str
    fingerprint: bytes
    answer: bytes


class KeyKnown(Exception):  # noqa: N818 - a verdict, not a fault
    """This actor has used this key before; nothing was written. Another fingerprint means another body."""

    def __init__(self, stored: Keyed, position: int) -> None:
        """`stored` is what the first command left; `position` its last one in the log."""
        super().__init__("this key was used before")
        self.stored = stored
        self.fingerprint = stored.fingerprint
        self.answer = stored.answer
        self.position = position
