"""Four eyes on long lists: their release is asked for by whoever wants one, and decided by another."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field

from api.forms import Code, Form, Text
from api.lists import Filters
from api.pages.extracts import listed, of_board, of_cases
from api.pages.reading import Reading, reading_of
from api.pages.routing import NoPageError
from api.problems import Trouble, documented
from api.rates import in_measure, of_staff
from api.releases import asked, decided, seen_by
from api.security import Caller, Parts
from domain.actors import Role
from domain.exports import ALL_CASES, Export, Extract, RefuseExport, ReleaseExport, Stage

router = APIRouter(prefix="/api/v1/exports", tags=["taking out"])
SAYING = documented(400, 401, 403, 404, 409, 413, 415, 422, 429, 503)
Who = Annotated[Code, Path(min_length=1, description="Pseudonym of whoever asked")]
Number = Annotated[int, Path(ge=1, le=2**31 - 1, description="Of the asking, in their file")]
Board = Literal["", "streets", "grids", "departments", "district"]


class ExportOut(BaseModel):
    """A list whose release was asked for, and how far that has come."""

    staff: str = Field(description="Pseudonym of whoever asked")
    number: int
    role: Role
    unit: str
    list: str = Field(description="`cases`, or what a board calls it")
    board: str = Field(description="Which kind of board; empty of `cases`")
    code: str = Field(description="Whose board")
    filters: dict[str, str]
    rows: int = Field(description="How many it had when it was asked for")
    reason: str
    asked_at: datetime
    stage: Stage = Field(description="`over`: its time has passed, or the asker's grant ended")
    decided_by: str
    decided_at: datetime | None
    until: datetime | None = Field(description="Released until before this moment")
    answer: str = Field(description="Why it was refused")

    @classmethod
    def of(cls, staff: str, one: Export, now: datetime) -> "ExportOut":
        """An asking, as it is answered."""
        return cls(
            staff=staff, number=one.number, role=one.role, unit=one.unit, list=one.extract.name, board=one.extract.board,
            code=one.extract.unit, filters={said.name: said.value for said in one.extract.filters}, rows=one.rows,
            reason=one.reason, asked_at=one.asked_at, stage=one.stage(now),
            decided_by=one.decider.staff if one.decider else "", decided_at=one.decided_at, until=one.until, answer=one.answer,
        )  # fmt: skip


class AskingForm(Form):
    """Which list, and what for. Its filters are those of the list of cases, in whatever format it is taken out."""

    list: Annotated[str, Field(max_length=40, pattern="^[a-z_]+$")] = ALL_CASES
    board: Board = ""
    code: Code = ""
    filters: Filters = Field(default_factory=Filters)
    reason: Text


class RefusalForm(Form):
    """Why."""

    reason: Text


@router.get("", responses=documented(401, 503))
def exports(whole: Parts, actor: Caller) -> list[ExportOut]:
    """What waits, then what was decided: everybody's for whoever releases, else one's own."""
    now = whole.now()
    return [ExportOut.of(staff, one, now) for staff, one in seen_by(whole, actor)]


@router.post("", status_code=201, responses=SAYING)
def ask(request: Request, form: AskingForm, whole: Parts, actor: Caller) -> ExportOut:
    """Have a list released that has more rows than one person takes out alone. Said again it changes nothing."""
    in_measure(whole, "release", of_staff(actor))
    extract, rows = _wanted(reading_of(request, whole, actor), form)
    return ExportOut.of(actor.staff, asked(whole, actor, extract, rows, form.reason), whole.now())


@router.post("/{staff}/{number}/release", status_code=201, responses=SAYING)
def release(staff: Who, number: Number, whole: Parts, actor: Caller) -> ExportOut:
    """Let them take that list out until some days later, in whatever format, once or more."""
    return ExportOut.of(staff, decided(whole, staff, ReleaseExport(number), actor), whole.now())


@router.post("/{staff}/{number}/refusal", status_code=201, responses=SAYING)
def refuse(staff: Who, number: Number, form: RefusalForm, whole: Parts, actor: Caller) -> ExportOut:
    """Leave it unreleased; they may ask again."""
    return ExportOut.of(staff, decided(whole, staff, RefuseExport(number, form.reason), actor), whole.now())


def _wanted(v: Reading, form: AskingForm) -> tuple[Extract, int]:
    """Raises Trouble."""
    if not form.board and form.list == ALL_CASES:
        return of_cases(v, form.filters.filters())
    try:
        return of_board(form.board, form.code, form.list, {}), listed(v, form.board, form.code, form.list).size
    except NoPageError:
        raise Trouble("no_such_board") from None
