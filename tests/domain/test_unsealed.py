"""What people write in the clear: every field is said to be words or not, and what nobody has looked at is known after each entry."""

from dataclasses import fields, is_dataclass, make_dataclass
from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints
from uuid import UUID

import pytest

from domain import events as e
from domain.actors import Actor, Role
from domain.commands import COMMANDS
from domain.entries import Entry
from domain.events import EVENTS
from domain.personal import Kind
from domain.unsealed import PARTS, WRITTEN, Words, marks, unread, written_in
from tests.golden import full

# Strings that nobody writes: codes of the city's data, of other systems, of ours; and what is chosen from a list.
CODES = frozenset(
    {
        "addressee", "against", "by", "category", "code", "department", "departments", "edition", "external_id", "former", "lead",
        "level", "place", "receipt", "step", "subject", "suggested", "support", "unit", "why",
    }
)  # fmt: skip
BOTH = {"why"}  # of a plea it is words; of a lapsed request, one of two codes


def strings(kind: Any) -> list[str]:
    """The fields of a kind, and of its parts, that hold a string, however it is wrapped."""
    found: list[str] = []
    for name, hint in get_type_hints(kind).items():
        if name not in {field.name for field in fields(kind)}:
            continue
        parts = {hint, *get_args(hint), *(part for one in get_args(hint) for part in get_args(one))}
        if any(part is str or isinstance(part, str) for part in parts):
            found.append(name)
        for part in parts:
            if is_dataclass(part) and name in PARTS:
                found.extend(strings(part))
    return found


@pytest.mark.parametrize("kind", [*EVENTS, *COMMANDS], ids=lambda kind: kind.__name__)
def test_every_string_is_said_to_be_words_or_a_code(kind: type[Any]) -> None:
    for name in strings(kind):
        assert (name in WRITTEN) != (name in CODES) or name in BOTH, f"{kind.__name__}.{name} is not declared"


def test_a_field_that_is_not_declared_is_found() -> None:
    assert [name for name in strings(make_dataclass("Told", [("gossip", str)])) if name not in WRITTEN | CODES] == [
        "gossip"
    ]


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_all_that_is_written_in_an_event_is_found(kind: type[e.Event]) -> None:
    told = [name.rsplit(".", 1)[-1] for name, _ in written_in(full(kind))]
    assert told == [name for name in strings(kind) if name in WRITTEN]


# --- what nobody has looked at

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
PHONE, LANDLINE = "13800138000", "0891-6321234"


def after(*events: e.Event) -> tuple[Words, ...]:
    words: tuple[Words, ...] = ()
    for version, event in enumerate(events, 1):
        actor = Actor("staff", Role.STREET_CLERK, "540102002")
        one = Entry(
            case=UUID(int=1), version=version, event=event, actor=actor, recorded_at=NOON, command=UUID(int=version)
        )
        words = unread(words, one)
    return words


def told(*events: e.Event) -> list[tuple[int, str]]:
    return [(mark.words.version, mark.words.field) for mark in marks(after(*events))]


def test_words_are_marked_until_they_are_put_right() -> None:
    first = e.CaseAmended(summary=f"call {PHONE}")
    assert told(first) == [(1, "summary")]
    assert told(first, e.CaseAmended(category="1202")) == [(1, "summary")]
    assert told(first, e.CaseAmended(summary="call the owner")) == []
    assert told(first, e.CaseAmended(summary=f"call {LANDLINE}")) == [(2, "summary")]
    assert told(first, e.CaseAmended(summary="")) == []


def test_a_label_is_put_right_with_what_it_is_about() -> None:
    first = e.CaseAmended(about=e.About("LD-1", PHONE), summary=PHONE)
    assert told(first) == [(1, "about.label"), (1, "summary")]
    assert told(first, e.CaseAmended(about=e.About("LD-1", "lamp 1"))) == [(1, "summary")]


def test_or_until_somebody_looked_and_only_at_what_they_saw() -> None:
    done = e.ResultReported("water", f"asked {PHONE}", f"Call {LANDLINE}.")
    assert told(done) == [(1, "done"), (1, "reply")]
    assert told(done, e.CaseUrged(PHONE), e.WordsCleared(1)) == [(2, "reason")]
    assert told(done, e.CaseUrged(PHONE), e.WordsCleared(2)) == []
    assert told(done, e.WordsCleared(1), e.CaseUrged(PHONE)) == [(3, "reason")]


def test_a_part_is_known_by_its_name_and_theirs() -> None:
    plea = e.Plea(kind=e.WhistleKind.KEY_WORK, why=f"{PHONE} says so", tried="nothing")
    (mark,) = marks(after(e.WhistleBlown(plea=plea)))
    assert mark.words == Words(1, "plea.why", f"{PHONE} says so") and mark.findings[0].kind is Kind.PHONE
