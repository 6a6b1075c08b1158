"""One case: its page, and acting on it. Every button is a form; what goes wrong is said on the page it was sent from."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.desk import Desk, Reply
from api.pages.acting.actions import Action, actions_of
from api.pages.acting.curl import lines
from api.pages.acting.giving import NAMES, NOT_TAKEN, desk_for, given, resource_of, seen_on_boards
from api.pages.acting.sent import FormSent, Sent, first
from api.pages.acting.warned import MayTellError, look_once_more
from api.pages.acting.wrongs import Wrong, wrong_of
from api.pages.case_file import case_page, stopped_at
from api.pages.gallery import gallery_of
from api.pages.hands import hands_of
from api.pages.marked import marks_of
from api.pages.reading import Reader, Reading
from api.pages.routing import Code, NoPageError, page_router
from api.pages.then import Dated
from api.security import within_reach
from api.showing import Shown, contact_of, words_of
from api.whole import Whole
from domain.actors import Actor
from domain.case import Case
from domain.permissions import TO_SEE
from domain.privacy import Secrecy

cases = page_router()
NOTHING_SEEN: Mapping[str, Shown] = MappingProxyType({})
READ_BY: Mapping[str, tuple[Secrecy, Callable[[Whole, UUID, Actor], Shown]]] = {
    "words": (Secrecy.NARRATIVE, words_of),
    "contact": (Secrecy.CONTACT, contact_of),
}


@cases.get("/cases/{wanted}")
def case(v: Dated, wanted: Code, entry: int | None = None) -> Response:
    """One case, by its number or id; as it stood at a moment, or once one of its entries was recorded."""
    if entry is not None:
        if case_page(v, wanted) is None:
            raise NoPageError
        return RedirectResponse(stopped_at(v, wanted, entry), 303)
    return shown(v, wanted)


@cases.post("/cases/{case}/looks/{what}")
def look(v: Reader, case: UUID, what: Code) -> HTMLResponse:
    """The page of a case with what is under seal; that somebody looked is an entry in its file."""
    found, me = case_page(v, str(case)), v.me
    if found is None or what not in READ_BY or not within_reach(found["case"], me, TO_SEE[READ_BY[what][0]]):
        raise NoPageError
    return shown(v, str(case), seen={what: READ_BY[what][1](v.parts, case, me)})


def shown(
    v: Reading,
    wanted: str,
    *,
    sent: Sent | None = None,
    wrong: Wrong | None = None,
    seen: Mapping[str, Shown] = NOTHING_SEEN,
) -> HTMLResponse:
    """The page of a case; where a form was not taken or is looked at before, with what was sent and what is wrong.

    `seen` is what was under seal.
    """
    found = case_page(v, wanted)
    if found is None:
        raise NoPageError
    known: Case = found["case"]
    actions = () if v.then else tuple(_kept(action, sent) for action in actions_of(v, known))
    return v.page(
        "case",
        wrong.status if wrong else 200,
        **found,
        actions=actions,
        curls=lines(v, known, actions),
        hands=hands_of(v.law, known, v.actor) if v.demo and not v.then else (),
        gallery=gallery_of(v, known),
        seen=seen,
        under_seal=() if v.then else tuple(under_seal(v, known)),
        marks=marks_of(v, known),
        sent=sent,
        wrong=wrong,
        back=sent.back if sent else v.url("cases", wanted),
    )


def under_seal(v: Reading, case: Case) -> Iterator[str]:
    """What is kept under seal that whoever looks may see."""
    for what, (secrecy, _) in READ_BY.items():
        if v.actor is not None and secrecy in case.kept and within_reach(case, v.actor, TO_SEE[secrecy]):
            yield what


def _kept(action: Action, sent: Sent | None) -> Action:
    """What somebody has filled in stays."""
    if sent is None or action.id != sent.id:
        return action
    return replace(action, fields=tuple(replace(f, value=tuple(sent.said.get(f.name, ()))) for f in action.fields))


@cases.get("/cases/{case}/do/{command}")
@cases.get("/cases/{case}/do/{command}/preview")
def form(v: Reader, case: UUID, command: Code) -> Response:
    """Where the form of a command is."""
    return RedirectResponse(
        f"{v.url('cases', str(case))}#do-{command}" if command in NAMES else v.url("cases", str(case)), 303
    )


@cases.post("/cases/{case}/do/{command}")
async def act(request: Request, v: Reader, case: UUID, sent: FormSent) -> Response:
    """A command out of a form."""
    if resource_of(sent.command) is None:
        raise NoPageError
    desk = desk_for(v, sent, request.url.path)
    try:
        reply = await desk.in_turn(lambda: _given(v, desk, case, sent))
    except (*NOT_TAKEN, MayTellError) as error:
        wrong = wrong_of(v, error)
        return await desk.in_turn(lambda: shown(v, str(case), sent=sent, wrong=wrong))
    return RedirectResponse(_done(sent, reply), 303)


def _given(v: Reading, desk: Desk, case: UUID, sent: Sent) -> Reply:
    desk.look(case)  # whoever may not come near is not told what was found
    look_once_more(sent.said)
    reply = given(v, desk, case, sent, sent.said)
    seen_on_boards(v, reply.case.position)
    return reply


@cases.post("/cases/{case}/do/{command}/preview")
def preview(v: Reader, case: UUID, sent: FormSent) -> HTMLResponse:
    """What the resident would read, before anything is written; a standard reply that was chosen stands in its field."""
    field = READ.get(sent.command)
    if field is None:
        raise NoPageError
    standard = first(sent.said, "standard")
    words = [standard] if first(sent.said, "use") and standard else sent.said.get(field, ())
    return shown(v, str(case), sent=replace(sent, said={**sent.said, field: words}))


READ = {"ReportResult": "reply", "AnswerOnTheSpot": "answer"}  # what of it the resident reads


def _done(sent: Sent, reply: Reply) -> str:
    """Back to where it was sent from, which says what was done."""
    path, _, query = sent.back.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith(("did=", "of="))]
    return f"{path}?{'&'.join([*kept, f'did={sent.command}', f'of={reply.case.case}'])}"
