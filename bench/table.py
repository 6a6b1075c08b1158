"""The table as it is shown, and as it is kept in bench/README.md."""

import platform
import shutil
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
`--engine` one database, `--write` renews those lines of this page. It needs `pip install -e '.[bench]'`, and PostgreSQL's programs.

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


def write(rows: Iterable[Found], page: Path = README) -> None:
    """Renew what was measured in bench/README.md; the other lines stay, each with the state it was measured at."""
    new = [(*cells(one), _measured_at()) for one in rows]
    again = {row[:2] for row in new}
    old = [row for row in _rows_of(page) if row[:2] not in again]
    order = list(dict.fromkeys(row[0] for row in (*_rows_of(page), *new)))
    both = sorted((*old, *new), key=lambda row: order.index(row[0]))
    page.write_text("\n".join((HEAD, _machine(), "", *_markdown(both), "")))


def _rows_of(page: Path) -> list[tuple[str, ...]]:
    """The rows of a page as it was written."""
    lines = page.read_text().splitlines() if page.exists() else []
    table = [line for line in lines if line.startswith("| ")][2:]  # without its head
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table]


def _measured_at() -> str:
    """The day, and the state of the code where that is known."""
    git = shutil.which("git")
    ran = (
        subprocess.run(
            [git, "rev-parse", "--short", "HEAD"], cwd=README.parent, check=False, capture_output=True, text=True
        )
        if git
        else None
    )
    return f"{datetime.now(UTC):%Y-%m-%d} {ran.stdout.strip() if ran else ''}".strip()


def _markdown(rows: Iterable[Sequence[str]]) -> Iterable[str]:
    heads = (*HEADS, "at")
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join('---:' if head in NUMBERS else '---' for head in heads)} |"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _machine() -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"Measured on {_processor()}, {platform.system()}: "
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
