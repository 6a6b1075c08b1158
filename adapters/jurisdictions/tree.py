"""The tree of places out of its table."""

from collections.abc import Mapping

from adapters.jurisdictions.sheets import Sheets
from adapters.jurisdictions.tables import Row, Rows, ancestors
from domain.places import Place, Places, Rung

FILE = "places.csv"
RUNGS = tuple(Rung)


def places_of(sheets: Sheets, district: str, *, nested: bool) -> Places:
    """The places whose way up is known; `nested`: a code begins with its parent's."""
    rows = {row["code"]: row for row in sheets.rows(FILE)}
    if district and sheets.codes(FILE) is not None:
        _one_district(sheets, sheets.rows(FILE), district)
    made = [_place(sheets, row, rows, nested=nested) for row in rows.values()]
    return Places.of(place for place in made if place)


def _one_district(sheets: Sheets, rows: Rows, district: str) -> None:
    tops = [row for row in rows if not row["parent"]]
    wrong = [row.line for row in tops if row["code"] != district]
    if wrong or not tops:
        sheets.note(FILE, wrong[0] if wrong else 0, "one_district", code=district)


def _place(sheets: Sheets, row: Row, rows: Mapping[str, Row], *, nested: bool) -> Place | None:
    names, parent, above = sheets.names(FILE, row), row["parent"], ancestors(row, rows)
    if parent and parent not in rows:
        sheets.note(FILE, row.line, "no_such_parent", code=parent)
    elif nested and not row["code"].startswith(parent):
        sheets.note(FILE, row.line, "code_of_parent", code=row["code"], parent=parent)
    if above is None:
        sheets.note(FILE, row.line, "circle", code=row["code"])
    if above is None or (above or (row,))[-1]["parent"]:
        return None
    rung = _rung(sheets, row, above)
    return Place(row["code"], rung, names, parent) if rung else None


def _rung(sheets: Sheets, row: Row, above: tuple[Row, ...]) -> Rung | None:
    """The rung said, else by depth; further down than the parent's."""
    said = _said(row, len(above))
    if not said:
        sheets.note(FILE, row.line, "too_deep", code=row["code"])
        return None
    rung = sheets.one_of(Rung, said, FILE, row.line, "no_such_rung", "rung")
    parent = _said(above[0], len(above) - 1) if above else ""
    if rung and parent in RUNGS and RUNGS.index(rung) <= RUNGS.index(Rung(parent)):
        sheets.note(FILE, row.line, "wrong_rung", rung=rung, parent=parent)
    return rung


def _said(row: Row, depth: int) -> str:
    return row.get("rung") or (RUNGS[depth].value if depth < len(RUNGS) else "")
