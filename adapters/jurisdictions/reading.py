"""A folder's files become a jurisdiction; all that is wrong is found in one run, with file and line."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.jurisdictions.categories import EVERY, limits_of, taxonomy_of
from adapters.jurisdictions.folder import Files, files_of
from adapters.jurisdictions.problems import Problem
from adapters.jurisdictions.replies import replies_of
from adapters.jurisdictions.rules import POLICY, SETTINGS, SETTINGS_SHAPE, calendar_of, emergency_of, policy_of
from adapters.jurisdictions.sheets import Sheets
from adapters.jurisdictions.staff import grants_of
from adapters.jurisdictions.tree import FILE as PLACES
from adapters.jurisdictions.tree import places_of
from adapters.places import AreaError, Areas
from domain.jurisdiction import Department, Jurisdiction, Thing
from domain.policy import Policy
from workflow.soundness import problems as unsound

DEPARTMENTS, THINGS = "departments.csv", "things.csv"
KINDS = ("building", "organisation", "component")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder says: a jurisdiction as far as it can be made (with its areas), and all that is wrong."""

    found: Jurisdiction | None
    areas: Areas
    problems: tuple[Problem, ...]
    files: Files

    @property
    def jurisdiction(self) -> Jurisdiction:
        """The jurisdiction. ValueError where there are problems."""
        if self.found is None or self.problems:
            msg = "; ".join(problem.text("en") for problem in self.problems)
            raise ValueError(msg)
        return self.found


def read(folder: Path, edition: str = "") -> Reading:
    """Read and check a folder."""
    files, unreadable = files_of(folder)
    return read_files(files, edition, unreadable)


def read_files(files: Files, edition: str = "", unreadable: tuple[Problem, ...] = ()) -> Reading:
    """Read and check the files of a jurisdiction."""
    sheets = Sheets(files, list(unreadable))
    areas = _areas(sheets)
    found = _jurisdiction(sheets, edition)
    order = sorted(sheets.problems, key=lambda problem: (problem.file, problem.line))
    return Reading(found, areas, tuple(order), files)


def _jurisdiction(sheets: Sheets, edition: str) -> Jurisdiction | None:
    """Everything, going on whatever is found; None where the settings cannot be read."""
    settings = _settings(sheets)
    code = settings.get("code", "")
    places = places_of(sheets, code, nested=settings.get("nested_codes", False))
    departments = {
        row["code"]: Department(row["code"], sheets.names(DEPARTMENTS, row)) for row in sheets.rows(DEPARTMENTS)
    }
    limits = limits_of(sheets)
    taxonomy = taxonomy_of(sheets, limits, settings.get("category_system", ""))
    things, grants, replies = _things(sheets), grants_of(sheets, places), replies_of(sheets)
    calendar, policy = calendar_of(sheets, settings), policy_of(sheets, limits.get(EVERY, {}))
    emergency = emergency_of(sheets, settings)
    if policy:
        _sound(sheets, policy)
    if not code or calendar is None or policy is None:
        return None
    return Jurisdiction(
        code=code,
        edition=edition or f"{code}@0",
        names=settings.get("names", {}),
        calendar=calendar,
        policy=policy,
        places=places,
        taxonomy=taxonomy,
        departments=departments,
        things=things,
        grants=grants,
        replies=replies,
        emergency=emergency,
    )


def _settings(sheets: Sheets) -> Mapping[str, Any]:
    """The settings; the languages are those declared, else those of the district's names."""
    said = sheets.toml(SETTINGS, SETTINGS_SHAPE)
    if said is None:
        return {}
    names = said.get("names", {})
    sheets.languages = tuple(said.get("languages", names))
    for field in ("code", "names", "week"):
        if not said.get(field):
            sheets.note_at(SETTINGS, (field,), "missing", field=field)
    if not sheets.languages:
        sheets.note_at(SETTINGS, ("languages",), "missing", field="languages")
    for language in sheets.languages:
        if names and not names.get(language):
            sheets.note_at(SETTINGS, ("names",), "no_name", language=language)
    return said


def _sound(sheets: Sheets, policy: Policy) -> None:
    for code, arguments in unsound(policy):
        if code == "clock_without_limit":
            if sheets.could_read("limits.csv"):
                sheets.note("limits.csv", 0, code, **arguments)
        else:
            path = ("who", arguments["command"]) if "command" in arguments else ("off",)
            sheets.note_at(POLICY, path, code, **arguments)


def _things(sheets: Sheets) -> dict[str, Thing]:
    found, places = dict[str, Thing](), sheets.codes(PLACES)
    for row in sheets.rows(THINGS, optional=True):
        if row["kind"] not in KINDS:
            sheets.note(THINGS, row.line, "no_such_kind", kind=row["kind"])
        if not row["label"]:
            sheets.note(THINGS, row.line, "missing", field="label")
        if places is not None and row["place"] not in places:
            sheets.note(THINGS, row.line, "no_such_place", code=row["place"])
        found[row["code"]] = Thing(row["code"], row["kind"], row["label"], row["place"])
    return found


def _areas(sheets: Sheets) -> Areas:
    found = Areas({})
    for file, text in sheets.files.items():
        if file.endswith(".geojson"):
            found = _more_areas(sheets, file, text, found)
    return found


def _more_areas(sheets: Sheets, file: str, text: str, before: Areas) -> Areas:
    try:
        areas, bad = Areas.read(json.loads(text))
    except (json.JSONDecodeError, AreaError) as error:
        sheets.note(file, getattr(error, "lineno", 0), "not_geojson", error=error)
        return before
    known = sheets.codes(PLACES)
    for code, why in bad:
        sheets.note(file, _line_of(code, text), why, code=code)
    for code in areas.by_code:
        if known is not None and code not in known:
            sheets.note(file, _line_of(code, text), "no_such_place", code=code)
        if code in before.by_code:
            sheets.note(file, _line_of(code, text), "area_twice", code=code)
    return Areas({**before.by_code, **areas.by_code})


def _line_of(code: str, text: str) -> int:
    """The line of an area's last feature, by its code; 0 where the code is not to be found."""
    at = text.rfind(f'"{code}"')
    return text.count("\n", 0, at) + 1 if at >= 0 else 0
