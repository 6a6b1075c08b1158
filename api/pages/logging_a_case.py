"""Logging a case: one form for whoever may; it works without script, and takes the same key twice for one case."""

import json
from contextlib import suppress
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import ValidationError

from adapters.boards import NotCaughtUpError
from adapters.boards.register import CaseLine
from api.desk import Desk, Reply
from api.forms import command_of
from api.pages.acting.filling import Said, filled
from api.pages.acting.sent import FormSaid, answers, first, key_of
from api.pages.acting.wrongs import Wrong, wrong_of
from api.pages.log_form import like_it, named, offered
from api.pages.reading import Reader, Reading
from api.pages.routing import NoPageError, page_router
from api.problems import Trouble, trouble
from api.routes.cases import LogCaseForm
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
}
BY_LOT = 4  # the version of ids that are drawn by lot: one that is made up is none


@logging_pages.get("/log")
def log_page(v: Reader, category: Named = "", place: Named = "", about: Named = "") -> HTMLResponse:
    """The form; an address may say what and where."""
    return _form(v, {"category": [category], "place": [place], "about": [about]})


def _form(v: Reading, said: Said, wrong: Wrong | None = None, near: tuple[CaseLine, ...] = ()) -> HTMLResponse:
    return v.page("log", wrong.status if wrong else 200, **offered(v, said), wrong=wrong, near=near)


@logging_pages.post("/log")
async def log(request: Request, v: Reader, sent: FormSaid) -> Response:
    """A new case, or the same once more; a page goes on to it, a program gets its number."""
    if "application/json" in request.headers.get("accept", ""):
        return await _to_program(request, v, sent)
    desk, said = desk_of(v, sent, request), named(v, sent)
    try:
        near = () if first(sent, "seen_near") else await desk.in_turn(lambda: like_it(v, said))
        if near:
            return await desk.in_turn(lambda: _form(v, sent, near=near))
        reply = await desk.in_turn(lambda: _logged(v, desk, said))
    except (Refused, ContendedError, Trouble, ValidationError) as error:
        wrong = _wrong(v, error)
        return await desk.in_turn(lambda: _form(v, sent, wrong))
    return RedirectResponse(_address(v, reply), 303)


async def _to_program(request: Request, v: Reading, sent: Said) -> Response:
    """The same for what was kept on a phone: whoever sends it has seen what is near, or could not."""
    if v.actor is None:
        raise Trouble("not_signed_in")
    desk, said = desk_of(v, sent, request), named(v, sent)
    try:
        reply = await desk.in_turn(lambda: _logged(v, desk, said))
    except ValidationError as error:
        errors = what_is_wrong(error.errors(), v.language)
        fields = "; ".join(f"{v.label(one['where'][-1])}: {one['what']}" for one in errors)
        return trouble(request, "bad_content", errors=errors, fields=fields)
    found = {"case": str(reply.case.case), "number": reply.case.number, "href": _address(v, reply)}
    return JSONResponse(found, 201)


def _address(v: Reading, reply: Reply) -> str:
    case = str(reply.case.case)
    return v.url("cases", reply.case.number or case, did="LogCase", of=case)


def _wrong(v: Reading, error: Exception) -> Wrong:
    """Why it was not taken, at the field that it is about."""
    found = wrong_of(v, error)
    field = FIELD_OF.get(error.code) if isinstance(error, Refused) else None
    return Wrong(found.status, found.summary, {field: found.summary}) if field else found


def desk_of(v: Reading, said: Said, request: Request) -> Desk:
    """The desk for a form that begins a case. Raises NoPageError where it has no key."""
    key = key_of(said)
    told = json.dumps([request.url.path, answers(said)], sort_keys=True).encode()
    return Desk(v.parts, v.me, v.language, key, None, v.parts.master.fingerprint(v.me.staff, key, told))


def _logged(v: Reading, desk: Desk, said: Said) -> Reply:
    form: Any = LogCaseForm.model_validate(filled(LogCaseForm, said))
    case = _id_of(said)
    try:
        reply = desk.log(command_of(c.LogCase, form), case)
    except ContendedError:
        raise (Trouble("id_taken") if case else ContendedError(case)) from None
    with suppress(NotCaughtUpError):
        v.parts.boards.wait_for(reply.case.position)
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
