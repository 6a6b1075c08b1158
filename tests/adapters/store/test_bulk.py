"""Rows that come in bulk are the rows that come one by one."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Date, Engine, Integer, LargeBinary, MetaData, Table, Text, Uuid, insert, select

from adapters.store.bulk import fill
from adapters.store.engine import transaction
from adapters.store.tables import Instant

KEPT = Table(
    "kept_in_bulk",
    MetaData(),
    Column("n", Integer, primary_key=True),
    Column("words", Text),
    Column("yes", Boolean),
    Column("id", Uuid),
    Column("at", Instant),
    Column("day", Date),
    Column("body", LargeBinary),
)
WORDS = ("", r"\N", r"\\", "a\tb", "two\nlines\r\n", r"C:\new\table", "漏水 🚰", "'; DROP TABLE x; --", r"\.", None)
AT = datetime(2026, 3, 1, 23, 59, 59, 999_999, tzinfo=UTC)


def row(n: int, words: str | None) -> dict[str, Any]:
    """With nothing in every other one."""
    if n % 2:
        return {"n": n, "words": words, "yes": None, "id": None, "at": None, "day": None, "body": None}
    return {
        "n": n, "words": words, "yes": n % 4 == 0, "id": UUID(int=n), "at": AT, "day": AT.date(), "body": b"\x00\\\t\n\xff",
    }  # fmt: skip


def test_they_are_the_same(engine: Engine) -> None:
    rows = [row(n, words) for n, words in enumerate((*WORDS, *WORDS[::-1]))]
    found = []
    for store in (fill, lambda connection, table, some: connection.execute(insert(table), some)):
        with transaction(engine) as connection:
            KEPT.drop(connection, checkfirst=True)
            KEPT.create(connection)
            store(connection, KEPT, rows)
            store(connection, KEPT, []) if store is fill else None
        with engine.connect() as connection:
            found.append([one._asdict() for one in connection.execute(select(KEPT).order_by(KEPT.c.n))])
    assert found[0] == found[1] == rows
    assert isinstance(found[0][0]["day"], date)
