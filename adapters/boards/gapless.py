"""The register as everybody may count it: of each day how many numbers were given, from which to which, and how many are missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, func, select

from adapters.boards.looking import look
from adapters.boards.numbering import number_of
from adapters.boards.tables import numbers


@dataclass(frozen=True, slots=True)
class Numbered:
    """A day's numbers: how many cases have one, the first and the last; numbers are counted on from one."""

    cases: int
    first: str
    last: str
    missing: int


def by_day(engine: Engine, district: str, since: date, until: date) -> Mapping[date, Numbered]:
    """The numbers of a district's days from one on and before another; days without a case are left out."""
    serial = numbers.c.serial
    wanted = (
        select(
            numbers.c.day, func.count().label("cases"), func.min(serial).label("first"), func.max(serial).label("last")
        )
        .where(numbers.c.district == district, numbers.c.day >= f"{since:%Y%m%d}", numbers.c.day < f"{until:%Y%m%d}")
        .group_by(numbers.c.day)
    )
    return {
        datetime.strptime(row.day, "%Y%m%d").date(): Numbered(  # noqa: DTZ007 - a day has no zone
            row.cases,
            number_of(district, row.day, row.first),
            number_of(district, row.day, row.last),
            row.last - row.cases,
        )
        for row in look(engine, wanted)
    }
