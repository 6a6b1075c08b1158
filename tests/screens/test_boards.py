"""The boards after a result and of what comes again, in a real browser: they fit, they are accessible, one tap verifies."""

import pytest
from playwright.sync_api import expect

from tests.api.people import CLERK, DISPATCHER, GRID, HOTLINE, LEADER, PLEA, STREET, SUPERVISOR, WATER, WORKER
from tests.screens.hall import DESK, PHONE, TABLET, Hall, acted, axe, logged_case, scrolls_sideways
from tests.screens.test_every_page import FOREIGN, KEPT

CASES = 60  # of the month behind the hall
SMALL = (360, 740)
LAMP = {"code": "LD-002-01", "label": "八廓路灯01号"}
TOLD = {"reporter": {"name": "虚构", "phone": "000"}, "narrative": "虚构"}
PAGES = {
    "street-callbacks": (CLERK, f"/boards/streets/{STREET}/callbacks"),
    "district-callbacks": (HOTLINE, "/boards/district/callbacks"),
    "street-verification": (CLERK, f"/boards/streets/{STREET}/verification"),
    "grid-verification": (WORKER, f"/boards/grids/{GRID}/verification"),
    "street-repeats": (CLERK, f"/boards/streets/{STREET}/repeats"),
    "district-repeats": (SUPERVISOR, "/boards/district/repeats?by=grid"),
    "thing": (WORKER, f"/things/{LAMP['code']}"),
    "topics": (SUPERVISOR, "/boards/district/topics"),
    "topic-before": (SUPERVISOR, "/boards/district/topics?month=2026-01&category=0406"),
}


@pytest.fixture(scope="module")
def busy(town: Hall) -> Hall:
    """Something in every list."""
    resolved(town)
    calls = [{"contacted": False}, {"contacted": True, "solved": False, "satisfied": "no"}, None]
    calls += [{"contacted": True, "solved": True, "satisfied": "yes"}]
    for said in calls:
        case = acted(town, WORKER, resolved(town), "verification", {"passed": True})
        if said:
            acted(town, HOTLINE, case, "callbacks", said)
    used_up = acted(town, WORKER, resolved(town), "verification", {"passed": True})
    for _ in range(3):
        used_up = acted(town, HOTLINE, used_up, "callbacks", {"contacted": False})
    acted(town, WORKER, resolved(town), "verification", {"passed": False, "reason": "还有积水（虚构）"})
    town.whole.boards.catch_up()
    return town


def resolved(town: Hall) -> dict[str, object]:
    said = {
        "category": "0406",
        "place": GRID,
        "source": "hotline",
        "about": LAMP,
        "summary": "楼前积水（虚构）",
        **TOLD,
    }
    case = acted(town, LEADER, logged_case(town, HOTLINE, **said), "whistles", {"plea": PLEA})
    case = acted(town, DISPATCHER, case, "assignments", {"lead": "water"})
    case = acted(town, WATER, case, "assignments/water/report-in", {"on_the_spot": True})
    return acted(town, WATER, case, "result", {"done": "已疏通（虚构）", "reply": "已疏通（虚构）"})


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", PAGES)
def test_they_are_accessible_and_fit(busy: Hall, language: str, dark: bool, name: str) -> None:
    who, path = PAGES[name]
    folder = KEPT.parent / "boards"
    folder.mkdir(parents=True, exist_ok=True)
    page = busy.window(who, size=DESK, language=language, dark=dark)
    page.goto(path)
    page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
    assert axe(page) == []
    if language == "en-GB":
        assert page.evaluate(FOREIGN) == []
    for size in (DESK, TABLET, PHONE, SMALL):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert not scrolls_sideways(page), size
        if size in (DESK, SMALL):
            kept = folder / f"{name}-{language[:2]}-{'dark' if dark else 'light'}-{size[0]}.png"
            page.screenshot(path=kept, full_page=True)


@pytest.mark.parametrize("script", [True, False])
def test_a_result_is_verified_with_one_tap(busy: Hall, script: bool) -> None:
    case = resolved(busy)
    page = busy.window(WORKER, size=PHONE, language="en-GB", script=script)
    page.goto(PAGES["grid-verification"][1])
    number = busy.office.get(WORKER, f"/cases/{case['case']}").json()["number"]
    row = page.locator("section[aria-labelledby=to_verify] tbody tr", has_text=number)
    expect(row).to_contain_text("Water Affairs")
    row.get_by_role("button", name="Pass the verification").click()
    expect(page.locator("#done")).to_contain_text(number)
    expect(page.locator("section[aria-labelledby=to_verify] tbody tr", has_text=number)).to_have_count(0)


def test_from_the_list_to_the_script_and_on_to_the_history(busy: Hall) -> None:
    page = busy.window(HOTLINE, language="en-GB")
    page.goto(PAGES["district-callbacks"][1])
    page.locator("#due").get_by_role("link", name="Record the call-back").first.click()
    expect(page.get_by_role("heading", name="What to say")).to_be_visible()
    page.goto(f"/cases?about={LAMP['code']}")
    page.get_by_role("link", name=LAMP["label"]).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(LAMP["label"])
    page.locator("section[aria-labelledby=thing_cases] tbody a").first.click()
    expect(page.locator("dl").get_by_role("link", name=LAMP["label"])).to_be_visible()


def test_a_month_leads_to_the_next(busy: Hall) -> None:
    page = busy.window(SUPERVISOR, language="en-GB")
    page.goto("/boards/district/topics?month=2026-01")
    page.locator("a[rel=next]").click()
    expect(page.locator("h1")).to_contain_text("2026-02")
    expect(page.locator("a[rel=prev]")).to_have_count(0)
