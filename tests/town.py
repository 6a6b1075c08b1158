"""The town of the stories: the invented district with a few categories more, and the people who work there."""

from dataclasses import replace

from domain.actors import SYSTEM, Actor, Role
from domain.jurisdiction import Jurisdiction, Thing
from domain.policy import Maxima, Step
from domain.states import Clock, Level, Nature, Urgency
from domain.taxonomy import Category, Taxonomy
from domain.worktime import Limit
from tests.district import CATEGORIES, COMMUNITY, DISTRICT, GRID, MINIMAL, OTHER_STREET, POLICY, STREET, district

RUBBISH, ILLEGAL_BUILDING, BURST_PIPE, GAS_SMELL, QUESTION = "0101", "0102", "0401", "0402", "0601"
HURRIED = {(clock, urgency): (Limit.parse("4 working hours"),) for clock in Clock for urgency in Urgency}
MORE = (
    Category("04", {"zh": "应急"}, is_leaf=False),
    Category(BURST_PIPE, {"zh": "水管爆裂"}, "04", handled_at=frozenset({Level.STREET})),
    Category(GAS_SMELL, {"zh": "燃气异味"}, "04", limits=HURRIED),
    Category(QUESTION, {"zh": "咨询"}, nature=Nature.CONSULTATION),
)
LAMP = Thing("lamp-7", "component", "Lamp 7", GRID)
TOWN = replace(
    district(replace(POLICY, maxima=Maxima(extensions=1))),
    taxonomy=Taxonomy.of((*CATEGORIES.by_code.values(), *MORE)),
    things={LAMP.code: LAMP},
)
MINIMAL_TOWN = replace(TOWN, policy=MINIMAL)


def without(*steps: Step) -> Jurisdiction:
    """The town where these steps are left out."""
    return replace(TOWN, policy=replace(TOWN.policy, off=frozenset(steps)))


grid_worker = Actor("worker-1", Role.GRID_WORKER, GRID)
community = Actor("community-1", Role.COMMUNITY, COMMUNITY)
clerk = Actor("clerk-1", Role.STREET_CLERK, STREET)
leader = Actor("leader-1", Role.STREET_LEADER, STREET)
leader_of_another_street = Actor("leader-2", Role.STREET_LEADER, OTHER_STREET)
hotline = Actor("hotline-1", Role.HOTLINE, DISTRICT)
dispatcher = Actor("dispatcher-1", Role.DISPATCHER, DISTRICT)
dispatcher_elsewhere = Actor("dispatcher-9", Role.DISPATCHER, "220")
arbiter = Actor("arbiter-1", Role.ARBITER, DISTRICT)
supervisor = Actor("supervisor-1", Role.SUPERVISOR, DISTRICT)
data_officer = Actor("officer-1", Role.DATA_OFFICER, DISTRICT)
auditor = Actor("auditor-1", Role.AUDITOR, DISTRICT)
partner = Actor("partner-1", Role.PARTNER, "other-system")
reporter = Actor("", Role.RESIDENT, "receipt-1")
resident = Actor("", Role.RESIDENT)
system = SYSTEM
water = Actor("water-1", Role.DEPARTMENT_CLERK, "water")
water_head = Actor("water-2", Role.DEPARTMENT_HEAD, "water")
roads = Actor("roads-1", Role.DEPARTMENT_CLERK, "roads")
gas = Actor("gas-1", Role.DEPARTMENT_CLERK, "gas")
sanitation = Actor("sanitation-1", Role.DEPARTMENT_CLERK, "sanitation")
DEPARTMENTS = {"water": water, "roads": roads, "gas": gas, "sanitation": sanitation}


def as_well(actor: Actor, other: Actor) -> Actor:
    """The same person in a second office."""
    return replace(other, staff=actor.staff)
