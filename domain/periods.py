"""The months by which a city is assessed: they may begin on any day, and are named by the month in which they end."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

EARLIEST, LATEST = 1970, 2200  # years
IN_A_YEAR = 12
NAME = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class NoMonthError(ValueError):
    """What was said is the name of no month."""


@dataclass(frozen=True, slots=True)
class Month:
    """One of them: with 19 as its first day, 2026-04 goes from 19 March to 18 April."""

    year: int
    month: int
    starts: int = 1  # day of the month

    @classmethod
    def named(cls, text: str, starts: int) -> "Month":
        """The month of a name, "2026-04". Raises NoMonthError."""
        if not NAME.fullmatch(text) or not EARLIEST < int(text[:4]) < LATEST:
            raise NoMonthError(text)
        return cls(int(text[:4]), int(text[5:]), starts)

    @classmethod
    def holding(cls, day: date, starts: int) -> "Month":
        """The month that a day lies in."""
        this = cls(day.year, day.month, starts)
        return this.shifted(1) if starts > 1 and day.day >= starts else this

    @property
    def name(self) -> str:
        """As people write it."""
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def first(self) -> date:
        """Its first day."""
        before = self if self.starts == 1 else self.shifted(-1)
        return date(before.year, before.month, self.starts)

    def shifted(self, months: int) -> "Month":
        """So many months later."""
        year, month = divmod(self.year * IN_A_YEAR + self.month - 1 + months, IN_A_YEAR)
        return Month(year, month + 1, self.starts)

    def begin(self, zone: ZoneInfo) -> datetime:
        """The instant it begins, where the wall clock goes by `zone`."""
        return datetime.combine(self.first, time(), zone).astimezone(UTC)

    def end(self, zone: ZoneInfo) -> datetime:
        """The instant the next one begins."""
        return self.shifted(1).begin(zone)
