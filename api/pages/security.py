"""The security log's page: for those who check, and those who run the system; by kind and day, the newest first."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import HTMLResponse

from adapters.security import LONGEST, Kind, Noted, listed
from api.pages.reading import Reader, Reading
from api.pages.routing import NoPageError, page_router
from api.security import sees_security
from domain.actors import Actor, Role

security_pages = page_router()
Words = Annotated[str, Query(max_length=60)]
Before = Annotated[int, Query(ge=0, le=2**62)]


@security_pages.get("/security")
def security(v: Reader, kind: Words = "", day: Words = "", before: Before = 0) -> HTMLResponse:
    """All of it, or what happened of one kind, or on one day."""
    if not sees_security(v.law, v.me):
        raise NoPageError
    wanted, of_day = (Kind(kind) if kind in {*Kind} else None), _day(day)
    v.parts.security.settle(v.now)
    shown = listed(v.parts.security, wanted, *_span(v, of_day), before)
    said: dict[str, str] = {"kind": wanted or "", "day": of_day.isoformat() if of_day else ""}
    older = v.url("security", **said, before=str(shown[-1].position)) if len(shown) == LONGEST else ""
    return v.page(
        "security", kinds=tuple(Kind), shown=shown, older=older, newest=v.url("security", **said) if before else "",
        who=lambda one: _who(v, one), kind=said["kind"], day=said["day"],
    )  # fmt: skip


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _span(v: Reading, day: date | None) -> tuple[datetime | None, datetime | None]:
    if day is None or not date.min < day < date.max - timedelta(days=1):
        return None, None
    zone = v.law.calendar.tz
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def _who(v: Reading, one: Noted) -> dict[str, Any]:
    office = v.office(Actor(one.staff, Role(one.role), one.unit)) if one.role else v.t("security_nobody")
    return {"office": office, "staff": one.staff}
