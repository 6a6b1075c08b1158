"""What a case file says to process mining: steps, units and times, never a person; and which steps the tables allow."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from domain import events as e
from domain.actors import Role
from domain.entries import Entry
from domain.events import Event
from domain.states import OPEN, State
from workflow.flow import CASE_MOVES, NOTHING, Move
from workflow.ledger import NAMES, name_of, stored_name

Said = tuple[str, str, datetime]  # the stored name, the state it leaves the case in ('': it stays), and when
Pair = tuple[str, str]  # two steps, one directly after the other
UNNAMED = frozenset({Role.RESIDENT, Role.SYSTEM})  # they act for no unit; a resident's is the hash of a receipt
# What a command on another case writes into this one, and in which states it may.
FROM_ANOTHER: Mapping[type[Event], Iterable[State]] = {e.CaseJoined: OPEN, e.CaseParted: State}


@dataclass(frozen=True, slots=True)
class Step:
    """One entry as process mining knows it: what, when, from which state to which, and whether the tables know it."""

    activity: str
    at: datetime
    before: str
    after: str
    known: bool

    @property
    def on_the_way(self) -> bool:
        """Whether it says where the case stands afterwards; others happen beside the way."""
        return self.activity in ON_THE_WAY


ON_THE_WAY = frozenset(name for name, event in NAMES.items() if event.leaves is not None)


def said(entries: Iterable[Entry]) -> Iterator[Said]:
    """What a case file says, in short."""
    for entry in entries:
        yield name_of(entry.event), entry.event.leaves or "", entry.recorded_at


def walked(told: Iterable[Said]) -> Iterator[Step]:
    """The steps of a case, judged by the tables as they are today."""
    before = NOTHING
    for activity, leaves, at in told:
        after = str(leaves or before)
        yield Step(activity, at, before, after, after in ALLOWED.get((activity, before), ()))
        before = after


def unit_of(entry: Entry) -> str:
    """The unit that acted; '' where none did."""
    return "" if entry.actor.role in UNNAMED else entry.actor.unit


# --- what the tables allow


def _allowed(moves: Iterable[Move]) -> dict[Pair, frozenset[str]]:
    """By step and the state before it: the states in which it may leave a case."""
    found: defaultdict[Pair, set[str]] = defaultdict(set)
    for move in moves:
        for source in move.source:
            found[stored_name(move.event), source] |= _leaves(move, source)
    for event, states in FROM_ANOTHER.items():
        for state in states:
            found[stored_name(event), state.value] = {state.value}
    return {key: frozenset(states) for key, states in found.items()}


def _leaves(move: Move, source: str) -> set[str]:
    """What the row says, and the event itself: of one command's events only the last need leave a case where the row does."""
    own: object = move.event.leaves
    if isinstance(own, State):
        return {own.value, (move.leaves or own).value}
    if own is None:
        return {source}
    return {move.leaves.value} if move.leaves else {state.value for state in State}


ALLOWED: Mapping[Pair, frozenset[str]] = _allowed(CASE_MOVES)


def allowed_pairs() -> frozenset[Pair]:
    """Which step may come directly after which: the one leaves a case where the other may begin."""
    begins: defaultdict[str, set[str]] = defaultdict(set)
    ends: defaultdict[str, set[str]] = defaultdict(set)
    for (activity, source), leaves in ALLOWED.items():
        begins[activity].add(source)
        ends[activity] |= leaves
    return frozenset((one, other) for one in ends for other in begins if ends[one] & begins[other])


PAIRS = allowed_pairs()
