"""The settings of a jurisdiction: its working calendar and its policy, out of TOML."""

from __future__ import annotations

from datetime import time
from math import isclose
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.calendars import CalendarError, CalendarFile, faults_of, merged, read_calendar
from domain.actors import Role
from domain.calendars import Calendar, Segment
from domain.jurisdiction import Emergency
from domain.places import Names
from domain.policy import RETENTION, Assessment, Door, Exports, Ground, Maxima, Policy, Reaction, Step, Window
from domain.privacy import Secrecy
from domain.states import Level, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from adapters.jurisdictions.settings import Shape
    from adapters.jurisdictions.sheets import Sheets
    from domain.taxonomy import Limits
    from domain.worktime import Limit

SETTINGS, POLICY = "jurisdiction.toml", "policy.toml"
SETTINGS_SHAPE: Shape = {
    "code": str,
    "names": {"*": str},
    "languages": [str],
    "zone": str,
    "nested_codes": bool,
    "category_system": str,
    "calendar": str,
    "week": {"days": [int], "hours": [str], "cutoff": time, "restart": time},
    "emergency": [{"number": str, "names": {"*": str}}],
}
POLICY_SHAPE: Shape = {
    "code": str,
    "version": str,
    "off": [str],
    "by_hand": [str],
    "doors": [str],
    "near": float,
    "who": {"*": [str]},
    "windows": {"*": str},
    "maxima": {
        "extensions": int,
        "extension": str,
        "suspension": str,
        "rework": int,
        "callback_attempts": int,
        "misses": int,
    },
    "reasons": {"*": {"*": {"*": str}}},
    "retention": {"*": str},
    "exports": {"rows": int, "days": int},
    "level_at_log": {"*": str},
    "assessment": {
        "month_starts": int,
        "response": float,
        "resolution": float,
        "satisfaction": float,
        "mostly": float,
    },
}
WEEK = range(1, 8)
FIRST_DAYS = range(1, 29)  # that every month has
NEAR = 0.8
A_YEAR = 366  # days
OURS = ("zh", "en")  # the sentences' own languages; a reason's name in any other falls back to one of these
MIDNIGHT = time(0)
NO_CALENDAR = CalendarFile("week", "1", "", None)


def calendar_of(sheets: Sheets, settings: Mapping[str, Any]) -> Calendar | None:
    """The working calendar: the week of the settings under the decisions of the calendar files."""
    decided = _decided(sheets, settings.get("calendar", ""))
    if not (week := settings.get("week")):
        return None
    zone, hours, days = (
        _zone(sheets, settings.get("zone", "")),
        _hours(sheets, week.get("hours", [])),
        _days(sheets, week),
    )
    if not (zone and hours and days and decided):
        return None
    return Calendar(
        code=decided.code,
        version=decided.version,
        zone=zone,
        weekdays=days,
        segments=hours,
        decisions=decided.days,
        known_until=decided.known_until,
        cutoff=week.get("cutoff"),
        restart=week.get("restart"),
    )


def _zone(sheets: Sheets, name: str) -> str | None:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        sheets.note_at(SETTINGS, ("zone",), "no_such_zone", zone=name)
        return None


def _days(sheets: Sheets, week: Mapping[str, Any]) -> frozenset[int]:
    days = week.get("days", [])
    if not days or any(day not in WEEK for day in days):
        sheets.note_at(SETTINGS, ("week", "days"), "not_weekdays")
    return frozenset(day - 1 for day in days if day in WEEK)


def _hours(sheets: Sheets, said: list[str]) -> tuple[Segment, ...]:
    found = [segment for text in said if (segment := _segment(sheets, text))]
    if not said:
        sheets.note_at(SETTINGS, ("week", "hours"), "missing", field="week.hours")
    for number, (begin, until) in enumerate(found):
        before = found[number - 1][1] if number else None
        if _overlaps(before, begin) or MIDNIGHT != until <= begin:
            sheets.note_at(SETTINGS, ("week", "hours"), "hours_out_of_order", text=f"{begin:%H:%M}-{until:%H:%M}")
    return tuple(found)


def _overlaps(before: time | None, begin: time) -> bool:
    """Whether the stretch before, which ends at midnight or at its time, reaches into one that begins now."""
    return before is not None and (before == MIDNIGHT or begin < before)


