"""Killed at any moment: what was acknowledged is stored, whole and in order, and the boards are what the log tells."""

from contextlib import ExitStack
from random import Random

import pytest

from tests.breaking.conftest import Figures, Found
from tests.breaking.load import at_work
from tests.breaking.people import Told
from tests.breaking.promises import broken
from tests.breaking.serving import served
from tests.breaking.town import Town
from tests.postgres import Server

MOST = 60  # acknowledgements before the end


def kill_under_load(town: Town, chance: Random, servers: int) -> list[Told]:
    """Servers of one store at work, one killed after the other, each at some moment; what people were told."""
    with ExitStack() as all_of_them:
        running = [all_of_them.enter_context(served(town.settings)) for _ in range(servers)]
        with at_work(town, *(server.port for server in running)) as load:
            for server in running:
                load.goes_on(chance.randint(1, MOST))
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
def test_the_server_is_killed(found: Found, engine: str, rounds: int, figures: Figures) -> None:
    town, chance, told = found(engine), Random(rounds), list[Told]()
    for number in range(rounds):
        told += kill_under_load(town, chance, servers=2 if number % 4 == 3 else 1)
        with town.opened() as whole:
            assert broken(whole, told) == []
    figures(told)
    assert sum(one.done for one in told) > rounds


@pytest.mark.parametrize("rounds", [1, pytest.param(16, marks=pytest.mark.slow)])
def test_postgresql_loses_its_power(found: Found, postgres: Server, rounds: int, figures: Figures) -> None:
    town, chance, told = found("postgresql"), Random(rounds), list[Told]()
    with served(town.settings) as server:
        for _ in range(rounds):
            with at_work(town, server.port) as load:
                load.comes_to(chance.randint(1, MOST))
                postgres.stop("immediate")
            told += load.told()
            postgres.start()
            with town.opened() as whole:
                assert broken(whole, told) == []
    figures(told)
    assert sum(one.done for one in told) > rounds
