"""What is printed: the morning sheet of a street, and a case's file."""

from fastapi.responses import HTMLResponse

from adapters.boards.morning import morning
from api.days import end_of_today
from api.pages.case_file import case_page
from api.pages.reading import Reader
from api.pages.routing import Code, NoPageError, page_router, place_within
from api.pages.then import Dated
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
def case_sheet(v: Dated, wanted: Code) -> HTMLResponse:
    """All that the page of a case shows, as a document; what is sealed stays so."""
    found = case_page(v, wanted)
    if found is None:
        raise NoPageError
    return v.page("case_file", **found)
