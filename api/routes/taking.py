"""What programs take out: cases by any filter, lists of the boards, and which steps the tables allow."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel

from api.desk import caught_up
from api.forms import Code
from api.lists import Taken
from api.pages import board_lists
from api.pages.board_lists import DAYS
from api.pages.extracts import listed, of_board
from api.pages.reading import Reading, reading_of
from api.pages.routing import NoPageError
from api.pages.taking import CSV, JSON, KINDS, Days, Form, Kind, ListName, cases_taken, list_taken
from api.problems import Trouble, documented
from api.rates import in_measure, of_staff
from api.security import Caller, Parts
from domain.exports import Extract
from workflow.mining import ALLOWED, ON_THE_WAY, PAIRS
from workflow.words import STEPS

router = APIRouter(prefix="/api/v1")
PlaceCode = Annotated[Code, Path()]


def _reading(request: Request, whole: Parts, actor: Caller) -> Reading:
    return reading_of(request, whole, actor)


AsRead = Annotated[Reading, Depends(_reading)]


def _file(*kinds: str) -> dict[int | str, dict[str, Any]]:
    """What a file is, for the OpenAPI document."""
    content: dict[str, Any] = {
        kind.split(";", maxsplit=1)[0]: {"schema": {"type": "string"} if kind != JSON else {}} for kind in kinds
    }
    named = {"Content-Disposition": {"description": "A name with the day in it", "schema": {"type": "string"}}}
    return {200: {"description": "The file, streamed", "content": content, "headers": named}}


# --- cases


def _take(name: str, kind: Kind, told: str) -> None:
    def take(v: AsRead, wanted: Annotated[Taken, Query()]) -> Response:
        caught_up(v.parts, wanted.after)
        in_measure(v.parts, "export", of_staff(v.me))
        return cases_taken(v, kind, wanted.filters())

    take.__doc__, take.__name__ = told, f"cases_as_{name}"
    router.add_api_route(
        f"/cases.{kind.suffix}", take, methods=["GET"], response_class=Response, tags=["taking out"],
        responses={**_file(kind.media), **documented(401, 409, 422, 429, 503)},
    )  # fmt: skip


TOLD = {
    "csv": "Every case within reach that meets the filters, as a table that opens in a spreadsheet: see docs/taking-out.md.",
    "json": "The same as one JSON array, a case to a line.",
    "xes": "The same as an event log in XES (IEEE 1849-2016): what happened, by which unit, never by whom.",
    "ocel": "The same as an object-centric event log (OCEL 2.0 JSON): cases, assignments, requests, whistles, units.",
}
for _name, _kind in KINDS.items():
    _take(_name, _kind, TOLD[_name])


# --- lists of the boards


def _language(
    lang: Annotated[
        Literal["zh", "en"] | None, Query(description="Of a table's words; otherwise as Accept-Language says")
    ] = None,
) -> None:
    """Documented here."""


def _offer(path: str, lists: board_lists.Lists, told: str, take: Callable[..., Response]) -> None:
    """One route out of one kind of board; `name` is any of its lists."""
    take.__name__ = take.__name__.strip("_")
    take.__doc__ = f"{told} `name` is any of: {', '.join(lists)}."
    router.add_api_route(
        f"{path}/lists/{{name}}.{{form}}", take, methods=["GET"], response_class=Response, tags=["taking out"],
        dependencies=[Depends(_language)], responses={**_file(CSV, JSON), **documented(401, 404, 409, 422, 429, 503)},
    )  # fmt: skip


def _taken(v: Reading, extract: Extract, form: str, days: int = DAYS) -> Response:
    in_measure(v.parts, "list", of_staff(v.me))
    try:
        return list_taken(v, listed(v, extract.board, extract.unit, extract.name, days=days), extract, form)
    except NoPageError:
        raise Trouble("no_such_board") from None


def _street_list(v: AsRead, code: PlaceCode, name: ListName, form: Form) -> Response:
    return _taken(v, of_board("streets", code, name, {}), form)


def _grid_list(v: AsRead, code: PlaceCode, name: ListName, form: Form) -> Response:
    return _taken(v, of_board("grids", code, name, {}), form)


def _department_list(v: AsRead, code: PlaceCode, name: ListName, form: Form) -> Response:
    return _taken(v, of_board("departments", code, name, {}), form)


def _district_list(v: AsRead, code: PlaceCode, name: ListName, form: Form, days: Days = DAYS) -> Response:
    return _taken(v, of_board("district", code, name, {}, days), form, days)


_offer("/boards/streets/{code}", board_lists.STREET, "A list of a street's board.", _street_list)
_offer("/boards/grids/{code}", board_lists.GRID, "A list of the board of a grid or community.", _grid_list)
_offer(
    "/boards/departments/{code}",
    board_lists.DEPARTMENT,
    "A list of a department's board; `assignments` are all that it ever had.",
    _department_list,
)
_offer("/boards/districts/{code}", board_lists.DISTRICT, "A list of the district's board.", _district_list)


# --- what the tables allow


class StepOut(BaseModel):
    """A step: its stored name, what people call it, and from which state it may lead to which."""

    name: str
    zh: str
    en: str
    on_the_way: bool
    moves: list[tuple[str, str]]


class StepsOut(BaseModel):
    """What the tables of moves allow: each step, and which may come directly after which."""

    steps: list[StepOut]
    pairs: list[tuple[str, str]]


@router.get("/steps", responses=documented(401, 503), tags=["taking out"])
def steps(actor: Caller) -> StepsOut:  # noqa: ARG001 - only callers who are known may ask
    """Which steps the tables allow, to hold an event log against."""
    return allowed_steps()


def allowed_steps() -> StepsOut:
    """The tables of moves as they are today."""
    moves: dict[str, list[tuple[str, str]]] = {name: [] for name in STEPS}
    for (name, source), leaves in ALLOWED.items():
        moves[name] += [(source, state) for state in sorted(leaves)]
    told = [
        StepOut(name=name, zh=zh, en=en, on_the_way=name in ON_THE_WAY, moves=sorted(moves[name]))
        for name, (zh, en) in STEPS.items()
    ]
    return StepsOut(steps=told, pairs=sorted(PAIRS))
