"""The hotline desk in a browser: a usual call by keyboard alone, a duplicate urged, a question answered, and calling back."""

import re
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from domain.actors import Role
from tests.screens.hall import DESK, PHONE, TABLET, Hall, acted, axe, logged_case, scrolls_sideways

DISTRICT, STREET, GRID = "540102", "540102002", "540102002001001"
HOTLINE, WORKER, LEADER = (Role.HOTLINE, DISTRICT), (Role.GRID_WORKER, GRID), (Role.STREET_LEADER, STREET)
MOST_STOPS = 8
SMALLEST = (360, 740)
FOCUSED = "document.activeElement.name || document.activeElement.id || document.activeElement.tagName.toLowerCase()"


@pytest.fixture(scope="module")
def waits(town: Hall) -> list[dict[str, Any]]:
    """Two cases whose reporters wait for a call."""
    return [_verified(town, phone) for phone in ("13900000001", "13900000002")]


def _verified(town: Hall, phone: str) -> dict[str, Any]:
    said = {"category": "0607", "place": GRID, "source": "hotline", "summary": "屋顶漏水", "reporter": {"phone": phone}}
    case = logged_case(town, HOTLINE, **said)
    for who, path, more in (
        (LEADER, "handling", {}),
        (LEADER, "result", {"done": "修好了", "reply": "屋顶已经修好。"}),
        (WORKER, "verification", {"passed": True}),
    ):
        case = acted(town, who, case, path, more)
    return case


def _desk(town: Hall, **how: Any) -> Page:
    page = town.window(HOTLINE, language="en-GB", **how)
    page.goto("/hotline")
    return page


def _alt(page: Page, letter: str) -> None:
    """Alt and a letter, as a keyboard sends it: what drives the browser leaves out the letter, and no access key hears it."""
    keys = page.context.new_cdp_session(page)
    said = {"modifiers": 1, "key": letter, "code": f"Key{letter.upper()}", "windowsVirtualKeyCode": ord(letter.upper())}
    keys.send("Input.dispatchKeyEvent", {"type": "keyDown", "unmodifiedText": letter, **said})
    keys.send("Input.dispatchKeyEvent", {"type": "keyUp", **said})


def _stop(page: Page, stops: list[str]) -> None:
    page.keyboard.press("Tab")
    stops.append(page.evaluate(FOCUSED))


def test_a_usual_call_is_logged_by_keyboard_with_no_more_than_eight_stops(town: Hall) -> None:
    page = _desk(town)
    expect(page.get_by_role("combobox", name="Category")).to_be_focused()
    stops = ["call-category"]
    page.keyboard.type("heating")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="no heating")).to_have_attribute("aria-selected", "true")
    _stop(page, stops)
    page.keyboard.type("raosai grid 2")
    _stop(page, stops)
    page.keyboard.type("It has been cold since Monday, in the whole staircase")
    _stop(page, stops)
    page.keyboard.type("No heating in one staircase")
    _stop(page, stops)
    page.keyboard.type("Caller")
    _stop(page, stops)
    page.keyboard.type("13800000000")
    expect(page.locator("aside")).to_contain_text("Expected by")
    promised = page.locator("aside time").first.get_attribute("datetime")
    _stop(page, stops)
    _stop(page, stops)
    assert stops == [
        "call-category", "call-place", "narrative", "summary", "reporter.name", "reporter.phone", "summary", "button",
    ]  # fmt: skip  # the second "summary" is that of urgency and nature
    assert len(stops) <= MOST_STOPS
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Read out to the caller")).to_be_visible()
    assert page.locator(".aloud time").first.get_attribute("datetime") == promised
    expect(page.locator(".aloud")).to_contain_text("Bakuo Street")
    assert len(page.locator(".aloud .code").inner_text().replace("-", "")) == 26
    expect(page.get_by_role("combobox", name="Category")).to_be_focused()  # the next call
    expect(page.get_by_role("heading", name="Read out to the caller")).to_be_in_viewport()
    expect(page.locator(".aloud .code")).to_be_in_viewport()
    expect(page.get_by_role("combobox", name="Category")).to_have_value("")
    number = page.locator(".aloud a").inner_text()
    case = town.whole.casework.case(_case(town, number))
    assert (case.category, case.place.grid, case.source) == ("0604", "540102002001002", "hotline")
    assert case.summary == "No heating in one staircase" and case.wants_answer


