"""Live in real browsers: what others do shows by itself, forms are sent without leaving the page, and nobody is disturbed."""

import re
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import APIResponse, BrowserContext, Page, Route, expect

from tests.api.people import CLERK, DISPATCHER, GRID, LEADER, PLEA, STREET, WATER, WORKER
from tests.breaking.waiting import until
from tests.screens.hall import PHONE, Hall, axe, logged_case, scrolls_sideways

BOARD, GRID_BOARD = f"/boards/streets/{STREET}", f"/boards/grids/{GRID}"
HIDDEN = "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true}); document.dispatchEvent(new Event('visibilitychange')) }"


def case_of(town: Hall, **said: Any) -> dict[str, Any]:
    """A case that the street office wrote down."""
    return logged_case(town, CLERK, **{"category": "0406", "place": STREET, "source": "counter", **said})


def row(page: Page, case: dict[str, Any], section: str = "") -> Any:
    where = f'section[aria-labelledby="{section}"]' if section else "main"
    return page.locator(f'{where} tr:has(a[href*="{case["case"]}"])')


def stays(page: Page) -> None:
    """Whoever leaves this page forgets that."""
    page.evaluate("window.stayed = true")


def stayed(page: Page) -> bool:
    return bool(page.evaluate("window.stayed === true"))


def listening(town: Hall, page: Page, count: int = 1) -> None:
    """Until so many streams are open, and this page knows where the boards are."""
    app: Any = town.office.client.app
    until(lambda: app.state.live.count == count)
    expect(page.locator("main")).to_be_visible()


def only(town: Hall, *complaints: str) -> None:
    """What the console may complain of in a test that asks for it."""
    assert all(any(one in said for one in complaints) for said in town.faults), town.faults
    town.faults.clear()


# --- what others do


def test_what_somebody_does_shows_on_another_screen(town: Hall) -> None:
    leader, clerk = town.window(LEADER), town.window(CLERK, script=False)
    leader.goto(BOARD)
    clerk.goto("/log")
    listening(town, leader)
    stays(leader)
    clerk.select_option("#log-category", "0406")
    clerk.fill("#log-summary", "water on the pavement")
    clerk.locator("#log button.button").click()
    expect(leader.get_by_text("water on the pavement")).to_be_visible()
    expect(leader.locator("[data-changed]").first).to_be_visible()
    assert stayed(leader)


def test_twelve_tabs_of_one_browser_need_one_stream_and_another_takes_over(town: Hall) -> None:
    first = town.window(CLERK)
    tabs = [first, *(first.context.new_page() for _ in range(11))]
    for tab in tabs:
        town.watch(tab)
        tab.goto(BOARD)
    listening(town, first)
    case = case_of(town)
    for tab in tabs:
        expect(row(tab, case, "inbox")).to_be_visible()
    first.close()
    listening(town, tabs[1])
    case = town.office.act(CLERK, case, "handling")
    for tab in tabs[1:]:
        expect(row(tab, case, "inbox")).to_have_count(0)


def test_typing_an_open_form_and_the_focus_survive_what_others_do(town: Hall) -> None:
    case = case_of(town)
    page = town.window(LEADER, language="en-GB")
    page.goto(f"/cases/{case['number']}")
    page.locator("#do-BlowWhistle > summary").click()
    why = page.locator('#do-BlowWhistle textarea[name="plea.why"]')
    why.fill("no powers over")
    why.evaluate("field => field.setSelectionRange(3, 9)")
    page.locator("section[aria-labelledby=details]").scroll_into_view_if_needed()
    stays(page)
    town.office.act(CLERK, case, "notes", {"text": "the owner was asked"})
    expect(page.locator("#timeline .count")).to_have_text("2")
    expect(why).to_have_value("no powers over")
    expect(why).to_be_focused()
    assert why.evaluate("field => [field.selectionStart, field.selectionEnd]") == [3, 9]
    assert stayed(page) and page.evaluate("scrollY") > 0


def test_what_was_opened_stays_open_and_what_is_equal_is_left_alone(town: Hall) -> None:
    case = case_of(town)
    page = town.window(CLERK)
    page.goto(f"/cases/{case['number']}")
    listening(town, page)
    page.locator(".curl > summary").click()
    page.evaluate("window.known = document.querySelector('section[aria-labelledby=details] dl')")
    town.office.act(WORKER, logged_case(town, WORKER, category="0406", place=GRID, source="patrol"), "handling")
    town.office.act(CLERK, case, "handling")
    expect(page.locator("h1")).to_contain_text("自办")
    expect(page.locator(".curl")).to_have_attribute("open", "")
    assert page.evaluate("window.known.isConnected")