def _segment(sheets: Sheets, text: str) -> Segment | None:
    try:
        begin, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError:
        sheets.note_at(SETTINGS, ("week", "hours"), "not_a_time", text=text)
        return None
    return begin, end


def emergency_of(sheets: Sheets, settings: Mapping[str, Any]) -> tuple[Emergency, ...]:
    """Whom to call in danger, in the order to say it."""
    said = settings.get("emergency", [])
    for n, one in enumerate(said, start=1):
        path = ("emergency", str(n))
        if not one.get("number", "").isdecimal():
            sheets.note_at(SETTINGS, (*path, "number"), "not_a_number", text=one.get("number", ""))
        for language in sheets.languages:
            if not one.get("names", {}).get(language):
                sheets.note_at(SETTINGS, (*path, "names"), "no_name", language=language)
    return tuple(Emergency(one.get("number", ""), one.get("names", {})) for one in said)


def _decided(sheets: Sheets, code: str) -> CalendarFile | None:
    read = {name: _calendar(sheets, name) for name in sorted(sheets.files) if _is_calendar(name)}
    files: dict[str, CalendarFile] = {}
    for name, file in read.items():
        if file and file.code in files:
            sheets.note_at(name, ("code",), "calendar_twice", calendar=file.code)
        elif file:
            files[file.code] = file
    if not code:
        return NO_CALENDAR
    try:
        return merged(files, code) if all(read.values()) else None
    except CalendarError as error:
        sheets.note_at(SETTINGS, ("calendar",), error.code, **error.arguments)
        return None


def _is_calendar(name: str) -> bool:
    return name.startswith("calendars/") and name.endswith(".toml")


def _calendar(sheets: Sheets, name: str) -> CalendarFile | None:
    faults = tuple(faults_of(sheets.files[name]))
    for fault in faults:
        sheets.note(name, fault.line or sheets.line(name, *fault.where.split()), fault.code, **fault.arguments)
    return None if faults else read_calendar(sheets.files[name])


def policy_of(sheets: Sheets, limits: Limits) -> Policy | None:
    """The policy; None where its file cannot be read."""
    said = sheets.toml(POLICY, POLICY_SHAPE)
    if said is None:
        return None
    for field in ("code", "version"):
        if not said.get(field):
            sheets.note_at(POLICY, (field,), "missing", field=field)
    return Policy(
        code=said.get("code", ""),
        version=said.get("version", ""),
        off=frozenset(_each(sheets, Step, said.get("off", []), ("off",), "step")),
        who={
            name: frozenset(_each(sheets, Role, roles, ("who", name), "role"))
            for name, roles in said.get("who", {}).items()
        },
        limits=limits,
        windows=_windows(sheets, said.get("windows", {})),
        reasons=_reasons(sheets, said.get("reasons", {})),
        maxima=_maxima(sheets, said.get("maxima", {})),
        level_at_log=_levels(sheets, said.get("level_at_log", {})),
        near_share=_share(sheets, said.get("near", NEAR)),
        assessment=_assessment(sheets, said.get("assessment", {})),
        retention={**RETENTION, **_retention(sheets, said.get("retention", {}))},
        exports=_exports(sheets, said.get("exports", {})),
        by_hand=frozenset(_each(sheets, Reaction, said.get("by_hand", []), ("by_hand",), "reaction")),
        doors=_doors(sheets, said.get("doors", [])),
    )


def _each(sheets: Sheets, kinds: Any, values: Iterable[str], path: tuple[str, ...], name: str) -> list[Any]:  # noqa: ANN401 - an enumeration
    line = sheets.line(POLICY, *path)
    found = (sheets.one_of(kinds, value, POLICY, line, f"no_such_{name}", name) for value in values)
    return [kind for kind in found if kind]


def _doors(sheets: Sheets, said: list[str]) -> frozenset[Door]:
    """Whoever reports must be able to follow it."""
    found = frozenset[Door](_each(sheets, Door, said, ("doors",), "door"))
    if Door.REPORT in found and Door.RECEIPT not in found:
        sheets.note_at(POLICY, ("doors",), "report_without_receipt")
    return found


def _share(sheets: Sheets, near: float) -> float:
    if 0 < near < 1:
        return near
    sheets.note_at(POLICY, ("near",), "not_a_share", text=near)
    return NEAR


