"""The morning sheet of a street office: what today asks of it, few enough rows for one page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, and_, func, or_, select

from adapters.boards.register import CaseLine, lines
from adapters.boards.tables import cases
from adapters.store.errors import explained
from domain.states import State

PROMISED_WITHIN = timedelta(days=3)
ROWS = 6  # of each list: what does not fit is counted


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of the sheet: the most urgent cases, and how many there are."""

    key: str
    lines: tuple[CaseLine, ...]
    count: int


def morning(engine: Engine, street: str, now: datetime, midnight: datetime) -> tuple[Listed, ...]:
    """The lists of the sheet; `midnight` is the end of today where the street is."""
    mine = and_(cases.c.street == street, cases.c.open.is_(True))
    verified = and_(mine, cases.c.state == State.VERIFIED.value, cases.c.waits.is_(True))
    promised = (cases.c.resident_due >= now, cases.c.resident_due < now + PROMISED_WITHIN)
    wanted: dict[str, tuple[ColumnElement[bool], ...]] = {
        "morning_overdue": (mine, cases.c.due < now),
        "morning_today": (mine, cases.c.due >= now, cases.c.due < midnight),
        "morning_unanswered": (mine, cases.c.state.in_([State.ESCALATED.value, State.ASSIGNED.value])),
        "morning_promises": (mine, *promised),
        "morning_calls": (verified, or_(cases.c.contacted.is_(None), cases.c.contacted.is_(False))),
    }
    return tuple(
        Listed(key, lines(engine, now, *those, limit=ROWS), _count(engine, *those)) for key, those in wanted.items()
    )


def _count(engine: Engine, *those: ColumnElement[bool]) -> int:
    with explained(), engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(cases).where(*those)) or 0
