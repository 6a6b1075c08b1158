"""A small invented district for tests: two streets, four departments, every step of the policy on."""

from datetime import time

from domain.calendars import Calendar
from domain.jurisdiction import Department, Jurisdiction
from domain.places import Names, Place, Places, Rung
from domain.policy import Ground, Policy, Step, Window
from domain.states import Clock, Urgency
from domain.taxonomy import Category, Limits, Taxonomy
from domain.worktime import Limit

DISTRICT, STREET, COMMUNITY, GRID = "110", "110001", "110001001", "110001001001"
OTHER_STREET, OTHER_COMMUNITY, OTHER_GRID = "110002", "110002001", "110002001001"
WORKING_WEEK = Calendar("week", "1", "Asia/Shanghai", frozenset(range(5)), ((time(9), time(12)), (time(13), time(17))))

PLACES = Places.of(
    Place(code, rung, {"zh": f"{name}", "en": code}, parent)
    for code, rung, name, parent in (
        (DISTRICT, Rung.DISTRICT, "东区", ""),
        (STREET, Rung.STREET, "一街", DISTRICT),
        (COMMUNITY, Rung.COMMUNITY, "一社区", STREET),
        (GRID, Rung.GRID, "一网格", COMMUNITY),
        (OTHER_STREET, Rung.STREET, "二街", DISTRICT),
        (OTHER_COMMUNITY, Rung.COMMUNITY, "二社区", OTHER_STREET),
        (OTHER_GRID, Rung.GRID, "二网格", OTHER_COMMUNITY),
    )
)


def _every(text: str, urgency: Urgency = Urgency.ROUTINE) -> Limits:
    return {(clock, urgency): (Limit.parse(text),) for clock in Clock}


ILLEGAL_BUILDING: Limits = {
    (Clock.RESOLVE, urgency): (Limit.parse("15 working days"), Limit.parse("4 working hours, step stop work"))
    for urgency in Urgency
}
CATEGORIES = Taxonomy.of(
    (
        Category("01", {"zh": "市容"}, is_leaf=False),
        Category("0101", {"zh": "暴露垃圾", "en": "exposed rubbish"}, "01", departments=("sanitation",)),
        Category("0102", {"zh": "违法建设", "en": "illegal building"}, "01", limits=ILLEGAL_BUILDING),
    )
)


def _reasons(*codes: str) -> dict[str, Names]:
    return {code: {"en": code} for code in codes}


POLICY = Policy(
    code="full",
    version="1",
    limits={
        **_every("1 working day"),
        **_every("2 hours", Urgency.EMERGENCY),
        (Clock.REPORT_IN, Urgency.ROUTINE): (Limit.parse("3 working days"),),
        (Clock.REPORT_IN, Urgency.TOUGH): (Limit.parse("5 working days"),),
        (Clock.RESOLVE, Urgency.ROUTINE): (Limit.parse("7 days"),),
        (Clock.RESIDENT, Urgency.ROUTINE): (Limit.parse("15 days"),),
    },
    windows={
        Window.RETURN: Limit.parse("1 working day"),
        Window.CONTEST: Limit.parse("1 working day"),
        Window.RATE: Limit.parse("5 working days"),
        Window.REOPEN: Limit.parse("30 days"),
        Window.EXCLUDE: Limit.parse("10 working days"),
        Window.DECIDE: Limit.parse("1 working day"),
    },
    reasons={
        Ground.SUSPENSION: _reasons("funding", "season"),
        Ground.CANCELLATION: _reasons("duplicate", "mistake"),
        Ground.EXCLUSION: _reasons("force_majeure"),
    },
)


def district(policy: Policy = POLICY) -> Jurisdiction:
    """The district under a policy."""
    departments = {code: Department(code, {"zh": code, "en": code}) for code in ("sanitation", "water", "roads", "gas")}
    names = {"zh": "东区", "en": "East"}
    return Jurisdiction(DISTRICT, f"110@{policy.version}", names, WORKING_WEEK, policy, PLACES, CATEGORIES, departments)


MINIMAL = Policy(code="minimal", version="1", off=frozenset(Step), limits=_every("3 working days"))