def test_what_is_new_is_counted_in_the_title_while_nobody_looks(town: Hall) -> None:
    page = town.window(CLERK, language="en-GB")
    page.goto(BOARD)
    listening(town, page)
    title = page.title()
    page.evaluate(HIDDEN, True)
    cases = [case_of(town) for _ in range(2)]
    expect(page).to_have_title(f"(2) {title}")
    expect(page.locator("#news")).to_have_text("2 new")
    town.office.act(CLERK, cases[0], "handling")
    expect(row(page, cases[0])).to_have_count(0)
    expect(page).to_have_title(f"(1) {title}")
    page.evaluate(HIDDEN, False)
    expect(page).to_have_title(title)


def test_a_whistle_is_heard_by_whoever_wants_to(town: Hall) -> None:
    page = town.window(WATER, language="en-GB")
    page.add_init_script(
        "const make = AudioContext; window.rung = 0;"
        "window.AudioContext = class extends make { constructor() { super(); window.rung += 1; } };"
    )
    page.goto("/boards/departments/water")
    listening(town, page)

    def assigned() -> dict[str, Any]:
        case = town.office.act(LEADER, case_of(town), "whistles", {"plea": PLEA})
        case = town.office.act(DISPATCHER, case, "assignments", {"lead": "water"})
        expect(row(page, case, "new")).to_be_visible()
        return case

    def rung() -> int:
        """How often, once it has rung out."""
        page.evaluate("navigator.locks.request('ring', () => null)")
        return int(page.evaluate("window.rung"))

    page.locator("h1").click()  # before it is touched a page may not ring at all
    assigned()
    assert rung() == 0
    page.get_by_role("button", name="Sound for a new whistle: off").click()
    expect(page.get_by_role("button", name="Sound for a new whistle: on")).to_be_visible()
    until(lambda: rung() == 1)
    case = assigned()
    until(lambda: rung() == 2)
    town.office.act(WATER, case, "assignments/water/acknowledgement")
    expect(row(page, case, "new")).to_have_count(0)
    assert rung() == 2
    page.reload()
    expect(page.get_by_role("button", name="Sound for a new whistle: on")).to_be_visible()


# --- who looks


def test_who_is_signed_out_elsewhere_is_asked_to_sign_in(town: Hall) -> None:
    page = town.window(CLERK)
    page.goto(BOARD)
    listening(town, page)
    other = page.context.new_page()
    other.goto(BOARD)
    other.locator(".who form button").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("街乡吹哨、部门报到")
    case_of(town)
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    assert page.url.endswith(f"/sign-in?next=%2Fboards%2Fstreets%2F{STREET}")


def test_who_becomes_somebody_else_in_one_tab_is_that_in_all(town: Hall) -> None:
    page = town.window(CLERK)
    page.goto(BOARD)
    listening(town, page)
    town.sign_in(page.context, LEADER)
    other = page.context.new_page()
    other.goto(BOARD)
    expect(page.locator("body")).to_have_attribute("data-who", f"street_leader {STREET}")
    case = case_of(town)
    for tab in (page, other):
        expect(row(tab, case, "inbox")).to_be_visible()


def test_who_signs_in_while_a_page_waits_for_an_answer_is_noticed(town: Hall) -> None:
    page = town.window(CLERK)
    page.goto(BOARD)
    listening(town, page)
    page.evaluate("new BroadcastChannel('live').onmessage = () => { window.told = true; }")
    held: list[tuple[Route, APIResponse]] = []
    page.route(f"**{BOARD}", lambda route: held.append((route, route.fetch())), times=1)
    case_of(town)
    until(lambda: page.evaluate("1") == len(held))  # while the page is asked, what it fetches is handled
    town.sign_in(page.context, LEADER)
    page.context.new_page().goto(BOARD)
    until(lambda: bool(page.evaluate("window.told")))
    route, answer = held[0]
    route.fulfill(response=answer)
    expect(page.locator("body")).to_have_attribute("data-who", f"street_leader {STREET}")


# --- forms


@pytest.mark.parametrize("script", [True, False])
def test_a_button_of_a_row_acts_with_and_without_script(town: Hall, script: bool) -> None:
    case, _ = case_of(town), case_of(town)
    page = town.window(CLERK, language="en-GB", script=script)
    page.goto(BOARD)
    button = row(page, case, "inbox").get_by_role("button", name="Handle")
    button.click()
    expect(page.locator("#done")).to_contain_text("Done: handle it at its own level.")
    expect(row(page, case, "inbox").get_by_role("button", name="Handle")).to_have_count(0)
    assert ("did=" in page.url) is not script


def test_what_is_done_is_said_and_the_place_is_kept(town: Hall) -> None:
    case = case_of(town)
    page = town.window(CLERK, language="en-GB")
    page.goto(f"/cases/{case['number']}")
    listening(town, page)
    stays(page)
    for count in ("2", "3"):
        opened(page, "AddNote").locator("textarea").fill("words")
        page.locator("#do-AddNote form button.button").click()
        expect(page.locator("#timeline .count")).to_have_text(count)
        expect(page.locator("#do-AddNote summary")).to_be_focused()
        expect(page.locator("#done")).to_contain_text("Done: ")
    assert stayed(page) and axe(page) == []


