"""Charts as shapes: figures in, places on a sheet 360 wide out; words and colours are the template's business."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from unicodedata import east_asian_width

from adapters.boards.answering import Number, Point
from adapters.boards.figures import Day, Intake, Took
from adapters.boards.lasting import Lasted
from api.pages.scales import Scale, Shades

WIDTH = 360
DAYS, HOURS = range(7), range(24)
HOUR = 3600  # seconds
SQUARE, SLIM = 13, 7  # how wide a Chinese character is, and at most another one


@dataclass(frozen=True, slots=True)
class Tick:
    """A figure on an axis."""

    figure: int
    at: float


def fitted(words: str, room: float) -> str:
    """Words cut so that they stay within a width, at the size that charts are written in."""
    if _long(words) <= room:
        return words
    kept = next(n for n in range(len(words), -1, -1) if _long(words[:n] + "…") <= room)
    return words[:kept] + "…"


def _long(words: str) -> float:
    return sum(SQUARE if east_asian_width(one) in "WFA" else SLIM for one in words)


# --- when cases come


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of one weekday."""

    weekday: int
    hour: int
    x: float
    y: float
    n: int
    shade: int


@dataclass(frozen=True, slots=True)
class Heat:
    """Weekdays across, hours down; in each cell its figure."""

    cells: tuple[Cell, ...]
    shades: Shades
    total: int

    LEFT, TOP, WIDE, HIGH = 38, 22, 46, 20
    HEIGHT = TOP + len(HOURS) * HIGH

    @property
    def busiest(self) -> Cell:
        """Where most cases come."""
        return max(self.cells, key=lambda cell: cell.n)

    @property
    def rows(self) -> Mapping[int, tuple[int, ...]]:
        """The same figures by hour, Monday first."""
        return {hour: tuple(cell.n for cell in self.cells if cell.hour == hour) for hour in HOURS}


def heat(intake: Intake) -> Heat:
    """The map of hours and weekdays."""
    shades = Shades(max(intake.values(), default=0))
    places = [(day, hour) for hour in HOURS for day in DAYS]
    cells = (
        Cell(day, hour, Heat.LEFT + day * Heat.WIDE, Heat.TOP + hour * Heat.HIGH, n, shades.of(n))
        for day, hour in places
        for n in (intake.get((day, hour), 0),)
    )
    return Heat(tuple(cells), shades, sum(intake.values()))


# --- how long departments take


@dataclass(frozen=True, slots=True)
class Bar:
    """One department: half of its times lie within `median`, nine of ten within `p90`, both in hours."""

    unit: str
    median: float
    p90: float
    n: int
    y: float
    long: float
    longer: float


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar for each department, the slowest on top, over one axis of hours."""

    bars: tuple[Bar, ...]
    axis: tuple[Tick, ...]

    LEFT, LENGTH, HIGH, FOOT = 1, 334, 42, 20

    @property
    def height(self) -> int:
        """Of the sheet."""
        return len(self.bars) * self.HIGH + self.FOOT


def bars(waits: Sequence[Took]) -> Bars:
    """The bars of one step."""
    scale = Scale(max((one.p90 for one in waits), default=0) / HOUR, Bars.LENGTH)
    found = tuple(_bar(n, one, scale) for n, one in enumerate(waits))
    return Bars(found, tuple(Tick(hours, Bars.LEFT + scale.at(hours)) for hours in scale.ticks))


def _bar(number: int, took: Took, scale: Scale) -> Bar:
    median, p90 = round(took.median / HOUR, 1), round(took.p90 / HOUR, 1)
    return Bar(took.unit, median, p90, took.n, number * Bars.HIGH, scale.at(median), scale.at(p90))


# --- how old what is open is


@dataclass(frozen=True, slots=True)
class Column:
    """One class of age."""

    label: str
    n: int
    x: float
    y: float
    high: float


@dataclass(frozen=True, slots=True)
class Columns:
    """A column for each class of age."""

    columns: tuple[Column, ...]
    axis: tuple[Tick, ...]

    LEFT, TOP, LENGTH, WIDE, APART, HEIGHT = 38, 20, 160, 42, 53, 204

    @property
    def total(self) -> int:
        """All of them."""
        return sum(column.n for column in self.columns)


def columns(ages: Sequence[int], ends: Sequence[int]) -> Columns:
    """The columns; `ends` are the days at which one class ends and the next begins."""
    scale = Scale(max(ages), Columns.LENGTH)
    labels = [*(f"{begin}–{end}" for begin, end in pairwise((0, *ends))), f">{ends[-1]}"]
    floor = Columns.TOP + Columns.LENGTH
    found = (
        Column(label, n, Columns.LEFT + 8 + number * Columns.APART, round(floor - scale.at(n), 1), scale.at(n))
        for number, (label, n) in enumerate(zip(labels, ages, strict=True))
    )
    return Columns(tuple(found), tuple(Tick(n, round(floor - scale.at(n), 1)) for n in scale.ticks))


# --- the flow


@dataclass(frozen=True, slots=True)
class Band:
    """What lies between two lines; its name stands at `y` where the band is high enough for words."""

    name: str
    path: str
    y: float | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on the axis."""

    day: str
    x: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Flow:
    """Bands over days, the newest at the right."""

    days: tuple[Day, ...]
    bands: tuple[Band, ...]
    axis: tuple[Tick, ...]
    marks: tuple[Mark, ...]

    LEFT, TOP, LONG, LENGTH, HEIGHT = 38, 10, 314, 200, 234
    NAMED = 16  # units of height from which on a band has room for its name


