"""The lists of the boards as they are taken out: whose they are, what their rows are, and where those come from."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.boards import chosen, department, district, grid, register, street
from adapters.boards.asked import Asked
from adapters.boards.chosen import Duty as Assigned
from adapters.boards.department import Duty
from adapters.boards.exceptions import Excluded, Suspended
from adapters.boards.leagues import Standing
from adapters.boards.matrix import Overdue
from adapters.boards.narrowing import EVERYTHING, Only
from adapters.boards.register import LONGEST, CaseLine
from api.pages.as_table import Rows
from api.pages.columns import AskedOf, ToRate
from api.pages.reading import Reading
from api.pages.routing import NoPageError
from api.security import sees_department, sees_place
from domain.permissions import Reach
from domain.places import Rung

Lists = Mapping[str, type]
DAYS = 30  # of the leagues and exclusions, where nothing else is said


def _of_cases(*names: str) -> Lists:
    return dict.fromkeys(names, CaseLine)


STREET: Lists = {
    **_of_cases("inbox", "whistled", "disputed", "to_verify", "to_call_back", "calls_failed", "to_close", "marked"),
    "suspended": Suspended,
    "requests": AskedOf,
    "to_rate": ToRate,
}
GRID: Lists = _of_cases("mine", "to_verify", "sent_down", "returned", "elsewhere")
DEPARTMENT: Lists = {
    **dict.fromkeys(
        ("new", "to_report_in", "at_work", "due_today", "overdue", "suspended", "rework", "supervised"), Duty
    ),
    "requests": AskedOf,
    "assignments": Assigned,
}
DISTRICT: Lists = {
    **_of_cases("to_route", "to_dispatch", "disputed"),
    "requests": AskedOf,
    "overdue": Overdue,
    "streets": Standing,
    "departments": Standing,
    "exclusions": Excluded,
}
WHOLE: Mapping[str, Mapping[str, str]] = {"to_dispatch": {"state": "escalated"}, "disputed": {"state": "disputed"}}


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: the kind of its rows, the rows, and how many they are."""

    kind: type
    rows: Rows
    size: int
    cut: bool = False  # a board shows no more


def of_street(v: Reading, code: str, name: str, only: Only = EVERYTHING) -> Listed:
    """A list of a street's board. Raises NoPageError."""
    _place(v, code, Rung.STREET)
    return _of(v, STREET, name, lambda: street.board(v.parts.boards.engine, code, v.now, only))


def of_grid(v: Reading, code: str, name: str) -> Listed:
    """A list of the board of a grid or community. Raises NoPageError."""
    _place(v, code, Rung.GRID, Rung.COMMUNITY)
    place = v.law.places.by_code[code]
    return _of(v, GRID, name, lambda: grid.board(v.parts.boards.engine, place, v.now))


def of_department(v: Reading, code: str, name: str, only: Only = EVERYTHING) -> Listed:
    """A list of a department's board, or every assignment that it ever had. Raises NoPageError."""
    if not sees_department(v.law, v.me, code):
        raise NoPageError
    if name == "assignments":
        size = chosen.how_many_duties(v.parts.boards.engine, code)
        return Listed(Assigned, chosen.duties(v.parts.boards.writer.engine, code), size)
    return _of(v, DEPARTMENT, name, lambda: department.board(v.parts.boards.engine, code, v.now, only))


def of_district(v: Reading, name: str, days: int = DAYS) -> Listed:
    """A list of the district's board; the dispatch queue and the disputes are whole. Raises NoPageError."""
    _place(v, v.law.code, Rung.DISTRICT)
    if name in WHOLE:
        reach = Reach(Rung.DISTRICT.value, v.law.code)
        size = chosen.count(v.parts.boards.engine, reach, WHOLE[name], v.now)
        return Listed(CaseLine, chosen.lines(v.parts.boards.writer.engine, reach, WHOLE[name], v.now), size)
    return _of(v, DISTRICT, name, lambda: district.board(v.parts.boards.engine, v.law, v.now, days))


def _place(v: Reading, code: str, *rungs: Rung) -> None:
    place = v.law.places.by_code.get(code)
    if place is None or place.rung not in rungs or not sees_place(v.law, v.me, code):
        raise NoPageError


def _of(v: Reading, lists: Lists, name: str, board: Callable[[], Any]) -> Listed:
    if name not in lists:
        raise NoPageError
    found = board()
    rows = getattr(found.leagues if lists[name] is Standing else found, name)
    return Listed(lists[name], [_numbered(v, rows, lists[name])], len(rows), len(rows) == LONGEST)


def _numbered(v: Reading, rows: Iterable[Any], kind: type) -> list[Any]:
    """Rows that know only the id of their case get its number too."""
    found = list(rows)
    if kind is AskedOf:
        return _asked(v, found)
    if kind is ToRate:
        numbers = register.numbers(v.parts.boards.engine, [case for case, _ in found])
        return [ToRate(case, numbers.get(case, ""), unit) for case, unit in found]
    return found


def _asked(v: Reading, rows: list[Asked]) -> list[AskedOf]:
    numbers = register.numbers(v.parts.boards.engine, [one.case for one in rows])
    return [AskedOf(one.case, numbers.get(one.case, ""), one.kind, one.unit, one.reason, one.decide_by) for one in rows]
