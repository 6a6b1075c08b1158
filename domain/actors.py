"""Who acts: a pseudonym in a role of a unit, never a name."""

from dataclasses import dataclass
from enum import StrEnum

from domain.places import Rung


class Role(StrEnum):
    """In which capacity somebody acts."""

    GRID_WORKER = "grid_worker"
    COMMUNITY = "community"
    STREET_CLERK = "street_clerk"
    STREET_LEADER = "street_leader"
    HOTLINE = "hotline"
    DISPATCHER = "dispatcher"
    DEPARTMENT_CLERK = "department_clerk"
    DEPARTMENT_HEAD = "department_head"
    ARBITER = "arbiter"
    SUPERVISOR = "supervisor"
    DATA_OFFICER = "data_officer"
    AUDITOR = "auditor"
    ADMIN = "admin"
    PARTNER = "partner"
    RESIDENT = "resident"
    SYSTEM = "system"

    @property
    def rung(self) -> Rung:
        """What kind of place one acts for in it; a department's clerk acts for the department, which is of the district."""
        return RUNGS.get(self, Rung.DISTRICT)


RUNGS = {
    Role.GRID_WORKER: Rung.GRID,
    Role.COMMUNITY: Rung.COMMUNITY,
    Role.STREET_CLERK: Rung.STREET,
    Role.STREET_LEADER: Rung.STREET,
}
DEPARTMENTAL = (Role.DEPARTMENT_CLERK, Role.DEPARTMENT_HEAD)
STREET = (Role.STREET_CLERK, Role.STREET_LEADER)
BELOW_DISTRICT = (Role.GRID_WORKER, Role.COMMUNITY, *STREET)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gives a command: staff pseudonym, role, the unit acted for, and on whose behalf, if another's."""

    staff: str
    role: Role
    unit: str = ""
    on_behalf_of: str = ""


SYSTEM = Actor("system", Role.SYSTEM)
