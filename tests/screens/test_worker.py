"""The grid worker's phone: few taps from finding to logged, from looking to verified; small, installable, without script too."""

import gzip
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Response, Route, expect

from domain.actors import Role
from tests.adapters.photos.making import taken
from tests.api.people import GRID, LEADER, WATER, WORKER
from tests.api.test_logging import BESIDE, with_a_map
from tests.screens.hall import DESK, PHONE, TABLET, Hall, axe, logged_case, scrolls_sideways
from tests.screens.test_offline import PHOTO, cases, photos, rows

BOARD = f"/boards/grids/{GRID}"
CLERK = (Role.STREET_CLERK, "540102002")
LIGHTEST = 25_000  # bytes


class Hand:
    """A thumb that counts its taps; what is typed or photographed is no tap of ours."""

    def __init__(self) -> None:
        """Nothing was tapped yet."""
        self.taps = 0

    def tap(self, where: Locator) -> None:
        where.tap()
        self.taps += 1


@pytest.fixture
def words() -> str:
    """Words by which a case is found again."""
    return f"rubbish {uuid4().hex[:8]}"


def resolved(town: Hall, words: str) -> dict[str, Any]:
    """A case whose result the worker is to verify."""
    case = logged_case(town, WORKER, category="0102", place=GRID, source="patrol", summary=words)
    plea = {"kind": "key_work", "why": "w", "tried": "t"}
    for who, path, said in (
        (LEADER, "whistles", {"plea": plea}),
        ((Role.DISPATCHER, "540102"), "assignments", {"lead": "water"}),
        (WATER, "assignments/water/acknowledgement", {}),
        (WATER, "assignments/water/report-in", {"on_the_spot": True}),
        (WATER, "result", {"done": "cleared", "reply": "r"}),
    ):
        case = town.office.act(who, case, path, said)
    town.whole.boards.catch_up()
    return case


# --- taps


@pytest.mark.parametrize("again", [False, True])
def test_a_case_is_logged_in_six_taps_plus_words(town: Hall, words: str, again: bool) -> None:
    page, hand = town.window(WORKER, size=PHONE, language="en-GB", touch=True), Hand()
    for turn in range(1 + again):
        page.goto(BOARD)
        hand.taps = 0
        hand.tap(page.get_by_role("link", name="Log a case"))
        expect(page.locator("input[role=combobox]")).to_be_visible()  # in place of the list
        if turn:
            hand.tap(page.get_by_role("button", name="exposed rubbish"))  # used lately
        else:
            hand.tap(page.get_by_role("combobox", name="Category"))
            page.keyboard.type("rubb")
            hand.tap(page.get_by_role("option", name="exposed rubbish"))
        with page.expect_file_chooser() as chooser:
            hand.tap(page.get_by_text("Take or choose photos"))
        chooser.value.set_files([PHOTO])  # type: ignore[list-item]  # a payload
        expect(page.get_by_alt_text("Photo 1")).to_be_visible()
        hand.tap(page.get_by_label("Summary"))
        page.keyboard.type(f"{words} {turn}")
        hand.tap(page.get_by_role("button", name="Log it"))
        expect(rows(page)).to_contain_text(["Logged:"])
        (case,) = cases(town, f"{words} {turn}")
        assert hand.taps == 6 - turn and case["grid"] == GRID and photos(town, case) == 1


def test_a_result_is_verified_in_two_taps_from_the_start(town: Hall, words: str) -> None:
    case = resolved(town, words)
    page, hand = town.window(WORKER, size=PHONE, language="en-GB", touch=True), Hand()
    page.goto("/flow")
    hand.tap(page.get_by_role("link", name="My work"))
    expect(page.get_by_role("heading", name="To verify")).to_be_visible()
    hand.tap(page.locator("li", has_text=words).get_by_role("button", name="Pass the verification").first)
    expect(page.get_by_role("status").first).to_contain_text("Done")
    assert hand.taps == 2 and town.whole.casework.case(UUID(case["case"])).state == "verified"


# --- weight, and an app


def test_the_worker_s_page_is_light_on_a_cold_start(town: Hall, words: str) -> None:
    resolved(town, words)
    for n in range(6):
        logged_case(town, WORKER, category="0406", place=GRID, source="patrol", summary=f"{words} {n}")
    for path in (BOARD, "/log"):
        found = weight(town, path)
        assert {"document", "pages.css", "outbox.js"} <= {
            url.rsplit("/", 1)[1] if "/static/" in url else "document" for url in found
        }
        assert all(found.values()) and sum(found.values()) <= LIGHTEST, found


def weight(town: Hall, path: str) -> dict[str, int]:
    """Bytes by address of what a browser without a cache gets for a page, compressed as it comes over the line."""
    page, answers = town.window(WORKER, size=PHONE), list[Response]()
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - playwright wants a function
    page.goto(path, wait_until="networkidle")
    shown = [a for a in answers if a.request.resource_type in ("document", "stylesheet", "script")]
    return {answer.url: len(gzip.compress(answer.body(), 9)) for answer in shown if "/sw.js" not in answer.url}


