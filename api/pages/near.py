"""Near duplicates, as a piece of a page: asked for while a case is being written down."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import HTMLResponse

from adapters.boards.near import near
from api.pages.reading import Reader
from api.pages.routing import NoPageError, page_router
from api.security import reach_of, sees_place

near_pages = page_router()
Said = Annotated[str, Query(max_length=100)]


@near_pages.get("/near")
def near_cases(v: Reader, category: Said, place: Said, about: Said = "") -> HTMLResponse:
    """A list of open cases like this one within reach; empty where there is none."""
    if not sees_place(v.law, v.me, place):
        raise NoPageError
    found = near(v.parts.boards.engine, reach_of(v.me), v.law.places.path(place), category, v.now, about)
    return v.page("near", cases=found)
