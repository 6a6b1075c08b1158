"""What no honest form sends: refused in words, never a 500, and the boards go on for everybody else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from domain.actors import Role
from tests.api.office import Office, office
from tests.api.people import (
    CLERK,
    DISPATCHER,
    DISTRICT,
    GRID,
    LEADER,
    PLEA,
    STREET,
    WATER,
    WORKER,
    logged,
)
from tests.granted import of_cases

PARTNER = (Role.PARTNER, DISTRICT)
SAID = {"category": "0406", "place": GRID, "source": "patrol"}
CARRIED = {
    "state": "assigned",
    "category": "0406",
    "place": GRID,
    "source": "partner",
    "department": "water",
    "opened": "2026-01-05T09:00:00Z",
}
EDGES = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1899-12-31T23:00:00Z", "2200-01-01T00:00:00Z")


@pytest.fixture(params=["sqlite", "postgresql"])
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    with office(tmp_path, url=url) as opened:
        yield opened


def fields_at_fault(hall: Office, who: tuple[Role, str], path: str, said: Any, seen: int | None = None) -> list[str]:
    """The fields that a 422 names."""
    answer = hall.post(who, path, said, seen=seen)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_content"), answer.text
    assert all(error["what"] for error in answer.json()["errors"])
    return [error["where"][-1] for error in answer.json()["errors"]]


def test_control_characters_reach_neither_log_nor_boards(hall: Office) -> None:
    """One NUL in a summary would stop PostgreSQL's boards for good: it cannot be stored, and the log keeps it."""
    for character in ("\x00", "\x1b", "\x7f"):
        assert fields_at_fault(hall, WORKER, "/cases", {**SAID, "summary": f"a{character}b"}) == ["summary"]
    assert of_cases(hall.whole) == 0
    case = hall.act(LEADER, logged(hall, summary="tab\tand\nline"), "whistles", {"plea": PLEA})
    plea = {"plea": {**PLEA, "why": "\x00"}}
    assert fields_at_fault(hall, LEADER, f"/cases/{case['case']}/whistles", plea, case["version"]) == ["why"]
    for path, more in (("/cases", {"street": "\x00"}), ("/cases", {"number": "\x00"}), ("/boards/streets/%00", {})):
        assert hall.get(WORKER, path, **more).status_code == 422
    board = hall.get(CLERK, f"/boards/streets/{STREET}", after=case["position"]).json()["board"]
    assert board["whistled"][0]["summary"] == "tab\tand\nline"


@pytest.mark.parametrize("edge", EDGES)
def test_moments_at_the_edge_of_the_calendar(hall: Office, edge: str) -> None:
    """In another zone they are outside of it: such a case could be told by nobody."""
    assert fields_at_fault(hall, WORKER, "/cases", {**SAID, "occurred_at": edge}) == ["occurred_at"]
    for field in ("opened", "due", "resolved"):
        assert fields_at_fault(hall, PARTNER, "/carried-over-cases", {**CARRIED, field: edge}) == [field]
    assert of_cases(hall.whole) == 0


def test_the_furthest_moments_that_are_taken_can_be_read_and_told(hall: Office) -> None:
    for more in ({"opened": "1900-01-02T00:00:00+14:00"}, {"due": "2199-12-30T00:00:00-12:00"}):
        case = hall.post(PARTNER, "/carried-over-cases", {**CARRIED, **more}).json()
        for path in ("", "/history", "/deadlines"):
            assert hall.get(DISPATCHER, f"/cases/{case['case']}{path}").status_code == 200
        board = hall.get(WATER, "/boards/departments/water", after=case["position"]).json()["board"]
        assert case["case"] in {
            duty["case"] for duties in board.values() if isinstance(duties, list) for duty in duties
        }


@pytest.mark.parametrize("by", ["10001 days", "99999999 working days", f"{'9' * 90} hours", "0.0000001 days", "0 days", "5 moons"])  # fmt: skip
def test_limits_without_measure(hall: Office, by: str) -> None:
    case = hall.act(LEADER, logged(hall), "whistles", {"plea": PLEA})
    case = hall.act(DISPATCHER, case, "assignments", {"lead": "water"})
    case = hall.act(WATER, case, "assignments/water/report-in", {"on_the_spot": True})
    path = f"/cases/{case['case']}/requests/extension"
    assert fields_at_fault(hall, WATER, path, {"by": by, "reason": "x"}, case["version"]) == ["by"]
    much = hall.post(WATER, path, {"by": "10000 working days", "reason": "x"}, seen=case["version"])
    assert (much.status_code, much.json()["code"]) == (422, "too_long_an_extension")


def test_what_is_not_json(hall: Office) -> None:
    def code(content: bytes, kind: str | None = "application/json") -> tuple[int, str]:
        more = {"Content-Type": kind} if kind else {}
        headers = hall.headers(WORKER, **{"Idempotency-Key": str(uuid4()), **more})
        answer = hall.client.post("/api/v1/cases", content=content, headers=headers)
        return answer.status_code, answer.json()["code"]

    body = b'{"category": "0406", "place": "%s", "source": "patrol"}' % GRID.encode()
    assert [code(body, kind) for kind in ("text/plain", "text/json", None)] == [(415, "not_json")] * 3
    assert code(b"[" * 100_000) == (400, "bad_json")
    assert code(b'{"category": %s}' % (b"9" * 6000)) == (400, "bad_json")
    assert code(b'{"category": "\xff"}') == (400, "bad_json")
    assert of_cases(hall.whole) == 0


def test_fields_are_named_in_both_languages(hall: Office) -> None:
    for language, needed in (("zh", "必填。"), ("en", "It is needed.")):
        more = {"Idempotency-Key": str(uuid4()), "Accept-Language": language}
        answer = hall.client.post(
            "/api/v1/cases", json={"category": "0406", "place": GRID}, headers={**hall.headers(WORKER), **more}
        )
        assert answer.json()["errors"] == [{"where": ["body", "source"], "what": needed}]


def test_what_was_sent_is_not_sent_back(hall: Office) -> None:
    said = {**SAID, "narrative": "canary " + "x" * 4000, "reporter": {"name": ["canary"], "phone": 13900000000}}
    answer = hall.post(WORKER, "/cases", said)
    assert answer.status_code == 422 and "canary" not in answer.text and "139" not in answer.text
