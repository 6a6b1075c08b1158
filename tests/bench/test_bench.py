"""The bench runs end to end, at a size that says nothing; speed is never asserted."""

from pathlib import Path

import pytest
from rich.console import Console

from bench.__main__ import LINES, measured
from bench.ground import POSTGRESQL, SQLITE
from bench.measure import Absent, Measure
from bench.sizes import TINY
from bench.table import show, write


@pytest.mark.slow
@pytest.mark.parametrize("engine", [SQLITE, POSTGRESQL])
@pytest.mark.parametrize("line", LINES)
def test_every_line_runs(line: str, engine: str, request: pytest.FixtureRequest) -> None:
    if engine == POSTGRESQL:
        request.getfixturevalue("postgres_server")  # says where there is none
    console = Console(record=True, width=200)
    rows = show(measured(TINY, [line], (engine,)), console)
    assert rows and {row.line for row in rows} == {line}
    assert all(isinstance(row, Absent) or (row.ours > 0 and row.limit > 0) for row in rows)
    assert all(row.what in console.export_text(clear=False) for row in rows)


def test_a_ratio_and_its_aim() -> None:
    rate = Measure("append", SQLITE, "64 clients", 40, 100, "commands/s", "bare", aim=0.5)
    assert (rate.ratio, rate.reached) == (0.4, False)
    tail = Measure("serve", SQLITE, "p99", 40, 20, "ms", "empty", aim=3, at_most=True)
    assert (tail.ratio, tail.reached) == (2.0, True)
    assert not Measure("look", SQLITE, "grid p99", 3, 1, "ms", "one row", most=2).reached


def test_a_page_keeps_the_lines_that_were_not_measured_again(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    first = [
        Measure("append", SQLITE, "1 client", 4, 10, "commands/s", "bare", aim=0.5),
        Absent("append", POSTGRESQL, "", "no server"),
        Measure("look", SQLITE, "grid p50", 3, 1, "ms", "one row"),
    ]
    write(first, page)
    assert _figures(page) == [("append", "sqlite", "4"), ("append", "postgresql", "-"), ("look", "sqlite", "3")]
    write([Measure("append", SQLITE, "1 client", 7, 10, "commands/s", "bare", aim=0.5)], page)
    write([Measure("grow", SQLITE, "a command", 9, 10, "ms", "the shortest")], page)
    assert _figures(page) == [
        ("append", "postgresql", "-"), ("append", "sqlite", "7"), ("look", "sqlite", "3"), ("grow", "sqlite", "9"),
    ]  # fmt: skip


def _figures(page: Path) -> list[tuple[str, str, str]]:
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.read_text().splitlines() if "| " in line]
    return [(row[0], row[1], row[3]) for row in rows[2:]]
