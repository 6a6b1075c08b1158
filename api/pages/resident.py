"""The resident's own page, by receipt: where it stands, what was answered, and what they may do; no account, no session."""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Annotated
from uuid import UUID, uuid5

from anyio.to_thread import run_sync
from fastapi import Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from adapters.boards import register
from adapters.seal.proofs import NotAsSealedError, NotYetSealedError, is_sealed, proof
from adapters.sealing import NotAReceiptError, Signing, code_of, is_code_of, receipt_hash, receipt_of, spelled
from adapters.security import Kind
from adapters.store.errors import Busy
from adapters.store.known import known
from api.desk import Desk
from api.noting import noted
from api.pages.acting.filling import Said
from api.pages.acting.giving import seen_on_boards
from api.pages.acting.sent import FormSaid, answers, first, key_of, number_of
from api.pages.acting.wrongs import Wrong
from api.pages.doors import ByReceipt, TooOftenError, as_resident, client_of, knock, peep
from api.pages.gallery import cleared_photos
from api.pages.intake import why_not
from api.pages.reading import Reading
from api.pages.resident_file import standing
from api.pages.resident_forms import FORMS, QUIET, REASONS, SAID, forms_of, orders_of
from api.pages.routing import Code, NoPageError, PageError, page_router
from api.problems import Trouble
from api.qr import qr
from domain import commands as c
from domain.states import Satisfied
from workflow.ask import Refused
from workflow.casework import ContendedError, StaleError

resident = page_router()
Words = Annotated[str, Form(max_length=100)]
NOBODY = UUID(int=0)  # in place of a case that is not there: to find that out takes as long
NOT_TAKEN = (Refused, StaleError, ContendedError, Trouble, ValidationError, TooOftenError, Busy)
HIDDEN = {"X-Robots-Tag": "noindex, nofollow"}  # whoever has the address has the receipt
SAID_BY = {kind.__name__: kind for kind in SAID}


class NoReceiptError(PageError):
    """Nobody has this receipt, or this number with this code: which of them is wrong is not told."""

    def __init__(self, wrong: str, number: str = "") -> None:
        """The page says what to do, and asks for number and code."""
        super().__init__("resident_find", 404, HIDDEN, wrong=wrong, number=number)


@dataclass(frozen=True, slots=True)
class Held:
    """What a receipt opens."""

    v: Reading
    mine: Reading = field(repr=False)  # the same, by whoever holds the receipt
    receipt: str = field(repr=False)
    case: UUID


def _held(request: Request, v: ByReceipt, receipt: Code) -> Held:
    """The case of a receipt; whoever guesses is slowed down. Raises NoReceiptError, TooOftenError."""
    try:
        hashed = receipt_hash(receipt)
    except NotAReceiptError:
        hashed = ""
    case = register.case_of_receipt(v.parts.boards.engine, hashed)
    if case is None:
        noted(v.parts, Kind.RECEIPT_REFUSED, door="link")
        knock(v, "no receipt", client_of(request, v))
        raise NoReceiptError("no_such_receipt")
    return Held(v, as_resident(v, hashed), spelled(receipt), case)


Mine = Annotated[Held, Depends(_held)]


# --- without the link


@resident.get("/r")
def find_page(v: ByReceipt) -> HTMLResponse:
    """By number and short code."""
    return v.page("resident_find", wrong="", number="")


@resident.post("/r")
async def find(request: Request, v: ByReceipt, number: Words = "", code: Words = "") -> Response:
    """To the page of the case whose number and code these are."""
    desk = Desk(v.parts, as_resident(v).me, v.language, "", None, ())
    case = await desk.in_turn(lambda: _found(v, client_of(request, v), number.strip(), code))
    if case is None:
        noted(v.parts, Kind.RECEIPT_REFUSED, door="code")
        raise NoReceiptError("no_such_code", number)
    return RedirectResponse(v.url("r", receipt_of(_giver(v, case), case)), 303)


def _found(v: Reading, client: str, number: str, code: str) -> UUID | None:
    """The case; a wrong number and a wrong code are the same, and take as long. Raises TooOftenError."""
    knock(v, "code", f"case {number}", client)
    case = register.case_of(v.parts.boards.engine, number if number.isprintable() else "")
    fits = is_code_of(code, _giver(v, case or NOBODY), case or NOBODY)
    return case if fits else None


def _giver(v: Reading, case: UUID) -> Signing:
    """The master key that gave a case's receipt and code, were it an earlier one; for no case it takes as long."""
    return v.parts.master.giver(case, register.receipt_of(v.parts.boards.engine, case))


# --- what the receipt opens


@resident.get("/r/{receipt}")
def mine_page(held: Mine) -> HTMLResponse:
    """Where it stands."""
    return _shown(held)


