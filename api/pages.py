"""The pages: server-rendered, without script; boards and cases are open to everybody in a demo store only."""

from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi import Path as InPath
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from adapters.boards import department, grid, register, street
from adapters.jurisdictions import NoSuchEditionError
from adapters.store.errors import Busy, CommitUnknown, Unavailable
from api.case_page import case_page
from api.picture import BOXES, HEIGHT, WIDTH, arrows, steps
from api.reading import Reader, Reading, reading_of
from domain.places import Place, Rung
from domain.states import ENDED, OPEN, State
from workflow.flow import ALL, ASSIGNMENT_MOVES, CASE_MOVES, NOTHING, REQUEST_MOVES

STYLE = (Path(__file__).parent / "static" / "pages.css").read_text(encoding="utf-8")
STYLES = f"/static/{sha256(STYLE.encode()).hexdigest()[:16]}/pages.css"
FOR_EVER = {"Cache-Control": f"public, max-age={int(timedelta(days=365).total_seconds())}, immutable"}
BUSIEST = 12
Code = Annotated[str, InPath(max_length=100)]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class NoPageError(LookupError):
    """There is no such page, case or board."""


class ClosedError(PermissionError):
    """Cases of a store that is no demo are not shown to everybody."""


class PageRoute(APIRoute):
    """A route whose errors are pages too."""

    def get_route_handler(self) -> Handler:
        """Handle the request; what goes wrong is said in the reader's language."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except (NoPageError, RequestValidationError):
                return lost(request)
            except ClosedError:
                return _trouble(request, 403, "closed_to", "no_demo_way")
            except NoSuchEditionError:
                return reading_of(request, None).page("trouble", 503, title="no_edition", way="no_edition_way")
            except (Busy, CommitUnknown, Unavailable):
                return reading_of(request, None).page("trouble", 503, title="busy", way="busy_way")

        return handled


pages = APIRouter(route_class=PageRoute, include_in_schema=False, default_response_class=HTMLResponse)


def wants_page(request: Request) -> bool:
    """Whether a person with a browser asks, rather than a program."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


def lost(request: Request) -> HTMLResponse:
    """The page for an address where nothing is."""
    return _trouble(request, 404, "lost", "lost_way")


def _trouble(request: Request, status: int, title: str, way: str) -> HTMLResponse:
    return reading_of(request, request.app.state.whole).page("trouble", status, title=title, way=way)


def static(app: FastAPI) -> None:
    """The style sheet, at an address that changes with it."""

    @app.get(STYLES, include_in_schema=False, name="styles")
    def styles() -> Response:
        return Response(STYLE, media_type="text/css", headers=FOR_EVER)


def _in_demo(v: Reading) -> None:
    if not v.demo:
        raise ClosedError


@dataclass(frozen=True)
class Counts:
    """Cases by place and by lead: open ones, and all."""

    open: Mapping[str, int]
    all: Mapping[str, int]

    @classmethod
    def of(cls, v: Reading, *columns: str) -> "Counts":
        """Counted by each of these columns."""
        opened: Counter[str] = Counter()
        every: Counter[str] = Counter()
        reach = register.Reach(place=v.law.code)
        for (*codes, state), n in register.counts(v.parts.boards.engine, reach, *columns, "state").items():
            for code in codes:
                every[code] += n
                opened[code] += n * State(state).is_open
        return cls(opened, every)


@pages.get("/")
def home(v: Reader) -> HTMLResponse:
    """What this is, in one picture; in a demo, the way to every board."""
    return v.page("home", **_picture(), **(_ways_in(v) if v.demo else {}))


def _ways_in(v: Reading) -> dict[str, Any]:
    grids = Counts.of(v, "grid").open
    known = v.law.places.by_code
    busiest = sorted((code for code in grids if code in known), key=lambda code: (-grids[code], code))
    newest = register.page(v.parts.boards.engine, register.Reach(place=v.law.code), {}, v.now, limit=5)
    return {**_index(v), "busiest": busiest[:BUSIEST], "latest": newest.cases}


def _picture() -> dict[str, Any]:
    known = steps()
    return {"boxes": BOXES, "arrows": tuple(arrows(known)), "steps": known, "width": WIDTH, "height": HEIGHT}


@pages.get("/flow")
def flow(v: Reader) -> HTMLResponse:
    """The table of moves, and its picture."""
    turns: dict[str, Any] = {"assignment_moves": ASSIGNMENT_MOVES, "request_moves": REQUEST_MOVES}
    of_cases: dict[str, Any] = {
        "moves": CASE_MOVES, "every_clock": ALL, "nothing": NOTHING,
        "any_open": {*OPEN}, "any": {*OPEN, *ENDED},
    }  # fmt: skip
    return v.page("flow", **_picture(), **turns, **of_cases)


@pages.get("/boards")
def boards(v: Reader) -> HTMLResponse:
    """Every board there is."""
    _in_demo(v)
    return v.page("boards", **_index(v))


def _index(v: Reading) -> dict[str, Any]:
    places, children = v.law.places, _children(v)
    return {
        "streets": places.below(v.law.code, Rung.STREET),
        "children": children,
        "departments": tuple(v.law.departments.values()),
        "by_place": Counts.of(v, "street", "community", "grid"),
        "by_lead": Counts.of(v, "lead"),
    }


def _children(v: Reading) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for place in sorted(v.law.places.by_code.values(), key=lambda place: place.code):
        found.setdefault(place.parent, []).append(place)
    return found


def _place(v: Reading, code: str, *rungs: Rung) -> Place:
    _in_demo(v)
    place = v.law.places.by_code.get(code)
    if place is None or place.rung not in rungs:
        raise NoPageError
    return place


@pages.get("/boards/grids/{code}")
def grid_board(v: Reader, code: Code) -> HTMLResponse:
    """The board of a grid or community."""
    place = _place(v, code, Rung.GRID, Rung.COMMUNITY)
    board = grid.board(v.parts.boards.engine, code, v.now)
    on_the_spot = street.Share(board.on_the_spot, board.ended)
    return v.page("grid", place=place, board=board, on_the_spot=on_the_spot, inside=_children(v).get(code, []))


@pages.get("/boards/streets/{code}")
def street_board(v: Reader, code: Code) -> HTMLResponse:
    """The board of a street office."""
    place = _place(v, code, Rung.STREET)
    board = street.board(v.parts.boards.engine, code, v.now)
    asked = [request.case for request in board.requests] + [case for case, _ in board.to_rate]
    numbers = register.numbers(v.parts.boards.engine, asked)
    reviews = {held.case.case: held.review for held in board.suspended}
    inside = _children(v).get(code, [])
    return v.page("street", place=place, board=board, numbers=numbers, reviews=reviews, inside=inside)


@pages.get("/boards/departments/{code}")
def department_board(v: Reader, code: Code) -> HTMLResponse:
    """The board of a department."""
    _in_demo(v)
    if code not in v.law.departments:
        raise NoPageError
    board = department.board(v.parts.boards.engine, code, v.now)
    asked = [request.case for request in board.requests] + [rated.case for rated in board.ratings]
    return v.page("department", code=code, board=board, numbers=register.numbers(v.parts.boards.engine, asked))


@pages.get("/cases/{wanted}")
def case(v: Reader, wanted: Code) -> HTMLResponse:
    """One case, by its number or id."""
    _in_demo(v)
    found = case_page(v, wanted)
    if found is None:
        raise NoPageError
    return v.page("case", **found)
