"""Nobody waits for ever: where the log is locked, writers are told within seconds to try again, and others go on."""

from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import pytest

from adapters.store.engine import PATIENCE
from tests.breaking.conftest import Found
from tests.breaking.load import strange
from tests.breaking.people import Json, Person, Told, all_told, log, note
from tests.breaking.promises import broken, evidence
from tests.breaking.serving import served_here
from tests.breaking.town import Town, locked
from tests.breaking.waiting import until

ENOUGH = 2 * PATIENCE + 3  # in the queue, then for the lock, and some air
ALL_DAY = 60.0  # seconds: nobody is told to try again


def each_says_one(people: list[Person], case: Json) -> list[Told]:
    """All at once."""
    with ThreadPoolExecutor(len(people)) as threads:
        return list(threads.map(lambda person: person.say(note(case)), people))


@pytest.mark.parametrize(
    ("engine", "crowd"),
    [("sqlite", 1), *(pytest.param(engine, 8, marks=pytest.mark.slow) for engine in ("sqlite", "postgresql"))],
)
def test_who_has_waited_is_told_to_try_again(found: Found, engine: str, crowd: int) -> None:
    town = found(engine)
    with town.opened() as whole, served_here(whole) as port:
        people = [Person(port, town.tokens) for _ in range(crowd)]
        case = people[0].say(log()).body
        with locked(town):
            told = each_says_one(people, case)
            assert evidence(whole).keys.keys() == {people[0].told[0].said.key}, "nothing was written"
        for person in people:
            person.finish()
        assert broken(whole, all_told(people)) == []
    assert {one.body.get("code") for one in told} == {"busy"}
    assert strange(told, fine={"busy"}) == []
    assert all(PATIENCE <= one.ended - one.began < ENOUGH for one in told)


@pytest.mark.slow
def test_a_crowd_is_told_so_too(town: Town) -> None:
    with town.opened() as whole, served_here(whole) as port:
        people = [Person(port, town.tokens, patience=60) for _ in range(80)]
        case = people[0].say(log()).body
        with locked(town):
            told = each_says_one(people, case)
        for person in people:
            person.close()
    assert {one.body.get("code") for one in told} == {"busy"}
    longest = max(one.ended - one.began for one in told)
    assert longest < ENOUGH


@pytest.mark.slow
def test_a_crowd_that_writes_does_not_make_the_server_look_dead(found: Found) -> None:
    town = found("sqlite")
    with town.opened() as whole, served_here(whole) as port, ThreadPoolExecutor(1) as thread:
        whole.log.patience = ALL_DAY
        people = [Person(port, town.tokens, patience=ALL_DAY) for _ in range(60)]
        case = people[0].say(log()).body
        with locked(town):
            crowd = thread.submit(each_says_one, people, case)
            until(lambda: whole.log.queue)
            for _ in range(10):
                healthy(port)
            assert not crowd.done(), "it was healthy while all of them waited"
        assert strange(crowd.result(), fine={"contended"}) == []
        for person in people:
            person.close()


def healthy(port: int) -> None:
    """/healthz answers."""
    line = HTTPConnection("127.0.0.1", port, timeout=ALL_DAY / 2)
    line.request("GET", "/healthz")
    assert line.getresponse().read()
    line.close()
