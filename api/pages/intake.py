"""Reporting something without an account: whom to call in danger, then where, what, and in the resident's own words."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any

from anyio.to_thread import run_sync
from fastapi import Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from adapters.store.errors import Busy
from adapters.store.known import known
from api.desk import Desk, Reply
from api.forms import LogCaseForm, command_of
from api.pages.acting.controls import Option, categories, grouped
from api.pages.acting.filling import Said, filled
from api.pages.acting.sent import FormSaid, anew, first
from api.pages.acting.wrongs import Wrong, wrong_of
from api.pages.doors import TooOftenError, ToReport, as_resident, client_of, knock
from api.pages.log_form import complained_about
from api.pages.logging_a_case import desk_of
from api.pages.reading import Reading
from api.pages.routing import page_router
from api.problems import Trouble
from domain import commands as c
from domain.events import About, Reporter
from domain.jurisdiction import Thing
from domain.places import Rung
from domain.states import Nature, Source
from workflow.ask import Refused
from workflow.casework import ContendedError
from workflow.telling import named

intake = page_router()
Words = Annotated[str, Query(max_length=100)]
# What a resident fills in; anything else of a case is not theirs to say.
FIELDS = ("category", "place", "nature", "against", "narrative", "reporter.name", "reporter.phone")
NOT_TAKEN = (Refused, ContendedError, Trouble, ValidationError, TooOftenError, Busy)


@intake.get("/report")
def report_page(v: ToReport, place: Words = "", category: Words = "", about: Words = "", q: Words = "") -> HTMLResponse:
    """Step by step: where, what, and the form."""
    return _step(v, {"place": [place], "category": [category], "about": [about]}, q)


def _step(v: Reading, said: Said, q: str = "", wrong: Wrong | None = None) -> HTMLResponse:
    thing = v.law.things.get(first(said, "about"))
    place = first(said, "place") or (thing.place if thing else "")
    status, unsent = (wrong.status, first(said, "narrative")) if wrong else (200, "")
    other = replace(wrong, fields={}) if wrong else None  # the fields are not on these steps
    if not _within(v, place):
        streets = v.law.places.below(v.law.code, Rung.STREET)
        return _page(v, "where", status, streets=streets, wrong=other, unsent=unsent)
    if not _is_leaf(v, first(said, "category")):
        groups = grouped(_found(v, q))
        return _page(v, "what", status, place=place, thing=thing, q=q, groups=groups, wrong=other, unsent=unsent)
    return _form(v, {**said, "place": [place]}, thing, wrong)


def _page(v: Reading, step: str, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 - what a template shows
    """A step, which begins with whom to call in danger."""
    dangers = [Option(one.number, named(one.names, v.language)) for one in v.law.emergency]
    return v.page("intake", status, step=step, dangers=dangers, **values)


def _within(v: Reading, place: str) -> bool:
    """A place below the district; somebody at the district would first have to ask where it is."""
    return place in v.law.places.by_code and v.law.places.by_code[place].rung is not Rung.DISTRICT


def _is_leaf(v: Reading, category: str) -> bool:
    return category in v.law.taxonomy.by_code and v.law.taxonomy.by_code[category].is_leaf


def _found(v: Reading, q: str) -> Iterator[Option]:
    """The categories that are called so, in any language, or whose group is."""
    wanted = q.casefold().split()
    return (option for option in categories(v) if all(part in _called(v, option.value) for part in wanted))


def _called(v: Reading, code: str) -> str:
    tree = v.law.taxonomy.by_code
    above = tree.get(tree[code].parent)
    return " ".join((*tree[code].names.values(), *(above.names.values() if above else ()))).casefold()


def _form(v: Reading, said: Said, thing: Thing | None, wrong: Wrong | None) -> HTMLResponse:
    kept = {name: first(said, name) for name in (*FIELDS, "about", "key")}
    nature = kept["nature"] or v.law.taxonomy.by_code[kept["category"]].nature
    return _page(
        v, "words", wrong.status if wrong else 200, said={**kept, "nature": nature}, thing=thing, wrong=wrong, natures=tuple(Nature),
        units=complained_about(v),
        place=kept["place"], places=grouped(_places(v, kept["place"])), key=kept["key"] or v.key(), unsent="",
    )  # fmt: skip


def _places(v: Reading, place: str) -> Iterator[Option]:
    """The street, its communities and their grids, from the whole to its parts."""
    tree = v.law.places
    street = tree.path(place).street
    return (_option(v, code) for code in sorted(tree.by_code) if tree.path(code).holds(street))


def _option(v: Reading, code: str) -> Option:
    path = v.law.places.path(code)
    whole = code in (path.street, path.community) and not path.grid
    text = v.t("somewhere_in", name=v.plain(code)) if whole else v.plain(code)
    return Option(code, text, v.plain(path.community) if path.community else "")


# --- sent


@intake.post("/report")
async def report(request: Request, v: ToReport, said: FormSaid) -> Response:
    """A new case, or the same once more; the receipt is shown at once."""
    mine = as_resident(v)
    desk = desk_of(mine, said, request)
    try:
        reply = await desk.in_turn(lambda: _reported(mine, desk, client_of(request, v), said))
    except NOT_TAKEN as error:
        return await run_sync(_again, v, said, error)
    return RedirectResponse(v.url("r", reply.case.receipt, "receipt"), 303)


def _again(v: Reading, said: Said, error: Exception) -> HTMLResponse:
    """The form with all that was filled in, and what is wrong."""
    page = _step(v, anew(said, error), wrong=why_not(v, error))
    page.headers.update(error.headers if isinstance(error, TooOftenError) else {})
    return page


def why_not(v: Reading, error: Exception) -> Wrong:
    """Why a resident's form was not taken."""
    match error:
        case TooOftenError():
            return Wrong(429, v.t("too_often_now", minutes=error.minutes), {})
        case Busy():
            return Wrong(503, v.t("door_is_busy"), {})
        case _:
            return wrong_of(v, error)


def _reported(v: Reading, desk: Desk, client: str, said: Said) -> Reply:
    command = _command(v, said)
    if known(v.parts.log.engine, desk.key, v.me.staff) is None:
        knock(v, "report", client)
        knock(v, "report of anybody", "")
    return desk.log(command)


def _command(v: Reading, said: Said) -> c.LogCase:
    sent = filled(LogCaseForm, {name: said[name] for name in FIELDS if name in said})
    if not sent.get("narrative"):
        raise Refused("say_it", field="narrative")
    if sent.get("against"):
        sent["nature"] = Nature.COMPLAINT
    form: Any = LogCaseForm.model_validate({**sent, "source": Source.WEB})
    command: c.LogCase = command_of(c.LogCase, form)
    thing = v.law.things.get(first(said, "about"))
    about = About(thing.code, thing.label) if thing else None
    return replace(
        command, about=about, summary=_summary(v, form.category, thing), reporter=command.reporter or Reporter()
    )


def _summary(v: Reading, category: str, thing: Thing | None) -> str:
    """What everybody may read: the category's name and the thing's, never the resident's own words."""
    found = v.law.taxonomy.by_code.get(category)
    return " · ".join(filter(None, (named(found.names, "zh") if found else "", thing.label if thing else "")))
