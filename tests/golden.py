"""One sample of every event ever released, as it was stored: tests/golden/*.json; `python -m tests.golden` adds what is missing."""

import json
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints
from uuid import UUID

from domain.actors import Actor, Role
from domain.clocks import Moved, Paused, Resumed, Started, Stopped, Why
from domain.entries import Entry
from domain.events import EVENTS, Event
from domain.privacy import Sealed, Secrecy
from domain.staff import STAFF_EVENTS, StaffEntry, StaffEvent
from domain.states import Clock
from workflow.ledger import name_of, stored_name, written

FOLDER = Path(__file__).parent / "golden"
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
CASE, COMMAND = UUID(int=1), UUID(int=2)
ACTOR = Actor("staff-1", Role.STREET_CLERK, "540102002", "540102002001")
SAMPLES: dict[Any, Any] = {
    str: "words",
    int: 3,
    bool: True,
    date: NOON.date(),
    datetime: NOON,
    UUID: UUID(int=3),
    Sealed: Sealed(Secrecy.NARRATIVE, "c2VhbGVk"),
}
_CLOCK: dict[str, Any] = {"clock": Clock.RESOLVE, "unit": "water", "step": "stop work", "run": 2}
_DUE: dict[str, Any] = {"due": NOON, "near": NOON - timedelta(hours=1), "provisional": True}
CLOCKS = (
    Started(**_CLOCK, at=NOON, **_DUE, why=Why("3 working days", "lhasa@2026", "540102@1")),
    Paused(**_CLOCK, left=timedelta(hours=5)),
    Resumed(**_CLOCK, revision=2, **_DUE),
    Moved(**_CLOCK, revision=3, **_DUE, cause="extension"),
    Stopped(**_CLOCK, left=timedelta(0)),
)


def sample(hint: Any) -> Any:
    """A value of an annotated type; of several, the fullest."""
    if hint in SAMPLES:
        return SAMPLES[hint]
    if get_origin(hint) is UnionType or (
        get_origin(hint) is not None and get_args(hint) and NoneType in get_args(hint)
    ):
        return sample(next(a for a in reversed(get_args(hint)) if a is not NoneType))
    if get_origin(hint) is tuple:
        return (sample(get_args(hint)[0]),)
    if get_origin(hint) is Literal:
        return get_args(hint)[0]
    if isinstance(hint, type) and issubclass(hint, Enum):
        return list(hint)[-1]
    assert is_dataclass(hint), hint
    return full(hint)


def full(kind: Any) -> Any:
    """An instance with every field filled."""
    hints = get_type_hints(kind)
    return kind(**{field.name: sample(hints[field.name]) for field in fields(kind)})


def bare(kind: Any) -> Any:
    """An instance with only what has no default."""
    hints = get_type_hints(kind)
    needed = [f for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING]
    return kind(**{field.name: sample(hints[field.name]) for field in needed})


def entry(event: Event, *, clocks: bool) -> Entry:
    """An entry around a sample."""
    facts = CLOCKS if clocks else ()
    return Entry(
        case=CASE, version=1, event=event, actor=ACTOR, recorded_at=NOON, command=COMMAND, clocks=facts,
        occurred_at=NOON if clocks else None,
    )  # fmt: skip


def line(event: StaffEvent) -> StaffEntry:
    """The same in a file of staff."""
    return StaffEntry(file=CASE, version=1, event=event, actor=ACTOR, recorded_at=NOON, command=COMMAND)


def samples(kind: type[Event | StaffEvent]) -> dict[str, Entry | StaffEntry]:
    """The samples of one event, by file name."""
    name = stored_name(kind)
    if issubclass(kind, StaffEvent):
        return {f"{name}.full": line(full(kind)), f"{name}.bare": line(bare(kind))}
    return {f"{name}.full": entry(full(kind), clocks=True), f"{name}.bare": entry(bare(kind), clocks=False)}


def main() -> None:
    """Write the samples that are missing; never touch one that is there."""
    FOLDER.mkdir(exist_ok=True)
    for kind in (*EVENTS, *STAFF_EVENTS):
        for name, made in samples(kind).items():
            path = FOLDER / f"{name}.json"
            if not path.exists():
                body = json.loads(written(made))
                text = json.dumps({"name": name_of(made.event), "body": body}, ensure_ascii=False, indent=1)
                path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
