"""Due dates agree with those that a city's own system computed; a bad line is named."""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from adapters import due_dates as module
from adapters.due_dates import BadLineError, due_dates
from domain.calendars import Calendar
from domain.worktime import Limit, due
from tests.shared_data import shared

WEEK = {"tz": "America/New_York", "workdays": [0, 1, 2, 3, 4], "holidays": [], "cutoff": "17:00", "restart": "08:30"}


def answered(opened: str, days: int, **calendar: object) -> str:
    line = json.dumps({"id": 1, "opened": opened, "working_days": days, "calendar": {**WEEK, **calendar}})
    said: str = json.loads(next(due_dates([line])))["due"]
    return said


def test_the_same_hour_days_later() -> None:
    assert answered("2011-07-01T08:10:44", 2) == "2011-07-05T08:10:44-04:00"


def test_a_weekend_rolls_first_at_the_same_hour() -> None:
    assert answered("2011-07-02T10:00:00", 1) == "2011-07-05T10:00:00-04:00"


def test_then_the_cutoff_restarts_the_next_working_day() -> None:
    assert answered("2011-07-02T18:00:00", 1) == "2011-07-06T08:30:00-04:00"


def test_a_holiday_is_passed_over() -> None:
    assert answered("2011-07-01T08:00:00", 1, holidays=["2011-07-04"]) == "2011-07-05T08:00:00-04:00"


def test_a_time_with_a_zone_is_taken_as_it_is() -> None:
    assert answered("2011-07-01T12:00:00+00:00", 1) == "2011-07-04T08:00:00-04:00"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("no json", "line 2"),
        ('{"id": 1}', "calendar is missing"),
        (
            '{"id": 1, "opened": "yesterday", "working_days": 1, "calendar": {"tz": "UTC", "workdays": [0]}}',
            "yesterday",
        ),
        (
            '{"id": 1, "opened": "2026-01-01", "working_days": 1, "calendar": {"tz": "Nowhere", "workdays": [0]}}',
            "Nowhere",
        ),
        ('{"id": 1, "opened": "2026-01-01", "working_days": 1, "calendar": {"tz": "UTC", "workdays": []}}', "given"),
    ],
)
def test_a_bad_line_is_named(line: str, says: str) -> None:
    with pytest.raises(BadLineError, match="line 2") as error:
        list(due_dates(["", line]))
    assert says in str(error.value)


def pairs() -> Iterator[tuple[str, str, int]]:
    """Opened, target and working days, as the city's system has them."""
    with shared("requests/boston311_sla_calendar_shared.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield row["open_dt"], row["target_dt"], int(row["working_days"])


def share_within_a_minute() -> float:
    wanted = list(pairs())
    lines = (
        json.dumps({"id": n, "opened": opened.replace(" ", "T"), "working_days": days, "calendar": WEEK})
        for n, (opened, _, days) in enumerate(wanted)
    )
    got = [datetime.fromisoformat(json.loads(line)["due"]).replace(tzinfo=None) for line in due_dates(lines)]
    near = [
        abs(due_at - datetime.fromisoformat(t)) <= timedelta(minutes=1)
        for due_at, (_, t, _) in zip(got, wanted, strict=True)
    ]
    return sum(near) / len(near)


def test_a_city_s_own_deadlines() -> None:
    assert share_within_a_minute() >= 0.99


def test_the_order_of_weekend_and_cutoff_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seeded fault: cut-off before weekend."""

    def swapped(start: datetime, limit: Limit, calendar: Calendar) -> object:
        wall = start.astimezone(calendar.tz)
        if calendar.cutoff and wall.time() > calendar.cutoff:
            begin = datetime.combine(wall.date() + timedelta(days=1), calendar.restart or time(0))
            start = begin.replace(tzinfo=calendar.tz)
        return due(start, limit, replace(calendar, cutoff=None))

    monkeypatch.setattr(module, "due", swapped)
    assert share_within_a_minute() < 0.98
