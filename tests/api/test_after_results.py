"""Verification and call-backs over HTTP and on pages: who sees them, what is offered to whom, and in both languages."""

import re
from typing import Any

import pytest

from domain.actors import Role
from tests.api.browsers import Markup, Person
from tests.api.office import Office
from tests.api.people import (
    CLERK,
    COMMUNITY,
    DISPATCHER,
    DISTRICT,
    GRID,
    HOTLINE,
    LEADER,
    STREET,
    SUPERVISOR,
    WATER,
    WORKER,
    assigned,
    logged,
)

Case = dict[str, Any]
PRIVATE = {"source": "hotline", "narrative": "canary-words", "reporter": {"name": "canary", "phone": "canary-number"}}
OTHERS = ((Role.STREET_CLERK, "540102003"), WATER, (Role.RESIDENT, ""), (Role.DISPATCHER, "540103"))


def told(hall: Office) -> Case:
    """A case whose reporter left a number."""
    answer = hall.post(HOTLINE, "/cases", {"category": "0406", "place": GRID, **PRIVATE})
    found: Case = answer.json()
    return found


def resolved(hall: Office, case: Case | None = None) -> Case:
    """What a department has done."""
    case = hall.act(
        LEADER, case or logged(hall), "whistles", {"plea": {"kind": "resident_need", "why": "w", "tried": "t"}}
    )
    case = hall.act(DISPATCHER, case, "assignments", {"lead": "water"})
    case = hall.act(WATER, case, "assignments/water/report-in", {"on_the_spot": True})
    return hall.act(WATER, case, "result", {"done": "dug", "reply": "It was dug."})


def verified(hall: Office) -> Case:
    return hall.act(WORKER, resolved(hall, told(hall)), "verification", {"passed": True})


