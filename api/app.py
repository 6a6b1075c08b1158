"""The application: routes, headers, and every error as a problem."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from adapters.boards import NotCaughtUpError
from adapters.jurisdictions import NoSuchEditionError
from adapters.sealing import NotTextError
from adapters.store.errors import Busy, CommitUnknown, Unavailable
from api.answers import case_out
from api.headers import NUMBER, Guarded, around, unless_said
from api.live import Hub
from api.metrics import REFUSALS
from api.pages.after_results import after_results_pages
from api.pages.boards import boards_pages
from api.pages.bulk import bulk_pages
from api.pages.calling import calling_pages
from api.pages.cases import cases as case_pages
from api.pages.clearing import clearing_pages
from api.pages.coming_again import coming_again_pages
from api.pages.coming_in import coming_in
from api.pages.district import district_pages
from api.pages.exports import exports_pages
from api.pages.figures import figures_pages
from api.pages.front import front
from api.pages.hotline import hotline_pages
from api.pages.intake import intake
from api.pages.live import live_pages
from api.pages.logging_a_case import logging_pages
from api.pages.looking_over import looking_pages
from api.pages.measures import measures
from api.pages.messages import messages_pages
from api.pages.near import near_pages
from api.pages.offices import office_pages
from api.pages.phone import phone
from api.pages.photos import photo_pages
from api.pages.poster import poster
from api.pages.privacy import privacy
from api.pages.process import process_pages
from api.pages.public import public
from api.pages.public_log import public_log
from api.pages.register import register_pages
from api.pages.resident import resident
from api.pages.resident_kept import resident_kept
from api.pages.resident_photos import resident_photos
from api.pages.routing import fault, unread, wants_page
from api.pages.saved import saved_pages
from api.pages.security import security_pages
from api.pages.sheets import sheets
from api.pages.staff import staff_pages
from api.pages.taking import taking_pages
from api.problems import Trouble, language_of, refusal, trouble
from api.reference import add_reference
from api.routes import (
    after_results,
    boards,
    cases,
    coming_again,
    exports,
    figures,
    health,
    log,
    looks,
    messages,
    photos,
    process,
    saved_filters,
    staff,
    taking,
)
from api.static_files import static_files
from api.turns import InTurn
from api.whole import Whole
from api.wrong import wrong
from workflow.ask import Refused
from workflow.casework import ContendedError, StaleError

VERSION = "0.1.0"
BY_STATUS = {404: "no_such_thing", 405: "method_not_allowed", 413: "too_large", 415: "not_json"}


ROUTERS = (
    health.router,
    cases.router,
    boards.router,
    after_results.router,
    coming_again.router,
    figures.router,
    messages.router,
    photos.router,
    taking.router,
    exports.router,
    saved_filters.router,
    process.router,
    staff.router,
    looks.router,
    log.router,
    front,
    coming_in,
    office_pages,
    boards_pages,
    after_results_pages,
    coming_again_pages,
    case_pages,
    logging_pages,
    near_pages,
    photo_pages,
    looking_pages,
    clearing_pages,
    figures_pages,
    measures,
    register_pages,
    messages_pages,
    district_pages,
    hotline_pages,
    calling_pages,
    bulk_pages,
    taking_pages,
    exports_pages,
    saved_pages,
    staff_pages,
    security_pages,
    process_pages,
    sheets,
    phone,
    intake,
    resident,
    resident_photos,
    resident_kept,
    privacy,
    poster,
    public,
    public_log,
    live_pages,
    static_files,
)  # fmt: skip


def create_app(whole: Whole, *, works: bool = False, hosts: Collection[str] = ()) -> FastAPI:
    """The application over its parts; while it runs the boards are followed and, where it `works`, time does what it does.

    `hosts` are the names under which it is reached; where none is said, any.
    """
    hub = Hub(whole)

    @asynccontextmanager
    async def living(_app: FastAPI) -> AsyncIterator[None]:
        async with hub.open():
            whole.boards.start()
            whole.past.start()
            whole.seal.start(whole.now)
            whole.security.start(whole.now)
            if works:
                whole.clockwork.start(whole.now)
                whole.outbox.start(whole.now)
                whole.retention.start(whole.now)
            yield
            whole.security.stop()
            whole.retention.stop()
            whole.outbox.stop()
            whole.clockwork.stop()
            whole.seal.stop()
            whole.past.stop()
            whole.boards.stop()

    app = FastAPI(title="Whistle", version=VERSION, lifespan=living, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.whole, app.state.live = whole, hub
    for router in ROUTERS:
        app.include_router(router)
    add_reference(app)
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(InTurn)
    app.add_middleware(Guarded, hosts=hosts)
    return app


# --- errors


async def _refused(request: Request, error: Refused) -> JSONResponse:
    REFUSALS.labels(error.code).inc()
    return refusal(request, error)


async def _troubled(request: Request, error: Trouble) -> JSONResponse:
    return trouble(request, error.code, current=error.current, errors=error.errors, **error.arguments)


async def _stale(request: Request, error: StaleError) -> JSONResponse:
    current = case_out(error.case, number="", position=0, actions=[]).model_dump(mode="json")
    return trouble(request, "stale", current=current, seen=error.seen, version=error.case.version)


async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
    said = error.errors()
    if any(one["type"] == "json_invalid" for one in said):
        return trouble(request, "bad_json")
    errors = wrong(said, language_of(request))
    fields = ", ".join(".".join(one["where"][1:]) or one["where"][0] for one in errors)
    return trouble(request, "bad_content", errors=errors, fields=fields)


async def _fault(request: Request, _error: Exception) -> Response:
    """What nobody foresaw; only its number is told. It answers from outside of `Guarded`, and brings the headers itself."""
    number = getattr(request.state, NUMBER, "-")
    response: Response = fault(request, number) if wants_page(request) else trouble(request, "fault", number=number)
    response.raw_headers[:] = [*unless_said(response.raw_headers), *around(number, request.scope)]
    return response


async def _http(request: Request, error: HTTPException) -> Response:
    if wants_page(request):
        return await unread(request, error.status_code)
    return trouble(request, BY_STATUS.get(error.status_code, "bad_json"))


def _as(code: str) -> Callable[[Request, Exception], Any]:
    async def handler(request: Request, _error: Exception) -> JSONResponse:
        return trouble(request, code)

    return handler


HANDLERS: dict[type[Exception], Callable[[Request, Any], Any]] = {
    Refused: _refused,
    Trouble: _troubled,
    StaleError: _stale,
    RequestValidationError: _invalid,
    HTTPException: _http,
    ContendedError: _as("contended"),
    NotCaughtUpError: _as("not_caught_up"),
    NoSuchEditionError: _as("no_edition"),
    NotTextError: _as("words_not_text"),
    CommitUnknown: _as("unknown"),
    Busy: _as("busy"),
    Unavailable: _as("busy"),
    Exception: _fault,
}
