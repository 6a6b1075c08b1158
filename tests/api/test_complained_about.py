"""A complaint about a unit over HTTP: nobody of that unit comes upon it, by no address, list, board, figure, search or export."""

import html
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.actors import Role
from domain.places import Path as Place
from tests.api.browsers import Person
from tests.api.office import Office, office
from tests.api.people import (
    CLERK,
    COMMUNITY,
    DISPATCHER,
    DISTRICT,
    GRID,
    HOTLINE,
    PLEA,
    ROADS,
    STREET,
    SUPERVISOR,
    WATER,
    WORKER,
)
from tests.api.test_permitted import UNITS, Row, answers, looks, rows
from tests.domain.test_permissions import Lies, allowed

CANARY = "zebra crossing"
ABOUT_THE_GRID = {"category": "0406", "place": GRID, "source": "hotline", "nature": "complaint", "against": GRID}
GRANTED, DISTRICT_S = {"granted": True}, "Chengguan District"
LAMP = {"code": "LD-002-01", "label": "a lamp"}
AUDITOR = (Role.AUDITOR, DISTRICT)


def complained(hall: Office, against: str) -> dict[str, Any]:
    """It is assigned to roads: somebody is at work on it."""
    said = {
        "category": "0406",
        "place": GRID,
        "source": "hotline",
        "nature": "complaint",
        "summary": f"{CANARY} <{against}>",
    }
    answer = hall.post(HOTLINE, "/cases", {**said, "against": against})
    assert answer.status_code == 201, answer.text
    whistles = SUPERVISOR if against == STREET else (Role.STREET_LEADER, STREET)
    case = hall.act(whistles, answer.json(), "whistles", {"plea": PLEA})
    return hall.act(DISPATCHER, case, "assignments", {"lead": "roads"})


Town = tuple[Office, dict[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A complaint about each: the street, a community, a grid, a department."""
    with office(tmp_path_factory.mktemp("complaints")) as opened:
        found = {against: complained(opened, against) for against in (STREET, COMMUNITY, GRID, "water")}
        opened.whole.boards.catch_up()
        yield opened, found


SEEN: dict[str, Lies] = {
    STREET: Lies((DISTRICT, "", "", ""), ("roads",), ""),
    COMMUNITY: Lies((DISTRICT, STREET, "", ""), ("roads",), ""),
    GRID: Lies((DISTRICT, STREET, COMMUNITY, ""), ("roads",), ""),
    "water": Lies((DISTRICT, STREET, COMMUNITY, GRID), ("roads",), ""),
}
OF_A_CASE = [row for row in rows() if row.of == "case" and row.needs == "see_cases"]


@pytest.mark.slow
@pytest.mark.parametrize("against", SEEN)
def test_only_those_above_it_and_whoever_was_assigned_see_it(town: Town, against: str) -> None:
    hall, case = town[0], town[1][against]
    said = {"case": case["case"], "wanted": case["number"], "number": case["number"]}
    for role in (role for role in Role if role is not Role.SYSTEM):
        for unit in UNITS:
            for row in OF_A_CASE:
                found = answers(looks(hall, row, said, (role, unit)))
                assert found is allowed(role.value, "see_cases", unit, SEEN[against]), (role, unit, row.path)


def pages(hall: Office, who: tuple[Role, str]) -> Iterator[tuple[str, str]]:
    """All that somebody can look at without naming a case."""
    for row in rows():
        if row.of not in ("case", "photo", "anywhere") and row.needs not in ("stream", "receipt", "open", "demo"):
            yield row.path, text(hall, row, who)


def text(hall: Office, row: Row, who: tuple[Role, str]) -> str:
    said = {
        "who": "x",
        "staff": "x",
        "form": "csv",
        "command": "AddNote",
        "photo": "x",
        "number": "x",
        "wanted": "x",
        "case": "x",
    }
    hall.time.goes_on(1)
    found = looks(hall, row, said, who)
    return found.text if answers(found) else ""


@pytest.mark.parametrize(
    ("against", "who"),
    [
        (STREET, CLERK), (STREET, (Role.COMMUNITY, COMMUNITY)), (STREET, WORKER), (COMMUNITY, (Role.COMMUNITY, COMMUNITY)),
        (COMMUNITY, WORKER), (GRID, WORKER), ("water", WATER),
    ],
)  # fmt: skip
def test_nobody_of_the_unit_comes_upon_it(town: Town, against: str, who: tuple[Role, str]) -> None:
    hall, case = town[0], town[1][against]
    for path, shown in pages(hall, who):
        assert case["case"] not in shown and f"<{against}>" not in html.unescape(shown), path
        assert case["number"] not in shown, path
    for asked in ({"words": CANARY}, {"about": against}, {"number": case["number"]}, {"street": STREET}):
        assert case["case"] not in str(hall.get(who, "/cases", **asked).json())


def test_those_above_do(town: Town) -> None:
    hall, found = town
    numbers = {against: case["number"] for against, case in found.items()}
    for who, seen in {
        SUPERVISOR: {STREET, COMMUNITY, GRID, "water"},
        AUDITOR: {STREET, COMMUNITY, GRID, "water"},
        CLERK: {COMMUNITY, GRID, "water"},
        (Role.COMMUNITY, COMMUNITY): {GRID, "water"},
        WORKER: {"water"},
        ROADS: {STREET, COMMUNITY, GRID, "water"},
    }.items():
        listed = {line["number"] for line in hall.get(who, "/cases", words=CANARY).json()["cases"]}
        assert listed == {numbers[against] for against in seen}, who
    shown = hall.get(SUPERVISOR, f"/cases/{found[STREET]['case']}").json()
    assert shown["place"]["grid"] == GRID  # who sees it sees where it is


def test_a_case_that_stayed_in_the_unit_s_sight_would_be_found(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seeded fault leaves the place as it was."""
    monkeypatch.setattr(Place, "above", lambda self, _code: self)
    with pytest.raises(AssertionError):
        test_only_those_above_it_and_whoever_was_assigned_see_it(town, STREET)


def test_once_two_have_lifted_it_whoever_works_there_sees_it(tmp_path: Path) -> None:
    with office(tmp_path) as hall:
        case = hall.post(HOTLINE, "/cases", {**ABOUT_THE_GRID, "summary": CANARY}).json()
        address = f"/cases/{case['case']}"
        asked = hall.act(DISPATCHER, case, "requests/lifting", {"reason": "it is heard in public"})
        assert hall.post(DISPATCHER, f"{address}/requests/1/decision", GRANTED, seen=2).status_code == 403
        hall.whole.boards.catch_up()
        assert (hall.get(WORKER, address).status_code, hall.get(WORKER, "/cases").json()["cases"]) == (404, [])
        lifted = hall.act(SUPERVISOR, asked, "requests/1/decision", GRANTED)
        hall.whole.boards.wait_for(lifted["position"])
        assert hall.get(WORKER, address).status_code == 200
        assert [one["case"] for one in hall.get(WORKER, "/cases").json()["cases"]] == [case["case"]]
        said = f"{DISTRICT_S} asked to lift the restriction: it is heard in public"
        assert said in html.unescape(Person(hall, CLERK).goes_to(f"/cases/{case['number']}").page)
