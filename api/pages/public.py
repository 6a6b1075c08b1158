"""Figures for everybody: counts and rates, never of so few that somebody could be found behind them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import Query
from fastapi.responses import HTMLResponse

from adapters.boards.openly import Tally, answers, tallies
from adapters.boards.shares import SHOWN_FROM, Share
from adapters.boards.street import CALL_BACKS
from api.pages import maps
from api.pages.doors import ToFigures
from api.pages.reading import UNSAID, Reading
from api.pages.routing import page_router
from api.pages.small_counts import FEWEST, shown
from domain.places import Place, Rung

public = page_router()
SPANS = (30, 90)  # days
BACK = "…"  # held back: it is not small itself, but would tell one that is


@public.get("/public")
def public_page(v: ToFigures, days: Annotated[Literal["30", "90"], Query()] = "30") -> HTMLResponse:
    """Cases by street and by kind, and what those who reported say."""
    engine, since, sensitive = v.parts.boards.engine, v.now - timedelta(days=int(days)), v.law.taxonomy.sensitive
    places = v.law.places.below(v.law.code, Rung.STREET)
    streets = [place.code for place in places]
    found = tallies(engine, since, "street", sensitive)
    by_street = _columns(streets, found)
    kinds = [code for code, category in v.law.taxonomy.by_code.items() if category.is_leaf]
    said = answers(engine, since, v.now, sensitive, v.law.policy.assessment)
    return v.page(
        "public", days=int(days), spans=SPANS,
        streets=by_street, **_map(v, places, found, by_street),
        kinds=_told(_columns(kinds, tallies(engine, since, "category"))),
        rates={code: [rate(v, getattr(said[code], name)) for name in CALL_BACKS] for code in streets if code in said},
    )  # fmt: skip


def _map(
    v: Reading, places: Sequence[Place], found: Mapping[str, Tally], told: Mapping[str, tuple[str, str]]
) -> dict[str, Any]:
    """The column of open cases once more as a map: of streets only, without marks, leading nowhere."""
    counts = {code: tally.open for code, tally in found.items()}
    drawing = v.parts.editions.drawing(v.law.edition, tuple(told), maps.WIDTH)
    opened = {code: cells[0] for code, cells in told.items()}
    seen = maps.openly_mapped(places, Rung.STREET, counts, opened, drawing)
    return {"map": seen, "links": {}, "names": {code: v.name(code) for code in told}}


def _columns(codes: list[str], found: Mapping[str, Tally]) -> dict[str, tuple[str, str]]:
    opened = openly({code: found.get(code, Tally()).open for code in codes})
    ended = openly({code: found.get(code, Tally()).ended for code in codes})
    return {code: (opened[code], ended[code]) for code in codes}


def _told(rows: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Those of which anything can be told."""
    return {code: cells for code, cells in rows.items() if any(cell[:1].isdigit() for cell in cells)}


def openly(counts: Mapping[str, int]) -> dict[str, str]:
    """A column as everybody may read it.

    What is missing could be counted out where the column's sum is known from elsewhere. So where one small count is missing
    alone, or several that are as small or as large as they can be, one more is held back.
    """
    small = [code for code, n in counts.items() if n < FEWEST]
    told = {code: shown(n) for code, n in counts.items()}
    others = sorted((n, code) for code, n in counts.items() if n >= FEWEST)
    if others and small and _could_be_counted_out([counts[code] for code in small]):
        told[others[0][1]] = BACK
    return told


def _could_be_counted_out(small: list[int]) -> bool:
    return len(small) == 1 or sum(small) in (0, len(small) * (FEWEST - 1))


def rate(v: Reading, share: Share) -> str:
    """A rate with the number counted; where only few said one thing or the other, not how few."""
    n = share.denominator
    if n < SHOWN_FROM:
        return UNSAID
    few = FEWEST / n
    key, value = _side(share, few)
    values: dict[str, Any] = {"rate": f"{value:.0%}", "n": n}
    return v.t(key, **values)


def _side(share: Share, few: float) -> tuple[str, float]:
    value = share.numerator / share.denominator
    if value < few:
        return "rate_less_than", few
    return ("rate_more_than", 1 - few) if value > 1 - few else ("rate_of", value)
