"""A folder's files become a jurisdiction; all that is wrong is found in one run, with file and line."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.jurisdictions.folder import Files, files_of
from adapters.jurisdictions.problems import Problem
from adapters.jurisdictions.rules import calendar_of, policy_of
from adapters.jurisdictions.sheets import Sheets
from adapters.jurisdictions.tables import Row
from adapters.places import AreaError, Areas
from domain.actors import Role
from domain.jurisdiction import Department, Grant, Jurisdiction, Thing
from domain.places import Place, Places, Rung
from domain.states import Clock, Level, Nature, Urgency
from domain.taxonomy import Category, Limits, Taxonomy
from domain.worktime import Limit
from workflow.soundness import problems as unsound

RUNGS = tuple(Rung)
NOWHERE = "nowhere"  # in categories.csv: only departments handle it
EVERY = "*"  # in limits.csv: whatever the category
KINDS = ("building", "organisation", "component")
PLACE_ROLES = {
    Role.GRID_WORKER: Rung.GRID,
    Role.COMMUNITY: Rung.COMMUNITY,
    Role.STREET_CLERK: Rung.STREET,
    Role.STREET_LEADER: Rung.STREET,
}
DEPARTMENT_ROLES = (Role.DEPARTMENT_CLERK, Role.DEPARTMENT_HEAD)
NEEDED_ROLES = (Role.STREET_LEADER, Role.DISPATCHER, Role.DEPARTMENT_CLERK)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder says: a jurisdiction (with its areas, where it has any), or all that is wrong."""

    found: Jurisdiction | None
    areas: Areas
    problems: tuple[Problem, ...]
    files: Files

    @property
    def jurisdiction(self) -> Jurisdiction:
        """The jurisdiction. ValueError where there are problems."""
        if self.found is None:
            msg = "; ".join(problem.text("en") for problem in self.problems)
            raise ValueError(msg)
        return self.found


def read(folder: Path, edition: str = "") -> Reading:
    """Read and check a folder."""
    files, unreadable = files_of(folder)
    return read_files(files, edition, unreadable)


def read_files(files: Files, edition: str = "", unreadable: tuple[Problem, ...] = ()) -> Reading:
    """Read and check the files of a jurisdiction."""
    reader = Reader(files, list(unreadable))
    found = reader.jurisdiction(edition)
    order = sorted(reader.problems, key=lambda problem: (problem.file, problem.line))
    return Reading(None if order else found, reader.areas, tuple(order), files)


