"""Acting on pages: every button is a form, one tap or filled in; what goes wrong is said where it was sent from."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from api.pages.acting.asked import LEFT_OUT, LEFT_OUT_OF, asked
from api.pages.acting.controls import CONTROLS, Scene
from api.pages.acting.filling import filled
from api.pages.reading import Reading
from api.resources import BY_COMMAND, RESOURCES
from domain.actors import Role
from tests.api.browsers import Person
from tests.api.office import Office
from tests.api.people import (
    CLERK,
    DISPATCHER,
    GRID,
    HOTLINE,
    LEADER,
    STREET,
    SUPERVISOR,
    WATER,
    WORKER,
    logged,
)


def _state(person: Person) -> str:
    found = re.search(r'<h1>.*?<strong class="tag (\w+)"', person.page, re.DOTALL)
    assert found, person.page
    return found[1]


def test_one_case_goes_through_all_hands_by_forms_alone(hall: Office) -> None:
    person = lambda who: Person(hall, who)  # noqa: E731 - short for those who follow
    worker = person(WORKER).goes_to("/log")
    form = next(f for f in worker.forms() if f["action"].split("?")[0] == "/log")
    assert form["fields"]["place"] == GRID  # the worker's own
    worker.sends("/log", **{**form["fields"], "category": "0604", "summary": "burst main"})
    assert worker.answer is not None and worker.answer.status_code == 200
    case = str(worker.answer.url).split("/cases/")[1].split("?")[0]
    assert "Done: log the case." in worker.page and _state(worker) == "logged"
    assert _state(worker.does("ReferUp", reason="beyond the grid")) == "logged"
    leader = person(LEADER).goes_to(f"/cases/{case}")
    plea = next(f for f in leader.forms() if f["action"].endswith("/do/BlowWhistle"))["fields"]
    assert plea["plea.why"] and plea["plea.tried"] and plea["plea.departments"] and plea["plea.kind"] == "key_work"
    assert _state(leader.does("BlowWhistle", plea__departments=["water", "roads"])) == "escalated"
    dispatcher = person(DISPATCHER).goes_to(f"/cases/{case}")
    assert _state(dispatcher.does("AssignCase", lead="water", support=["roads"])) == "assigned"
    roads = (Role.DEPARTMENT_CLERK, "roads")
    board = person(WATER).goes_to("/boards/departments/water").does("Acknowledge", "water")
    assert "Done: acknowledge." in board.page
    board.does("ReportIn", "water")
    support = person(roads).goes_to(f"/cases/{case}").does("Acknowledge").does("ReportIn", way="on_the_spot")
    support.does("FinishSupport", done="road closed and opened again")
    lead = person(WATER).goes_to(f"/cases/{case}").does("ReportResult", done="main replaced")
    assert _state(lead) == "resolved"
    verified = person(WORKER).goes_to(f"/boards/grids/{GRID}").does("PassVerification")
    assert "Done: pass the verification." in verified.page
    closed = person(CLERK).goes_to(f"/cases/{case}").does("CloseCase")
    assert _state(closed) == "closed"
    rated = person(LEADER).goes_to(f"/cases/{case}").does("RateDepartment", "water", speed="4")
    assert "speed 4, quality 5, attitude 5" in rated.page
    told = person((Role.STREET_CLERK, "540102003")).goes_to(f"/cases/{case}")
    assert told.answer is not None and told.answer.status_code == 404


def told(hall: Office) -> dict[str, Any]:
    """A case that the street office itself wrote down, and holds."""
    answer = hall.post(CLERK, "/cases", {"category": "0604", "place": GRID, "source": "counter"})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _whistled(hall: Office) -> dict[str, Any]:
    case = hall.act(LEADER, logged(hall), "whistles", {"plea": {"kind": "key_work", "why": "w", "tried": "t"}})
    return hall.act(DISPATCHER, case, "assignments", {"lead": "water"})


def test_a_request_is_decided_by_one_tap_or_with_a_reason(hall: Office) -> None:
    case = hall.act(WATER, _whistled(hall), "assignments/water/acknowledgement")
    water = Person(hall, WATER).goes_to(f"/cases/{case['case']}")
    water.does("RequestReturn", reason="not ours", suggested="roads")
    dispatcher = Person(hall, DISPATCHER).goes_to(f"/cases/{case['case']}")
    refused = dispatcher.does("RejectRequest", reason="")
    assert refused.answer is not None and refused.answer.status_code == 422
    assert (
        "Fill in “reason”" in refused.page and 'id="trouble"' in refused.page and 'aria-invalid="true"' in refused.page
    )
    dispatcher.does("RejectRequest", reason="it is yours")
    water.goes_to(f"/cases/{case['case']}").does("RaiseDispute", reason="see the decree")
    assert _state(water) == "disputed"
    arbiter = Person(hall, (Role.ARBITER, "540102")).goes_to(f"/cases/{case['case']}")
    assert _state(arbiter.does("Rule", lead="roads", reason="the road is theirs")) == "assigned"
    roads = Person(hall, (Role.DEPARTMENT_CLERK, "roads")).goes_to(f"/cases/{case['case']}")
    roads.does("Acknowledge").does("ReportIn", way="by_contact").does(
        "RequestSuspension", reason="funding", review="2026-03-20"
    )
    supervisor = Person(hall, SUPERVISOR).goes_to(f"/cases/{case['case']}").does("GrantSuspension")
    assert _state(supervisor) == "suspended"


def test_a_call_back_is_recorded_reached_or_not(hall: Office) -> None:
    said = {"category": "0604", "place": GRID, "source": "hotline", "reporter": {"name": "x", "phone": "1"}}
    case = hall.post(HOTLINE, "/cases", said).json()
    case = hall.act(CLERK, case, "handling")
    case = hall.act(CLERK, case, "result", {"done": "d", "reply": "r"})
    case = hall.act(WORKER, case, "verification", {"passed": True})
    desk = Person(hall, HOTLINE).goes_to(f"/cases/{case['case']}").does("RecordCallback", way="not_reached")
    assert "contacted: no" in desk.page
    missing = desk.does("RecordCallback", way="reached", solved="yes")
    assert missing.answer is not None and missing.answer.status_code == 422
    desk.does("RecordCallback", way="reached", solved="no", satisfied="no")
    assert _state(desk.does("OrderRework", reason="it still leaks")) == "handling"


def test_the_same_form_twice_is_one_command(hall: Office) -> None:
    case = told(hall)
    page = Person(hall, LEADER).goes_to(f"/cases/{case['case']}")
    form = next(f for f in page.forms() if f["action"].endswith("/do/HandleCase"))
    for _ in range(2):
        page.sends(form["action"].split("?")[0], **form["fields"])
        assert page.answer is not None and page.answer.status_code == 200 and _state(page) == "handling"
    assert hall.get(LEADER, f"/cases/{case['case']}").json()["version"] == case["version"] + 1


def test_who_acts_on_what_others_changed_sees_it_and_keeps_the_words(hall: Office) -> None:
    case = told(hall)
    slow = Person(hall, LEADER).goes_to(f"/cases/{case['case']}")
    hall.act(CLERK, case, "handling")
    slow.does("CancelCase", reason="mistake")
    assert (
        slow.answer is not None and slow.answer.status_code == 412 and "Others have just changed the case" in slow.page
    )
    assert _state(slow) == "handling" and '<option value="mistake" selected>' in slow.page
    assert (
        _state(slow.does("CancelCase")) == "cancelled"
    )  # the words are still there, and what was seen is now what stands


@pytest.mark.parametrize(
    ("path", "said", "status"),
    [
        ("do/Acknowledge", {}, 409),
        ("do/AssignCase", {"lead": "water"}, 409),
        ("do/HandleCase", {}, 403),
        ("do/NoSuchCommand", {}, 404),
        ("do/RecordMiss", {}, 404),
        ("do/HandleCase", {"key": "x"}, 404),
        ("do/HandleCase", {"seen": "-1"}, 404),
        ("do/HandleCase", {"seen": "99"}, 412),
        ("do/RateDepartment", {"unit": "water", "speed": "x"}, 422),
        ("do/AnswerSupervision", {"number": "99999999"}, 404),
        ("do/MergeCase", {"into": "no such"}, 422),
        ("do/ReferUp", {"reason": "x" * 4001}, 422),
        ("do/ReferUp", {"reason": "\x00"}, 422),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    hall: Office, path: str, said: dict[str, str], status: int
) -> None:
    case = logged(hall)
    person = Person(hall, LEADER)
    person.sends(f"/cases/{case['case']}/{path}", **{"key": str(uuid4()), "seen": str(case["version"]), **said})
    assert person.answer is not None and person.answer.status_code == status, person.page
    assert hall.get(LEADER, f"/cases/{case['case']}").json()["version"] == case["version"]
    assert status == 404 or 'role="alert"' in person.page


def test_the_address_of_an_action_leads_to_its_form(hall: Office) -> None:
    case = logged(hall)
    page = Person(hall, LEADER).goes_to(f"/cases/{case['case']}/do/BlowWhistle")
    assert page.answer is not None and str(page.answer.url).endswith(f"/cases/{case['case']}#do-BlowWhistle")


def test_nobody_acts_on_what_is_not_within_reach(hall: Office) -> None:
    case = logged(hall)
    other = Person(hall, (Role.STREET_LEADER, "540102003"))
    other.sends(f"/cases/{case['case']}/do/HandleCase", key=str(uuid4()), seen=str(case["version"]))
    assert other.answer is not None and other.answer.status_code == 404
    hall.client.cookies.clear()
    anonymous = hall.client.post(
        f"/cases/{case['case']}/do/HandleCase", data={"key": str(uuid4()), "seen": "1"},
        headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False,
    )  # fmt: skip
    assert anonymous.status_code == 303 and anonymous.headers["location"].startswith("/sign-in")


def test_every_field_of_every_command_has_a_control_and_a_name(hall: Office) -> None:
    case = hall.whole.casework.case(UUID(_whistled(hall)["case"]))
    v = Reading("en", chosen=False, path="/", whole=hall.whole)
    for command in (*BY_COMMAND, *BY_COMMAND):  # what is offered once is offered again
        for field in asked(Scene(v, case, command)):
            assert v.t(f"field_{field.leaf}") and field.leaf in CONTROLS
            assert field.options or field.control not in ("one", "many", "marks") or field.leaf == "step", field
    assert not LEFT_OUT & set(CONTROLS) and all(names <= set(CONTROLS) for names in LEFT_OUT_OF.values())


def test_what_a_browser_sends_becomes_what_the_api_takes() -> None:
    by_path = {resource.path: resource.form for resource in RESOURCES}
    said = {
        "plea.kind": ["key_work"],
        "plea.why": [" w "],
        "plea.tried": [""],
        "plea.departments": ["water", ""],
        "lead": [""],
    }
    assert filled(by_path["whistles"], said) == {
        "plea": {"kind": "key_work", "why": "w", "tried": "", "departments": ["water"]},
    }  # fmt: skip
    assert filled(by_path["verification"], {"passed": ["no"], "reason": ["r"]}) == {"passed": False, "reason": "r"}
    marks = {"speed": ["4"], "quality": ["x"], "attitude": ["-1"]}
    assert filled(by_path["whistles/rating"], marks) == {"speed": 4, "quality": "x", "attitude": -1}
    assert filled(by_path["callbacks"], {"contacted": ["perhaps"]}) == {"contacted": "perhaps"}


def test_a_street_board_offers_its_own_office_only(hall: Office) -> None:
    told(hall)
    hall.whole.boards.catch_up()
    assert "/do/HandleCase" in Person(hall, CLERK).goes_to(f"/boards/streets/{STREET}").page
    assert "/do/" not in Person(hall, SUPERVISOR).goes_to(f"/boards/streets/{STREET}").page


def test_a_summary_in_another_language_is_marked_in_what_is_to_be_copied(hall: Office) -> None:
    case = logged(hall, summary="停电（虚构）<b>")
    hall.client.cookies.set("whistle", hall.session(*WORKER))
    page = hall.client.get(f"/cases/{case['case']}?lang=en", headers={"Accept": "text/html"}).text
    code = next(text for text in re.findall(r"<pre[^>]*><code>(.*?)</code>", page, re.DOTALL) if "amendments" in text)
    assert '<span lang="zh-Hans">停电（虚构）</span>&lt;b&gt;' in code
    assert re.search(r'<textarea[^>]* lang="zh-Hans"[^>]*>停电', page)
    zh = hall.client.get(f"/cases/{case['case']}?lang=zh", headers={"Accept": "text/html"}).text
    assert "停电（虚构）&lt;b&gt;" in zh