def _assessment(sheets: Sheets, said: Mapping[str, Any]) -> Assessment:
    found = Assessment(**said)
    if found.month_starts not in FIRST_DAYS:
        sheets.note_at(POLICY, ("assessment", "month_starts"), "not_a_first_day", text=found.month_starts)
    for name in ("response", "resolution", "satisfaction", "mostly"):
        if not 0 <= getattr(found, name) <= 1:
            sheets.note_at(POLICY, ("assessment", name), "not_a_weight", text=getattr(found, name))
    if not isclose(total := found.response + found.resolution + found.satisfaction, 1):
        sheets.note_at(POLICY, ("assessment",), "weights_not_one", total=f"{total:g}")
    return found


def _windows(sheets: Sheets, said: Mapping[str, str]) -> dict[Window, Any]:
    found = {}
    for name, text in said.items():
        line = sheets.line(POLICY, "windows", name)
        window = sheets.one_of(Window, name, POLICY, line, "no_such_window", "window")
        limit = sheets.limit(text, POLICY, line)
        if window and limit:
            found[window] = limit
    return found


def _retention(sheets: Sheets, said: Mapping[str, str]) -> dict[Secrecy, Limit]:
    """How long each class is kept: in whole days, since what is erased goes by the day."""
    found = {}
    for name, text in said.items():
        line = sheets.line(POLICY, "retention", name)
        secrecy = sheets.one_of(Secrecy, name, POLICY, line, "no_such_class", "secrecy")
        limit = sheets.limit(text, POLICY, line)
        if limit and str(limit) not in (f"{limit.amount} days", f"{limit.amount} day"):
            sheets.note(POLICY, line, "not_in_days", text=text)
        elif secrecy and limit:
            found[secrecy] = limit
    return found


def _exports(sheets: Sheets, said: Mapping[str, int]) -> Exports:
    for name, value in said.items():
        if value < 1:
            sheets.note_at(POLICY, ("exports", name), "not_a_number", text=value)
    if said.get("days", 1) > A_YEAR:
        sheets.note_at(POLICY, ("exports", "days"), "too_long", text=said["days"], days=A_YEAR)
    return Exports(**said)


def _reasons(sheets: Sheets, said: Mapping[str, Mapping[str, Mapping[str, str]]]) -> dict[Ground, Mapping[str, Names]]:
    """Each list: the codes, in the order to offer them, with their names."""
    found = {}
    for ground in Ground:
        if not said.get(ground):
            sheets.note_at(POLICY, ("reasons", ground), "missing", field=f"reasons.{ground}")
    for name, reasons in said.items():
        line = sheets.line(POLICY, "reasons", name)
        if known := sheets.one_of(Ground, name, POLICY, line, "no_such_list", "ground"):
            found[known] = reasons
        for reason, names in reasons.items():
            _named(sheets, names, ("reasons", name, reason))
    return found


def _named(sheets: Sheets, names: Mapping[str, str], path: tuple[str, ...]) -> None:
    for language in OURS:
        if language in sheets.languages and not names.get(language):
            sheets.note_at(POLICY, path, "no_name", language=language)
    if not any(names.values()):
        sheets.note_at(POLICY, path, "missing", field=".".join(path))


def _maxima(sheets: Sheets, said: Mapping[str, Any]) -> Maxima:
    usual = Maxima()
    found = {name: _maximum(sheets, name, value) for name, value in said.items()}
    return Maxima(
        extensions=found.get("extensions") or usual.extensions,
        extension=found.get("extension") or usual.extension,
        suspension=found.get("suspension") or usual.suspension,
        rework=found.get("rework") or usual.rework,
        callback_attempts=found.get("callback_attempts") or usual.callback_attempts,
        misses=found.get("misses") or usual.misses,
    )


def _maximum(sheets: Sheets, name: str, value: Any) -> Any:  # noqa: ANN401 - a limit or a number
    line = sheets.line(POLICY, "maxima", name)
    if isinstance(value, str):
        return sheets.limit(value, POLICY, line)
    if value < 1:
        sheets.note(POLICY, line, "not_a_number", text=value)
    return value


def _levels(sheets: Sheets, said: Mapping[str, str]) -> dict[Source, Level]:
    found = {}
    for name, level in said.items():
        line = sheets.line(POLICY, "level_at_log", name)
        source = sheets.one_of(Source, name, POLICY, line, "no_such_source", "source")
        at = sheets.one_of(Level, level, POLICY, line, "no_such_level", "level")
        if source and at:
            found[source] = at
    return found
