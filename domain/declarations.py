"""Every private field that there is, declared: what it is, what it is for, from when its retention counts, under which key.

A field that is sealed and does not stand here fails a test; so does a line without its field.
"""

from dataclasses import dataclass
from enum import StrEnum

from domain.privacy import Secrecy


class Purpose(StrEnum):
    """What something private is kept for, and nothing else."""

    ANSWER = "answer"  # to reach whoever waits for an answer
    WORK = "work"  # so that those who work on it know what is the matter
    SIGHT = "sight"  # so that they see what is the matter, and that it is done


class Since(StrEnum):
    """From what a retention is counted; nothing of a case that is still open is ever erased by time."""

    CLOSING = "closing"  # the end of the case, or of the one in which it goes on
    MAKING = "making"  # the newest of it; but never before the end of the case


@dataclass(frozen=True, slots=True)
class Declared:
    """One private field: `of` a dataclass of events or commands, or of a table."""

    of: str
    field: str
    secrecy: Secrecy
    purpose: Purpose
    since: Since = Since.CLOSING


def _both(event: str, command: str, field: str, *more: Secrecy | Purpose | Since) -> tuple[Declared, Declared]:
    """A field that a command brings in clear, and its event keeps under seal."""
    return Declared(event, field, *more), Declared(command, field, *more)  # type: ignore[arg-type]  # in their order


DECLARED: tuple[Declared, ...] = (
    Declared("Reporter", "name", Secrecy.CONTACT, Purpose.ANSWER),
    Declared("Reporter", "phone", Secrecy.CONTACT, Purpose.ANSWER),
    Declared("Reporter", "address", Secrecy.CONTACT, Purpose.ANSWER),
    *_both("CaseLogged", "LogCase", "narrative", Secrecy.NARRATIVE, Purpose.WORK),
    *_both("NoteAdded", "AddNote", "text", Secrecy.NARRATIVE, Purpose.WORK),
    *_both("PhotoAdded", "AddPhoto", "photo", Secrecy.PHOTOS, Purpose.SIGHT, Since.MAKING),
    *_both("PhotoCleared", "ClearPhoto", "copy", Secrecy.PHOTOS, Purpose.SIGHT, Since.MAKING),
    Declared("photos", "bytes", Secrecy.PHOTOS, Purpose.SIGHT, Since.MAKING),
)

SINCE = {one.secrecy: one.since for one in DECLARED}
SECRECY_OF = {one.field: one.secrecy for one in DECLARED}
