"""Who may act as what: the file of a member of staff, by pseudonym; what was granted, until when, by whom. Never a name.

A grant is an event, and is asked of the file at each request: what ends here ends at once, wherever somebody is signed in.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from domain.actors import Actor, Role
from domain.exports import Export, ExportCommand, Extract, Stage, answered, ended

# Never to be changed: the files of all staff follow from it.
OF_ALL_FILES = uuid5(NAMESPACE_URL, "tag:whistle,2026:staff")


def file_of(staff: str) -> UUID:
    """The stream of a member of staff; it follows from the pseudonym."""
    return uuid5(OF_ALL_FILES, staff)


class StaffEvent:
    """Anything that can stand in the file of a member of staff."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantGiven(StaffEvent):
    """From `since` on, until before `until`; a grant of the same office that was given before is replaced."""

    staff: str
    role: Role
    unit: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantEnded(StaffEvent):
    """At once, whatever it said before."""

    role: Role
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class StaffLeft(StaffEvent):
    """Every grant has ended."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportAsked(StaffEvent):
    """Whoever's file it is wants a list, in an office of theirs, that had so many rows."""

    role: Role
    unit: str
    extract: Extract
    rows: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReleased(StaffEvent):
    """That list, which was asked for in the entry of that number, until before a moment."""

    number: int
    rows: int
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRefused(StaffEvent):
    """It stays where it is."""

    number: int
    reason: str


STAFF_EVENTS: tuple[type[StaffEvent], ...] = (
    GrantGiven, GrantEnded, StaffLeft, ExportAsked, ExportReleased, ExportRefused,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffEntry:
    """The envelope of one event in a file of staff. `position` is 0 until stored."""

    file: UUID
    version: int
    event: StaffEvent
    actor: Actor  # who said so
    recorded_at: datetime
    command: UUID
    position: int = 0

    @property
    def originator_id(self) -> UUID:
        """The file, in the word that the eventsourcing library asks for."""
        return self.file

    @property
    def originator_version(self) -> int:
        """The version, in the word that the eventsourcing library asks for."""
        return self.version


@dataclass(frozen=True, slots=True)
class Held:
    """A grant as it stands: an office, from when, until when, and who gave it."""

    role: Role
    unit: str
    since: datetime
    until: datetime | None
    giver: Actor
    given_at: datetime

    def stands(self, now: datetime) -> bool:
        """Whether it has begun, and not ended."""
        return self.since <= now and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff as their file tells."""

    staff: str
    version: int = 0
    grants: tuple[Held, ...] = field(default=())
    left: bool = False
    exports: tuple[Export, ...] = ()  # those that were asked for, oldest first

    def held(self, role: Role, unit: str) -> Held | None:
        """The grant of an office, whether it has begun or not; None where none was given, or it was ended."""
        return next((one for one in self.grants if (one.role, one.unit) == (role, unit)), None)

    def may_act(self, role: Role, unit: str, now: datetime) -> bool:
        """Whether they hold an office now."""
        found = self.held(role, unit)
        return found is not None and found.stands(now)

    def asking(self, number: int) -> Export | None:
        """What was asked for in the entry of that number."""
        return next((one for one in self.exports if one.number == number), None)

    def export(self, role: Role, unit: str, extract: Extract, now: datetime) -> Export | None:
        """The asking for that list in that office that waits or is released now; None where none does, or the grant has ended."""
        open_now = (Stage.WAITS, Stage.RELEASED)
        theirs = (one for one in reversed(self.exports) if one.of_office(role, unit) and one.extract == extract)
        return next((one for one in theirs if one.stage(now) in open_now and self.may_act(role, unit, now)), None)


def told(member: Member | None, entry: StaffEntry) -> Member:
    """The member after an entry; no rules, for it was decided when it was written."""
    match entry.event:
        case GrantGiven(staff=staff) as given:
            return _given(member or Member(staff), given, entry)
        case GrantEnded(role=role, unit=unit) if member:
            exports = ended(member.exports, role, unit)
            grants = _others(member.grants, role, unit)
            return replace(member, version=entry.version, grants=grants, exports=exports)
        case StaffLeft() if member:
            exports = tuple(replace(one, ended=True) for one in member.exports)
            return replace(member, version=entry.version, grants=(), left=True, exports=exports)
        case ExportAsked() | ExportReleased() | ExportRefused() if member:
            return replace(member, version=entry.version, exports=_of_exports(member.exports, entry))
        case other:
            msg = f"a file of staff cannot begin with {type(other).__name__}"
            raise LookupError(msg)


def _given(before: Member, given: GrantGiven, entry: StaffEntry) -> Member:
    """What was released under a grant that ran out is not released under the next."""
    role, unit = given.role, given.unit
    grant = Held(role, unit, given.since, given.until, entry.actor, entry.recorded_at)
    grants = (*_others(before.grants, role, unit), grant)
    gap = not before.may_act(role, unit, entry.recorded_at)
    exports = ended(before.exports, role, unit) if gap else before.exports
    return replace(before, version=entry.version, left=False, grants=grants, exports=exports)


def _of_exports(exports: tuple[Export, ...], entry: StaffEntry) -> tuple[Export, ...]:
    by = {"decider": entry.actor, "decided_at": entry.recorded_at}
    match entry.event:
        case ExportAsked(role=role, unit=unit, extract=extract, rows=rows, reason=reason):
            asked = Export(
                number=entry.version, role=role, unit=unit, extract=extract, rows=rows, reason=reason, asked_at=entry.recorded_at
            )  # fmt: skip
            return (*exports, asked)
        case ExportReleased(number=number, until=until):
            return answered(exports, number, until=until, **by)
        case ExportRefused(number=number, reason=reason):
            return answered(exports, number, answer=reason, **by)
        case _:
            return exports


def _others(grants: tuple[Held, ...], role: Role, unit: str) -> tuple[Held, ...]:
    return tuple(one for one in grants if (one.role, one.unit) != (role, unit))


# --- what can be asked


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveGrant:
    """Let somebody act in a role for a unit. `since` None: from now on; `until` None: for as long as nobody ends it."""

    role: Role
    unit: str
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndGrant:
    """At once."""

    role: Role
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class LeaveOffice:
    """End every grant of somebody who leaves."""

    reason: str


StaffCommand = GiveGrant | EndGrant | LeaveOffice | ExportCommand
