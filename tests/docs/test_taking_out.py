"""docs/taking-out.md says of each table what its columns are, as the code has them; of each log what stands in it."""

from pathlib import Path

from api.locale import TEXTS
from api.pages import board_lists
from api.pages.columns import OF
from tests.docs.test_documents import TOP
from workflow.ocel import OF_EVENTS, OF_OBJECTS

PAGE = TOP / "docs" / "taking-out.md"
LISTS = {
    "a street": board_lists.STREET, "a grid or community": board_lists.GRID, "a department": board_lists.DEPARTMENT,
    "the district": board_lists.DISTRICT,
}  # fmt: skip


def tables() -> str:
    """The columns of every kind of row, and the lists whose rows are of it."""
    parts = []
    for kind, columns in OF.items():
        where = "; ".join(
            f"{board}: {', '.join(f'`{name}`' for name, one in lists.items() if one is kind)}"
            for board, lists in LISTS.items() if kind in lists.values()
        )  # fmt: skip
        rows = "\n".join(f"| {TEXTS[label][0]} | {TEXTS[label][1]} |" for label in columns)
        parts.append(
            f"### {kind.__module__.split('.')[-1]}.{kind.__name__}\n\nLists of {where}.\n\n| 表头 | heading |\n| --- | --- |\n{rows}\n"
        )
    return "\n".join(parts)


def objects() -> str:
    """The kinds of objects, and what is said of each."""
    rows = "\n".join(f"| `{kind}` | {', '.join(f'`{name}`' for name in names)} |" for kind, names in OF_OBJECTS.items())
    return f"| object | attributes |\n| --- | --- |\n{rows}\n"


def stale(page: Path) -> list[str]:
    """What the code says and the page does not."""
    text = page.read_text(encoding="utf-8")
    wanted = {"columns": tables(), "objects": objects(), **{name: f"`{name}`" for name in OF_EVENTS}}
    return [name for name, told in wanted.items() if told not in text]


def test_the_page_says_what_the_code_does() -> None:
    assert stale(PAGE) == []


def test_a_column_that_is_not_described_is_found(tmp_path: Path) -> None:
    old = tmp_path / "old.md"
    old.write_text(PAGE.read_text(encoding="utf-8").replace("| 类别代码 |", "| 类别 |"), encoding="utf-8")
    assert stale(old) == ["columns"]
