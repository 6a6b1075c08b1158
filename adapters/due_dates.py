"""`whistle due-dates`: JSON lines in, JSON lines out, counted by the very function that sets a case's deadlines."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

from domain.calendars import Calendar, Decision, NoWorkedDayError
from domain.worktime import Limit, Unit, due

WHOLE_DAY = ((time(0), time(0)),)


class BadLineError(ValueError):
    """A line that cannot be answered; its text says which and why."""


def due_dates(lines: Iterable[str]) -> Iterator[str]:
    """`{"id", "due"}` for each `{"id", "opened", "working_days", "calendar"}`; blank lines are passed over.

    A time without a zone is local to the calendar's. Raises BadLineError.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield _answered(json.loads(line))
            except (KeyError, TypeError, ValueError, ZoneInfoNotFoundError, NoWorkedDayError) as error:
                msg = f"line {number}: {_why(error)}"
                raise BadLineError(msg) from None


def _why(error: Exception) -> str:
    return f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)


def _answered(said: Mapping[str, Any]) -> str:
    calendar = _calendar(said["calendar"])
    opened = datetime.fromisoformat(said["opened"])
    start = opened if opened.tzinfo else opened.replace(tzinfo=calendar.tz)
    at = due(start, Limit(int(said["working_days"]), Unit.WORKING_DAYS), calendar).at.astimezone(calendar.tz)
    return json.dumps({"id": said["id"], "due": at.isoformat()})


def _calendar(said: Mapping[str, Any]) -> Calendar:
    return Calendar(
        code="given",
        version="1",
        zone=said["tz"],
        weekdays=frozenset(said["workdays"]),
        segments=WHOLE_DAY,
        decisions={date.fromisoformat(day): Decision(worked=False, why="holiday") for day in said.get("holidays", [])},
        cutoff=_time(said.get("cutoff")),
        restart=_time(said.get("restart")),
    )


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None
