"""The hotline desk: a call is written down while it is talked about, by keyboard alone; then what to read out, and the next."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from adapters.boards import register
from adapters.boards.near import near
from adapters.boards.register import CaseLine
from adapters.sealing import receipt_hash, receipt_of
from api.pages.acting.actions import Action, actions_of
from api.pages.acting.controls import Option, categories
from api.pages.acting.filling import Said
from api.pages.acting.sent import FormSaid, anew, first
from api.pages.acting.warned import MayTellError, look_once_more
from api.pages.acting.wrongs import Wrong, wrong_of
from api.pages.calling import how_many_wait
from api.pages.log_form import complained_about, places
from api.pages.logging_a_case import desk_of, logged
from api.pages.reading import Reader, Reading, Staff
from api.pages.routing import NoPageError, page_router
from api.problems import Trouble
from api.security import reach_of, sees_place, within_reach
from domain.actors import Role
from domain.case import Case, replay
from domain.entries import Entry
from domain.permissions import Permission, may
from domain.places import Names
from domain.states import Clock, Nature, Source, Urgency
from workflow.ask import Refused
from workflow.casework import ContendedError, NoSuchCaseError
from workflow.promise import promised

hotline_pages = page_router()
FRESH = timedelta(minutes=15)  # how long the receipt of a call can be read out again
TO_READ_OUT = ("LogCase", "Urge")
Code = Annotated[str, Query(max_length=100)]


class Choice(NamedTuple):
    """Something to choose, and every word that it is found by."""

    option: Option
    words: str


class Promise(NamedTuple):
    """By when the street has it in hand, and by when the caller may expect an answer."""

    triage: datetime | None
    answer: datetime | None


class ReadOut(NamedTuple):
    """What the caller is told."""

    case: Case
    number: str
    receipt: str
    promise: Promise
    answering: Action | None  # a question is answered at once


def _seated(v: Reading) -> None:
    if not may(v.me, Permission.TAKE_CALLS):
        raise NoPageError


@hotline_pages.get("/hotline")
def hotline(v: Reader) -> HTMLResponse:
    """The form of the next call; above it what to read out of the last."""
    _seated(v)
    return _desk(v, {})


@hotline_pages.get("/promise")
def promise(v: Reader, category: Code, urgency: Urgency = Urgency.ROUTINE) -> HTMLResponse:
    """What can be promised for a category, as a piece of a page."""
    _seated(v)
    return v.page("hotline_promise", promise=_promise(v, category, urgency))


@hotline_pages.post("/hotline")
async def log_call(request: Request, v: Staff, said: FormSaid) -> Response:
    """A call is logged; or, by the other button, only looked up what is near and what can be promised."""
    _seated(v)
    if "look" in said:
        return await run_sync(lambda: _desk(v, said))
    called = {**said, "source": [Source.HOTLINE.value]}
    desk = desk_of(v, called, request)
    try:
        look_once_more(called)
        reply = await desk.in_turn(lambda: logged(v, desk, called))
    except (Refused, ContendedError, Trouble, ValidationError, MayTellError) as error:
        wrong, again = wrong_of(v, error), anew(said, error)
        return await desk.in_turn(lambda: _desk(v, again, wrong))
    return RedirectResponse(v.url("hotline", did="LogCase", of=str(reply.case.case)), 303)


def _desk(v: Reading, said: Said, wrong: Wrong | None = None) -> HTMLResponse:
    filled = {name: first(said, name) for name in said}
    offered: dict[str, Any] = {
        "categories": _found_by(categories(v), {c: one.names for c, one in v.law.taxonomy.by_code.items()}),
        "places": _found_by(places(v), {code: one.names for code, one in v.law.places.by_code.items()}),
        "urgencies": tuple(Urgency), "natures": tuple(Nature), "units": complained_about(v),
    }  # fmt: skip
    return v.page(
        "hotline", wrong.status if wrong else 200, **offered, said=filled, wrong=wrong, key=filled.get("key") or v.key(),
        cases=_near(v, filled), promise=_promise(v, filled.get("category", ""), _urgency(filled)),
        told=_told(v), waiting=how_many_wait(v), usual=Urgency.ROUTINE,
    )  # fmt: skip


def _found_by(options: Iterable[Option], names: Mapping[str, Names]) -> tuple[Choice, ...]:
    return tuple(
        Choice(one, " ".join((*names[one.value].values(), one.group, one.value)).casefold()) for one in options
    )


def _urgency(said: dict[str, str]) -> Urgency:
    return next((one for one in Urgency if one == said.get("urgency")), Urgency.ROUTINE)


def _promise(v: Reading, category: str, urgency: Urgency) -> Promise:
    return Promise(*(promised(v.law, category, urgency, v.now, clock) for clock in (Clock.TRIAGE, Clock.RESIDENT)))


def _near(v: Reading, said: dict[str, str]) -> tuple[CaseLine, ...]:
    place, category = said.get("place", ""), said.get("category", "")
    if not category or not sees_place(v.law, v.me, place):
        return ()
    return near(v.parts.boards.engine, reach_of(v.me), v.law.places.path(place), category, v.now)


def _told(v: Reading) -> ReadOut | None:
    """What to read out of the call that was logged, or of the case that was urged instead, just now."""
    command, of = v.did
    try:
        file = v.parts.casework.file(UUID(of)) if command in TO_READ_OUT else ()
    except (ValueError, NoSuchCaseError):
        return None
    case = replay(file)
    return _read_out(v, case, file[0]) if case and within_reach(case, v.me) else None


def _read_out(v: Reading, case: Case, began: Entry) -> ReadOut:
    number = register.number(v.parts.boards.engine, case.id) or str(case.id)
    clocks = (case.timers.get((clock, "", "")) for clock in (Clock.TRIAGE, Clock.RESIDENT))
    promise = Promise(*(timer.due if timer and timer.runs else None for timer in clocks))
    answering = next((action for action in actions_of(v, case) if action.command == "AnswerOnTheSpot"), None)
    return ReadOut(case, number, _receipt(v, case, began), promise, answering)


def _receipt(v: Reading, case: Case, began: Entry) -> str:
    """The receipt, to whoever logged the case, for as long as the caller may still be on the line."""
    mine = began.actor.staff == v.me.staff and began.actor.role is Role.HOTLINE
    if not mine or case.erased or v.now - began.recorded_at > FRESH:
        return ""
    receipt = receipt_of(v.parts.master.giver(case.id, case.receipt), case.id)
    return receipt if case.receipt == receipt_hash(receipt) else ""
