"""Rows are multiplied as if a store had grown to so many."""

from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import BigInteger, Column, MetaData, Table, Text, Uuid, select, text

from adapters.store.engine import engine_at
from bench.pour import multiply, pour

ENDLESS = 2**62
COPIES, STEP = 3, 2
ROWS = [(UUID(int=n << 32), f"N-{n}", n * 10, n * 10 + 5 if n % 2 else ENDLESS, "water") for n in (5, 1, 4, 2, 3)]
metadata = MetaData()
spans = Table(
    "spans",
    metadata,
    Column("case", Uuid),
    Column("number", Text),
    Column("since", BigInteger),
    Column("until", BigInteger),
    Column("unit", Text),
)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_copies_have_ids_of_their_own_and_lie_in_the_order_of_their_positions(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    lite = engine == "sqlite"
    store = engine_at(f"sqlite:///{tmp_path / 'spans.db'}" if lite else request.getfixturevalue("postgres_url"))
    metadata.create_all(store)
    pour(store, spans, ROWS)
    multiply(store, spans, COPIES, STEP, ("since", "until"), ENDLESS)
    with store.connect() as connection:
        lying = connection.execute(select(spans).order_by(text("rowid" if lite else "ctid"))).all()
    store.dispose()
    assert {len({getattr(row, name) for row in lying}) for name in ("case", "number")} == {COPIES * len(ROWS)}
    assert [row.since for row in lying] == sorted(row[2] + copy * STEP for row in ROWS for copy in range(COPIES))
    assert all(row.until in (ENDLESS, row.since + 5) for row in lying)
    assert Counter(row.until == ENDLESS for row in lying) == {True: 2 * COPIES, False: 3 * COPIES}
    assert {row.unit for row in lying} == {"water"}