BANDS = ("logged", "escalated", "assigned", "done")
MARKED = (0, 15, 30, 45, 59)


def flow(days: Sequence[Day]) -> Flow:
    """The bands of the flow."""
    scale = Scale(days[-1].logged, Flow.LENGTH)
    lines = [[_height(scale, getattr(day, band)) for day in days] for band in BANDS]
    lines.append([_height(scale, 0)] * len(days))
    found = (_band(*parts) for parts in zip(BANDS, lines, lines[1:], strict=False))
    axis = tuple(Tick(n, _height(scale, n)) for n in scale.ticks)
    return Flow(tuple(days), tuple(found), axis, tuple(_marks(days)))


def _height(scale: Scale, n: float) -> float:
    return round(Flow.TOP + Flow.LENGTH - scale.at(n), 1)


def _across(number: int, of: int) -> float:
    return round(Flow.LEFT + number * Flow.LONG / (of - 1), 1)


def _band(name: str, upper: Sequence[float], lower: Sequence[float]) -> Band:
    there = [f"{_across(n, len(upper)):g} {y:g}" for n, y in enumerate(upper)]
    back = [f"{_across(n, len(lower)):g} {y:g}" for n, y in enumerate(lower)]
    room = lower[-1] - upper[-1]
    y = round((upper[-1] + lower[-1]) / 2 + 4, 1) if room >= Flow.NAMED else None
    return Band(name, f"M{'L'.join((*there, *reversed(back)))}Z", y)


def _marks(days: Sequence[Day]) -> Iterator[Mark]:
    for number in MARKED:
        anchor = "start" if number == MARKED[0] else "end" if number == MARKED[-1] else "middle"
        yield Mark(f"{days[number].day:%m-%d}", _across(number, len(days)), anchor)


# --- a figure over its months


@dataclass(frozen=True, slots=True)
class Dot:
    """A month of which something can be told."""

    name: str
    text: str
    x: float
    y: float
    falls: bool = False  # from the month before: its figure then stands below the line


@dataclass(frozen=True, slots=True)
class Trend:
    """A line over twelve months; where too little was counted it is broken."""

    dots: tuple[Dot, ...]
    paths: tuple[str, ...]
    axis: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    percent: bool

    LEFT, TOP, LONG, LENGTH, HEIGHT = 38, 10, 314, 200, 234


ROOM = 20  # that a figure takes above or below its dot
MARKED_MONTHS = {0: "start", 4: "middle", 7: "middle", 11: "end"}


def trend(points: Sequence[Point]) -> Trend:
    """The line of a figure: rates in percent, times in hours to the median."""
    values, percent = [_value(point.number) for point in points], not isinstance(points[0].number, Lasted)
    scale = Scale(100 if percent else max((value for value in values if value is not None), default=0), Trend.LENGTH)
    dots = [_dot(n, points, value, scale, percent=percent) for n, value in enumerate(values)]
    axis = tuple(Tick(n, _height(scale, n)) for n in scale.ticks)
    marks = (Mark(points[n].month.name, _across(n, len(points)), anchor) for n, anchor in MARKED_MONTHS.items())
    return Trend(tuple(filter(None, dots)), tuple(_lines(dots)), axis, tuple(marks), percent)


def _value(number: Number) -> float | None:
    if isinstance(number, Lasted):
        return None if number.median is None else round(number.median / HOUR, 1)
    return None if number.share.shown is None else round(number.share.shown * 100, 1)


def _dot(number: int, points: Sequence[Point], value: float | None, scale: Scale, *, percent: bool) -> Dot | None:
    if value is None:
        return None
    text, y = f"{value:g}%" if percent else f"{value:g}", _height(scale, value)
    before = _value(points[number - 1].number) if number else None
    falls = y < Trend.TOP + ROOM or (y < Trend.TOP + Trend.LENGTH - ROOM and before is not None and before > value)
    return Dot(points[number].month.name, text, _across(number, len(points)), y, falls)


def _lines(dots: Sequence[Dot | None]) -> Iterator[str]:
    """Each run of months that follow one another."""
    for there, run in groupby(dots, key=lambda dot: dot is not None):
        if there:
            yield "M" + "L".join(f"{dot.x:g} {dot.y:g}" for dot in run if dot)
