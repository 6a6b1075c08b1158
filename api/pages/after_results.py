"""What follows a result, on screen: what is to be verified, and who is to be called back."""

from typing import Any

from fastapi.responses import HTMLResponse

from adapters.boards.callbacks import KINDS
from adapters.boards.callbacks import callbacks as looked_at
from adapters.boards.verification import verification
from api.days import end_of_today, midnight
from api.pages.acting.at_hand import CALL, At, of_street
from api.pages.calling import CALLERS
from api.pages.reading import Reader, Reading
from api.pages.routing import Code, page_router, place_within
from domain.actors import Role
from domain.places import Place, Rung

after_results_pages = page_router()
REWORK: At = {"command": "OrderRework", "form": True, "call": True}
CLOSE: At = {"command": "CloseCase", "form": True}


@after_results_pages.get("/boards/streets/{code}/callbacks")
def street_callbacks(v: Reader, code: Code) -> HTMLResponse:
    """The call-backs of a street."""
    return _callbacks(v, place_within(v, code, Rung.STREET))


@after_results_pages.get("/boards/district/callbacks")
def district_callbacks(v: Reader) -> HTMLResponse:
    """The call-backs of the district."""
    return _callbacks(v, place_within(v, v.law.code, Rung.DISTRICT))


def _callbacks(v: Reading, place: Place) -> HTMLResponse:
    zone, most = v.law.calendar.tz, v.law.policy.attempts
    board = looked_at(v.parts.boards.engine, place, most, v.now, midnight(v.now, zone))
    return v.page("callbacks", place=place, board=board, kinds=KINDS, calls=v.me.role in CALLERS, acts=_at_hand(v))


def _at_hand(v: Reading) -> dict[str, list[At]]:
    """What whoever is signed in can do from each list."""
    if v.me.role not in CALLERS:
        return {}
    close = [] if v.me.role is Role.HOTLINE else [CLOSE]
    return {"due": [CALL], "later": [CALL], "unsolved": [REWORK], "used_up": close}


@after_results_pages.get("/boards/streets/{code}/verification")
def street_verification(v: Reader, code: Code) -> HTMLResponse:
    """What a street has to verify."""
    return _verification(v, place_within(v, code, Rung.STREET))


@after_results_pages.get("/boards/grids/{code}/verification")
def grid_verification(v: Reader, code: Code) -> HTMLResponse:
    """What is to be verified in a grid or community."""
    return _verification(v, place_within(v, code, Rung.GRID, Rung.COMMUNITY))


def _verification(v: Reading, place: Place) -> HTMLResponse:
    end = end_of_today(v.now, v.law.calendar.tz)
    board = verification(v.parts.boards.engine, place, v.me.unit, v.now, end)
    verifies: Any = v.me.unit == place.code and place.rung in (Rung.GRID, Rung.STREET)
    return v.page("verification", place=place, board=board, acts=of_street(v.me)["to_verify"] if verifies else [])
