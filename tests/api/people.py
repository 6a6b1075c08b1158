"""Who acts in tests of the shipped district, and how far they have brought a case."""

from typing import Any
from uuid import UUID

from domain.actors import Role
from tests.api.office import Office

DISTRICT, STREET, COMMUNITY, GRID = "540102", "540102002", "540102002001", "540102002001001"
WORKER, CLERK, LEADER = (Role.GRID_WORKER, GRID), (Role.STREET_CLERK, STREET), (Role.STREET_LEADER, STREET)
DISPATCHER, HOTLINE, ARBITER = (Role.DISPATCHER, DISTRICT), (Role.HOTLINE, DISTRICT), (Role.ARBITER, DISTRICT)
SUPERVISOR, OFFICER = (Role.SUPERVISOR, DISTRICT), (Role.DATA_OFFICER, DISTRICT)
WATER, ROADS = (Role.DEPARTMENT_CLERK, "water"), (Role.DEPARTMENT_CLERK, "roads")
PLEA = {"kind": "joint_enforcement", "why": "a main of the water affairs", "tried": "the valve was closed"}
NOBODY_S = "f47ac10b-58cc-4372-a567-0e02b2c3d479"  # a case that is not there


def forgotten(hall: Office, case: str, reason: str = "asked") -> dict[str, Any]:
    """The hotline asks that the reporter be forgotten, and the data officer grants it."""
    asked = hall.act(HOTLINE, hall.get(HOTLINE, f"/cases/{case}").json(), "requests/erasure", {"reason": reason})
    number = len(hall.whole.casework.case(UUID(case)).requests)
    return hall.act(OFFICER, asked, f"requests/{number}/decision", {"granted": True})


def logged(hall: Office, **said: Any) -> dict[str, Any]:
    answer = hall.post(WORKER, "/cases", {"category": "0406", "place": GRID, "source": "patrol", **said})
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/api/v1/cases/{answer.json()['case']}"
    found: dict[str, Any] = answer.json()
    return found


def assigned(hall: Office, to: str = "water", **said: Any) -> dict[str, Any]:
    case = hall.act(LEADER, logged(hall, **said), "whistles", {"plea": PLEA})
    return hall.act(DISPATCHER, case, "assignments", {"lead": to})


def at_work(hall: Office, **said: Any) -> dict[str, Any]:
    case = hall.act(WATER, assigned(hall, **said), "assignments/water/acknowledgement")
    return hall.act(WATER, case, "assignments/water/report-in", {"on_the_spot": True})
