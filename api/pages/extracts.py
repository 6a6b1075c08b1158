"""Lists as they are named where their release is asked for: by codes in the log, in words for whoever reads."""

from collections.abc import Callable, Mapping

from adapters.boards import chosen
from adapters.boards.definitions import title
from adapters.boards.narrowing import EVERYTHING, Only
from api.locale import TEXTS
from api.pages.board_lists import DAYS, Listed, of_department, of_district, of_grid, of_street
from api.pages.reading import Reading
from api.pages.routing import NoPageError
from api.security import reach_of
from domain.exports import ALL_CASES, Extract
from workflow import words

BOARDS = ("streets", "grids", "departments", "district")
TABLES = {
    "state": "STATES", "phase": "PHASES", "level": "LEVELS", "nature": "NATURES", "source": "SOURCES", "light": "LIGHTS",
}  # fmt: skip


def of_cases(v: Reading, filters: Mapping[str, str]) -> tuple[Extract, int]:
    """The cases within reach by these filters, as of the moment that is asked about; and how many they are."""
    then = {"as_of": v.then.at.isoformat()} if v.then else {}
    return Extract.of(ALL_CASES, {**filters, **then}), chosen.count(v.engine, reach_of(v.me), filters, v.now)


def of_board(board: str, code: str, name: str, said: Mapping[str, str], days: int = DAYS) -> Extract:
    """A list of a board by what its address says."""
    return Extract.of(name, {**said, **({"days": str(days)} if days != DAYS else {})}, board, code)


def listed(v: Reading, board: str, code: str, name: str, only: Only = EVERYTHING, days: int = DAYS) -> Listed:
    """That list. Raises NoPageError."""
    match board:
        case "streets":
            return of_street(v, code, name, only)
        case "grids":
            return of_grid(v, code, name)
        case "departments":
            return of_department(v, code, name, only)
        case "district" if code == v.law.code:
            return of_district(v, name, days)
        case _:
            raise NoPageError


def called(v: Reading, extract: Extract) -> str:
    """What people call a list."""
    if not extract.board:
        return v.t("register")
    key = f"export_list_{extract.name}"
    return f"{v.plain(extract.unit)} · {v.t(key) if key in TEXTS else extract.name}"


def told(v: Reading, extract: Extract) -> list[tuple[str, str]]:
    """Its filters in words: what each is called, and what it says."""
    return [(v.t(f"export_by_{one.name}"), _value(v, one.name, one.value)) for one in extract.filters]


def _value(v: Reading, name: str, value: str) -> str:
    if name in TABLES:
        return words.said(getattr(words, TABLES[name]), value, v.language)
    say = SAID.get(name, _plainly)
    return say(v, value)


def _plainly(v: Reading, value: str) -> str:
    return v.t(value) if value in ("yes", "no") else value


def _name(v: Reading, code: str) -> str:
    return v.plain(code)


def _moment(v: Reading, value: str) -> str:
    return v.moment(value)


def _categories(v: Reading, codes: str) -> str:
    return (", " if v.language == "en" else "、").join(v.plain_category(code) for code in codes.split("|"))


SAID: Mapping[str, Callable[[Reading, str], str]] = {
    **dict.fromkeys(("street", "community", "grid", "lead", "first_lead", "accountable"), _name),
    **dict.fromkeys(("category", "categories"), _categories),
    **dict.fromkeys(("since", "until", "as_of"), _moment),
    "about": lambda v, code: v.thing(code),
    "figure": lambda v, name: title(name, v.language),
    "part": lambda v, part: v.t(f"part_{part}"),
    "cohort": lambda v, cohort: v.t(f"export_cohort_{cohort}"),
}
