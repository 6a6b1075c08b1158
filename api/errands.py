"""What a browser is sent to the city's provider with: sealed into a cookie of its own, good once, and for ten minutes."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from fastapi import Request, Response

from adapters.oidc import Asked
from adapters.spent import spend
from api.visits import cookie_of
from api.whole import Whole

LASTS = timedelta(minutes=10)
BOUND = b"errand"


@dataclass(frozen=True, slots=True)
class Errand:
    """What was asked, where to go afterwards, and since when."""

    asked: Asked
    following: str
    at: datetime


def send(request: Request, whole: Whole, errand: Errand, response: Response) -> None:
    """Give it to the browser; what it was sent with before is forgotten."""
    said = {"asked": asdict(errand.asked), "following": errand.following, "at": errand.at.isoformat()}
    sealed = whole.master.wrap(json.dumps(said).encode(), BOUND)
    response.set_cookie(
        _name(request), urlsafe_b64encode(sealed).decode(), max_age=int(LASTS.total_seconds()), path="/",
        httponly=True, samesite="lax", secure=request.url.scheme == "https",
    )  # fmt: skip


def taken(request: Request, whole: Whole, now: datetime) -> Errand | None:
    """What this browser was sent with, used up by being looked at; None where it is none, too old, or used before."""
    errand = _read(request, whole)
    if errand is None or not errand.at <= now < errand.at + LASTS:
        return None
    return errand if spend(whole.log, errand.asked.state, now, errand.at + LASTS) else None


def _read(request: Request, whole: Whole) -> Errand | None:
    try:
        sealed = urlsafe_b64decode(request.cookies.get(_name(request), ""))
    except ValueError:
        return None
    opened = whole.master.unwrap(sealed, BOUND)
    if opened is None:
        return None
    said = json.loads(opened)
    return Errand(Asked(**said["asked"]), said["following"], datetime.fromisoformat(said["at"]))


def _name(request: Request) -> str:
    return f"{cookie_of(request)}-away"
