"""Boards, places, and who I am."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel

from adapters.boards import department, district, grid, street
from adapters.boards.shares import Share
from adapters.past import Then
from api.figures import figures
from api.forms import Code
from api.moments import AsOf, asked
from api.problems import Trouble, documented
from api.security import Caller, Parts, sees_department, sees_place
from api.whole import Whole
from domain.actors import Actor
from domain.permissions import Permission, Scope, granted
from domain.places import Place, Rung

router = APIRouter(prefix="/api/v1")
ANSWERS = documented(401, 404, 422, 503)
BoardCode = Annotated[Code, Path()]
After = Annotated[int, Query(ge=0, le=2**53, description="Wait until the boards have this position")]


class BoardOut(BaseModel):
    """A board at a moment."""

    code: str
    position: int
    board: dict[str, Any]


class PlaceFound(BaseModel):
    """The smallest place that holds a point, and those it lies in."""

    code: str
    names: dict[str, str]
    district: str
    street: str
    community: str
    grid: str


class MeOut(BaseModel):
    """Who the token stands for, and what they may see: by each permission, of which cases."""

    staff: str
    role: str
    unit: str
    edition: str
    may: dict[Permission, Scope]


@router.get("/boards/grids/{code}", responses=ANSWERS, tags=["boards"])
def grid_board(code: BoardCode, whole: Parts, actor: Caller, after: After = 0, as_of: AsOf = None) -> BoardOut:
    """What a grid or community sees."""
    place = within(whole, actor, code, Rung.GRID, Rung.COMMUNITY)
    then = asked(whole, as_of, after)
    found = grid.board(then.engine, place, then.at)
    return _out(then, code, {**asdict(found), "share_on_the_spot": found.share_on_the_spot})


@router.get("/boards/streets/{code}", responses=ANSWERS, tags=["boards"])
def street_board(code: BoardCode, whole: Parts, actor: Caller, after: After = 0, as_of: AsOf = None) -> BoardOut:
    """What a street office sees; a rate without cases is null."""
    within(whole, actor, code, Rung.STREET)
    then = asked(whole, as_of, after)
    found = street.board(then.engine, code, then.at, assessment=whole.law.policy.assessment)
    rates = {name: {**asdict(share), "rate": share.rate} for name, share in _shares(found).items()}
    return _out(then, code, {**asdict(found), **rates})


def _shares(found: street.StreetBoard) -> dict[str, Share]:
    return {"response": found.response, "resolution": found.resolution, "satisfaction": found.satisfaction}


@router.get("/boards/districts/{code}", responses=ANSWERS, tags=["boards"])
def district_board(
    code: BoardCode,
    whole: Parts,
    actor: Caller,
    after: After = 0,
    days: Annotated[
        int, Query(ge=1, le=365, description="Rates are of the cases logged in the last so many days")
    ] = 30,
    as_of: AsOf = None,
) -> BoardOut:
    """What the district sees: what waits for it, both leagues, what is overdue, suspended, excluded, and the trends."""
    within(whole, actor, code, Rung.DISTRICT)
    then = asked(whole, as_of, after)
    return _out(then, code, figures(district.board(then.engine, whole.law, then.at, days)))


@router.get("/boards/departments/{code}", responses=ANSWERS, tags=["boards"])
def department_board(code: BoardCode, whole: Parts, actor: Caller, after: After = 0, as_of: AsOf = None) -> BoardOut:
    """What a department sees."""
    if not sees_department(whole.law, actor, code):
        raise Trouble("no_such_board")
    then = asked(whole, as_of, after)
    return _out(then, code, asdict(department.board(then.engine, code, then.at)))


def within(whole: Whole, actor: Actor, code: str, *rungs: Rung) -> Place:
    """A place of one of these kinds, within the caller's reach. Raises Trouble."""
    place = whole.law.places.by_code.get(code)
    if place is None or place.rung not in rungs or not sees_place(whole.law, actor, code):
        raise Trouble("no_such_board")
    return place


def _out(then: Then, code: str, board: dict[str, Any]) -> BoardOut:
    return BoardOut(code=code, position=then.position, board=board)


@router.get("/places", responses=ANSWERS, tags=["places"])
def place_of(
    whole: Parts,
    actor: Caller,  # noqa: ARG001 - only callers who are known may ask
    lat: Annotated[float, Query(ge=-90, le=90)],
    lon: Annotated[float, Query(ge=-180, le=180)],
) -> PlaceFound:
    """The place that holds a point; the point itself is kept nowhere."""
    law = whole.law
    code = whole.editions.router(law.edition).place_of(lon, lat)
    if code is None or code not in law.places.by_code:
        raise Trouble("no_such_place_here")
    return PlaceFound(code=code, names=dict(law.places.by_code[code].names), **asdict(law.places.path(code)))


@router.get("/me", responses=documented(401, 503), tags=["me"])
def me(whole: Parts, actor: Caller) -> MeOut:
    """Who the token stands for."""
    return MeOut(
        staff=actor.staff, role=actor.role, unit=actor.unit, edition=whole.law.edition, may=granted(actor.role)
    )
