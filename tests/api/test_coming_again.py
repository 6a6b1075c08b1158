"""What comes again, over HTTP and on pages: in a place, about a thing, in a month; who sees it, and how one gets there."""

import re
from dataclasses import replace
from typing import Any

import pytest

from api.lists import Wanted
from domain.actors import Role
from tests.api.browsers import Markup, Person
from tests.api.office import Office
from tests.api.people import (
    CLERK,
    DISPATCHER,
    DISTRICT,
    GRID,
    HOTLINE,
    LEADER,
    PLEA,
    STREET,
    SUPERVISOR,
    WATER,
    WORKER,
    logged,
)

LAMP, ABOUT = "LD-002-01", {"about": {"code": "LD-002-01", "label": "八廓路灯01号"}}
OTHER_STREET = (Role.STREET_CLERK, "540102003")
NOISE = "0301"


def page(hall: Office, who: tuple[Role, str], path: str) -> Person:
    hall.whole.boards.catch_up()
    return Person(hall, who).goes_to(path)


def board(hall: Office, who: tuple[Role, str], path: str, **asked: Any) -> Any:
    answer = hall.get(who, path, after=hall.whole.boards.head(), **asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_what_repeats_leads_to_its_cases(hall: Office) -> None:
    cases = [logged(hall) for _ in range(3)]
    logged(hall, category="0102")
    for who, path in (
        (CLERK, f"/boards/streets/{STREET}/repeats"),
        (SUPERVISOR, f"/boards/districts/{DISTRICT}/repeats"),
    ):
        found = board(hall, who, path)
        (one,) = found["repeats"]
        assert (one["place"], one["category"], one["count"], one["again"], one["more"]) == (GRID, "0406", 3, 2, 3)
        listed = board(hall, who, "/cases", grid=GRID, category="0406", since=found["since"])
        assert {case["case"] for case in listed["cases"]} == {case["case"] for case in cases}
    clerk = page(hall, CLERK, f"/boards/streets/{STREET}/repeats?lang=en")
    link = next(one for one in Markup(clerk.page).links if "category=0406" in one and f"grid={GRID}" in one)
    assert clerk.goes_to(link).page.count("data-label") > 0 and cases[0]["number"] in clerk.page


def test_noise_is_counted_by_street_and_not_drawn(hall: Office) -> None:
    assert NOISE in hall.whole.law.taxonomy.sensitive
    for _ in range(2):
        logged(hall, category=NOISE)
    (one,) = board(hall, SUPERVISOR, f"/boards/districts/{DISTRICT}/repeats")["repeats"]
    assert (one["place"], one["count"]) == (STREET, 2)
    said = page(hall, SUPERVISOR, "/boards/district/repeats?by=grid&lang=en").page
    assert f"street={STREET}" in said and "2 more are known to lie in the whole only" in said


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_map_counts_what_the_list_does(hall: Office, language: str) -> None:
    for _ in range(3):
        logged(hall)
    for path in (f"/boards/streets/{STREET}/repeats", "/boards/district/repeats"):
        for by in ("grid", "community", "nonsense"):
            for category, n in (("", 3), ("0406", 3), ("0102", 0), ("nonsense", 3)):
                said = page(hall, SUPERVISOR, f"{path}?by={by}&category={category}&lang={language}").page
                assert Markup(said).faults == []
                title = {"zh": "哪里反复发生", "en": "Where things come again"}[language]
                assert f'{title} <span class="count">{n}</span>' in said, (path, by, category)
                tiles = [int(told) for told in re.findall(r"<strong>(\d+)</strong>", said)]
                assert sum(tiles) == max(tiles) == n and len(tiles) > 1


def test_a_thing_is_reached_from_its_case_and_the_register(hall: Office) -> None:
    case = logged(hall, **ABOUT)
    other = logged(hall, **ABOUT, category="0102")
    plain = logged(hall)
    found = board(hall, WORKER, f"/things/{LAMP}")
    assert (found["label"], found["kind"], found["place"]) == ("八廓路灯01号", "component", GRID)
    assert (found["count"], found["open"], found["repeats"], found["median_days"], found["ended"]) == (2, 2, 0, None, 0)
    assert [one["number"] for one in found["cases"]] == [other["number"], case["number"]]
    assert {one["category"]: one["count"] for one in found["categories"]} == {"0406": 1, "0102": 1}
    listed = board(hall, WORKER, "/cases", about=LAMP)["cases"]
    assert {one["number"] for one in listed} == {case["number"], other["number"]}
    worker = page(hall, WORKER, f"/cases/{case['number']}?lang=en")
    assert f'href="/things/{LAMP}?lang=en"' in worker.page
    assert f'href="/things/{LAMP}?lang=en"' in page(hall, WORKER, f"/cases?about={LAMP}&lang=en").page
    assert "/things/" not in page(hall, WORKER, f"/cases/{plain['number']}").page
    for language in ("zh", "en"):
        said = worker.goes_to(f"/things/{LAMP}?lang={language}").page
        assert Markup(said).faults == [] and case["number"] in said and other["number"] in said
        assert plain["number"] not in said


def test_a_thing_that_has_ended_cases_says_how_long_they_took(hall: Office) -> None:
    case = logged(hall, **ABOUT)
    hall.time.goes_on(47)
    hall.act(CLERK, case, "cancellation", {"reason": "duplicate"})
    logged(hall, **ABOUT)
    found = board(hall, CLERK, f"/things/{LAMP}")
    assert (found["ended"], found["median_days"], found["open"], found["repeats"]) == (1, 2.0, 1, 1)
    assert "2 (1)" in page(hall, CLERK, f"/things/{LAMP}").page


def test_of_a_thing_everybody_sees_what_is_within_reach(hall: Office) -> None:
    case = hall.act(LEADER, logged(hall, **ABOUT), "whistles", {"plea": PLEA})
    logged(hall, **ABOUT)
    for who, n in ((WORKER, 2), (CLERK, 2), (DISPATCHER, 2), (HOTLINE, 2)):
        assert board(hall, who, f"/things/{LAMP}")["count"] == n, who
    beyond = (WATER, OTHER_STREET, (Role.RESIDENT, ""), (Role.ADMIN, DISTRICT))
    for who in beyond:
        answer = hall.get(who, f"/things/{LAMP}")
        assert (answer.status_code, answer.json()["code"]) == (404, "no_such_registered_thing"), who
        shown = page(hall, who, f"/things/{LAMP}").answer
        assert shown is not None and shown.status_code == 404
    hall.act(DISPATCHER, case, "assignments", {"lead": "water"})
    assert board(hall, WATER, f"/things/{LAMP}")["count"] == 1
    assert hall.client.get(f"/api/v1/things/{LAMP}").status_code == 401


def test_a_thing_without_cases_and_one_that_there_is_not(hall: Office) -> None:
    found = board(hall, CLERK, f"/things/{LAMP}")
    assert (found["count"], found["cases"], found["last_ended"]) == (0, [], None)
    assert "There is no case about it yet." in page(hall, CLERK, f"/things/{LAMP}?lang=en").page
    for code in ("nothing", "LD%00", "LD-002-01%0a"):
        answer = page(hall, SUPERVISOR, f"/things/{code}").answer
        assert answer is not None and answer.status_code == 404
    assert hall.get(SUPERVISOR, "/things/nothing").status_code == 404


def test_a_thing_that_is_registered_no_more_keeps_its_history(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = logged(hall, **ABOUT)
    hall.whole.boards.catch_up()
    law = hall.whole.law
    monkeypatch.setattr(type(hall.whole), "law", property(lambda _: replace(law, things={})))
    found = board(hall, CLERK, f"/things/{LAMP}")
    assert (found["label"], found["kind"], found["place"], found["count"]) == ("八廓路灯01号", "", GRID, 1)
    said = page(hall, CLERK, f"/things/{LAMP}?lang=en").page
    assert case["number"] in said and "No longer in the register" in said


def test_the_register_asks_for_a_thing_by_its_code() -> None:
    assert Wanted(about=LAMP).filters() == {"about": LAMP}


TOPICS = f"/boards/districts/{DISTRICT}/topics"


def test_the_topic_of_a_month_and_of_the_one_before(hall: Office) -> None:
    hall.time.goes_on(24 * 20)
    cases = [logged(hall) for _ in range(6)]
    logged(hall, category="0102")
    hall.act(CLERK, cases[0], "cancellation", {"reason": "duplicate"})
    found = board(hall, SUPERVISOR, TOPICS)
    assert (found["month"], found["runs"], found["topic"]["category"]) == ("2026-03", True, "0406")
    topic = found["topic"]
    assert (topic["count"], topic["before"], topic["open"]) == (6, 0, 5)
    assert topic["streets"] == [
        {"street": STREET, "count": 6, "before": 0, "solved": {"numerator": 0, "denominator": 6, "rate": 0.0}}
    ]
    assert board(hall, SUPERVISOR, TOPICS, category="0102")["topic"]["count"] == 1
    assert board(hall, SUPERVISOR, TOPICS, month="2026-02")["topic"] is None
    assert found["older"] is False and 'rel="prev"' not in page(hall, SUPERVISOR, "/boards/district/topics").page
    hall.time.goes_on(24 * 30)
    later = board(hall, SUPERVISOR, TOPICS, month="2026-03")
    assert board(hall, SUPERVISOR, TOPICS)["older"] and not later["older"]
    assert (later["runs"], later["topic"]["count"]) == (False, 6)
    this = page(hall, SUPERVISOR, "/boards/district/topics?lang=en")
    assert "month=2026-03" in this.page and "month=2026-05" not in this.page
    earlier = this.goes_to("/boards/district/topics?month=2026-03&lang=en").page
    assert "it grew most" in earlier and cases[0]["number"] in earlier and "month=2026-04" in earlier


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_of_a_month_is_whole(hall: Office, language: str) -> None:
    for _ in range(6):
        logged(hall)
    for asked in ("", "&month=2026-02", "&month=2026-01&category=0406", "&category=0406", "&category=nonsense"):
        said = page(hall, SUPERVISOR, f"/boards/district/topics?lang={language}{asked}")
        assert said.answer is not None and said.answer.status_code == 200 and Markup(said.page).faults == []
        assert "&lt;" not in said.page
    spans = {
        "zh": "统计 2026-02-01 至 2026-02-28，对照 2026-01-01 至 2026-01-31",
        "en": "From 2026-02-01 to 2026-02-28",
    }
    assert spans[language] in page(hall, SUPERVISOR, f"/boards/district/topics?lang={language}&month=2026-02").page


def test_months_that_there_are_not(hall: Office) -> None:
    for month in ("2026-04", "2099-01", "1900-02"):
        assert hall.get(SUPERVISOR, TOPICS, month=month).json()["code"] == "no_such_board"
    for month in ("2026-13", "0001-01", "soon", "2026-04-01"):
        assert hall.get(SUPERVISOR, TOPICS, month=month).status_code == 422
    for month in ("2026-04", "2026-13", "0001-01", "soon"):
        answer = page(hall, SUPERVISOR, f"/boards/district/topics?month={month}").answer
        assert answer is not None and answer.status_code == 404
    assert hall.get(SUPERVISOR, TOPICS, month="1980-02").json()["topic"] is None


def test_they_are_for_those_of_the_place(hall: Office) -> None:
    for who in (CLERK, WATER, WORKER, (Role.RESIDENT, "")):
        assert (
            hall.get(who, TOPICS).status_code
            == hall.get(who, f"/boards/districts/{DISTRICT}/repeats").status_code
            == 404
        )
        for path in ("/boards/district/topics", "/boards/district/repeats"):
            answer = page(hall, who, path).answer
            assert answer is not None and answer.status_code == 404
    assert hall.get(OTHER_STREET, f"/boards/streets/{STREET}/repeats").status_code == 404


def test_they_are_reached_from_the_boards(hall: Office) -> None:
    assert f"/boards/streets/{STREET}/repeats" in page(hall, CLERK, f"/boards/streets/{STREET}").page
    for path in ("/boards/district/repeats", "/boards/district/topics"):
        assert f'href="{path}"' in page(hall, SUPERVISOR, "/boards/district").page
