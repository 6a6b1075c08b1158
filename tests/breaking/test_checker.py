"""The checker of promises names what a faulty store would leave behind: each fault is seeded here, and found."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import update

from adapters.boards.tables import cases
from tests.breaking.people import Person, Told, log, whistle
from tests.breaking.promises import Evidence, broken, broken_promises, evidence, out_of_step, unreadable
from tests.breaking.serving import served_here
from tests.breaking.town import Town, founded

Told2 = tuple[Evidence, list[Told]]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    return founded(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def true(town: Town) -> Told2:
    """A case that was logged, and its whistle: the last three positions."""
    with town.opened() as whole:
        with served_here(whole) as port:
            person = Person(port, town.tokens)
            person.say(whistle(person.say(log(narrative="water")).body))
            person.close()
        assert broken(whole, person.told) == []
        return evidence(whole), person.told


def lost(found: Evidence, told: list[Told]) -> Told2:
    keys = {key: position for key, position in found.keys.items() if position == found.stored[-3].id}
    return Evidence(found.stored[:-2], keys), told


def half(found: Evidence, told: list[Told]) -> Told2:
    keys = {key: min(position, found.stored[-2].id) for key, position in found.keys.items()}
    return Evidence(found.stored[:-1], keys), told


def gap(found: Evidence, told: list[Told]) -> Told2:
    return replace(found, stored=found.stored[1:]), told


def doubled(found: Evidence, told: list[Told]) -> Told2:
    return replace(found, stored=[*found.stored, replace(found.stored[-1], id=found.stored[-1].id + 1)]), told


def swapped(found: Evidence, told: list[Told]) -> Told2:
    *before, two, three = found.stored
    return replace(found, stored=[*before, replace(three, id=two.id), replace(two, id=three.id)]), told


def keyless(found: Evidence, told: list[Told]) -> Told2:
    return replace(found, keys={}), told


def secret(found: Evidence, told: list[Told]) -> Told2:
    return found, told[:1]


def denied(found: Evidence, told: list[Told]) -> Told2:
    return found, [told[0], replace(told[1], status=503, body={"code": "busy"})]


def misled(found: Evidence, told: list[Told]) -> Told2:
    return found, [told[0], replace(told[1], body={**told[1].body, "position": found.stored[-2].id})]


@pytest.mark.parametrize(
    ("seed", "named"),
    [
        (lost, "acknowledged, but not in the log"),
        (half, "not whole"),
        (gap, "positions are not 1 to n"),
        (doubled, "not whole"),
        (swapped, "versions of"),
        (keyless, "its key says None"),
        (secret, "nobody gave the command"),
        (denied, "said to be not done, but in the log"),
        (misled, "answered position"),
    ],
)
def test_a_seeded_fault_is_named(true: Told2, seed: Callable[[Evidence, list[Told]], Told2], named: str) -> None:
    assert list(broken_promises(*true)) == []
    assert any(fault.startswith(named) for fault in broken_promises(*seed(*true)))


def test_a_board_row_out_of_step_is_named(true: Told2, town: Town) -> None:
    with town.opened() as whole:
        whole.boards.writer.run(lambda connection: connection.execute(update(cases).values(rework=99))).result()
        assert list(out_of_step(whole.boards)) == ["board_cases is out of step with the log"]


def test_words_without_a_key_are_named(true: Told2, town: Town) -> None:
    found, told = true
    with town.opened() as whole:
        assert list(unreadable(whole, found)) == []
        whole.keys.destroy(UUID(told[0].body["case"]))
        assert [fault.split(":")[-1] for fault in unreadable(whole, found)] == [" KeyDestroyed"]
