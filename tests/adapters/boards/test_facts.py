"""What is so of a case whatever the time stands in its row as bits: the same as its conditions say."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, case, func, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from adapters.boards.conditions import predicate
from adapters.boards.facts import BITS, FACTS, asked
from adapters.boards.tables import SCHEMA, cases, metadata
from adapters.store.engine import engine_at
from bench.look import rows
from bench.pour import pour
from bench.sizes import Sizes
from tests.adapters.boards.test_district import NOW
from tests.adapters.boards.test_figures import row

EARLY, LATE = NOW.replace(year=2000), NOW.replace(year=2100)
SOME = Sizes(cases=3000, open_cases=1000)
RARE: tuple[dict[str, Any], ...] = (
    {"excluded_place": True},
    {"excluded_lead": True},
    {"reopened_after": 60},
    {"returned": True},
    {"carried_over": True, "lead": "water", "phase": "resolved"},
    {"carried_over": True, "open": True},
)
# What the boards' tables were, of each schema. Who changes them, or what a fact means, counts SCHEMA up and writes it here:
# a store that was made before would else go on counting by what was told then.
TABLES = {18: "1b1aeb753abfabf7"}


@pytest.fixture(params=["sqlite", "postgresql"])
def full(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """The boards with cases as they stood at any time of their lives, and some that are rare."""
    lite = request.param == "sqlite"
    engine = engine_at(f"sqlite:///{tmp_path / 'boards.db'}" if lite else request.getfixturevalue("postgres_url"))
    metadata.create_all(engine)
    pour(engine, cases, rows(cases, SOME))
    with engine.begin() as connection:
        connection.execute(insert(cases), [row(cases, **said) for said in RARE])
    yield engine
    engine.dispose()


def every(engine: Engine, *columns: Any) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(select(*columns)))


def test_the_bits_of_a_row_are_what_its_conditions_say(full: Engine) -> None:
    seen = dict.fromkeys(FACTS, 0)
    for facts, *told in every(full, cases.c.facts, *(case((fact.always, 1), else_=0) for fact in FACTS.values())):
        for name, so in zip(FACTS, told, strict=True):
            assert bool(facts & BITS[name]) is bool(so), name
            seen[name] += so
    assert [name for name, n in seen.items() if n == 0] == ["overdue"] and seen["any"] == SOME.cases + len(RARE), seen


def test_what_hangs_on_the_moment_is_asked_at_it(full: Engine) -> None:
    """A condition that the row had kept would not change with the moment."""
    moving = [name for name, fact in FACTS.items() if fact.moving]
    assert moving == ["due", "due_first", "overdue"]
    for name in moving:
        (late,), (early,) = (
            {sum(bool(bits & BITS[name]) for (bits,) in every(full, asked(FACTS, at)))} for at in (LATE, EARLY)
        )
        assert late > early
        assert late == sum(so for (so,) in every(full, case((FACTS[name].holds(LATE), 1), else_=0)))


def test_only_what_is_asked_for_is_told(full: Engine) -> None:
    some = {"solved", "overdue"}
    assert not {bits for (bits,) in every(full, asked(some, NOW))} - {
        0,
        *(BITS[one] for one in some),
        sum(BITS[one] for one in some),
    }


@pytest.mark.parametrize(
    "condition", [~func.lower(cases.c.lead).is_(None), cases.c.lead.like("w%"), func.length(cases.c.lead)]
)
def test_a_condition_that_python_cannot_ask_is_refused(condition: Any) -> None:
    with pytest.raises(TypeError):
        predicate(condition)


def digest() -> str:
    tables, lite = metadata.sorted_tables, sqlite.dialect()
    indexes = sorted((index for table in tables for index in table.indexes), key=lambda index: str(index.name))
    made = [str(CreateTable(table).compile(dialect=lite)) for table in tables]
    made += [str(CreateIndex(index).compile(dialect=lite)) for index in indexes]
    made += [str(fact.always.compile(compile_kwargs={"literal_binds": True})) for fact in FACTS.values()]
    return sha256(" ".join(" ".join(made).split()).encode()).hexdigest()[:16]


def test_whoever_changes_a_table_or_a_fact_counts_the_schema_up() -> None:
    assert TABLES.get(SCHEMA) == digest(), f"count SCHEMA up, if it was not yet, and write {digest()} into TABLES"
