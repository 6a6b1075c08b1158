"""Logging a case: one form for whoever may; it works without script, and takes the same key twice for one case."""

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from adapters.boards import NotCaughtUpError
from api.desk import Desk, Reply
from api.forms import command_of
from api.pages.acting.controls import Option, categories
from api.pages.acting.filling import Said, filled
from api.pages.acting.sent import FormSaid, answers, key_of
from api.pages.acting.wrongs import Wrong, wrong_of
from api.pages.reading import Reader, Reading
from api.pages.routing import page_router
from api.problems import Trouble
from api.routes.cases import LogCaseForm
from domain import commands as c
from domain.actors import Role
from domain.places import Rung
from domain.states import Source, Urgency
from workflow.ask import Refused
from workflow.casework import ContendedError

logging_pages = page_router()
SOURCES: Mapping[Role, tuple[Source, ...]] = {
    Role.GRID_WORKER: (Source.PATROL, Source.HOME_VISIT),
    Role.COMMUNITY: (Source.HOME_VISIT, Source.PATROL, Source.COUNTER),
    Role.STREET_CLERK: (Source.COUNTER, Source.HOTLINE, Source.PATROL),
    Role.STREET_LEADER: (Source.COUNTER, Source.PATROL),
    Role.HOTLINE: (Source.HOTLINE,),
}
TOLD = (Source.HOTLINE, Source.COUNTER, Source.HOME_VISIT)  # somebody told it, and may want an answer


@logging_pages.get("/log")
def log_page(v: Reader) -> HTMLResponse:
    """The form."""
    return _form(v, {})


def _form(v: Reading, said: Said, wrong: Wrong | None = None) -> HTMLResponse:
    sources = SOURCES.get(v.me.role, ())
    first = {name: next(iter(values), "") for name, values in said.items()}
    return v.page(
        "log", wrong.status if wrong else 200, sources=sources, places=places(v), categories=tuple(categories(v)),
        urgencies=tuple(Urgency), said=first, wrong=wrong, told=any(source in TOLD for source in sources), key=first.get("key") or v.key(),
    )  # fmt: skip


def places(v: Reading) -> tuple[Option, ...]:
    """The places that somebody may name: their own, and what lies in it; a grid's neighbours in its street too."""
    known, unit = v.law.places, v.me.unit
    if unit not in known.by_code:
        return ()
    around = known.path(unit).street or unit
    found = sorted(code for code in known.by_code if known.path(code).holds(around))
    groups = {code: v.plain(known.path(code).street) if known.path(code).street else "" for code in found}
    return tuple(
        Option(code, v.plain(code), groups[code], usual=code == unit)
        for code in found
        if known.by_code[code].rung is not Rung.DISTRICT
    )


@logging_pages.post("/log")
async def log(request: Request, v: Reader, said: FormSaid) -> Response:
    """A new case, or the same once more."""
    desk = desk_of(v, said, request)
    try:
        reply = await desk.in_turn(lambda: logged(v, desk, said))
    except (Refused, ContendedError, Trouble, ValidationError) as error:
        wrong = wrong_of(v, error)
        return await desk.in_turn(lambda: _form(v, said, wrong))
    return RedirectResponse(
        v.url("cases", reply.case.number or str(reply.case.case), did="LogCase", of=str(reply.case.case)), 303
    )


def desk_of(v: Reading, said: Said, request: Request) -> Desk:
    """The desk for a form that begins a case. Raises NoPageError where it has no key."""
    key = key_of(said)
    told = json.dumps([request.url.path, answers(said)], sort_keys=True).encode()
    return Desk(v.parts, v.me, v.language, key, None, v.parts.master.fingerprint(v.me.staff, key, told))


def logged(v: Reading, desk: Desk, said: Said) -> Reply:
    """The case that a form asks for. Raises Refused, ContendedError, Trouble, ValidationError."""
    form: Any = LogCaseForm.model_validate(filled(LogCaseForm, said))
    reply = desk.log(command_of(c.LogCase, form))
    with suppress(NotCaughtUpError):
        v.parts.boards.wait_for(reply.case.position)
    return reply
