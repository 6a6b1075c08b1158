"""While somebody writes: what of it may tell who somebody is, as a piece of a page. What is asked about is kept nowhere."""

from fastapi.responses import HTMLResponse

from api.pages.acting.sent import FormSaid
from api.pages.acting.warned import pieces_of
from api.pages.reading import Reader
from api.pages.routing import page_router

looking_pages = page_router()


@looking_pages.post("/look-over")
def look_over(v: Reader, said: FormSaid) -> HTMLResponse:
    """What was found in the fields that are not sealed; others are not looked at."""
    _ = v.me  # who is not signed in writes nothing here
    return v.page("look_over", pieces=tuple(pieces_of(said)))
