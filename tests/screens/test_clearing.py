"""Clearing in a real browser: boxes by pointer, by keyboard and without script; and what is said while somebody writes."""

from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from adapters.photos import Box
from api.clearing import public_copy
from tests.adapters.photos.making import saved
from tests.adapters.photos.test_blacking_out import is_black
from tests.api.people import CLERK, GRID, STREET, WORKER
from tests.api.test_photos import added
from tests.screens.hall import DESK, PHONE, Hall, axe, logged_case, scrolls_sideways

KEPT = Path(__file__).parents[2] / "build" / "screens"
TOLD = "Mr. Wang, 13800138000, says that it leaks"


def photographed(town: Hall, **said: str) -> str:
    """A case with a light photo."""
    case: str = logged_case(town, WORKER, category="0406", place=GRID, source="patrol", **said)["case"]
    drawn = Image.linear_gradient("L").resize((800, 600)).point(lambda grey: 120 + grey // 2).convert("RGB")
    added(town.office, WORKER, case, saved(drawn, "JPEG"))
    return case


def at_photo(town: Hall, case: str, **window: object) -> Page:
    page = town.window(CLERK, language="en-GB", **window)  # type: ignore[arg-type]
    page.goto(f"/cases/{case}/clearing/1")
    expect(page.locator(".darkroom img")).to_have_js_property("complete", value=True)
    return page


def copy_of(town: Hall, case: str) -> bytes:
    return public_copy(town.whole, town.whole.casework.case(UUID(case)), 1) or b""


def drags(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """From one place of the photo to another, in hundredths."""
    paper = page.locator(".darkroom svg")
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    assert box
    places = [(box["x"] + box["width"] * x / 100, box["y"] + box["height"] * y / 100) for x, y in (start, end)]
    page.mouse.move(*places[0])
    page.mouse.down()
    page.mouse.move(*places[1], steps=4)
    page.mouse.up()


def test_a_box_is_drawn_by_pointer_and_burned_in(town: Hall) -> None:
    case = photographed(town)
    page = at_photo(town, case)
    drags(page, (10, 20), (40, 60))
    expect(page.locator(".darkroom rect")).to_have_count(1)
    expect(page.get_by_label("From the left, %")).to_have_value("10")
    page.get_by_role("button", name="Clear the copy for everybody").click()
    expect(page.locator("#done")).to_contain_text("Done: clear a photo for everybody.")
    assert is_black(copy_of(town, case), Box(11, 21, 28, 38)) and not is_black(copy_of(town, case), Box(50, 70, 10, 10))


def test_a_box_is_made_and_moved_by_keyboard(town: Hall) -> None:
    case = photographed(town)
    page = at_photo(town, case)
    page.get_by_role("button", name="Add a box").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("From the left, %")).to_be_focused()
    page.keyboard.type("0")
    page.get_by_label("From the left, %").fill("0")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".darkroom rect")).to_have_attribute("x", "1")
    page.get_by_role("button", name="Take it out").press("Enter")
    expect(page.locator(".darkroom rect")).to_have_count(0)
    expect(page.get_by_role("button", name="Add a box")).to_be_focused()
    page.get_by_label("I have looked").check()
    page.get_by_role("button", name="Clear the copy for everybody").press("Enter")
    expect(page.locator("#done")).to_contain_text("Done")
    assert copy_of(town, case)


def test_without_script_numbers_are_given_and_shown_first(town: Hall) -> None:
    case = photographed(town)
    page = at_photo(town, case, script=False)
    page.get_by_role("button", name="Clear the copy for everybody").click()
    expect(page.get_by_role("alert")).to_contain_text("Black out what is nobody")
    town.faults.clear()  # the browser says of itself that this was a 422
    for label, value in (("From the left", "5"), ("From the top", "5"), ("Wide", "50"), ("High", "50")):
        page.get_by_label(label).first.fill(value)
    page.get_by_role("button", name="Show me").click()
    expect(page.locator(".darkroom rect")).to_have_count(1)
    page.get_by_role("button", name="Clear the copy for everybody").click()
    assert is_black(copy_of(town, case), Box(5, 5, 50, 50))


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [(360, 740), PHONE, DESK])
def test_it_fits_and_axe_finds_nothing(town: Hall, size: tuple[int, int], dark: bool, language: str) -> None:
    case = photographed(town, summary=TOLD)
    page = town.window(CLERK, size=size, dark=dark, language=language)
    look = "dark" if dark else "light"
    KEPT.mkdir(parents=True, exist_ok=True)
    page.goto(f"/cases/{case}")
    assert axe(page) == [] and not scrolls_sideways(page)
    page.locator("mark").scroll_into_view_if_needed()
    page.screenshot(path=KEPT / f"marks-{language}-{size[0]}-{look}.png", full_page=True)
    page.goto(f"/cases/{case}/clearing/1")
    drags(page, (20, 20), (50, 50))
    assert axe(page) == [] and not scrolls_sideways(page)
    page.screenshot(path=KEPT / f"clearing-{language}-{size[0]}-{look}.png", full_page=True)


def test_while_it_is_written_it_is_said_and_the_form_comes_back_once(town: Hall) -> None:
    case = logged_case(town, WORKER, category="0406", place=GRID, source="patrol")
    page = town.window(CLERK, language="en-GB")
    page.goto(f"/cases/{case['case']}")
    page.get_by_text("More").first.click()
    act = page.locator("#do-Urge")
    act.locator("summary").click()
    act.get_by_role("textbox").fill(TOLD)
    expect(act.locator("output.may-tell")).to_contain_text("It looks like a phone number: 13800138000.")
    assert axe(page) == []
    page.screenshot(path=KEPT / "writing.png", full_page=True)
    act.get_by_role("button").first.click()
    expect(page.get_by_role("alert")).to_contain_text("Please look once more")
    town.faults.clear()  # the browser says of itself that this was a 422
    assert axe(page) == []
    page.screenshot(path=KEPT / "warned.png", full_page=True)
    page.get_by_role("button", name="Write it all the same").click()
    expect(page.locator("#done")).to_contain_text("Done: urge.")
    expect(page.locator("mark")).to_have_text("13800138000")
    page.goto(f"/boards/streets/{STREET}")
    listed = page.get_by_role("region", name="May hold personal data")
    assert axe(page) == []
    page.screenshot(path=KEPT / "marked.png", full_page=True)
    listed.get_by_role("row", name=case["number"]).get_by_role("link", name="Say that the words are fine").click()
    expect(page.get_by_role("button", name="Say that the words are fine")).to_be_in_viewport()
    page.get_by_role("button", name="Say that the words are fine").click()
    expect(page.locator("mark")).to_have_count(0)
