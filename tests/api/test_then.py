"""Any moment again, over HTTP: cases, lists and boards as they stood, on the API and on pages; wrong moments said clearly."""

import re
from datetime import datetime, timedelta
from functools import partialmethod
from typing import Any

import pytest

from adapters.past import Past
from domain.actors import Role
from tests.api.office import START, Office
from tests.api.people import (
    CLERK,
    COMMUNITY,
    DISPATCHER,
    DISTRICT,
    GRID,
    LEADER,
    PLEA,
    ROADS,
    STREET,
    SUPERVISOR,
    WATER,
    WORKER,
    assigned,
    at_work,
    logged,
)
from tests.api.test_district import at, section, words

BOARDS = {
    f"/boards/grids/{GRID}": WORKER,
    f"/boards/grids/{COMMUNITY}": CLERK,
    f"/boards/streets/{STREET}": CLERK,
    "/boards/departments/water": WATER,
    f"/boards/districts/{DISTRICT}": SUPERVISOR,
}
ANSWERED = {
    f"/boards/streets/{STREET}/callbacks": CLERK,
    f"/boards/districts/{DISTRICT}/callbacks": SUPERVISOR,
    f"/boards/grids/{GRID}/verification": WORKER,
    f"/boards/streets/{STREET}/repeats": CLERK,
    f"/boards/districts/{DISTRICT}/topics": SUPERVISOR,
    "/figures/overdue_open": SUPERVISOR,
    "/figures/total": SUPERVISOR,
}
PAGES = {
    **{path: who for path, who in BOARDS.items() if "districts" not in path},
    "/boards/district": SUPERVISOR,
    "/boards/district/figures": SUPERVISOR,
    "/boards/district/map": SUPERVISOR,
    f"/boards/streets/{STREET}/figures": CLERK,
    f"/boards/streets/{STREET}/map": CLERK,
    "/boards/departments/water/figures": WATER,
    "/cases": CLERK,
    f"/boards/streets/{STREET}/callbacks": CLERK,
    f"/boards/streets/{STREET}/verification": CLERK,
    f"/boards/streets/{STREET}/repeats": CLERK,
    "/boards/district/callbacks": SUPERVISOR,
    "/boards/district/topics": SUPERVISOR,
    "/figures": SUPERVISOR,
    "/figures/whistle": SUPERVISOR,
}
RUBBISH = ("soon", "2026-13-01T00:00:00Z", "2026-03-02T10:00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59+08:00")


def told(moment: datetime) -> str:
    return moment.isoformat()


def lines(page: str) -> int:
    """Of the timeline of a case."""
    return page.partition('<ol class="timeline">')[2].partition("</ol>")[0].count('<p class="quiet">')


@pytest.mark.parametrize("path", ANSWERED)
def test_what_is_counted_as_of_a_moment_is_what_it_was(hall: Office, path: str) -> None:
    who = ANSWERED[path]
    hall.token(*who)
    for _ in range(2):
        verified_soon(hall)
    hall.whole.boards.catch_up()
    before, moment = hall.get(who, path).json(), hall.time.now
    hall.time.goes_on(1)
    for _ in range(3):
        verified_soon(hall)
    hall.whole.boards.catch_up()
    assert hall.get(who, path).json() != before
    lists, found = "cases", hall.get(who, path, as_of=told(moment)).json()
    for one in (before.get("total"), found.get("total")):
        for part in list(one[lists]) if one else ():
            one[lists][part] = one[lists][part].partition("&as_of=")[0].partition("&part=")[0]
    assert found == before


def verified_soon(hall: Office) -> None:
    """A case whose result waits to be seen, and one whose reporter waits to be called."""
    done = {"done": "d", "reply": "r"}
    hall.act(WATER, at_work(hall), "result", done)
    told_of = at_work(hall, source="hotline", reporter={"name": "n", "phone": "13800000000"})
    hall.act(WORKER, hall.act(WATER, told_of, "result", done), "verification", {"passed": True})


