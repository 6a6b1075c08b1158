"""A city's real requests, driven through the API at their own times; the boards count what the file counts."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.actors import Role
from tests.api.office import Office, office
from tests.boston import DISTRICT, Request, in_time, make_jurisdiction, requests
from tests.shared_data import shared

FILE = "requests/boston311_2011h2_shared_6000.csv"
OPENED = ["case-logged", "whistle-blown", "case-assigned", "assignment-acknowledged", "lead-reported-in"]
CLOSED = [*OPENED, "result-reported", "verification-passed", "case-closed"]
PLEA = {"kind": "resident_need", "why": "a department's work", "tried": "looked at"}
DISPATCHER = (Role.DISPATCHER, DISTRICT)


@pytest.fixture(
    params=[
        pytest.param((60, "sqlite"), id="60 on SQLite"),
        pytest.param((1000, "sqlite"), id="1000 on SQLite", marks=pytest.mark.slow),
        pytest.param((1000, "postgresql"), id="1000 on PostgreSQL", marks=pytest.mark.slow),
    ]
)
def city(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Office, list[Request], dict[str, str]]]:
    count, engine = request.param
    rows = requests(shared(FILE), count)
    folder = make_jurisdiction(tmp_path / "boston", rows)
    url = request.getfixturevalue("postgres_url") if engine == "postgresql" else ""
    with office(tmp_path / "store", folder, url) as hall:
        yield hall, rows, driven(hall, rows)


def driven(hall: Office, rows: list[Request]) -> dict[str, str]:
    """Every request's life; which case it became."""
    cases: dict[str, dict[str, Any]] = {}
    for at, row, ends in in_time(rows):
        hall.time.now = at
        cases[row.id] = close(hall, row, cases[row.id]) if ends else begin(hall, row)
    return {row: case["case"] for row, case in cases.items()}


def begin(hall: Office, row: Request) -> dict[str, Any]:
    department = (Role.DEPARTMENT_CLERK, row.department)
    said = {"category": row.type, "place": f"{row.neighborhood}-g", "source": "hotline"}
    case: dict[str, Any] = hall.post((Role.HOTLINE, DISTRICT), "/cases", said).json()
    for who, path, form in (
        ((Role.STREET_LEADER, row.neighborhood), "whistles", {"plea": PLEA}),
        (DISPATCHER, "assignments", {"lead": row.department}),
        (department, f"assignments/{row.department}/acknowledgement", {}),
        (department, f"assignments/{row.department}/report-in", {"on_the_spot": True}),
    ):
        case = go_on(hall, who, case, path, form)
    return case


def close(hall: Office, row: Request, case: dict[str, Any]) -> dict[str, Any]:
    for who, path, form in (
        ((Role.DEPARTMENT_CLERK, row.department), "result", {"done": "done", "reply": "done"}),
        ((Role.GRID_WORKER, f"{row.neighborhood}-g"), "verification", {"passed": True}),
        ((Role.STREET_CLERK, row.neighborhood), "closure", {"outcome": "solved"}),
    ):
        case = go_on(hall, who, case, path, form)
    return case


def go_on(hall: Office, who: tuple[Role, str], case: dict[str, Any], path: str, form: Any) -> dict[str, Any]:
    answer = hall.post(who, f"/cases/{case['case']}/{path}", form, seen=case["version"])
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_boards_count_what_the_file_counts(city: tuple[Office, list[Request], dict[str, str]]) -> None:
    hall, rows, cases = city
    hall.whole.boards.wait_for(hall.whole.boards.head(), patience=60)
    phase = {row.id: "resolved" if row.closed else "assigned" for row in rows}
    for department in {row.department for row in rows}:
        wanted = Counter(phase[row.id] for row in rows if row.department == department)
        board = hall.get((Role.DEPARTMENT_CLERK, department), f"/boards/departments/{department}").json()["board"]
        assert board["phases"] == wanted, department
    for place in {row.neighborhood for row in rows}:
        wanted = Counter(phase[row.id] for row in rows if row.neighborhood == place)
        board = hall.get((Role.STREET_CLERK, place), f"/boards/streets/{place}").json()["board"]
        assert board["phases"] == wanted, place
    assert by_category(hall) == Counter(row.type for row in rows)
    assert len(set(cases.values())) == len(rows)
    for row in rows:
        history = hall.get(DISPATCHER, f"/cases/{cases[row.id]}/history").json()
        assert [entry["event"] for entry in history] == (CLOSED if row.closed else OPENED)
        assert [entry["version"] for entry in history] == list(range(1, len(history) + 1))


def by_category(hall: Office) -> Counter[str]:
    """Cases by category, from the pages of the list."""
    found: Counter[str] = Counter()
    before = 0
    while True:
        page = hall.get(DISPATCHER, "/cases", limit=200, before=before).json()
        found.update(case["category"] for case in page["cases"])
        before = page["next"]
        if not before:
            return found
