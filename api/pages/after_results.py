"""What follows a result, on screen: what is to be verified, and who is to be called back."""

from collections.abc import Mapping

from fastapi.responses import HTMLResponse

from adapters.boards.callbacks import KINDS
from adapters.boards.callbacks import callbacks as looked_at
from adapters.boards.verification import verification
from api.days import end_of_today, midnight
from api.pages.acting.at_hand import CALL, At, of_grid, open_now
from api.pages.boards import acts_on
from api.pages.reading import Reading
from api.pages.routing import Code, page_router, place_within
from api.pages.then import Dated, slider_of
from domain.permissions import Permission, may
from domain.places import Place, Rung

after_results_pages = page_router()
REWORK: At = {"command": "OrderRework", "form": True, "call": True}
CLOSE: At = {"command": "CloseCase", "form": True}
AT_HAND: Mapping[str, list[At]] = {"due": [CALL], "later": [CALL], "unsolved": [REWORK], "used_up": [CLOSE]}


@after_results_pages.get("/boards/streets/{code}/callbacks")
def street_callbacks(v: Dated, code: Code) -> HTMLResponse:
    """The call-backs of a street."""
    return _callbacks(v, place_within(v, code, Rung.STREET))


@after_results_pages.get("/boards/district/callbacks")
def district_callbacks(v: Dated) -> HTMLResponse:
    """The call-backs of the district."""
    return _callbacks(v, place_within(v, v.law.code, Rung.DISTRICT))


def _callbacks(v: Reading, place: Place) -> HTMLResponse:
    zone, most = v.law.calendar.tz, v.law.policy.attempts
    board = looked_at(v.engine, place, most, v.now, midnight(v.now, zone))
    calls = may(v.me, Permission.SEE_CONTACT) and v.then is None
    acts = AT_HAND if calls else {}
    opened = open_now(v, [call.case.case for kind in acts for call in getattr(board, kind)])
    return v.page(
        "callbacks", place=place, board=board, kinds=KINDS, calls=calls, acts=acts, open=opened, slider=slider_of(v)
    )


@after_results_pages.get("/boards/streets/{code}/verification")
def street_verification(v: Dated, code: Code) -> HTMLResponse:
    """What a street has to verify."""
    return _verification(v, place_within(v, code, Rung.STREET))


@after_results_pages.get("/boards/grids/{code}/verification")
def grid_verification(v: Dated, code: Code) -> HTMLResponse:
    """What is to be verified in a grid or community."""
    return _verification(v, place_within(v, code, Rung.GRID, Rung.COMMUNITY))


def _verification(v: Reading, place: Place) -> HTMLResponse:
    end = end_of_today(v.now, v.law.calendar.tz)
    board = verification(v.engine, place, v.me.unit, v.now, end)
    known = [check.case.case for check in board.to_verify]
    opened = open_now(v, known if acts_on(v, place.code) else [])
    acts = of_grid()["to_verify"] if any(opened.may(case, "PassVerification") for case in known) else []
    return v.page("verification", place=place, board=board, acts=acts, open=opened, slider=slider_of(v))