def _shown(held: Held, wrong: Wrong | None = None, command: str = "", said: Said | None = None) -> HTMLResponse:
    """The page; where a form was not taken, with what is wrong and what was sent."""
    v = held.v
    stands = standing(v, v.parts.casework.file(held.case))
    return _hidden(
        v.page(
            "resident", wrong.status if wrong else 200, stands=stands, receipt=held.receipt, number=_number(held), wrong=wrong, command=command,
            forms=forms_of(held.mine, stands.case), said=_kept(said),
            photos=cleared_photos(v.parts, held.case), thanks=v.did[0] if v.did[0] in FORMS and not wrong else "", **_options(v),
        )
    )  # fmt: skip


def _kept(said: Said | None) -> dict[str, str]:
    return {name: first(said, name) for name in said} if said else {}


def _options(v: Reading) -> dict[str, list[tuple[str, str]]]:
    return {
        "because": [(reason, v.t(f"because_{reason}")) for reason in REASONS],
        "satisfied": [(one.value, v.word("SATISFIED", one)) for one in Satisfied],
    }


def _number(held: Held) -> str:
    return register.number(held.v.parts.boards.engine, held.case)


def _hidden(page: HTMLResponse) -> HTMLResponse:
    page.headers.update(HIDDEN)
    return page


@resident.get("/r/{receipt}/receipt")
def receipt_page(request: Request, held: Mine) -> HTMLResponse:
    """What to keep: number, link, QR and short code."""
    v = held.v
    link = f"{str(request.base_url).rstrip('/')}{v.url('r', held.receipt)}"
    picture, code = qr(link, v.t("qr_of_receipt")), code_of(_giver(v, held.case), held.case)
    proven, number = is_sealed(v.parts.seal, held.case), _number(held)
    return _hidden(
        v.page("receipt", receipt=held.receipt, link=link, picture=picture, code=code, number=number, proven=proven)
    )


@resident.get("/r/{receipt}/proof")
def proof_file(held: Mine) -> Response:
    """What shows, to anybody, that the report is in the log as it came in. Raises PageError."""
    try:
        made = proof(held.v.parts.seal, held.case)
    except NotYetSealedError:
        raise _no_proof(404, "proof_not_yet", **{"Retry-After": "60"}) from None
    except NotAsSealedError:
        raise _no_proof(409, "proof_broken") from None
    name = f'attachment; filename="proof-{_number(held)}.json"'
    kept = {**HIDDEN, "Content-Disposition": name, "Cache-Control": "no-store"}
    return Response(made.text, headers=kept, media_type="application/json")


def _no_proof(status: int, title: str, **headers: str) -> PageError:
    return PageError("trouble", status, {**HIDDEN, **headers}, title=title, way=f"{title}_way")


@resident.post("/r/{receipt}/do/{command}")
async def act(held: Mine, command: Code, said: FormSaid) -> Response:
    """One of the few things that are the reporter's to do."""
    if command not in SAID_BY:
        raise NoPageError
    desk = _desk(held, command, said)
    try:
        await desk.in_turn(lambda: _done(held, desk, command, said))
    except NOT_TAKEN as error:
        return await run_sync(refused, held, error, command, said)
    return RedirectResponse(held.v.url("r", held.receipt, did=command), 303)


def refused(held: Held, error: Exception, command: str, said: Said) -> HTMLResponse:
    """The page again, with what was sent and why it was not taken."""
    page = _shown(held, why_not(held.v, error), command, said)
    page.headers.update(error.headers if isinstance(error, TooOftenError) else {})
    return page


def _desk(held: Held, command: str, said: Said) -> Desk:
    """Words and urging need nothing seen; for what moves the case, what was seen must still stand."""
    v, me, key = held.v, held.mine.me, key_of(said)
    seen = None if SAID_BY[command] in QUIET else number_of(first(said, "seen"))
    told = repr((str(held.case), command, sorted(answers(said).items()))).encode()
    return Desk(v.parts, me, v.language, key, seen, v.parts.master.fingerprints(me.staff, key, told))


def _done(held: Held, desk: Desk, command: str, said: Said) -> None:
    """The command, and the words that go with it; sent again, what was done of it is not done twice."""
    order, *words = orders_of(held.v, SAID_BY[command], said)
    fresh = known(held.v.parts.log.engine, desk.key, desk.actor.staff) is None
    urges = fresh and isinstance(order, c.Urge)
    if fresh:
        knock(held.v, "act", held.receipt)
    if urges:
        peep(held.v, "Urge", held.receipt)
    reply = desk.handle(held.case, lambda _: order)
    if urges:
        with suppress(TooOftenError):  # only now: one that was not taken is not the one of the day
            knock(held.v, "Urge", held.receipt)
    if words:
        beside = replace(desk, key=str(uuid5(UUID(desk.key), "words")), seen=None)
        reply = beside.handle(held.case, lambda _: words[0])
    seen_on_boards(held.v, reply.case.position)
