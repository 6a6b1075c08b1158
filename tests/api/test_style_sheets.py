"""The style sheets: every rule once, closed, used, and asked for by the pages that need it."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest

from api.static_files import FILES, FOLDER, LEAN
from domain.states import State

SCRIPTS = sorted(FOLDER.glob("*.js"))
PYTHON = (FOLDER.parent / "pages").rglob("*.py")
MADE = {
    *(f"s{n}" for n in range(1, 6)),
    *(f"b{n}" for n in range(1, 6)),
    "step-done",
    "step-now",
}  # of a number, of how far a case is
SHEETS = {path.name: path.read_text() for path in FOLDER.glob("*.css")}


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


# --- as they are sent


def stretched(script: str) -> list[str]:
    """Lines of a script at which a text begins that goes on in the next: there indentation would be part of it."""
    return [line for line in script.splitlines() if re.sub(r"\\.", "", line).count("`") % 2]


def test_what_is_left_out_on_the_way_is_no_part_of_the_code() -> None:
    assert [line for path in SCRIPTS for line in stretched(path.read_text())] == []
    assert stretched("const a = `one\n  two`;") == ["const a = `one", "  two`;"]
    for path in FOLDER.iterdir():
        sent = FILES[path.name].decode(errors="replace")
        if path.suffix in LEAN:
            lines = [line.strip() for line in path.read_text().splitlines()]
            kept = [line for line in lines if line and not line.startswith(("//", "/*"))]
            assert [line for line in sent.splitlines() if line] == kept, path.name
        else:
            assert FILES[path.name] == path.read_bytes()