@pytest.mark.parametrize("path", BOARDS)
def test_a_board_as_of_a_moment_is_what_it_was(hall: Office, path: str) -> None:
    who = BOARDS[path]
    hall.token(*who)
    case = assigned(hall)
    hall.whole.boards.catch_up()
    hall.time.goes_on(2)
    before, moment = hall.get(who, path).json(), hall.time.now
    hall.time.goes_on(1)
    hall.act(WATER, case, "assignments/water/acknowledgement")
    hall.act(WORKER, logged(hall), "handling")
    hall.whole.boards.catch_up()
    assert hall.get(who, path).json() != before
    assert hall.get(who, path, as_of=told(moment)).json() == before


def test_a_case_as_of_a_moment_has_no_actions(hall: Office) -> None:
    case = assigned(hall)
    moment = hall.time.now
    hall.time.goes_on(3)
    hall.act(WATER, case, "assignments/water/acknowledgement")
    path = f"/cases/{case['case']}"
    now, then = hall.get(WATER, path), hall.get(WATER, path, as_of=told(moment))
    assert (then.json()["version"], then.json()["actions"]) == (case["version"], [])
    assert now.json()["version"] > case["version"] and now.json()["actions"]
    assert "ETag" in now.headers and "ETag" not in then.headers
    assert then.json()["number"] == now.json()["number"]
    for more in ("history", "deadlines"):
        every, some = (hall.get(WATER, f"{path}/{more}", **said).json() for said in ({}, {"as_of": told(moment)}))
        assert every != some
    assert len(hall.get(WATER, f"{path}/history", as_of=told(moment)).json()) == case["version"]


def test_the_register_as_of_a_moment(hall: Office) -> None:
    case = logged(hall, summary="桥下积雪")
    hall.whole.boards.catch_up()
    moment = hall.time.now
    hall.time.goes_on(2)
    hall.act(WORKER, case, "amendments", {"summary": "路灯不亮"})
    other = logged(hall)
    hall.whole.boards.catch_up()

    def found(**said: str) -> list[str]:
        return [one["case"] for one in hall.get(CLERK, "/cases", **said).json()["cases"]]

    assert found() == [other["case"], case["case"]]
    assert found(as_of=told(moment)) == [case["case"]]
    assert found(words="积雪") == [] and found(words="积雪", as_of=told(moment)) == [case["case"]]
    assert found(words="路灯") == [case["case"]] and found(words="路灯", as_of=told(moment)) == []


def test_it_must_have_been_within_reach_then_and_be_now(hall: Office) -> None:
    case = hall.act(LEADER, logged(hall), "whistles", {"plea": PLEA})
    before = hall.time.now
    hall.time.goes_on(1)
    hall.act(DISPATCHER, case, "assignments", {"lead": "water"})
    path = f"/cases/{case['case']}"
    assert hall.get(WATER, path).status_code == 200
    refused = hall.get(WATER, path, as_of=told(before))  # it was not theirs then
    assert (refused.status_code, refused.json()["code"]) == (404, "no_case_then")
    assert hall.get(ROADS, path, as_of=told(hall.time.now)).json()["code"] == "no_such_case"
    unborn = hall.get(CLERK, path, as_of=told(START - timedelta(days=1)))
    assert (unborn.status_code, unborn.json()["code"]) == (404, "no_case_then")


def test_what_moved_away_is_not_shown_as_it_lay_here(hall: Office) -> None:
    case = logged(hall)
    before = hall.time.now
    hall.time.goes_on(1)
    hall.act(WORKER, case, "amendments", {"place": "540102003"})
    answer = hall.get(CLERK, f"/cases/{case['case']}", as_of=told(before))
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_case")
    hall.whole.boards.catch_up()
    board = hall.get(CLERK, f"/boards/streets/{STREET}", as_of=told(before)).json()["board"]
    assert board["states"] == {"logged": 1}  # what its own board showed then, it may count


