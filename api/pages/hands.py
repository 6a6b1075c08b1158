"""Whose turn it is: in a demo, the way into the next pair of hands."""

from collections.abc import Iterator, Mapping

from domain.actors import Actor, Role
from domain.case import Case
from domain.jurisdiction import Jurisdiction
from domain.states import Level, State

AT_LEVEL: Mapping[Level, tuple[Role, ...]] = {
    Level.GRID: (Role.GRID_WORKER,),
    Level.COMMUNITY: (Role.COMMUNITY,),
    Level.STREET: (Role.STREET_LEADER, Role.STREET_CLERK),
}
NEXT: Mapping[State, tuple[Role, ...]] = {
    State.ESCALATED: (Role.DISPATCHER,),
    State.DISPUTED: (Role.ARBITER,),
    State.ASSIGNED: (Role.DEPARTMENT_CLERK,),
    State.IN_PROGRESS: (Role.DEPARTMENT_CLERK,),
    State.SUSPENDED: (Role.SUPERVISOR,),
    State.RESOLVED: (Role.GRID_WORKER, Role.STREET_CLERK),
    State.VERIFIED: (Role.HOTLINE, Role.STREET_CLERK),
    State.CLOSED: (Role.STREET_LEADER, Role.SUPERVISOR),
}


def hands_of(law: Jurisdiction, case: Case, looks: Actor | None) -> tuple[Actor, ...]:
    """Who may move this case on, whoever looks left out."""
    held = {(grant.role, grant.unit): grant.staff for grant in law.grants}
    found = (Actor(held[pair], *pair) for pair in dict.fromkeys(_wanted(case)) if pair in held)
    here = (looks.role, looks.unit) if looks else None
    return tuple(actor for actor in found if (actor.role, actor.unit) != here)


def _wanted(case: Case) -> Iterator[tuple[Role, str]]:
    working = [a.unit for a in case.assignments if a.at_work and not a.own]
    asked = any(request.pending for request in case.requests)
    for role in NEXT.get(case.state) or AT_LEVEL[case.level]:
        if role is Role.HOTLINE and not case.can_be_called:
            continue  # it would find nothing to do
        yield from ((role, unit) for unit in (working if role is Role.DEPARTMENT_CLERK else _unit_of(case, role)))
    if asked:
        yield from ((role, _unit_of(case, role)[0]) for role in (Role.STREET_LEADER, Role.DISPATCHER, Role.SUPERVISOR))


def _unit_of(case: Case, role: Role) -> tuple[str, ...]:
    place = case.place
    units = {
        Role.GRID_WORKER: place.grid, Role.COMMUNITY: place.community,
        Role.STREET_CLERK: place.street, Role.STREET_LEADER: place.street,
    }  # fmt: skip
    return (units.get(role, place.district),)
