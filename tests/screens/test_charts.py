"""Figures and maps in a real browser: nothing overlaps, nothing is cut, every theme can be read, a place leads to its list."""

import pytest
from playwright.sync_api import Page, expect

from domain.actors import Role
from tests.screens.hall import DESK, PHONE, TABLET, Hall, axe, scrolls_sideways

SUPERVISOR = (Role.SUPERVISOR, "540102")
LEADER = (Role.STREET_LEADER, "540102002")
NARROW = (360, 740)
CASES = 120  # of the month behind the hall
PAGES = ("/boards/district/figures", "/boards/district/map", "/boards/streets/540102002/map")
# Each word of a picture with its box; a hundredth of a pixel is forgiven.
OVERLAPPING = """() => [...document.querySelectorAll('main svg')].flatMap(svg => {
  const all = [...svg.querySelectorAll('text')].map(one => [one.textContent, one.getBoundingClientRect()])
  const sheet = svg.getBoundingClientRect(), apart = .01
  const cut = all.filter(([, b]) => b.left < sheet.left - 1 || b.right > sheet.right + 1 || b.top < sheet.top - 1 || b.bottom > sheet.bottom + 1)
  const over = all.flatMap(([one, a], n) => all.slice(n + 1).filter(([, b]) =>
    a.left + apart < b.right && b.left + apart < a.right && a.top + apart < b.bottom && b.top + apart < a.bottom).map(([other]) => `${one} / ${other}`))
  return [...cut.map(([one]) => `cut off: ${one}`), ...over]
})"""
OVERFLOWING = """() => [...document.querySelectorAll('.ground .shade')].filter(tile =>
  tile.scrollWidth > tile.clientWidth || tile.scrollHeight > tile.clientHeight).map(tile => tile.textContent)"""
SIZES = "() => [...document.querySelectorAll('.ground .shade')].map(tile => tile.getBoundingClientRect().height)"


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("size", [NARROW, PHONE, TABLET, DESK])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_overlaps_and_nothing_is_cut_off(town: Hall, path: str, size: tuple[int, int], language: str) -> None:
    page = town.window(SUPERVISOR, size=size, language=language)
    page.goto(path)
    assert page.evaluate(OVERLAPPING) == [] and page.evaluate(OVERFLOWING) == []
    assert not scrolls_sideways(page)
    assert page.locator("main svg text").count() > 100 or "map" in path


def test_words_that_overlap_would_be_found(town: Hall) -> None:
    """The seeded faults: a name too long for its line, and one beyond the sheet."""
    page = town.window(SUPERVISOR, size=PHONE)
    page.goto(PAGES[0])
    page.evaluate("() => { document.querySelector('.chart text.clear:not(.end)').textContent = '很长'.repeat(9) }")
    page.evaluate("() => { document.querySelector('.chart text.mid').setAttribute('x', 1) }")
    found = page.evaluate(OVERLAPPING)
    assert any("很长" in one and " / " in one for one in found) and any(one.startswith("cut off") for one in found)


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("path", [*PAGES, "/public"])
def test_accessible_in_light_and_dark_with_the_tables_open(town: Hall, path: str, dark: bool, language: str) -> None:
    for size in (PHONE, DESK):
        page = town.window(SUPERVISOR, size=size, language=language, dark=dark)
        page.goto(path)
        page.evaluate("() => document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert axe(page) == [] and not scrolls_sideways(page)


def readable(page: Page) -> float:
    """How high the smallest word of a picture is, in pixels."""
    heights: list[float] = page.evaluate(
        "() => [...document.querySelectorAll('main svg text')].map(one => one.getBoundingClientRect().height)"
    )
    return min(heights)


def test_words_can_be_read_on_the_smallest_phone(town: Hall) -> None:
    page = town.window(SUPERVISOR, size=NARROW)
    page.goto(PAGES[0])
    assert readable(page) >= 13


def test_every_grid_has_a_tile_and_all_in_a_row_are_alike(town: Hall) -> None:
    for size in (NARROW, DESK):
        page = town.window(SUPERVISOR, size=size, language="en-GB")
        page.goto("/boards/district/map?by=grid")
        expect(page.locator(".ground .shade")).to_have_count(159)
        heights = page.evaluate(SIZES)
        assert min(heights) >= 44 and page.evaluate(OVERFLOWING) == []
        assert len(set(map(round, heights))) == 1


@pytest.mark.parametrize("script", [True, False])
def test_a_leader_narrows_the_map_and_goes_to_a_list(town: Hall, script: bool) -> None:
    page = town.window(LEADER, size=PHONE, language="en-GB", script=script)
    page.goto("/boards/streets/540102002")
    page.get_by_role("link", name="Map", exact=True).click()
    page.get_by_label("By").select_option("community")
    page.get_by_label("Deadline").select_option("yellow")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_label("By")).to_have_value("community")
    expect(page.get_by_label("Deadline")).to_have_value("yellow")
    expect(page.locator(".ground .shade")).to_have_count(7)
    page.locator(".ground .shade").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Raosai Community")


def test_colours_of_the_shades_hold_their_words(town: Hall) -> None:
    """Axe does not look into pictures: each shade against the figure on it, in both themes."""
    for dark in (False, True):
        page = town.window(SUPERVISOR, dark=dark)
        page.goto(PAGES[0])
        found = page.evaluate(CONTRASTS)
        assert found and min(found) >= 4.5


CONTRASTS = """() => {
  const light = rgb => rgb.match(/[0-9.]+/g).slice(0, 3).map(one => one / 255)
    .map(one => one <= .04045 ? one / 12.92 : ((one + .055) / 1.055) ** 2.4).reduce((sum, one, n) => sum + one * [.2126, .7152, .0722][n], 0)
  const fill = one => light(getComputedStyle(one).fill)
  return [...document.querySelectorAll('g.shade')].filter(g => g.querySelector('text')).map(g => {
    const [a, b] = [fill(g.querySelector('rect')), fill(g.querySelector('text'))].sort()
    return (Math.max(a, b) + .05) / (Math.min(a, b) + .05)
  })
}"""
