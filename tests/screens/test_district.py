"""The district's screen in a real browser: it fits, it is accessible, one tap dispatches."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from domain.policy import Ground
from tests.api.people import ARBITER, DISPATCHER, GRID, LEADER, PLEA, SUPERVISOR, WATER, WORKER
from tests.screens.hall import DESK, PHONE, TABLET, Hall, acted, axe, logged_case, scrolls_sideways

BOARD = "/boards/district"
SMALL = (360, 740)
SMALLEST_TARGET = 44
CASES = 60  # of the month behind the hall


@pytest.fixture(scope="module")
def busy(town: Hall) -> Hall:
    """Something of every kind to decide."""
    whole = town.whole
    asked = acted(town, WATER, assigned(town), "requests/return", {"reason": "not ours", "suggested": "roads"})
    refused = acted(town, DISPATCHER, asked, "requests/1/decision", {"granted": False, "reason": "it is"})
    acted(town, WATER, refused, "disputes", {"reason": "the list of duties"})
    at_work = acted(town, WATER, assigned(town), "assignments/water/report-in", {"on_the_spot": True})
    reasons = whole.law.policy.reasons
    review = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    acted(
        town,
        WATER,
        at_work,
        "requests/suspension",
        {"reason": next(iter(reasons[Ground.SUSPENSION])), "review": review},
    )
    whistled(town)
    whole.boards.catch_up()
    return town


def whistled(town: Hall) -> dict[str, Any]:
    case = logged_case(town, WORKER, category="0406", place=GRID, source="patrol", summary="楼前积水（虚构）")
    return acted(town, LEADER, case, "whistles", {"plea": PLEA})


def assigned(town: Hall) -> dict[str, Any]:
    return acted(town, DISPATCHER, whistled(town), "assignments", {"lead": "water"})


def small_targets(page: Page) -> list[str]:
    """Buttons, and links that stand by themselves, that a finger would miss."""
    found: list[str] = page.evaluate(
        """least => [...document.querySelectorAll('main .button, main button, main .tiles a, main input[type=range]')]
        .filter(one => one.checkVisibility())
        .filter(one => one.getBoundingClientRect().height < least)
        .map(one => one.outerHTML.slice(0, 90))""",
        SMALLEST_TARGET,
    )
    return found


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("path", [BOARD, "/cases?overdue=yes"])
def test_it_is_accessible_and_fits(busy: Hall, language: str, dark: bool, path: str) -> None:
    others = ((ARBITER, (PHONE,)), (SUPERVISOR, (DESK,))) if path == BOARD and not dark else ()
    for who, sizes in ((DISPATCHER, (SMALL, PHONE, TABLET, DESK)), *others):
        for size in sizes:
            page = busy.window(who, size=size, language=language, dark=dark)
            page.goto(path)
            assert not scrolls_sideways(page), (who, size)
            assert small_targets(page) == [], (who, size)
            if size in (PHONE, DESK):
                page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
                assert axe(page) == [], (who, size)
                assert not scrolls_sideways(page), (who, size, "opened")


def test_every_section_can_be_patched_by_its_name(busy: Hall) -> None:
    page = busy.window(DISPATCHER)
    page.goto(BOARD)
    named = [one.get_attribute("id") for one in page.locator("main > section").all()]
    assert len(named) == len(set(named)) == 9 and all(named)


@pytest.mark.parametrize("script", [True, False])
def test_a_whistle_is_dispatched_with_one_tap(busy: Hall, script: bool) -> None:
    case = whistled(busy)
    busy.whole.boards.catch_up()
    page = busy.window(DISPATCHER, size=PHONE, language="en-GB", script=script)
    page.goto(BOARD)
    number = busy.office.get(DISPATCHER, f"/cases/{case['case']}").json()["number"]
    card = page.locator("#to_dispatch article", has_text=number)
    card.get_by_role("button", name="Assign as proposed").click()
    expect(page.locator("#done")).to_contain_text("Done: assign departments")
    expect(page.locator("#done")).to_contain_text(number)
    expect(page.locator("#to_dispatch article", has_text=number)).to_have_count(0)


def test_other_departments_are_chosen_on_the_card(busy: Hall) -> None:
    case = whistled(busy)
    busy.whole.boards.catch_up()
    page = busy.window(DISPATCHER, language="en-GB")
    page.goto(BOARD)
    number = busy.office.get(DISPATCHER, f"/cases/{case['case']}").json()["number"]
    card = page.locator("#to_dispatch article", has_text=number)
    card.locator("summary", has_text="Choose others").click()
    card.get_by_label("Lead department").select_option("roads")
    for box in card.get_by_role("checkbox", checked=True).all():
        box.uncheck()
    card.get_by_role("button", name="Assign departments").click()
    expect(page.locator("#done")).to_contain_text(number)
    found = busy.office.get(DISPATCHER, f"/cases/{case['case']}").json()
    assert (found["state"], [one["unit"] for one in found["assignments"]]) == ("assigned", ["roads"])


def test_the_slider_says_where_it_is_on_the_board_of_now(busy: Hall) -> None:
    page = busy.window(SUPERVISOR, language="en-GB")
    page.goto(BOARD)
    said = page.locator("#slider output")
    before = said.inner_text()
    page.get_by_label("As it stood at").press("Home")
    expect(said).not_to_have_text(before)
    month_ago = datetime.now(busy.whole.law.calendar.tz) - timedelta(days=30)
    expect(said).to_contain_text(f"{month_ago:%Y-%m-%d}")
