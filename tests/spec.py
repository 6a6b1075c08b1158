"""Stories: given what happened, when somebody asks something, then this happens, moving these clocks; or it is refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from domain import commands as c
from domain.actors import Actor
from domain.assignments import Assignment, Request
from domain.case import Case, evolve
from domain.commands import Command
from domain.entries import Entry
from domain.events import Event
from domain.jurisdiction import Jurisdiction
from tests.ticks import ZONE, Tick, as_told
from tests.ticks import at as at_time
from tests.town import TOWN
from workflow.ask import Ask, Refused
from workflow.decide import Desk, begin, decide
from workflow.flow import FLOW, NOTHING, Flow
from workflow.reactions import AT_ONCE, Whenever

START, A_WHILE = datetime(2026, 3, 2, 9, tzinfo=ZONE), timedelta(minutes=10)  # a Monday morning
CASE, OTHER = UUID(int=1), UUID(int=2)


@dataclass
class Tables:
    """What the stories are played by, and what they were heard to do: the tables can be exchanged."""

    flow: Flow = FLOW
    at_once: tuple[Whenever, ...] = AT_ONCE
    asked: set[type[Command]] = field(default_factory=set)
    about: set[type[Command]] = field(default_factory=set)  # of those, what the stories themselves ask
    lives: list["Story"] = field(default_factory=list)
    refusals: list[Refused] = field(default_factory=list)


PLAYED_BY: ContextVar[Tables | None] = ContextVar("played by", default=None)


def played() -> Tables:
    """The tables that are played now; else the true ones."""
    return PLAYED_BY.get() or Tables()


@contextmanager
def playing(tables: Tables) -> Iterator[Tables]:
    """The stories told inside are judged by these tables."""
    token = PLAYED_BY.set(tables)
    try:
        yield tables
    finally:
        PLAYED_BY.reset(token)


@dataclass(frozen=True)
class Asked:
    """One step of what is given: who asks what, and when (else a while later)."""

    actor: Actor
    command: Command
    at: str = ""


Steps = Asked | tuple["Steps", ...]


def _flat(steps: Steps) -> Iterator[Asked]:
    if isinstance(steps, Asked):
        yield steps
    else:
        for step in steps:
            yield from _flat(step)


class Story:
    """A case as it was told so far."""

    def __init__(self, case: UUID = CASE, law: Jurisdiction = TOWN) -> None:
        """Nothing has happened."""
        self.id, self.law, self.now = case, law, START
        self.file: list[Entry] = []
        self.case: Case | None = None
        self.other: Story | None = None
        self.answer: tuple[Entry, ...] | Refused = ()
        self.row = ""
        played().lives.append(self)

    def under(self, law: Jurisdiction) -> "Story":
        """From here on the case follows another edition."""
        self.law = law
        return self

    # --- when

    def when(self, actor: Actor, command: Command, at: str = "", law: Jurisdiction | None = None) -> "Story":
        """Somebody asks something. `law`: the edition that is to be followed."""
        played().about.add(type(command))
        return self.asks(actor, command, at, law)

    def asks(self, actor: Actor, command: Command, at: str = "", law: Jurisdiction | None = None) -> "Story":
        """The same, before the story begins."""
        self._later(at)
        played().asked.add(type(command))
        try:
            self.answer = self._entries(actor, command, law)
        except Refused as refused:
            self.answer, self.row = refused, ""
            played().refusals.append(refused)
        else:
            self._told(command)
        return self

    def _later(self, when: str) -> None:
        self.now = at_time(when) if when else self.now + A_WHILE

    def _desk(self, command: Command, law: Jurisdiction | None) -> Desk:
        merged = isinstance(command, c.EndRetention) and self.case is not None and self.case.merged_into is not None
        about_two = merged or isinstance(command, c.MergeCase | c.UnmergeCase)
        other = self.other.case if self.other and about_two else None
        other = self.case if isinstance(command, c.MergeCase) and command.into == self.id else other
        told = played()
        return Desk(self.law, self.now, UUID(int=len(self.file) + 1), told.flow, told.at_once, other, law)

    def _entries(self, actor: Actor, command: Command, law: Jurisdiction | None) -> tuple[Entry, ...]:
        desk, self.row = self._desk(command, law), ""
        if isinstance(command, c.LogCase | c.CarryOver) and self.case is None:
            entries = begin(self.id, command, actor, desk)
            self.row = self._the_row(
                Ask(evolve(None, entries[0]), command, actor, self.now, self.law), command, NOTHING
            )
            return entries
        assert self.case is not None
        entries = decide(self.case, command, actor, desk)
        if entries:
            ask = Ask(self.case, command, actor, self.now, self.law, desk.other, law)
            self.row = self._the_row(ask, command, self.case.state)
        return entries

    def _the_row(self, ask: Ask, command: Command, state: str) -> str:
        """The row that let it through. Where several do, they must say the same: the order of rows means nothing."""
        rows = [m for m in played().flow.rows(state, type(command)) if m.may(ask) and not m.unmet(ask)]
        assert len({(m.event, m.leaves, m.clocks) for m in rows}) == 1, (
            f"several rows at once: {[m.name for m in rows]}"
        )
        leaves = rows[0].leaves or (ask.case.state if state == NOTHING else None)
        return f"{state} → {leaves}" if leaves else f"{state} stays"

    def _told(self, command: Command) -> None:
        before, made = self.case, self._made
        for entry in made:
            story = self if entry.case == self.id else self.other
            assert story is not None
            story.file.append(entry)
            story.case = evolve(story.case, entry)
        heard = {type(entry.event) for entry in made}
        played().asked.update(move.command for move in played().flow.moves if move.event in heard)
        if before and made:
            self._turned(before, command)

    @property
    def _made(self) -> tuple[Entry, ...]:
        return () if isinstance(self.answer, Refused) else self.answer

    def _turned(self, before: Case, command: Command) -> None:
        """What the smaller tables say of the unit's assignment, and of the request, is what became of them."""
        assert self.case
        unit, number = getattr(command, "unit", "") or self._made[0].actor.unit, getattr(command, "request", 0)
        flow = played().flow
        _agree(flow.assignment, command, before.assignment(unit), self.case.assignment(unit))
        _agree(flow.request, command, before.request(number), self.case.request(number))

    # --- then

    def then(self, row: str, *events: Event, clocks: tuple[Tick, ...] = ()) -> "Story":
        """By this row ('escalated → assigned', 'logged stays'), exactly these events, and exactly this to the clocks."""
        assert not isinstance(self.answer, Refused), f"refused: {self.answer.code} {self.answer.arguments}"
        assert tuple(entry.event for entry in self.answer) == events
        facts = [as_told(fact) for entry in self.answer for fact in entry.clocks]
        assert sorted(map(str, facts)) == sorted(map(str, clocks))
        for tick in clocks:
            assert not tick.due or tick in facts, f"{tick} due {tick.due}: {[f'{f} due {f.due}' for f in facts]}"
        assert self.row == row
        return self

    def refused(self, code: str, /, **arguments: Any) -> "Story":
        """Not allowed, for this reason."""
        assert isinstance(self.answer, Refused), f"allowed: {self.answer}"
        assert self.answer.code == code
        assert arguments.items() <= self.answer.arguments.items()
        return self

    def nothing(self) -> "Story":
        """Too late, or nothing to do: not refused, and nothing happens."""
        assert self.answer == ()
        return self

    def accountable(self, unit: str) -> "Story":
        assert self.case
        assert self.case.accountable == unit
        return self

    def assignments(self, **states: str) -> "Story":
        """Where each unit's latest assignment stands."""
        assert self.case
        assert {a.unit: a.state.value for a in self.case.assignments} == states
        return self

    def requests(self, *states: str) -> "Story":
        """Where each request stands, in order."""
        assert self.case
        assert tuple(r.state.value for r in self.case.requests) == states
        return self

    def whistle(self, state: str) -> "Story":
        """Where the latest whistle stands."""
        assert self.case
        assert self.case.whistle
        assert self.case.whistle.state == state
        return self

    def shows(self, **fields: Any) -> "Story":
        """What else is known of the case."""
        assert self.case
        assert {name: getattr(self.case, name) for name in fields} == fields
        return self


def _agree(table: Any, command: Command, was: Assignment | Request | None, now: Assignment | Request | None) -> None:
    turn = table.events.get(type(command).__name__)
    if turn and was and now:
        assert {each.dest for each in turn.transitions[was.state.value]} == {now.state.value}


def given(*steps: Steps, law: Jurisdiction = TOWN, other: Steps = (), case: UUID = CASE) -> Story:
    """A case to which this has happened; `other`: what has happened to a second one."""
    story = Story(case, law)
    if other:
        story.other = given(other, law=law, case=OTHER)
    for step in _flat(steps):
        story.asks(step.actor, step.command, step.at)
        assert not isinstance(story.answer, Refused), f"{step}: {story.answer.code}"
        assert story.answer, f"nothing came of {step}"
    return story
