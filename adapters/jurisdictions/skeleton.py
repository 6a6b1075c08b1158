"""One's own city in ten minutes: a commented folder out of three tables that every city has."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from adapters.jurisdictions.tables import Rows, rows_of
from domain.actors import Role
from domain.states import Clock

TABLES = ("places.csv", "departments.csv", "categories.csv")
TEMPLATES = Path(__file__).parent / "templates"
BY_RUNG = {
    "grid": (Role.GRID_WORKER,),
    "community": (Role.COMMUNITY,),
    "street": (Role.STREET_CLERK, Role.STREET_LEADER),
    "district": (Role.HOTLINE, Role.DISPATCHER, Role.ARBITER, Role.SUPERVISOR, Role.DATA_OFFICER),
}
RUNGS = tuple(reversed(BY_RUNG))


class NotEmptyError(ValueError):
    """The folder exists and holds something: nothing is overwritten."""


class NoDistrictError(ValueError):
    """The table of places has no place without a parent."""


def new(folder: Path, places: Path, departments: Path, categories: Path, *, zone: str = "Asia/Shanghai") -> list[Path]:
    """Write a folder that reads and checks at once, if the three tables agree; returns the files.

    Raises NotEmptyError, NoDistrictError, OSError.
    """
    if folder.exists() and any(folder.iterdir()):
        raise NotEmptyError(str(folder))
    rows = rows_of(places.read_text(encoding="utf-8-sig"), ("code", "parent"))[0]
    top = next((row for row in rows if not row["parent"]), None)
    if top is None:
        raise NoDistrictError(str(places))
    folder.mkdir(parents=True, exist_ok=True)
    for source, name in zip((places, departments, categories), TABLES, strict=True):
        shutil.copyfile(source, folder / name)
    names = {key.removeprefix("name_"): value for key, value in top.cells.items() if key.startswith("name_") and value}
    words = {"code": top["code"], "names": _names(names), "languages": _list(names), "zone": zone}
    for template in sorted(TEMPLATES.glob("*")):
        text = template.read_text(encoding="utf-8")
        for word, value in words.items():
            text = text.replace("{" + word + "}", value)
        (folder / template.name).write_text(text, encoding="utf-8")
    (folder / "limits.csv").write_text(limits(), encoding="utf-8")
    (folder / "staff.csv").write_text(staff(rows, departments), encoding="utf-8")
    return sorted(folder.iterdir())


def _names(names: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f'{language} = "{name}"' for language, name in names.items()) + " }"


def _list(names: Mapping[str, str]) -> str:
    return "[" + ", ".join(f'"{language}"' for language in names) + "]"


USUAL = {
    Clock.RESIDENT: "15 days",
    Clock.TRIAGE: "1 working day",
    Clock.DISPATCH: "4 working hours",
    Clock.SIGN: "1 working day",
    Clock.REPORT_IN: "3 working days",
    Clock.RESOLVE: "7 days",
    Clock.ARBITRATE: "2 working days",
    Clock.VERIFY: "1 working day",
    Clock.CALL_BACK: "2 working days",
    Clock.SUPERVISION: "1 working day",
}
EMERGENCIES = {
    Clock.DISPATCH: "0.5 hours",
    Clock.SIGN: "0.5 hours",
    Clock.REPORT_IN: "0.5 hours",
    Clock.RESOLVE: "24 hours",
}


def limits() -> str:
    """limits.csv with the usual limits; emergencies count around the clock."""
    lines = [
        "# How long each step may take. category: a code, or * for all. Units: hours, days, working hours, working days;",
        "# ', from next day' where the day itself is not counted; ', step NAME' for a step with a limit of its own.",
        "category,clock,urgency,limit",
        *(f"*,{clock},routine,{limit}" for clock, limit in USUAL.items()),
        f"*,{Clock.REPORT_IN},tough,5 working days",
        f"*,{Clock.RESOLVE},tough,15 days",
        *(f"*,{clock},emergency,{limit}" for clock, limit in EMERGENCIES.items()),
    ]
    return "\n".join(lines) + "\n"


def staff(places: Rows, departments: Path) -> str:
    """staff.csv with one title per role and unit; titles, never names of people."""
    depth = {row["code"]: row["parent"] for row in places}
    lines = ["# Titles, never names: the log says who acted by these.", "staff,role,unit,since,until"]
    for row in places:
        roles = BY_RUNG[row.get("rung") or RUNGS[_depth(row["code"], depth)]]
        lines += [_member(role, row["code"]) for role in roles]
    for row in rows_of(departments.read_text(encoding="utf-8-sig"), ("code",))[0]:
        lines += [_member(role, row["code"]) for role in DEPARTMENT_ROLES]
    return "\n".join(lines) + "\n"


def _member(role: Role, unit: str) -> str:
    return f"{role.replace('_', '-')}-{unit},{role},{unit},,"


DEPARTMENT_ROLES = (Role.DEPARTMENT_CLERK, Role.DEPARTMENT_HEAD)


def _depth(code: str, parents: Mapping[str, str]) -> int:
    count = 0
    while (code := parents.get(code, "")) and count < len(RUNGS) - 1:
        count += 1
    return count
