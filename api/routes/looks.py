"""Looks at what is under seal: a command like any other, for it leaves an entry; its answer is what was seen."""

from dataclasses import asdict
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from api.forms import Form
from api.problems import documented
from api.routes.cases import reached
from api.security import Caller, Parts
from api.showing import contact_of, words_of

router = APIRouter(prefix="/api/v1", tags=["cases"])
READ = {"words": words_of, "contact": contact_of}


class LookForm(Form):
    """What is to be seen. Photos have addresses of their own, and leave the same entry."""

    what: Literal["words", "contact"]


class LookOut(BaseModel):
    """What was under seal; empty is what was not left."""

    words: str = ""
    name: str = ""
    phone: str = ""
    address: str = ""
    erased: bool = Field(default=False, description="Nothing is left of it")


@router.post("/cases/{case}/looks", status_code=201, responses=documented(400, 401, 403, 404, 409, 413, 415, 422, 503))
def look(case: UUID, form: LookForm, whole: Parts, actor: Caller, response: Response) -> LookOut:
    """The reporter's own words, or how they are reached. That you looked stands in the case's file, and the reporter sees it."""
    reached(whole, actor, case)
    response.headers["Cache-Control"] = "no-store"
    return LookOut(**asdict(READ[form.what](whole, case, actor)))
