"""Cases as an object-centric event log (OCEL 2.0): cases, assignments, requests and whistles with what happened to them.

Units are objects too, persons are not. What a step did to a part of the case follows from the case before and after it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.assignments import Assignment, Request, Whistle
from domain.case import Case, evolve
from domain.entries import Entry
from workflow.ledger import NAMES
from workflow.mining import Step, said, unit_of, walked

Json = dict[str, Any]
Part = Assignment | Request | Whistle
SINCE_EVER = "1970-01-01T00:00:00Z"  # what never changes carries this time
OF_EVENTS: Mapping[str, str] = {
    "role": "string", "before": "string", "after": "string", "version": "integer", "known": "boolean", "on_the_way": "boolean",
}  # fmt: skip
OF_OBJECTS: Mapping[str, tuple[str, ...]] = {
    "case": ("number", "category", "source", "nature", "street", "edition", "state"),
    "assignment": ("unit", "part", "state"),
    "request": ("kind", "unit", "state"),
    "whistle": ("kind", "grade", "state"),
    "unit": ("zh", "en"),
}


def object_types() -> list[Json]:
    """The kinds of objects, and what is said of each."""
    return [{"name": kind, "attributes": _typed(dict.fromkeys(names, "string"))} for kind, names in OF_OBJECTS.items()]


def event_types() -> list[Json]:
    """The kinds of steps: by their stored names."""
    return [{"name": name, "attributes": _typed(OF_EVENTS)} for name in NAMES]


def _typed(attributes: Mapping[str, str]) -> list[Json]:
    return [{"name": name, "type": kind} for name, kind in attributes.items()]


def unit(code: str, zh: str, en: str) -> Json:
    """A unit as an object."""
    return _object(unit_id(code), "unit", {"zh": zh, "en": en})


def unit_id(code: str) -> str:
    """What a unit is called in the log."""
    return f"unit/{code}"


@dataclass(slots=True)
class Told:
    """One case: its objects, its events, and the units that they name."""

    objects: dict[str, Json] = field(default_factory=dict)
    events: list[Json] = field(default_factory=list)
    units: set[str] = field(default_factory=set)

    def stands(self, known: str, at: datetime, state: str) -> None:
        """An object is in this state from now on; nothing where it was so before."""
        attributes = self.objects[known]["attributes"]
        before = next((one["value"] for one in reversed(attributes) if one["name"] == "state"), None)
        if before != state:
            attributes.append({"name": "state", "time": at.isoformat(), "value": state})


def told(number: str, entries: tuple[Entry, ...]) -> Told:
    """A case file as objects and events."""
    found, case, parts = Told(), None, dict[str, Part]()
    for entry, step in zip(entries, walked(said(entries)), strict=True):
        case = evolve(case, entry)
        now = dict(_parts(case))
        touched = {
            known: "changes" if known in parts else "begins" for known, part in now.items() if parts.get(known) != part
        }
        _objects(found, case, number, {known: now[known] for known in touched}, entry.recorded_at)
        found.events.append(_event(found, entry, step, touched))
        parts = now
    return found


def _parts(case: Case) -> Iterator[tuple[str, Part]]:
    yield from ((f"{case.id}/assignment/{one.unit}/{one.run}", one) for one in case.assignments)
    yield from ((f"{case.id}/request/{one.number}", one) for one in case.requests)
    yield from ((f"{case.id}/whistle/{one.number}", one) for one in case.whistles)


def _objects(found: Told, case: Case, number: str, parts: Mapping[str, Part], at: datetime) -> None:
    """The case and what the step touched, as they stand after it."""
    if not found.objects:
        found.objects[str(case.id)] = _object(str(case.id), "case", _of_case(case, number))
    found.stands(str(case.id), at, case.state.value)
    for known, part in parts.items():
        if known not in found.objects:
            found.objects[known] = _part(known, part, case.id, found.units)
        found.stands(known, at, part.state.value)


def _of_case(case: Case, number: str) -> dict[str, str]:
    nature = case.nature.value if case.nature else ""
    named = {"number": number, "category": case.category, "source": case.source.value, "nature": nature}
    return {**named, "street": case.place.street, "edition": case.edition}


def _part(known: str, part: Part, case: UUID, units: set[str]) -> Json:
    match part:
        case Assignment():
            kind, attributes, unit = "assignment", {"unit": part.unit, "part": part.part.value}, part.unit
        case Request():
            kind, attributes, unit = "request", {"kind": part.kind.value, "unit": part.unit}, part.unit
        case Whistle():
            kind, attributes, unit = "whistle", {"kind": part.plea.kind.value, "grade": part.plea.grade.value}, ""
    by = [_related(unit_id(unit), "of unit")] if unit else []
    units |= {unit} if unit else set()
    return {**_object(known, kind, attributes), "relationships": [_related(str(case), "of case"), *by]}


def _object(known: str, kind: str, attributes: Mapping[str, str]) -> Json:
    return {
        "id": known,
        "type": kind,
        "attributes": [{"name": name, "time": SINCE_EVER, "value": value} for name, value in attributes.items()],
    }


def _event(found: Told, entry: Entry, step: Step, touched: Mapping[str, str]) -> Json:
    unit = unit_of(entry)
    found.units |= {unit} if unit else set()
    values: Json = {
        "role": entry.actor.role.value, "before": step.before, "after": step.after, "version": entry.version,
        "known": step.known, "on_the_way": step.on_the_way,
    }  # fmt: skip
    return {
        "id": f"{entry.case}/{entry.version:05d}",
        "type": step.activity,
        "time": step.at.isoformat(),
        "attributes": [{"name": name, "value": value} for name, value in values.items()],
        "relationships": [
            _related(str(entry.case), "of"),
            *([_related(unit_id(unit), "by")] if unit else []),
            *(_related(known, how) for known, how in touched.items()),
        ],
    }


def _related(known: str, qualifier: str) -> Json:
    return {"objectId": known, "qualifier": qualifier}
