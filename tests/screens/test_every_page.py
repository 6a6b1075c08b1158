"""Every page that anybody can reach: accessible, in both languages, light and dark, at every width, without script; and looked at."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from itertools import groupby
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page

from domain.actors import Role
from tests.api.test_style_sheets import SHEETS, unstyled
from tests.screens.hall import DESK, PHONE, TABLET, Hall, Who, axe, scrolls_sideways

KEPT = Path(__file__).parents[2] / "build" / "screens"
DISTRICT = "540102"
CASES = 90  # of the month behind the hall
WIDTHS = (360, 412, 768, 1440)
LOOKS = [("zh-CN", False), ("zh-CN", True), ("en-GB", False), ("en-GB", True)]
LINK = re.compile(r'<a [^>]*href="(/[^"#]*)')
CODE = re.compile(r"(?<=/)(?:[0-9a-f]{8}-[0-9a-f-]{27}|\d{6}-\d{8}-\d+|\d{6,}|[A-Za-z0-9_-]{22,})(?=/|$)")
UNIT = re.compile(r"(?<=/departments/)\w+|(?<=/poster/)[\w-]+|(?<=^/figures/)\w+|(?<=/sign-in).*")
PART = re.compile(r'<section aria-labelledby="([^"]+)"|<form method="post" action="/(\w+)')
KEY = re.compile(r"\b[a-z]{2,}(?:_[a-z]+)+\b")
NOT_OURS = ("/docs", "/openapi.json", "/sw.js", "/manifest.webmanifest", "/live", "/static/")
FOREIGN = """() => [...document.querySelectorAll('main, header, footer')].flatMap(part => {
  const found = [], walk = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, near = text.parentElement.closest('[lang]');
    if (/[\\u3400-\\u9fff]/.test(text.data) && !text.parentElement.closest('option') && near.lang === 'en') found.push(text.data.trim());
  }
  return found;
})"""


@dataclass(frozen=True)
class Shown:
    """One page as one office sees it."""

    who: Who | None
    path: str

    @property
    def name(self) -> str:
        """What its pictures are called."""
        office = self.who[0].value if self.who else "anybody"
        return re.sub(r"\W+", "-", f"{office} {kind(self.path)}").strip("-")


def kind(path: str) -> str:
    """Pages that differ only in what they are about are of one kind."""
    return CODE.sub("X", UNIT.sub("X", urlsplit(path).path))


@pytest.fixture(scope="module")
def pages(town: Hall) -> list[Shown]:
    """One page of every kind; of pages that look otherwise to another office, both."""
    found: dict[str, Shown] = {}
    for who in offices(town):
        for path, parts in reached(town, who):
            found.setdefault(f"{kind(path)} {parts}", Shown(who, path))
    assert len({kind(page.path) for page in found.values()}) >= 8
    return list(found.values())


def offices(town: Hall) -> list[Who | None]:
    """One of every role that the district has, where there is most to see; and nobody."""
    busiest = town.office.get((Role.SUPERVISOR, DISTRICT), "/cases", limit=50).json()["cases"][0]
    units = {Role.GRID_WORKER: busiest["grid"], Role.COMMUNITY: busiest["community"]}
    units |= dict.fromkeys((Role.STREET_CLERK, Role.STREET_LEADER), busiest["street"])
    units |= dict.fromkeys((Role.DEPARTMENT_CLERK, Role.DEPARTMENT_HEAD), "urban_management")
    roles = dict.fromkeys(grant.role for grant in town.whole.law.grants)
    return [None, *((role, units.get(role, DISTRICT)) for role in roles)]


def reached(town: Hall, who: Who | None) -> Iterator[tuple[str, list[str]]]:
    """Follows every link from the start page, one of each kind; each answers. Yields the page, and its parts."""
    page = town.window(who, language="en-GB")
    found, todo = set[str](), ["/", "/mine", "/boards", "/sign-in"] if who else ["/", "/sign-in"]
    while todo:
        path = todo.pop(0)
        if kind(path) in found or path.startswith(NOT_OURS):
            continue
        answer = page.request.get(path, headers={"Accept": "text/html"})
        assert answer.status == 200, (who, path)
        if "text/html" in answer.headers["content-type"]:
            assert unstyled(answer.text(), SHEETS) == set(), path
            found.add(kind(path))
            todo += [link for link in map(unescape, LINK.findall(answer.text())) if "lang=" not in link]
            yield path, sorted(set(PART.findall(answer.text())))
    page.context.close()


def each(
    town: Hall, pages: list[Shown], language: str, *, dark: bool = False, script: bool = True
) -> Iterator[tuple[Shown, Page]]:
    """Every page, in one window for each office that looks."""
    for who, some in groupby(pages, key=lambda shown: shown.who):
        page = town.window(who, language=language, dark=dark, script=script)
        for shown in some:
            page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
            page.goto(shown.path)
            yield shown, page
        page.context.close()


@pytest.mark.parametrize(("language", "dark"), LOOKS)
def test_every_page_is_right_for_everybody_and_a_picture_is_kept(
    town: Hall, pages: list[Shown], language: str, dark: bool
) -> None:
    folder = KEPT / f"{language[:2]}-{'dark' if dark else 'light'}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    faults = list[str]()
    for shown, page in each(town, pages, language, dark=dark):
        found = [*axe(page), *unspoken(page), *(foreign(page) if language == "en-GB" else [])]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": PHONE[1] if width < TABLET[0] else DESK[1]})
            found += [f"scrolls sideways at {width}"] if scrolls_sideways(page) else []
            if width in {PHONE[0], DESK[0]}:
                page.screenshot(path=folder / f"{shown.name}-{width}.png")
        faults += [f"{shown.name}: {one}" for one in found]
    contact_sheet(folder)
    assert faults == []


def foreign(page: Page) -> list[str]:
    """What stands in Chinese on an English page, and is not said to."""
    found: list[str] = page.evaluate(FOREIGN)
    return found


def unspoken(page: Page) -> list[str]:
    """Names of texts where the text should stand."""
    codes = {str(one) for one in page.locator("code, pre").all_inner_texts()}
    return [key for key in KEY.findall(page.locator("body").inner_text()) if not any(key in code for code in codes)]


def contact_sheet(folder: Path, across: int = 6, wide: int = 300, high: int = 260) -> None:
    """All pictures of a folder on one, each under its name."""
    pictures = sorted(path for path in folder.glob("*.png") if path.name != "contact.png")
    sheet = Image.new("RGB", (across * wide, -(-len(pictures) // across) * high), "white")
    for n, path in enumerate(pictures):
        x, y = n % across * wide, n // across * high
        with Image.open(path) as picture:
            picture.thumbnail((wide - 10, high - 24))
            sheet.paste(picture, (x, y + 16))
        ImageDraw.Draw(sheet).text((x + 2, y + 2), path.stem[:46], fill="black")
    sheet.save(folder / "contact.png")


def test_a_page_is_complete_without_script(town: Hall, pages: list[Shown]) -> None:
    with_script, without = (
        {
            shown: page.locator("h1, h2, main table, main form:not([data-script])").count()
            for shown, page in each(town, pages, "en-GB", script=script)
        }
        for script in (True, False)
    )
    assert with_script == without


def test_what_is_looked_for_is_found(town: Hall) -> None:
    page = town.window(language="en-GB")
    page.goto("/")
    page.evaluate(
        "document.querySelector('h1').insertAdjacentHTML('afterend', '<p>案件</p><img src=\"data:,\"><div class=x>wide</div>')"
    )
    page.evaluate("document.querySelector('.x').style.width = '3000px'")
    assert foreign(page) == ["案件"] and scrolls_sideways(page) and any("image-alt" in one for one in axe(page))
    page.evaluate("document.querySelector('h1').textContent = 'the report_in is late'")
    assert unspoken(page) == ["report_in"]
    town.faults.clear()
