"""The life of a case in one picture: the four phases, and the moves between them as the table of moves has them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from domain.case import Case, evolve
from domain.entries import Entry
from domain.states import PHASES, Phase, State
from workflow.flow import CASE_MOVES, NOTHING, Move

FACE = (Phase.LOGGED, Phase.ESCALATED, Phase.ASSIGNED, Phase.RESOLVED)
WIDTH, LEFT, RIGHT = 360, 88, 272  # of the picture; of the boxes
TOP, HIGH, APART = 44, 66, 132
HEIGHT = TOP + 3 * APART + HIGH + 10
MIDDLE = (LEFT + RIGHT) // 2
LANES = (34, 62)  # how far the first lane is from the boxes, and the second

Names = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """All commands that lead from one phase to another, and who gives them; source '' where the case begins."""

    source: str
    target: str
    commands: Names
    who: Names
    number: int = 0  # in the picture; 0 where it is not drawn


@dataclass(frozen=True, slots=True)
class Arrow:
    """A step as it is drawn: an SVG path, and where its number stands."""

    number: int
    kind: str  # on | skips | back
    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Box:
    """A phase as it is drawn."""

    phase: Phase
    x: int
    y: int


BOXES = tuple(Box(phase, LEFT, TOP + n * APART) for n, phase in enumerate(FACE))


def steps(moves: tuple[Move, ...] = CASE_MOVES) -> tuple[Step, ...]:
    """The steps between phases: those of the picture numbered in reading order, then the others."""
    found: dict[tuple[str, str], list[Move]] = {}
    for source, target, move in _crossings(moves):
        found.setdefault((source, target), []).append(move)
    drawn = sorted((pair for pair in found if _drawn(pair)), key=_order)
    others = [pair for pair in found if not _drawn(pair)]
    numbers = {pair: n for n, pair in enumerate(drawn, start=1)}
    return tuple(_step(pair, found[pair], numbers.get(pair, 0)) for pair in (*drawn, *others))


def _crossings(moves: tuple[Move, ...]) -> Iterator[tuple[str, str, Move]]:
    for move in moves:
        for state in move.source if move.leaves else ():
            source = "" if state == NOTHING else PHASES[State(state)].value
            if move.leaves and source != move.leaves.phase:
                yield source, move.leaves.phase.value, move


def _step(pair: tuple[str, str], moves: list[Move], number: int) -> Step:
    commands = tuple(dict.fromkeys(move.command.__name__ for move in moves))
    who = tuple(dict.fromkeys(guard.__name__ for guard in chain.from_iterable(move.who for move in moves)))
    return Step(*pair, commands, who, number)


def _drawn(pair: tuple[str, str]) -> bool:
    return pair[0] in ("", *FACE) and pair[1] in FACE


def _rows(pair: tuple[str, str]) -> tuple[int, int]:
    return (FACE.index(Phase(pair[0])) if pair[0] else -1), FACE.index(Phase(pair[1]))


def _order(pair: tuple[str, str]) -> tuple[int, int, int]:
    source, target = _rows(pair)
    kind = 0 if target == source + 1 else 1 if target > source else 2
    return kind, abs(target - source), source


def arrows(drawn: tuple[Step, ...]) -> Iterator[Arrow]:
    """How the numbered steps are drawn: on to the next straight down, skips at the right, ways back at the left."""
    for step in drawn:
        if step.number:
            source, target = _rows((step.source, step.target))
            yield _straight(step, target) if target == source + 1 else _around(step, source, target)


def _straight(step: Step, target: int) -> Arrow:
    end = BOXES[target].y
    begin = end - (APART - HIGH if target else TOP - 12)
    return Arrow(step.number, "on", f"M{MIDDLE} {begin}V{end - 7}", MIDDLE, (begin + end) // 2 - 3)


def _around(step: Step, source: int, target: int) -> Arrow:
    """Far arrows run outside the near ones and meet the boxes beyond them, so that none cross."""
    back = target < source
    near = abs(target - source) == (1 if back else 2)
    lane = LANES[0] if near else LANES[1]
    side, x, head = (LEFT, LEFT - lane, LEFT - 7) if back else (RIGHT, RIGHT + lane, RIGHT + 7)
    upper, lower = (HIGH - 18, 18) if near else (18, HIGH - 18)
    y1 = BOXES[source].y + (lower if back else upper)
    y2 = BOXES[target].y + (upper if back else lower)
    return Arrow(step.number, "back" if back else "skips", f"M{side} {y1}H{x}V{y2}H{head}", x, (y1 + y2) // 2)


@dataclass(frozen=True, slots=True)
class Crossing:
    """A case's own step from one phase to another: its number in the case's order, and when it was taken."""

    number: int
    source: str
    target: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Lit:
    """An arrow of the picture with the numbers of the case's own steps along it; none where it did not go there."""

    arrow: Arrow
    numbers: tuple[int, ...]


def path_of(file: Iterable[Entry]) -> tuple[Crossing, ...]:
    """The steps between phases that a case took, in order."""
    case: Case | None = None
    found: list[Crossing] = []
    before = ""
    for entry in file:
        case = evolve(case, entry)
        if (after := case.state.phase.value) != before:
            found.append(Crossing(len(found) + 1, before, after, entry.recorded_at))
            before = after
    return tuple(found)


def lit(path: tuple[Crossing, ...]) -> tuple[Lit, ...]:
    """The arrows of the picture, those that the case took with its own numbers."""
    known = steps()
    pairs = {step.number: (step.source, step.target) for step in known}
    taken: dict[tuple[str, str], tuple[int, ...]] = {}
    for one in path:
        pair = (one.source, one.target)
        taken[pair] = (*taken.get(pair, ()), one.number)
    return tuple(Lit(arrow, taken.get(pairs[arrow.number], ())) for arrow in arrows(known))
