"""Any moment again in a real browser: sliders of case, street and district, with and without script; it fits, it is accessible."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.api.people import CLERK, DISPATCHER, GRID, LEADER, PLEA, STREET, WATER, WORKER
from tests.screens.hall import DESK, PHONE, Hall, acted, axe, logged_case, scrolls_sideways
from tests.screens.test_district import SMALL, small_targets

CASES = 60  # of the month behind the hall
DISTRICT_BOARD, STREET_BOARD = "/boards/district", f"/boards/streets/{STREET}"
PLACES = {
    DISTRICT_BOARD: DISPATCHER,
    STREET_BOARD: CLERK,
    f"/boards/grids/{GRID}": WORKER,
    "/boards/departments/water": WATER,
    "/boards/departments/water/figures": WATER,
    f"{STREET_BOARD}/figures": CLERK,
    "/cases": CLERK,
}


@pytest.fixture(scope="module")
def acted_on(town: Hall) -> dict[str, Any]:
    """A case that has come some way."""
    case = logged_case(town, WORKER, category="0406", place=GRID, source="patrol", summary="楼前积水（虚构）")
    case = acted(town, LEADER, case, "whistles", {"plea": PLEA})
    case = acted(town, DISPATCHER, case, "assignments", {"lead": "water"})
    case = acted(town, WATER, case, "assignments/water/report-in", {"on_the_spot": True})
    town.whole.boards.catch_up()
    found: dict[str, Any] = town.office.get(DISPATCHER, f"/cases/{case['case']}").json()
    return found


def days_ago(days: float) -> str:
    return f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("dark", [False, True])
def test_every_page_of_the_past_is_accessible_and_fits(
    town: Hall, acted_on: dict[str, Any], language: str, dark: bool
) -> None:
    asked = {f"{path}?as_of={days_ago(3)}": who for path, who in PLACES.items()}
    asked[f"/cases/{acted_on['number']}?entry=2"] = DISPATCHER
    for path, who in asked.items():
        for size in (SMALL, PHONE, DESK):
            page = town.window(who, size=size, language=language, dark=dark)
            page.goto(path)
            assert not scrolls_sideways(page), (path, size)
            assert small_targets(page) == [], (path, size)
            if size != SMALL:
                page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
                assert axe(page) == [], (path, size)


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_the_way_back_on_a_page_of_now_is_accessible(town: Hall, acted_on: dict[str, Any], language: str) -> None:
    for path, who in (*PLACES.items(), (f"/cases/{acted_on['number']}", DISPATCHER)):
        page = town.window(who, size=PHONE, language=language)
        page.goto(path)
        page.evaluate("document.querySelectorAll('details.look-back').forEach(one => { one.open = true })")
        assert axe(page) == [] and not scrolls_sideways(page), path


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("path", [DISTRICT_BOARD, STREET_BOARD])
def test_the_slider_of_a_board_leads_to_another_moment(
    town: Hall, acted_on: dict[str, Any], path: str, script: bool
) -> None:
    page = town.window(PLACES[path], language="en-GB", script=script)
    page.goto(f"{path}?as_of={days_ago(2)}")
    shown = page.locator("#stood-title time")
    before = shown.inner_text()
    expect(page.locator("main form[method=post]")).to_have_count(0)
    page.get_by_label("As it stood at", exact=False).first.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    if not script:
        page.get_by_role("button", name="Show").first.click()
    expect(shown).not_to_have_text(before)
    expect(shown).to_have_text(page.locator("#slider output").inner_text())
    assert "as_of=" in page.url
    earlier = shown.inner_text()
    page.get_by_role("link", name="◀ day").click()
    expect(shown).not_to_have_text(earlier)
    page.get_by_label("Or at this moment").fill(f"{datetime.now(town.whole.law.calendar.tz):%Y-%m-%dT00:00}")
    page.get_by_role("button", name="Show").last.click()
    expect(shown).to_have_text(f"{datetime.now(town.whole.law.calendar.tz):%Y-%m-%d} 00:00")
    page.get_by_role("link", name="Back to now").click()
    expect(page.locator("#stood-title")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False])
def test_the_slider_of_a_case_stops_at_its_entries(town: Hall, acted_on: dict[str, Any], script: bool) -> None:
    page = town.window(DISPATCHER, language="en-GB", script=script)
    page.goto(f"/cases/{acted_on['number']}")
    expect(page.locator("h1 .tag")).to_have_text("in progress")
    page.locator("summary", has_text="As it stood before").click()
    range_of = page.locator("#slider-range")
    range_of.focus()
    page.keyboard.press("Home")
    page.get_by_role("button", name="Show").first.click()
    tag = page.locator("h1 .tag")
    expect(tag).to_have_text("logged")
    expect(page.locator(".timeline > li")).to_have_count(1)
    expect(page.locator("main form[method=post]")).to_have_count(0)
    page.get_by_role("link", name="step ▶").click()
    expect(tag).to_contain_text("whistled")
    page.locator("#slider-range").focus()
    page.keyboard.press("ArrowRight")
    if not script:
        page.get_by_role("button", name="Show").first.click()
    expect(tag).to_have_text("assigned")
    page.get_by_role("link", name="Back to now").click()
    expect(tag).to_have_text("in progress")
    expect(page.locator("#actions")).to_be_visible()


def test_on_a_page_of_now_the_slider_says_where_it_is_once_it_is_opened(town: Hall) -> None:
    page = town.window(CLERK, language="en-GB")
    page.goto(STREET_BOARD)
    page.locator("summary", has_text="As it stood before").click()
    said = page.locator("#slider output")
    before = said.inner_text()
    page.wait_for_load_state("networkidle")
    page.locator("#slider-range").press("Home")
    expect(said).not_to_have_text(before)
    month_ago = datetime.now(town.whole.law.calendar.tz) - timedelta(days=30)
    expect(said).to_contain_text(f"{month_ago:%Y-%m-%d}")
