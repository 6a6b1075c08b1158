"""A commit whose answer is lost is `unknown`; the same key then gives the one true answer, whether it had arrived or not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.breaking.conftest import Found
from tests.breaking.people import Person, Said, log, note, whistle
from tests.breaking.promises import broken, evidence
from tests.breaking.proxies import Cut, Proxy, between
from tests.breaking.serving import served_here
from tests.breaking.town import Town
from tests.postgres import Server


@pytest.fixture
def proxy(postgres: Server) -> Iterator[Proxy]:
    with TemporaryDirectory(prefix="pg-") as folder, between(Path(folder), postgres.folder) as proxy:
        yield proxy


@pytest.fixture
def town(found: Found, postgres: Server, proxy: Proxy) -> Town:
    """A town whose log is reached through the proxy, its boards not."""
    town = found("postgresql")
    log = town.settings.log.replace(postgres.folder.name, proxy.folder.name)
    assert log != town.settings.log
    return replace(town, settings=replace(town.settings, log=log))


def commands(person: Person) -> Iterator[Said]:
    """A new case, two entries at once, a note: what is asked next follows from what was answered."""
    yield log()
    yield whistle(person.told[-1].body)
    yield note(person.told[-1].body, "still wet")


@pytest.mark.parametrize(("cut", "arrived"), [("before", False), ("after", True)])
def test_the_same_key_gives_the_one_true_answer(town: Town, proxy: Proxy, cut: Cut, arrived: bool) -> None:
    with town.opened() as whole:
        with served_here(whole) as port:
            person = Person(port, town.tokens)
            for said in commands(person):
                proxy.cut = cut
                lost = person.say(said)
                assert (lost.status, lost.body.get("code"), lost.retry_after) == (503, "unknown", "1")
                assert (said.key in evidence(whole).keys) is arrived
                whole.boards.wait_for(whole.boards.head())  # else the number may be missing, see below
                assert person.insist(said).body == person.say(said).body
            person.close()
        assert broken(whole, person.told) == []


def test_the_answer_has_the_number_whenever_it_is_asked_for(town: Town, proxy: Proxy) -> None:
    with town.opened() as whole, served_here(whole) as port, ThreadPoolExecutor(1) as thread:
        whole.boards.stop()
        person = Person(port, town.tokens)
        proxy.cut = "after"
        lost = person.say(log())
        again = thread.submit(person.say, lost.said)
        wait([again], timeout=0.5)
        whole.boards.catch_up()
        person.close()
        assert again.result().body["number"].endswith("-0001")
