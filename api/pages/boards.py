"""The boards of grid, community, street and department, for those within whose reach they are."""

from typing import Any

from fastapi.responses import HTMLResponse

from adapters.boards import department, grid, register, street
from adapters.boards.shares import Share
from api.pages.acting.at_hand import BULK_IN, of_duty, of_grid, of_street, open_now
from api.pages.counted import by_place_and_lead
from api.pages.deciding import DECIDERS, reason_of, request_cards, terms_of
from api.pages.filters import Filtered
from api.pages.reading import Reader, Reading
from api.pages.routing import Code, NoPageError, page_router, place_within
from api.pages.then import Dated, slider_of
from api.security import releases_exports, sees_department, sees_messages, sees_place, sees_security, sees_staff
from domain.places import Place, Rung
from domain.states import RequestKind

boards_pages = page_router()
CARDS = 20  # requests that are shown with all about them
BELOW = (Rung.COMMUNITY, Rung.GRID)


@boards_pages.get("/boards")
def boards(v: Reader) -> HTMLResponse:
    """Every board within reach."""
    return v.page("boards", **_index(v))


def _index(v: Reading) -> dict[str, Any]:
    law, me = v.law, v.me
    seen = [place for place in law.places.by_code.values() if sees_place(law, me, place.code)]
    streets = [place for place in seen if place.rung is Rung.STREET]
    departments = tuple(unit for unit in law.departments.values() if sees_department(law, me, unit.code))
    by_place, by_lead = by_place_and_lead(v, every=bool(streets or departments))
    return {
        "district": sees_place(law, me, law.code),
        "messages": sees_messages(law, me),
        "staff": sees_staff(law, me),
        "security": sees_security(law, me),
        "exports": releases_exports(law, me),
        "streets": streets,
        "others": [] if sees_place(law, me, law.code) else [place for place in seen if place.rung in BELOW],
        "children": _children(v),
        "departments": departments,
        "by_place": by_place,
        "by_lead": by_lead,
    }


def _children(v: Reading) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = {}
    for place in sorted(v.law.places.by_code.values(), key=lambda place: place.code):
        found.setdefault(place.parent, []).append(place)
    return found


@boards_pages.get("/boards/grids/{code}")
def grid_board(v: Dated, code: Code) -> HTMLResponse:
    """The board of a grid or community."""
    place = place_within(v, code, Rung.GRID, Rung.COMMUNITY)
    board = grid.board(v.engine, place, v.now)
    on_the_spot = Share(board.on_the_spot, board.ended)
    acts = of_grid() if acts_on(v, code) else {}
    opened = open_now(v, [line.case for key in acts for line in getattr(board, key)])
    inside = _children(v).get(code, [])
    return v.page(
        "grid", place=place, board=board, on_the_spot=on_the_spot, inside=inside, acts=acts, open=opened,
        slider=slider_of(v),
    )  # fmt: skip


@boards_pages.get("/boards/streets/{code}")
def street_board(v: Dated, code: Code, filters: Filtered) -> HTMLResponse:
    """The board of a street office."""
    place = place_within(v, code, Rung.STREET)
    board = street.board(v.engine, code, v.now, filters.only, v.law.policy.assessment)
    asked = [request.case for request in board.requests] + [case for case, _ in board.to_rate]
    numbers = register.numbers(v.engine, asked)
    reviews = {held.case.case: held.review for held in board.suspended}
    acts = of_street(v.me) if acts_on(v, code) else {}
    opened = open_now(v, [line.case for key in acts for line in getattr(board, key)])
    own: dict[str, Any] = {"acts": acts, "bulk": BULK_IN if acts else {}, "open": opened}
    choices = filters.choices(street=code)
    return v.page(
        "street", place=place, board=board, numbers=numbers, reviews=reviews, inside=_children(v).get(code, []),
        filters=filters, choices=choices, slider=slider_of(v), **_to_decide(v, board), **own,
    )  # fmt: skip


def acts_on(v: Reading, unit: str) -> bool:
    """Whether whoever reads can act on what a board lists: it is their own, and the one of now."""
    return v.me.unit == unit and v.then is None


def _to_decide(v: Reading, board: street.StreetBoard) -> dict[str, Any]:
    """The requests that whoever is signed in decides, on cards; the others."""
    mine = [one for one in board.requests if acts_on(v, board.street) and v.me.role in DECIDERS[RequestKind(one.kind)]]
    cards = request_cards(v, mine[:CARDS])
    told = {(card.case.id, card.request.number) for card in cards if card.actions}
    others = [one for one in board.requests if (one.case, one.number) not in told]
    asked = [card for card in cards if card.actions]
    return {"asked": asked, "others": others, "terms_of": terms_of, "reason_of": reason_of}


@boards_pages.get("/boards/departments/{code}")
def department_board(v: Dated, code: Code, filters: Filtered) -> HTMLResponse:
    """The board of a department."""
    if not sees_department(v.law, v.me, code):
        raise NoPageError
    board = department.board(v.engine, code, v.now, filters.only)
    asked = [request.case for request in board.requests] + [rated.case for rated in board.ratings]
    numbers = register.numbers(v.engine, asked)
    acts = of_duty(code) if acts_on(v, code) else {}
    opened = open_now(v, [duty.case for duty in (*board.new, *board.to_report_in, *board.at_work)] if acts else [])
    own: dict[str, Any] = {"acts": acts, "bulk": BULK_IN if acts else {}, "open": opened}
    choices = filters.choices(unit=code)
    return v.page(
        "department",
        code=code,
        board=board,
        numbers=numbers,
        filters=filters,
        choices=choices,
        slider=slider_of(v),
        **own,
    )
