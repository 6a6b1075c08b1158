"""What follows a result: it is verified on the spot, and the reporter is called back."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from adapters.boards.callbacks import callbacks
from adapters.boards.verification import verification
from adapters.past import Then
from api.days import end_of_today, midnight
from api.lists import CaseLineOut, ShareOut
from api.moments import AsOf, asked
from api.routes.boards import ANSWERS, After, BoardCode, within
from api.security import Caller, Parts
from api.whole import Whole
from domain.places import Place, Rung

router = APIRouter(prefix="/api/v1/boards", tags=["boards"])


class CallbackOut(BaseModel):
    """A case whose reporter waits or has answered."""

    case: CaseLineOut
    attempts: int
    called_at: datetime | None
    again_at: datetime | None = Field(description="From when on they are tried again")


class CallbacksOfStreetOut(BaseModel):
    """The call-backs of one street. The figures are of the cases that were logged within 30 days."""

    street: str
    due: int
    later: int
    used_up: int
    unsolved: int
    answered_today: int
    response: ShareOut
    resolution: ShareOut


class CallbacksOut(BaseModel):
    """The call-backs of a street or district at a moment, each list in order of need."""

    place: str
    position: int
    most: int = Field(description="Attempts that the city makes")
    due: list[CallbackOut] = Field(description="To be called now")
    later: list[CallbackOut] = Field(description="Tried just now, and to be tried again")
    used_up: list[CallbackOut] = Field(description="Nobody was reached, and no attempt is left")
    unsolved: list[CallbackOut] = Field(description="The reporter says that it is not solved")
    answered_today: list[CallbackOut]
    streets: list[CallbacksOfStreetOut]


class CheckOut(BaseModel):
    """A case whose result waits to be verified, or that came back."""

    case: CaseLineOut
    resolved_at: datetime | None
    handlers: list[str] = Field(description="Units that did the work, the lead first: others verify it")


class ChecksOfGridOut(BaseModel):
    """What waits in one grid; '' where only the community is known."""

    community: str
    grid: str
    count: int
    today: int
    oldest: datetime


class VerificationOut(BaseModel):
    """What a place has to verify, the oldest first."""

    place: str
    position: int
    count: int
    today: int = Field(description="Of these, due by the end of the day")
    to_verify: list[CheckOut]
    for_others: list[CheckOut] = Field(description="The caller's own unit did the work: others verify it")
    grids: list[ChecksOfGridOut]
    back_at_work: list[CheckOut] = Field(description="Not done, as was seen or said, and worked on again")
    rework: ShareOut = Field(description="The figure, of the cases that were logged within 30 days")


@router.get("/streets/{code}/callbacks", responses=ANSWERS)
def street_callbacks(
    code: BoardCode, whole: Parts, actor: Caller, after: After = 0, as_of: AsOf = None
) -> CallbacksOut:
    """Who of a street is to be called now, who later, whom nobody reached, and what is not solved."""
    return _callbacks(whole, within(whole, actor, code, Rung.STREET), asked(whole, as_of, after))


@router.get("/districts/{code}/callbacks", responses=ANSWERS)
def district_callbacks(
    code: BoardCode, whole: Parts, actor: Caller, after: After = 0, as_of: AsOf = None
) -> CallbacksOut:
    """The same of the whole district, with the figures of each street."""
    return _callbacks(whole, within(whole, actor, code, Rung.DISTRICT), asked(whole, as_of, after))


def _callbacks(whole: Whole, place: Place, then: Then) -> CallbacksOut:
    law, now = whole.law, then.at
    found = callbacks(then.engine, place, law.policy.attempts, now, midnight(now, law.calendar.tz))
    lists = {name: getattr(found, name) for name in CallbacksOut.model_fields if name != "position"}
    return CallbacksOut.model_validate({**lists, "position": then.position}, from_attributes=True)


@router.get("/streets/{code}/verification", responses=ANSWERS)
def street_verification(
    code: BoardCode, whole: Parts, actor: Caller, after: After = 0, as_of: AsOf = None
) -> VerificationOut:
    """What a street has to verify, and what came back."""
    return _verification(whole, within(whole, actor, code, Rung.STREET), actor.unit, asked(whole, as_of, after))


@router.get("/grids/{code}/verification", responses=ANSWERS)
def grid_verification(
    code: BoardCode, whole: Parts, actor: Caller, after: After = 0, as_of: AsOf = None
) -> VerificationOut:
    """What is to be verified in a grid or community."""
    return _verification(
        whole, within(whole, actor, code, Rung.GRID, Rung.COMMUNITY), actor.unit, asked(whole, as_of, after)
    )


def _verification(whole: Whole, place: Place, unit: str, then: Then) -> VerificationOut:
    now = then.at
    found = verification(then.engine, place, unit, now, end_of_today(now, whole.law.calendar.tz))
    lists = {name: getattr(found, name) for name in VerificationOut.model_fields if name != "position"}
    return VerificationOut.model_validate({**lists, "position": then.position}, from_attributes=True)
