"""Told to stop under load, the server finishes: what was acknowledged is stored, no answer is torn, and it ends well."""

import re
from concurrent.futures import ThreadPoolExecutor, wait
from time import monotonic
from urllib.request import Request, urlopen

import pytest

from domain.actors import Role
from tests.breaking.conftest import Figures, Found
from tests.breaking.load import at_work, strange
from tests.breaking.people import Person, Told, all_told, log, note
from tests.breaking.promises import broken
from tests.breaking.serving import Served, served
from tests.breaking.town import Town, locked
from tests.breaking.waiting import until

PATIENCE = 12  # seconds, also on a busy machine
CLEAN = {"", "RemoteDisconnected", "ConnectionResetError", "ConnectionRefusedError", "BrokenPipeError"}


def stopped(server: Served) -> tuple[int, float]:
    """Its exit code, and how long it took."""
    began = monotonic()
    return server.stop(), monotonic() - began


@pytest.mark.parametrize(
    ("engine", "rounds"),
    [("sqlite", 1), *(pytest.param(engine, 8, marks=pytest.mark.slow) for engine in ("sqlite", "postgresql"))],
)
def test_what_was_acknowledged_is_stored_and_no_answer_is_torn(
    found: Found, engine: str, rounds: int, figures: Figures
) -> None:
    town, told = found(engine), list[Told]()
    for _ in range(rounds):
        with served(town.settings) as server, at_work(town, server.port) as load:
            load.goes_on()
            _, seconds = stopped(server)
        told += load.told()
        assert seconds < PATIENCE
        assert {one.cut for one in load.told()} <= CLEAN
    figures(told)
    with town.opened() as whole:
        assert broken(whole, told) == []


def queue(server: Served, town: Town) -> float:
    """How many commands wait, as the server says."""
    headers = {"Authorization": f"Bearer {town.tokens[Role.STREET_CLERK]}"}
    figures = Request(f"http://127.0.0.1:{server.port}/metrics", headers=headers)
    with urlopen(figures, timeout=20) as answer:  # noqa: S310 - loopback
        found = re.search(rb"^whistle_writer_queue (\S+)$", answer.read(), re.MULTILINE)
    assert found
    return float(found[1])


def stopped_while_they_wait(town: Town) -> tuple[list[Told], float]:
    """Two wait for the log, one behind the other, when the server is told to stop; what they were told, how long it took."""
    with served(town.settings) as server, ThreadPoolExecutor(2) as threads:
        people = [Person(server.port, town.tokens) for _ in range(2)]
        case = people[0].say(log()).body
        with locked(town):
            first = threads.submit(people[0].say, note(case))
            wait([first], timeout=0.3)  # time itself is what is tested
            second = threads.submit(people[1].say, note(case))
            until(lambda: queue(server, town) > 0)
            _, seconds = stopped(server)
            wait([first, second])
        for person in people:
            person.close()
    return all_told(people), seconds


@pytest.mark.slow
def test_who_waits_for_the_log_does_not_keep_it_from_ending(town: Town) -> None:
    told, seconds = stopped_while_they_wait(town)
    assert seconds < PATIENCE
    with town.opened() as whole:
        assert broken(whole, told) == []


@pytest.mark.slow
def test_who_waits_for_the_log_is_told_to_try_again(found: Found) -> None:
    told, _ = stopped_while_they_wait(found("sqlite"))
    assert strange([one for one in told if not one.cut], fine={"busy", "unknown"}) == []


def test_it_ends_well(found: Found) -> None:
    with served(found("sqlite").settings) as server:
        code, _ = stopped(server)
    assert code == 0
