"""How an entry of a case file is written and read: stored names are data, and every name ever released stays readable."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent
from pydantic import TypeAdapter
from pydantic_core import from_json, to_json

from domain.actors import Actor
from domain.clocks import ClockFact
from domain.entries import Entry
from domain.events import EVENTS, Event
from domain.privacy import Clear

Json = dict[str, Any]


def stored_name(event: type[Event]) -> str:
    """`CaseAssigned` is stored as `case-assigned`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", event.__name__).lower()


NAMES: Mapping[str, type[Event]] = {stored_name(event): event for event in EVENTS}

# A released event is never edited: its successor gets a new name, and a line here says how the old one reads.
UPCASTS: dict[str, Callable[[Json], tuple[str, Json]]] = {}


class UnknownEventError(LookupError):
    """A stored name that no release of this code has ever written."""


class UnsealedError(ValueError):
    """Private words that nobody has sealed: they are not written."""


def name_of(event: Event) -> str:
    """The stored name of an event."""
    return stored_name(type(event))


def _adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - any annotation
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def written(entry: Entry) -> bytes:
    """What stands in the body: all but what has a column of its own (case, version, name, position, recorded_at).

    Raises UnsealedError.
    """
    _nothing_in_clear(entry.event)
    body: Json = {
        "event": _adapter(type(entry.event)).dump_python(entry.event, mode="json", exclude_defaults=True),
        "actor": _adapter(Actor).dump_python(entry.actor, mode="json", exclude_defaults=True),
        "command": entry.command,
    }
    if entry.occurred_at:
        body["occurred_at"] = entry.occurred_at
    if entry.clocks:
        body["clocks"] = [_adapter(type(fact)).dump_python(fact, mode="json") for fact in entry.clocks]
    return to_json(body)


def _nothing_in_clear(thing: Any) -> None:  # noqa: ANN401 - an event, and what it holds
    for value in (getattr(thing, field.name) for field in fields(thing)):
        if isinstance(value, Clear):
            raise UnsealedError(value.secrecy)
        if is_dataclass(value):
            _nothing_in_clear(value)


def event_of(name: str, fields: Json) -> Event:
    """The event that was stored under a name, whatever release wrote it. Raises UnknownEventError."""
    while name in UPCASTS:
        name, fields = UPCASTS[name](fields)
    if name not in NAMES:
        raise UnknownEventError(name)
    event: Event = _adapter(NAMES[name]).validate_python(fields)
    return event


def read(name: str, body: bytes, *, case: UUID, version: int, recorded_at: datetime, position: int = 0) -> Entry:
    """The entry that was written."""
    said = from_json(body)
    return Entry(
        case=case,
        version=version,
        event=event_of(name, said["event"]),
        actor=_adapter(Actor).validate_python(said["actor"]),
        recorded_at=recorded_at,
        occurred_at=_adapter(datetime).validate_python(said["occurred_at"]) if "occurred_at" in said else None,
        command=UUID(said["command"]),
        clocks=_adapter(tuple[ClockFact, ...]).validate_python(said.get("clocks", ())),
        position=position,
    )


class EntryMapper(Mapper[UUID]):
    """The library's mapper, for entries."""

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """What the recorder keeps of an entry."""
        if not isinstance(domain_event, Entry):
            msg = f"only entries are kept, not {type(domain_event).__name__}"
            raise TypeError(msg)
        entry = domain_event
        return StoredEvent(entry.case, entry.version, name_of(entry.event), written(entry))

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        """The entry of what the recorder kept; our recorder's rows also carry position and recorded_at."""
        row: Any = stored_event
        return read(
            row.topic,
            row.state,
            case=row.originator_id,
            version=row.originator_version,
            recorded_at=row.recorded_at,
            position=row.position,
        )


def said_of(entry: Entry) -> Json:
    """What an entry's event says, as it is stored, but for what is under seal."""
    body: Json = _adapter(type(entry.event)).dump_python(entry.event, mode="json", exclude_defaults=True)
    return {name: value for name, value in body.items() if not _private(value)}


def _private(value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, dict) and ("token" in value or any(_private(part) for part in value.values()))
