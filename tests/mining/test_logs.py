"""The event logs of a played month, as pm4py reads them: the same cases, events and pairs as our map; a planted step is found."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from adapters.boards.chosen import chosen
from adapters.boards.register import numbers
from adapters.jurisdictions import shipped
from adapters.mining import files, traces
from adapters.store.engine import reading
from adapters.taking import ocel, xes
from api.demo_month import month
from api.whole import Whole, compose
from domain.actors import Actor, Role
from domain.entries import Entry
from domain.events import CaseClosed
from domain.permissions import Reach
from domain.states import Outcome, State
from tests.api.office import settled
from workflow.mining import said, walked
from workflow.ways import Ways, ways

HERE = Path(__file__).parent
SCHEMA = json.loads((HERE / "ocel20.schema.json").read_text(encoding="utf-8"))
UNTIL = datetime(2026, 6, 30, 9, 30, tzinfo=UTC)
CASES = 40
STAFF = "clerk-canary-0c11"
XES = "{http://www.xes-standard.org/}"


@dataclass
class Taken:
    """A month that was taken out, and the step that no table knows."""

    whole: Whole
    strange: UUID
    xes: str
    ocel: str

    def ways(self, *, every: bool) -> Ways:
        return ways(traces(reading(self.whole.log.engine), look(self.whole)), every=every)

    @property
    def number(self) -> str:
        return numbers(self.whole.boards.engine, [self.strange])[self.strange]


def look(whole: Whole, **filters: str) -> Iterator[Any]:
    return chosen(whole.boards.writer.engine, Reach("district", whole.law.code), filters, UNTIL + timedelta(hours=1))


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def taken(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taken]:
    url = ""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        server.administer("CREATE DATABASE mining")
        url = server.url("mining")
    whole = compose(settled(tmp_path_factory.mktemp("mining"), shipped("chengguan"), url), lambda: UNTIL)
    known = {done.case.id for done in month(whole.casework, whole.law, UNTIL, CASES)}
    strange = planted(whole, known)
    whole.boards.catch_up()
    log, units = reading(whole.log.engine), {"water": ("水务局", "Water")}
    yield Taken(
        whole, strange, "".join(xes(log, look(whole), "a month", units)), "".join(ocel(log, look(whole), units))
    )
    whole.close()
    if url:
        server.administer("DROP DATABASE mining WITH (FORCE)")


def planted(whole: Whole, known: set[UUID]) -> UUID:
    """A step past the tables, written to the store by hand: a case that a department works on is simply closed."""
    case = next(
        case
        for case in map(whole.casework.case, sorted(known))
        if case.state in (State.IN_PROGRESS, State.LOGGED, State.ASSIGNED)
    )
    entry = Entry(
        case=case.id, version=case.version + 1, event=CaseClosed(Outcome.SOLVED), actor=Actor(STAFF, Role.STREET_CLERK, "540102002"),
        recorded_at=UNTIL, command=uuid4(),
    )  # fmt: skip
    whole.casework.save(entry, recorded_at=UNTIL, told=lambda _: None)
    return case.id


# --- as pm4py reads it


@pytest.fixture(scope="module")
def read(taken: Taken, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return pm4py_reads(tmp_path_factory.mktemp("logs"), taken.xes, taken.ocel)


def pm4py_reads(folder: Path, xes: str, ocel: str) -> dict[str, Any]:
    (folder / "log.xes").write_text(xes, encoding="utf-8")
    (folder / "log.json").write_text(ocel, encoding="utf-8")
    command = [sys.executable, str(HERE / "pm4py_reads.py"), str(folder / "log.xes"), str(folder / "log.json")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def pairs(found: Ways) -> list[list[Any]]:
    return sorted([way.before, way.after, way.n] for way in found.ways)


def differ(found: dict[str, Any], taken: Taken) -> list[str]:
    """In what a log that was read is not our map."""
    every = taken.ways(every=True)
    wanted = {"events": every.steps, "pairs": pairs(every), "cases": sorted(_numbers(taken))}
    return [name for name, value in wanted.items() if found[name] != value]


def _numbers(taken: Taken) -> list[str]:
    return [one.number for some in look(taken.whole) for one in some]


def test_pm4py_finds_the_same_cases_events_and_pairs(taken: Taken, read: dict[str, Any]) -> None:
    assert differ(read["xes"], taken) == [] and differ(read["ocel"], taken) == []
    assert len(read["xes"]["cases"]) == CASES and read["xes"]["events"] > 5 * CASES
    assert read["xes"]["extensions"] == ["Concept", "Lifecycle", "Organizational", "Time"]
    assert set(read["ocel"]["objects"]) == {"case", "assignment", "request", "whistle", "unit"}
    assert read["ocel"]["qualifiers"] == ["begins", "by", "changes", "of"]


def test_the_steps_on_the_way_make_the_map(taken: Taken, read: dict[str, Any]) -> None:
    assert read["xes"]["on_the_way"] == pairs(taken.ways(every=False))


def test_units_are_places_and_departments_never_persons(taken: Taken, read: dict[str, Any]) -> None:
    law = taken.whole.law
    assert read["xes"]["units"] and set(read["xes"]["units"]) <= law.places.by_code.keys() | law.departments.keys()
    staff = {
        entry.actor.staff for _, file in files(reading(taken.whole.log.engine), look(taken.whole)) for entry in file
    } - {"system"}
    assert STAFF in staff and len(staff) > 5
    for text in (taken.xes, taken.ocel):
        assert persons(text, staff) == []
        assert persons(text.replace("540102002", STAFF, 1), staff) == [STAFF]  # the seeded fault


def persons(text: str, staff: set[str]) -> list[str]:
    return [one for one in staff if f'"{one}"' in text or (STAFF in text and one == STAFF)]


def test_the_planted_step_is_in_both_logs_and_on_the_map(taken: Taken, read: dict[str, Any]) -> None:
    assert read["xes"]["strange"] == [[taken.number, "case-closed"]]
    found = taken.ways(every=False)
    assert found.strange_count == 1 and [(one.case, one.activity) for one in found.strange] == [
        (taken.strange, "case-closed")
    ]
    assert [way for way in found.ways if not way.known][-1].after == "case-closed"
    events = json.loads(taken.ocel)["events"]
    known = {event["id"]: {one["name"]: one["value"] for one in event["attributes"]}["known"] for event in events}
    assert [case.split("/")[0] for case, so in known.items() if not so] == [str(taken.strange)]


# --- by the schema


def test_the_log_is_valid_by_the_schema(taken: Taken) -> None:
    validator = jsonschema_rs.validator_for(SCHEMA)
    log = json.loads(taken.ocel)
    assert list(validator.iter_errors(log)) == [] and dangling(log) == []
    assert undeclared(log) == []


def dangling(log: dict[str, Any]) -> list[str]:
    """Objects that are named and are not there."""
    there = {one["id"] for one in log["objects"]}
    assert len(there) == len(log["objects"]) and len({one["id"] for one in log["events"]}) == len(log["events"])
    named = [each["objectId"] for one in (*log["events"], *log["objects"]) for each in one.get("relationships", ())]
    return [one for one in named if one not in there]


def undeclared(log: dict[str, Any]) -> list[str]:
    """Attributes that their type does not have, or types that are not declared."""
    found = []
    for kinds, things in (("eventTypes", "events"), ("objectTypes", "objects")):
        declared = {one["name"]: {each["name"] for each in one["attributes"]} for one in log[kinds]}
        for thing in log[things]:
            names = {one["name"] for one in thing["attributes"]}
            found += [thing["id"]] if not names <= declared.get(thing["type"], set()) else []
    return found


def test_a_log_that_is_not_valid_is_found(taken: Taken) -> None:
    validator = jsonschema_rs.validator_for(SCHEMA)
    for spoil in (
        lambda log: log.pop("objects"), lambda log: log["events"][0].pop("time"), lambda log: log["events"][0].update(staff="x"),
        lambda log: log["objectTypes"][0]["attributes"][0].update(type="text"), lambda log: log["objects"][0]["attributes"][0].pop("time"),
    ):  # fmt: skip
        log = json.loads(taken.ocel)
        spoil(log)
        assert list(validator.iter_errors(log))
    log = json.loads(taken.ocel)
    gone = log["objects"].pop()
    assert gone["id"] in dangling(log)
    log["events"][0]["attributes"].append({"name": "staff", "value": "x"})
    assert undeclared(log) == [log["events"][0]["id"]]


# --- seeded faults in the writers


@pytest.mark.slow
def test_a_dropped_event_and_a_swapped_order_are_found(taken: Taken, tmp_path: Path) -> None:
    dropped, swapped = spoilt(taken.xes, drop=True), spoilt(taken.xes, drop=False)
    log = json.loads(taken.ocel)
    del log["events"][3]
    assert "events" in differ(pm4py_reads(tmp_path, dropped, json.dumps(log))["xes"], taken)
    later = json.loads(taken.ocel)
    one, other = next(
        two for two in pairwise(later["events"]) if {each["type"] for each in two} == {"case-logged", "handling-begun"}
    )
    one["time"], other["time"] = other["time"], one["time"]
    found = pm4py_reads(tmp_path, swapped, json.dumps(later))
    assert differ(found["xes"], taken) == ["pairs"] and differ(found["ocel"], taken) == ["pairs"]


def spoilt(xes: str, *, drop: bool) -> str:
    tree = ET.fromstring(xes)  # noqa: S314 - our own
    trace = max(tree.iter(f"{XES}trace"), key=len)
    events = trace.findall(f"{XES}event")
    trace.remove(events[0])
    if not drop:
        trace.append(events[0])
    return ET.tostring(tree, encoding="unicode")


# --- one look


def test_what_comes_in_meanwhile_is_not_in_the_look(taken: Taken) -> None:
    """Which cases, and how far their files go, is settled when the first of them is asked for."""
    whole = taken.whole
    some = look(whole)
    first = next(some)
    position = first[0].position
    assert position == whole.boards.position() and {one.position for one in first} == {position}
    files_then = dict(files(reading(whole.log.engine), [tuple(first[:1])]))
    assert max(entry.position for entry in next(iter(files_then.values()))) <= position


def test_what_is_read_of_bodies_suffices(taken: Taken) -> None:
    """The steps by their names alone, and by the whole files, are the same."""
    log = reading(taken.whole.log.engine)
    light = dict(traces(log, look(taken.whole)))
    whole = {one.case: list(walked(said(file))) for one, file in files(log, look(taken.whole))}
    assert light == whole and len(whole) == CASES
