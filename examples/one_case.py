"""One case's life, in memory: logged, whistled, assigned, resolved; every step an event, told at the end."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from adapters.jurisdictions import read, shipped
from domain import commands as c
from domain.actors import Actor, Role
from domain.events import Plea
from domain.states import Source, WhistleKind
from workflow.casework import Casework, Order
from workflow.telling import story

law = read(shipped("minimal")).jurisdiction
cases = Casework(
    {"PERSISTENCE_MODULE": "adapters.store", "WHISTLE_DATABASE_URL": "sqlite://"},
    edition=lambda _edition: law,
    current=lambda: law,
    seal=lambda _case, command: command,  # nothing private is said here
)
place = law.places.path("100-1-1-1")
worker, street = Actor("worker-1", Role.GRID_WORKER, place.grid), Actor("leader-1", Role.STREET_LEADER, place.street)
district, water = Actor("dispatch-1", Role.DISPATCHER, place.district), Actor("water-1", Role.DEPARTMENT_CLERK, "water")

whistle = Plea(kind=WhistleKind.RESIDENT_NEED, why="the pipe is the water company's", tried="the valve was closed")
log = c.LogCase(category="01", place=place.grid, source=Source.PATROL, summary="Water on the pavement")
steps = [
    (street, c.BlowWhistle(plea=whistle)),
    (district, c.AssignCase("water")),
    (water, c.Acknowledge()),
    (water, c.ReportResult("pipe replaced", "The pipe was replaced.")),
]
case, now = uuid4(), datetime(2026, 3, 2, 1, tzinfo=UTC)
cases.open_case(case, Order(command=log, actor=worker, now=now, id=uuid4()))
for hour, (actor, command) in enumerate(steps, start=1):
    cases.handle(case, Order(command=command, actor=actor, now=now + timedelta(hours=hour), id=uuid4()))
for line in story(cases.file(case), law, "en"):
    print(f"{line.at:%d %b %H:%M}  {line.who}: {line.text}")
