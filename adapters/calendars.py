"""Calendars as files: each names its source, and may stand on another (city on national)."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from domain.calendars import Decision, layered

Days = Mapping[date, Decision]
KINDS = ("off", "worked")
LONGEST = 366  # days that one entry may span
AT_LINE = re.compile(r"at line (\d+)")


class CalendarError(ValueError):
    """A calendar file that cannot be used; `where` names the entry, `line` the place that its text breaks at."""

    def __init__(self, where: str, code: str, *, line: int = 0, **arguments: object) -> None:
        """`code` is one of the problems' codes."""
        super().__init__(code)
        self.where, self.line, self.code, self.arguments = where, line, code, arguments


@dataclass(frozen=True, slots=True)
class CalendarFile:
    """One file: its own decisions, and what it extends."""

    code: str
    version: str
    extends: str
    known_until: date | None
    days: Days = field(default_factory=dict)


def read_calendar(text: str) -> CalendarFile:
    """The decisions of one TOML text. Raises CalendarError with the first of its faults."""
    for fault in faults_of(text):
        raise fault
    said = tomllib.loads(text)
    days = {day: decision for kind in KINDS for entry in said.get(kind, []) for day, decision in _decided(entry, kind)}
    return CalendarFile(said["code"], said["version"], said.get("extends", ""), said.get("known_until"), days)


def faults_of(text: str) -> Iterator[CalendarError]:
    """All that is wrong with a calendar's text."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = AT_LINE.search(str(error))
        yield CalendarError("", "not_toml", line=int(at[1]) if at else text.count("\n"), error=str(error))
        return
    for key in ("code", "version"):
        if not said.get(key) or not isinstance(said[key], str):
            yield CalendarError(key, "missing", field=key)
    for key in sorted(said.keys() - {"code", "version", "extends", "known_until", *KINDS}):
        yield CalendarError(key, "unknown_field", field=key)
    if not isinstance(said.get("extends", ""), str):
        yield CalendarError("extends", "wants_text", field="extends")
    if not _is_day(said.get("known_until", date.max)):
        yield CalendarError("known_until", "wants_date", field="known_until")
    yield from _wrong_days(said)


def _wrong_days(said: Mapping[str, Any]) -> Iterator[CalendarError]:
    seen: set[date] = set()
    for kind in KINDS:
        entries = said.get(kind, [])
        if not isinstance(entries, list):
            yield CalendarError(kind, "wants_list", field=kind)
            continue
        for number, entry in enumerate(entries, start=1):
            where = f"{kind} {number}"
            if fault := _wrong(entry, where):
                yield fault
                continue
            days = {day for day, _ in _decided(entry, kind)}
            if days & seen:
                yield CalendarError(where, "day_twice", day=min(days & seen))
            seen |= days


def _wrong(entry: object, where: str) -> CalendarError | None:
    if not isinstance(entry, Mapping):
        return CalendarError(where, "wants_table", field=where)
    first, last = _span(entry)
    if not _is_day(first) or not _is_day(last):
        return CalendarError(where, "no_date")
    if not 0 <= (last - first).days < LONGEST or not entry.get("name") or not entry.get("source"):
        return CalendarError(where, "bad_days")
    return None


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _span(entry: Mapping[str, Any]) -> tuple[Any, Any]:
    first = entry.get("from", entry.get("on"))
    return first, entry.get("to", first)


def _decided(entry: Mapping[str, Any], kind: str) -> Iterator[tuple[date, Decision]]:
    first, last = _span(entry)
    decision = Decision(kind == "worked", str(entry["name"]), str(entry["source"]))
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
