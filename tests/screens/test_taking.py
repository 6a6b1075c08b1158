"""The process map and saved filters in a real browser: nothing overlaps, every theme can be read, downloads really download."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import expect

from domain.actors import Role
from tests.screens.hall import DESK, PHONE, TABLET, Hall, axe, scrolls_sideways
from tests.screens.test_charts import NARROW, OVERLAPPING

SUPERVISOR = (Role.SUPERVISOR, "540102")
LEADER = (Role.STREET_LEADER, "540102002")
MAP = "/boards/district/process"
CASES = 30  # of the month behind the hall


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("dark", [False, True])
def test_the_map_is_accessible_and_nothing_overlaps(town: Hall, language: str, dark: bool) -> None:
    for path in (MAP, f"{MAP}?steps=every"):
        for size in (TABLET, DESK):
            page = town.window(SUPERVISOR, size=size, language=language, dark=dark)
            page.goto(path)
            page.locator(".ways-sheet").evaluate("one => { one.style.overflow = 'visible' }")
            assert page.evaluate(OVERLAPPING) == []
            page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
            page.locator(".ways-sheet").evaluate("one => { one.style.overflow = '' }")
            assert axe(page) == [] and not scrolls_sideways(page)


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_on_a_phone_the_ways_are_a_list(town: Hall, language: str) -> None:
    for size in (NARROW, PHONE):
        page = town.window(SUPERVISOR, size=size, language=language)
        page.goto(MAP)
        expect(page.locator(".ways-sheet")).to_be_hidden()
        assert page.locator(".ways-list li").count() > 10
        assert axe(page) == [] and not scrolls_sideways(page)


@pytest.mark.parametrize("script", [True, False])
def test_a_leader_goes_to_the_map_and_narrows_it(town: Hall, script: bool) -> None:
    page = town.window(LEADER, language="en-GB", script=script)
    page.goto("/boards/streets/540102002")
    page.get_by_role("link", name="Process map").click()
    expect(page.locator(".ways-sheet svg")).to_be_visible()
    page.get_by_label("Source", exact=True).select_option("patrol")
    page.get_by_label("Steps", exact=True).select_option("every")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("Source", exact=True)).to_have_value("patrol")
    expect(page.get_by_label("Steps", exact=True)).to_have_value("every")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("size", [PHONE, DESK])
def test_a_filter_is_kept_followed_and_let_go_of(town: Hall, size: tuple[int, int], script: bool) -> None:
    page = town.window(LEADER, size=size, language="en-GB", script=script)
    page.goto("/cases?open=yes&category=0406")
    page.get_by_label("A name for the filters").fill("积水 open")
    page.locator("#keep button").click()
    expect(page.get_by_role("link", name="积水 open")).to_be_visible()
    page.get_by_label("A name for the filters").fill("很长的名字" * 8)
    page.locator("#keep button").click()
    expect(page.get_by_role("link", name="很长的名字")).to_be_visible()
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="Delete “很长").click()
    expect(page.get_by_role("link", name="很长的名字")).to_have_count(0)
    page.goto("/cases")
    page.get_by_role("link", name="积水 open").click()
    expect(page).to_have_url(f"{town.address}/cases?category=0406&open=yes")
    if script:
        assert axe(page) == []
    assert not scrolls_sideways(page)
    page.get_by_role("button", name="Delete “积水 open”").click()
    expect(page.locator(".saved")).to_contain_text("None is saved yet.")


def test_downloads_really_download(town: Hall, tmp_path: Path) -> None:
    page = town.window(LEADER, language="zh-CN")
    page.goto("/cases")
    page.get_by_text("打印和导出").click()
    for words, ending in [
        ("导出表格（CSV）", ".csv"),
        ("导出 JSON", ".json"),
        ("流程日志（XES）", ".xes"),
        ("OCEL 2.0", ".ocel.json"),
    ]:
        with page.expect_download() as started:
            page.get_by_role("link", name=words).last.click()
        assert started.value.suggested_filename.startswith("cases-20") and started.value.suggested_filename.endswith(
            ending
        )
        started.value.save_as(tmp_path / ending)
    raw = (tmp_path / ".csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and b"\r\n" in raw
    rows = list(csv.reader(StringIO(raw.decode("utf-8-sig"), newline="")))
    assert rows[0][0] == "编号" and len(rows) > 1
    page.goto("/boards/streets/540102002")
    page.get_by_text("导出本页清单").click()
    with page.expect_download() as started:
        page.locator("a[href$='/inbox.csv']").click()
    assert started.value.suggested_filename.startswith("inbox-20")
