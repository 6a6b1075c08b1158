"""The front: what this is, in one picture; the flow of a case."""

from typing import Any

from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.demo import cast
from api.pages.counted import counted
from api.pages.homes import home_of
from api.pages.picture import BOXES, HEIGHT, WIDTH, arrows, steps
from api.pages.reading import Reader, Reading
from api.pages.routing import page_router
from domain.actors import Actor, Role
from domain.places import Rung
from domain.states import ENDED, OPEN
from workflow.flow import ALL, ASSIGNMENT_MOVES, CASE_MOVES, NOTHING, REQUEST_MOVES

front = page_router()


@front.get("/")
def home(v: Reader) -> HTMLResponse:
    """What this is, in one picture; in a demo, the way into every role."""
    return v.page("home", **_picture(), parts=_parts(v) if v.demo else ())


def _parts(v: Reading) -> tuple[Actor, ...]:
    """Who meets one case on its way, where there is most to do."""
    columns = ("grid", "street", "lead")
    grids, streets, leads = map(counted(v, *columns, opened=True).__getitem__, columns)
    usual = cast(v.law)
    grid = max((g.code for g in v.law.places.below(v.law.code, Rung.GRID)), key=lambda code: grids[code])
    street = v.law.places.path(grid).street or max(streets, key=lambda code: streets[code], default="")
    unit = max(v.law.departments, key=lambda code: leads[code], default=usual["DEPARTMENT"].unit)
    wanted = (
        (Role.GRID_WORKER, grid), (Role.STREET_CLERK, street), (Role.STREET_LEADER, street), (Role.DISPATCHER, v.law.code),
        (Role.DEPARTMENT_CLERK, unit), (Role.HOTLINE, v.law.code), (Role.SUPERVISOR, v.law.code),
    )  # fmt: skip
    held = {(grant.role, grant.unit): grant.staff for grant in v.law.grants}
    return tuple(Actor(held[pair], *pair) for pair in wanted if pair in held)


def _picture() -> dict[str, Any]:
    known = steps()
    return {"boxes": BOXES, "arrows": tuple(arrows(known)), "steps": known, "width": WIDTH, "height": HEIGHT}


@front.get("/flow")
def flow(v: Reader) -> HTMLResponse:
    """The table of moves, and its picture."""
    turns: dict[str, Any] = {"assignment_moves": ASSIGNMENT_MOVES, "request_moves": REQUEST_MOVES}
    of_cases: dict[str, Any] = {
        "moves": CASE_MOVES, "every_clock": ALL, "nothing": NOTHING,
        "any_open": {*OPEN}, "any": {*OPEN, *ENDED},
    }  # fmt: skip
    return v.page("flow", **_picture(), **turns, **of_cases)


@front.get("/mine")
def mine(v: Reader) -> Response:
    """Where somebody's work is."""
    return RedirectResponse(home_of(v, v.me), 303)
