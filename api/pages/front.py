"""The front: what this is, in one picture; who to be; the flow of a case."""

from typing import Annotated, Any

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from adapters.security import Kind
from adapters.tokens import Held
from api.demo import cast
from api.noting import noted
from api.pages.counted import counted
from api.pages.doors import client_of, knock
from api.pages.picture import BOXES, HEIGHT, WIDTH, arrows, steps
from api.pages.reading import Reader, Reading
from api.pages.routing import NoPageError, our_own, page_router
from api.security import Parts
from api.visits import farewell, welcome
from domain.actors import Actor, Role
from domain.jurisdiction import Grant
from domain.places import Rung
from domain.states import ENDED, OPEN
from workflow.flow import ALL, ASSIGNMENT_MOVES, CASE_MOVES, NOTHING, REQUEST_MOVES

front = page_router()
Words = Annotated[str, Form(max_length=300)]
FEW = 40  # offices listed by themselves; where there are more, one is searched for


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


@front.get("/sign-in")
def sign_in_page(
    v: Reader,
    following: Annotated[str, Query(alias="next", max_length=2000)] = "/",
    q: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """Who to be: in a demo any office of the district; elsewhere by token."""
    return _door(v, following, q)


def _door(v: Reading, following: str, q: str = "", status: int = 200, wrong: str = "") -> HTMLResponse:
    offices = [grant for grant in v.law.grants if _called(v, grant, q)] if v.demo else []
    shown, more = offices[:FEW], len(offices) > FEW
    return v.page("sign_in", status, offices=shown, more=more, q=q, following=our_own(following), wrong=wrong)


def _called(v: Reading, grant: Grant, q: str) -> bool:
    said = f"{v.plain(grant.unit)} {v.word('ROLES', grant.role)} {grant.unit}".casefold()
    return all(part in said for part in q.casefold().split())


@front.post("/sign-in")
def sign_in(
    request: Request, v: Reader, whole: Parts, token: Words = "", office: Words = "", following: Annotated[str, Form(alias="next", max_length=2000)] = "/"
) -> Response:  # fmt: skip
    """A session for whoever holds a token; in a demo, for any office that is chosen."""
    held = Held(_of_demo(v, office), None) if office else _by_token(request, v, token.strip())
    if held is None:
        noted(whole, Kind.SIGN_IN_REFUSED, way="token")
        return _door(v, following, status=403, wrong="bad_token")
    response = RedirectResponse(_home_of(v, held.actor) if our_own(following) == "/" else our_own(following), 303)
    welcome(request, whole, held, response, "demo" if office else "token")
    return response


def _by_token(request: Request, v: Reading, token: str) -> Held | None:
    """Who holds it; who tries others is slowed down. Raises TooOftenError."""
    held = v.parts.tokens.held(token, v.now)
    if held is None:
        knock(v, "token", client_of(request, v))
    return held


def _of_demo(v: Reading, office: str) -> Actor:
    role, _, unit = office.partition(" ")
    found = next((g for g in v.law.grants if (g.role, g.unit) == (role, unit)), None) if v.demo else None
    if found is None:
        raise NoPageError
    return Actor(found.staff, found.role, found.unit)


@front.post("/sign-out")
def sign_out(request: Request, v: Reader, whole: Parts) -> Response:
    """The session ends."""
    response = RedirectResponse(v.url(""), 303)
    farewell(request, whole, response)
    return response


@front.get("/mine")
def mine(v: Reader) -> Response:
    """Where somebody's work is."""
    return RedirectResponse(_home_of(v, v.me), 303)


def _home_of(v: Reading, actor: Actor) -> str:
    return v.url(*(part.format(unit=actor.unit) for part in HOMES.get(actor.role, ("boards",))))


OF_A_GRID, OF_A_STREET = ("boards", "grids", "{unit}"), ("boards", "streets", "{unit}")
OF_A_DEPARTMENT, OF_THE_DISTRICT = ("boards", "departments", "{unit}"), ("boards", "district")
HOMES = {
    Role.GRID_WORKER: OF_A_GRID,
    Role.COMMUNITY: OF_A_GRID,
    Role.STREET_CLERK: OF_A_STREET,
    Role.STREET_LEADER: OF_A_STREET,
    Role.DEPARTMENT_CLERK: OF_A_DEPARTMENT,
    Role.DEPARTMENT_HEAD: OF_A_DEPARTMENT,
    Role.DISPATCHER: OF_THE_DISTRICT,
    Role.ARBITER: OF_THE_DISTRICT,
    Role.SUPERVISOR: OF_THE_DISTRICT,
    Role.HOTLINE: ("hotline",),
    Role.ADMIN: ("staff",),
}
