"""How a page is reached: errors are pages too, forms come from our own pages only, and who is not signed in is asked to."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request, Response
from fastapi import Path as InPath
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from starlette.routing import Match

from adapters.boards import NotCaughtUpError
from adapters.jurisdictions import NoSuchEditionError
from adapters.security import Kind
from adapters.store.errors import Busy, CommitUnknown, Unavailable
from api.noting import noted
from api.pages.reading import NotSignedInError, Reading, reading_of
from api.security import sees_place
from api.visits import SAFE, from_here, visitor
from domain.places import Place, Rung

Code = Annotated[str, InPath(max_length=100)]
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class NoPageError(LookupError):
    """There is no such page, case or board, or not within reach."""


def place_within(v: Reading, code: str, *rungs: Rung) -> Place:
    """A place of one of these kinds, within the reach of whoever is signed in. Raises NotSignedInError, NoPageError."""
    me, place = v.me, v.law.places.by_code.get(code)
    if place is None or place.rung not in rungs or not sees_place(v.law, me, code):
        raise NoPageError
    return place


class PageError(Exception):
    """What cannot be shown or done, and has a page of its own that says so."""

    def __init__(self, template: str, status: int, headers: Mapping[str, str] | None = None, **values: Any) -> None:  # noqa: ANN401 - what a template shows
        """Which page, and what it shows."""
        super().__init__(template)
        self.template, self.status, self.headers, self.values = template, status, headers or {}, values


TROUBLES: dict[type[Exception], tuple[int, str]] = {
    NoSuchEditionError: (503, "no_edition"),
    NotCaughtUpError: (503, "not_kept"),
    CommitUnknown: (503, "unknown"),
    Busy: (503, "busy"),
    Unavailable: (503, "busy"),
}


class PageRoute(APIRoute):
    """A route whose errors are pages too."""

    def get_route_handler(self) -> Handler:
        """Handle the request; what goes wrong is said in the reader's language."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            if not from_here(request):
                noted(request.app.state.whole, Kind.FROM_ELSEWHERE)
                return await _trouble(request, 403, "from_elsewhere")
            try:
                return await handle(request)
            except (NoPageError, RequestValidationError):
                return await lost(request)
            except PageError as error:
                return await run_sync(_page_of, request, error)
            except NotSignedInError:
                return _signing_in(request)
            except tuple(TROUBLES) as error:
                status, title = next(said for kind, said in TROUBLES.items() if isinstance(error, kind))
                return reading_of(request, None).page("trouble", status, title=title, way=f"{title}_way")

        return handled


def page_router() -> APIRouter:
    """A router for pages."""
    return APIRouter(route_class=PageRoute, include_in_schema=False, default_response_class=HTMLResponse)


def wants_page(request: Request) -> bool:
    """Whether a person with a browser asks, rather than a program."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")


async def lost(request: Request) -> HTMLResponse:
    """The page for an address where nothing is."""
    return await _trouble(request, 404, "lost")


async def unread(request: Request, status: int) -> Response:
    """For what cannot be taken as it was sent; where only a form is sent to, its page is above."""
    above = _above(request) if status == 405 and request.method in SAFE else ""  # noqa: PLR2004 - HTTP
    if above:
        return RedirectResponse(f"{above}?{request.url.query}" if request.url.query else above, 303)
    return await (lost(request) if status == 404 else _trouble(request, status, "unread"))  # noqa: PLR2004 - HTTP


def _above(request: Request) -> str:
    """The nearest address above that has a page; '' where none has."""
    path = request.url.path
    while path := path.rpartition("/")[0]:
        asked = {**request.scope, "path": path, "method": "GET"}
        if any(route.matches(asked)[0] is Match.FULL for route in request.app.routes):
            return path
    return ""


def fault(request: Request, number: str) -> HTMLResponse:
    """For what nobody foresaw: only its number is told."""
    v = reading_of(request, None)
    return v.page("trouble", 500, title="fault", way="fault_way", number=number)


async def _trouble(request: Request, status: int, title: str) -> HTMLResponse:
    return await run_sync(lambda: _said(request, status, title))


def _said(request: Request, status: int, title: str) -> HTMLResponse:
    """What went wrong, to whoever is signed in; to anybody where that cannot be asked."""
    whole = request.app.state.whole
    try:
        v = reading_of(request, whole, visitor(request, whole))
        return v.page("trouble", status, title=title, way=f"{title}_way")
    except (Busy, Unavailable):
        return reading_of(request, None).page("trouble", status, title=title, way=f"{title}_way")


def _page_of(request: Request, error: PageError) -> HTMLResponse:
    whole = request.app.state.whole
    page = reading_of(request, whole, visitor(request, whole)).page(error.template, error.status, **error.values)
    page.headers.update(error.headers)
    return page


def _signing_in(request: Request) -> Response:
    v = reading_of(request, None)
    back = v.here if request.method in SAFE else "/"
    said = {"next": back, **({"lang": v.language} if v.chosen else {})}
    return RedirectResponse(f"/sign-in?{urlencode(said)}", 303)


def our_own(address: str) -> str:
    """An address inside these pages; the start page where it leads elsewhere."""
    fine = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if fine else "/"