def _case(town: Hall, number: str) -> Any:
    found = town.office.get(HOTLINE, "/cases", number=number).json()["cases"]
    assert len(found) == 1
    return UUID(found[0]["case"])


def test_the_next_call_does_not_push_away_what_is_read_out(town: Hall) -> None:
    case = logged_case(town, HOTLINE, category="0604", place=GRID, source="hotline", reporter={"phone": "1"})
    page = _desk(town, size=(1440, 600))
    page.goto(f"/hotline?did=LogCase&of={case['case']}")
    expect(page.get_by_role("combobox", name="Category")).to_be_focused()
    expect(page.get_by_role("heading", name="Read out to the caller")).to_be_in_viewport()


def test_what_is_read_out_and_chosen_stays_while_others_act(town: Hall) -> None:
    case = logged_case(town, HOTLINE, category="0604", place=GRID, source="hotline", reporter={"phone": "1"})
    page, other = _desk(town), town.window(LEADER)
    page.goto(f"/hotline?did=LogCase&of={case['case']}")
    page.evaluate("() => { new BroadcastChannel('live').onmessage = ({data}) => { window.told = data.position } }")
    other.goto(f"/boards/streets/{STREET}")
    page.keyboard.type("heating")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("raosai grid 2")
    page.keyboard.press("Tab")
    expect(page.locator("aside")).to_contain_text("Expected by")
    new = logged_case(town, LEADER, category="0406", place=STREET, source="counter")
    expect(other.locator(f'main tr:has(a[href*="{new["case"]}"])').first).to_be_visible()
    page.wait_for_function("position => window.told >= position", arg=new["position"])
    page.evaluate("fetch(location.pathname).then((answer) => answer.text())")  # as long as looking again would take
    expect(page.locator(".aloud .code")).to_be_visible()
    expect(page.locator(".aloud")).to_contain_text(case["number"])
    expect(page.locator("aside")).to_contain_text("Expected by")
    expect(page.get_by_role("combobox", name="Category")).to_have_value("no heating")
    expect(page.get_by_role("combobox", name="Place")).to_have_value(re.compile("Raosai.*2"))


def test_a_long_list_is_searched_by_keyboard(town: Hall) -> None:
    page, sent = _desk(town), list[str]()
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    box, list_ = page.get_by_role("combobox", name="Category"), page.get_by_role("listbox")
    page.keyboard.type("路灯")  # also by the other language's name
    expect(page.locator("[role=option]")).to_have_count(1)
    assert box.get_attribute("aria-expanded") == "true" and axe(page) == []
    active = box.get_attribute("aria-activedescendant")
    assert active and page.locator(f"#{active}").get_attribute("role") == "option"
    page.keyboard.press("Enter")
    expect(box).to_have_value("street lamp out")
    expect(list_).to_be_hidden()
    box.fill("")
    page.keyboard.type("noise")
    expect(page.locator("[role=option]")).to_have_count(2)
    first = box.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") != first
    page.keyboard.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") == first
    page.keyboard.press("Escape")
    expect(list_).to_be_hidden()
    assert box.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Tab")
    assert box.evaluate("e => e.validity.customError")  # what was typed is no category
    box.fill("zzz")
    expect(page.get_by_text("Nothing matches; try another word.")).to_be_visible()
    page.get_by_role("combobox", name="Place").focus()
    box.evaluate("e => e.addEventListener('invalid', () => { window.complained = e.validationMessage })")
    _alt(page, "s")
    page.wait_for_function("window.complained")
    assert page.evaluate("window.complained") == "Nothing matches; try another word."
    expect(box).to_be_focused()
    assert sent == []


def test_each_place_of_the_desk_has_a_key(town: Hall, waits: list[dict[str, Any]]) -> None:
    page = _desk(town)
    _alt(page, "n")
    expect(page.locator("aside")).to_be_focused()
    _alt(page, "c")
    expect(page.get_by_role("combobox", name="Category")).to_be_focused()
    _alt(page, "q")
    expect(page).to_have_url(f"{town.address}/hotline/calls")
    _alt(page, "n")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Call back")
    _alt(page, "c")
    expect(page).to_have_url(f"{town.address}/hotline")


