"""One's own city in ten minutes: a commented folder out of three tables that every city has."""

import csv
import json
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path

from adapters.jurisdictions.tables import Row, Rows, ancestors, table_of
from domain.actors import DEPARTMENTAL, Role
from domain.places import Rung
from domain.states import Clock

TABLES = ("places.csv", "departments.csv", "categories.csv")
TEMPLATES = Path(__file__).parent / "templates"
RUNGS = tuple(Rung)
BY_RUNG: Mapping[str, tuple[Role, ...]] = {
    Rung.GRID: (Role.GRID_WORKER,),
    Rung.COMMUNITY: (Role.COMMUNITY,),
    Rung.STREET: (Role.STREET_CLERK, Role.STREET_LEADER),
    Rung.DISTRICT: (
        Role.HOTLINE, Role.DISPATCHER, Role.ARBITER, Role.SUPERVISOR, Role.DATA_OFFICER, Role.AUDITOR, Role.ADMIN,
    ),
}  # fmt: skip


class NotEmptyError(ValueError):
    """The folder exists and holds something: nothing is overwritten."""


class NoDistrictError(ValueError):
    """The table of places cannot be read, or has no place without a parent."""


def new(folder: Path, places: Path, departments: Path, categories: Path, *, zone: str = "Asia/Shanghai") -> list[Path]:
    """Write a folder that reads and checks at once, if the three tables agree; returns the files.

    Raises NotEmptyError, NoDistrictError, OSError; then nothing was written.
    """
    if folder.exists() and any(folder.iterdir()):
        msg = f"{folder} is not empty; nothing is overwritten"
        raise NotEmptyError(msg)
    given = {name: path.read_bytes() for name, path in zip(TABLES, (places, departments, categories), strict=True)}
    rows = _rows(given["places.csv"])
    top = _district(places, rows)
    made = {
        **given,
        **{name: text.encode() for name, text in _templates(top, zone)},
        "limits.csv": limits().encode(),
        "staff.csv": staff(rows, _rows(given["departments.csv"])).encode(),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (folder / name).write_bytes(content)
    return sorted(folder.iterdir())


def _rows(content: bytes) -> Rows:
    """The rows; what is wrong with a table is for the check to say, once it lies in the folder."""
    return table_of(content.decode("utf-8-sig", errors="replace")).rows


def _district(places: Path, rows: Rows) -> Row:
    for row in rows:
        if row.get("code") and not row.get("parent") and "parent" in row.cells:
            return row
    msg = f"{places}: columns code and parent are needed, and one row without a parent: the district"
    raise NoDistrictError(msg)


def _templates(top: Row, zone: str) -> Iterable[tuple[str, str]]:
    names = {key.removeprefix("name_"): value for key, value in top.cells.items() if key.startswith("name_") and value}
    words = {
        "code": _text(top["code"]),
        "names": "{ " + ", ".join(f"{_text(language)} = {_text(name)}" for language, name in names.items()) + " }",
        "languages": "[" + ", ".join(map(_text, names)) + "]",
        "zone": _text(zone),
    }
    for template in sorted(TEMPLATES.iterdir()):
        text = template.read_text(encoding="utf-8")
        for word, value in words.items():
            text = text.replace("{" + word + "}", value)
        yield template.name, text


def _text(value: str) -> str:
    # What JSON quotes, TOML reads: the escapes of the one are escapes of the other.
    return json.dumps(value, ensure_ascii=False)


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
        '# A limit with a comma needs quotation marks: "4 working hours, step stop work"',
        "category,clock,urgency,limit",
        *(f"*,{clock},routine,{limit}" for clock, limit in USUAL.items()),
        f"*,{Clock.REPORT_IN},tough,5 working days",
        f"*,{Clock.RESOLVE},tough,15 days",
        *(f"*,{clock},emergency,{limit}" for clock, limit in EMERGENCIES.items()),
    ]
    return "\n".join(lines) + "\n"


def staff(places: Rows, departments: Rows) -> str:
    """staff.csv with one title per role and unit; titles, never names of people."""
    rows = {row["code"]: row for row in places if row.get("code")}
    members = [(role, code) for code, row in rows.items() for role in BY_RUNG.get(_rung(row, rows), ())]
    members += [(role, row.get("code")) for row in departments if row.get("code") for role in DEPARTMENTAL]
    text = StringIO()
    text.write("# Titles, never names: the log says who acted by these. since, until: dates, or empty.\n")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("staff", "role", "unit", "since", "until"))
    for role, unit in dict.fromkeys(members):
        writer.writerow((f"{role.replace('_', '-')}-{unit}", role.value, unit, "", ""))
    return text.getvalue()


def _rung(row: Row, rows: Mapping[str, Row]) -> str:
    """The rung said, else by depth; '' where the tree gives none."""
    above = ancestors(row, rows)
    depth = len(RUNGS) if above is None else len(above)
    return row.get("rung") or (RUNGS[depth].value if depth < len(RUNGS) else "")
