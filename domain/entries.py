"""Entry: one line of a case file: what happened, when, by whom, and what it did to the clocks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.actors import Actor
from domain.clocks import ClockFact
from domain.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """The envelope of one event. `recorded_at` never goes back along positions; `position` is 0 until stored."""

    case: UUID
    version: int  # 1, 2, 3 … within the case
    event: Event
    actor: Actor
    recorded_at: datetime
    occurred_at: datetime | None = None
    command: UUID
    clocks: tuple[ClockFact, ...] = ()
    position: int = 0

    @property
    def originator_id(self) -> UUID:
        """The case, in the word that the eventsourcing library asks for."""
        return self.case

    @property
    def originator_version(self) -> int:
        """The version, in the word that the eventsourcing library asks for."""
        return self.version
