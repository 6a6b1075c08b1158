"""The line of a figure: broken where nothing can be told, its last figure never on the line."""

import pytest

from adapters.boards.answering import MONTHS, Point
from adapters.boards.lasting import Lasted
from adapters.boards.shares import EMPTY, Cell, Share
from api.pages.charts import Trend, trend
from domain.periods import Month


def cell(percent: int, n: int = 100) -> Cell:
    share = Share(percent * n / 100, n)
    return Cell(share, share, percent, 0, 0)


def points(*numbers: Cell | Lasted) -> list[Point]:
    padded = [type(numbers[0])() if isinstance(numbers[0], Lasted) else EMPTY] * (MONTHS - len(numbers))
    return [Point(Month(2026, 1).shifted(n), number) for n, number in enumerate((*padded, *numbers))]


def test_it_is_broken_where_fewer_than_ten_were_counted() -> None:
    drawn = trend(points(cell(50), cell(60), cell(100, 9), cell(70)))
    assert [dot.text for dot in drawn.dots] == ["50%", "60%", "70%"] and len(drawn.paths) == 2
    assert drawn.percent and [tick.figure for tick in drawn.axis] == [0, 50, 100]
    assert trend(points(EMPTY)).dots == () and trend(points(EMPTY)).paths == ()


@pytest.mark.parametrize(
    ("values", "falls"), [((50, 60), False), ((60, 50), True), ((50, 100), True), ((50, 0), False)]
)
def test_the_last_figure_stands_where_there_is_room(values: tuple[int, int], falls: bool) -> None:
    last = trend(points(*map(cell, values))).dots[-1]
    assert last.falls is falls
    y = last.y + 19 if falls else last.y - 9
    assert Trend.TOP < y < Trend.TOP + Trend.LENGTH


def test_times_are_in_hours() -> None:
    drawn = trend(points(Lasted(7200.0, 9000, 12), Lasted(), Lasted(3600.0, 3600, 1)))
    assert [dot.text for dot in drawn.dots] == ["2", "1"] and len(drawn.paths) == 2 and not drawn.percent
