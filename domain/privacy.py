"""Private words: in clear only inside a command; sealed, by case and class, in everything that is kept."""

from dataclasses import dataclass, field
from enum import StrEnum


class Secrecy(StrEnum):
    """What kind of private thing it is; each has a key of its own per case."""

    NARRATIVE = "narrative"  # the reporter's own words
    CONTACT = "contact"  # name, phone, home address
    PHOTOS = "photos"  # references to pictures


@dataclass(frozen=True, slots=True)
class Clear:
    """Private words as a person typed them; they never leave the command that carries them."""

    secrecy: Secrecy
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sealed:
    """The same words as they are kept: unreadable without the case's key of that class."""

    secrecy: Secrecy
    token: str = field(repr=False)


Private = Clear | Sealed
