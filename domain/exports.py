"""What is taken out in bulk: a list as codes, and whether somebody else released it. The events stand in the asker's file of staff.

A list is named by what it is of, and by filters that are codes or chosen from a list: such a name may stand in the log for ever.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.actors import Actor, Role

ALL_CASES = "cases"


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter, as a list's address says it."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Extract:
    """A list, in whatever format: cases by filters, or a list of a unit's board."""

    name: str
    board: str = ""  # streets | grids | departments | district; '' of the register
    unit: str = ""
    filters: tuple[Filter, ...] = ()

    @classmethod
    def of(cls, name: str, said: Mapping[str, str], board: str = "", unit: str = "") -> "Extract":
        """The same list has the same name, in whatever order its filters are said."""
        return cls(name, board, unit, tuple(Filter(key, said[key]) for key in sorted(said) if said[key]))


class Stage(StrEnum):
    """How far an asking has come."""

    WAITS = "waits"
    RELEASED = "released"
    REFUSED = "refused"
    OVER = "over"  # its time has passed, or the asker's grant ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A list that somebody asked to take out, and what another said to it."""

    number: int  # of the asking, in the asker's file
    role: Role
    unit: str
    extract: Extract
    rows: int  # when it was asked for
    reason: str
    asked_at: datetime
    decider: Actor | None = None
    decided_at: datetime | None = None
    until: datetime | None = None  # released until before
    answer: str = ""  # why it was refused
    ended: bool = False  # the grant of whoever asked has ended since

    def stage(self, now: datetime) -> Stage:
        """How far it has come now."""
        if self.decider and self.until is None:
            return Stage.REFUSED
        if self.ended or (self.until and self.until <= now):
            return Stage.OVER
        return Stage.RELEASED if self.decider else Stage.WAITS

    def of_office(self, role: Role, unit: str) -> bool:
        """Whether it was asked for in that office."""
        return (self.role, self.unit) == (role, unit)


def answered(exports: Iterable[Export], number: int, **said: object) -> tuple[Export, ...]:
    """The same, after one of them was decided."""
    return tuple(replace(one, **said) if one.number == number else one for one in exports)  # type: ignore[arg-type]  # its own fields


def ended(exports: Iterable[Export], role: Role, unit: str) -> tuple[Export, ...]:
    """The same, after the grant of an office ended."""
    return tuple(replace(one, ended=True) if one.of_office(role, unit) else one for one in exports)


# --- what can be asked


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForExport:
    """Have a list released that is longer than one person takes out alone."""

    extract: Extract
    rows: int
    reason: str


@dataclass(frozen=True, slots=True)
class ReleaseExport:
    """Let whoever asked take that list out, for some days."""

    number: int


@dataclass(frozen=True, slots=True)
class RefuseExport:
    """Leave it unreleased."""

    number: int
    reason: str


ExportCommand = AskForExport | ReleaseExport | RefuseExport
