"""Who is signed in with a browser: a session that is kept here, behind a cookie that no script can read."""

from datetime import datetime
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response

from adapters.security import Kind
from adapters.sessions import LONGEST
from adapters.tokens import Held
from api.noting import known, noted
from api.security import Parts, standing
from api.whole import Whole
from domain.actors import Actor

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MEANT = "whistle-user"  # a header: whose session what was kept on a phone is meant for
LOOKING = "x-looking"  # a page that looks again by itself says so: nobody is seen by that


def cookie_of(request: Request) -> str:
    """The cookie's name. Under https no other host, and no plain connection, can set it."""
    return "__Host-whistle" if request.url.scheme == "https" else "whistle"


def tag_of(whole: Whole, actor: Actor) -> str:
    """A name for somebody in their office that says nothing about them: what a phone keeps is told apart by it."""
    return whole.master.lasting(actor.staff, "phone", f"{actor.role} {actor.unit}".encode()).hex()[:32]


def secret_of(request: Request) -> str:
    """What the browser knows its session by; '' where it has none."""
    return request.cookies.get(cookie_of(request), "")


def visitor(request: Request, whole: Parts) -> Actor | None:
    """Who is signed in; None where nobody is, or not any more, or where another is meant."""
    secret = secret_of(request)
    held = whole.sessions.actor(secret, whole.now(), noted=LOOKING not in request.headers) if secret else None
    actor = standing(whole, known(held))
    if secret and actor is None:
        noted(whole, Kind.SESSION_REFUSED)
    meant = request.headers.get(MEANT)
    return actor if actor is None or meant in (None, tag_of(whole, actor)) else None


Visitor = Annotated[Actor | None, Depends(visitor)]


def welcome(request: Request, whole: Parts, held: Held, response: Response) -> None:
    """Signed in, under a new secret, for as long as what it is held by; whoever was signed in with this browser is not any more."""
    _end(request, whole)
    _keep(request, whole.sessions.begin(held.actor, whole.now(), held.until), response)


def arrival(request: Request, whole: Parts, staff: str, response: Response) -> None:
    """The same for somebody who has to choose an office first."""
    _end(request, whole)
    _keep(request, whole.sessions.arrive(staff, whole.now()), response)


def arrived(request: Request, whole: Parts) -> tuple[str, datetime] | None:
    """Who has come in with this browser, in an office or not, and until when at the latest."""
    secret = secret_of(request)
    return whole.sessions.whose(secret, whole.now()) if secret else None


def _keep(request: Request, secret: str, response: Response) -> None:
    response.set_cookie(
        cookie_of(request), secret, max_age=int(LONGEST.total_seconds()), path="/", httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip


def farewell(request: Request, whole: Parts, response: Response) -> None:
    """Signed out."""
    _end(request, whole)
    response.delete_cookie(
        cookie_of(request), path="/", httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )


def _end(request: Request, whole: Parts) -> None:
    secret = secret_of(request)
    if secret:
        whole.sessions.end(secret)


def from_here(request: Request) -> bool:
    """Whether a page of our own sent this: by what the browser says of it, else by its origin. Looking is always fine."""
    if request.method in SAFE:
        return True
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    try:
        return urlsplit(request.headers.get("origin", "")).netloc == request.headers.get("host")
    except ValueError:  # an origin that is no address
        return False


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches it."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def over_plain(request: Request) -> bool:
    """Whether others could listen: no TLS, and the address that was called is not this machine's own."""
    return request.url.scheme != "https" and not is_loopback(request.url.hostname or "")
