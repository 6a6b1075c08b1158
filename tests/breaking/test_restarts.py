"""PostgreSQL goes away and comes back while people work: each command is in the end stored, once."""

import json
from itertools import cycle, islice
from urllib.request import urlopen

import pytest

from tests.breaking.conftest import Figures, Found
from tests.breaking.load import at_work, strange
from tests.breaking.promises import broken
from tests.breaking.serving import served
from tests.breaking.waiting import until
from tests.postgres import Server

RESTARTS = 12


def ready(port: int) -> bool:
    """Whether the server's own boards have come to where the log is."""
    with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=20) as answer:
        return bool(json.load(answer)["status"] == "ready")


@pytest.mark.slow
def test_each_command_is_stored_once_in_the_end(found: Found, postgres: Server, figures: Figures) -> None:
    town = found("postgresql")
    with served(town.settings) as server:
        with at_work(town, server.port) as load:
            for mode in islice(cycle(["fast", "immediate"]), RESTARTS):
                load.goes_on()
                postgres.stop(mode)
                load.is_refused()
                postgres.start()
            load.goes_on()
        for person in load.people:
            person.finish()
        until(lambda: ready(server.port))

    told = load.told()
    figures(told)
    assert strange(told, fine={"busy", "unknown"}) == []
    with town.opened() as whole:
        assert broken(whole, told) == []
        assert {one.said.key for one in told} == {one.said.key for one in told if one.done}
