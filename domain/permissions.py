"""Who may see what, and of whose cases: one table. Verdicts, the filter of every list, docs/permissions.md and the tests come from it.

What is done to a case is asked of the table of moves (docs/flow.md), and only where the case is within reach. An actor stands
for one grant: a role at a place or in a department. What stands in no row nobody may, whoever they are: there is no way round.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.actors import BELOW_DISTRICT, DEPARTMENTAL, STREET, Actor, Role
from domain.places import Path
from domain.privacy import Secrecy


class Permission(StrEnum):
    """What somebody wants to see, or to do beside the moves of a case."""

    SEE_CASES = "see_cases"
    SEE_PLACES = "see_places"
    SEE_DEPARTMENTS = "see_departments"
    SEE_PHOTOS = "see_photos"
    CLEAR_PHOTOS = "clear_photos"
    SEE_WORDS = "see_words"
    SEE_CONTACT = "see_contact"
    TAKE_CALLS = "take_calls"
    LOOK_AFTER_MESSAGES = "look_after_messages"
    SEE_STAFF = "see_staff"
    GIVE_GRANTS = "give_grants"
    SEE_SECURITY_LOG = "see_security_log"
    RELEASE_EXPORTS = "release_exports"


class Scope(StrEnum):
    """Of which cases, by the unit of the grant."""

    THERE = "there"  # those of the place, and of all below it
    ASSIGNED = "assigned"  # those that the department was ever assigned
    RECEIPT = "receipt"  # the one that was reported


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table."""

    permission: Permission
    scope: Scope
    roles: tuple[Role, ...]


DECIDES = (Role.DISPATCHER, Role.ARBITER, Role.SUPERVISOR)
CHECKS = (Role.DATA_OFFICER, Role.AUDITOR)
BRINGS = (Role.PARTNER,)

# fmt: off
TABLE: tuple[Row, ...] = (
    Row(Permission.SEE_CASES,           Scope.THERE,    (*BELOW_DISTRICT, Role.HOTLINE, *DECIDES, *CHECKS, *BRINGS)),
    Row(Permission.SEE_CASES,           Scope.ASSIGNED, DEPARTMENTAL),
    Row(Permission.SEE_CASES,           Scope.RECEIPT,  (Role.RESIDENT,)),
    Row(Permission.SEE_PLACES,          Scope.THERE,    (*BELOW_DISTRICT, Role.HOTLINE, *DECIDES, *CHECKS, *BRINGS)),
    Row(Permission.SEE_DEPARTMENTS,     Scope.THERE,    (Role.HOTLINE, *DECIDES, *CHECKS, *BRINGS)),
    Row(Permission.SEE_DEPARTMENTS,     Scope.ASSIGNED, DEPARTMENTAL),
    Row(Permission.SEE_PHOTOS,          Scope.THERE,    (*BELOW_DISTRICT, Role.HOTLINE, *DECIDES)),
    Row(Permission.SEE_PHOTOS,          Scope.ASSIGNED, DEPARTMENTAL),
    Row(Permission.CLEAR_PHOTOS,        Scope.THERE,    STREET),
    Row(Permission.SEE_WORDS,           Scope.THERE,    (*BELOW_DISTRICT, Role.HOTLINE, *DECIDES)),
    Row(Permission.SEE_WORDS,           Scope.ASSIGNED, DEPARTMENTAL),
    Row(Permission.SEE_CONTACT,         Scope.THERE,    (*STREET, Role.HOTLINE)),
    Row(Permission.TAKE_CALLS,          Scope.THERE,    (Role.HOTLINE,)),
    Row(Permission.LOOK_AFTER_MESSAGES, Scope.THERE,    (Role.SUPERVISOR, Role.ADMIN)),
    Row(Permission.SEE_STAFF,           Scope.THERE,    (Role.ADMIN, Role.AUDITOR)),
    Row(Permission.GIVE_GRANTS,         Scope.THERE,    (Role.ADMIN,)),
    Row(Permission.SEE_SECURITY_LOG,    Scope.THERE,    (Role.AUDITOR, Role.ADMIN)),
    Row(Permission.RELEASE_EXPORTS,     Scope.THERE,    (Role.SUPERVISOR, Role.DATA_OFFICER)),
)
# fmt: on

SCOPES: Mapping[tuple[Permission, Role], Scope] = {
    (row.permission, role): row.scope for row in TABLE for role in row.roles
}

# What is under seal, and who may see it; each look is an entry in the case's file.
TO_SEE: Mapping[Secrecy, Permission] = {
    Secrecy.NARRATIVE: Permission.SEE_WORDS,
    Secrecy.CONTACT: Permission.SEE_CONTACT,
    Secrecy.PHOTOS: Permission.SEE_PHOTOS,
}


@dataclass(frozen=True, slots=True)
class Reach:
    """Which cases: those of a place on its rung, those that a unit was assigned, or that of a receipt; else none."""

    rung: str = ""
    place: str = ""
    unit: str = ""
    receipt: str = ""

    def holds(self, path: Path) -> bool:
        """Whether a place lies within it."""
        return bool(self.place) and getattr(path, self.rung) == self.place

    def covers(self, path: Path, units: Iterable[str], receipt: str) -> bool:
        """Whether a case does: where it lies, which units it was assigned, and the hash of its receipt."""
        if self.unit:
            return self.unit in units
        return self.holds(path) or (bool(receipt) and receipt == self.receipt)


def reach(actor: Actor, permission: Permission) -> Reach:
    """Of whose cases somebody may do that; where the table has no row for it, of none."""
    match SCOPES.get((permission, actor.role)):
        case Scope.THERE:
            return Reach(actor.role.rung.value, actor.unit)
        case Scope.ASSIGNED:
            return Reach(unit=actor.unit)
        case Scope.RECEIPT:
            return Reach(receipt=actor.unit)
        case None:
            return Reach()


def may(actor: Actor, permission: Permission) -> bool:
    """Whether somebody may do that anywhere at all."""
    return (permission, actor.role) in SCOPES


def granted(role: Role) -> Mapping[Permission, Scope]:
    """All that a role may do, and of which cases."""
    return {permission: scope for permission in Permission if (scope := SCOPES.get((permission, role)))}
