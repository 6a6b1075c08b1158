"""The steps of a department's work, and how long each took."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, case

from adapters.boards.instants import unix
from adapters.boards.tables import assignments
from domain.states import AssignmentState

# Where each step ends; each begins with the assignment.
STEPS: Mapping[str, ColumnElement[Any]] = {
    "sign": assignments.c.acknowledged,
    "report_in": assignments.c.reported_in,
    "resolve": case((assignments.c.state == AssignmentState.DONE.value, assignments.c.ended)),
}
TOOK: tuple[ColumnElement[int], ...] = tuple(unix(end) - unix(assignments.c.since) for end in STEPS.values())  # seconds
