"""Where somebody's work is: the page that an office opens with."""

from api.pages.reading import Reading
from domain.actors import Actor, Role

OF_A_GRID, OF_A_STREET = ("boards", "grids", "{unit}"), ("boards", "streets", "{unit}")
OF_A_DEPARTMENT, OF_THE_DISTRICT = ("boards", "departments", "{unit}"), ("boards", "district")
HOMES = {
    Role.GRID_WORKER: OF_A_GRID,
    Role.COMMUNITY: OF_A_GRID,
    Role.STREET_CLERK: OF_A_STREET,
    Role.STREET_LEADER: OF_A_STREET,
    Role.DEPARTMENT_CLERK: OF_A_DEPARTMENT,
    Role.DEPARTMENT_HEAD: OF_A_DEPARTMENT,
    Role.DISPATCHER: OF_THE_DISTRICT,
    Role.ARBITER: OF_THE_DISTRICT,
    Role.SUPERVISOR: OF_THE_DISTRICT,
    Role.DATA_OFFICER: OF_THE_DISTRICT,
    Role.HOTLINE: ("hotline",),
    Role.ADMIN: ("staff",),
}


def home_of(v: Reading, actor: Actor) -> str:
    """Its address."""
    return v.url(*(part.format(unit=actor.unit) for part in HOMES.get(actor.role, ("boards",))))
