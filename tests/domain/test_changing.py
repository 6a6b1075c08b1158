"""A change by name is the standard library's own `replace`, for every kind of thing that a case is made of."""

import dataclasses
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from domain.assignments import Assignment, Supervision
from domain.case import Case
from domain.changing import replace
from domain.places import Path
from domain.states import AssignmentState, Part, Source, State

AT = datetime(2026, 3, 1, tzinfo=UTC)
CASE = Case(
    id=UUID(int=1), version=1, edition="100@1", state=State.LOGGED, category="water", source=Source.PATROL,
    place=Path("100"), logged_at=AT, recorded_at=AT,
)  # fmt: skip
CHANGES: list[tuple[Any, dict[str, Any]]] = [
    (CASE, {"version": 2, "state": State.ESCALATED}),
    (CASE, {}),
    (Assignment("water", Part.LEAD, 1, AT), {"state": AssignmentState.DONE, "ended": AT}),
    (Supervision(1, "street", "water"), {"lifted": True}),
]


@pytest.mark.parametrize(("thing", "changes"), CHANGES)
def test_it_is_the_library_s(thing: Any, changes: dict[str, Any]) -> None:
    before = dataclasses.asdict(thing)
    assert replace(thing, **changes) == dataclasses.replace(thing, **changes)
    assert dataclasses.asdict(thing) == before


def test_nothing_is_made_up() -> None:
    changes: dict[str, Any] = {"stage": "done", "version": 2}
    with pytest.raises(TypeError, match="Case has no stage"):
        replace(CASE, **changes)
