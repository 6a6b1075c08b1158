"""Coming in: by an account of the city's, by one of our own, in a demo as anybody."""

from typing import Annotated

from fastapi import Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from adapters.logins import folded
from adapters.oidc import AwayError, Oidc, RefusedError, new_asked
from adapters.tokens import Held
from api.doorkeeping import Happening, Way, noted
from api.errands import Errand, send, taken
from api.pages.doors import TooOftenError, client_of, knock, peep
from api.pages.offices import Next, NextSaid, NotInError, Words, arrived_as, entered
from api.pages.reading import Reader, Reading
from api.pages.routing import NoPageError, our_own, page_router
from api.visits import over_plain
from domain.actors import Actor
from domain.jurisdiction import Grant

coming_in = page_router()
FEW = 40  # offices listed by themselves; where there are more, one is searched for


@coming_in.get("/sign-in")
def sign_in_page(
    request: Request,
    v: Reader,
    following: Next = "/",
    q: Annotated[str, Query(max_length=100)] = "",
    left: Annotated[str, Query(max_length=10)] = "",
) -> HTMLResponse:
    """Which ways there are; in a demo any office of the district."""
    _safe(request)
    return _door(v, following, q, left=_end_there(request, v) if left else "")


def _door(v: Reading, following: str, q: str = "", status: int = 200, wrong: str = "", left: str = "") -> HTMLResponse:
    offices = [grant for grant in v.law.grants if _called(v, grant, q)] if v.demo else []
    ways = {"oidc": v.parts.oidc is not None and not v.demo, "local": v.parts.logins.any_here()}
    shown, more, back = offices[:FEW], len(offices) > FEW, our_own(following)
    return v.page("sign_in", status, offices=shown, more=more, q=q, following=back, wrong=wrong, left=left, **ways)


def _end_there(request: Request, v: Reading) -> str:
    """Where the provider ends its own session; '' where it has no such place."""
    return v.parts.oidc.farewell(f"{_here(request)}/", v.now) if v.parts.oidc else ""


def _here(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _safe(request: Request) -> None:
    """Nobody comes in where others could listen."""
    if over_plain(request):
        noted(request.app.state.whole, Happening.REFUSED, Way.LOCAL, why="plain")
        raise NotInError("not_in_plain")


# --- in a demo


def _called(v: Reading, grant: Grant, q: str) -> bool:
    said = f"{v.plain(grant.unit)} {v.word('ROLES', grant.role)} {grant.unit}".casefold()
    return all(part in said for part in q.casefold().split())


@coming_in.post("/sign-in")
def sign_in(request: Request, v: Reader, token: Words = "", office: Words = "", following: NextSaid = "/") -> Response:
    """In a demo a session for any office that is chosen, or for whoever holds a token; elsewhere tokens are for programs."""
    _safe(request)
    if not v.demo:
        raise NoPageError
    held = Held(_of_demo(v, office), None) if office else _by_token(request, v, token.strip())
    if held is None:
        noted(v.parts, Happening.REFUSED, Way.DEMO)
        return _door(v, following, status=403, wrong="bad_token")
    return entered(request, v, held, following, Way.DEMO)


def _by_token(request: Request, v: Reading, token: str) -> Held | None:
    """Who holds it; who tries others is slowed down. Raises TooOftenError."""
    held = v.parts.tokens.held(token, v.now)
    if held is None:
        knock(v, "token", client_of(request, v))
    return held


def _of_demo(v: Reading, office: str) -> Actor:
    role, _, unit = office.partition(" ")
    found = next((g for g in v.law.grants if (g.role, g.unit) == (role, unit)), None)
    if found is None:
        raise NoPageError
    return Actor(found.staff, found.role, found.unit)


# --- by an account of our own


@coming_in.post("/sign-in/local")
def local(
    request: Request, v: Reader, name: Words = "", password: Words = "", code: Words = "", following: NextSaid = "/"
) -> Response:
    """A name, a password and a code; which of them is wrong is not told."""
    _safe(request)
    client = client_of(request, v)
    _knocked(v, Way.LOCAL, client, folded(name))
    staff = v.parts.logins.by_password(name, password, code, v.now)
    if staff is None:
        noted(v.parts, Happening.REFUSED, Way.LOCAL)
        _failed(v, client)
        return _door(v, following, status=403, wrong="bad_login")
    return arrived_as(request, v, staff, following, Way.LOCAL)


def _knocked(v: Reading, way: Way, client: str, name: str = "") -> None:
    """Whether one more try is free; of one name, wherever from, a few in a day. Raises TooOftenError."""
    try:
        peep(v, "no login", client)
        if name:
            knock(v, "login", f"{client} {name}")
            knock(v, "login of anybody", name)
    except TooOftenError:
        noted(v.parts, Happening.THROTTLED, way)
        raise


def _failed(v: Reading, client: str) -> None:
    knock(v, "no login", client)


# --- by an account of the city's


@coming_in.get("/sign-in/oidc")
def away(request: Request, v: Reader, following: Next = "/") -> Response:
    """Off to the provider."""
    _safe(request)
    oidc, asked = _provider(v), new_asked()
    _knocked(v, Way.OIDC, client_of(request, v))
    try:
        response = RedirectResponse(oidc.away(asked, _back(request), v.now), 303)
    except AwayError as error:
        raise _not_there(v, error) from None
    send(request, v.parts, Errand(asked, our_own(following), v.now), response)
    return response


@coming_in.get("/sign-in/oidc/answer")
def answer(request: Request, v: Reader) -> Response:
    """Back from there: whoever the provider says it is comes in, if they are bound to somebody here."""
    _safe(request)
    oidc, client = _provider(v), client_of(request, v)
    _knocked(v, Way.OIDC, client)
    try:
        errand = _errand(request, v)
        subject = oidc.subject(dict(request.query_params), errand.asked, _back(request), v.now)
    except RefusedError as refused:
        noted(v.parts, Happening.REFUSED, Way.OIDC, why=str(refused))
        _failed(v, client)
        raise NotInError("not_in_refused") from None
    except AwayError as error:
        raise _not_there(v, error) from None
    return arrived_as(request, v, _bound(v, oidc, subject), errand.following, Way.OIDC)


def _errand(request: Request, v: Reading) -> Errand:
    errand = taken(request, v.parts, v.now)
    if errand is None:
        raise RefusedError("no_errand")
    return errand


def _bound(v: Reading, oidc: Oidc, subject: str) -> str:
    """Whose account it is. Raises NotInError with what the account is known by here."""
    code = v.parts.logins.code_of(oidc.provider.issuer, subject)
    staff = v.parts.logins.by_subject(oidc.provider.issuer, code)
    if staff is None:
        noted(v.parts, Happening.BOUND_TO_NOBODY, Way.OIDC)
        raise NotInError("not_in_bound", code=code)
    return staff


def _provider(v: Reading) -> Oidc:
    if v.parts.oidc is None or v.demo:
        raise NoPageError
    return v.parts.oidc


def _not_there(v: Reading, error: AwayError) -> NotInError:
    noted(v.parts, Happening.REFUSED, Way.OIDC, why=str(error))
    return NotInError("not_in_away", 503)


def _back(request: Request) -> str:
    return f"{_here(request)}/sign-in/oidc/answer"
