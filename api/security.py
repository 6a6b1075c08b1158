"""Who calls, and which cases are within their reach."""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from adapters.security import Kind
from api.noting import known, noted
from api.problems import Trouble
from api.rates import client, in_measure
from api.scopes import SCOPES
from api.whole import Whole
from domain.actors import Actor
from domain.case import Case
from domain.jurisdiction import Jurisdiction
from domain.permissions import Permission, Reach, reach

bearer = HTTPBearer(auto_error=False, description="A token made by `whistle token create`; it stands for a grant.")


async def whole_of(request: Request) -> Whole:
    """The parts that answer this request."""
    whole: Whole = request.app.state.whole
    return whole


Parts = Annotated[Whole, Depends(whole_of)]


def caller(
    request: Request, whole: Parts, token: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]
) -> Actor:
    """Who calls, by a token that is good for this. Raises Trouble."""
    if token is None:
        raise Trouble("no_token")
    held = whole.tokens.held(token.credentials, whole.now())
    actor = standing(whole, known(held.actor if held else None))
    if held is None or actor is None:
        noted(whole, Kind.TOKEN_REFUSED, code="bad_token")
        in_measure(whole, "bearer", client(whole))
        raise Trouble("bad_token")
    needed = SCOPES.get((request.method, request.scope["route"].path))
    if needed not in held.scopes:
        noted(whole, Kind.FORBIDDEN, actor, way="token", code="beyond_scope")
        raise Trouble("beyond_scope", scope=needed or "-")
    return actor


def standing(whole: Whole, actor: Actor | None) -> Actor | None:
    """Somebody who is known, where they still may act in that office: a grant that has ended has ended everywhere at once."""
    return actor if actor and whole.directory.stands(actor, whole.now()) else None


Caller = Annotated[Actor, Depends(caller)]


def reach_of(actor: Actor) -> Reach:
    """The cases that somebody may see."""
    return reach(actor, Permission.SEE_CASES)


def within_reach(case: Case, actor: Actor, permission: Permission = Permission.SEE_CASES) -> bool:
    """The same for one case, or whether it is one with which somebody may do something else."""
    units = (assignment.unit for assignment in case.assignments)
    return reach(actor, permission).covers(case.place, units, case.receipt)


def in_sight(whole: Whole, case: Case, actor: Actor) -> bool:
    """The same, for a case that somebody asks for: where it is beyond their reach, that is noted."""
    seen = within_reach(case, actor)
    if not seen:
        noted(whole, Kind.OUT_OF_REACH, actor, case=str(case.id))
    return seen


def sees_place(law: Jurisdiction, actor: Actor, code: str) -> bool:
    """Whether the board of a place is within somebody's reach."""
    return code in law.places.by_code and reach(actor, Permission.SEE_PLACES).holds(law.places.path(code))


def sees_messages(law: Jurisdiction, actor: Actor) -> bool:
    """Whether somebody looks after the messages: the district's supervisor, and its IT people, who see no case by that."""
    return reach(actor, Permission.LOOK_AFTER_MESSAGES).holds(law.places.path(law.code))


def sees_staff(law: Jurisdiction, actor: Actor) -> bool:
    """Whether somebody may look at who may act as what."""
    return reach(actor, Permission.SEE_STAFF).holds(law.places.path(law.code))


def sees_security(law: Jurisdiction, actor: Actor) -> bool:
    """Whether somebody reads the security log: those who check, and those who run the system; of the district."""
    return reach(actor, Permission.SEE_SECURITY_LOG).holds(law.places.path(law.code))


def releases_exports(law: Jurisdiction, actor: Actor) -> bool:
    """Whether somebody lets others take out long lists."""
    return reach(actor, Permission.RELEASE_EXPORTS).holds(law.places.path(law.code))


def sees_department(law: Jurisdiction, actor: Actor, code: str) -> bool:
    """Whether the board of a department is: its own, and the district's."""
    there = reach(actor, Permission.SEE_DEPARTMENTS)
    return code in law.departments and (there.unit == code or there.holds(law.places.path(law.code)))
