"""The filter of lists and the verdict on one case are the same, over random cases and every kind of reach."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select

from adapters.boards.reaching import newest_first, within
from adapters.boards.tables import assignments, cases, metadata
from adapters.store.engine import engine_at
from domain.actors import Actor, Role
from domain.permissions import Permission, Reach, reach
from domain.places import Path as Place
from tests.adapters.boards.test_figures import put

UNITS = ("", "d1", "d2", "s1", "s2", "c1", "c3", "g1", "g2", "water", "roads", "r1", "r2")
TREE = {"d1": {"s1": {"c1": ("g1", "g2"), "c2": ("g3",)}, "s2": {"c3": ("g4",)}}, "d2": {"s3": {"c4": ("g5",)}}}
HOW_MANY = 300
Known = dict[UUID, tuple[Place, tuple[str, ...], str]]


def placed(dice: Random) -> Place:
    """Anywhere, and known as far down as it may be."""
    district = dice.choice(sorted(TREE))
    street = dice.choice(sorted(TREE[district]))
    community = dice.choice(sorted(TREE[district][street]))
    codes = (district, street, community, dice.choice(TREE[district][street][community]))
    known = dice.randint(1, 4)
    return Place(*(code if n < known else "" for n, code in enumerate(codes)))


@pytest.fixture(params=["sqlite", "postgresql"])
def full(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Engine, Known]]:
    """Boards of random cases, and what is known of each."""
    lite = request.param == "sqlite"
    engine = engine_at(f"sqlite:///{tmp_path / 'boards.db'}" if lite else request.getfixturevalue("postgres_url"))
    metadata.create_all(engine)
    dice, known = Random(7), Known()
    for first in range(1, HOW_MANY + 1):
        case, place = uuid4(), placed(dice)
        units = tuple(dice.sample(("water", "roads", "fire", "s1"), dice.randint(0, 3)))
        known[case] = place, units, dice.choice(("", "r1", "r2", "r3"))
        where = {rung: getattr(place, rung) for rung in ("district", "street", "community", "grid")}
        put(engine, cases, {"case": case, "first": first, "receipt": known[case][2], **where})
        runs = [(unit, run) for unit in units for run in range(1, dice.randint(2, 3))]
        put_all(engine, [{"case": case, "first": first, "unit": unit, "run": run} for unit, run in runs])
    yield engine, known
    engine.dispose()


def put_all(engine: Engine, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        put(engine, assignments, row)


def reaches() -> Iterator[Reach]:
    for role, permission, unit in product(Role, Permission, UNITS):
        yield reach(Actor("somebody", role, unit), permission)


def test_a_list_holds_what_the_verdict_says_and_each_case_once(full: tuple[Engine, Known]) -> None:
    engine, known = full
    seen = set[int]()
    for one in set(reaches()):
        with engine.connect() as connection:
            listed = [row.case for row in connection.execute(newest_first(one))]
            filtered = set(connection.scalars(select(cases.c.case).where(within(one))))
        wanted = {case for case, (place, units, receipt) in known.items() if one.covers(place, units, receipt)}
        assert len(listed) == len(set(listed))
        assert set(listed) == filtered == wanted, one
        seen.add(len(wanted))
    assert min(seen) == 0 and max(seen) > HOW_MANY / 3 and len(seen) > 5
