"""What is printed, and taken along: the morning sheet of a street, a case's file, and lists as tables."""

from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from adapters.boards.morning import morning
from api.days import end_of_today
from api.pages.as_table import table
from api.pages.case_file import case_page
from api.pages.doors import knock
from api.pages.reading import HEADERS, Reader
from api.pages.register import Listed
from api.pages.routing import Code, NoPageError, page_router, place_within
from domain.places import Rung

sheets = page_router()


@sheets.get("/boards/streets/{code}/morning")
def morning_sheet(v: Reader, code: Code) -> HTMLResponse:
    """What today asks of a street office, on one page."""
    place = place_within(v, code, Rung.STREET)
    return v.page(
        "morning",
        place=place,
        lists=morning(v.parts.boards.engine, code, v.now, end_of_today(v.now, v.law.calendar.tz)),
    )


@sheets.get("/cases/{wanted}/file")
def case_sheet(v: Reader, wanted: Code) -> HTMLResponse:
    """All that the page of a case shows, as a document; what is sealed stays so."""
    found = case_page(v, wanted)
    if found is None:
        raise NoPageError
    return v.page("case_file", **found)


@sheets.get("/cases.csv")
def cases_as_table(v: Reader, listed: Listed) -> Response:
    """The list of cases as a table, by the same filters; where they are wrong the list says why."""
    knock(v, "export", v.me.staff)
    if listed.wrong:
        return RedirectResponse(v.url("cases", **listed.said), 303)
    kept = {**HEADERS, "Content-Disposition": 'attachment; filename="cases.csv"'}
    return StreamingResponse(table(v, listed.wanted), headers=kept, media_type="text/csv; charset=utf-8")
