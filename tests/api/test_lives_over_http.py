"""Whole lives over HTTP: everybody sends what a form would send, and sees what follows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.office import Office, office
from tests.api.people import (
    ARBITER,
    CLERK,
    DISPATCHER,
    DISTRICT,
    GRID,
    HOTLINE,
    LEADER,
    PLEA,
    ROADS,
    STREET,
    SUPERVISOR,
    WATER,
    WORKER,
    logged,
)


@pytest.fixture(params=["sqlite", "postgresql"])
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    with office(tmp_path, url=url) as opened:
        yield opened


def test_from_log_to_close(hall: Office) -> None:
    case = logged(hall)
    case = hall.act(LEADER, case, "whistles", {"plea": PLEA})
    assert (case["state"], case["phase"], case["accountable"]) == ("escalated", "escalated", DISTRICT)
    case = hall.act(DISPATCHER, case, "assignments", {"lead": "water", "support": ["roads"]})
    for who in (WATER, ROADS):
        case = hall.act(who, case, f"assignments/{who[1]}/acknowledgement")
        case = hall.act(who, case, f"assignments/{who[1]}/report-in", {"on_the_spot": True})
    case = hall.act(ROADS, case, "assignments/roads/completion", {"done": "road closed off"})
    case = hall.act(WATER, case, "result", {"done": "main replaced", "reply": "The main was replaced."})
    case = hall.act(WORKER, case, "verification", {"passed": True})
    case = hall.act(CLERK, case, "closure", {"outcome": "solved"})
    assert (case["state"], case["phase"], case["outcome"]) == ("closed", "resolved", "solved")
    history = hall.get(CLERK, f"/cases/{case['case']}/history").json()
    assert [entry["event"] for entry in history] == [
        "case-logged", "whistle-blown", "case-assigned", "assignment-acknowledged", "lead-reported-in",
        "assignment-acknowledged", "support-reported-in", "support-finished", "result-reported",
        "verification-passed", "case-closed",
    ]  # fmt: skip
    assert [entry["version"] for entry in history] == list(range(1, 12))


def test_with_a_reporter_who_is_called_back(hall: Office) -> None:
    said = {
        "category": "0604",
        "place": GRID,
        "source": "hotline",
        "narrative": "cold",
        "reporter": {"name": "canary", "phone": "1"},
    }
    answer = hall.post(HOTLINE, "/cases", said)
    case = answer.json()
    assert case["receipt"] and "canary" not in answer.text
    case = hall.act(CLERK, case, "handling")
    case = hall.act(CLERK, case, "result", {"done": "valve opened", "reply": "The heating works again."})
    refused = hall.post(CLERK, f"/cases/{case['case']}/verification", {"passed": True}, seen=case["version"])
    assert (refused.status_code, refused.json()["code"]) == (409, "not_the_handling_unit")
    case = hall.act(WORKER, case, "verification", {"passed": True})
    case = hall.act(HOTLINE, case, "callbacks", {"contacted": True, "solved": False, "satisfied": "no"})
    case = hall.act(HOTLINE, case, "rework", {"reason": "still cold"})
    assert (case["state"], case["rework"]) == ("handling", 1)
    case = hall.act(CLERK, case, "result", {"done": "pump replaced", "reply": "A new pump."})
    case = hall.act(WORKER, case, "verification", {"passed": True})
    case = hall.act(HOTLINE, case, "callbacks", {"contacted": True, "solved": True, "satisfied": "yes"})
    case = hall.act(SUPERVISOR, case, "closure", {"outcome": "solved"})
    assert case["state"] == "closed"


def test_a_return_a_dispute_and_a_ruling(hall: Office) -> None:
    case = hall.act(LEADER, logged(hall), "whistles", {"plea": PLEA})
    case = hall.act(DISPATCHER, case, "assignments", {"lead": "water"})
    case = hall.act(WATER, case, "requests/return", {"reason": "not ours", "suggested": "roads"})
    refused = hall.act(DISPATCHER, case, "requests/1/decision", {"granted": False, "reason": "it is"})
    case = hall.act(WATER, refused, "disputes", {"reason": "the list of duties"})
    assert case["state"] == "disputed"
    case = hall.act(ARBITER, case, "disputes/ruling", {"lead": "roads", "reason": "item 7"})
    assert (case["state"], case["lead"], case["accountable"]) == ("assigned", "roads", "roads")


def test_what_may_be_done_now_leads_on(hall: Office) -> None:
    """Each link of a case's actions is an address of the API; the dispatcher's after a whistle is to assign."""
    case = hall.act(LEADER, logged(hall), "whistles", {"plea": PLEA})
    offered = {
        action["command"]: action["href"] for action in hall.get(DISPATCHER, f"/cases/{case['case']}").json()["actions"]
    }
    assert offered["AssignCase"] == f"/api/v1/cases/{case['case']}/assignments"
    assert "AssignCase" not in {a["command"] for a in hall.get(LEADER, f"/cases/{case['case']}").json()["actions"]}


def test_deadlines_explain_themselves(hall: Office) -> None:
    case = hall.act(LEADER, logged(hall, category="0108"), "whistles", {"plea": PLEA})
    case = hall.act(DISPATCHER, case, "assignments", {"lead": "roads"})
    explained = hall.get(CLERK, f"/cases/{case['case']}/deadlines").json()
    came = next(one for one in explained if one["clock"] == "report_in")
    assert came["limit"] == "3 working days" and came["calendar"].startswith("lhasa@")
    assert [day["day"] for day in came["days"]] == ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]


def test_a_preview_writes_nothing(hall: Office) -> None:
    case = hall.act(LEADER, logged(hall), "whistles", {"plea": PLEA})
    path = f"/cases/{case['case']}/assignments?preview=true"
    seen = hall.post(DISPATCHER, path, {"lead": "water"}, seen=case["version"])
    assert seen.status_code == 200
    assert {one["unit"] for one in seen.json()["deadlines"] if one["clock"] == "resolve"} == {"water"}
    assert hall.get(CLERK, f"/cases/{case['case']}").json()["state"] == "escalated"


def test_boards_follow(hall: Office) -> None:
    case = hall.act(LEADER, logged(hall), "whistles", {"plea": PLEA})
    street = hall.get(CLERK, f"/boards/streets/{STREET}", after=case["position"]).json()["board"]
    assert street["phases"] == {"escalated": 1}
    assert [one["case"] for one in street["whistled"]] == [case["case"]]
    case = hall.act(DISPATCHER, case, "assignments", {"lead": "water"})
    water = hall.get(WATER, "/boards/departments/water", after=case["position"]).json()["board"]
    assert [duty["case"] for duty in water["new"]] == [case["case"]]
    grid = hall.get(WORKER, f"/boards/grids/{GRID}", after=case["position"]).json()["board"]
    assert [one["case"] for one in grid["elsewhere"]] == [case["case"]]
