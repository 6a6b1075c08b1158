"""Who calls, and which cases are within their reach."""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from adapters.boards.register import Reach
from api.problems import Trouble
from api.whole import Whole
from domain.actors import DEPARTMENTAL, Actor, Role
from domain.case import Case
from domain.jurisdiction import Jurisdiction

bearer = HTTPBearer(auto_error=False, description="A token made by `whistle token create`; it stands for a grant.")
WITHOUT_CASES = (Role.RESIDENT, Role.ADMIN)


async def whole_of(request: Request) -> Whole:
    """The parts that answer this request."""
    whole: Whole = request.app.state.whole
    return whole


Parts = Annotated[Whole, Depends(whole_of)]


def caller(whole: Parts, token: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]) -> Actor:
    """Who calls, by token. Raises Trouble."""
    if token is None:
        raise Trouble("no_token")
    actor = whole.tokens.actor(token.credentials, whole.now())
    if actor is None:
        raise Trouble("bad_token")
    return actor


Caller = Annotated[Actor, Depends(caller)]


def reach_of(actor: Actor) -> Reach:
    """Staff of a place see the cases in it, departments those they were assigned, the district its own; others none."""
    if actor.role in WITHOUT_CASES:
        return Reach()
    return Reach(unit=actor.unit) if actor.role in DEPARTMENTAL else Reach(actor.role.rung.value, actor.unit)


def within_reach(case: Case, actor: Actor) -> bool:
    """The same as the filter of lists, for one case; and a resident's own, by receipt."""
    if actor.role is Role.RESIDENT:
        return bool(case.receipt) and actor.unit == case.receipt
    reach = reach_of(actor)
    return reach.holds(case.place) or any(reach.unit and a.unit == reach.unit for a in case.assignments)


def sees_place(law: Jurisdiction, actor: Actor, code: str) -> bool:
    """Whether the board of a place is within somebody's reach."""
    return code in law.places.by_code and reach_of(actor).holds(law.places.path(code))


def sees_messages(law: Jurisdiction, actor: Actor) -> bool:
    """Whether somebody looks after the messages: the district's supervisor, and its IT people, who see no case by that."""
    return actor.role in (Role.SUPERVISOR, Role.ADMIN) and actor.unit == law.code


def sees_department(law: Jurisdiction, actor: Actor, code: str) -> bool:
    """Whether the board of a department is: its own, and the district's."""
    reach = reach_of(actor)
    return code in law.departments and (reach.unit == code or reach.place == law.code)
