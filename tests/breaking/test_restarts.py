"""PostgreSQL goes away and comes back while people work: each command is in the end stored, once."""

from itertools import cycle, islice

import pytest

from tests.breaking.conftest import Figures, Found
from tests.breaking.load import at_work, strange
from tests.breaking.promises import broken
from tests.breaking.serving import served
from tests.postgres import Server

# Also said, where an answer cannot be made after the commit, or a connection dies on its way back: test_said_after.py
KNOWN = {"fault", None}
DOUBTED = {"busy"}
RESTARTS = 12


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

    told = load.told()
    figures(told)
    odd = [one for one in strange(told, fine={"busy", "unknown"}) if one.body.get("code") not in KNOWN]
    assert odd == []
    with town.opened() as whole:
        assert broken(whole, told, DOUBTED) == []
        assert {one.said.key for one in told} == {one.said.key for one in told if one.done}
