"""A rebuild that is killed leaves the boards as they were, and one afterwards tells what the live boards tell."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random
from uuid import uuid4

import pytest
from sqlalchemy import func, inspect, select

from adapters.boards.rebuilding import SHADOWS
from adapters.boards.tables import cases
from adapters.store.engine import reading
from api.whole import Whole
from tests.breaking.conftest import Found
from tests.breaking.promises import rows
from tests.breaking.serving import PYTHON, environ
from tests.breaking.town import Town
from tests.breaking.waiting import until
from tests.lives import Lives, Memory

COPIES = 100
# The seeded fault: the same program, but it tells the boards again in their place.
IN_PLACE = """
from adapters.boards import rebuilding
from adapters.boards.tables import metadata
rebuilding.SHADOWS = {table: table for table in rebuilding.SHADOWS}
rebuilding.beside = metadata
from api.__main__ import main
main()
"""


def lived(whole: Whole) -> None:
    """Hundreds of cases: copies of a few random lives."""
    lives = Lives(memory := Memory(whole.law), whole.law, Random(7))
    for _ in range(120):
        lives.step()
    stored = whole.casework.mapper.to_stored_event
    at = max(file[-1].recorded_at for file in memory.files.values())
    for _ in range(COPIES):
        for file in memory.files.values():
            case = uuid4()
            answer = whole.log.submit([stored(replace(entry, case=case)) for entry in file], recorded_at=at)
    answer.result()
    whole.boards.catch_up()


def rebuilding(town: Town, python: tuple[str, ...] = PYTHON) -> subprocess.Popen[bytes]:
    """`whistle rebuild`, as a process."""
    command = [*python, "rebuild", "--home", str(town.settings.home)]
    return subprocess.Popen(command, env=environ(town.settings), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def killed_when(process: subprocess.Popen[bytes], so: Callable[[], bool]) -> None:
    """In the middle."""
    with process:
        until(lambda: so() or process.poll() is not None)
        process.kill()
    assert process.returncode == -9, "it was over before it was killed"


def told_beside(whole: Whole, enough: int) -> bool:
    """Whether the rebuild has told so many cases beside the boards; where that is all, whether indexes are being made."""
    with reading(whole.boards.engine).connect() as connection:
        beside = inspect(connection)
        if not beside.has_table(SHADOWS[cases].name):
            return False
        told = connection.scalar(select(func.count()).select_from(SHADOWS[cases])) or 0
        return told >= enough and (told < count(whole, cases) or bool(beside.get_indexes(SHADOWS[cases].name)))


def count(whole: Whole, table: object) -> int:
    with reading(whole.boards.engine).connect() as connection:
        found: int = connection.scalar(select(func.count()).select_from(table))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(
    ("engine", "kills"),
    [("sqlite", 1), *(pytest.param(engine, 10, marks=pytest.mark.slow) for engine in ("sqlite", "postgresql"))],
)
def test_the_boards_are_as_they_were(found: Found, engine: str, kills: int) -> None:
    town, chance = found(engine), Random(kills)
    with town.opened() as whole:
        lived(whole)
        live = rows(whole.boards)
        for kill in range(1, 1 + kills):
            some, every = chance.randint(1, count(whole, cases) * 2 // 3), count(whole, cases)
            killed_when(rebuilding(town), partial(told_beside, whole, every if kill % 3 == 0 else some))
            assert rows(whole.boards) == live
            assert whole.boards.position() == whole.boards.head()
        with rebuilding(town) as again:
            assert again.wait(60) == 0
        assert rows(whole.boards) == live


@pytest.mark.slow
def test_a_rebuild_in_place_is_found(found: Found) -> None:
    town = found("sqlite")
    with town.opened() as whole:
        lived(whole)
        live, all_of_them = rows(whole.boards), count(whole, cases)
        killed_when(rebuilding(town, (sys.executable, "-c", IN_PLACE)), lambda: count(whole, cases) < all_of_them)
        assert rows(whole.boards) != live
