"""When something is due: the one place that counts hours, days, working hours and working days.

Working days are counted as 24 nominal hours of each worked day, so that "the same time, N worked days later", what
remains at a pause, and going on with what remained are one arithmetic. Instants are UTC; the counting is by wall clock.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from domain.calendars import Calendar, Decision

ZERO, DAY = timedelta(0), timedelta(days=1)
FURTHEST = 366 * 60  # days looked ahead at most
# Beyond these, reckoning in another zone or adding a limit may leave the calendar.
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


class Unit(StrEnum):
    """What a limit is counted in."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"


WORKING = (Unit.WORKING_HOURS, Unit.WORKING_DAYS)
IN_DAYS = (Unit.DAYS, Unit.WORKING_DAYS)
TEXT = re.compile(
    r"(?P<amount>\d+(\.\d+)?)\s+(?P<unit>(working )?(hours?|days?))(?P<next>, from next day)?(, step (?P<step>[\w -]+))?"
)


@dataclass(frozen=True, slots=True)
class Limit:
    """How long something may take; `from_next_day` 次日起: the day it begins is not counted."""

    amount: Fraction | int
    unit: Unit
    from_next_day: bool = False
    step: str = ""

    @classmethod
    @lru_cache(maxsize=1024)
    def parse(cls, text: str) -> "Limit":
        """A limit from "3 working days", "0.5 hours", "5 days, from next day", "4 working hours, step stop work"."""
        found = TEXT.fullmatch(text.strip())
        if found is None or not Fraction(found["amount"]):
            msg = f"not a limit: {text!r} (say, for example, '3 working days' or '0.5 hours, from next day')"
            raise ValueError(msg)
        unit = Unit(found["unit"].replace(" ", "_").rstrip("s") + "s")
        return cls(Fraction(found["amount"]), unit, bool(found["next"]), found["step"] or "")

    def __str__(self) -> str:
        """The same text that `parse` reads."""
        amount = Fraction(self.amount)
        number = str(amount.numerator) if amount.denominator == 1 else f"{float(amount):g}"
        unit = self.unit.replace("_", " ")
        words = unit[:-1] if amount == 1 else unit
        return f"{number} {words}{', from next day' * self.from_next_day}{f', step {self.step}' if self.step else ''}"

    @property
    def span(self) -> timedelta:
        """The amount, in the limit's own measure."""
        return _span(self.amount, self.unit)


@lru_cache(maxsize=1024)
def _span(amount: Fraction | int, unit: Unit) -> timedelta:
    hours = Fraction(amount) * (24 if unit in IN_DAYS else 1)
    return timedelta(seconds=float(hours * 3600))


@dataclass(frozen=True, slots=True)
class Due:
    """An instant (UTC); provisional where the calendar does not know all days up to it."""

    at: datetime
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One line of an explanation: what a day counted, and why. `code`: worked, made_up, off, weekend, before_start."""

    day: date
    counted: timedelta
    total: timedelta
    code: str
    why: str = ""
    source: str = ""


def due(start: datetime, limit: Limit, calendar: Calendar) -> Due:
    """When a limit that starts now is due. ValueError on a time without zone; NoWorkedDayError."""
    _aware(start)
    if limit.unit is Unit.HOURS and not limit.from_next_day:
        return Due(start + limit.span)
    begin = _begin(_wall(start, calendar), limit, calendar)
    end = (
        _end_of_business(begin, limit, calendar) if _by_whole_days(limit) else _walk(begin, limit.span, limit, calendar)
    )
    return _due(end, calendar)


def remaining(now: datetime, due_at: datetime, limit: Limit, calendar: Calendar) -> timedelta:
    """What is left until `due_at`, in the limit's own measure; never negative."""
    if limit.unit is Unit.HOURS:
        return max(due_at - now, ZERO)
    return sum((end - begin for begin, end in _spans(now, due_at, limit, calendar)), ZERO)


def resume(now: datetime, left: timedelta, limit: Limit, calendar: Calendar) -> Due:
    """When `left` of a limit is due, going on now. ValueError where nothing is left: then the old due stays."""
    _aware(now)
    if left <= ZERO:
        msg = "nothing is left: the old due stays"
        raise ValueError(msg)
    if limit.unit is Unit.HOURS:
        return Due(now + left)
    return _due(_walk(_wall(now, calendar), left, limit, calendar), calendar)


def extend(due_at: datetime, by: Limit, calendar: Calendar) -> Due:
    """New due = old due + extension, counted in the extension's measure; a cut-off does not apply to it."""
    if by.unit is Unit.HOURS:
        return Due(due_at + by.span)
    return _due(_walk(_wall(due_at, calendar), by.span, by, calendar), calendar)


def near(start: datetime, due_at: datetime, limit: Limit, calendar: Calendar, share: float = 0.8) -> datetime:
    """The instant at which `share` of the measure between start and due is used up."""
    used = remaining(start, due_at, limit, calendar) * share
    return resume(start, used, limit, calendar).at if used > ZERO else start


