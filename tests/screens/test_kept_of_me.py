"""What is kept of somebody, and their contact erased: in both languages, light and dark, at every width, without script."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.screens.hall import DESK, PHONE, Hall, axe, scrolls_sideways
from tests.screens.test_every_page import FOREIGN, LOOKS, WIDTHS
from tests.screens.test_resident import GRID, PHOTO, a_fresh_day

__all__ = ["a_fresh_day"]
KEPT = Path(__file__).parents[2] / "build" / "screens"


def reported(page: Page) -> str:
    """With a name, a number and a photo; the receipt's address."""
    page.goto(f"/report?place={GRID}&category=0110&lang=en")
    page.get_by_label("What is the matter?").fill("Dark for three days.\nThe third lamp from the corner.")
    page.get_by_label("Your name").fill("Somebody")
    page.get_by_label("Phone").fill("000")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("link", name="See where it stands").click()
    page.locator("#do-AddPhoto summary").click()
    page.get_by_label("Choose photos").set_input_files([PHOTO])  # type: ignore[list-item]  # as the library takes it
    page.get_by_role("button", name="Send", exact=True).click()
    return page.url.split("?")[0]


def looked(page: Page, name: str) -> Iterator[str]:
    """What is wrong with a page at every width; two pictures of it are kept."""
    yield from axe(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if scrolls_sideways(page):
            yield f"scrolls sideways at {width}"
        if width in (WIDTHS[0], WIDTHS[-1]):
            page.screenshot(path=KEPT / f"{name}-{width}.png", full_page=True)


@pytest.mark.parametrize(("language", "dark"), LOOKS)
def test_it_is_right_for_everybody(town: Hall, language: str, dark: bool) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    page = town.window(size=DESK, language=language, dark=dark)
    mine, lang = reported(page), language[:2]
    faults = list[str]()
    for name, path in (("privacy", "/privacy"), ("kept", f"{mine}/kept"), ("mine", mine)):
        page.goto(f"{path}?lang={lang}")
        if name == "mine":
            page.locator("#do-EraseContact summary").click()
        faults += [f"{name}: {one}" for one in looked(page, f"{name}-{lang}-{'dark' if dark else 'light'}")]
        faults += page.evaluate(FOREIGN) if lang == "en" else []
    assert faults == []


@pytest.mark.parametrize("script", [True, False])
def test_a_contact_is_erased_on_a_phone(town: Hall, script: bool) -> None:
    page = town.window(size=PHONE, language="en-GB", script=script)
    mine = reported(page)
    page.goto(mine)
    page.locator("#do-EraseContact summary").click()
    expect(page.get_by_text("nobody will call you or write to you about this any more")).to_be_visible()
    page.get_by_label("I understand").check()
    page.get_by_role("button", name="Yes, erase it").click()
    expect(page.get_by_text("Your contact is erased.").first).to_be_visible()
    expect(page.locator("#do-EraseContact")).to_have_count(0)
    page.get_by_role("link", name="Everything that is kept about this report").click()
    expect(page.get_by_text("erased: nobody can read it any more").first).to_be_visible()
    expect(page.get_by_text("Dark for three days.")).to_be_visible()
    assert not scrolls_sideways(page)