class Reader(Sheets):
    """Reads one table after the other, and goes on whatever it finds."""

    def jurisdiction(self, edition: str) -> Jurisdiction | None:
        """Everything; None where the settings themselves cannot be read."""
        settings = self.toml("jurisdiction.toml")
        if settings is None or not self.has(settings, "jurisdiction.toml", "code", "names", "week"):
            return None
        self.languages = tuple(settings.get("languages", ("zh",)))
        places = self._places(settings)
        departments = self._departments()
        limits = self._limits()
        taxonomy = self._taxonomy(departments, limits, settings)
        calendar, policy = calendar_of(self, settings), policy_of(self, limits.get(EVERY, {}))
        self._areas(places)
        grants = self._grants(places, departments)
        things = self._things(places)
        if calendar is None or policy is None:
            return None
        for code, arguments in unsound(policy):
            self.note("limits.csv" if code == "clock_without_limit" else "policy.toml", 0, code, **arguments)
        code = str(settings["code"])
        return Jurisdiction(
            code=code,
            edition=edition or f"{code}@0",
            names=settings["names"],
            calendar=calendar,
            policy=policy,
            places=places,
            taxonomy=taxonomy,
            departments=departments,
            things=things,
            grants=grants,
        )

    # --- tables

    def _places(self, settings: Mapping[str, Any]) -> Places:
        file, code = "places.csv", str(settings["code"])
        rows = self.rows(file, "code", "parent")
        by_code = {row["code"]: row for row in rows}
        tops = [row for row in rows if not row["parent"]]
        if [row["code"] for row in tops] != [code]:
            self.note(file, tops[1].line if len(tops) > 1 else 0, "one_district", code=code)
        nested = settings.get("nested_codes", False)
        made = [self._place(row, by_code, nested=nested) for row in rows]
        return Places.of(place for place in made if place)

    def _place(self, row: Row, rows: Mapping[str, Row], *, nested: bool) -> Place | None:
        file, parent = "places.csv", row["parent"]
        if parent and parent not in rows:
            self.note(file, row.line, "no_such_parent", code=parent)
            return None
        if nested and not row["code"].startswith(parent):
            self.note(file, row.line, "code_of_parent", code=row["code"], parent=parent)
        depth = _depth(row, rows)
        if depth is None:
            self.note(file, row.line, "circle", code=row["code"])
            return None
        rung = self._rung(row, depth, rows)
        return Place(row["code"], rung, self.names(file, row), parent) if rung else None

    def _rung(self, row: Row, depth: int, rows: Mapping[str, Row]) -> Rung | None:
        """The rung said, else by depth."""
        said = row.get("rung") or (RUNGS[depth].value if depth < len(RUNGS) else str(depth))
        rung = self.one_of(Rung, said, "places.csv", row.line, "no_such_rung", "rung")
        parent = rows[row["parent"]].get("rung") if row["parent"] else ""
        if rung and parent in {r.value for r in Rung} and RUNGS.index(rung) <= RUNGS.index(Rung(parent)):
            self.note("places.csv", row.line, "wrong_rung", rung=rung, parent=parent)
        return rung

    def _departments(self) -> dict[str, Department]:
        file = "departments.csv"
        return {row["code"]: Department(row["code"], self.names(file, row)) for row in self.rows(file, "code")}

    def _taxonomy(
        self, departments: Mapping[str, Department], own: Mapping[str, Limits], settings: Mapping[str, Any]
    ) -> Taxonomy:
        rows = self.rows("categories.csv", "code", "parent")
        by_code = {row["code"]: row for row in rows}
        parents = {row["parent"] for row in rows}
        made = []
        for row in rows:
            self._belongs(row, by_code)
            made.append(self._category(row, departments, own.get(row["code"], {}), leaf=row["code"] not in parents))
        return Taxonomy.of(made, str(settings.get("category_system", "")))

    def _belongs(self, row: Row, rows: Mapping[str, Row]) -> None:
        if row["parent"] and row["parent"] not in rows:
            self.note("categories.csv", row.line, "no_such_parent", code=row["parent"])
        elif _depth(row, rows) is None:
            self.note("categories.csv", row.line, "circle", code=row["code"])

    def _category(self, row: Row, departments: Mapping[str, Department], limits: Limits, *, leaf: bool) -> Category:
        file = "categories.csv"
        for unit in (units := row.several("departments")):
            if unit not in departments:
                self.note(file, row.line, "no_such_department", code=unit)
        nature = self.one_of(Nature, row.get("nature") or Nature.INCIDENT, file, row.line, "no_such_nature", "nature")
        return Category(
            code=row["code"],
            names=self.names(file, row),
            parent=row["parent"],
            nature=nature or Nature.INCIDENT,
            departments=tuple(units),
            handled_at=self._handled_at(row),
            limits=limits,
            external_code=row.get("external_code"),
            is_leaf=leaf,
        )

    def _handled_at(self, row: Row) -> frozenset[Level]:
        """The levels that may handle a category themselves: all where nothing is said, none by the word for it."""
        said = row.several("handled_at")
        if said == [NOWHERE]:
            return frozenset()
        at = (self.one_of(Level, name, "categories.csv", row.line, "no_such_level", "level") for name in said)
        return frozenset(level for level in at if level) if said else frozenset(Level)

    def _limits(self) -> dict[str, dict[tuple[Clock, Urgency], tuple[Limit, ...]]]:
        """Limits by category; those of every category are the policy's."""
        file, found = "limits.csv", dict[str, dict[tuple[Clock, Urgency], tuple[Limit, ...]]]()
        known = {EVERY, *(row["code"] for row in self.rows("categories.csv", "code", quiet=True))}
        for row in self.rows(file, "category", "clock", "urgency", "limit"):
            clock = self.one_of(Clock, row["clock"], file, row.line, "no_such_clock", "clock")
            urgency = self.one_of(Urgency, row["urgency"], file, row.line, "no_such_urgency", "urgency")
            limit = self.limit(row["limit"], file, row.line)
            if row["category"] not in known:
                self.note(file, row.line, "no_such_category", code=row["category"])
            if clock and urgency and limit:
                of = found.setdefault(row["category"], {})
                of[clock, urgency] = (*of.get((clock, urgency), ()), limit)
        return found

    def _things(self, places: Places) -> dict[str, Thing]:
        file, found = "things.csv", dict[str, Thing]()
        for row in self.rows(file, "code", "kind", "label", "place", optional=True):
            if row["kind"] not in KINDS:
                self.note(file, row.line, "no_such_kind", kind=row["kind"])
            if row["place"] not in places.by_code:
                self.note(file, row.line, "no_such_place", code=row["place"])
            found[row["code"]] = Thing(row["code"], row["kind"], row["label"], row["place"])
        return found

    def _grants(self, places: Places, departments: Mapping[str, Department]) -> tuple[Grant, ...]:
        file, found = "staff.csv", list[Grant]()
        for row in self.rows(file, "staff", "role", "unit"):
            role = self.one_of(Role, row["role"], file, row.line, "no_such_role", "role")
            if role:
                self._fits(role, row["unit"], row.line, places, departments)
                found.append(Grant(row["staff"], role, row["unit"], row.get("since"), row.get("until")))
        for needed in NEEDED_ROLES:
            if needed not in {grant.role for grant in found}:
                self.note(file, 0, "no_staff", role=needed)
        return tuple(found)

    def _fits(self, role: Role, unit: str, line: int, places: Places, departments: Mapping[str, Department]) -> None:
        if role in DEPARTMENT_ROLES:
            fits, wanted = unit in departments, "department"
        else:
            rung = PLACE_ROLES.get(role, Rung.DISTRICT)
            fits, wanted = unit in places.by_code and places.by_code[unit].rung is rung, rung.value
        if not fits:
            self.note("staff.csv", line, "role_and_unit", role=role, wanted=wanted, unit=unit)

    def _areas(self, places: Places) -> None:
        for file, text in self.files.items():
            if file.endswith(".geojson"):
                self._area_file(file, text, places)

    def _area_file(self, file: str, text: str, places: Places) -> None:
        try:
            areas, bad = Areas.read(json.loads(text))
        except (json.JSONDecodeError, AreaError) as error:
            self.note(file, 0, "not_geojson", error=error)
            return
        for code in bad:
            self.note(file, 0, "no_polygon", code=code)
        for code in areas.by_code:
            if code not in places.by_code:
                self.note(file, 0, "no_such_place", code=code)
        self.areas = Areas({**self.areas.by_code, **areas.by_code})


def _depth(row: Row, rows: Mapping[str, Row]) -> int | None:
    """How many parents it has; None where they go in a circle."""
    seen: list[str] = []
    while row["parent"] in rows:
        if row["code"] in seen:
            return None
        seen.append(row["code"])
        row = rows[row["parent"]]
    return len(seen)
