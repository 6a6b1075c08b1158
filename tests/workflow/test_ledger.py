"""Every event ever released can be read: stored names are data, and golden samples keep them so."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from domain.entries import Entry
from domain.events import EVENTS, CaseClosed, CaseLogged, Event, NoteAdded, Reporter
from domain.privacy import Clear, Secrecy
from domain.staff import STAFF_EVENTS, StaffEntry, StaffEvent
from domain.states import Outcome
from tests.golden import CASE, FOLDER, NOON, entry, full, samples
from workflow import ledger
from workflow.ledger import (
    NAMES,
    STAFF_NAMES,
    UnknownEventError,
    UnsealedError,
    of_a_case,
    read,
    read_of_staff,
    stored_name,
    written,
)

GOLDEN = sorted(FOLDER.glob("*.json"))


def stored(path: Path) -> tuple[str, bytes]:
    """The name and body in a golden file."""
    said = json.loads(path.read_text(encoding="utf-8"))
    return said["name"], json.dumps(said["body"]).encode()


def any_entry(name: str, body: bytes) -> Entry | StaffEntry:
    if of_a_case(name):
        return read(name, body, case=CASE, version=1, recorded_at=NOON)
    return read_of_staff(name, body, file=CASE, version=1, recorded_at=NOON)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_golden_event_is_read_and_written_as_it_was(path: Path) -> None:
    name, body = stored(path)
    entry = any_entry(name, body)
    assert json.loads(written(entry)) == json.loads(body)


@pytest.mark.parametrize("kind", [*EVENTS, *STAFF_EVENTS], ids=lambda kind: kind.__name__)
def test_every_event_has_its_samples_and_they_mean_what_they_meant(kind: type[Event | StaffEvent]) -> None:
    for name, made in samples(kind).items():
        stored_as, body = stored(FOLDER / f"{name}.json")
        assert any_entry(stored_as, body) == made


def test_names_are_data_and_stand_for_one_event_each() -> None:
    assert (len(NAMES), len(STAFF_NAMES)) == (len(EVENTS), len(STAFF_EVENTS))
    assert not NAMES.keys() & STAFF_NAMES.keys()
    assert {path.stem.split(".")[0] for path in GOLDEN} == {*NAMES, *STAFF_NAMES}


def test_a_renamed_class_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seeded fault: an event class that lost its stored name makes its golden sample unreadable."""
    others = {name: kind for name, kind in NAMES.items() if kind is not CaseClosed}
    monkeypatch.setattr(ledger, "NAMES", others | {"case-shut": CaseClosed})
    with pytest.raises(UnknownEventError):
        read(*stored(FOLDER / "case-closed.full.json"), case=CASE, version=1, recorded_at=NOON)


def test_an_event_of_an_older_release_is_read_by_its_upcast(monkeypatch: pytest.MonkeyPatch) -> None:
    older = {"case-ended": lambda said: ("case-closed", {"outcome": said["how"], "reason": said.get("why", "")})}
    monkeypatch.setattr(ledger, "UPCASTS", older)
    body = b'{"event": {"how": "partly"}, "actor": {"staff": "s", "role": "supervisor"}, "command": "%s"}'
    entry = read("case-ended", body % str(CASE).encode(), case=CASE, version=9, recorded_at=NOON)
    assert entry.event == CaseClosed(Outcome.PARTLY)


def test_words_in_clear_are_not_written() -> None:
    for event in (NoteAdded(Clear(Secrecy.NARRATIVE, "canary")), replace(full(CaseLogged), reporter=Reporter(CONTACT))):
        with pytest.raises(UnsealedError) as refused:
            written(entry(event, clocks=False))
        assert "canary" not in repr(refused.value)


CONTACT = Clear(Secrecy.CONTACT, "canary")


def test_the_name_is_the_class_in_small_letters() -> None:
    assert stored_name(CaseClosed) == "case-closed"
