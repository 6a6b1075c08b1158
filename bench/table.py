"""The table as it is shown, and as it is kept in bench/README.md."""

import platform
import subprocess
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from sqlite3 import sqlite_version

from rich.console import Console
from rich.table import Table

from bench.ground import NoServerError, binaries
from bench.measure import Absent, Found, Measure

README = Path(__file__).with_name("README.md")
HEADS = ("line", "engine", "what", "ours", "limit", "", "against", "ratio", "aim")
NUMBERS = {"ours", "limit", "ratio", "aim"}
LIBRARIES = ("eventsourcing", "SQLAlchemy", "psycopg2-binary", "fastapi", "uvicorn")
HEAD = """# The bench

`python -m bench` measures what Whistle costs, each figure against a limit that is measured in the same run on the same
machine: ratios travel from machine to machine, figures do not. `--quick` is a smoke run, `--only` takes some lines,
`--engine` one database, `--write` renews this page. It needs `pip install -e '.[bench]'`, and PostgreSQL's programs.

What is set beside what, and what each aim is for, stands in the docstring of each line's file.
"""


def show(
    found: Iterable[Found], console: Console, keep: Callable[[Sequence[Found]], object] = lambda _rows: None
) -> list[Found]:
    """Each row as it comes, kept with those before it, then the table."""
    rows: list[Found] = []
    for one in found:
        rows.append(one)
        keep(rows)
        console.print("  ".join(cells(one)), style="dim", highlight=False, markup=False)
    console.print(_table(rows))
    return rows


def _table(rows: Iterable[Found]) -> Table:
    table = Table()
    for head in HEADS:
        table.add_column(head, justify="right" if head in NUMBERS else "left")
    for one in rows:
        table.add_row(*cells(one), style="" if isinstance(one, Absent) or one.reached else "red")
    return table


def cells(one: Found) -> Sequence[str]:
    """A row in words."""
    if isinstance(one, Absent):
        return (one.line, one.engine, one.what, "-", "-", "", one.why, "-", "-")
    figures = (_said(one.ours), _said(one.limit), one.unit, one.against, f"{one.ratio:.3g}", _aim(one))
    return (one.line, one.engine, one.what, *figures)


def _aim(one: Measure) -> str:
    mark = "✓" if one.reached else "✗"
    if one.most is not None:
        return f"≤ {one.most:g} {one.unit} {mark}"
    return "" if one.aim is None else f"{'≤' if one.at_most else '≥'} {one.aim:g} {mark}"


def _said(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"  # noqa: PLR2004 - three digits are enough


def write(rows: Iterable[Found]) -> None:
    """Renew bench/README.md."""
    README.write_text("\n".join((HEAD, _machine(), "", *_markdown(rows), "")))


def _markdown(rows: Iterable[Found]) -> Iterable[str]:
    yield f"| {' | '.join(HEADS)} |"
    yield f"|{'|'.join(' ---: ' if head in NUMBERS else ' --- ' for head in HEADS)}|"
    yield from (f"| {' | '.join(cells(one))} |" for one in rows)


def _machine() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {_processor()}, {platform.system()}: "
        f"Python {platform.python_version()}, SQLite {sqlite_version}, {_postgresql()}, {libraries}."
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [line.split(": ")[1] for line in lines if line.startswith("model name")]
    return f"{len(names)} × {names[0]}" if names else platform.machine()


def _postgresql() -> str:
    try:
        command = [str(binaries() / "postgres"), "--version"]
    except NoServerError:
        return "no PostgreSQL"
    said: str = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return said.strip().replace("postgres (PostgreSQL)", "PostgreSQL")
