"""Who acts: a pseudonym in a role of a unit, never a name."""

from dataclasses import dataclass
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gives a command: staff pseudonym, role, the unit acted for, and on whose behalf, if another's."""

    staff: str
    role: Role
    unit: str = ""
    on_behalf_of: str = ""


SYSTEM = Actor("system", Role.SYSTEM)
