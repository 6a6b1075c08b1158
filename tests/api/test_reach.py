"""Which cases exist for whom: the same in lists, boards and single cases."""

from domain.actors import Role
from tests.api.office import Office
from tests.api.people import (
    CLERK,
    DISPATCHER,
    DISTRICT,
    GRID,
    LEADER,
    PLEA,
    ROADS,
    STREET,
    WATER,
    WORKER,
    logged,
)

OUTSIDERS = (
    (Role.RESIDENT, ""),
    (Role.RESIDENT, DISTRICT),
    (Role.PARTNER, ""),
    (Role.PARTNER, "water"),
    (Role.STREET_CLERK, "540102003"),
    ROADS,
)


def seen_by(hall: Office, who: tuple[Role, str], case: dict[str, object]) -> tuple[bool, bool]:
    """Whether a case is in somebody's list, and whether it can be opened."""
    page = hall.get(who, "/cases", after=case["position"]).json()["cases"]
    opened = hall.get(who, f"/cases/{case['case']}").status_code
    assert opened in (200, 404)
    return case["case"] in {one["case"] for one in page}, opened == 200


def test_the_list_and_the_single_case_agree(hall: Office) -> None:
    at_the_street = hall.post(CLERK, "/cases", {"category": "0406", "place": STREET, "source": "counter"}).json()
    assert (at_the_street["place"]["community"], at_the_street["place"]["grid"]) == ("", "")
    case = hall.act(LEADER, logged(hall), "whistles", {"plea": PLEA})
    case = hall.act(DISPATCHER, case, "assignments", {"lead": "water"})
    for who in (WORKER, CLERK, LEADER, DISPATCHER, WATER):
        assert seen_by(hall, who, case) == (True, True), who
    for who in OUTSIDERS:
        assert seen_by(hall, who, case) == seen_by(hall, who, at_the_street) == (False, False), who
    assert seen_by(hall, WORKER, at_the_street) == (False, False)


def test_boards_are_for_those_of_the_place_the_district_and_the_department(hall: Office) -> None:
    boards = {f"/boards/streets/{STREET}", f"/boards/grids/{GRID}", "/boards/departments/water"}

    def open_to(who: tuple[Role, str]) -> set[str]:
        return {board for board in boards if hall.get(who, board).status_code == 200}

    assert open_to(DISPATCHER) == boards
    assert open_to(CLERK) == {f"/boards/streets/{STREET}", f"/boards/grids/{GRID}"}
    assert open_to(WORKER) == {f"/boards/grids/{GRID}"}
    assert open_to(WATER) == {"/boards/departments/water"}
    for who in OUTSIDERS:
        assert open_to(who) == set(), who


def test_who_i_am_says_what_i_may(hall: Office) -> None:
    seen = {who: hall.get(who, "/me").json()["may"] for who in (WORKER, WATER, (Role.ADMIN, DISTRICT))}
    assert seen[WORKER] == dict.fromkeys(("see_cases", "see_places", "see_photos", "see_words"), "there")
    assert seen[WATER] == dict.fromkeys(("see_cases", "see_departments", "see_photos", "see_words"), "assigned")
    assert seen[Role.ADMIN, DISTRICT] == dict.fromkeys(
        ("look_after_messages", "see_staff", "give_grants", "see_security_log"), "there"
    )


def test_who_may_log_but_not_look_gets_the_same_answer_twice(hall: Office) -> None:
    said = {"category": "0406", "place": GRID, "source": "web", "reporter": {"phone": "sealed"}}
    key = "3b241101-e2bb-4255-8caf-4136c566a962"
    first, again = (hall.post((Role.RESIDENT, ""), "/cases", said, key=key) for _ in range(2))
    assert (first.status_code, first.text) == (201, again.text) and first.json()["receipt"]
    assert hall.get((Role.RESIDENT, ""), f"/cases/{first.json()['case']}").status_code == 404
