"""What has happened is never judged again: a history replayed under other rules gives the same case."""

from collections.abc import Callable
from typing import Any, NoReturn

import pytest

from domain import worktime
from domain.calendars import Calendar
from domain.case import Case, replay
from domain.entries import Entry
from domain.jurisdiction import Jurisdiction
from domain.policy import Policy
from domain.taxonomy import Taxonomy
from tests import spec
from tests.steps import logged
from tests.told import lives
from workflow import decide, flow, ticking
from workflow.ledger import name_of, read, written


def asked_a_rule(*_: Any, **__: Any) -> NoReturn:
    """What every rule answers while it may not be asked."""
    msg = "a rule was asked"
    raise LookupError(msg)


@pytest.fixture
def no_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """A world in which every table is empty, and every calendar, limit and policy refuses to answer."""
    monkeypatch.setattr(flow.FLOW, "moves", ())
    monkeypatch.setattr(flow.Flow, "judge", asked_a_rule)
    monkeypatch.setattr(decide, "ticked", asked_a_rule)
    monkeypatch.setattr(ticking, "VERBS", {})
    for name in ("due", "remaining", "resume", "extend", "near", "explain"):
        monkeypatch.setattr(worktime, name, asked_a_rule)
    for name in ("worked", "next_worked", "knows", "tz"):
        monkeypatch.setattr(Calendar, name, asked_a_rule)
    for kind, name in ((Jurisdiction, "limits"), (Policy, "limit"), (Taxonomy, "limit")):
        monkeypatch.setattr(kind, name, asked_a_rule)


def kept(entry: Entry) -> Entry:
    """An entry as it comes back from where it is kept."""
    at = entry.recorded_at
    return read(name_of(entry.event), written(entry), case=entry.case, version=entry.version, recorded_at=at)


def unequal(back: Callable[[list[Entry]], Case | None]) -> list[str]:
    """The stories' cases that come back otherwise than they were."""
    return [str(life.file[-1].event) for life in lives() if back(life.file) != life.case]


def test_every_story_replays_to_the_same_case_without_any_rule(request: pytest.FixtureRequest) -> None:
    assert len(lives()) > 500
    request.getfixturevalue("no_rules")
    assert unequal(lambda file: replay(kept(entry) for entry in file)) == []


def test_a_history_of_which_a_line_is_lost_does_not(request: pytest.FixtureRequest) -> None:
    assert len(unequal(lambda file: replay(file[:-1] if file[1:] else file))) > 400


def test_deciding_does_ask_the_rules(no_rules: None) -> None:
    with pytest.raises(LookupError, match="a rule was asked"):
        spec.given(logged())
