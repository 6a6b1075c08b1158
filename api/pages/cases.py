"""One case: its page, and acting on it. Every button is a form; what goes wrong is said on the page it was sent from."""

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, ValidationError

from adapters.boards import NotCaughtUpError, register
from api.desk import Desk, Reply
from api.pages.acting.actions import Action, actions_of
from api.pages.acting.filling import Said, filled
from api.pages.acting.sent import FormSent, Sent, answers
from api.pages.acting.wrongs import Wrong, wrong_of
from api.pages.case_file import case_page
from api.pages.gallery import gallery_of
from api.pages.hands import hands_of
from api.pages.reading import Reader, Reading
from api.pages.routing import Code, NoPageError, page_router
from api.problems import Trouble
from api.resources import BY_COMMAND, Resource
from domain.case import Case
from domain.commands import Command
from workflow.ask import Refused
from workflow.casework import ContendedError, StaleError

cases = page_router()
NAMES = {command.__name__: command for command in BY_COMMAND}


@cases.get("/cases/{wanted}")
def case(v: Reader, wanted: Code) -> HTMLResponse:
    """One case, by its number or id."""
    return shown(v, wanted)


def shown(v: Reading, wanted: str, *, sent: Sent | None = None, wrong: Wrong | None = None) -> HTMLResponse:
    """The page of a case; where a form was not taken, with what is wrong and what was sent."""
    found = case_page(v, wanted)
    if found is None:
        raise NoPageError
    known: Case = found["case"]
    actions = tuple(_kept(action, sent) for action in actions_of(v, known))
    hands = hands_of(v.law, known, v.actor) if v.demo else ()
    return v.page(
        "case",
        wrong.status if wrong else 200,
        **found,
        actions=actions,
        hands=hands,
        gallery=gallery_of(v, known),
        sent=sent,
        wrong=wrong,
        back=sent.back if sent else v.here,
    )


def _kept(action: Action, sent: Sent | None) -> Action:
    """What somebody has filled in stays."""
    if sent is None or action.id != sent.id:
        return action
    return replace(action, fields=tuple(replace(f, value=tuple(sent.said.get(f.name, ()))) for f in action.fields))


@cases.get("/cases/{case}/do/{command}")
def form(v: Reader, case: UUID, command: Code) -> Response:
    """Where the form of a command is."""
    return RedirectResponse(
        f"{v.url('cases', str(case))}#do-{command}" if command in NAMES else v.url("cases", str(case)), 303
    )


@cases.post("/cases/{case}/do/{command}")
async def act(request: Request, v: Reader, case: UUID, sent: FormSent) -> Response:
    """A command out of a form."""
    resource = BY_COMMAND.get(NAMES.get(sent.command, Command))
    if resource is None:
        raise NoPageError
    desk = _desk(v, sent, request)
    try:
        reply = await desk.in_turn(lambda: _handled(v, desk, case, resource, sent))
    except (Refused, StaleError, ContendedError, Trouble, ValidationError) as error:
        wrong = wrong_of(v, error)
        return await desk.in_turn(lambda: shown(v, str(case), sent=sent, wrong=wrong))
    return RedirectResponse(_done(sent, reply), 303)


def _desk(v: Reading, sent: Sent, request: Request) -> Desk:
    told = json.dumps([request.url.path, sent.way, sent.unit, sent.number, answers(sent.said)], sort_keys=True).encode()
    return Desk(v.parts, v.me, v.language, sent.key, sent.seen, v.parts.master.fingerprint(v.me.staff, sent.key, told))


def _handled(v: Reading, desk: Desk, case: UUID, resource: Resource, sent: Sent) -> Reply:
    if resource.own_unit and sent.unit not in ("", v.me.unit):
        raise Trouble("another_s_part", unit=sent.unit)
    form = resource.form.model_validate(filled(resource.form, _resolved(v, sent.said)))
    given = {"unit": sent.unit or v.me.unit, "number": sent.number}
    reply = desk.handle(case, lambda found: _built(resource, form, given, found))
    with suppress(NotCaughtUpError):
        v.parts.boards.wait_for(reply.case.position)
    return reply


def _built(resource: Resource, form: BaseModel, given: dict[str, Any], found: Case) -> Command:
    return resource.build(form, given, found)


def _resolved(v: Reading, said: Said) -> Said:
    """People know a case by its number."""
    if "into" not in said:
        return said
    found = register.case_of(v.parts.boards.engine, "".join(said["into"]).strip())
    return {**said, "into": [str(found)]} if found else said


def _done(sent: Sent, reply: Reply) -> str:
    """Back to where it was sent from, which says what was done."""
    path, _, query = sent.back.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith(("did=", "of="))]
    return f"{path}?{'&'.join([*kept, f'did={sent.command}', f'of={reply.case.case}'])}"
