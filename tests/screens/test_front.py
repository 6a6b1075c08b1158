"""The front: a newcomer steps into a role and lands on their work, with and without script."""

import pytest
from playwright.sync_api import expect

from tests.screens.hall import DESK, PHONE, Hall, axe, scrolls_sideways


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("dark", [False, True])
def test_the_front_is_accessible_and_fits(town: Hall, language: str, dark: bool) -> None:
    for size in (PHONE, DESK):
        page = town.window(size=size, language=language, dark=dark)
        page.goto("/")
        assert not scrolls_sideways(page) and axe(page) == []


@pytest.mark.parametrize("script", [True, False])
def test_a_newcomer_steps_into_a_role(town: Hall, script: bool) -> None:
    page = town.window(language="en-GB", script=script)
    page.goto("/")
    page.get_by_role("button", name="grid worker").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("grid")
    expect(page.locator(".who")).to_contain_text("grid worker")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
