"""Cases told from their entries in plain Python, without the domain's own Case: what figures are checked against."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from domain import events as e
from domain.clocks import Moved, Paused, Resumed, Started
from domain.entries import Entry
from domain.states import PER_ASSIGNMENT, Clock, Level, State

Key = tuple[Clock, str, str]


@dataclass
class Plain:
    """What the entries of one case say, one after another."""

    state: State = State.LOGGED
    place: Any = None
    level: Level = Level.STREET
    category: str = ""
    logged: datetime | None = None
    ended: datetime | None = None
    resolved: datetime | None = None
    lead: str = ""
    own: bool = False
    leads: list[str] = field(default_factory=list)
    returned: bool = False
    called: e.CallbackRecorded | None = None
    outcome: str = ""
    due: dict[Key, datetime] = field(default_factory=dict)
    running: set[Key] = field(default_factory=set)
    paused: set[Key] = field(default_factory=set)
    requests: dict[int, Any] = field(default_factory=dict)
    decided: dict[int, datetime] = field(default_factory=dict)
    excluded: set[str] = field(default_factory=set)
    about: str = ""
    waits: bool = False
    attempts: int = 0
    tried: datetime | None = None
    rework: int = 0
    done: set[str] = field(default_factory=set)

    def goes_on(self, entry: Entry) -> None:  # noqa: C901, PLR0912 - a table: one event, one line
        at, event = entry.recorded_at, entry.event
        self.state = event.leaves or self.state
        match event:
            case e.CaseLogged():
                self.place, self.level, self.category, self.logged = event.place, event.level, event.category, at
                self.about = event.about.code if event.about else ""
                self.waits = bool(event.reporter and event.reporter.phone)
            case e.HandlingBegun(unit):
                self.lead, self.own = unit, True
            case e.CaseReferredUp(level):
                self.level, self.lead, self.own = level, "", False
            case e.CaseSentDown(level):
                self.level = level
            case e.WhistleBlown():
                self.lead, self.own = "", False
            case e.WhistleDeclined() | e.WhistleWithdrawn():
                self.level = Level.STREET
            case e.CaseAssigned(lead) | e.LeadReplaced(lead) | e.CaseReassigned(lead):
                self.lead, self.own = lead, False
                self.leads.append(lead)
            case e.LeadReturned():
                self.lead, self.returned = "", True
            case e.ResultReported():
                self.resolved, self.called, self.attempts, self.tried = at, None, 0, None
                self.done.add(event.unit)
            case e.SupportFinished(unit):
                self.done.add(unit)
            case e.VerificationFailed() | e.ReworkOrdered():
                self.resolved, self.called, self.rework = None, None, self.rework + 1
                self.done.discard(self.lead)
            case e.CallbackRecorded():
                self.called, self.attempts, self.tried = event, event.attempt, at
            case e.CaseClosed(outcome):
                self.outcome, self.ended = outcome, at
            case e.CaseAnswered():
                self.outcome, self.ended = "explained", at
            case e.CaseCancelled():
                self.ended = at
                self.lead = self.lead if self.resolved else ""
            case e.CaseReopened():
                self.outcome, self.ended, self.resolved, self.called, self.lead = "", None, None, None, ""
                self.level, self.attempts, self.tried = Level.STREET, 0, None
            case e.SuspensionRequested() | e.ExclusionRequested() | e.ExtensionRequested():
                self.requests[event.number] = event
            case e.CaseSuspended(request):
                self.decided[request] = at
            case e.ExclusionGranted(unit=unit):
                self.excluded.add(unit)
        for fact in entry.clocks:
            self._ticks(fact)

    def _ticks(self, fact: Any) -> None:
        if isinstance(fact, Started | Resumed | Moved):
            self.due[fact.key] = fact.due
        if isinstance(fact, Started | Resumed):
            self.running.add(fact.key)
            self.paused.discard(fact.key)
        elif not isinstance(fact, Moved):
            self.running.discard(fact.key)
            (self.paused.add if isinstance(fact, Paused) else self.paused.discard)(fact.key)

    @property
    def holder(self) -> str:
        if not self.state.is_open:
            return ""
        if self.state in (State.LOGGED, State.HANDLING):
            return str(getattr(self.place, self.level.value) or self.place.lowest)
        if self.state is State.ESCALATED:
            return str(self.place.district)
        return str(self.place.street) if self.state in (State.RESOLVED, State.VERIFIED) else self.lead

    def overdue(self, at: datetime) -> bool:
        mine = (
            due
            for key, due in self.due.items()
            if key in self.running
            and key[0] not in (Clock.RESIDENT, Clock.SUPERVISION)
            and (key[0] not in PER_ASSIGNMENT or key[1] == self.holder)
        )
        return self.state.is_open and min(mine, default=at) < at

    @property
    def promised(self) -> datetime | None:
        key = (Clock.RESOLVE, self.lead, "")
        return None if not self.lead or key in self.paused else self.due.get(key)


def told(file: Iterable[Entry], until: datetime | None = None) -> Plain | None:
    """A case from its entries, up to a moment; None where there was none yet."""
    found: Plain | None = None
    for entry in file:
        if until is None or entry.recorded_at <= until:
            found = found or Plain()
            found.goes_on(entry)
    return found
