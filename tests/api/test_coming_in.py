"""Accounts of our own, and offices: on the pages as people use them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.throttles import Rate
from api import rates
from api.metrics import REGISTRY
from domain.actors import Actor, Role
from domain.staff import EndGrant
from tests.api.accounts import OURS, PASSWORD, account
from tests.api.browsers import Markup
from tests.api.office import Office, office
from tests.api.people import CLERK, DISTRICT, LEADER, STREET, WORKER
from tests.granted import made_a_demo

BOTH = (CLERK, LEADER)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "store") as opened:
        yield opened


def is_in(hall: Office) -> bool:
    return hall.client.get("/boards", headers=OURS, follow_redirects=False).status_code == 200


def tries(hall: Office, name: str = "post-1", password: str = "wrong", code: str = "123456") -> int:  # noqa: S107 - it is none
    said = {"name": name, "password": password, "code": code}
    return hall.client.post("/sign-in/local", data=said, headers=OURS, follow_redirects=False).status_code


def test_what_is_wrong_is_not_told(hall: Office) -> None:
    somebody = account(hall, CLERK)
    pages = [
        somebody.signs_in(**wrong).text
        for wrong in ({"name": "nobody"}, {"password": "wrong"}, {"code": "000000"}, {"name": "", "password": ""})
    ]
    assert len(set(pages)) == 1 and "is not right" in pages[0] and Markup(pages[0]).faults == []
    assert PASSWORD not in pages[0] and not is_in(hall)
    assert somebody.signs_in().status_code == 200 and is_in(hall)


def test_a_code_is_good_once(hall: Office) -> None:
    somebody = account(hall, CLERK)
    somebody.signs_in()
    code = somebody.code
    hall.client.cookies.clear()
    assert tries(hall, password=PASSWORD, code=code) == 403
    hall.time.goes_on(1 / 100)
    assert tries(hall, password=PASSWORD, code=somebody.code) == 303


def test_who_tries_a_name_again_and_again_is_slowed_down_and_others_are_not(hall: Office) -> None:
    somebody, other = account(hall, CLERK), account(hall, LEADER, name="post-2")
    each = rates.RATES["login"].times
    assert [tries(hall) for _ in range(each + 2)] == [403] * each + [429] * 2
    assert tries(hall, password=PASSWORD, code=somebody.code) == 429  # the right one too: whoever guesses is not told
    assert other.signs_in().status_code == 200
    hall.time.goes_on(1)
    assert somebody.signs_in().status_code == 200


def test_a_name_that_is_written_otherwise_is_the_same_name(hall: Office) -> None:
    account(hall, CLERK)
    each = rates.RATES["login"].times
    for n in range(each):
        assert tries(hall, name=("post-1", " POST-1 ", "post\u200b-1", "po\x00st-1")[n % 4]) == 403
    assert [tries(hall, name=name) for name in ("post-1", "p\u200bost-1", "Post-1\x07")] == [429] * 3


def test_what_happens_at_the_door_is_counted(hall: Office) -> None:
    def counted(happening: str, way: str) -> float:
        return REGISTRY.get_sample_value("whistle_doors_total", {"happening": happening, "way": way}) or 0

    said = (
        ("came_in", "local"),
        ("refused", "local"),
        ("signed_out", "office"),
        ("came_in", "office"),
        ("throttled", "local"),
    )
    before = [counted(*one) for one in said]
    somebody = account(hall, *BOTH, staff="both")
    tries(hall)
    somebody.signs_in()
    takes(hall, CLERK)
    hall.client.post("/sign-out", headers=OURS)
    for _ in range(rates.RATES["login"].times):
        tries(hall)
    after = [counted(*one) for one in said]
    assert [b - a for a, b in zip(before, after, strict=True)] == [1, 1 + rates.RATES["login"].times - 2, 1, 1, 2]


def test_who_tries_many_names_is_slowed_down(hall: Office) -> None:
    account(hall, CLERK)
    each = rates.RATES["no login"].times
    assert [tries(hall, name=f"n{n}") for n in range(each + 2)] == [403] * each + [429] * 2


def test_names_that_nobody_has_are_slowed_down_alike(hall: Office) -> None:
    account(hall, CLERK)
    each = rates.RATES["login"].times
    assert [tries(hall, name="nobody") for _ in range(each + 1)] == [403] * each + [429]


def test_from_many_addresses_a_name_is_tried_only_so_often_in_a_day(
    hall: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    account(hall, CLERK)
    monkeypatch.setitem(rates.RATES, "login of anybody", Rate(3, rates.DAY))
    assert [tries(hall) for _ in range(4)] == [403] * 3 + [429]


def test_a_login_that_is_disabled_is_refused_and_its_sessions_end(hall: Office) -> None:
    somebody = account(hall, CLERK)
    somebody.signs_in()
    hall.whole.sessions.end_of(hall.whole.logins.disable("post-1", hall.time.now))  # as the command line does
    assert not is_in(hall)
    assert somebody.signs_in().status_code == 403 and not is_in(hall)


def test_nobody_comes_in_over_a_plain_connection(hall: Office) -> None:
    somebody = account(hall, CLERK)
    answer = somebody.signs_in("http://whistle.city.example")
    assert answer.status_code == 403 and "not encrypted" in answer.text and "set-cookie" not in answer.headers
    for host in ("http://127.0.0.1:8000", "http://[::1]", "https://whistle.city.example"):
        assert somebody.signs_in(host, follow_redirects=False).status_code == 303, host


def test_nobody_steps_into_a_demo_by_another_name_of_this_machine(hall: Office) -> None:
    """A site whose name leads to loopback (DNS rebinding) is no page of ours."""
    made_a_demo(hall.whole, hall.time.now)
    said = {"office": f"{CLERK[0]} {CLERK[1]}"}
    for host, status in (("http://rebound.example", 403), ("http://localhost", 303)):
        answer = hall.client.post(f"{host}/sign-in", data=said, headers=OURS, follow_redirects=False)
        assert answer.status_code == status, host


# --- offices


def test_who_holds_one_office_is_in_it_at_once(hall: Office) -> None:
    answer = account(hall, CLERK).signs_in(follow_redirects=False)
    assert answer.headers["location"] == f"/boards/streets/{STREET}"
    assert "Change office" not in hall.client.get("/boards", headers=OURS).text


def test_who_holds_several_chooses_and_changes_under_a_new_secret_each_time(hall: Office) -> None:
    answer = account(hall, *BOTH, staff="both").signs_in(next="/boards")
    assert str(answer.url).endswith("/sign-in/office?next=%2Fboards") and not is_in(hall)
    assert answer.text.count('name="office"') == 2 and Markup(answer.text).faults == []
    before = hall.client.cookies["whistle"]
    assert takes(hall, CLERK, next="/boards") == (303, "/boards") and is_in(hall)
    first = hall.client.cookies["whistle"]
    page = hall.client.get("/cases", headers=OURS)
    assert 'href="/sign-in/office"' in page.text and f"street_clerk {STREET}" in page.text
    hall.time.goes_on(0.4)
    assert takes(hall, LEADER) == (303, f"/boards/streets/{STREET}")
    second = hall.client.cookies["whistle"]
    assert len({before, first, second}) == 3
    assert hall.whole.sessions.ended([before, first, second], hall.time.now) == {before, first}
    assert hall.whole.sessions.actor(second, hall.time.now) == Actor("both", *LEADER)


def takes(hall: Office, office: tuple[Role, str], **said: str) -> tuple[int, str]:
    said["office"] = f"{office[0]} {office[1]}"
    answer = hall.client.post("/sign-in/office", data=said, headers=OURS, follow_redirects=False)
    return answer.status_code, answer.headers.get("location", "")


def test_an_office_that_is_not_held_is_not_taken(hall: Office) -> None:
    account(hall, *BOTH, staff="both").signs_in()
    for wrong in (WORKER, (Role.STREET_CLERK, "540102003"), (Role.ADMIN, DISTRICT)):
        assert takes(hall, wrong)[0] == 403
    said = {"office": "nonsense"}
    assert hall.client.post("/sign-in/office", data=said, headers=OURS).status_code == 403
    assert not is_in(hall)


def test_changing_the_office_lengthens_nothing(hall: Office) -> None:
    account(hall, *BOTH, staff="both").signs_in()
    begun = hall.time.now
    for turn in range(25):
        who = BOTH[turn % 2]
        hall.time.goes_on(0.4)
        if hall.time.now >= begun + timedelta(hours=10):
            break
        assert takes(hall, who)[0] == 303
    hall.time.now = begun + timedelta(hours=10)
    assert not is_in(hall) and takes(hall, CLERK)[1].startswith("/sign-in")


def test_nobody_chooses_who_has_not_come_in(hall: Office) -> None:
    asked = hall.client.get("/sign-in/office", headers=OURS, follow_redirects=False)
    assert asked.status_code == 303 and asked.headers["location"].startswith("/sign-in?")
    assert takes(hall, CLERK)[1].startswith("/sign-in?")


def test_a_grant_that_has_ended_ends_at_the_next_request_and_is_not_offered(hall: Office) -> None:
    somebody = account(hall, *BOTH, staff="both")
    somebody.signs_in()
    takes(hall, LEADER)
    admin = Actor("admin-1", Role.ADMIN, DISTRICT)
    ended = EndGrant(role=LEADER[0], unit=LEADER[1], reason="moved")
    hall.whole.directory.handle("both", ended, admin, hall.time.now, uuid4())
    assert not is_in(hall)
    assert takes(hall, LEADER)[0] == 403 and takes(hall, CLERK)[0] == 303 and is_in(hall)
    assert somebody.signs_in(follow_redirects=False).headers["location"] == f"/boards/streets/{STREET}"


def test_who_holds_no_office_is_told_so(hall: Office) -> None:
    somebody = account(hall, CLERK, staff="guest")
    admin = Actor("admin-1", Role.ADMIN, DISTRICT)
    ended = EndGrant(role=CLERK[0], unit=CLERK[1], reason="moved")
    hall.whole.directory.handle("guest", ended, admin, hall.time.now, uuid4())
    answer = somebody.signs_in()
    assert answer.status_code == 403 and "You hold no office now" in answer.text and not is_in(hall)
