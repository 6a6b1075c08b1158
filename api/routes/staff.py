"""Staff: who may act as what; given and ended by the district's admins, looked at by its auditors."""

from datetime import datetime
from functools import reduce
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from adapters.staff import members
from api.forms import Code, Form, Moment, Text
from api.grants import handled
from api.problems import Trouble, documented
from api.security import Caller, Parts, sees_staff
from api.whole import Whole
from domain.actors import Actor, Role
from domain.staff import EndGrant, GiveGrant, Held, LeaveOffice, Member, StaffCommand, StaffEntry, told
from workflow.ledger import name_of

router = APIRouter(prefix="/api/v1/staff", tags=["staff"])
LOOKING = documented(401, 404, 422, 503)
SAYING = documented(400, 401, 403, 404, 413, 415, 422, 503)
Who = Annotated[Code, Path(min_length=1, description="Pseudonym")]


class GrantOut(BaseModel):
    """An office that somebody holds, or will."""

    role: Role
    unit: str
    since: datetime
    until: datetime | None
    given_by: str
    given_at: datetime
    stands: bool = Field(description="Whether it has begun, and not ended")

    @classmethod
    def of(cls, held: Held, now: datetime) -> "GrantOut":
        """A grant, as it is answered."""
        return cls(
            role=held.role,
            unit=held.unit,
            since=held.since,
            until=held.until,
            given_by=held.giver.staff,
            given_at=held.given_at,
            stands=held.stands(now),
        )


class MemberOut(BaseModel):
    """A member of staff, by pseudonym."""

    staff: str
    left: bool
    grants: list[GrantOut]

    @classmethod
    def of(cls, member: Member, now: datetime) -> "MemberOut":
        """A member, as it is answered."""
        return cls(staff=member.staff, left=member.left, grants=[GrantOut.of(held, now) for held in member.grants])


class SaidOut(BaseModel):
    """A line of somebody's file: what was said, when, by whom."""

    at: datetime
    by: str
    said: str
    role: Role | None = None
    unit: str = ""
    reason: str = ""


class FileOut(MemberOut):
    """A member of staff, with all that was ever said of their grants."""

    file: list[SaidOut]


class GrantForm(Form):
    """An office; `since` is now where it is not said, and without `until` it stands until somebody ends it."""

    role: Role
    unit: Code
    since: Moment | None = None
    until: Moment | None = None


class EndingForm(Form):
    """One office, and why it ends."""

    role: Role
    unit: Code
    reason: Text


class LeavingForm(Form):
    """Why."""

    reason: Text


@router.get("", responses=documented(401, 404, 503))
def staff(whole: Parts, actor: Caller) -> list[MemberOut]:
    """Everybody who holds or held an office, by pseudonym."""
    _looking(whole, actor)
    now = whole.now()
    return [MemberOut.of(member, now) for member in members(whole.log.engine)]


@router.get("/{staff}", responses=LOOKING)
def one(staff: Who, whole: Parts, actor: Caller) -> FileOut:
    """One of them, with their file."""
    _looking(whole, actor)
    return _file(whole, staff)


@router.post("/{staff}/grants", status_code=201, responses=SAYING)
def grant(staff: Who, form: GrantForm, whole: Parts, actor: Caller) -> FileOut:
    """Let somebody act in a role for a unit. Said again it changes nothing."""
    given = GiveGrant(role=form.role, unit=form.unit, since=form.since, until=form.until)
    return _said(whole, staff, given, actor)


@router.post("/{staff}/ended-grants", status_code=201, responses=SAYING)
def end(staff: Who, form: EndingForm, whole: Parts, actor: Caller) -> FileOut:
    """End one grant at once; sessions in that office end with it."""
    return _said(whole, staff, EndGrant(role=form.role, unit=form.unit, reason=form.reason), actor)


@router.post("/{staff}/departure", status_code=201, responses=SAYING)
def leave(staff: Who, form: LeavingForm, whole: Parts, actor: Caller) -> FileOut:
    """End every grant of somebody who leaves, and every session."""
    return _said(whole, staff, LeaveOffice(form.reason), actor)


def _looking(whole: Whole, actor: Actor) -> None:
    if not sees_staff(whole.law, actor):
        raise Trouble("no_such_staff")


def _said(whole: Whole, staff: str, command: StaffCommand, actor: Actor) -> FileOut:
    _looking(whole, actor)
    handled(whole, staff, command, actor)
    return _file(whole, staff)


def _file(whole: Whole, staff: str) -> FileOut:
    file = whole.directory.file(staff)
    member = reduce(told, file, None)
    if member is None:
        raise Trouble("no_such_staff")
    return FileOut(**MemberOut.of(member, whole.now()).model_dump(), file=[_line(entry) for entry in file])


def _line(entry: StaffEntry) -> SaidOut:
    said = {name: getattr(entry.event, name) for name in ("role", "unit", "reason") if hasattr(entry.event, name)}
    return SaidOut(at=entry.recorded_at, by=entry.actor.staff, said=name_of(entry.event), **said)
