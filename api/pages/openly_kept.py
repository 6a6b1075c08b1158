"""What everybody may know of the log: how large it is and what signs that, how many cases it has, and what was erased from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from adapters.boards.gapless import Numbered, by_day
from adapters.seal.checkpoints import Checkpoint, genuine
from adapters.seal.telling import erased, last_of_each, reasons
from api.days import A_DAY, midnight
from api.pages.public import openly
from api.pages.small_counts import FEWEST
from api.whole import Whole

DAYS = 7
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Register:
    """A day's, or a month's, cases as everybody may count them; of a few, no numbers are told."""

    since: date
    cases: str
    first: str
    last: str
    missing: int


@dataclass(frozen=True, slots=True)
class Erased:
    """How often somebody was forgotten: by month, and why. A reason that was seldom given is not told in its own words."""

    months: tuple[tuple[date, int], ...]
    reasons: tuple[tuple[str, int], ...]
    others: int


@dataclass(frozen=True, slots=True)
class Kept:
    """All of it. Days end at midnight: what is of today is told tomorrow."""

    key: str
    last: Checkpoint | None
    days: tuple[Checkpoint, ...]
    months: tuple[Register, ...]
    register: tuple[Register, ...]
    erased: Erased


def kept(whole: Whole, now: datetime) -> Kept:
    """As of a moment."""
    zone = whole.law.calendar.tz
    today = midnight(now, zone)
    since = _months_before(today.date(), MONTHS - 1)
    numbered = by_day(whole.boards.engine, whole.law.code, since, today.date())
    ends = [today - A_DAY * n for n in range(DAYS)]
    last, trusted = whole.seal.last(), (whole.seal.key.public,)
    return Kept(
        key=whole.seal.key.public.text,
        last=genuine(last.note, trusted) if last else None,
        days=tuple(found for note in last_of_each(whole.seal, ends) if (found := genuine(note, trusted))),
        months=tuple(_by_month(numbered, since, today.date())),
        register=tuple(_by_day(numbered, today.date())),
        erased=_erased(whole, datetime.combine(since, datetime.min.time(), zone)),
    )


def _by_month(numbered: Mapping[date, Numbered], since: date, today: date) -> Iterator[Register]:
    """The latest first, back to where the register begins; the running month as far as yesterday."""
    begun = max(since, min(numbered, default=today).replace(day=1))
    months = [month for n in range(MONTHS) if begun <= (month := _months_before(today - A_DAY, n))]
    of = {month: [one for day, one in numbered.items() if day.replace(day=1) == month] for month in months}
    told = openly({f"{month}": sum(one.cases for one in days) for month, days in of.items()})
    for month, days in of.items():
        yield Register(month, told[f"{month}"], "", "", sum(one.missing for one in days))


def _by_day(numbered: Mapping[date, Numbered], today: date) -> Iterator[Register]:
    """The latest first. Of each month by itself it must not be possible to count out a day, for the month's sum is told."""
    days = [today - A_DAY * (n + 1) for n in range(DAYS)]
    none = Numbered(0, "", "", 0)
    for _, month in groupby(days, key=lambda day: day.replace(day=1)):
        of = {day: numbered.get(day, none) for day in month}
        told = openly({f"{day}": one.cases for day, one in of.items()})
        for day, one in of.items():
            cases = told[f"{day}"]
            shown = cases.isdigit()
            yield Register(day, cases, one.first if shown else "", one.last if shown else "", one.missing)


def _months_before(day: date, months: int) -> date:
    """The first day of a month, some months before that of a day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


def _erased(whole: Whole, since: datetime) -> Erased:
    why = reasons(whole.seal, since)
    months = erased(whole.seal, since, whole.law.calendar.tz)
    often = {reason: n for reason, n in why.items() if n >= FEWEST and reason}
    return Erased(
        months=tuple(sorted(months.items(), reverse=True)),
        reasons=tuple(sorted(often.items(), key=lambda one: -one[1])),
        others=sum(months.values()) - sum(often.values()),
    )
