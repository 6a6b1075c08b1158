"""A command on the file of a member of staff, from wherever it comes: what it ends is ended wherever they are signed in."""

from uuid import uuid4

from adapters.security import Kind
from api.noting import noted
from api.whole import Whole
from domain.actors import Actor
from domain.staff import EndGrant, LeaveOffice, StaffCommand


def handled(whole: Whole, staff: str, command: StaffCommand, actor: Actor) -> None:
    """Decide, record, and end the sessions that go with it. Raises Refused, ContendedError."""
    whole.directory.handle(staff, command, actor, whole.now(), uuid4())
    noted(whole, Kind.GRANT_CHANGED, actor, command=type(command).__name__)
    match command:
        case EndGrant(role=role, unit=unit):
            whole.sessions.end_of(staff, (role, unit))
        case LeaveOffice():
            whole.sessions.end_of(staff)
