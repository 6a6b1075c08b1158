"""In which office: whoever has come in takes one of those that they hold, and may change it; and signs out again."""

from datetime import datetime
from typing import Annotated

from fastapi import Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from adapters.tokens import Held
from api.doorkeeping import Happening, Way, noted
from api.pages.homes import home_of
from api.pages.reading import NotSignedInError, Reader, Reading
from api.pages.routing import PageError, our_own, page_router
from api.visits import arrival, arrived, farewell, welcome

office_pages = page_router()
Words = Annotated[str, Form(max_length=300)]
Next = Annotated[str, Query(alias="next", max_length=2000)]
NextSaid = Annotated[str, Form(alias="next", max_length=2000)]


class NotInError(PageError):
    """Nobody came in, and a page says what to do; `code` is what an account is known by here."""

    def __init__(self, title: str, status: int = 403, code: str = "") -> None:
        """Which words it is told with."""
        super().__init__("not_in", status, title=title, code=code)


def arrived_as(request: Request, v: Reading, staff: str, following: str, way: Way) -> Response:
    """In the one office that somebody holds; who holds several chooses. Raises NotInError."""
    offices = v.offices_of(staff)
    if not offices:
        noted(v.parts, Happening.NO_OFFICE, way, staff)
        raise NotInError("not_in_office")
    if len(offices) == 1:
        return entered(request, v, Held(offices[0], None), following, way)
    noted(v.parts, Happening.CAME_IN, way, staff)
    response = RedirectResponse(v.url("sign-in", "office", next=our_own(following)), 303)
    arrival(request, v.parts, staff, response)
    return response


def entered(request: Request, v: Reading, held: Held, following: str, way: Way) -> Response:
    """A session in an office, and on to where somebody wanted to go, else to where their work is."""
    noted(v.parts, Happening.CAME_IN, way, held.actor.staff)
    where = our_own(following)
    response = RedirectResponse(home_of(v, held.actor) if where == "/" else where, 303)
    welcome(request, v.parts, held, response)
    return response


@office_pages.get("/sign-in/office")
def offices(request: Request, v: Reader, following: Next = "/") -> HTMLResponse:
    """The offices that somebody holds now; the one they are in too."""
    staff, _ = _who(request, v)
    return v.page("offices", offices=v.offices_of(staff), following=our_own(following))


@office_pages.post("/sign-in/office")
def take_office(request: Request, v: Reader, office: Words = "", following: NextSaid = "/") -> Response:
    """That office, under a new secret, for no longer than before."""
    staff, until = _who(request, v)
    role, _, unit = office.partition(" ")
    found = next((one for one in v.offices_of(staff) if (one.role, one.unit) == (role, unit)), None)
    if found is None:
        raise NotInError("not_in_office")
    return entered(request, v, Held(found, until), following, Way.OFFICE)


def _who(request: Request, v: Reading) -> tuple[str, datetime]:
    found = arrived(request, v.parts)
    if found is None:
        raise NotSignedInError
    return found


@office_pages.post("/sign-out")
def sign_out(request: Request, v: Reader) -> Response:
    """The session ends; where the provider has one of its own, the next page leads to where that is ended."""
    if v.actor:
        noted(v.parts, Happening.SIGNED_OUT, Way.OFFICE, v.actor.staff)
    beyond = v.parts.oidc is not None and not v.demo
    response = RedirectResponse(v.url("sign-in", left="yes") if beyond else v.url(""), 303)
    farewell(request, v.parts, response)
    return response
