"""The desks of street and department in real browsers: few taps, many at once, filters that are kept, one printed page."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from adapters.boards.morning import ROWS
from domain.actors import Role
from tests.screens.hall import DESK, PHONE, Hall, acted, axe, logged_case, scrolls_sideways

DISTRICT, STREET, COMMUNITY, GRID = "540102", "540102002", "540102002001", "540102002001001"
LEADER, CLERK = (Role.STREET_LEADER, STREET), (Role.STREET_CLERK, STREET)
DISPATCHER, WATER = (Role.DISPATCHER, DISTRICT), (Role.DEPARTMENT_CLERK, "water")
BOARD = f"/boards/streets/{STREET}"
SMALL = (360, 780)
PLEA = {"kind": "key_work", "why": "beyond us", "tried": "valve closed", "departments": ["water"]}


def told(town: Hall, **said: Any) -> dict[str, Any]:
    return logged_case(town, CLERK, **{"category": "0402", "place": GRID, "source": "counter", **said})


def assigned(town: Hall, **said: Any) -> dict[str, Any]:
    case = acted(town, LEADER, told(town, **said), "whistles", {"plea": PLEA})
    return acted(town, DISPATCHER, case, "assignments", {"lead": "water"})


def at_work(town: Hall, **said: Any) -> dict[str, Any]:
    case = acted(town, WATER, assigned(town, **said), "assignments/water/acknowledgement")
    return acted(town, WATER, case, "assignments/water/report-in", {"on_the_spot": True})


def row(page: Page, section: str, case: dict[str, Any]) -> Any:
    return page.locator(f'section[aria-labelledby="{section}"] tr', has_text=case["number"])


# --- effort


@pytest.mark.parametrize("script", [True, False])
def test_a_department_acknowledges_and_reports_in_by_one_tap_each(town: Hall, script: bool) -> None:
    case = assigned(town)
    page = town.window(WATER, size=PHONE, language="en-GB", script=script, touch=True)
    page.goto("/boards/departments/water")
    row(page, "new", case).get_by_role("button", name="Acknowledge").tap()
    expect(page.locator("#done")).to_contain_text("Done: acknowledge.")
    row(page, "to_report_in", case).get_by_role("button", name="Report in: on the spot").tap()
    expect(page.locator("#done")).to_contain_text("Done: report in.")
    expect(row(page, "at_work_list", case)).to_be_visible()


def test_a_whistle_is_one_form_of_five_fields_all_filled(town: Hall) -> None:
    before = assigned(town)
    case = told(town)
    page = town.window(LEADER, language="en-GB")
    page.goto(BOARD)
    taps = [
        row(page, "inbox", case).get_by_role("link", name="Blow the whistle…"),
        page.locator("#do-BlowWhistle > summary"),
    ]
    taps[0].click()
    taps[1].click()
    form = page.locator("#do-BlowWhistle form")
    fields = form.locator(".field")
    expect(fields).to_have_count(5)
    assert all(form.locator(f'[name="plea.{name}"]').input_value() for name in ("kind", "grade", "why", "tried"))
    expect(form.locator('[name="plea.departments"]:checked')).to_have_count(2)
    expect(form.get_by_text("usual for “burst water pipe”").first).to_be_visible()
    expect(form.get_by_role("link", name=before["number"])).to_be_visible()
    form.get_by_role("button", name="Blow the whistle").click()
    expect(page.locator("h1 .tag")).to_contain_text("awaiting dispatch")


# --- many at once


@pytest.mark.parametrize("script", [True, False])
def test_several_are_acknowledged_at_once(town: Hall, script: bool) -> None:
    cases = [assigned(town) for _ in range(2)]
    page = town.window(WATER, size=PHONE, language="en-GB", script=script, touch=True)
    page.goto("/boards/departments/water")
    new = page.locator('section[aria-labelledby="new"]')
    expect(new.get_by_label("Select all")).to_be_visible(visible=script)
    if script:
        new.get_by_label("Select all").tap()
        count = new.locator("tbody tr").count()
        expect(new.locator("output")).to_have_text(f"selected: {count}")
        new.get_by_label(f"Select case {cases[0]['number']}").tap()
        expect(new.locator("output")).to_have_text(f"selected: {count - 1}")
        new.get_by_label(f"Select case {cases[0]['number']}").tap()
    else:
        for case in cases:
            new.get_by_label(f"Select case {case['number']}").tap()
    new.get_by_role("button", name="Acknowledge selected").tap()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Several at once")
    for case in cases:
        expect(
            page.locator('section[aria-labelledby="bulk_fine"]').get_by_role("link", name=case["number"])
        ).to_be_visible()
    if script:  # axe is a script itself
        assert axe(page) == [] and not scrolls_sideways(page)
    page.reload()  # sent again: nothing happens twice
    expect(page.locator("#outcomes")).to_contain_text("Not done: 0.")
    page.get_by_role("link", name="Back to the list").click()
    expect(row(page, "to_report_in", cases[0])).to_be_visible()


# --- filters


def test_a_filter_is_kept_in_this_browser_for_this_office_alone(town: Hall) -> None:
    told(town)
    page = town.window(LEADER, language="en-GB")
    page.goto(BOARD)
    page.locator(".filter > summary").click()
    page.get_by_label("Category").select_option("0402")
    page.locator(".filter").get_by_role("button", name="Filter").click()
    expect(page).to_have_url(re.compile(r"\?.*category=0402"))
    page.locator(".filter > summary").click()
    page.get_by_label("A name for the filters as they are now").fill("<i>pipes</i>")
    page.get_by_role("button", name="Save").click()
    page.goto(BOARD)
    page.locator(".filter > summary").click()
    page.get_by_role("link", name="<i>pipes</i>").click()
    expect(page).to_have_url(re.compile(r"category=0402"))
    expect(page.locator(".narrowed")).to_contain_text("burst water pipe")
    page.goto("/boards/streets/540102002?light=red")
    page.locator(".filter > summary").click()
    expect(page.get_by_role("link", name="<i>pipes</i>")).to_be_visible()
    assert "pipes" not in page.context.cookies().__repr__()
    town.sign_in(page.context, CLERK)
    page.goto(BOARD)
    page.locator(".filter > summary").click()
    expect(page.get_by_role("button", name="Save")).to_be_visible()
    expect(page.get_by_role("link", name="<i>pipes</i>")).to_have_count(0)
    town.sign_in(page.context, LEADER)
    page.goto(BOARD)
    page.locator(".filter > summary").click()
    page.get_by_role("button", name="Delete “<i>pipes</i>”").click()
    expect(page.get_by_role("link", name="<i>pipes</i>")).to_have_count(0)
    page.reload()
    page.locator(".filter > summary").click()
    expect(page.get_by_role("button", name="Save")).to_be_visible()
    expect(page.get_by_role("link", name="<i>pipes</i>")).to_have_count(0)


def test_without_script_filters_are_links_and_a_form(town: Hall) -> None:
    told(town)
    page = town.window(LEADER, language="en-GB", script=False)
    page.goto(BOARD)
    page.locator(".filter > summary").click()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    expect(page.locator(".saved")).to_contain_text("bookmarked")
    page.get_by_role("link", name="overdue", exact=True).click()
    expect(page).to_have_url(re.compile("light=red"))
    page.locator(".narrowed").get_by_role("link", name="Show all").click()
    expect(page.locator(".narrowed")).to_have_count(0)


# --- replies


def test_a_reply_is_seen_as_the_resident_reads_it_while_it_is_written(town: Hall) -> None:
    case = at_work(town)
    page = town.window(WATER, language="en-GB")
    page.goto(f"/cases/{case['case']}#do-ReportResult")
    act = page.locator("#do-ReportResult")
    act.locator("> summary").click()
    act.locator(".reading > summary").click()
    expect(act.locator(".said")).to_contain_text("The burst pipe has been repaired")
    act.get_by_label("Standard reply").select_option(label="more time needed")
    expect(act.get_by_label("Public reply")).to_have_value(re.compile("a lasting remedy takes longer"))
    expect(act.locator(".said")).to_contain_text("a lasting remedy takes longer")
    act.get_by_label("Public reply").fill("The pipe is <b>new</b>.")
    expect(act.locator(".said")).to_have_text("The pipe is <b>new</b>.")
    expect(act.get_by_role("button", name="Preview")).to_be_hidden()
    act.get_by_label("What was done").fill("replaced")
    assert axe(page) == []
    act.get_by_role("button", name="Report the result").click()
    expect(page.locator("h1 .tag")).to_contain_text("to be verified")


def test_without_script_a_button_shows_it_and_nothing_is_written(town: Hall) -> None:
    case = at_work(town)
    page = town.window(WATER, language="en-GB", script=False)
    page.goto(f"/cases/{case['case']}")
    act = page.locator("#do-ReportResult")
    act.locator("> summary").click()
    act.get_by_label("What was done").fill("replaced")
    act.get_by_label("Standard reply").select_option(label="more time needed")
    act.get_by_role("button", name="Use it").click()
    expect(act.locator(".said")).to_contain_text("a lasting remedy takes longer")
    expect(act.get_by_label("What was done")).to_have_value("replaced")
    act.get_by_label("Public reply").fill("It is new.")
    act.get_by_role("button", name="Preview").click()
    expect(act.locator(".said")).to_have_text("It is new.")
    assert town.office.get(WATER, f"/cases/{case['case']}").json()["version"] == case["version"]


# --- the first screenful, and how it looks


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_what_needs_doing_is_on_the_first_screen(town: Hall, size: tuple[int, int]) -> None:
    case = told(town)
    acted(town, LEADER, told(town), "whistles", {"plea": PLEA})
    page = town.window(LEADER, size=size)
    page.goto(BOARD)
    expect(page.locator(".to-do")).to_be_in_viewport()
    expect(page.locator("#inbox")).to_be_in_viewport()
    links = page.locator(".to-do a")
    for n in range(links.count()):
        target = page.locator(str(links.nth(n).get_attribute("href")))
        shown = int(target.locator(".count").inner_text())
        assert int(links.nth(n).locator("b").inner_text()) == shown > 0
    order = page.locator("main > section > h2").evaluate_all("all => all.map((one) => one.id)")
    assert order.index("inbox") == 0 and order.index("by_phase") > order.index("suspended")
    expect(row(page, "inbox", case)).to_be_visible()


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("dark", [False, True])
def test_the_desks_are_accessible_and_fit(town: Hall, language: str, dark: bool) -> None:
    case = at_work(town, summary="八廓街口水管破裂，水已漫过人行道")
    acted(town, WATER, case, "requests/extension", {"by": "2 working days", "reason": "parts"})
    told(town)
    assigned(town)
    places = (
        (LEADER, f"{BOARD}?light=green", (".filter > summary", ".ask .act > summary")),
        (WATER, "/boards/departments/water", (".filter > summary",)),
        (LEADER, f"/cases/{case['case']}", ("section.card details > summary", ".curl > summary")),
        (LEADER, f"{BOARD}/morning", ()),
        (LEADER, f"/cases/{case['case']}/file", ()),
        (LEADER, "/cases?open=yes", ()),
    )  # fmt: skip
    for size in (SMALL, PHONE, (768, 1024), DESK):
        for who, path, opened in places:
            page = town.window(who, size=size, language=language, dark=dark)
            page.goto(path)
            for summary in opened:
                page.locator(summary).first.click()
            assert not scrolls_sideways(page), (path, size)
            found = axe(page) if size in (PHONE, DESK) else []
            assert not found, (path, size, found[0])
            page.context.close()


def test_touch_targets_are_large(town: Hall) -> None:
    assigned(town)
    told(town)
    page = town.window(WATER, size=PHONE, touch=True)
    page.goto("/boards/departments/water")
    page.locator(".filter > summary").tap()
    for which in ("label.tick, .tick label", ".bulk button", ".bulk label", ".chip", ".to-do a", ".acts .button"):
        boxes = [box for one in page.locator(which).all() if one.is_visible() and (box := one.bounding_box())]
        assert boxes and all(box["height"] >= 44 and box["width"] >= 44 for box in boxes), which


# --- print


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


# Every list of the sheet as long as it can be.
FULL = """() => {
  const table = document.querySelector(".sheet table");
  for (const section of document.querySelectorAll(".sheet section")) {
    section.querySelectorAll("table, p").forEach((one) => one.remove());
    const more = document.createElement("p");
    more.className = "quiet";
    more.textContent = "…";
    section.append(table.cloneNode(true), more);
  }
}"""


def test_the_morning_sheet_is_one_page_of_paper(town: Hall) -> None:
    for _ in range(12):
        assigned(town, category="0406")
    page = town.window(CLERK)
    page.goto(f"{BOARD}/morning")
    page.emulate_media(media="print")
    for hidden in (".top", ".who", ".trail", ".invented", "footer", ".screen"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_contain_text("八廓街道")
    assert pages(page.pdf(format="A4", prefer_css_page_size=True)) == 1
    page.evaluate(FULL)
    expect(page.locator(".sheet tbody tr")).to_have_count(5 * ROWS)
    assert pages(page.pdf(format="A4", prefer_css_page_size=True)) == 1
    page.goto("/flow")
    assert pages(page.pdf(format="A4")) > 1  # pages are counted


def test_a_printed_case_file_has_no_buttons(town: Hall) -> None:
    case = at_work(town)
    page = town.window(CLERK)
    page.goto(f"/cases/{case['number']}/file")
    page.emulate_media(media="print")
    expect(page.locator("button:visible, summary:visible")).to_have_count(0)
    expect(page.locator(".strip").first).to_be_visible()
    assert pages(page.pdf(format="A4", prefer_css_page_size=True)) == 4


def test_a_list_is_taken_along_as_a_table(town: Hall) -> None:
    case = told(town)
    page = town.window(CLERK)
    page.goto("/cases?open=yes")
    page.get_by_text("打印和导出").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="导出表格（CSV）").click()
    assert re.fullmatch(r"cases-\d{4}-\d\d-\d\d\.csv", download.value.suggested_filename)
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert text.startswith("编号,类别,概要") and case["number"] in text
