"""Traffic lights: how much of a deadline is used up, at a moment."""

from datetime import datetime

from sqlalchemy import ColumnElement, case, literal

from adapters.boards.tables import cases

GREEN, YELLOW, RED = "green", "yellow", "red"


def light(due: datetime | None, near: datetime | None, now: datetime) -> str:
    """'green' before the deadline is near, 'yellow' until it is due, then 'red'; '' where nothing is awaited."""
    if due is None or near is None:
        return ""
    return RED if now > due else YELLOW if now >= near else GREEN


def light_of(now: datetime) -> ColumnElement[str]:
    """The same, for counting in the database."""
    return case(
        (cases.c.due.is_(None), literal("")),
        (cases.c.due < now, literal(RED)),
        (cases.c.near <= now, literal(YELLOW)),
        else_=literal(GREEN),
    )
