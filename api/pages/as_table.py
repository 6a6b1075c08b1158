"""Cases as a table for a spreadsheet (RFC 4180), in the reader's language; no cell of it is taken for a formula."""

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from io import StringIO

from adapters.boards import register
from adapters.boards.register import LONGEST, CaseLine
from api.lists import Wanted
from api.pages.reading import Reading
from api.security import reach_of

MOST = 10_000  # cases in one table
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would calculate
MARK = "\ufeff"  # by which spreadsheets know UTF-8


def table(v: Reading, wanted: Wanted) -> Iterator[str]:
    """The table, a piece at a time; where it is cut its last row says so."""
    yield MARK + _text([[v.t(label) for label in COLUMNS]])
    left, before = MOST, wanted.before
    while left:
        page = register.page(
            v.parts.boards.engine, reach_of(v.me), wanted.filters(), v.now, before=before, limit=min(left, LONGEST)
        )
        yield _text([[cell(v, line) for cell in COLUMNS.values()] for line in page.cases])
        left, before = left - len(page.cases), page.next
        if not before:
            return
    yield _text([[v.t("csv_cut", n=MOST)]])


def _text(rows: list[list[str]]) -> str:
    out = StringIO()
    csv.writer(out).writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()


def guarded(cell: str) -> str:
    """A cell that is text, whatever it begins with."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _time(v: Reading, at: datetime | None) -> str:
    return f"{at.astimezone(v.law.calendar.tz):%Y-%m-%d %H:%M}" if at else ""


def _name(v: Reading, code: str) -> str:
    return v.plain(code) if code else ""


COLUMNS: Mapping[str, Callable[[Reading, CaseLine], str]] = {
    "number": lambda _v, line: line.number,
    "category": lambda v, line: v.plain_category(line.category),
    "summary": lambda _v, line: line.summary,
    "street": lambda v, line: _name(v, line.street),
    "community": lambda v, line: _name(v, line.community),
    "place": lambda v, line: _name(v, line.grid or line.community or line.street),
    "phase": lambda v, line: v.word("PHASES", line.phase),
    "state": lambda v, line: v.state(line.state, line.clock),
    "holder": lambda v, line: _name(v, line.accountable),
    "department": lambda v, line: _name(v, line.lead),
    "logged_at": lambda v, line: _time(v, line.logged_at),
    "due": lambda v, line: _time(v, line.due),
    "csv_light": lambda v, line: v.word("LIGHTS", line.light) if line.light else "",
    "resident_deadline": lambda v, line: _time(v, line.resident_due),
    "times_reworked": lambda _v, line: str(line.rework),
    "supervised": lambda v, line: v.t("yes") if line.supervised else "",
}
