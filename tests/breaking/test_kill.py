"""Killed at any moment: what was acknowledged is stored, whole and in order, and the boards are what the log tells."""

from random import Random

import pytest

from tests.breaking.conftest import Found
from tests.breaking.load import at_work
from tests.breaking.people import Told
from tests.breaking.promises import broken
from tests.breaking.serving import served
from tests.breaking.town import Town
from tests.postgres import Server

MOST = 60  # acknowledgements before the end
DOUBTED = {"busy"}  # said also of what was written where the answer could not be made: test_said_after.py


def kill_under_load(town: Town, chance: Random) -> list[Told]:
    """A server at work, killed at some moment; what people were told."""
    with served(town.settings) as server, at_work(town, server.port) as load:
        load.comes_to(chance.randint(1, MOST))
        server.kill()
    return load.told()


@pytest.mark.parametrize(
    ("engine", "rounds"),
    [
        ("sqlite", 1),
        pytest.param("sqlite", 40, marks=pytest.mark.slow),
        pytest.param("postgresql", 16, marks=pytest.mark.slow),
    ],
)
def test_the_server_is_killed(found: Found, engine: str, rounds: int) -> None:
    town, chance, told = found(engine), Random(rounds), list[Told]()
    for _ in range(rounds):
        told += kill_under_load(town, chance)
        with town.opened() as whole:
            assert broken(whole, told) == []
    assert sum(one.done for one in told) > rounds


@pytest.mark.parametrize("rounds", [1, pytest.param(16, marks=pytest.mark.slow)])
def test_postgresql_loses_its_power(found: Found, postgres: Server, rounds: int) -> None:
    town, chance, told = found("postgresql"), Random(rounds), list[Told]()
    with served(town.settings) as server:
        for _ in range(rounds):
            with at_work(town, server.port) as load:
                load.comes_to(chance.randint(1, MOST))
                postgres.stop("immediate")
            told += load.told()
            postgres.start()
            with town.opened() as whole:
                assert broken(whole, told, DOUBTED) == []
    assert sum(one.done for one in told) > rounds
