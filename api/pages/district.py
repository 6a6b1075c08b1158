"""The district's board: what to dispatch, to rule and to decide, and how everybody does; now, or as it stood."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import HTMLResponse

from adapters.boards import district, register
from adapters.boards.district import DistrictBoard
from adapters.boards.exceptions import BANDS, OLDER
from adapters.boards.leagues import RATES, Standing, ranked, ranking
from adapters.boards.matrix import BELOW
from adapters.boards.trends import SPAN
from api.pages.deciding import dispatch_cards, dispute_cards, mine, reason_of, request_cards, terms_of
from api.pages.reading import Reading
from api.pages.routing import NoPageError, page_router
from api.pages.then import Dated, slider_of
from api.security import sees_place

district_pages = page_router()
SPANS = (30, 90, 365)  # days
SORTS = (*RATES, "cases")
CARDS = 20  # of each kind on one page


@district_pages.get("/boards/district")
def district_board(
    v: Dated,
    days: Annotated[int, Query(ge=1, le=SPANS[-1])] = SPANS[0],
    sort: Annotated[str, Query(max_length=20)] = RATES[0],
) -> HTMLResponse:
    """The board; as it stood, nothing can be done on it."""
    if not sees_place(v.law, v.me, v.law.code):
        raise NoPageError
    sort = sort if sort in SORTS else RATES[0]
    board = district.board(v.engine, v.law, v.now, days, mine(v))
    return v.page(
        "district",
        board=board,
        days=days,
        spans=SPANS,
        sort=sort,
        leagues={
            "streets": _league(board.leagues.streets, sort),
            "departments": _league(board.leagues.departments, sort),
        },
        slider=slider_of(v),
        **_cards(v, board),
        matrix=Grid.of(board),
        held=_held(board),
        standing=v.parts.clockwork.standing(v.now),
        month_ago=(v.now - SPAN).isoformat(),
        **_known(),
    )


def _cards(v: Reading, board: DistrictBoard) -> dict[str, Any]:
    """What waits, with all that decides it; of what waited then, the lists say enough."""
    if v.then:
        asked = [request.case for request in board.requests]
        return {"to_dispatch": (), "disputes": (), "asked": (), "numbers": register.numbers(v.engine, asked)}
    return {
        "to_dispatch": dispatch_cards(v, board.to_dispatch[:CARDS]),
        "disputes": dispute_cards(v, board.disputed[:CARDS]),
        "asked": request_cards(v, board.requests[:CARDS]),
    }


def _known() -> dict[str, Any]:
    """What the templates ask of this screen."""
    known = {"below": BELOW, "sorts": SORTS}
    return {**known, "ranked": ranked, "reason_of": reason_of, "terms_of": terms_of}


def _league(standings: tuple[Standing, ...], sort: str) -> tuple[Standing, ...]:
    if sort == "cases":
        return tuple(sorted(standings, key=lambda one: (-one.cases, one.code)))
    return ranking(standings, sort)


@dataclass(frozen=True, slots=True)
class Grid:
    """A matrix as it is shown: its rows, its columns, what stands in each cell, and the sums."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: dict[tuple[str, str], int]

    @classmethod
    def of(cls, board: DistrictBoard) -> "Grid":
        """The overdue cases by street and holder; the street itself first, then the district, then departments."""
        cells = {(one.street, one.holder): one.count for one in board.overdue}
        order = {BELOW: 0, board.district: 1}
        columns = sorted({holder for _, holder in cells}, key=lambda holder: (order.get(holder, 2), holder))
        return cls(tuple(sorted({street for street, _ in cells})), tuple(columns), cells)

    def row(self, street: str) -> int:
        """The sum of a row."""
        return sum(n for (of, _), n in self.cells.items() if of == street)

    def column(self, holder: str) -> int:
        """The sum of a column."""
        return sum(n for (_, of), n in self.cells.items() if of == holder)


def _held(board: DistrictBoard) -> dict[str, dict[int, int]]:
    """Suspended cases: reason, then band of age."""
    found: dict[str, dict[int, int]] = {}
    for one in board.suspensions.held:
        found.setdefault(one.reason, dict.fromkeys((*BANDS, OLDER), 0))[one.days] = one.count
    return found
