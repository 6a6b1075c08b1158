"""The ways of cases as a drawing: steps in a column, one under the other; each way in a lane of its own beside them.

What goes straight on runs down between two boxes, what leaps ahead at their right, what goes back at their left. No two
ways share a piece of a lane, and a label stands between two rows, where no line crosses it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.pages.scales import Shades
from domain.events import EVENTS
from workflow.ledger import stored_name
from workflow.ways import Stop, Way, Ways

MOST = 30  # ways in the drawing; those that no table knows come on top of that
ROW, BOX, WIDE, LANE, TURN, EDGE = 70, 30, 214, 70, 6, 8
ORDER = {stored_name(event): number for number, event in enumerate(EVENTS)}


@dataclass(frozen=True, slots=True)
class Box:
    """One step, where it stands."""

    stop: Stop
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Line:
    """One way: its path, and where its label stands; the broader the oftener."""

    way: Way
    path: str
    x: int
    y: int
    broad: int
    straight: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """The sheet."""

    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    width: int
    height: int
    left_out: int  # ways that are only in the table

    @property
    def ways(self) -> tuple[Way, ...]:
        """What is drawn, the commonest first."""
        return tuple(sorted((line.way for line in self.lines), key=lambda way: -way.n))


def drawn(ways: Ways) -> Drawn:
    """The commonest ways, and all that no table knows."""
    shown = [way for number, way in enumerate(ways.ways) if number < MOST or not way.known]
    names = {name for way in shown for name in (way.before, way.after)} | {stop.activity for stop in ways.stops[:1]}
    stops = sorted((stop for stop in ways.stops if stop.activity in names), key=lambda stop: ORDER[stop.activity])
    rows = {stop.activity: number for number, stop in enumerate(stops)}
    back, ahead = _lanes(_those(shown, rows, back=True), rows), _lanes(_those(shown, rows, back=False), rows)
    left = (max(back.values(), default=-1) + 1) * LANE + EDGE
    boxes = tuple(Box(stop, left, row * ROW) for row, stop in enumerate(stops))
    shades = Shades(max((way.n for way in shown), default=1))
    lines = tuple(_line(way, rows, left, back, ahead, shades) for way in reversed(shown))
    width = left + WIDE + (max(ahead.values(), default=-1) + 1) * LANE + EDGE
    return Drawn(boxes, lines, width, len(stops) * ROW, len(ways.ways) - len(shown))


def _those(ways: Iterable[Way], rows: dict[str, int], *, back: bool) -> list[Way]:
    """The ways of one side; those to the next row run between the boxes."""
    steps = ((way, rows[way.after] - rows[way.before]) for way in ways)
    return [way for way, step in steps if (step <= 0 if back else step > 1)]


def _lanes(ways: Sequence[Way], rows: dict[str, int]) -> dict[Way, int]:
    """For each way the lane nearest to the boxes that is free along all its rows; the shorter ones first."""
    found: dict[Way, int] = {}
    taken: list[set[int]] = []
    for way in sorted(ways, key=lambda way: (len(_span(way, rows)), rows[way.before])):
        span = set(_span(way, rows))
        lane = next((number for number, those in enumerate(taken) if not those & span), len(taken))
        if lane == len(taken):
            taken.append(set())
        taken[lane] |= span
        found[way] = lane
    return found


def _span(way: Way, rows: dict[str, int]) -> range:
    one, other = sorted((rows[way.before], rows[way.after]))
    return range(one, other + 1)


def _line(
    way: Way, rows: dict[str, int], left: int, back: dict[Way, int], ahead: dict[Way, int], shades: Shades
) -> Line:
    begin, end = rows[way.before] * ROW, rows[way.after] * ROW
    broad = shades.of(way.n)
    if way not in back and way not in ahead:
        x = left + WIDE // 2
        return Line(way, f"M{x} {begin + BOX}V{end - 2}", x + 10, begin + BOX + 24, broad, straight=True)
    side = left if way in back else left + WIDE
    lane = left - back[way] * LANE - LANE // 2 if way in back else side + ahead[way] * LANE + LANE // 2
    row = (rows[way.before] + rows[way.after] - (way in ahead)) // 2
    return Line(way, _bent(side, lane, begin + BOX - 8, end + 8), lane, row * ROW + BOX + 15, broad, straight=False)


def _bent(side: int, lane: int, begin: int, end: int) -> str:
    """Out of one box, along the lane, into the other; round at the corners."""
    out = TURN if lane > side else -TURN
    along = TURN if end > begin else -TURN
    tip = side + (2 if out > 0 else -2)
    return f"M{side} {begin}H{lane - out}Q{lane} {begin} {lane} {begin + along}V{end - along}Q{lane} {end} {lane - out} {end}H{tip}"
