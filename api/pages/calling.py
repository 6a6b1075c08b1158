"""Calling back: the queue of those who wait for a call, and for each a card with what to say and what they answered."""

from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from adapters.boards import register
from adapters.boards.calls import Call, queue, queued
from adapters.boards.lights import light
from adapters.boards.telling import held_to
from api.pages.acting.actions import Action, actions_of
from api.pages.contacts import contacts
from api.pages.reading import Reader, Reading
from api.pages.routing import Code, NoPageError, page_router
from api.security import in_sight, reach_of
from domain.case import Case, replay
from domain.entries import Entry
from domain.events import ResultReported
from domain.permissions import Permission, may

calling_pages = page_router()
After = Annotated[str, Query(max_length=100)]


def _caller(v: Reading) -> None:
    if not may(v.me, Permission.SEE_CONTACT):
        raise NoPageError


def waiting(v: Reading) -> tuple[Call, ...]:
    """Whom whoever is signed in may call back now."""
    return queue(v.parts.boards.engine, reach_of(v.me), v.me.unit, v.law.policy.attempts, v.now)


def how_many_wait(v: Reading) -> int:
    """How many that are, however long the list is that is shown."""
    return queued(v.parts.boards.engine, reach_of(v.me), v.me.unit, v.law.policy.attempts)


@calling_pages.get("/hotline/calls")
def calls(v: Reader) -> HTMLResponse:
    """The queue."""
    _caller(v)
    return v.page("hotline_calls", calls=waiting(v), waiting=how_many_wait(v))


@calling_pages.get("/hotline/calls/next")
def next_call(v: Reader, after: After = "") -> Response:
    """The card of whoever is to be called next; of the same once more where they said that it is not solved."""
    _caller(v)
    said = dict(zip(("did", "of"), v.did, strict=True)) if all(v.did) else {}
    number = after if said.get("did") == "RecordCallback" and _to_rework(v, after) else _following(v, after)
    return RedirectResponse(v.url("hotline", "calls", *([number] if number else []), **said), 303)


def _following(v: Reading, after: str) -> str:
    numbers = [call.case.number for call in waiting(v) if not call.rests]
    at = numbers.index(after) + 1 if after in numbers else 0
    others = [number for number in (*numbers[at:], *numbers[:at]) if number != after]
    return next(iter(others), "")


def _to_rework(v: Reading, number: str) -> bool:
    return any(action.command == "OrderRework" for action in actions_of(v, _file(v, number)[1]))


@calling_pages.get("/hotline/calls/{number}")
def call(v: Reader, number: Code) -> HTMLResponse:
    """The card of one call; the number stays sealed."""
    return _card(v, number, shown=False)


@calling_pages.post("/hotline/calls/{number}/number")
def show_number(v: Reader, number: Code) -> HTMLResponse:
    """The card with the number, for whoever may call now; each look is noted."""
    return _card(v, number, shown=True)


def _card(v: Reading, number: str, *, shown: bool) -> HTMLResponse:
    _caller(v)
    file, case = _file(v, number)
    actions, held = actions_of(v, case), held_to(case)
    outcomes = tuple(action for action in actions if action.command == "RecordCallback")
    shown = shown and bool(outcomes)
    values: dict[str, Any] = {"held": held, "light": light(held.due, held.near, v.now) if held else ""}
    return v.page(
        "hotline_call", case=case, number=number, **values, reply=_reply(file), outcomes=outcomes, rework=_rework(actions),
        shown=shown, contacts=contacts(v, case, shown=shown) if outcomes or case.erased else (),
        following=v.url("hotline", "calls", "next", after=number),
        reported=case.logged_at.astimezone(v.law.calendar.tz).date(),
    )  # fmt: skip


def _file(v: Reading, number: str) -> tuple[tuple[Entry, ...], Case]:
    """A case within reach, by its number. Raises NoPageError."""
    found = register.case_of(v.parts.boards.engine, number) if number.isprintable() else None
    file = v.parts.casework.file(found) if found else ()
    case = replay(file)
    if case is None or not in_sight(v.parts, case, v.me):
        raise NoPageError
    return file, case


def _reply(file: tuple[Entry, ...]) -> str:
    """What the resident reads of the last result."""
    return next((entry.event.reply for entry in reversed(file) if isinstance(entry.event, ResultReported)), "")


def _rework(actions: tuple[Action, ...]) -> Action | None:
    return next((action for action in actions if action.command == "OrderRework"), None)
