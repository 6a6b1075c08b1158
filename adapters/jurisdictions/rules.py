"""The settings of a jurisdiction: its working calendar and its policy, out of TOML."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.calendars import CalendarError, CalendarFile, merged, read_calendar
from domain.actors import Role
from domain.calendars import Calendar, Segment
from domain.policy import Ground, Maxima, Policy, Step, Window
from domain.states import Level, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from adapters.jurisdictions.sheets import Sheets
    from domain.taxonomy import Limits

SETTINGS, POLICY = "jurisdiction.toml", "policy.toml"
WEEK = range(1, 8)
NO_CALENDAR = CalendarFile("week", "1", "", None)


def calendar_of(sheets: Sheets, settings: Mapping[str, Any]) -> Calendar | None:
    """The working calendar: the week of the settings under the decisions of the calendar files."""
    week = settings["week"]
    zone, hours = (
        _zone(sheets, str(settings.get("zone", ""))),
        [_segment(sheets, text) for text in week.get("hours", [])],
    )
    days = week.get("days", [])
    if not days or any(day not in WEEK for day in days):
        sheets.note(SETTINGS, 0, "not_weekdays")
    if not hours:
        sheets.note(SETTINGS, 0, "missing", field="week.hours")
    decided = _decided(sheets, str(settings.get("calendar", "")))
    if zone is None or decided is None or None in hours:
        return None
    return Calendar(
        code=decided.code,
        version=decided.version,
        zone=zone,
        weekdays=frozenset(day - 1 for day in days),
        segments=tuple(hour for hour in hours if hour),
        decisions=decided.days,
        known_until=decided.known_until,
        cutoff=week.get("cutoff"),
        restart=week.get("restart"),
    )


def _zone(sheets: Sheets, name: str) -> str | None:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        sheets.note(SETTINGS, 0, "no_such_zone", zone=name)
        return None


def _segment(sheets: Sheets, text: str) -> Segment | None:
    try:
        begin, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError:
        sheets.note(SETTINGS, 0, "not_a_time", text=text)
        return None
    return begin, end


def _decided(sheets: Sheets, code: str) -> CalendarFile | None:
    files: dict[str, CalendarFile] = {}
    sound = True
    for name, text in sheets.files.items():
        if name.startswith("calendars/"):
            try:
                file = read_calendar(text)
            except CalendarError as error:
                sheets.note(f"{name} ({error.where})" if error.where else name, 0, error.code, **error.arguments)
                sound = False
            else:
                files[file.code] = file
    if not code:
        return NO_CALENDAR
    try:
        return merged(files, code) if sound else None
    except CalendarError as error:
        sheets.note(SETTINGS, 0, error.code, **error.arguments)
        return None


def policy_of(sheets: Sheets, limits: Limits) -> Policy | None:
    """The policy; None where its file cannot be read."""
    said = sheets.toml(POLICY)
    if said is None:
        return None
    for unknown in sorted(
        said.keys() - {"code", "version", "off", "who", "windows", "reasons", "maxima", "level_at_log", "near"}
    ):
        sheets.note(POLICY, 0, "unknown_field", field=unknown)
    for field in ("code", "version"):
        if field not in said:
            sheets.note(POLICY, 0, "missing", field=field)
    return Policy(
        code=str(said.get("code", "")),
        version=str(said.get("version", "")),
        off=frozenset(_each(sheets, Step, said.get("off", []), "no_such_step", "step")),
        who={
            name: frozenset(_each(sheets, Role, roles, "no_such_role", "role"))
            for name, roles in said.get("who", {}).items()
        },
        limits=limits,
        windows=_windows(sheets, said.get("windows", {})),
        reasons=_reasons(sheets, said.get("reasons", {})),
        maxima=_maxima(sheets, said.get("maxima", {})),
        level_at_log=_levels(sheets, said.get("level_at_log", {})),
        near_share=float(said.get("near", 0.8)),
    )


def _each(sheets: Sheets, kinds: Any, values: Iterable[str], code: str, name: str) -> list[Any]:  # noqa: ANN401 - an enumeration
    found = (sheets.one_of(kinds, value, POLICY, 0, code, name) for value in values)
    return [kind for kind in found if kind]


def _windows(sheets: Sheets, said: Mapping[str, str]) -> dict[Window, Any]:
    found = {
        sheets.one_of(Window, name, POLICY, 0, "no_such_window", "window"): sheets.limit(text, POLICY, 0)
        for name, text in said.items()
    }
    return {window: limit for window, limit in found.items() if window and limit}


def _reasons(sheets: Sheets, said: Mapping[str, Mapping[str, Any]]) -> dict[Ground, tuple[str, ...]]:
    """The codes of each list; their names stand in the file for whoever shows them."""
    found = {}
    for ground in Ground:
        if not said.get(ground):
            sheets.note(POLICY, 0, "missing", field=f"reasons.{ground}")
    for name, reasons in said.items():
        if known := sheets.one_of(Ground, name, POLICY, 0, "no_such_list", "ground"):
            found[known] = tuple(reasons)
    return found


def _maxima(sheets: Sheets, said: Mapping[str, Any]) -> Maxima:
    usual = Maxima()
    limits = {name: sheets.limit(str(said[name]), POLICY, 0) for name in ("extension", "suspension") if name in said}
    numbers = {
        name: _number(sheets, said[name]) for name in ("extensions", "rework", "callback_attempts") if name in said
    }
    for unknown in sorted(said.keys() - limits.keys() - numbers.keys()):
        sheets.note(POLICY, 0, "unknown_field", field=f"maxima.{unknown}")
    return Maxima(
        extensions=numbers.get("extensions", usual.extensions),
        extension=limits.get("extension") or usual.extension,
        suspension=limits.get("suspension") or usual.suspension,
        rework=numbers.get("rework", usual.rework),
        callback_attempts=numbers.get("callback_attempts", usual.callback_attempts),
    )


def _number(sheets: Sheets, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    sheets.note(POLICY, 0, "not_a_number", text=value)
    return 1


def _levels(sheets: Sheets, said: Mapping[str, str]) -> dict[Source, Level]:
    found = {}
    for name, level in said.items():
        source = sheets.one_of(Source, name, POLICY, 0, "no_such_source", "source")
        at = sheets.one_of(Level, level, POLICY, 0, "no_such_level", "level")
        if source and at:
            found[source] = at
    return found
