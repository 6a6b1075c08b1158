"""The morning sheet of a street office: what today asks of it, few enough rows for one page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, and_, or_

from adapters.boards.register import CaseLine, count, lines
from adapters.boards.tables import cases
from domain.states import State

PROMISED_WITHIN = timedelta(days=3)
ROWS = 6  # of each list: what does not fit is counted


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of the sheet: the most urgent cases, and how many there are."""

    key: str
    lines: tuple[CaseLine, ...]
    count: int


def morning(engine: Engine, street: str, now: datetime, end_of_today: datetime) -> tuple[Listed, ...]:
    """The lists of the sheet; `end_of_today` is that of where the street is."""
    mine = and_(cases.c.street == street, cases.c.open.is_(True))
    verified = and_(mine, cases.c.state == State.VERIFIED.value, cases.c.waits.is_(True))
    promised = (cases.c.resident_due >= now, cases.c.resident_due < now + PROMISED_WITHIN)
    wanted: dict[str, tuple[ColumnElement[bool], ...]] = {
        "morning_overdue": (mine, cases.c.due < now),
        "morning_today": (mine, cases.c.due >= now, cases.c.due < end_of_today),
        "morning_unanswered": (mine, cases.c.state.in_([State.ESCALATED.value, State.ASSIGNED.value])),
        "morning_promises": (mine, *promised),
        "morning_calls": (verified, or_(cases.c.contacted.is_(None), cases.c.contacted.is_(False))),
    }
    return tuple(
        Listed(key, lines(engine, now, *those, limit=ROWS), count(engine, *those)) for key, those in wanted.items()
    )
