"""Whom a case concerns: the places it lies in, and the units that were assigned it."""

from collections.abc import Iterator

from domain.case import Case
from domain.permissions import Reach
from domain.places import Rung


def concerned(case: Case | None) -> Iterator[Reach]:
    """Within whose reach a case is; nobody's where there is none."""
    if case is None:
        return
    place = case.place
    yield from (Reach(rung.value, code) for rung in Rung if (code := getattr(place, rung.value)))
    yield from (Reach(unit=assignment.unit) for assignment in case.assignments)
