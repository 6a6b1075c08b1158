"""Every bad input gets a problem in the caller's language, and nothing is half-done."""

from uuid import uuid4

import pytest

from api.problems import SENTENCES
from api.resources import BY_COMMAND, DRAWN
from domain.actors import Role
from domain.commands import COMMANDS, CarryOver, LogCase, ShowPrivate
from tests.api.office import Office
from tests.api.people import CLERK, DISPATCHER, GRID, LEADER, PLEA, WATER, WORKER, logged
from tests.granted import of_cases
from workflow.flow import CASE_MOVES
from workflow.who import the_system

OTHER_CLERK = (Role.STREET_CLERK, "540102003")


def test_a_refusal_says_who_and_what_is_possible_in_both_languages(hall: Office) -> None:
    case = hall.act(LEADER, logged(hall), "whistles", {"plea": PLEA})
    path = f"/api/v1/cases/{case['case']}/assignments"
    for language, words in (
        ("zh", "仅区派遣员可派单。"),
        ("en", "Only the district dispatcher can assign departments."),
    ):
        more = {"Idempotency-Key": str(uuid4()), "If-Match": '"2"', "Accept-Language": language}
        answer = hall.client.post(path, json={"lead": "water"}, headers={**hall.headers(LEADER), **more})
        problem = answer.json()
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"
        assert (problem["type"], problem["title"]) == ("/problems/only_the_dispatcher", words)
        assert "AssignCase" in {move["command"] for move in problem["possible"]}


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"category": "9999", "place": GRID, "source": "patrol"}, 422, "no_such_category"),
        ({"category": "01", "place": GRID, "source": "patrol"}, 422, "a_category_with_parts"),
        ({"category": "0406", "place": "9", "source": "patrol"}, 422, "no_such_place"),
        ({"category": "0406", "place": GRID, "source": "rumour"}, 422, "bad_content"),
        ({"category": "0406", "place": GRID, "source": "patrol", "colour": "red"}, 422, "bad_content"),
        ({"category": "0406", "place": GRID}, 422, "bad_content"),
        ({"category": 406, "place": GRID, "source": "patrol"}, 422, "bad_content"),
        ({"category": "0406", "place": GRID, "source": "patrol", "occurred_at": "2126-01-01T00:00:00Z"}, 422, "not_in_the_future"),
        ({"category": "0406", "place": GRID, "source": "patrol", "about": {"code": "x", "label": "y"}}, 422, "not_in_a_register"),
        ({"category": "0406", "place": "540102003001001", "source": "patrol"}, 403, "only_the_neighbourhood_or_the_hotline_or_a_resident_or_a_partner"),
    ],
)  # fmt: skip
def test_what_is_said_wrong_is_named(hall: Office, said: dict[str, object], status: int, code: str) -> None:
    answer = hall.post(WORKER, "/cases", said)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert of_cases(hall.whole) == 0


def test_what_cannot_be_read(hall: Office) -> None:
    headers = hall.headers(WORKER, **{"Idempotency-Key": str(uuid4())})
    bad = hall.client.post("/api/v1/cases", content=b"{", headers={**headers, "Content-Type": "application/json"})
    assert (bad.status_code, bad.json()["code"]) == (400, "bad_json")
    large = hall.client.post(
        "/api/v1/cases", content=b'"' + b"x" * 1_100_000 + b'"', headers={**headers, "Content-Type": "application/json"}
    )
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    half = b'{"category": "0406", "place": "540102002001001", "source": "patrol", "narrative": "\\ud800"}'
    torn = hall.client.post("/api/v1/cases", content=half, headers={**headers, "Content-Type": "application/json"})
    assert torn.status_code in (400, 422) and torn.json()["code"] in ("bad_content", "words_not_text", "bad_json")
    assert hall.client.put("/api/v1/cases", headers=headers).json()["code"] == "method_not_allowed"
    assert hall.client.get("/api/v1/nowhere", headers=headers).json()["code"] == "no_such_thing"


def test_who_is_not_known(hall: Office) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        answer = hall.client.get("/api/v1/cases", headers=headers)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    for open_to_all in ("/healthz", "/readyz", "/", "/openapi.json", "/docs"):
        assert hall.client.get(open_to_all).status_code == 200, open_to_all
    assert hall.client.get("/metrics").status_code == 401


def test_another_street_s_case_does_not_exist(hall: Office) -> None:
    case = logged(hall)
    for path in ("", "/history", "/deadlines"):
        assert hall.get(OTHER_CLERK, f"/cases/{case['case']}{path}").status_code == 404
    assert hall.post(OTHER_CLERK, f"/cases/{case['case']}/urges", seen=1).status_code == 404
    assert hall.get(OTHER_CLERK, "/cases", after=case["position"]).json()["cases"] == []
    assert hall.get(WATER, f"/cases/{case['case']}").status_code == 404
    assert hall.get(OTHER_CLERK, "/boards/streets/540102002").status_code == 404
    assert hall.get(CLERK, "/boards/streets/540102002").status_code == 200


def test_another_unit_s_part_is_not_signed(hall: Office) -> None:
    case = hall.act(LEADER, logged(hall), "whistles", {"plea": PLEA})
    case = hall.act(DISPATCHER, case, "assignments", {"lead": "water", "support": ["roads"]})
    answer = hall.post(WATER, f"/cases/{case['case']}/assignments/roads/acknowledgement", {}, seen=case["version"])
    assert (answer.status_code, answer.json()["code"]) == (403, "another_s_part")


def test_every_command_has_its_address() -> None:
    """All but those that only time gives, the two that begin a case, and looks, which change nothing of it."""
    only_time = {m.command for m in CASE_MOVES} - {m.command for m in CASE_MOVES if set(m.who) - {the_system}}
    assert set(COMMANDS) - {*BY_COMMAND, *DRAWN} == only_time | {LogCase, CarryOver, ShowPrivate}


def test_every_problem_has_its_words() -> None:
    for status, (zh, en) in SENTENCES.values():
        assert 400 <= status < 600 and zh and en


def test_a_receipt_and_words_are_nowhere_in_answers(hall: Office) -> None:
    said = {
        "category": "0406",
        "place": GRID,
        "source": "hotline",
        "narrative": "canary one",
        "reporter": {"name": "canary two"},
    }
    case = hall.post((Role.HOTLINE, "540102"), "/cases", said).json()
    noted = hall.post(CLERK, f"/cases/{case['case']}/notes", {"text": "canary three"}, seen=1)
    texts = [noted.text] + [
        hall.get(CLERK, f"/cases/{case['case']}{path}").text for path in ("", "/history", "/deadlines")
    ]
    texts.append(hall.get(CLERK, "/cases", after=2).text)
    assert all("canary" not in text and "token" not in text and case["receipt"] not in text for text in texts)
