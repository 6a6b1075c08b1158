"""A command sent twice has one effect and one answer; of two on one version, one wins."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from domain.actors import Role
from tests.api.office import Office, office
from tests.api.people import CLERK, GRID, HOTLINE, LEADER, PLEA, WORKER, logged
from tests.granted import of_cases

SAID = {"category": "0406", "place": GRID, "source": "patrol"}


@pytest.fixture(params=["sqlite", "postgresql"])
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    with office(tmp_path, url=url) as opened:
        yield opened


def test_one_key_eight_times_in_parallel_is_one_case(hall: Office) -> None:
    hall.token(*WORKER)
    key = str(uuid4())
    with ThreadPoolExecutor(8) as people:
        answers = list(people.map(lambda _: hall.post(WORKER, "/cases", SAID, key=key), range(8)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"still_running"}
    again = hall.post(WORKER, "/cases", SAID, key=key)
    assert {answer.text for answer in answers if answer.status_code == 201} == {again.text}
    assert of_cases(hall.whole) == 1


def test_the_same_answer_with_the_receipt_again(hall: Office) -> None:
    said = {**SAID, "source": "hotline", "reporter": {"name": "canary"}}
    key = str(uuid4())
    first, second = hall.post(HOTLINE, "/cases", said, key=key), hall.post(HOTLINE, "/cases", said, key=key)
    assert first.json()["receipt"] and first.text == second.text
    assert first.headers["ETag"] == second.headers["ETag"] == '"1"'


def test_the_same_key_for_another_body_is_refused(hall: Office) -> None:
    key = str(uuid4())
    hall.post(WORKER, "/cases", SAID, key=key)
    other = hall.post(WORKER, "/cases", {**SAID, "summary": "another"}, key=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_of_another")


def test_the_same_key_of_somebody_else_is_theirs(hall: Office) -> None:
    key = str(uuid4())
    mine, theirs = hall.post(WORKER, "/cases", SAID, key=key), hall.post(CLERK, "/cases", SAID, key=key)
    assert mine.json()["case"] != theirs.json()["case"]


def test_a_refusal_is_not_kept_under_its_key(hall: Office) -> None:
    case, key = logged(hall), str(uuid4())
    path = f"/cases/{case['case']}/whistles"
    refused = hall.post(CLERK, path, {"plea": PLEA}, seen=1, key=key)
    assert refused.status_code == 403
    assert hall.post(LEADER, path, {"plea": PLEA}, seen=1, key=key).status_code == 201


def test_a_repeated_command_is_answered_as_it_was_though_the_case_went_on(hall: Office) -> None:
    case, key = logged(hall), str(uuid4())
    path = f"/cases/{case['case']}/whistles"
    first = hall.post(LEADER, path, {"plea": PLEA}, seen=1, key=key)
    hall.act(LEADER, first.json(), "whistles/withdrawal", {"reason": "solved"})
    again = hall.post(LEADER, path, {"plea": PLEA}, seen=1, key=key)
    assert (again.status_code, again.json()["state"]) == (201, "escalated")
    assert (again.json()["version"], again.json()["position"]) == (2, first.json()["position"])


def test_of_two_on_one_version_one_wins(hall: Office) -> None:
    case = logged(hall)
    hall.token(*LEADER), hall.token(*WORKER)
    commands = [(LEADER, "whistles", {"plea": PLEA}), (WORKER, "handling", {})] * 4

    def give(command: tuple[tuple[Role, str], str, object]) -> tuple[int, str]:
        answer = hall.post(command[0], f"/cases/{case['case']}/{command[1]}", command[2], seen=1)
        return answer.status_code, answer.json().get("code", "")

    with ThreadPoolExecutor(8) as people:
        answers = list(people.map(give, commands))
    assert [status for status, _ in answers].count(201) == 1
    assert {code for status, code in answers if status != 201} == {"stale"}


def test_who_is_stale_is_shown_the_case_as_it_stands(hall: Office) -> None:
    case = logged(hall)
    hall.act(LEADER, case, "whistles", {"plea": PLEA})
    late = hall.post(WORKER, f"/cases/{case['case']}/handling", {}, seen=1)
    assert (late.status_code, late.json()["current"]["state"]) == (412, "escalated")


def test_what_is_quiet_does_not_make_anybody_stale(hall: Office) -> None:
    case = logged(hall)
    hall.act(CLERK, case, "urges")
    assert hall.post(LEADER, f"/cases/{case['case']}/whistles", {"plea": PLEA}, seen=1).status_code == 201


def test_without_a_version_or_a_key(hall: Office) -> None:
    case = logged(hall)
    path = f"/api/v1/cases/{case['case']}/handling"
    no_version = hall.client.post(path, json={}, headers=hall.headers(WORKER, **{"Idempotency-Key": str(uuid4())}))
    assert (no_version.status_code, no_version.json()["code"]) == (428, "version_missing")
    no_key = hall.client.post(path, json={}, headers=hall.headers(WORKER, **{"If-Match": '"1"'}))
    assert (no_key.status_code, no_key.json()["code"]) == (400, "key_missing")
    wrong = hall.headers(WORKER, **{"If-Match": "yesterday", "Idempotency-Key": str(uuid4())})
    assert hall.client.post(path, json={}, headers=wrong).json()["code"] == "bad_version"
    ahead = hall.post(WORKER, f"/cases/{case['case']}/handling", {}, seen=9)
    assert ahead.status_code == 412
