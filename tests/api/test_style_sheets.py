"""The style sheets: every rule once, closed, used, and asked for by the pages that need it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest

from api.static_files import FILES, FOLDER
from domain.states import State

SCRIPTS = FOLDER.glob("*.js")
PYTHON = (FOLDER.parent / "pages").rglob("*.py")
MADE = {*(f"s{n}" for n in range(1, 6)), "step-done", "step-now"}  # of a number, of how far a case is
SHEETS = {name: content.decode() for name, content in FILES.items() if name.endswith(".css")}


def rules(sheet: str) -> Iterator[tuple[str, ...]]:
    """Each block of a style sheet: its selectors, after the conditions that it stands in."""
    within: list[str] = []
    for told, mark in re.findall(r"([^{};]*)([{};])", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)):
        if mark == "{":
            within.append(" ".join(told.split()))
            yield tuple(within)
        elif mark == "}":
            within.pop()
    assert not within, f"left open: {within}"


def twice(*sheets: str) -> set[tuple[str, ...]]:
    """What has two blocks in sheets that stand on one page; conditions may come again."""
    found = Counter(
        rule for sheet in sheets for rule in rules(sheet) if not rule[-1].startswith(("@", ":root", "from"))
    )
    return {rule for rule, count in found.items() if count > 1}


def test_every_rule_of_the_style_sheets_stands_once_and_by_itself() -> None:
    assert all(twice(SHEETS["pages.css"], sheet) == set() for name, sheet in SHEETS.items() if name != "pages.css")
    headings = re.compile(r"^/\*.*", re.MULTILINE)
    for sheet in SHEETS.values():
        for heading in headings.finditer(sheet):
            assert sum(1 for _ in rules(sheet[: heading.start()])) >= 0  # else something before it is left open
    assert twice(".a { b: c; }\n@media print { .a { b: d; } }", ".a, .b { b: c; }") == set()
    assert twice(".a { b: c; }", "/* again */ .a\n{ b: d; }") == {(".a",)}
    with pytest.raises(AssertionError, match="left open"):
        list(rules("@media print {\n.a { b: c; }"))


def styled(sheet: str) -> set[str]:
    """The classes that a sheet has rules for."""
    return {found for rule in rules(sheet) for found in re.findall(r"\.([a-z][\w-]*)", rule[-1])}


def unstyled(page: str, sheets: Mapping[str, str]) -> set[str]:
    """Classes of a page that have rules, but none in a sheet that the page asks for."""
    asked = set(re.findall(r"/static/\w+/(\w+\.css)", page))
    used = {one for classes in re.findall(r'class="([^"]*)"', page) for one in classes.split()}
    known = {name: styled(sheet) for name, sheet in sheets.items()}
    return used & {one for some in known.values() for one in some} - {one for name in asked for one in known[name]}


def test_a_sheet_that_a_page_does_not_ask_for_is_found() -> None:
    page = '<link rel="stylesheet" href="/static/1/pages.css"><p class="card bulk nothing">'
    assert unstyled(page, SHEETS) == {"bulk"}
    assert unstyled(page + '<link href="/static/1/desks.css">', SHEETS) == set()


def test_every_class_with_a_rule_is_used() -> None:
    said = "".join(path.read_text() for path in (*(FOLDER.parent / "templates").iterdir(), *SCRIPTS, *PYTHON))
    words = {*re.findall(r"[a-z][\w-]*", said), *State, *MADE}
    assert {one for sheet in SHEETS.values() for one in styled(sheet)} - words == set()