def explain(start: datetime, limit: Limit, calendar: Calendar) -> tuple[Day, ...]:
    """The way from start to due, day by day."""
    end = due(start, limit, calendar).at
    begin = start if limit.unit is Unit.HOURS else _instant(_begin(_wall(start, calendar), limit, calendar), calendar)
    first, last = _wall(start, calendar).date(), _wall(end, calendar).date()
    counted: dict[date, timedelta] = {}
    for a, b in _spans(begin, end, limit, calendar):
        counted[a.date()] = counted.get(a.date(), ZERO) + (b - a)
    total, lines = ZERO, []
    for day in (first + timedelta(days=n) for n in range((last - first).days + 1)):
        total += counted.get(day, ZERO)
        lines.append(_line(day, counted.get(day, ZERO), total, limit, calendar))
    return tuple(lines)


def _line(day: date, counted: timedelta, total: timedelta, limit: Limit, calendar: Calendar) -> Day:
    decision = calendar.decisions.get(day) or Decision(day.weekday() in calendar.weekdays, "")
    if limit.unit not in WORKING:
        return Day(day, counted, total, "counted" if counted else "not_counted")
    if not decision.worked:
        code = "off" if decision.why else "weekend"
    else:
        code = "made_up" if decision.why else "worked"
        code = code if counted else "not_counted"
    return Day(day, counted, total, code, decision.why, decision.source)


def _aware(at: datetime) -> None:
    if at.tzinfo is None:
        msg = f"a time needs its zone: {at.isoformat()}"
        raise ValueError(msg)


def _wall(at: datetime, calendar: Calendar) -> datetime:
    _aware(at)
    return at.astimezone(calendar.tz).replace(tzinfo=None, fold=0)


def _instant(wall: datetime, calendar: Calendar) -> datetime:
    return wall.replace(tzinfo=calendar.tz).astimezone(UTC)


def _due(wall: datetime, calendar: Calendar) -> Due:
    return Due(_instant(wall, calendar), provisional=not calendar.knows(wall.date()))


def _by_whole_days(limit: Limit) -> bool:
    return limit.from_next_day and limit.unit in IN_DAYS


def _begin(wall: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """Where counting begins: a weekend rolls first, at the same hour; then the cut-off; or the next day's midnight."""
    working = limit.unit in WORKING
    if limit.from_next_day:
        day = calendar.next_worked(wall.date()) if working else wall.date() + DAY
        return datetime.combine(day, time(0))
    if not working:
        return wall
    if not calendar.worked(wall.date()):
        wall = datetime.combine(calendar.next_worked(wall.date()), wall.time())
    if calendar.cutoff and wall.time() > calendar.cutoff:
        return datetime.combine(calendar.next_worked(wall.date()), calendar.restart or time(0))
    return wall


def _end_of_business(begin: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """The end of the last working segment of the last day; of a calendar day, midnight (Civil Code, art. 203)."""
    last = _walk(begin, limit.span - DAY, limit, calendar) if limit.span > DAY else begin
    if limit.unit is Unit.DAYS:
        return last + DAY
    return _end(last.date(), calendar.segments[-1][1])


def _end(day: date, until: time) -> datetime:
    return datetime.combine(day, until) + (DAY if until == time(0) else ZERO)


def _counted(day: date, limit: Limit, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of a day that count in a limit's measure."""
    if limit.unit in WORKING and not calendar.worked(day):
        return
    if limit.unit is Unit.WORKING_HOURS:
        for begin, until in calendar.segments:
            yield datetime.combine(day, begin), _end(day, until)
    else:
        yield datetime.combine(day, time(0)), datetime.combine(day, time(0)) + DAY


def _walk(wall: datetime, left: timedelta, limit: Limit, calendar: Calendar) -> datetime:
    """Where `left` is used up: hours end with their segment, days with the first moment of the next counted day."""
    day = wall.date()
    for _ in range(FURTHEST):
        for begin, end in _counted(day, limit, calendar):
            usable = end - max(begin, wall)
            if left < usable or (left == usable and limit.unit is Unit.WORKING_HOURS):
                return max(begin, wall) + left
            left -= max(usable, ZERO)
        day = calendar.next_worked(day) if limit.unit in WORKING else day + DAY
    msg = f"further than {FURTHEST} days ahead: {limit}"
    raise OverflowError(msg)


def _spans(start: datetime, end: datetime, limit: Limit, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """The counted stretches between two instants, by wall clock."""
    first, last = _wall(start, calendar), _wall(end, calendar)
    day = first.date()
    while day <= last.date():
        for begin, until in _counted(day, limit, calendar):
            if max(begin, first) < min(until, last):
                yield max(begin, first), min(until, last)
        day += DAY
