"""The process map: the same ways on the page, by API and in the drawing; a planted step is loud; bounded, and within reach."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from api import walking
from api.pages import ways_drawn
from api.pages.ways_drawn import BOX, LANE, ROW, WIDE, drawn
from domain.actors import Actor, Role
from domain.entries import Entry
from domain.events import CaseClosed
from domain.states import Outcome
from tests.api.browsers import Person
from tests.api.office import Office, office
from tests.api.people import CLERK, DISTRICT, LEADER, PLEA, ROADS, STREET, SUPERVISOR, WATER, WORKER, at_work, logged
from workflow.ways import Stop, Way, Ways


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(tmp_path_factory.mktemp("process")) as opened:
        opened.act(WATER, at_work(opened), "result", {"done": "d", "reply": "r"})
        at_work(opened, source="home_visit")
        opened.act(LEADER, logged(opened, category="0102"), "whistles", {"plea": PLEA})
        planted(opened, logged(opened))
        opened.whole.boards.catch_up()
        yield opened


def planted(hall: Office, case: dict[str, Any]) -> None:
    """A step past the tables, written to the store by hand."""
    actor = Actor("clerk", Role.STREET_CLERK, STREET)
    entry = Entry(
        case=UUID(case["case"]), version=2, event=CaseClosed(Outcome.SOLVED), actor=actor, recorded_at=hall.time.now, command=uuid4()
    )  # fmt: skip
    hall.whole.casework.save(entry, recorded_at=hall.time.now, told=lambda _: None)


def found(
    hall: Office, who: tuple[Role, str] = SUPERVISOR, path: str = f"districts/{DISTRICT}", **said: Any
) -> dict[str, Any]:
    answer = hall.get(who, f"/boards/{path}/process", **said)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_the_ways_of_the_district(hall: Office) -> None:
    told = found(hall)
    ways = {(way["before"], way["after"]): way for way in told["ways"]}
    assert (told["cases"], told["left_out"], told["variants_count"]) == (4, 0, 4)
    assert ways["case-logged", "whistle-blown"]["n"] == 3 and ways["case-assigned", "lead-reported-in"]["n"] == 2
    assert ways["case-logged", "whistle-blown"]["median"] == 3600 and ways["case-logged", "whistle-blown"]["known"]
    assert sum(way["n"] for way in told["ways"]) == told["steps"] - told["cases"]
    every = found(hall, every=True)
    assert every["steps"] > told["steps"] and "assignment-acknowledged" in {stop["activity"] for stop in every["stops"]}


def test_the_planted_step_is_loud(hall: Office) -> None:
    told = found(hall)
    assert told["strange_count"] == 1 and told["strange"][0] | {"case": ""} == {
        "case": "", "activity": "case-closed", "before": "logged", "after": "closed",
    }  # fmt: skip
    assert [(way["before"], way["after"]) for way in told["ways"] if not way["known"]] == [
        ("case-logged", "case-closed")
    ]
    page = Person(hall, SUPERVISOR).goes_to("/boards/district/process").page
    assert "Steps that the tables do not know: 1" in page and f'href="/cases/{told["strange"][0]["case"]}"' in page
    assert "⚠ 1" in page and "not in the tables" in page and "strange-way" in page
    water = Person(hall, WATER).goes_to("/boards/departments/water/process").page
    assert "Every step is one that the tables of moves know." in water and "strange-way" not in water


def test_filters_and_reach(hall: Office) -> None:
    assert found(hall, category="0102")["cases"] == 1 and found(hall, source="home_visit")["cases"] == 1
    assert found(hall, WATER, "departments/water")["cases"] == 2
    assert found(hall, LEADER, f"streets/{STREET}")["cases"] == 4
    hall.time.now += timedelta(days=40)
    assert (found(hall, days=30)["cases"], found(hall, days=0)["cases"]) == (0, 4)
    hall.time.now -= timedelta(days=40)
    for who, path in [
        (CLERK, f"districts/{DISTRICT}"), (ROADS, "departments/water"), (WATER, f"streets/{STREET}"), (LEADER, "streets/540102003"),
        (WORKER, f"streets/{STREET}"), (SUPERVISOR, f"streets/{DISTRICT}"), (SUPERVISOR, "departments/nobody"), ((Role.RESIDENT, ""), f"streets/{STREET}"),
    ]:  # fmt: skip
        answer = hall.get(who, f"/boards/{path}/process")
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_board"), path
        page = path.replace(f"districts/{DISTRICT}", "district")
        assert Person(hall, who).goes_to(f"/boards/{page}/process").status == 404
    assert hall.get(SUPERVISOR, f"/boards/districts/{DISTRICT}/process", days=-1).json()["code"] == "bad_content"
    page = Person(hall, SUPERVISOR).goes_to("/boards/district/process?category=none&source=none&steps=every&days=0")
    assert page.status == 200 and "acknowledged" in page.page


def test_what_is_left_out_is_said(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "MOST", 3)
    told = found(hall)
    assert (told["cases"], told["left_out"]) == (3, 1)
    assert (
        "these are the newest 3; 1 older ones are left out"
        in Person(hall, SUPERVISOR).goes_to("/boards/district/process").page
    )


def test_an_empty_map_says_so(hall: Office) -> None:
    assert (
        "No case meets these filters." in Person(hall, SUPERVISOR).goes_to("/boards/district/process?source=web").page
    )


# --- the drawing


def drawing(*pairs: tuple[str, str], most: int = 30) -> Any:
    names = list(dict.fromkeys(name for pair in pairs for name in pair))
    ways = tuple(Way(*pair, 100 - n, 60.0, 0) for n, pair in enumerate(pairs))
    return drawn(Ways(1, 1, tuple(Stop(name, 1, 0, 0, 0) for name in names), ways, (), 0, (), 0))


def test_no_two_ways_share_a_piece_of_a_lane_and_no_label_another_s_place() -> None:
    names = (
        "case-logged",
        "handling-begun",
        "case-referred-up",
        "whistle-blown",
        "case-assigned",
        "result-reported",
        "case-closed",
    )
    sheet = drawing(*((one, other) for one in names for other in names))
    assert len(sheet.lines) + sheet.left_out == 49
    bent = [line for line in sheet.lines if not line.straight]
    labels = [(line.x, line.y) for line in sheet.lines]
    assert len(set(labels)) == len(labels)
    for line in bent:
        assert (line.x < sheet.boxes[0].x) != (line.x > sheet.boxes[0].x + WIDE) and 0 < line.x < sheet.width
        assert BOX <= line.y % ROW <= ROW  # between two rows
    rows = {box.stop.activity: box.y // ROW for box in sheet.boxes}
    taken: dict[int, list[tuple[int, int]]] = {}
    for line in bent:
        one, other = sorted((rows[line.way.before], rows[line.way.after]))
        assert all(other < begin or end < one for begin, end in taken.get(line.x, []))
        taken.setdefault(line.x, []).append((one, other))
    assert all(right - left >= LANE for left, right in zip(sorted(taken), sorted(taken)[1:], strict=False))


def test_straight_on_down_ahead_right_back_left() -> None:
    sheet = drawing(
        ("case-logged", "handling-begun"), ("handling-begun", "result-reported"), ("case-logged", "result-reported"),
        ("result-reported", "case-logged"), ("handling-begun", "handling-begun"),
    )  # fmt: skip
    by = {(line.way.before, line.way.after): line for line in sheet.lines}
    left = sheet.boxes[0].x
    assert by["case-logged", "handling-begun"].straight and by["handling-begun", "result-reported"].straight
    assert by["case-logged", "result-reported"].x > left + WIDE
    assert by["result-reported", "case-logged"].x < left and by["handling-begun", "handling-begun"].x < left


def test_rare_ways_are_in_the_table_only_but_never_a_strange_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways_drawn, "MOST", 1)
    sheet = drawing(
        ("case-logged", "handling-begun"), ("handling-begun", "result-reported"), ("case-logged", "case-closed")
    )
    assert [(line.way.before, line.way.after) for line in sheet.lines] == [
        ("case-logged", "case-closed"),
        ("case-logged", "handling-begun"),
    ]
    assert sheet.left_out == 1
