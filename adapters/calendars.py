"""Calendars as files: each names its source, and may stand on another (city on national)."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from domain.calendars import Decision, layered

Days = Mapping[date, Decision]


class CalendarError(ValueError):
    """A calendar file that cannot be used; `where` names the entry."""

    def __init__(self, where: str, code: str, **arguments: object) -> None:
        """`code` is one of the problems' codes."""
        super().__init__(code)
        self.where, self.code, self.arguments = where, code, arguments


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """One file: its own decisions, and what it extends."""

    code: str
    version: str
    extends: str
    known_until: date | None
    days: Days = field(default_factory=dict)


def read_calendar(text: str) -> CalendarFile:
    """The decisions of one TOML text. Raises CalendarError."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CalendarError("", "not_toml", error=str(error)) from None
    days: dict[date, Decision] = {}
    for kind in ("off", "worked"):
        for number, entry in enumerate(said.get(kind, []), start=1):
            days.update(_decided(entry, f"{kind} {number}", worked=kind == "worked"))
    for key in ("code", "version"):
        if not isinstance(said.get(key), str):
            raise CalendarError(key, "missing", field=key)
    return CalendarFile(said["code"], said["version"], said.get("extends", ""), said.get("known_until"), days)


def _decided(entry: Mapping[str, Any], where: str, *, worked: bool) -> Iterator[tuple[date, Decision]]:
    first, last = entry.get("from", entry.get("on")), entry.get("to", entry.get("from", entry.get("on")))
    if not isinstance(first, date) or not isinstance(last, date):
        raise CalendarError(where, "no_date")
    if last < first or "name" not in entry or "source" not in entry:
        raise CalendarError(where, "bad_days")
    decision = Decision(worked, str(entry["name"]), str(entry["source"]))
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n), decision


def merged(files: Mapping[str, CalendarFile], code: str) -> CalendarFile:
    """A calendar with all that it stands on: the nearest layer first; known as far as its furthest layer.

    Raises CalendarError where a layer is unknown or stands on itself.
    """
    chain: list[CalendarFile] = []
    while code:
        if code not in files or files[code] in chain:
            raise CalendarError(code, "no_such_calendar", calendar=code)
        chain.append(files[code])
        code = files[code].extends
    known = [file.known_until for file in chain if file.known_until]
    version = "+".join(file.version for file in chain)
    return CalendarFile(chain[0].code, version, "", max(known, default=None), layered(*(f.days for f in chain)))