def test_it_can_be_installed(town: Hall) -> None:
    page = town.window(WORKER, size=PHONE)
    page.goto(BOARD)
    page.evaluate("navigator.serviceWorker.ready")
    asked = page.context.new_cdp_session(page)
    assert asked.send("Page.getAppManifest")["errors"] == []
    found = asked.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one["errorId"] for one in found if one["errorId"] != "in-incognito"] == []


# --- looks


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("dark", [False, True])
def test_its_pages_are_accessible_and_fit(town: Hall, words: str, language: str, dark: bool) -> None:
    resolved(town, words)
    for size in ((360, 740), PHONE, TABLET, DESK):
        page = town.window(WORKER, size=size, language=language, dark=dark)
        page.goto(BOARD)
        assert not scrolls_sideways(page) and axe(page) == []
        page.goto("/log")
        page.get_by_role("combobox").first.click()
        assert not scrolls_sideways(page) and axe(page) == []
        page.get_by_role("listbox").get_by_role("option").nth(1).click()
        page.locator("#log-photo").set_input_files([PHOTO])  # type: ignore[list-item]  # a payload
        expect(page.locator("#log-photos img")).to_be_visible()
        expect(page.locator("#log-near .near")).to_be_visible()
        assert not scrolls_sideways(page) and axe(page) == []


# --- the form, with script


def opened(town: Hall, **more: Any) -> Page:
    page = town.window(WORKER, size=PHONE, language="en-GB", **more)
    page.goto("/log")
    return page


def test_a_category_is_found_by_keyboard_alone(town: Hall) -> None:
    page = opened(town)
    box = page.get_by_role("combobox", name="Category")
    box.focus()
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(
        len([c for c in town.whole.law.taxonomy.by_code.values() if c.is_leaf])
    )
    page.keyboard.type("no such thing")
    expect(page.get_by_text("No such category")).to_be_visible()
    expect(page.get_by_role("listbox")).to_be_hidden()
    box.fill("water")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator('[role="option"][aria-selected="true"]')).to_have_count(1)
    wanted = page.locator('[role="option"][aria-selected="true"]').evaluate("one => one.firstChild.data")
    page.keyboard.press("Enter")
    expect(box).to_have_value(wanted)
    expect(page.get_by_role("listbox")).to_be_hidden()
    assert page.locator("#log-category-chosen").input_value()
    box.fill("nothing of the kind")
    assert page.locator("#log-category-chosen").input_value() == ""
    page.get_by_role("button", name="Log it").click()
    assert page.evaluate("document.activeElement.validationMessage") == "Choose a category from the list."


def test_what_was_used_lately_is_each_user_s_own(town: Hall, words: str) -> None:
    page = opened(town)
    page.get_by_role("combobox", name="Category").fill("graffiti posters"[9:])
    page.get_by_role("option", name="illegal posters").click()
    page.get_by_label("Summary").fill(words)
    page.get_by_role("button", name="Log it").click()
    expect(rows(page)).to_contain_text(["Logged:"])
    expect(page.get_by_role("button", name="illegal posters")).to_be_visible()
    town.sign_in(page.context, CLERK)
    page.goto("/log")
    expect(page.get_by_role("combobox", name="Category")).to_be_visible()
    assert page.get_by_role("button", name="illegal posters").count() == 0


def test_what_is_near_is_shown_before_sending(town: Hall, words: str) -> None:
    case = logged_case(town, WORKER, category="0110", place=GRID, source="patrol", summary=words)
    page = opened(town)
    page.get_by_role("combobox", name="Category").fill("lamp")
    page.get_by_role("option", name="street lamp out").click()
    expect(page.locator("#log-near")).to_contain_text(case["number"])
    page.get_by_role("combobox", name="Category").fill("lift")
    page.get_by_role("option", name="lift out of order").click()
    expect(page.locator("#log-near")).not_to_contain_text(case["number"])


def test_at_most_five_photos_each_drawn_smaller(town: Hall) -> None:
    page = opened(town)
    large = {**PHOTO, "buffer": taken((3000, 4000))}
    page.locator("#log-photo").set_input_files([large, PHOTO, PHOTO])  # type: ignore[list-item]  # payloads
    expect(page.locator("#log-photos img")).to_have_count(3)
    page.locator("#log-photo").set_input_files([PHOTO] * 3)  # type: ignore[list-item]  # payloads
    expect(page.locator("#log-photos img")).to_have_count(5)
    expect(page.get_by_text("Five photos at most.")).to_be_visible()
    drawn = page.locator("#log-photos img").first
    expect(drawn).to_have_js_property("naturalWidth", 1536)
    expect(drawn).to_have_js_property("naturalHeight", 2048)
    page.get_by_role("button", name="Remove photo 1").click()
    expect(page.locator("#log-photos img")).to_have_count(4)


