"""Four eyes on a long list in a real browser: held back, asked for, released by another, downloaded; on a phone and at a desk."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from domain.actors import Role
from tests.api.test_taking import _copied
from tests.screens.hall import Hall, axe, hall, logged_case, scrolls_sideways

KEPT = Path(__file__).parents[2] / "build" / "screens" / "exports"
LEADER, SUPERVISOR = (Role.STREET_LEADER, "540102002"), (Role.SUPERVISOR, "540102")
SIZES = ((360, 800), (1440, 900))
MANY = 1_000  # beside one: one more than one person takes out alone
LIST = "/cases?category=0406&street=540102002"
SAID = {
    "zh-CN": ("打印和导出", "导出表格（CSV）", "申请导出", "同意", "不同意", "向市里报送年度统计"),
    "en-GB": ("Print and take along", "As a table", "Ask for its release", "Release", "Refuse", "the yearly report to the city"),
}  # fmt: skip


@pytest.fixture
def full(browser: Browser, tmp_path: Path) -> Iterator[Hall]:
    """A hall with a thousand cases and one."""
    with hall(tmp_path, browser) as opened:
        case = logged_case(
            opened, (Role.GRID_WORKER, "540102002001001"), category="0406", place="540102002001001", source="patrol"
        )
        _copied(opened.whole.boards.writer.engine, UUID(case["case"]), MANY)
        yield opened
        opened.faults = [
            fault for fault in opened.faults if "409" not in fault
        ]  # what a browser says of such an answer
        opened.close_windows()


def looked_at(page: Page, language: str, name: str) -> list[str]:
    """What is wrong with a page at any width; pictures are kept."""
    found = list[str]()
    for width, high in SIZES:
        page.set_viewport_size({"width": width, "height": high})
        found += [*axe(page), *([f"{name} scrolls sideways at {width}"] if scrolls_sideways(page) else [])]
        page.screenshot(path=KEPT / f"{name}-{language}-{width}.png", full_page=True)
    return found


@pytest.mark.parametrize("language", SAID)
def test_a_long_list_goes_out_by_four_eyes(full: Hall, language: str, tmp_path: Path) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    along, table, ask, release, refuse, why = SAID[language]
    leader, boss = full.window(LEADER, language=language), full.window(SUPERVISOR, language=language)
    leader.goto(LIST)
    leader.get_by_text(along).click()
    leader.get_by_role("link", name=table).last.click()
    expect(leader.locator("#trouble")).to_contain_text("1001")
    faults = looked_at(leader, language, "held-back")
    leader.locator("#ask textarea").fill(why)
    leader.get_by_role("button", name=ask).click()
    expect(leader.locator(".card")).to_contain_text(why)
    faults += looked_at(leader, language, "own")
    boss.goto("/exports")
    expect(boss.locator(".card")).to_contain_text(why)
    boss.locator(".card summary").click()
    expect(boss.get_by_role("button", name=refuse).last).to_be_visible()
    faults += looked_at(boss, language, "waits")
    boss.get_by_role("button", name=release).first.click()
    expect(boss.locator("main tbody tr")).to_contain_text(why)
    faults += looked_at(boss, language, "released")
    leader.goto(LIST)
    leader.get_by_text(along).click()
    with leader.expect_download() as started:
        leader.get_by_role("link", name=table).last.click()
    started.value.save_as(tmp_path / "list.csv")
    assert (tmp_path / "list.csv").read_bytes().count(b"\r\n") == MANY + 2  # the heading, and the case that was copied
    assert faults == []


def test_without_script_too(full: Hall) -> None:
    page = full.window(LEADER, language="en-GB", script=False)
    page.goto("/cases.csv?category=0406")
    page.locator("#ask textarea").fill("the yearly report to the city")
    page.get_by_role("button", name="Ask for its release").click()
    expect(page.locator(".card")).to_contain_text("1001 rows")
