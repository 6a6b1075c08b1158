"""Staff: who may act as what, on one page; each with a file of what was ever granted, and by whom."""

from datetime import date, datetime, timedelta
from functools import reduce
from typing import Annotated

from fastapi import Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from adapters.staff import members
from api.grants import handled
from api.pages.reading import Reader, Reading
from api.pages.routing import Code, NoPageError, page_router
from api.security import sees_staff
from domain.actors import Role
from domain.permissions import Permission, may
from domain.staff import EndGrant, GiveGrant, LeaveOffice, Member, StaffCommand, told
from workflow.ask import Refused
from workflow.directory import beginning_of
from workflow.ledger import name_of
from workflow.refusals import sentence
from workflow.staffing import NO_OFFICE

staff_pages = page_router()
Words = Annotated[str, Form(max_length=400)]
Short = Annotated[str, Form(max_length=100)]
OFFICES = tuple(role for role in Role if role not in NO_OFFICE)
FEW = 200  # members on one page; where there are more, one is searched for


def _looking(v: Reading) -> Reading:
    """Whoever may look. Raises NotSignedInError, NoPageError."""
    if not sees_staff(v.law, v.me):
        raise NoPageError
    return v


@staff_pages.get("/staff")
def staff(v: Reader, q: Annotated[str, Query(max_length=100)] = "") -> HTMLResponse:
    """Everybody, or those whom some words tell: a pseudonym, a role, a unit."""
    return _list(_looking(v), q)


@staff_pages.post("/staff")
def enter(
    v: Reader, who: Short = "", role: Short = "", unit: Short = "", since: Short = "", until: Short = ""
) -> Response:
    """The first grant of somebody new, or another of somebody known."""
    said = {"who": who, "role": role, "unit": unit, "since": since, "until": until}
    try:
        handled(_looking(v).parts, who.strip(), _given(v, role, unit, since, until), v.me)
    except Refused as refused:
        return _list(v, "", 422, refused, said)
    return RedirectResponse(v.url("staff", who.strip()), 303)


@staff_pages.get("/staff/{who}")
def one(v: Reader, who: Code) -> HTMLResponse:
    """One of them: offices, and the file."""
    return _file(_looking(v), who)


@staff_pages.post("/staff/{who}/grants")
def grant(v: Reader, who: Code, role: Short = "", unit: Short = "", since: Short = "", until: Short = "") -> Response:
    """Another office."""
    said = {"role": role, "unit": unit, "since": since, "until": until}
    try:
        return _said(v, who, _given(_looking(v), role, unit, since, until))
    except Refused as refused:
        return _file(v, who, 422, refused, said)


@staff_pages.post("/staff/{who}/ended-grants")
def end(v: Reader, who: Code, role: Short = "", unit: Short = "", reason: Words = "") -> Response:
    """One office ends at once."""
    try:
        return _said(v, who, EndGrant(role=_role(v, role, unit), unit=unit, reason=reason))
    except Refused as refused:
        return _file(v, who, 422, refused)


@staff_pages.post("/staff/{who}/departure")
def leave(v: Reader, who: Code, reason: Words = "") -> Response:
    """All of them end at once."""
    try:
        return _said(v, who, LeaveOffice(reason))
    except Refused as refused:
        return _file(v, who, 422, refused)


def _said(v: Reading, who: str, command: StaffCommand) -> Response:
    handled(_looking(v).parts, who, command, v.me)
    return RedirectResponse(v.url("staff", who), 303)


def _given(v: Reading, role: str, unit: str, since: str, until: str) -> GiveGrant:
    """Days as the form says them; both ends are included. Raises Refused."""
    first, last = _day(v, since), _day(v, until)
    return GiveGrant(role=_role(v, role, unit), unit=unit.strip(), since=first, until=last and last + timedelta(days=1))


def _day(v: Reading, said: str) -> datetime | None:
    try:
        return beginning_of(date.fromisoformat(said), v.law.calendar.tz) if said.strip() else None
    except ValueError:
        raise Refused("no_such_day", said=said) from None


def _role(v: Reading, role: str, unit: str) -> Role:
    if role not in OFFICES:
        raise Refused("no_such_office", role=role, unit=v.plain(unit))
    return Role(role)


def _list(
    v: Reading, q: str, status: int = 200, refused: Refused | None = None, said: dict[str, str] | None = None
) -> HTMLResponse:
    found = [member for member in members(v.parts.log.engine) if _called(v, member, q)]
    return v.page("staff", status, members=found[:FEW], more=len(found) > FEW, q=q, **_forms(v, refused, said))


def _file(
    v: Reading, who: str, status: int = 200, refused: Refused | None = None, said: dict[str, str] | None = None
) -> HTMLResponse:
    file = v.parts.directory.file(who)
    member = reduce(told, file, None)
    if member is None:
        raise NoPageError
    return v.page(
        "staff_file", status, member=member, file=tuple(reversed(file)), name_of=name_of, **_forms(v, refused, said)
    )


def _forms(v: Reading, refused: Refused | None, said: dict[str, str] | None) -> dict[str, object]:
    units = (*v.law.places.by_code, *v.law.departments)
    return {
        "gives": may(v.me, Permission.GIVE_GRANTS), "roles": OFFICES, "units": units, "said": said or {},
        "wrong": sentence(refused, v.language) if refused else "",
    }  # fmt: skip


def _called(v: Reading, member: Member, q: str) -> bool:
    offices = " ".join(f"{v.word('ROLES', held.role)} {held.unit} {v.plain(held.unit)}" for held in member.grants)
    return all(part in f"{member.staff} {offices}".casefold() for part in q.casefold().split())
