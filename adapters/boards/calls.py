"""Whom to call back: verified cases whose reporters wait for a call, in the order of the call-back deadline."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, and_, case, or_, select

from adapters.boards.reaching import within
from adapters.boards.register import LONGEST, CaseLine, count, line
from adapters.boards.tables import cases
from adapters.store.errors import explained
from domain.permissions import Reach
from domain.states import State

REST = timedelta(hours=1)  # who was not reached just now is not called again at once: others come first


@dataclass(frozen=True, slots=True)
class Call:
    """One case whose reporter waits: how often they were tried, when last, and whether that was just now."""

    case: CaseLine
    attempts: int
    called_at: datetime | None
    rests: bool


def queue(engine: Engine, reach: Reach, caller: str, most: int, now: datetime) -> tuple[Call, ...]:
    """Who is to be called, the most urgent first; those who were tried just now last."""
    order = (case((rests(now), 1), else_=0), cases.c.due.asc().nulls_last(), cases.c.first)
    wanted = select(cases).where(_waits(reach, caller, most)).order_by(*order)
    with explained(), engine.connect() as connection:
        rows = connection.execute(wanted.limit(LONGEST)).all()
    return tuple(
        Call(line(row, now), row.attempts, row.called_at, bool(row.called_at and row.called_at > now - REST))
        for row in rows
    )


def queued(engine: Engine, reach: Reach, caller: str, most: int) -> int:
    """How many the whole queue has."""
    return count(engine, _waits(reach, caller, most))


def _waits(reach: Reach, caller: str, most: int) -> ColumnElement[bool]:
    """A case has at most `most` attempts; what the `caller`'s own unit handled, others call about."""
    waits = and_(cases.c.state == State.VERIFIED.value, cases.c.waits.is_(True), cases.c.attempts < most)
    unreached = and_(or_(cases.c.contacted.is_(None), cases.c.contacted.is_(False)), cases.c.lead != caller)
    return and_(within(reach), cases.c.open.is_(True), waits, unreached)


def rests(now: datetime) -> ColumnElement[bool]:
    """Whether a reporter was tried just now."""
    return and_(cases.c.called_at.is_not(None), cases.c.called_at > now - REST)
