"""What people write that is not sealed: which fields those are, what of it nobody has looked at yet, and what it may tell.

A mark is no event: it follows from what was written, and is there again after every rebuild. What a clerk says of it is one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from domain import events as e
from domain.entries import Entry
from domain.personal import Finding, found

# Every other field is chosen, counted, or a code; tests/domain/test_unsealed.py names them all.
WRITTEN = frozenset(
    {"summary", "reason", "done", "reply", "answer", "comment", "why", "tried", "legal_basis", "label", "evidence"}
)
PARTS = frozenset({"plea", "about"})


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in one field of an entry."""

    version: int
    field: str  # those of a part by its name and theirs
    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that may tell who somebody is."""

    words: Words
    findings: tuple[Finding, ...]


def written_in(thing: Any, before: str = "") -> Iterator[tuple[str, str]]:  # noqa: ANN401 - an event, a command, a part
    """Each field of it in which somebody wrote something, and what."""
    for name in _names(type(thing)):
        value = getattr(thing, name)
        if isinstance(value, str):
            yield from [(before + name, value)] if value else []
        elif isinstance(value, tuple):
            yield from ((before + name, text) for text in value)
        elif value is not None:
            yield from written_in(value, f"{before}{name}.")


def _of(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - a dataclass
    return tuple(field.name for field in fields(kind) if field.name in WRITTEN | PARTS)


_names: Callable[[Any], tuple[str, ...]] = cache(_of)
# Every entry of every case passes here whenever it is folded: most have nothing to say.
CHANGES = frozenset({e.WordsCleared, *(kind for kind in e.EVENTS if _names(kind))})


def unread(before: tuple[Words, ...], entry: Entry) -> tuple[Words, ...]:
    """What nobody has looked at, after one more entry: what was put right is gone, and what was looked at."""
    event = entry.event
    if type(event) not in CHANGES:
        return before
    match event:
        case e.WordsCleared(upto):
            return tuple(words for words in before if words.version > upto)
        case e.CaseAmended():
            again = {
                name for name, value in (("summary", event.summary), ("about.label", event.about)) if value is not None
            }
            before = tuple(words for words in before if words.field not in again)
    fresh = tuple(Words(entry.version, name, text) for name, text in written_in(event))
    return (*before, *fresh) if fresh else before


def marks(words: tuple[Words, ...]) -> tuple[Mark, ...]:
    """Those in which something was found."""
    return tuple(Mark(one, findings) for one in words if (findings := found(one.text)))