def test_a_near_duplicate_comes_up_and_is_urged_by_keyboard(town: Hall) -> None:
    other = logged_case(town, WORKER, category="0406", place=GRID, source="patrol", summary="standing water")
    page = _desk(town)
    page.keyboard.type("standing")
    page.keyboard.press("Tab")
    page.keyboard.type("540102002001001")
    page.keyboard.press("Tab")
    expect(page.locator("aside .near")).to_contain_text("standing water")
    assert axe(page) == []
    _alt(page, "n")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Urge this one instead")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#done")).to_contain_text("Done: urge.")
    expect(page.locator(".aloud")).to_contain_text(other["number"])
    expect(page.locator(".aloud .code")).to_have_count(0)
    expect(page.get_by_role("combobox", name="Category")).to_be_focused()


def test_a_question_is_answered_while_the_caller_waits(town: Hall) -> None:
    page = _desk(town)
    page.keyboard.type("0608")
    page.keyboard.press("Tab")
    page.keyboard.type("bakuo street")
    page.keyboard.press("Tab")
    _alt(page, "s")
    answer = page.get_by_role("textbox", name="Answer")
    expect(answer).to_be_focused()
    page.keyboard.type("At window 3, with the card.")
    expect(page.get_by_text("At window 3, with the card.", exact=True).last).to_be_visible()  # as the resident reads it
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#done")).to_contain_text("Done: answer on the spot.")
    expect(page.get_by_role("combobox", name="Category")).to_be_focused()


def test_who_waits_is_called_by_keyboard(town: Hall) -> None:
    first, second = _verified(town, "13900000003"), _verified(town, "13900000004")
    page = town.window(HOTLINE, language="en-GB")
    page.goto(f"/hotline/calls/{first['number']}")
    show = page.get_by_role("button", name="Show the number")
    expect(show).to_be_focused()
    assert "13900000003" not in page.content()
    page.keyboard.press("Enter")
    expect(page.get_by_text("13900000003")).to_be_visible()
    expect(page.get_by_role("radio", name="Yes")).to_be_focused()
    page.keyboard.press("ArrowRight")  # no
    page.keyboard.press("Tab")
    page.keyboard.type("no")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    reason = page.get_by_role("textbox", name="Reason")
    expect(reason).to_be_focused()
    page.keyboard.type("It still leaks.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Call back")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(first["number"])
    assert town.whole.casework.case(_case(town, first["number"])).state == "handling"
    assert town.whole.casework.case(_case(town, second["number"])).state == "verified"


def test_without_script_a_call_is_logged_and_looked_up_too(town: Hall) -> None:
    page = _desk(town, script=False)
    page.get_by_label("Category").select_option("0110")
    page.get_by_label("Place").select_option(GRID)
    page.get_by_label("Phone").fill("13700000000")
    page.get_by_role("button", name="Look first").click()
    expect(page.locator("aside")).to_contain_text("Expected by")
    expect(page.get_by_label("Phone")).to_have_value("13700000000")
    page.get_by_role("button", name="Log it").click()
    expect(page.locator(".aloud .code")).to_be_visible()


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("dark", [False, True])
def test_the_desk_and_the_calls_are_accessible_and_fit(
    town: Hall, waits: list[dict[str, Any]], language: str, dark: bool
) -> None:
    case = logged_case(town, HOTLINE, category="0608", place=GRID, source="hotline", reporter={"phone": "1"})
    addresses = (
        "/hotline",
        f"/hotline?did=LogCase&of={case['case']}",
        "/hotline/calls",
        f"/hotline/calls/{waits[0]['number']}",
    )
    for address in addresses:
        page = town.window(HOTLINE, language=language, dark=dark)
        page.goto(address)
        for size in (SMALLEST, PHONE, TABLET, DESK):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            assert not scrolls_sideways(page), (address, size)
        assert axe(page) == [], address
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        assert axe(page) == [], address
