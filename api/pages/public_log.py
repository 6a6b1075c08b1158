"""The log for everybody: how large it is, what signs that, a register without gaps, and what was erased from it."""

from fastapi.responses import HTMLResponse

from api.pages.doors import ToFigures
from api.pages.openly_kept import kept
from api.pages.routing import page_router
from api.pages.small_counts import FEWEST

public_log = page_router()


@public_log.get("/public/log")
def public_log_page(v: ToFigures) -> HTMLResponse:
    """What shows that nothing was hidden."""
    return v.page("public_log", kept=kept(v.parts, v.now), fewest=FEWEST)
