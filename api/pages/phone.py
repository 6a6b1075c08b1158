"""What makes the pages an app on a phone: the service worker, the manifest, the page without a line, and where one stands."""

import json
from typing import Annotated

from fastapi import Form, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from api.pages.reading import Reader, reading_of
from api.pages.routing import page_router
from api.static_files import EDITION, FILES, address

phone = page_router()
WORKER = "sw.js"
FRESH = {"Cache-Control": "no-cache"}
NOT_KEPT = {"Cache-Control": "no-store"}
SHELL = ("/offline", *(address(name) for name in FILES if name.endswith((".css", ".js")) and name != WORKER))
ICONS = (("icon.svg", "any"), ("icon-192.png", "192x192"), ("icon-512.png", "512x512"))
BRAND = "#0f3d5c"


@phone.get("/sw.js")
def service_worker() -> Response:
    """The script between pages and line; it changes with the edition of the files that it keeps."""
    told = f"const EDITION = {json.dumps(EDITION)}, SHELL = {json.dumps(SHELL)};\n".encode()
    return Response(told + FILES[WORKER], media_type="text/javascript", headers=FRESH)


@phone.get("/manifest.webmanifest")
def manifest(request: Request) -> Response:
    """How it is installed."""
    v = reading_of(request, None)
    said = {
        "id": "/", "name": f"{v.t('product')} · {v.t('tagline')}", "short_name": v.t("product"), "lang": v.lang,
        "start_url": v.url("mine"), "scope": "/", "display": "standalone", "theme_color": BRAND, "background_color": BRAND,
        "icons": [{"src": address(name), "sizes": sizes, "purpose": purpose} for name, sizes in ICONS for purpose in ("any", "maskable")],
        "shortcuts": [{"name": v.t("log_a_case"), "url": v.url("log")}],
    }  # fmt: skip
    return Response(json.dumps(said, ensure_ascii=False), media_type="application/manifest+json", headers=FRESH)


@phone.get("/offline")
def offline(request: Request) -> HTMLResponse:
    """What is shown where there is no line; nothing personal is in it, for it is kept on the phone."""
    return reading_of(request, None).page("offline")


@phone.post("/place")
def place(
    v: Reader,
    lat: Annotated[float, Form(ge=-90, le=90, allow_inf_nan=False)],
    lon: Annotated[float, Form(ge=-180, le=180, allow_inf_nan=False)],
) -> JSONResponse:
    """The place that holds a point, '' where none does. The point is kept nowhere; it comes in a body, for addresses are noted in logs."""
    me, law = v.me, v.law
    code = v.parts.editions.router(law.edition).place_of(lon, lat) or ""
    known = code if me and code in law.places.by_code else ""
    return JSONResponse({"code": known, "name": v.plain(known) if known else ""}, headers=NOT_KEPT)
