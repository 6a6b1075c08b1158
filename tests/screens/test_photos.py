"""Photos in a real browser: a worker takes one on a phone and sees it; another street's clerk finds nothing."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from domain.actors import Role
from tests.adapters.photos.making import exif, picture, saved, taken
from tests.api.people import CLERK, GRID, WORKER
from tests.screens.hall import DESK, PHONE, Hall, Who, axe, logged_case, scrolls_sideways

OTHER_CLERK = (Role.STREET_CLERK, "540102003")
PHOTO = taken((640, 480), exif=exif(orientation=6, gps=True))  # held upright
ADD = "Add photos"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "IMG_4711.jpg"
    path.write_bytes(PHOTO)
    return path


def at_case(town: Hall, who: Who, **window: object) -> Page:
    case = logged_case(town, WORKER, category="0406", place=GRID, source="patrol")
    page = town.window(who, language="en-GB", **window)  # type: ignore[arg-type]
    page.goto(f"/cases/{case['case']}")
    return page


def adds(page: Page, *photos: Path) -> None:
    page.get_by_label("Photos (at most").set_input_files(photos)
    page.get_by_role("button", name=ADD).click()


@pytest.mark.parametrize("script", [True, False])
def test_a_worker_adds_a_photo_on_a_phone_and_sees_it(town: Hall, photo: Path, *, script: bool) -> None:
    """With script and without."""
    page = at_case(town, WORKER, size=PHONE, touch=True, script=script)
    expect(page.get_by_text("There are no photos.")).to_be_visible()
    adds(page, photo)
    expect(page.locator("#done")).to_contain_text("Done: add a photo.")
    shown = page.get_by_role("img", name="Photo 1 of 1, added")
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("complete", value=True)
    expect(shown).to_have_js_property("naturalWidth", 480)  # turned as it was held
    assert not scrolls_sideways(page)


def test_another_street_s_clerk_finds_neither_case_nor_photo(town: Hall, photo: Path) -> None:
    page = at_case(town, WORKER, size=PHONE)
    adds(page, photo)
    address = page.get_by_role("img", name="Photo 1 of 1").get_attribute("src")
    assert address
    assert page.request.get(address).status == 200
    stranger = town.window(OTHER_CLERK, language="en-GB")
    for path in (address, page.url):
        assert stranger.request.get(path).status == 404
    nobody = town.window(language="en-GB")
    assert nobody.request.get(address, max_redirects=0).status == 303


def test_what_is_no_picture_is_said_at_the_field(town: Hall, photo: Path, tmp_path: Path) -> None:
    page = at_case(town, WORKER, size=PHONE)
    (tmp_path / "bill.pdf").write_bytes(b"%PDF-1.7 not a picture")
    said: list[int] = []
    page.on("response", lambda answer: said.append(answer.status) if answer.request.method == "POST" else None)
    adds(page, photo, tmp_path / "bill.pdf")
    expect(page.get_by_role("alert")).to_contain_text("File 2 is not a picture")
    assert said == [422]
    town.faults.clear()  # the console notes every 422
    page.get_by_role("alert").get_by_role("link").click()
    field = page.get_by_label("Photos (at most 5")
    expect(field).to_be_in_viewport()
    expect(field).to_have_accessible_description(
        "Of the matter, not of people. Where it was taken and the like is taken out; it is kept sealed. Error: File 2 is not a picture: send a JPEG, PNG or WebP. No photo was added."
    )
    assert axe(page) == [] and not scrolls_sideways(page)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_the_gallery_is_sound(town: Hall, photo: Path, tmp_path: Path, language: str, *, dark: bool) -> None:
    """A clerk's, who may clear: on every width, in both languages, light and dark."""
    case = logged_case(town, WORKER, category="0406", place=GRID, source="patrol")
    (tmp_path / "wide.png").write_bytes(saved(picture(size=(1200, 90)), "PNG"))
    for size in (PHONE, (360, 740), DESK):
        page = town.window(CLERK, size=size, language=language, dark=dark)
        page.goto(f"/cases/{case['case']}")
        page.locator("#photo").set_input_files([photo, tmp_path / "wide.png"])
        page.locator("#add-photos button").click()
        expect(page.locator(".gallery img").first).to_be_visible()
        page.locator(".gallery a.hand").first.click()
        expect(page).to_have_url(re.compile(r"/clearing/\d+$"))
        page.go_back()
        assert not scrolls_sideways(page)
        assert axe(page) == []
