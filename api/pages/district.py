"""The district's board: what to dispatch, to rule and to decide, how everybody does, and how it stood before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from adapters.boards import district
from adapters.boards.district import DistrictBoard
from adapters.boards.exceptions import BANDS, OLDER
from adapters.boards.leagues import RATES, Standing, ranked, ranking
from adapters.boards.looking import District
from adapters.boards.matrix import BELOW
from adapters.boards.replaying import replayed
from adapters.boards.shares import SHOWN_FROM
from adapters.boards.trends import SPAN
from api.pages.deciding import dispatch_cards, dispute_cards, mine, reason_of, request_cards, terms_of
from api.pages.reading import Reader, Reading
from api.pages.routing import NoPageError, page_router
from api.security import sees_place

district_pages = page_router()
SPANS = (30, 90, 365)  # days
SORTS = (*RATES, "cases")
FURTHEST_BACK = 30 * 24  # hours that the slider reaches
STEP = 6
A_DAY, A_WEEK, TEN_YEARS = timedelta(days=1), timedelta(days=7), timedelta(days=3653)
CARDS = 20  # of each kind on one page
MINUTE = "%Y-%m-%dT%H:%M"


@district_pages.get("/boards/district")
def district_board(
    v: Reader,
    at: Annotated[str, Query(max_length=40)] = "",
    hours: Annotated[int | None, Query(ge=-FURTHEST_BACK, le=0)] = None,
    days: Annotated[int, Query(ge=1, le=SPANS[-1])] = SPANS[0],
    sort: Annotated[str, Query(max_length=20)] = RATES[0],
) -> Response:
    """The board now; with `at` as it stood then, with `hours` on the way to such a moment."""
    if not sees_place(v.law, v.me, v.law.code):
        raise NoPageError
    if hours is not None:
        return RedirectResponse(v.url("boards", "district", at=_local(v, v.now + timedelta(hours=hours))), 303)
    return _then(v, _moment(v, at)) if at else _now(v, days, sort if sort in SORTS else RATES[0])


def _now(v: Reading, days: int, sort: str) -> HTMLResponse:
    board = district.board(v.parts.boards.engine, v.law, v.now, days, mine(v))
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
        to_dispatch=dispatch_cards(v, board.to_dispatch[:CARDS]),
        disputes=dispute_cards(v, board.disputed[:CARDS]),
        asked=request_cards(v, board.requests[:CARDS]),
        matrix=Grid.of(board),
        held=_held(board),
        standing=v.parts.clockwork.standing(v.now),
        month_ago=(v.now - SPAN).isoformat(),
        **_known(v),
    )


def _known(v: Reading) -> dict[str, Any]:
    """What the templates ask of this screen."""
    slider = {"furthest": FURTHEST_BACK, "step": STEP, "below": BELOW, "sorts": SORTS, "shown_from": SHOWN_FROM}
    return {**slider, "ranked": ranked, "reason_of": reason_of, "terms_of": terms_of, "here_now": _local(v, v.now)}


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


# --- as it stood


def _then(v: Reading, at: datetime) -> HTMLResponse:
    stood = replayed(v.parts.boards, District.of(v.law), at)
    ways = {"week_before": -A_WEEK, "day_before": -A_DAY, "day_after": A_DAY, "week_after": A_WEEK}
    near = {name: _local(v, at + step) for name, step in ways.items() if at + step <= v.now}
    hours = max(-FURTHEST_BACK, round((at - v.now) / timedelta(hours=1)))
    return v.page("district_then", stood=stood, at=at, near=near, hours=hours, here=_local(v, at), **_known(v))


def _moment(v: Reading, said: str) -> datetime:
    """A moment of the district's own time, of the last ten years and not later than now. Raises NoPageError."""
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        raise NoPageError from None
    local = at if at.tzinfo else at.replace(tzinfo=v.law.calendar.tz)
    return max(min(local, v.now), v.now - TEN_YEARS).astimezone(v.now.tzinfo)


def _local(v: Reading, at: datetime) -> str:
    return at.astimezone(v.law.calendar.tz).strftime(MINUTE)