@pytest.mark.parametrize("said", RUBBISH)
def test_a_moment_that_is_none_or_has_not_come_is_said_so(hall: Office, said: str) -> None:
    case = logged(hall)
    hall.whole.boards.catch_up()
    for path in ("/cases", f"/cases/{case['case']}", f"/cases/{case['case']}/history", f"/boards/streets/{STREET}"):
        for language, han in (("zh-CN", True), ("en", False)):
            answer = hall.client.get(
                f"/api/v1{path}", params={"as_of": said}, headers=hall.headers(CLERK, **{"Accept-Language": language})
            )
            problem = answer.json()
            assert answer.status_code == 422 and problem["code"] in ("bad_content", "moment_ahead"), (path, problem)
            texts = [problem["detail"], *(one["what"] for one in problem.get("errors", []))]
            assert all(bool(re.search("[\u4e00-\u9fff]", text)) is han for text in texts), texts


def test_what_is_not_kept_yet_is_said_so(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    logged(hall)
    hall.whole.boards.catch_up()
    hall.whole.past.stop()
    monkeypatch.setattr(hall.whole.past, "fold", lambda: False)
    monkeypatch.setattr(Past, "position", lambda _self: 0)
    monkeypatch.setattr(Past, "wait_for", partialmethod(Past.wait_for, patience=0.1))
    answer = hall.get(CLERK, f"/boards/streets/{STREET}", as_of=told(hall.time.now))
    assert (answer.status_code, answer.json()["code"]) == (503, "not_caught_up")
    page = at(hall, CLERK, f"/boards/streets/{STREET}?as_of={hall.time.now:%Y-%m-%dT%H:%M:%SZ}").answer
    assert page is not None and page.status_code == 503
    assert "还没有整理到这个时刻" in page.text or "That moment is not kept yet" in page.text
    assert hall.client.get("/readyz").json()["past"] == 0


# --- pages


def test_every_page_that_can_be_asked_shows_the_moment_and_nothing_to_do(hall: Office) -> None:
    case = assigned(hall)
    hall.whole.boards.catch_up()
    moment = hall.time.now
    hall.time.goes_on(30)
    hall.act(WATER, case, "assignments/water/acknowledgement")
    hall.whole.boards.catch_up()
    asked = {**PAGES, f"/cases/{case['number']}": WATER, f"/cases/{case['case']}": SUPERVISOR}
    for path, who in asked.items():
        said = f"{path}?as_of={moment:%Y-%m-%dT%H:%M:%SZ}&lang=en"
        person = at(hall, who, said)
        assert person.answer is not None and person.answer.status_code == 200, path
        main = person.page.partition("<main")[2].partition("</main>")[0]
        assert "As it stood at <time" in re.sub(r"\s+", " ", main), path
        assert 'method="post"' not in main, path
        assert "data-still" in person.page, path
        assert f'href="{path}?lang=en">Back to now' in main, path
        now = at(hall, who, f"{path}?lang=en").page
        assert "stood-title" not in now


def test_the_slider_leads_to_a_moment_that_can_be_shared(hall: Office) -> None:
    case = hall.act(LEADER, logged(hall, summary="burst main"), "whistles", {"plea": PLEA})
    hall.whole.boards.catch_up()
    hall.time.goes_on(48)
    hall.act(DISPATCHER, case, "assignments", {"lead": "water"})
    hall.whole.boards.catch_up()
    hall.time.goes_on(1)
    now = at(hall, DISPATCHER, "/boards/district?lang=en").page
    lowest, highest = (int(re.search(rf'{end}="(\d+)" ', now)[1]) for end in ("min", "max"))  # type: ignore[index]  # found
    assert abs(highest - hall.time.now.timestamp()) < 3600 and highest - lowest == 30 * 24 * 3600
    then = at(hall, DISPATCHER, f"/boards/district?as_of={highest - 3600 * 24}&lang=en")
    assert "escalated 1" in words(section(then, "tiles"))
    assert case["number"] in words(section(then, "to_dispatch"))
    assert "escalated 0" in words(section(at(hall, DISPATCHER, f"/boards/district?as_of={highest}&lang=en"), "tiles"))
    for name in ("◀ day", "day ▶", "◀ week"):
        assert name in then.page
    assert "week ▶" not in then.page  # that has not come yet


def test_a_case_is_shown_as_it_stood_after_each_of_its_entries(hall: Office) -> None:
    case = assigned(hall)
    hall.time.goes_on(2)
    hall.act(WATER, case, "assignments/water/acknowledgement")
    hall.whole.boards.catch_up()
    path = f"/cases/{case['number']}"
    now = at(hall, SUPERVISOR, f"{path}?lang=en").page
    assert 'name="entry" min="1" max="4"' in now and now.count('<option value="4"') == 1
    first = at(hall, SUPERVISOR, f"{path}?entry=1&lang=en")
    assert first.answer is not None and "as_of=" in str(first.answer.url) and "entry" not in str(first.answer.url)
    assert "step ▶" in first.page and "◀ step" not in first.page
    assert lines(first.page) == 1 and lines(now) == hall.get(SUPERVISOR, f"/cases/{case['case']}").json()["version"]
    for entry, status in (("0", 422), ("5", 422), ("x", 404)):
        wrong = at(hall, SUPERVISOR, f"{path}?entry={entry}").answer
        assert wrong is not None and wrong.status_code == status, entry
    gone = at(hall, SUPERVISOR, f"{path}?as_of=2026-01-01T00:00&lang=en").answer
    assert gone is not None and gone.status_code == 404 and "The case was not there then" in gone.text
    stranger = at(hall, ROADS, f"{path}?entry=1").answer
    assert stranger is not None and stranger.status_code == 404


@pytest.mark.parametrize(
    ("said", "zh", "en"),
    [
        ("soon", "看不懂这个时刻", "That is no moment"),
        ("99999999999999999999", "看不懂这个时刻", "That is no moment"),
        ("0001-01-01T00:00", "看不懂这个时刻", "That is no moment"),
        ("2030-01-01T00:00", "这个时刻还没有到", "That moment has not come yet"),
    ],
)
def test_a_page_says_what_is_wrong_with_a_moment(hall: Office, said: str, zh: str, en: str) -> None:
    for language, words_of in (("zh", zh), ("en", en)):
        answer = at(hall, CLERK, f"/boards/streets/{STREET}?as_of={said}&lang={language}").answer
        assert answer is not None and answer.status_code == 422 and words_of in answer.text


def test_an_address_without_a_zone_is_local(hall: Office) -> None:
    case = logged(hall)
    hall.whole.boards.catch_up()
    local = (START + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")
    hall.time.goes_on(1)
    assert case["number"] in at(hall, WORKER, f"/boards/grids/{GRID}?as_of={local}").page
    assert (
        case["number"]
        not in at(hall, CLERK, f"/boards/streets/{STREET}?as_of={START - timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}").page
    )


def test_links_of_the_past_stay_there_and_the_table_too(hall: Office) -> None:
    case = logged(hall)
    hall.whole.boards.catch_up()
    moment = f"{hall.time.now:%Y-%m-%dT%H:%M:%SZ}"
    hall.time.goes_on(2)
    later = logged(hall)
    hall.whole.boards.catch_up()
    page = at(hall, WORKER, f"/boards/grids/{GRID}?as_of={moment}").page
    links = [link for link in re.findall(r'href="(/cases/[^"]+)"', page) if case["case"] in link]
    assert links and all("as_of=" in link for link in links)
    table = at(hall, CLERK, f"/cases.csv?as_of={moment}").page
    assert case["number"] in table and later["number"] not in table


def test_nobody_but_staff_asks_about_the_past(hall: Office) -> None:
    logged(hall)
    answer = hall.client.get(f"/boards/streets/{STREET}?as_of=2026-03-01T12:00", headers={"Accept": "text/html"})
    assert "sign-in" in str(answer.url)
    nobody: tuple[Role, Any] = (Role.ADMIN, "")
    assert hall.get(nobody, f"/boards/streets/{STREET}", as_of=told(START)).status_code == 404
