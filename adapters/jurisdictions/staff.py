"""Who may act as what, out of the table of staff: titles and pseudonyms, never names."""

from datetime import date

from adapters.jurisdictions.sheets import Sheets
from adapters.jurisdictions.tables import Row
from adapters.jurisdictions.tree import FILE as PLACES
from domain.actors import DEPARTMENTAL, Role
from domain.jurisdiction import Grant
from domain.places import Places, Rung

FILE = "staff.csv"
NEEDED_ROLES = (Role.STREET_LEADER, Role.DISPATCHER, Role.DEPARTMENT_CLERK)
NOBODY = (Role.RESIDENT, Role.SYSTEM)  # no office that anybody is given


def grants_of(sheets: Sheets, places: Places) -> tuple[Grant, ...]:
    """Every row's grant."""
    first: dict[tuple[str, str, str], int] = {}
    found = []
    for row in sheets.rows(FILE):
        key = (row["staff"], row["role"], row["unit"])
        if first.setdefault(key, row.line) != row.line:
            sheets.note(FILE, row.line, "grant_twice", staff=row["staff"], first=first[key])
        elif grant := _grant(sheets, row, places):
            found.append(grant)
    if sheets.could_read(FILE):
        _needed(sheets, {grant.role for grant in found})
    return tuple(found)


def _needed(sheets: Sheets, held: set[Role]) -> None:
    for role in NEEDED_ROLES:
        if role not in held:
            sheets.note(FILE, 0, "no_staff", role=role)


def _grant(sheets: Sheets, row: Row, places: Places) -> Grant | None:
    role = sheets.one_of(Role, row["role"], FILE, row.line, "no_such_role", "role")
    since, until = _day(sheets, row, "since"), _day(sheets, row, "until")
    if since and until and until < since:
        sheets.note(FILE, row.line, "ends_before_it_begins", since=since, until=until)
    if role in NOBODY:
        sheets.note(FILE, row.line, "not_an_office", role=role)
    elif role:
        _fits(sheets, row, role, places)
    return Grant(row["staff"], role, row["unit"], since, until) if role else None


def _day(sheets: Sheets, row: Row, column: str) -> str:
    said = row.get(column)
    try:
        return date.fromisoformat(said).isoformat() if said else ""
    except ValueError:
        sheets.note(FILE, row.line, "not_a_date", text=said)
        return ""


def _fits(sheets: Sheets, row: Row, role: Role, places: Places) -> None:
    known = sheets.codes("departments.csv" if role in DEPARTMENTAL else PLACES)
    wanted = "department" if role in DEPARTMENTAL else role.rung.value
    if known is None:
        return
    if row["unit"] not in known or not (role in DEPARTMENTAL or _lies_at(places, row["unit"], role.rung)):
        sheets.note(FILE, row.line, "role_and_unit", role=role, wanted=wanted, unit=row["unit"])


def _lies_at(places: Places, code: str, rung: Rung) -> bool:
    """Whether a place is of a rung; one whose own row is wrong is not judged again here."""
    place = places.by_code.get(code)
    return place is None or place.rung is rung
