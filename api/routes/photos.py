"""Clearing photos over the API, for those who black out by a program of their own choosing where to."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response
from pydantic import Field, StrictBool

from adapters.photos import MOST_BOXES, Box
from api.answers import CaseOut
from api.clearing import cleared
from api.desk import AtDesk
from api.forms import Form
from api.routes.cases import BEFORE, DONE, replied

router = APIRouter(prefix="/api/v1", tags=["photos"])
Hundredths = Annotated[float, Field(ge=0, le=100, strict=True, allow_inf_nan=False)]


class BoxForm(Form):
    """A place to black out, in hundredths of the photo's sides."""

    left: Hundredths
    top: Hundredths
    width: Hundredths
    height: Hundredths


class ClearingForm(Form):
    """What is blacked out; `nothing` is said where there is nothing to."""

    boxes: list[BoxForm] = Field(default=[], max_length=MOST_BOXES)
    nothing: StrictBool = False


@router.post(
    "/cases/{case}/photos/{number}/clearing", status_code=201, responses={**DONE, **BEFORE}, summary="ClearPhoto"
)
async def clear_photo(
    case: UUID, number: Annotated[int, Path(ge=1, le=10_000)], form: ClearingForm, desk: AtDesk, response: Response
) -> CaseOut:
    """Everybody may see a copy of the photo, in which the boxes are black; never the photo itself."""
    boxes = [Box(one.left, one.top, one.width, one.height) for one in form.boxes]
    return replied(await cleared(desk, case, number, boxes, nothing=form.nothing), response)
