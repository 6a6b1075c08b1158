"""Deciding about a file of staff: who may act as what, by whoever gives grants in the district, never for themselves; it touches nothing."""

from datetime import datetime

from domain.actors import Actor, Role
from domain.exports import AskForExport, RefuseExport, ReleaseExport
from domain.jurisdiction import Jurisdiction
from domain.permissions import Permission, reach
from domain.staff import (
    EndGrant,
    GiveGrant,
    GrantEnded,
    GrantGiven,
    LeaveOffice,
    Member,
    StaffCommand,
    StaffEvent,
    StaffLeft,
)
from workflow.ask import Refused
from workflow.releasing import decide_export

NO_OFFICE = (Role.RESIDENT, Role.SYSTEM)  # what nobody is given


def decide_of(
    staff: str, member: Member | None, command: StaffCommand, actor: Actor, now: datetime, law: Jurisdiction
) -> StaffEvent | None:
    """What follows from a command on the file of `staff`; None where it changes nothing. Raises Refused."""
    if isinstance(command, AskForExport | ReleaseExport | RefuseExport):
        return decide_export(staff, member, command, actor, now, law)
    _allowed(staff, command, actor, law)
    match command:
        case GiveGrant():
            return _given(staff, member, command, now, law)
        case EndGrant(role=role, unit=unit, reason=reason):
            _said("reason", reason)
            if member is None or member.held(role, unit) is None:
                raise Refused("no_such_grant", staff=staff, role=role.value, unit=unit)
            return GrantEnded(role=role, unit=unit, reason=reason)
        case LeaveOffice(reason):
            _said("reason", reason)
            if member is None:
                raise Refused("nobody_of_that_name", staff=staff)
            return None if member.left else StaffLeft(reason)


def _allowed(staff: str, command: StaffCommand, actor: Actor, law: Jurisdiction) -> None:
    if not reach(actor, Permission.GIVE_GRANTS).holds(law.places.path(law.code)):
        raise Refused("only_the_admin", command=type(command).__name__, who=["the_admin"])
    if staff == actor.staff:
        raise Refused("not_for_oneself")


def _given(
    staff: str, member: Member | None, command: GiveGrant, now: datetime, law: Jurisdiction
) -> StaffEvent | None:
    _said("staff", staff)
    _an_office(command, law)
    held = member.held(command.role, command.unit) if member else None
    since = command.since or (held.since if held else now)
    if command.until is not None and command.until <= max(since, now):
        raise Refused("ends_before_it_begins", until=command.until.isoformat())
    if held and (held.since, held.until) == (since, command.until):
        return None
    return GrantGiven(staff=staff, role=command.role, unit=command.unit, since=since, until=command.until)


def _an_office(command: GiveGrant, law: Jurisdiction) -> None:
    if command.role in NO_OFFICE or not law.has_office(command.role, command.unit):
        raise Refused("no_such_office", role=command.role.value, unit=command.unit)


def _said(field: str, words: str) -> None:
    if not words.strip():
        raise Refused("say_it", field=field)
