"""Case numbers for people: `<district>-<yyyymmdd>-<serial>`, the rank of a case in its district's day, in log order."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic_core import from_json
from sqlalchemy import Connection, Row, RowMapping, Table, func, insert, select

Given = dict[UUID, dict[str, Any]]  # case -> its number and first position
BEGINNINGS = ("case-logged", "case-carried-over")


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first entry of a case, as far as its number goes."""

    case: UUID
    district: str
    day: str
    position: int


def beginning(row: Row[Any], zone: ZoneInfo) -> Beginning:
    """A beginning out of a row of the log; the day is local."""
    return Beginning(row.stream, _district(row.body), _day(row.recorded_at, zone), row.position)


def _district(body: bytes) -> str:
    """Read past what cannot be told, so that a parked case keeps its number."""
    try:
        district: str = from_json(body)["event"]["place"]["district"]
    except (ValueError, LookupError, TypeError):
        return ""
    return district


def _day(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y%m%d}"


def number_of(district: str, day: str, serial: int) -> str:
    """As people read it."""
    return f"{district}-{day}-{serial:04d}"


def give_numbers(connection: Connection, numbers: Table, begun: Iterable[Beginning]) -> Given:
    """Number new cases, in the order of the log; what each was given."""
    rows: list[dict[str, Any]] = []
    last = dict[tuple[str, str], int]()
    for one in begun:
        day = (one.district, one.day)
        last[day] = (last[day] if day in last else _last(connection, numbers, *day)) + 1
        serial = last[day]
        rows.append(
            {"case": one.case, "district": one.district, "day": one.day, "serial": serial, "first": one.position}
        )
    if rows:
        connection.execute(insert(numbers), rows)
    return {row["case"]: _columns(row) for row in rows}


def given_before(connection: Connection, numbers: Table, cases: Collection[UUID]) -> Given:
    """What some cases were given when they began."""
    rows = connection.execute(select(numbers).where(numbers.c.case.in_(cases))).mappings() if cases else ()
    return {row["case"]: _columns(row) for row in rows}


def _columns(row: Mapping[str, Any] | RowMapping) -> dict[str, Any]:
    return {"number": number_of(row["district"], row["day"], row["serial"]), "first": row["first"]}


def _last(connection: Connection, numbers: Table, district: str, day: str) -> int:
    of_day = (numbers.c.district == district, numbers.c.day == day)
    return connection.scalar(select(func.max(numbers.c.serial)).where(*of_day)) or 0
