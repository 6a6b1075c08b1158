"""Deadlines that explain themselves, day by day, out of the recorded facts."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from api.answers import DayOut, ExplainedOut
from domain.calendars import Calendar, around_the_clock
from domain.case import replay
from domain.clocks import ClockFact, Started
from domain.entries import Entry
from domain.jurisdiction import Jurisdiction
from domain.worktime import Limit, explain


def explained_out(file: Iterable[Entry], law: Jurisdiction) -> Iterator[ExplainedOut]:
    """Every run of every clock, with its days and what changed it."""
    entries = tuple(file)
    case = replay(entries)
    facts = [(entry.recorded_at, fact) for entry in entries for fact in entry.clocks]
    for _, fact in facts:
        if isinstance(fact, Started):
            changes = [_change(at, other) for at, other in facts if _of(fact, other)]
            timer = case.timers[fact.key] if case else None
            current = timer if timer and timer.run == fact.run else None
            yield ExplainedOut(
                clock=fact.clock,
                unit=fact.unit,
                step=fact.step,
                run=fact.run,
                started=fact.at,
                due=current.due if current else fact.due,
                state=current.state if current else "stopped",
                limit=fact.why.limit,
                calendar=fact.why.calendar,
                edition=fact.why.edition,
                provisional=fact.provisional,
                days=list(days(fact, law)),
                changes=changes,
            )


def _of(started: Started, fact: ClockFact) -> bool:
    return fact is not started and fact.key == started.key and fact.run == started.run


def _change(at: datetime, fact: ClockFact) -> dict[str, Any]:
    said: dict[str, Any] = {"kind": fact.kind, "at": at.isoformat()}
    for name in ("due", "cause", "left"):
        value = getattr(fact, name, None)
        if value is not None:
            said[name] = value.isoformat() if isinstance(value, datetime) else str(value)
    return said


def days(fact: Started, law: Jurisdiction) -> Iterator[DayOut]:
    """The way from start to due; none where another system set the deadline."""
    if not fact.why.limit:
        return
    calendar: Calendar = around_the_clock(law.calendar.zone) if fact.why.around_the_clock else law.calendar
    for day in explain(fact.at, Limit.parse(fact.why.limit), calendar):
        counted, total = day.counted.total_seconds(), day.total.total_seconds()
        yield DayOut(
            day=day.day, counted_seconds=counted, total_seconds=total, code=day.code, why=day.why, source=day.source
        )
