"""Logging a case: one form for whoever may; it works without script, and takes the same key twice for one case."""

import json
import re
from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import UploadFile

from api.desk import Desk, Reply
from api.forms import LogCaseForm, command_of
from api.pages.acting.filling import Said, filled
from api.pages.acting.giving import seen_on_boards
from api.pages.acting.sent import FormSaid, anew, answers, first, key_of
from api.pages.acting.warned import MayTellError, look_once_more
from api.pages.acting.wrongs import Wrong, wrong_of
from api.pages.cases import shown
from api.pages.log_form import beyond, like_it, named, offered
from api.pages.photos import added, files_of
from api.pages.reading import Reader, Reading, Staff
from api.pages.routing import NoPageError, page_router
from api.problems import Trouble, trouble
from api.wrong import wrong as what_is_wrong
from domain import commands as c
from workflow.ask import Refused
from workflow.casework import ContendedError

logging_pages = page_router()
Named = Annotated[str, Query(max_length=100)]
FIELD_OF = {
    "not_in_a_register": "about",
    "no_such_category": "category",
    "a_category_with_parts": "category",
    "no_such_place": "place",
    "photos_from_elsewhere": "photo",
}
NUMBER = re.compile(r"[\w-]{1,20}-\d{8}-\d{1,9}", re.ASCII)
BY_LOT = 4  # the version of ids that are drawn by lot: one that is made up is none


@logging_pages.get("/log")
def log_page(v: Reader, category: Named = "", place: Named = "", about: Named = "", logged: Named = "") -> HTMLResponse:
    """The form; an address may say what and where, and which case was logged just now for somebody else."""
    number = logged if NUMBER.fullmatch(logged) else ""
    return _form(v, {"category": [category], "place": [place], "about": [about]}, logged=number)


def _form(v: Reading, said: Said, wrong: Wrong | None = None, **more: object) -> HTMLResponse:
    shown = {"near": (), "again": False, "logged": "", **more}
    return v.page("log", wrong.status if wrong else 200, **offered(v, said), wrong=wrong, **shown)


@logging_pages.post("/log")
async def log(request: Request, v: Staff, sent: FormSaid) -> Response:
    """A new case, or the same once more; a page goes on to it, a program gets its number."""
    if "application/json" in request.headers.get("accept", ""):
        return await _to_program(request, v, sent)
    desk, said, files = desk_of(v, sent, request), named(v, sent), files_of(await request.form())
    try:
        look_once_more(said)
        near = () if first(sent, "seen_near") else await desk.in_turn(lambda: like_it(v, said))
        if near:
            return await desk.in_turn(lambda: _form(v, sent, near=near, again=bool(files)))
        reply = await desk.in_turn(lambda: logged(v, desk, said, photos=bool(files)))
    except (Refused, ContendedError, Trouble, ValidationError, MayTellError) as error:
        wrong, again = _wrong(v, error), anew(sent, error)
        return await desk.in_turn(lambda: _form(v, again, wrong, again=bool(files)))
    return await _with_photos(v, reply, files, desk)


async def _with_photos(v: Reading, reply: Reply, files: Sequence[UploadFile], desk: Desk) -> Response:
    """On to the case; where a photo is not taken its page says so, and takes it once more."""
    case = reply.case.case
    try:
        if files:
            await added(v, case, files, desk.key)
    except (Refused, ContendedError, Trouble) as error:
        wrong = wrong_of(v, error)
        return await desk.in_turn(lambda: shown(v, str(case), wrong=wrong))
    return RedirectResponse(_address(v, reply) or v.url("log", logged=reply.case.number), 303)


async def _to_program(request: Request, v: Reading, sent: Said) -> Response:
    """The same for what was kept on a phone: whoever sends it has seen what is near, or could not."""
    desk, said = desk_of(v, sent, request), named(v, sent)
    try:
        reply = await desk.in_turn(lambda: logged(v, desk, said))
    except ValidationError as error:
        errors = what_is_wrong(error.errors(), v.language)
        fields = "; ".join(f"{v.label(one['where'][-1])}: {one['what']}" for one in errors)
        return trouble(request, "bad_content", errors=errors, fields=fields)
    found = {"case": str(reply.case.case), "number": reply.case.number, "href": _address(v, reply)}
    return JSONResponse(found, 201)


def _address(v: Reading, reply: Reply) -> str:
    """Where the case is, for whoever logged it; '' where it is now with others, beyond their reach."""
    found = reply.case
    place = found.place.grid or found.place.community or found.place.street or found.place.district
    return (
        v.url("cases", found.number or str(found.case), did="LogCase", of=str(found.case))
        if not beyond(v, place)
        else ""
    )


def _wrong(v: Reading, error: Exception) -> Wrong:
    """Why it was not taken, at the field that it is about."""
    found = wrong_of(v, error)
    field = FIELD_OF.get(error.code) if isinstance(error, Refused | Trouble) else None
    return Wrong(found.status, found.summary, {field: found.summary}) if field else found


def desk_of(v: Reading, said: Said, request: Request) -> Desk:
    """The desk for a form that begins a case. Raises NoPageError where it has no key."""
    key = key_of(said)
    told = json.dumps([request.url.path, answers(said)], sort_keys=True).encode()
    return Desk(v.parts, v.me, v.language, key, None, v.parts.master.fingerprints(v.me.staff, key, told))


def logged(v: Reading, desk: Desk, said: Said, *, photos: bool = False) -> Reply:
    """The case that a form asks for. Raises Refused, ContendedError, Trouble, ValidationError."""
    if photos and beyond(v, first(said, "place")):
        raise Trouble("photos_from_elsewhere")
    form: Any = LogCaseForm.model_validate(filled(LogCaseForm, said))
    case = _id_of(said)
    try:
        reply = desk.log(command_of(c.LogCase, form), case)
    except ContendedError:
        raise (Trouble("id_taken") if case else ContendedError(case)) from None
    seen_on_boards(v, reply.case.position)
    return reply


def _id_of(said: Said) -> UUID | None:
    """The id that the case is to have, where the form made one. Raises NoPageError where it is none."""
    text = first(said, "case")
    try:
        found = UUID(text) if text else None
    except ValueError:
        raise NoPageError from None
    if found and found.version != BY_LOT:
        raise NoPageError
    return found
