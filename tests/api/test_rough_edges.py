"""Where people come to the edges: pages that only a form reaches, texts no database holds, what was sent before, and doors tried too often."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from adapters.jurisdictions import shipped
from adapters.photos import MOST
from adapters.store.errors import Busy
from api import headers, rates
from api.desk import Desk
from api.pages.hands import hands_of
from domain.actors import Actor, Role
from tests.adapters.photos.making import picture, saved
from tests.api.browsers import Markup, Person
from tests.api.office import Office, office
from tests.api.people import CLERK, GRID, HOTLINE, STREET, WORKER, logged
from tests.api.residents import Resident, demo
from tests.api.test_photos import PHOTO, looks, sends
from tests.granted import granted, made_a_demo

OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html", "Accept-Language": "en"}
BESIDE, AFAR = "540102002001002", "540102003001001"  # a grid of the same community, and one of another street


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Office]:
    with demo(tmp_path) as opened:
        yield opened


# --- pages that only a form reaches


def test_after_a_photo_that_was_refused_the_way_back_leads_to_the_case(hall: Office) -> None:
    case = logged(hall)["case"]
    page = sends(hall, WORKER, case, b"no picture", accept="text/html")
    assert page.status_code == 422 and "data-still" in page.text
    assert set(re.findall(r'name="back" value="([^"]+)"', page.text)) == {f"/cases/{case}"}


@pytest.mark.parametrize("path", ["photos", "photos?did=AddNote&of=x"])
def test_what_only_a_form_is_sent_to_leads_to_the_page_above(hall: Office, path: str) -> None:
    case = logged(hall)["case"]
    hall.client.cookies.set("whistle", hall.session(*WORKER))
    answer = hall.client.get(f"/cases/{case}/{path}", headers=OURS)
    assert answer.status_code == 200
    assert answer.url.path == f"/cases/{case}" and ("did" in answer.url.params) is ("did" in path)


def test_what_cannot_be_taken_is_said_on_a_page_to_people_and_as_a_problem_to_programs(hall: Office) -> None:
    hall.client.cookies.set("whistle", hall.session(*WORKER))
    for accept, kind in (("text/html", "text/html"), ("application/json", "application/problem+json")):
        said = {**OURS, "Accept": accept}
        large = hall.client.post("/log", data={"summary": "x" * headers.LARGEST}, headers=said)
        assert (large.status_code, large.headers["content-type"].split(";")[0]) == (413, kind)
        assert "too large" in large.text
        wrong = hall.client.put("/flow", headers=said)
        assert (wrong.status_code, wrong.headers["content-type"].split(";")[0]) == (405, kind)
    assert Markup(hall.client.put("/flow", headers=OURS).text).faults == []


def test_a_fault_is_a_page_with_its_number(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("canary")

    monkeypatch.setattr("api.pages.front.steps", broken)
    page = TestClient(hall.client.app, raise_server_exceptions=False).get("/flow", headers=OURS)
    assert page.status_code == 500 and page.headers["x-request-id"] in page.text and "canary" not in page.text
    assert Markup(page.text).faults == [] and "content-security-policy" in page.headers


def test_another_language_keeps_what_was_asked_for(hall: Office) -> None:
    page = Person(hall, CLERK).goes_to(f"/cases?street={STREET}&overdue=yes&did=AddNote&of=x&lang=en").page
    assert f'href="/cases?street={STREET}&amp;overdue=yes&amp;lang=zh"' in page


def test_what_sent_it_may_say_anything_of_itself(hall: Office) -> None:
    answer = hall.client.post("/sign-in", headers={"Origin": "http://[", "Accept": "text/html"})
    assert answer.status_code == 403


def test_nobody_s_form_is_read_before_they_are_asked_to_sign_in(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    monkeypatch.setattr("starlette.requests.Request.form", lambda *_args, **_more: read.append(1))
    for path in ("/log", "/hotline", "/bulk"):
        answer = hall.client.post(path, data={"a": "b"}, headers=OURS, follow_redirects=False)
        assert answer.status_code == 303 and "/sign-in" in answer.headers["location"]
    assert hall.client.post("/log", headers={**OURS, "Accept": "application/json"}).status_code == 401
    assert read == []


# --- who sees what


def test_a_look_at_a_photo_stands_in_the_case_s_file(hall: Office) -> None:
    case = logged(hall)["case"]
    photo = sends(hall, WORKER, case, PHOTO).json()["photos"][0]
    assert looks(hall, WORKER, case, str(uuid4())).status_code == 404
    assert [
        entry["said"] for entry in hall.get(CLERK, f"/cases/{case}/history").json() if "what" in entry["said"]
    ] == []
    assert looks(hall, WORKER, case, photo).status_code == 200
    last = hall.get(CLERK, f"/cases/{case}/history").json()[-1]
    assert (last["event"], last["said"]["what"]) == ("private-shown", "photos")


def test_what_is_near_is_within_reach(hall: Office) -> None:
    beside = logged(hall, place=BESIDE, about={"code": "LD-002-01", "label": "lamp"})
    afar = hall.post(
        HOTLINE,
        "/cases",
        {"category": "0406", "place": AFAR, "source": "hotline", "about": {"code": "LD-002-01", "label": "lamp"}},
    )
    assert afar.status_code == 201
    hall.whole.boards.catch_up()
    asked = f"category={beside['category']}&about=LD-002-01"
    assert beside["number"] not in Person(hall, WORKER).goes_to(f"/near?place={GRID}&{asked}").page
    seen = Person(hall, CLERK).goes_to(f"/near?place={STREET}&{asked}").page
    assert beside["number"] in seen and afar.json()["number"] not in seen


def test_a_session_ends_with_the_token_that_opened_it(hall: Office) -> None:
    until = hall.time.now + timedelta(minutes=5)
    token = hall.whole.tokens.create(
        granted(hall.whole, Actor("w", *WORKER), hall.time.now), "short", hall.time.now, until
    ).secret
    made_a_demo(hall.whole, hall.time.now)  # elsewhere tokens are for programs
    hall.client.post("/sign-in", data={"token": token}, headers=OURS)
    assert "Sign out" in hall.client.get("/boards", headers=OURS).text
    hall.time.now = until
    assert "Sign out" not in hall.client.get("/boards", headers=OURS).text


# --- texts that no database holds


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    with office(tmp_path, shipped("chengguan"), url) as opened:
        yield opened


def test_nul_is_nobody_s_category_place_or_number(either: Office) -> None:
    case, person, desk = logged(either), Person(either, CLERK), Person(either, HOTLINE)
    for path in (
        f"/boards/streets/{STREET}?category=a%00b&community=%00",
        f"/near?category=%00&place={STREET}&about=%00",
        "/cases?number=%00",
        "/cases/a%00b",
    ):
        assert person.goes_to(path).status in (200, 404, 422), path
    for who, path in ((person, "/log"), (desk, "/hotline")):
        form = next(f for f in who.goes_to(path).forms() if f["action"].split("?")[0] == path)
        said = {"category": "a\0b", "about": "\0", "place": STREET, "narrative": "\0"}
        assert who.sends(path, **{**form["fields"], **said}).status == 422
    form = {"key": str(uuid4()), "seen": "1", "back": "/", "into": "a\0b", "reason": "same"}
    assert person.sends(f"/cases/{case['case']}/do/MergeCase", **form).status in (404, 409, 422)


# --- what was sent before


def test_a_form_that_was_changed_after_it_was_sent_says_so_and_can_be_sent_again(hall: Office) -> None:
    person = Person(hall, HOTLINE).goes_to("/hotline")
    form = next(f for f in person.forms() if f["action"] == "/hotline")["fields"]
    said = {**form, "category": "0604", "place": GRID}
    assert person.sends("/hotline", **said).status == 200
    again = person.sends("/hotline", **{**said, "narrative": "one word more"})
    assert again.status == 422 and "what it said then is written" in again.page and "one word more" in again.page
    fresh = next(f for f in again.forms() if f["action"] == "/hotline")["fields"]
    assert fresh["key"] != form["key"]
    assert person.sends("/hotline", **{**fresh, "category": "0604", "place": GRID}).status == 200


def test_the_urge_of_the_day_is_not_spent_on_one_that_was_not_taken(
    town: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident = Resident(town).reports()
    with monkeypatch.context() as patched:
        patched.setattr(Desk, "handle", _too_busy)
        assert resident.does("Urge").status == 503
    assert resident.does("Urge").status == 200
    assert resident.does("Urge").status == 429


def _too_busy(*_: object) -> None:
    raise Busy("full")


def test_a_form_that_was_not_taken_is_the_same_form_when_it_is_sent_again(
    town: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident = Resident(town).reports().looks()
    form = next(f for f in resident.forms() if f["action"].endswith("/do/AddNote"))
    monkeypatch.setattr(Desk, "handle", _too_busy)
    resident.sends(form["action"], {**form["fields"], "text": "one thing more"})
    again = next(f for f in resident.forms() if f["action"].endswith("/do/AddNote"))
    assert again["fields"]["key"] == form["fields"]["key"] and "one thing more" in resident.page


@pytest.mark.parametrize("gone", [{"category": "0100"}, {"place": "nowhere"}])
def test_a_report_whose_place_or_kind_is_not_there_any_more_keeps_the_words(town: Office, gone: dict[str, str]) -> None:
    resident = Resident(town).reports(narrative="the pipe before my door", **gone)
    assert resident.status == 422 and "the pipe before my door" in resident.page and 'id="trouble"' in resident.page


def test_photos_are_added_all_or_none(hall: Office) -> None:
    case = logged(hall)["case"]
    for n in range(MOST - 1):
        hall.whole.photos.keep(UUID(case), {uuid4(): bytes([n])}, hall.time.now)
    two = [saved(picture(size=size), "JPEG") for size in ((30, 20), (20, 30))]
    answer = sends(hall, WORKER, case, *two)
    assert answer.status_code == 409 and len(hall.whole.photos.of(UUID(case))) == MOST - 1
    assert len(hall.whole.casework.file(UUID(case))) == 1


# --- doors


def test_who_tries_tokens_is_slowed_down_and_the_right_one_still_opens(hall: Office) -> None:
    made_a_demo(hall.whole, hall.time.now)
    answers = [
        hall.client.post("/sign-in", data={"token": f"whistle_{n}"}, headers=OURS).status_code
        for n in range(rates.RATES["token"].times + 1)
    ]
    assert answers[-1] == 429 and set(answers[:-1]) == {403}
    right = hall.client.post("/sign-in", data={"token": hall.token(*WORKER)}, headers=OURS)
    assert right.status_code == 200 and "Sign out" in right.text


def test_who_takes_everything_along_again_and_again_is_slowed_down(hall: Office) -> None:
    hall.client.cookies.set("whistle", hall.session(*CLERK))
    taken = [hall.client.get("/cases.csv").status_code for _ in range(rates.RATES["export"].times + 1)]
    assert taken[-1] == 429 and set(taken[:-1]) == {200}
    assert Person(hall, (Role.STREET_LEADER, STREET)).goes_to("/cases.csv").status == 200


# --- lists that are cut


def test_a_list_that_may_be_cut_says_so_where_it_is_counted(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        hall.post(CLERK, "/cases", {"category": "0406", "place": STREET, "source": "counter"})
    hall.whole.boards.catch_up()
    board = f"/boards/streets/{STREET}"
    assert '<span class="count">3</span>' in Person(hall, CLERK).goes_to(board).page
    monkeypatch.setattr("adapters.boards.register.LONGEST", 3)
    page = Person(hall, CLERK).goes_to(board).page
    assert '<span class="count">3+</span>' in page and "<b>3+</b>" in page


# --- who left no number


def test_who_left_no_number_is_in_no_queue_of_calls(hall: Office) -> None:
    for reporter in ({}, {"phone": "139"}):  # the second can be called
        case = hall.post(
            HOTLINE, "/cases", {"category": "0110", "place": GRID, "source": "hotline", "reporter": reporter}
        ).json()
        case = hall.act(CLERK, case, "handling")
        case = hall.act(CLERK, case, "result", {"done": "d", "reply": "r"})
        case = hall.act(WORKER, case, "verification", {"passed": True})
        hands = hands_of(hall.whole.law, hall.whole.casework.case(UUID(case["case"])), None)
        assert (Role.HOTLINE in {hand.role for hand in hands}) is bool(reporter)
    hall.whole.boards.catch_up()
    queue = Person(hall, HOTLINE).goes_to("/hotline/calls").page
    assert re.findall(r'href="/hotline/calls/(\d[\d-]+)"', queue) == [case["number"]]
