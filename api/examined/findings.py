"""What a check finds, and what it looks at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from api.settings import Settings
from api.whole import Whole


class State(StrEnum):
    """Safe; unsafe; or nobody can see it from here."""

    OK = "ok"
    UNSAFE = "unsafe"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what is so, and what is to be done about it."""

    state: State
    what: str
    then: str = ""


@dataclass(frozen=True, slots=True)
class Deployment:
    """What there is to look at; `whole` only where the store could be opened, else `why` says why not."""

    settings: Settings
    now: datetime
    whole: Whole | None
    why: str
    mounts: str  # the kernel's list
    kernel: int | None  # what it says of its clock


Findings = Iterator[Finding]


@dataclass(frozen=True, slots=True)
class Check:
    """A row of the table: its name, and how it looks. What needs a store that does not open finds nothing."""

    name: str
    look: Callable[[Deployment], Findings]


def ok(what: str) -> Finding:
    """It is safe."""
    return Finding(State.OK, what)


def unsafe(what: str, then: str) -> Finding:
    """It is not, and what is to be done."""
    return Finding(State.UNSAFE, what, then)


def unknown(what: str, then: str = "") -> Finding:
    """Nobody can see it from here, and how to look."""
    return Finding(State.UNKNOWN, what, then)
