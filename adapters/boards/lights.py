"""Traffic lights: how much of a deadline is used up, at a moment."""

from datetime import datetime

from sqlalchemy import ColumnElement, Table, case, literal

from adapters.boards.tables import cases

GREEN, YELLOW, RED = "green", "yellow", "red"


def light(due: datetime | None, near: datetime | None, now: datetime) -> str:
    """'green' before the deadline is near, 'yellow' until it is due, then 'red'; '' where nothing is awaited."""
    if due is None or near is None:
        return ""
    return RED if now > due else YELLOW if now >= near else GREEN


def light_of(now: datetime, of: Table = cases) -> ColumnElement[str]:
    """The same, for counting in the database: of cases, or of assignments."""
    return case(
        (of.c.due.is_(None), literal("")),
        (of.c.due < now, literal(RED)),
        (of.c.near <= now, literal(YELLOW)),
        else_=literal(GREEN),
    )
