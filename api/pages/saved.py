"""Filters of the register that are kept under a name, and let go of again; by plain forms."""

from typing import Annotated
from uuid import UUID

from fastapi import Form
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from adapters.saved_filters import MOST, TooManyError
from api.lists import Named
from api.pages.acting.wrongs import wrong_of
from api.pages.reading import Staff
from api.pages.register import Listed, register_page
from api.pages.routing import NoPageError, page_router
from api.problems import Trouble

saved_pages = page_router()
Name = Annotated[str, Form(max_length=300)]


@saved_pages.post("/cases/saved")
def keep(v: Staff, listed: Listed, name: Name = "", shared: Annotated[str, Form(max_length=10)] = "") -> Response:
    """What the register shows now is kept under a name; one that was kept under it before is gone."""
    if listed.wrong:
        return register_page(v, listed)
    try:
        named = Named(name=name)
        v.parts.saved_filters.keep(v.me, named.name, listed.wanted.filters(), v.now, shared=bool(shared))
    except ValidationError as error:
        return register_page(v, listed, wrong_of(v, error), name)
    except TooManyError:
        return register_page(v, listed, wrong_of(v, Trouble("too_many_saved_filters", most=MOST)), name)
    return RedirectResponse(v.url("cases", **listed.said), 303)


@saved_pages.post("/cases/saved/{wanted}/drop")
def drop(v: Staff, listed: Listed, wanted: UUID) -> Response:
    """One of one's own is let go of; whoever lets go of it twice finds it gone."""
    if not v.parts.saved_filters.drop(v.me, wanted) and any(one.id == wanted for one in v.parts.saved_filters.of(v.me)):
        raise NoPageError
    return RedirectResponse(v.url("cases", **listed.said), 303)
