"""Every private field is declared, and every declaration has its field; whatever is forgotten is found."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, make_dataclass
from typing import Any, get_args, get_type_hints

import pytest

from adapters.store.tables import metadata
from domain.commands import COMMANDS
from domain.declarations import DECLARED, SINCE, Declared, Purpose
from domain.events import EVENTS
from domain.policy import RETENTION
from domain.privacy import Clear, Private, Sealed, Secrecy

SAID = {(one.of, one.field) for one in DECLARED}


def private(kind: Any) -> Iterator[tuple[str, str]]:
    """Every field of a dataclass that may hold private words, however deep: whose, and its name."""
    for name, hint in get_type_hints(kind).items():
        if name in {field.name for field in fields(kind)}:
            yield from ((kind.__name__, name) for _ in [0] if holds(hint))
            for part in parts(hint):
                if is_dataclass(part) and part not in (Clear, Sealed):
                    yield from private(part)


def parts(hint: Any) -> Iterator[Any]:
    yield hint
    for part in get_args(hint):
        yield from parts(part)


def holds(hint: Any) -> bool:
    return not {Clear, Sealed, Private}.isdisjoint(parts(hint))


def undeclared(kinds: tuple[type, ...], declared: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """What the dataclasses have and the table has not, and the other way round."""
    of_tables = {(table.name, column.name) for table in metadata.sorted_tables for column in table.c}
    found = {pair for kind in kinds for pair in private(kind)}
    return found ^ {pair for pair in declared if pair not in of_tables}


def test_every_private_field_of_every_event_and_command_is_declared() -> None:
    assert undeclared((*EVENTS, *COMMANDS), SAID) == set()
    assert len(SAID) == len(DECLARED)


def test_the_one_private_column_beside_the_log_is_declared() -> None:
    assert ("photos", "bytes") in SAID


def test_every_class_has_a_purpose_a_span_and_one_way_to_count_it() -> None:
    assert set(RETENTION) == set(SINCE) == set(Secrecy)
    assert {one.purpose for one in DECLARED} == set(Purpose)
    for secrecy in Secrecy:
        assert len({one.since for one in DECLARED if one.secrecy is secrecy}) == 1


@dataclass(frozen=True)
class Neighbour:
    """The seeded fault: somebody sealed a new field, deep inside another, and told nobody."""

    flat: Private | None = None


Forgotten: Any = make_dataclass("Forgotten", [("text", Private), ("others", tuple[Neighbour, ...])])


@pytest.mark.parametrize(
    ("kinds", "said", "found"),
    [
        ((Forgotten,), {("Forgotten", "text")}, {("Neighbour", "flat")}),
        ((Forgotten,), {("Neighbour", "flat")}, {("Forgotten", "text")}),
        (EVENTS + COMMANDS, SAID | {("CaseLogged", "diary")}, {("CaseLogged", "diary")}),
        (EVENTS + COMMANDS, SAID - {("Reporter", "phone")}, {("Reporter", "phone")}),
    ],
)
def test_what_is_forgotten_is_found(kinds: Any, said: Any, found: Any) -> None:
    assert undeclared(kinds, said) == found
    assert Declared("a", "b", Secrecy.CONTACT, Purpose.ANSWER)