def test_the_form_says_that_photos_do_not_go_to_the_grid_beside(town: Hall, words: str) -> None:
    page = opened(town)
    page.get_by_role("combobox", name="Category").fill("lift")
    page.get_by_role("option", name="lift out of order").click()
    page.get_by_label("Place").select_option(BESIDE)
    expect(page.locator("#log-photo-said")).to_contain_text("photos cannot go with it")
    page.get_by_label("Summary").fill(words)
    page.locator("#log-photo").set_input_files([PHOTO])  # type: ignore[list-item]  # a payload
    page.get_by_role("button", name="Log it").click()
    expect(page.locator("#log-said")).to_contain_text("photos cannot go with it")
    page.get_by_role("button", name="Remove photo 1").click()
    page.get_by_role("button", name="Log it").click()
    expect(rows(page)).to_contain_text(["Logged:"])
    assert rows(page).get_by_role("link").count() == 0 and len(cases(town, words)) == 1


def test_a_position_pre_fills_the_place_and_is_dropped(town: Hall, words: str, tmp_path: Path) -> None:
    town.whole.editions.load(with_a_map(tmp_path / "district"), datetime.now(UTC))
    here, away = {"latitude": 29.65, "longitude": 91.15}, {"latitude": 1.0, "longitude": 1.0}
    page = opened(town, geolocation=here, permissions=["geolocation"])
    page.get_by_label("Place").select_option(BESIDE)
    page.get_by_role("button", name="Use my position").click()
    expect(page.get_by_label("Place")).to_have_value(GRID)
    expect(page.locator("#log-place-said")).to_contain_text("The position itself is not kept")
    far = opened(town, geolocation=away, permissions=["geolocation"])
    far.get_by_role("button", name="Use my position").click()
    expect(far.locator("#log-place-said")).to_contain_text("choose a place by hand")
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.post_data or "") if r.method == "POST" else None)
    page.get_by_role("combobox", name="Category").fill("lift")
    page.get_by_role("option", name="lift out of order").click()
    page.get_by_label("Summary").fill(words)
    page.get_by_role("button", name="Log it").click()
    expect(rows(page)).to_contain_text(["Logged:"])
    assert sent and not any("29.65" in body or "lat" in body.split("summary")[0] for body in sent)
    stored = page.evaluate("JSON.stringify(localStorage)")
    assert "29.65" not in stored and "91.15" not in stored


# --- the form, without


def test_without_script_it_is_a_plain_form_with_photos(town: Hall, words: str) -> None:
    page = town.window(WORKER, size=PHONE, language="en-GB", script=False)
    page.goto(BOARD)
    page.get_by_role("link", name="Log a case").click()
    page.get_by_label("Category").select_option("0202")
    page.get_by_label("Photos").set_input_files([PHOTO])  # type: ignore[list-item]  # a payload
    page.get_by_label("Summary").fill(words)
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("status").first).to_contain_text("Done")
    (case,) = cases(town, words)
    assert photos(town, case) == 1
    page.goto("/log")
    page.get_by_label("Category").select_option("0202")
    page.get_by_label("Summary").fill(f"{words} again")
    page.get_by_role("button", name="Log it").click()
    expect(page.locator("#log-near")).to_contain_text(case["number"])
    expect(page.get_by_label("Summary")).to_have_value(f"{words} again")
    page.get_by_role("button", name="log it anyway").click()
    expect(page.get_by_role("status").first).to_contain_text("Done")
    assert len(cases(town, f"{words} again")) == 1


def test_the_plain_form_is_accessible_and_fits(town: Hall) -> None:
    """Axe is a script itself: the browser lets it run, and gets none of ours."""
    page, asked = town.window(WORKER, size=PHONE, language="en-GB"), list[str]()

    def nothing(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(content_type="text/javascript", body="")

    page.route("**/static/**/*.js*", nothing)
    page.goto("/log")
    expect(page.get_by_label("Category")).to_have_js_property("tagName", "SELECT")
    assert asked and not scrolls_sideways(page) and axe(page) == []


def test_a_photo_as_it_is_kept_is_a_picture(town: Hall, words: str) -> None:
    page = opened(town)
    page.get_by_role("combobox", name="Category").fill("lift")
    page.get_by_role("option", name="lift out of order").click()
    page.get_by_label("Summary").fill(words)
    page.locator("#log-photo").set_input_files([{**PHOTO, "buffer": taken((2600, 1300))}])  # type: ignore[list-item]
    expect(page.get_by_alt_text("Photo 1")).to_be_visible()
    page.get_by_role("button", name="Log it").click()
    expect(rows(page)).to_contain_text(["Logged:"])
    (case,) = cases(town, words)
    kept = town.whole.photos.of(UUID(case["case"]))[0]
    raw = town.whole.photos.read(UUID(case["case"]), kept.id)
    assert raw and Image.open(BytesIO(raw)).size == (2048, 1024)
