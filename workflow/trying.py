"""Trying: what other limits would have made of the deadlines that were set. Nothing is written; only the log is read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from domain.case import Case, evolve
from domain.clocks import ClockFact, Started, Stopped
from domain.entries import Entry
from domain.jurisdiction import Jurisdiction
from workflow.ticking import reckoned


@dataclass(frozen=True, slots=True)
class Tried:
    """One run of one clock: when it was first due, when it would have been, and when it ended, if it has.

    `would_be` is None where the tried edition has no such limit. `plain` says that nothing paused or moved it: only
    then is what would have been missed known.
    """

    fact: Started
    would_be: datetime | None
    ended: datetime | None
    plain: bool

    def missed(self, now: datetime) -> bool:
        """Whether it ended, or stands now, past its due."""
        return (self.ended or now) > self.fact.due

    def would_miss(self, now: datetime) -> bool:
        """Whether it would have."""
        return self.would_be is not None and (self.ended or now) > self.would_be


def tried(file: Iterable[Entry], law: Jurisdiction, since: datetime) -> Iterator[Tried]:
    """Every run that a case's clocks began from `since` on, under another edition. A due that another system set stays its own."""
    entries = tuple(file)
    facts = [(entry.recorded_at, fact) for entry in entries for fact in entry.clocks]
    case: Case | None = None
    for entry in entries:
        case = evolve(case, entry)
        for fact in entry.clocks:
            if isinstance(fact, Started) and fact.at >= since and fact.why.limit:
                after = [(at, other) for at, other in facts if _of(fact, other)]
                yield Tried(
                    fact, _would_be(fact, case, law), _ended(after), all(isinstance(o, Stopped) for _, o in after)
                )


def _of(fact: Started, other: ClockFact) -> bool:
    return other is not fact and (other.key, other.run) == (fact.key, fact.run)


def _would_be(fact: Started, case: Case, law: Jurisdiction) -> datetime | None:
    dues = reckoned(law, case.category, fact.clock, case.urgency, fact.at)
    return next((due.at for limit, due in dues if limit.step == fact.step), None)


def _ended(after: list[tuple[datetime, ClockFact]]) -> datetime | None:
    """When it was stopped for good."""
    return after[-1][0] if after and isinstance(after[-1][1], Stopped) else None
