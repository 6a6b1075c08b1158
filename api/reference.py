"""The API reference: the OpenAPI document, and a page to read and try it whose every asset is our own."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import fastapi_offline
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.staticfiles import StaticFiles

from adapters.security import Kind
from adapters.tokens import DEMO
from api.demo import cast
from api.examples import EXAMPLES
from api.noting import noted
from api.problems import Possible, Problem
from api.security import Parts
from api.whole import Whole

LENT = timedelta(days=1)
ASSETS = Path(fastapi_offline.__file__).parent / "static"
ABOUT = """Streets whistle, departments report. Every change is a command with an `Idempotency-Key` (a fresh UUID; repeat it
to try again) and, on a case, an `If-Match` with the version that was seen. Errors are problems (RFC 9457)."""
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Whistle API</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/docs/assets/swagger-ui.css"></head>
<body><div id="reference"></div><script src="/docs/assets/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>
"""
START = """const token = %s;
const named = (headers, name) => Object.keys(headers).some((key) => key.toLowerCase() === name);
const ui = SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#reference", deepLinking: true, persistAuthorization: !token, validatorUrl: null,
  requestInterceptor: (request) => {
    if (request.method === "POST" && !named(request.headers, "idempotency-key")) {
      request.headers["Idempotency-Key"] = crypto.randomUUID();
    }
    return request;
  },
  onComplete: () => token && ui.preauthorizeApiKey("HTTPBearer", token),
});
"""

reference = APIRouter(include_in_schema=False)


@reference.get("/openapi.json")
def openapi(request: Request) -> JSONResponse:
    """The document."""
    return JSONResponse(document(request.app))


@reference.get("/docs")
def docs() -> HTMLResponse:
    """The page."""
    return HTMLResponse(PAGE)


@reference.get("/docs/start.js")
def start(request: Request, whole: Parts) -> Response:
    """How the page begins; in a demo store with a token filled in. Other sites may not load it (CORP)."""
    state = request.app.state
    state.lent = lent(whole, getattr(state, "lent", ""))
    return Response(START % json.dumps(state.lent), media_type="text/javascript", headers={"Cache-Control": "no-store"})


def lent(whole: Whole, before: str = "") -> str:
    """A token to try with, in a demo store: the one lent before while it lives, else a new one; '' elsewhere."""
    if not whole.tokens.is_demo():
        return ""
    now = whole.now()
    if before and whole.tokens.actor(before, now):
        return before
    made = whole.tokens.create(cast(whole.law)["CLERK"], DEMO, now, now + LENT)
    noted(whole, Kind.TOKEN_MADE, made.actor, way="demo")
    return made.secret


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document: with the schemas of problems that answers refer to, and an example of every form."""
    if app.openapi_schema is None:
        app.openapi_schema = _described(app)
    return app.openapi_schema


def _described(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(title=app.title, version=app.version, routes=app.routes, description=ABOUT)
    schemas = made["components"]["schemas"]
    for model in (Problem, Possible):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schema.pop("$defs", None)
        schemas[model.__name__] = schema
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for name, example in EXAMPLES.items():
        schemas[name]["examples"] = [example]
    return made


def add_reference(app: FastAPI) -> None:
    """The page, the document and their assets."""
    app.include_router(reference)
    app.mount("/docs/assets", StaticFiles(directory=ASSETS), name="reference")
