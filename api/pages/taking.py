"""What is taken out: lists of the boards, and cases by any filter as CSV, JSON, XES or OCEL; within one's own reach."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Annotated, Literal

from fastapi import Path, Query
from fastapi.responses import RedirectResponse, Response, StreamingResponse

from adapters import security, taking
from adapters.boards import chosen
from adapters.boards.narrowing import EVERYTHING, Only
from adapters.boards.register import CaseLine
from adapters.store.engine import reading
from adapters.store.errors import Busy
from api.noting import noted
from api.pages.as_table import as_csv, as_json
from api.pages.board_lists import DAYS, Listed
from api.pages.columns import OF
from api.pages.doors import knock
from api.pages.exports import at_board, at_cases, or_ask
from api.pages.extracts import listed as listed_on
from api.pages.extracts import of_board, of_cases
from api.pages.filters import Filtered
from api.pages.reading import HEADERS, Reader, Reading
from api.pages.register import Listed as Asked
from api.pages.routing import Code, page_router
from api.pages.then import Dated
from api.rates import of_staff
from api.releases import let_out
from api.security import reach_of
from domain.exports import Extract
from domain.permissions import Reach
from workflow.telling import named
from workflow.words import Pair

taking_pages = page_router()
Filters = Mapping[str, str]
Form = Annotated[Literal["csv", "json"], Path(description="csv opens in a spreadsheet; json is one array")]
ListName = Annotated[str, Path(max_length=40, pattern="^[a-z_]+$", description="What the board calls the list")]
Days = Annotated[int, Query(ge=1, le=365, description="Leagues and exclusions are of the last so many days")]
LISTS = ("csv", "json")  # that can be taken out as of a moment
CSV, JSON, XML = "text/csv; charset=utf-8", "application/json", "application/xml"


@dataclass(frozen=True, slots=True)
class Kind:
    """One form in which cases are taken out: its media type, how its file ends, and its pieces."""

    media: str
    suffix: str
    pieces: Callable[[Reading, Reach, Filters], Iterator[str]]


def _csv(v: Reading, reach: Reach, filters: Filters) -> Iterator[str]:
    return as_csv(v, OF[CaseLine], chosen.lines(v.held, reach, filters, v.now))


def _json(v: Reading, reach: Reach, filters: Filters) -> Iterator[str]:
    return as_json(chosen.lines(v.held, reach, filters, v.now))


def _xes(v: Reading, reach: Reach, filters: Filters) -> Iterator[str]:
    cases = chosen.chosen(v.parts.boards.writer.engine, reach, filters, v.now)
    return taking.xes(reading(v.parts.log.engine), cases, v.plain(v.law.code), _units(v))


def _ocel(v: Reading, reach: Reach, filters: Filters) -> Iterator[str]:
    cases = chosen.chosen(v.parts.boards.writer.engine, reach, filters, v.now)
    return taking.ocel(reading(v.parts.log.engine), cases, _units(v))


def _units(v: Reading) -> dict[str, Pair]:
    """What places and departments are called."""
    names = {code: one.names for known in (v.law.places.by_code, v.law.departments) for code, one in known.items()}
    return {code: (named(said, "zh"), named(said, "en")) for code, said in names.items()}


KINDS: Mapping[str, Kind] = {
    "csv": Kind(CSV, "csv", _csv),
    "json": Kind(JSON, "json", _json),
    "xes": Kind(XML, "xes", _xes),
    "ocel": Kind(JSON, "ocel.json", _ocel),
}


def cases_taken(v: Reading, kind: Kind, filters: Filters) -> Response:
    """The cases within reach, in one of the forms. Raises HeldBack; Busy where too many take something out."""
    out = Out(f"cases.{kind.suffix}", kind.media, *of_cases(v, filters))
    return answered(v, out, kind.pieces(v, reach_of(v.me), filters))


def list_taken(v: Reading, listed: Listed, extract: Extract, form: str) -> Response:
    """A list of a board; where the board is cut, the last row says so. Raises as `cases_taken`."""
    out = Out(f"{extract.name}.{form}", JSON if form == "json" else CSV, extract, listed.size)
    if form == "json":
        return answered(v, out, as_json(listed.rows))
    last = v.t("first_rows", n=listed.size) if listed.cut else ""
    return answered(v, out, as_csv(v, OF[listed.kind], listed.rows, last))


@dataclass(frozen=True, slots=True)
class Out:
    """What goes out: the name of its file, of which media type, which list it is, and how many rows it has."""

    name: str
    media: str
    extract: Extract
    rows: int


def answered(v: Reading, out: Out, pieces: Iterator[str]) -> Response:
    """A file with the day in its name. What goes wrong before its first piece is still said properly."""
    let_out(v.parts, v.me, out.extract, out.rows)
    held = _held(v, pieces)
    first = next(held)
    stem, _, suffix = out.name.partition(".")
    noted(v.parts, security.Kind.EXPORTED, v.me, list=stem, form=suffix, rows=str(out.rows))
    day = v.now.astimezone(v.law.calendar.tz).date()
    kept = {**HEADERS, "Content-Disposition": f'attachment; filename="{stem}-{day}.{suffix}"'}
    return StreamingResponse(chain((first,), held), headers=kept, media_type=out.media)


def _held(v: Reading, pieces: Iterator[str]) -> Iterator[str]:
    """While somebody takes something out a connection is theirs: so only a few may at once. Raises Busy."""
    if not v.parts.taking.acquire(blocking=False):
        raise Busy("too many take something out")
    try:
        yield from pieces
    finally:
        v.parts.taking.release()


# --- pages


def _page(form: str) -> Callable[[Reading, Asked], Response]:
    def cases_page(v: Dated, listed: Asked) -> Response:
        knock(v, "export", of_staff(v.me))
        if listed.wrong or (v.then and form not in LISTS):  # an event log is of the whole life of a case
            return RedirectResponse(v.url("cases", **listed.said), 303)
        return or_ask(v, at_cases(v, listed), lambda: cases_taken(v, KINDS[form], listed.wanted.filters()))

    return cases_page


for _form, _kind in KINDS.items():
    taking_pages.add_api_route(f"/cases.{_kind.suffix}", _page(_form), methods=["GET"])


@taking_pages.get("/boards/streets/{code}/{name}.{form}")
def street_list(v: Reader, code: Code, name: ListName, form: Form, filters: Filtered) -> Response:
    """A list of a street's board, by the same filters."""
    return _list_or_ask(v, of_board("streets", code, name, filters.said), form, filters.only)


@taking_pages.get("/boards/grids/{code}/{name}.{form}")
def grid_list(v: Reader, code: Code, name: ListName, form: Form) -> Response:
    """A list of the board of a grid or community."""
    return _list_or_ask(v, of_board("grids", code, name, {}), form)


@taking_pages.get("/boards/departments/{code}/{name}.{form}")
def department_list(v: Reader, code: Code, name: ListName, form: Form, filters: Filtered) -> Response:
    """A list of a department's board, by the same filters."""
    return _list_or_ask(v, of_board("departments", code, name, filters.said), form, filters.only)


@taking_pages.get("/boards/district/{name}.{form}")
def district_list(v: Reader, name: ListName, form: Form, days: Days = DAYS) -> Response:
    """A list of the district's board."""
    return _list_or_ask(v, of_board("district", v.law.code, name, {}, days), form, days=days)


def _list_or_ask(v: Reading, extract: Extract, form: str, only: Only = EVERYTHING, days: int = DAYS) -> Response:
    knock(v, "list", of_staff(v.me))
    found = listed_on(v, extract.board, extract.unit, extract.name, only, days)
    return or_ask(v, at_board(v, extract), lambda: list_taken(v, found, extract, form))
