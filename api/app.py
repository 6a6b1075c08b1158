"""The application: routes, headers, and every error as a problem."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import fastapi_offline
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from adapters.boards import NotCaughtUpError
from adapters.jurisdictions import NoSuchEditionError
from adapters.sealing import NotTextError
from adapters.store.errors import Busy, CommitUnknown, Unavailable
from api.answers import case_out
from api.headers import Guarded
from api.metrics import REFUSALS
from api.pages import lost, pages, static, wants_page
from api.problems import Possible, Problem, Trouble, refusal, trouble
from api.routes import boards, cases, health
from api.whole import Whole
from workflow.ask import Refused
from workflow.casework import ContendedError, StaleError

VERSION = "0.1.0"
BY_STATUS = {404: "no_such_thing", 405: "method_not_allowed", 413: "too_large", 415: "not_json"}
REFERENCE = Path(fastapi_offline.__file__).parent / "static"


def create_app(whole: Whole) -> FastAPI:
    """The application over its parts; the boards are followed while it runs."""

    @asynccontextmanager
    async def living(_app: FastAPI) -> AsyncIterator[None]:
        whole.boards.start()
        yield
        whole.boards.stop()

    app = FastAPI(title="Whistle", version=VERSION, lifespan=living, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.whole = whole
    for router in (health.router, cases.router, boards.router, pages):
        app.include_router(router)
    static(app)
    _reference(app)
    for kind, handler in HANDLERS.items():
        app.add_exception_handler(kind, handler)
    app.add_middleware(Guarded)
    return app


def _reference(app: FastAPI) -> None:
    """The API document, and a page to read and try it; every asset is our own."""
    document: dict[str, Any] = {}

    @app.get("/openapi.json", include_in_schema=False)
    def openapi() -> JSONResponse:
        if not document:
            document.update(_described(app))
        return JSONResponse(document)

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(PAGE)

    @app.get("/docs/start.js", include_in_schema=False)
    def start() -> HTMLResponse:
        return HTMLResponse(START, media_type="text/javascript")

    app.mount("/docs/assets", StaticFiles(directory=REFERENCE), name="reference")


PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Whistle API</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/docs/assets/swagger-ui.css"></head>
<body><div id="reference"></div><script src="/docs/assets/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>
"""
START = """SwaggerUIBundle({ url: "/openapi.json", dom_id: "#reference", deepLinking: true, persistAuthorization: true, validatorUrl: null });
"""


def _described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with the schemas of problems that answers refer to."""
    document = get_openapi(title=app.title, version=app.version, routes=app.routes, description=app.__doc__ and ABOUT)
    schemas = document["components"]["schemas"]
    for model in (Problem, Possible):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.pop("$defs", None)
        schemas[model.__name__] = schema
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return document


ABOUT = """Streets whistle, departments report. Every change is a command with an `Idempotency-Key` (a fresh UUID; repeat it
to try again) and, on a case, an `If-Match` with the version that was seen. Errors are problems (RFC 9457)."""


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
    errors = [{"where": [str(part) for part in one["loc"]], "what": one["msg"]} for one in said]
    fields = ", ".join(".".join(one["where"][1:]) or one["where"][0] for one in errors)
    return trouble(request, "bad_content", errors=errors, fields=fields)


async def _http(request: Request, error: HTTPException) -> Response:
    if error.status_code == 404 and wants_page(request):  # noqa: PLR2004 - HTTP
        return lost(request)
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
}
