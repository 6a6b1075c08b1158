"""Standard replies to residents, out of their table."""

from collections.abc import Iterator

from adapters.jurisdictions.sheets import Sheets
from domain.jurisdiction import EVERY, StandardReply

FILE, CATEGORIES = "replies.csv", "categories.csv"


def replies_of(sheets: Sheets) -> tuple[StandardReply, ...]:
    """Every row's reply, in the order of the table; none where a city has none."""
    return tuple(_replies(sheets))


def _replies(sheets: Sheets) -> Iterator[StandardReply]:
    known = sheets.codes(CATEGORIES)
    for row in sheets.rows(FILE, optional=True):
        if known is not None and row["category"] not in {EVERY, *known}:
            sheets.note(FILE, row.line, "no_such_category", code=row["category"])
        yield StandardReply(row["category"], sheets.names(FILE, row), sheets.texts(FILE, row))
