"""The process map: which ways cases took, how often, how long, and which steps no table knows."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field, TypeAdapter

from api.forms import Code
from api.problems import Trouble, documented
from api.security import Caller, Parts, sees_department, sees_place
from api.walking import MOST, USUAL, Asked, walked
from domain.jurisdiction import Jurisdiction
from domain.permissions import Reach
from domain.places import Rung
from domain.states import Source

router = APIRouter(prefix="/api/v1")
PlaceCode = Annotated[Code, Path()]
RUNGS = {"streets": Rung.STREET, "districts": Rung.DISTRICT}


class WayOut(BaseModel):
    """One step directly after another."""

    before: str
    after: str
    n: int
    median: float = Field(description="Seconds between them")
    strange: int = Field(description="How often the second was taken where no table knows it")
    known: bool


class StopOut(BaseModel):
    """One step: how often it was taken; in how many cases it was the first, and is the last so far."""

    activity: str
    n: int
    first: int
    last: int
    strange: int


class VariantOut(BaseModel):
    """A whole way, and how many cases took it."""

    activities: list[str]
    n: int


class StrangeOut(BaseModel):
    """A step that the tables do not know, of which case, and from which state to which."""

    case: UUID
    activity: str
    before: str
    after: str


class WaysOut(BaseModel):
    """The ways of the newest cases that meet the filters."""

    code: str
    cases: int
    left_out: int = Field(description=f"Older cases that meet the filters too; at most {MOST:,} are walked")
    steps: int
    stops: list[StopOut]
    ways: list[WayOut]
    variants: list[VariantOut]
    variants_count: int
    strange: list[StrangeOut]
    strange_count: int


class Wanted(BaseModel):
    """Of which cases, and of which steps."""

    days: int = Field(USUAL, ge=0, le=3660, description="Logged in the last so many days; 0: all")
    category: Code = ""
    source: Source | None = None
    every: bool = Field(default=False, description="Every step, not only those that say where a case stands")


def _reach(law: Jurisdiction, actor: Caller, kind: str, code: str) -> Reach:
    """Whose cases they are. Raises Trouble where that is not within the caller's reach."""
    if kind == "departments" and sees_department(law, actor, code):
        return Reach(unit=code)
    if kind in RUNGS and sees_place(law, actor, code) and law.places.by_code[code].rung is RUNGS[kind]:
        return Reach(RUNGS[kind].value, code)
    raise Trouble("no_such_board")


def _offer(kind: str, told: str) -> None:
    def process(whole: Parts, actor: Caller, code: PlaceCode, wanted: Annotated[Wanted, Query()]) -> WaysOut:
        asked = Asked(wanted.days, wanted.category, wanted.source.value if wanted.source else "", wanted.every)
        found = walked(whole, _reach(whole.law, actor, kind, code), asked, whole.now())
        told = TypeAdapter(type(found.ways)).dump_python(found.ways)
        known = [{**way, "known": one.known} for way, one in zip(told["ways"], found.ways.ways, strict=True)]
        return WaysOut.model_validate({**told, "ways": known, "code": code, "left_out": found.left_out})

    process.__doc__, process.__name__ = told, f"process_of_{kind}"
    router.add_api_route(
        f"/boards/{kind}/{{code}}/process",
        process,
        methods=["GET"],
        responses=documented(401, 404, 422, 503),
        tags=["boards"],
    )


_offer("streets", "The ways of a street's cases.")
_offer("districts", "The ways of the district's cases.")
_offer("departments", "The ways of the cases that a department was assigned.")