def opened(page: Page, command: str) -> Any:
    """The form of a command, open."""
    page.evaluate(
        f"for (let at = document.getElementById('do-{command}'); at; at = at.parentElement) if (at.open === false) at.open = true"
    )
    return page.locator(f"#do-{command} form")


def test_a_refusal_is_said_and_what_was_typed_stays(town: Hall) -> None:
    case = case_of(town)
    page = town.window(CLERK, language="en-GB", size=PHONE)
    page.goto(f"/cases/{case['number']}")
    form = opened(page, "AmendCase")
    form.locator('[name="summary"]').fill("a broken main")
    form.locator('[name="place"]').evaluate("field => field.outerHTML = '<input name=place value=nowhere>'")
    form.locator("button.button").click()
    expect(page.locator("#trouble")).to_be_focused()
    expect(opened(page, "AmendCase").locator('[name="summary"]')).to_have_value("a broken main")
    assert page.url.endswith(f"/cases/{case['number']}") and axe(page) == [] and not scrolls_sideways(page)
    only(town, "422", "404")


def test_who_was_overtaken_is_told_and_can_send_it_again(town: Hall) -> None:
    case = case_of(town)
    page = town.window(CLERK, language="en-GB")
    page.goto(f"/cases/{case['number']}")
    listening(town, page)
    form = opened(page, "CancelCase")
    reason = form.locator('[name="reason"]')
    reason.select_option(index=2)
    chosen = reason.input_value()
    town.office.act(CLERK, case, "handling")
    expect(page.locator("h1")).to_contain_text("handl")
    form.locator("button.button").click()
    expect(page.locator("#trouble")).to_contain_text("Others have just changed the case")
    expect(page.locator("#trouble")).to_be_focused()
    expect(reason).to_have_value(chosen)
    form.locator("button.button").click()
    expect(page.locator("#done")).to_contain_text("Done: ")
    expect(page.locator("#trouble")).to_have_count(0)
    only(town, "412")


def test_on_a_board_a_refusal_leads_to_where_it_can_be_done(town: Hall) -> None:
    case = case_of(town)
    page = town.window(CLERK, language="en-GB")
    page.goto(BOARD)
    page.evaluate("document.body.dataset.still = ''")
    form = row(page, case, "inbox").locator("form[action$=HandleCase]")
    form.locator('[name="seen"]').evaluate("field => field.value = 7")
    form.locator("button").click()
    trouble = page.locator("#trouble")
    expect(trouble).to_be_focused()
    assert page.url.endswith(BOARD)
    trouble.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(case["number"])
    only(town, "412")


@pytest.mark.parametrize("lost", ["request", "answer"])
def test_without_a_connection_that_is_said_and_pressing_again_is_safe(town: Hall, lost: str) -> None:
    case = case_of(town)
    page = town.window(CLERK, language="en-GB")
    page.goto(f"/cases/{case['number']}")
    page.evaluate("document.body.dataset.still = ''")

    def cut(route: Route) -> None:
        if lost == "answer":
            route.fetch(max_redirects=0)
        route.abort()

    page.route("**/do/AddNote", cut)
    form = opened(page, "AddNote")
    form.locator("textarea").fill("what must be said once")
    form.locator("button.button").click()
    expect(page.locator("#trouble")).to_contain_text("There is no connection")
    expect(page.locator("#trouble")).to_be_focused()
    expect(form.locator("textarea")).to_have_value("what must be said once")
    assert axe(page) == []
    page.unroute("**/do/AddNote")
    form.locator("button.button").click()
    expect(page.locator("#done")).to_contain_text("Done: ")
    expect(page.locator("#trouble")).to_have_count(0)
    file = town.whole.casework.file(UUID(case["case"]))
    assert len(file) == 2
    only(town, "ERR_FAILED")


def test_who_was_signed_out_meanwhile_loses_nothing(town: Hall) -> None:
    case = case_of(town)
    page = town.window(CLERK, language="en-GB")
    page.goto(f"/cases/{case['number']}")
    form = opened(page, "AddNote")
    form.locator("textarea").fill("a long story")
    town.sign_in(page.context, CLERK)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    form.locator("button.button").click()
    expect(page.locator("#trouble")).to_contain_text("You are signed out")
    expect(form.locator("textarea")).to_have_value("a long story")
    back: BrowserContext = page.context
    back.add_cookies([{"name": one["name"], "value": one["value"], "url": town.address} for one in cookies])
    form.locator("button.button").click()
    expect(page.locator("#done")).to_contain_text("Done: ")


def test_nothing_is_sent_twice_by_pressing_twice(town: Hall) -> None:
    case = case_of(town)
    page = town.window(CLERK)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto(BOARD)
    row(page, case, "inbox").locator("form[action$=HandleCase] button").dblclick()
    expect(page.locator("#done")).to_contain_text("已完成")
    assert len(sent) == 1 and re.search("do/HandleCase$", sent[0])
