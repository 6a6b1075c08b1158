"""The directory: who may act as what, as the files of staff in the log say at this moment; nothing of it is kept elsewhere."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError

from domain.actors import Actor
from domain.jurisdiction import Grant, Jurisdiction
from domain.staff import GiveGrant, GrantGiven, Member, StaffCommand, StaffEntry, file_of, told
from workflow.casework import TRIES, ContendedError
from workflow.moments import EarlierError
from workflow.staffing import decide_of

Order = tuple[str, StaffCommand]  # on whose file, and what


def beginning_of(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins there, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


class Directory:
    """Load, decide, record: the only place where somebody's grants change."""

    def __init__(self, log: Application[UUID], law: Callable[[], Jurisdiction]) -> None:
        """`log` holds the files of staff beside those of cases; `law` knows the offices of today."""
        self._log, self._law = log, law

    def file(self, staff: str) -> tuple[StaffEntry, ...]:
        """All that was said of a member of staff; nothing where nobody of that pseudonym was ever granted anything."""
        return tuple(cast("Iterable[StaffEntry]", self._log.events.get(file_of(staff))))

    def member(self, staff: str) -> Member | None:
        """A member of staff as they stand now."""
        return reduce(told, self.file(staff), None)

    def stands(self, actor: Actor, now: datetime) -> bool:
        """Whether somebody may act in that office now: asked of the log at each request."""
        member = self.member(actor.staff)
        return member is not None and member.may_act(actor.role, actor.unit, now)

    def handle(self, staff: str, command: StaffCommand, actor: Actor, now: datetime, command_id: UUID) -> Member | None:
        """One command on the file of `staff`; the member afterwards. Raises Refused, ContendedError."""
        self._recorded([(staff, command)], actor, now, command_id)
        return self.member(staff)

    def enrol(
        self, grants: Iterable[Grant], actor: Actor, now: datetime, command_id: UUID, *, write: bool = True
    ) -> tuple[GrantGiven, ...]:
        """Give all that a list says, together or not at all; what was not granted so before. Not to `write` is to foresee.

        Raises as `handle`.
        """
        wanted = [(grant.staff, self._given(grant)) for grant in grants]
        entries = self._recorded(wanted, actor, now, command_id, write=write)
        return tuple(entry.event for entry in entries if isinstance(entry.event, GrantGiven))

    def _given(self, grant: Grant) -> GiveGrant:
        """A list counts in days, those at both ends included; where it says no beginning, what began has begun."""
        zone = self._law().calendar.tz
        since = beginning_of(date.fromisoformat(grant.since), zone) if grant.since else None
        until = beginning_of(date.fromisoformat(grant.until) + timedelta(days=1), zone) if grant.until else None
        return GiveGrant(role=grant.role, unit=grant.unit, since=since, until=until)

    def _recorded(
        self, orders: Sequence[Order], actor: Actor, now: datetime, command_id: UUID, *, write: bool = True
    ) -> list[StaffEntry]:
        at = now
        for _ in range(TRIES):
            entries = self._decided(orders, actor, at, command_id)
            try:
                if entries and write:
                    self._log.save(*entries, recorded_at=at)
            except EarlierError as earlier:
                at = earlier.moment
            except IntegrityError:
                continue  # somebody was first: look again
            else:
                return entries
        raise ContendedError(orders[0][0])

    def _decided(self, orders: Iterable[Order], actor: Actor, now: datetime, command_id: UUID) -> list[StaffEntry]:
        """The entries of some commands, each decided as those before it leave the file."""
        law, members, entries = self._law(), dict[str, Member | None](), list[StaffEntry]()
        for staff, command in orders:
            member = members[staff] if staff in members else self.member(staff)
            event = decide_of(staff, member, command, actor, now, law)
            if event is not None:
                file, version = file_of(staff), (member.version if member else 0) + 1
                entries.append(
                    StaffEntry(
                        file=file, version=version, event=event, actor=actor, recorded_at=now, command=command_id
                    )
                )
                member = told(member, entries[-1])
            members[staff] = member
        return entries
