"""Ask: somebody asks something of a case, now, under one edition of a city's data."""

from dataclasses import dataclass
from datetime import datetime

from domain.actors import Actor
from domain.assignments import Assignment, Request
from domain.case import Case
from domain.commands import Command
from domain.jurisdiction import Jurisdiction
from domain.policy import Step, Window
from domain.worktime import due


class Refused(Exception):  # noqa: N818 - a verdict, not a fault
    """A command that is not allowed: a stable code with arguments, and what is possible instead, by whom."""

    def __init__(self, code: str, /, **arguments: object) -> None:
        """`code` is stable; its arguments fill the sentence."""
        super().__init__(code)
        self.code = code
        self.arguments = arguments
        self.possible: tuple[tuple[str, tuple[str, ...]], ...] = ()  # (command, who), filled by judge


@dataclass(frozen=True, slots=True)
class Probe:
    """A command not yet filled in: what a button stands for, and the unit, request or supervision it is about."""

    of: type[Command]
    unit: str = ""
    request: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """All that a guard or a decision may look at. `other` is the second case of a merge."""

    case: Case
    command: Command | Probe
    actor: Actor
    now: datetime
    law: Jurisdiction
    other: Case | None = None
    next_law: Jurisdiction | None = None  # the edition a case is to follow

    @property
    def verb(self) -> str:
        """The name of the command."""
        return (self.command.of if isinstance(self.command, Probe) else type(self.command)).__name__

    @property
    def unit(self) -> str:
        """The unit it is about: the one the command names, else the actor's own."""
        return getattr(self.command, "unit", "") or self.actor.unit

    @property
    def assignment(self) -> Assignment | None:
        """That unit's latest assignment."""
        return self.case.assignment(self.unit)

    @property
    def request(self) -> Request | None:
        """The request that the command names."""
        return self.case.request(getattr(self.command, "request", 0))

    @property
    def concerns_the_actor(self) -> bool:
        """Whether the case is a complaint about the unit that the actor acts for, or one that contains it."""
        against, unit = self.case.against, self.actor.unit
        inside = unit in self.law.places.by_code and self.law.places.path(unit).holds(against)
        return bool(against) and (unit == against or inside)

    def off(self, step: Step) -> bool:
        """Whether the city leaves this step out."""
        return step in self.law.policy.off

    def within(self, window: Window, since: datetime | None) -> bool:
        """Whether a window that opened at `since` is still open; a policy without the window never closes it."""
        limit = self.law.policy.windows.get(window)
        return since is not None and (limit is None or self.now <= due(since, limit, self.law.calendar).at)
