"""How an entry of a case file is written and read: stored names are data, and every name ever released stays readable."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Generic, NotRequired, TypeVar
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent
from pydantic import Field, TypeAdapter
from pydantic_core import from_json, to_json
from typing_extensions import TypedDict  # pydantic takes the standard one from Python 3.12 on

from domain.actors import Actor
from domain.clocks import ClockFact
from domain.entries import Entry
from domain.events import EVENTS, Event
from domain.privacy import Clear
from domain.staff import STAFF_EVENTS, StaffEntry, StaffEvent

Json = dict[str, Any]
Told = TypeVar("Told", bound=Event | StaffEvent)


def stored_name(event: type[Event | StaffEvent]) -> str:
    """`CaseAssigned` is stored as `case-assigned`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", event.__name__).lower()


NAMES: Mapping[str, type[Event]] = {stored_name(event): event for event in EVENTS}
STAFF_NAMES: Mapping[str, type[StaffEvent]] = {stored_name(event): event for event in STAFF_EVENTS}

# A released event is never edited: its successor gets a new name, and a line here says how the old one reads.
UPCASTS: dict[str, Callable[[Json], tuple[str, Json]]] = {}


# Events whose leaves is a field: only their bodies say where they leave the case.
SAY_IN_THEIR_BODY = frozenset(name for name, event in NAMES.items() if "leaves" in {f.name for f in fields(event)})  # type: ignore[arg-type]  # every event is a dataclass


class UnknownEventError(LookupError):
    """A stored name that no release of this code has ever written."""


class UnsealedError(ValueError):
    """Private words that nobody has sealed: they are not written."""


def name_of(event: Event | StaffEvent) -> str:
    """The stored name of an event."""
    return stored_name(type(event))


def of_a_case(name: str) -> bool:
    """Whether a stored name stands in the file of a case; the log holds the files of staff as well."""
    return name not in STAFF_NAMES


_adapter: Callable[[Any], TypeAdapter[Any]] = cache(TypeAdapter)


def written(entry: Entry | StaffEntry) -> bytes:
    """What stands in the body: all but what has a column of its own (stream, version, name, position, recorded_at).

    Raises UnsealedError.
    """
    _nothing_in_clear(entry.event)
    body: Json = {
        "event": _adapter(type(entry.event)).dump_python(entry.event, mode="json", exclude_defaults=True),
        "actor": _adapter(Actor).dump_python(entry.actor, mode="json", exclude_defaults=True),
        "command": entry.command,
    }
    if isinstance(entry, Entry) and entry.occurred_at:
        body["occurred_at"] = entry.occurred_at
    if isinstance(entry, Entry) and entry.clocks:
        body["clocks"] = [_adapter(type(fact)).dump_python(fact, mode="json") for fact in entry.clocks]
    return to_json(body)


def _nothing_in_clear(thing: Any) -> None:  # noqa: ANN401 - an event, and what it holds
    for value in (getattr(thing, field.name) for field in fields(thing)):
        if isinstance(value, Clear):
            raise UnsealedError(value.secrecy)
        if is_dataclass(value):
            _nothing_in_clear(value)


class Body(TypedDict, Generic[Told]):
    """What `written` wrote."""

    event: Told
    actor: Actor
    command: UUID
    occurred_at: NotRequired[datetime]
    clocks: NotRequired[tuple[Annotated[ClockFact, Field(discriminator="kind")], ...]]


@cache
def _body_of(name: str) -> TypeAdapter[Body[Any]]:
    """One reader an event: taken apart and checked in one go, it is read in a third of the time."""
    of: Any = Body
    return TypeAdapter(of[{**NAMES, **STAFF_NAMES}[name]])


def _today(name: str, body: bytes) -> tuple[str, bytes]:
    """The name and body as they would be stored today, whatever release wrote them. Raises UnknownEventError."""
    while name in UPCASTS:
        said = from_json(body)
        name, said["event"] = UPCASTS[name](said["event"])
        body = to_json(said)
    if name not in NAMES:
        raise UnknownEventError(name)
    return name, body


def read(name: str, body: bytes, *, case: UUID, version: int, recorded_at: datetime, position: int = 0) -> Entry:
    """The entry that was written. Raises UnknownEventError; ValueError where the body is not that event's."""
    name, body = _today(name, body)
    said = _body_of(name).validate_json(body)
    return Entry(
        case=case,
        version=version,
        event=said["event"],
        actor=said["actor"],
        recorded_at=recorded_at,
        occurred_at=said.get("occurred_at"),
        command=said["command"],
        clocks=said.get("clocks", ()),
        position=position,
    )


def read_of_staff(
    name: str, body: bytes, *, file: UUID, version: int, recorded_at: datetime, position: int = 0
) -> StaffEntry:
    """The same, of a file of staff. Raises KeyError; ValueError where the body is not that event's."""
    said = _body_of(name).validate_json(body)
    return StaffEntry(
        file=file,
        version=version,
        event=said["event"],
        actor=said["actor"],
        recorded_at=recorded_at,
        command=said["command"],
        position=position,
    )


def outline(name: str, body: bytes | None) -> tuple[str, str]:
    """The name of today and the state the event leaves the case in ('': it stays), as cheaply as can be.

    The body is needed for what SAY_IN_THEIR_BODY, and for what UPCASTS. Raises UnknownEventError.
    """
    if name not in SAY_IN_THEIR_BODY and name not in UPCASTS:
        if name not in NAMES:
            raise UnknownEventError(name)
        return name, NAMES[name].leaves or ""
    name, body = _today(name, body or b"")
    said: Json = from_json(body)["event"]
    return name, said.get("leaves", "")


class EntryMapper(Mapper[UUID]):
    """The library's mapper, for entries."""

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """What the recorder keeps of an entry."""
        if not isinstance(domain_event, Entry | StaffEntry):
            msg = f"only entries are kept, not {type(domain_event).__name__}"
            raise TypeError(msg)
        entry = domain_event
        return StoredEvent(entry.originator_id, entry.originator_version, name_of(entry.event), written(entry))

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[UUID]:
        """The entry of what the recorder kept; our recorder's rows also carry position and recorded_at."""
        row: Any = stored_event
        at = {"version": row.originator_version, "recorded_at": row.recorded_at, "position": row.position}
        if of_a_case(row.topic):
            return read(row.topic, row.state, case=row.originator_id, **at)
        return read_of_staff(row.topic, row.state, file=row.originator_id, **at)


def said_of(entry: Entry) -> Json:
    """What an entry's event says, as it is stored, but for what is under seal."""
    body: Json = _adapter(type(entry.event)).dump_python(entry.event, mode="json", exclude_defaults=True)
    return {name: value for name, value in body.items() if not _private(value)}


def _private(value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, dict) and ("token" in value or any(_private(part) for part in value.values()))
