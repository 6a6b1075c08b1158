"""Four eyes on long lists: asked for where one was held back, released or refused on a page of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Form, Path, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.pages.acting.wrongs import Wrong, wrong_of
from api.pages.board_lists import DAYS
from api.pages.doors import knock
from api.pages.extracts import called, listed, of_board, of_cases, told
from api.pages.filters import Filtered
from api.pages.reading import Reader, Reading
from api.pages.register import Listed
from api.pages.routing import Code, page_router
from api.pages.then import Dated
from api.rates import of_staff
from api.releases import HeldBack, asked, decided, seen_by
from api.security import releases_exports
from domain.exports import Extract, RefuseExport, ReleaseExport, Stage
from workflow.ask import Refused
from workflow.casework import ContendedError

exports_pages = page_router()
Words = Annotated[str, Form(max_length=400)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
ListName = Annotated[str, Path(max_length=40, pattern="^[a-z_]+$")]
Board = Literal["streets", "grids", "departments", "district"]
Days = Annotated[int, Query(ge=1, le=365)]
FEW = 200  # on one page
ASKABLE = ("another_releases_it_first", "say_it", "the_reason_tells_of_somebody")  # where the form is of use


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list that somebody wants, how long it is, and the address at which its release is asked for."""

    extract: Extract
    rows: int
    ask_at: str


def or_ask(v: Reading, ask_at: str, take: Callable[[], Response]) -> Response:
    """What is taken out; where it is held back, the page on which its release is asked for."""
    try:
        return take()
    except HeldBack as held:
        return _asking(v, Wanted(held.extract, held.rows, ask_at), held)


@exports_pages.get("/exports")
def exports(v: Reader) -> HTMLResponse:
    """What waits, and what was decided: everybody's for whoever releases, else one's own."""
    return _list(v)


@exports_pages.post("/exports/cases")
def ask_for_cases(v: Dated, said: Listed, reason: Words = "") -> Response:
    """Have the register released by these filters."""
    knock(v, "release", of_staff(v.me))
    if said.wrong:
        return RedirectResponse(v.url("cases", **said.said), 303)
    return _ask(v, Wanted(*of_cases(v, said.wanted.filters()), at_cases(v, said)), reason)


@exports_pages.post("/exports/boards/{board}/{code}/{name}")
def ask_for_list(
    v: Reader, board: Board, code: Code, name: ListName, filters: Filtered, reason: Words = "", days: Days = DAYS
) -> Response:
    """Have a list of a board released."""
    knock(v, "release", of_staff(v.me))
    found = listed(v, board, code, name, filters.only, days)
    extract = of_board(board, code, name, filters.said, days)
    return _ask(v, Wanted(extract, found.size, at_board(v, extract)), reason)


@exports_pages.post("/exports/{who}/{number}/release")
def release(v: Reader, who: Code, number: Number) -> Response:
    """Let them take it out."""
    return _decide(v, who, ReleaseExport(number))


@exports_pages.post("/exports/{who}/{number}/refusal")
def refuse(v: Reader, who: Code, number: Number, reason: Words = "") -> Response:
    """Leave it unreleased."""
    return _decide(v, who, RefuseExport(number, reason))


def at_cases(v: Reading, said: Listed) -> str:
    """Where the release of the register by these filters is asked for."""
    then = {"as_of": v.then.at.isoformat()} if v.then else {}
    return v.url("exports", "cases", **said.filters, **then)


def at_board(v: Reading, extract: Extract) -> str:
    """Where the release of a board's list is asked for."""
    said = {one.name: one.value for one in extract.filters}
    return v.url("exports", "boards", extract.board, extract.unit, extract.name, **said)


def _ask(v: Reading, wanted: Wanted, reason: str) -> Response:
    try:
        asked(v.parts, v.me, wanted.extract, wanted.rows, reason)
    except (Refused, ContendedError) as error:
        return _asking(v, wanted, error, reason)
    return RedirectResponse(v.url("exports"), 303)


def _asking(v: Reading, wanted: Wanted, error: Refused | ContendedError, reason: str = "") -> HTMLResponse:
    wrong = wrong_of(v, error)
    askable = not isinstance(error, Refused) or error.code in ASKABLE
    return v.page(
        "export_ask", wrong.status, wrong=wrong, wanted=wanted, askable=askable, reason=reason,
        called=called(v, wanted.extract), told=told(v, wanted.extract), policy=v.law.policy.exports,
    )  # fmt: skip


def _decide(v: Reading, who: str, command: ReleaseExport | RefuseExport) -> Response:
    me = v.me
    try:
        decided(v.parts, who, command, me)
    except (Refused, ContendedError) as error:
        return _list(v, wrong_of(v, error), f"refuse-{who}-{command.number}")
    return RedirectResponse(v.url("exports"), 303)


def _list(v: Reading, wrong: Wrong | None = None, at: str = "waits") -> HTMLResponse:
    now, found = v.parts.now(), seen_by(v.parts, v.me)
    rows = [(who, one, one.stage(now), called(v, one.extract), told(v, one.extract)) for who, one in found[:FEW]]
    return v.page(
        "exports", wrong.status if wrong else 200, wrong=wrong, at=at, more=len(found) > FEW, policy=v.law.policy.exports,
        waiting=[row for row in rows if row[2] is Stage.WAITS], others=[row for row in rows if row[2] is not Stage.WAITS],
        releases=releases_exports(v.law, v.me),
    )  # fmt: skip
