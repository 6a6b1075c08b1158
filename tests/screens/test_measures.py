"""Rates and times in a real browser: defined where they are shown, and each number opens the list of exactly its cases."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from domain.actors import Role
from tests.screens.hall import DESK, Hall, Who, axe, scrolls_sideways

CASES = 120  # of the month behind the hall
KEPT = Path(__file__).parents[2] / "build" / "measures"
SUPERVISOR, LEADER = (Role.SUPERVISOR, "540102"), (Role.STREET_LEADER, "540102002")
CLERK = (Role.DEPARTMENT_CLERK, "urban_management")
SEEN = [
    (SUPERVISOR, "/figures?period=all"),
    (SUPERVISOR, "/figures/in_time?by=street&period=all"),
    (SUPERVISOR, "/figures/composite?by=department&period=all"),
    (SUPERVISOR, "/figures/resolve?by=department&period=all"),
    (LEADER, "/figures/response?by=department"),
    (CLERK, "/figures/return?period=all&cohort=closed"),
]


@pytest.mark.parametrize(("who", "path"), SEEN)
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_they_can_be_read_by_everybody(town: Hall, who: Who, path: str, language: str) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    for dark in (False, True):
        page = town.window(who, language=language, dark=dark)
        page.goto(path)
        assert axe(page) == []
        for width in (360, 768, DESK[0]):
            page.set_viewport_size({"width": width, "height": 900})
            assert not scrolls_sideways(page), width
            name = re.sub(r"\W+", "-", f"{language[:2]} {path} {'dark' if dark else 'light'} {width}")
            page.screenshot(path=KEPT / f"{name}.png", full_page=True)
        page.context.close()


def behind(page: Page) -> int:
    """How many cases the list says it has, and what it is of."""
    said = page.locator("#behind").inner_text()
    (n,) = re.findall(r"(\d+) cases$", said)
    return int(n)


@pytest.mark.parametrize("script", [True, False])
def test_a_number_opens_the_list_of_exactly_its_cases(town: Hall, script: bool) -> None:
    page = town.window(SUPERVISOR, language="en-GB", script=script)
    page.goto("/figures/in_time?by=street&period=all")
    expect(page.locator("#definition")).to_contain_text("the result came by the deadline as it was extended")
    row = page.locator("#units tbody tr").filter(has=page.locator("td[data-label='Counted'] a")).first
    for column in ("Counted", "Of"):
        number = row.locator(f"td[data-label='{column}'] a")
        wanted = int(number.inner_text())
        number.click()
        expect(page.locator("h1")).to_have_text("Cases")
        assert behind(page) == wanted > 0
        assert page.locator("#found tbody tr").count() == min(wanted, 50)
        page.go_back()


def test_a_street_sees_its_own_and_another_s_figures_are_nowhere(town: Hall) -> None:
    page = town.window(LEADER, language="en-GB")
    page.goto("/figures?period=all")
    total = int(page.locator("tr", has_text="Whistles").first.locator("td[data-label='Of'] a").inner_text())
    page.goto("/figures/whistle?by=street&period=all")
    assert page.locator("#units tbody tr").count() == 1
    assert int(page.locator("#units td[data-label='Of'] a").inner_text()) == total
    for path in ("/figures?of=540102003", "/figures?of=540102", "/figures/nothing", "/figures/in_time?period=never"):
        answer = page.request.get(path, headers={"Accept": "text/html"})
        assert answer.status == 404, path


def test_the_choices_lead_on(town: Hall) -> None:
    page = town.window(SUPERVISOR, language="en-GB")
    page.goto("/boards/district")
    page.get_by_role("link", name="By month and by figure").click()
    page.get_by_label("By", exact=True).select_option("department")
    page.get_by_label("Period", exact=True).select_option("all")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("by=department.*period=all"))
    page.get_by_text("Another figure").click()
    page.get_by_role("link", name="Returns", exact=True).click()
    expect(page.locator("h1")).to_contain_text("Returns")
    expect(page).to_have_url(re.compile("/figures/return.*period=all"))
    page.get_by_text("The same as a table").click()
    assert page.locator("details tbody tr").count() == 12