def board(hall: Office, who: tuple[Role, str], path: str, **asked: Any) -> Any:
    answer = hall.get(who, f"/boards/{path}", after=hall.whole.boards.head(), **asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def numbers(told: list[Any]) -> list[str]:
    return [one["case"]["number"] for one in told]


def page(hall: Office, who: tuple[Role, str], path: str, language: str = "en") -> str:
    hall.whole.boards.catch_up()
    return Person(hall, who).goes_to(f"{path}?lang={language}").page


STREET_CALLS, DISTRICT_CALLS = f"streets/{STREET}/callbacks", f"districts/{DISTRICT}/callbacks"


def test_a_call_goes_from_list_to_list(hall: Office) -> None:
    case = verified(hall)
    for who, path in ((CLERK, STREET_CALLS), (HOTLINE, DISTRICT_CALLS)):
        found = board(hall, who, path)
        assert numbers(found["due"]) == [case["number"]] and found["streets"][0]["due"] == 1
        assert found["streets"][0]["response"] == {"numerator": 0, "denominator": 0, "rate": None}
    case = hall.act(HOTLINE, case, "callbacks", {"contacted": False})
    found = board(hall, HOTLINE, DISTRICT_CALLS)
    assert numbers(found["later"]) == [case["number"]] and found["due"] == [] and found["most"] == 3
    assert found["later"][0]["attempts"] == 1 and found["later"][0]["again_at"] > found["later"][0]["called_at"]
    hall.time.goes_on(1.1)
    assert numbers(board(hall, HOTLINE, DISTRICT_CALLS)["due"]) == [case["number"]]
    case = hall.act(HOTLINE, case, "callbacks", {"contacted": True, "solved": False, "satisfied": "no"})
    found = board(hall, HOTLINE, DISTRICT_CALLS)
    assert numbers(found["unsolved"]) == numbers(found["answered_today"]) == [case["number"]]
    assert found["streets"][0]["response"]["rate"] == 1 and found["streets"][0]["resolution"]["rate"] == 0
    hall.act(HOTLINE, case, "rework", {"reason": "still wet"})
    found = board(hall, HOTLINE, DISTRICT_CALLS)
    assert found["unsolved"] == found["due"] == found["later"] == []
    assert numbers(board(hall, CLERK, f"streets/{STREET}/verification")["back_at_work"]) == [case["number"]]


def test_whom_nobody_reached(hall: Office) -> None:
    case = verified(hall)
    for _ in range(3):
        case = hall.act(HOTLINE, case, "callbacks", {"contacted": False})
    found = board(hall, SUPERVISOR, DISTRICT_CALLS)
    assert numbers(found["used_up"]) == [case["number"]] and found["streets"][0]["used_up"] == 1
    close = f'href="/cases/{case["number"]}?lang=en#do-CloseCase"'
    assert close in page(hall, CLERK, f"/boards/{STREET_CALLS}")
    assert close not in page(hall, SUPERVISOR, "/boards/district/callbacks")
    assert close not in page(hall, HOTLINE, "/boards/district/callbacks")


def test_a_caller_is_led_to_the_script_and_nobody_else(hall: Office) -> None:
    number = verified(hall)["number"]
    script = f"/hotline/calls/{number}"
    for who, path, calls in (
        (CLERK, f"/boards/{STREET_CALLS}", True),
        (HOTLINE, "/boards/district/callbacks", True),
        (SUPERVISOR, "/boards/district/callbacks", False),
    ):
        said = page(hall, who, path)
        assert number in said and (script in said) == calls
    assert "canary" not in page(hall, HOTLINE, "/boards/district/callbacks") + str(board(hall, HOTLINE, DISTRICT_CALLS))


def test_who_handled_a_case_neither_calls_nor_verifies(hall: Office) -> None:
    case = hall.act(
        CLERK,
        hall.post(CLERK, "/cases", {"category": "0102", "place": STREET, **PRIVATE, "source": "counter"}).json(),
        "handling",
    )
    case = hall.act(CLERK, case, "result", {"done": "swept", "reply": "Swept."})
    found = board(hall, CLERK, f"streets/{STREET}/verification")
    assert (found["to_verify"], found["count"], numbers(found["for_others"])) == ([], 0, [case["number"]])
    assert found["for_others"][0]["handlers"] == [STREET]
    said = page(hall, CLERK, f"/boards/streets/{STREET}/verification")
    assert case["number"] in said and "PassVerification" not in said and "do-FailVerification" not in said
    assert numbers(board(hall, SUPERVISOR, f"streets/{STREET}/verification")["to_verify"]) == [case["number"]]
    verified(hall)
    assert "/hotline/calls/" in page(hall, CLERK, f"/boards/{STREET_CALLS}")


def test_what_is_to_be_seen_on_the_spot(hall: Office) -> None:
    first, second = resolved(hall), resolved(hall)
    for who, path in (
        (WORKER, f"grids/{GRID}/verification"),
        ((Role.COMMUNITY, COMMUNITY), f"grids/{COMMUNITY}/verification"),
        (CLERK, f"streets/{STREET}/verification"),
    ):
        found = board(hall, who, path)
        assert numbers(found["to_verify"]) == [first["number"], second["number"]]
        assert found["to_verify"][0]["handlers"] == ["water"] and found["grids"][0]["count"] == found["count"] == 2
        assert found["rework"] == {"numerator": 0, "denominator": 2, "rate": 0.0}
    worker = Person(hall, WORKER).goes_to(f"/boards/grids/{GRID}/verification?lang=en")
    assert "do-FailVerification" in worker.page
    assert "PassVerification" not in page(hall, (Role.COMMUNITY, COMMUNITY), f"/boards/grids/{GRID}/verification")
    hall.act(WORKER, first, "verification", {"passed": False, "reason": "still wet"})
    found = board(hall, WORKER, f"grids/{GRID}/verification")
    assert numbers(found["back_at_work"]) == [first["number"]] and found["rework"]["rate"] == 0.5


@pytest.mark.parametrize("path", [STREET_CALLS, f"streets/{STREET}/verification", f"grids/{GRID}/verification"])
def test_they_are_for_those_of_the_place(hall: Office, path: str) -> None:
    assigned(hall)
    for who in (CLERK, SUPERVISOR):
        assert hall.get(who, f"/boards/{path}").status_code == 200
    for who in OTHERS:
        assert hall.get(who, f"/boards/{path}").json()["code"] == "no_such_board"
        answer = Person(hall, who).goes_to(f"/boards/{path}").answer
        assert answer is not None and answer.status_code == 404
    assert hall.get(CLERK, f"/boards/{DISTRICT_CALLS}").status_code == 404
    assert hall.client.get(f"/api/v1/boards/{path}").status_code == 401


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_are_whole_and_reached_from_the_boards(hall: Office, language: str) -> None:
    verified(hall)
    resolved(hall)
    for who, start, path in (
        (CLERK, f"/boards/streets/{STREET}", f"/boards/{STREET_CALLS}"),
        (CLERK, f"/boards/streets/{STREET}", f"/boards/streets/{STREET}/verification"),
        (WORKER, f"/boards/grids/{GRID}", f"/boards/grids/{GRID}/verification"),
        (SUPERVISOR, "/boards/district", "/boards/district/callbacks"),
        (HOTLINE, "/hotline/calls", "/boards/district/callbacks"),
        (LEADER, "/hotline/calls", f"/boards/{STREET_CALLS}"),
    ):
        assert f'href="{path}?lang={language}"' in page(hall, who, start, language), (start, path)
        assert Markup(page(hall, who, path, language)).faults == [], path


def test_a_case_that_waits_for_nobody_s_call_is_not_said_to(hall: Office) -> None:
    """Neither on its page, nor in lists, nor in the spreadsheet, nor where it is said what was done."""
    quiet, waits = hall.act(WORKER, resolved(hall), "verification", {"passed": True}), verified(hall)
    hall.act(HOTLINE, answered := verified(hall), "callbacks", {"contacted": True, "solved": True, "satisfied": "yes"})
    for case, right, wrong in (
        (quiet, "to be closed", "to be called back"),
        (waits, "to be called back", "to be closed"),
        (answered, "to be closed", "to be called back"),
    ):
        for path in (f"/cases/{case['number']}", f"/cases/{case['number']}/file"):
            heading = re.search(r"<h1>.*?</h1>", page(hall, CLERK, path), re.DOTALL)
            assert heading and right in heading[0] and wrong not in heading[0], path
        (row,) = re.findall(
            rf"<tr role=\"row\">(?:(?!</tr>).)*{case['number']}.*?</tr>", page(hall, CLERK, "/cases"), re.DOTALL
        )
        assert right in row and wrong not in row
        (line,) = [one for one in page(hall, CLERK, "/cases.csv").splitlines() if one.startswith(case["number"])]
        assert right in line and wrong not in line
    assert "已核查待结案" in page(hall, CLERK, f"/cases/{quiet['number']}", "zh")


def test_what_verifying_leads_to_is_said_rightly(hall: Office) -> None:
    for case, says in (
        (resolved(hall), "verified, to be closed"),
        (resolved(hall, told(hall)), "verified, to be called back"),
    ):
        said = page(hall, CLERK, f"/cases/{case['number']}")
        steps = re.findall(r"pass the verification</strong> → ([^<]*)", said)
        assert [step.strip() for step in steps] == [says], said
    case = resolved(hall)
    hall.whole.boards.catch_up()
    worker = Person(hall, WORKER).goes_to(f"/cases/{case['number']}")
    assert "verified, to be closed" in worker.does("PassVerification", passed="yes").page
