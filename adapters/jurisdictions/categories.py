"""The tree of categories and their limits, out of their tables."""

from collections.abc import Mapping

from adapters.jurisdictions.sheets import Sheets
from adapters.jurisdictions.tables import Row, ancestors
from domain.states import Clock, Level, Nature, Urgency
from domain.taxonomy import Category, Limits, Taxonomy
from domain.worktime import Limit

FILE, LIMITS = "categories.csv", "limits.csv"
NOWHERE = "nowhere"  # in categories.csv: only departments handle it
EVERY = "*"  # in limits.csv: whatever the category
SENSITIVE = {"": False, "no": False, "yes": True}
Key = tuple[Clock, Urgency]


def taxonomy_of(sheets: Sheets, own: Mapping[str, Limits], system: str) -> Taxonomy:
    """The tree, with each category's own limits; `system` names the external codes."""
    rows = {row["code"]: row for row in sheets.rows(FILE)}
    parents = {row["parent"] for row in rows.values()}
    for row in rows.values():
        _belongs(sheets, row, rows)
    made = (_category(sheets, row, own.get(code, {}), leaf=code not in parents) for code, row in rows.items())
    return Taxonomy.of(made, system)


def _belongs(sheets: Sheets, row: Row, rows: Mapping[str, Row]) -> None:
    if row["parent"] and row["parent"] not in rows:
        sheets.note(FILE, row.line, "no_such_parent", code=row["parent"])
    elif ancestors(row, rows) is None:
        sheets.note(FILE, row.line, "circle", code=row["code"])


def _category(sheets: Sheets, row: Row, limits: Limits, *, leaf: bool) -> Category:
    said = row.get("nature") or Nature.INCIDENT
    return Category(
        code=row["code"],
        names=sheets.names(FILE, row),
        parent=row["parent"],
        nature=sheets.one_of(Nature, said, FILE, row.line, "no_such_nature", "nature") or Nature.INCIDENT,
        departments=_departments(sheets, row),
        handled_at=_handled_at(sheets, row),
        limits=limits,
        external_code=row.get("external_code"),
        is_leaf=leaf,
        sensitive=_sensitive(sheets, row),
    )


def _sensitive(sheets: Sheets, row: Row) -> bool:
    if row.get("sensitive") not in SENSITIVE:
        sheets.note(FILE, row.line, "not_yes_or_no", field="sensitive", text=row.get("sensitive"))
    return SENSITIVE.get(row.get("sensitive"), True)


def _departments(sheets: Sheets, row: Row) -> tuple[str, ...]:
    units, known = row.several("departments"), sheets.codes("departments.csv")
    for unit in dict.fromkeys(units):
        if known is not None and unit not in known:
            sheets.note(FILE, row.line, "no_such_department", code=unit)
        if units.count(unit) > 1:
            sheets.note(FILE, row.line, "listed_twice", code=unit)
    return tuple(units)


def _handled_at(sheets: Sheets, row: Row) -> frozenset[Level]:
    """The levels that may handle a category themselves: all where nothing is said, none by the word for it."""
    said = row.several("handled_at")
    if said == [NOWHERE]:
        return frozenset()
    at = (sheets.one_of(Level, name, FILE, row.line, "no_such_level", "level") for name in said)
    return frozenset(level for level in at if level) if said else frozenset(Level)


def limits_of(sheets: Sheets) -> dict[str, dict[Key, tuple[Limit, ...]]]:
    """Limits by category; those of every category are the policy's."""
    found = dict[str, dict[Key, tuple[Limit, ...]]]()
    lines: dict[tuple[str, Key, str], int] = {}
    for row in sheets.rows(LIMITS):
        if (read := _limit(sheets, row)) is None:
            continue
        key, limit = read
        first = lines.setdefault((row["category"], key, limit.step), row.line)
        if first != row.line:
            sheets.note(LIMITS, row.line, "limit_twice", first=first)
        of = found.setdefault(row["category"], {})
        of[key] = (*of.get(key, ()), limit)
    _without_whole(sheets, lines)
    return found


def _limit(sheets: Sheets, row: Row) -> tuple[Key, Limit] | None:
    clock = sheets.one_of(Clock, row["clock"], LIMITS, row.line, "no_such_clock", "clock")
    urgency = sheets.one_of(Urgency, row["urgency"], LIMITS, row.line, "no_such_urgency", "urgency")
    limit, known = sheets.limit(row["limit"], LIMITS, row.line), sheets.codes(FILE)
    if known is not None and row["category"] not in {EVERY, *known}:
        sheets.note(LIMITS, row.line, "no_such_category", code=row["category"])
    return ((clock, urgency), limit) if clock and urgency and limit else None


def _without_whole(sheets: Sheets, lines: Mapping[tuple[str, Key, str], int]) -> None:
    """A step's limit beside no limit of the whole would leave the whole without any."""
    for (category, key, step), line in lines.items():
        if step and (category, key, "") not in lines:
            sheets.note(LIMITS, line, "step_alone", step=step)
