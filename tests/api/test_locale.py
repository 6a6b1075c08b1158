"""What the pages say: every key once, used, and asked for only where somebody wrote it."""

import re
from pathlib import Path

import pytest

from api.locale import TEXTS, together

ROOT = Path(__file__).parents[2]
SOURCE = "".join(
    path.read_text()
    for room in ("api", "adapters")  # boards name their lists
    for path in (ROOT / room).rglob("*")
    if path.suffix in (".py", ".html", ".js") and path.parent.name != "locale"
)
ASKED = re.compile(r'\bt\("(\w+)"[,)]')
BEGINNINGS = {one for found in re.findall(r'"([a-z_]+_)"|"([a-z_]+_)[{%]', SOURCE) for one in found if one}
ENDINGS = {"", *re.findall(r'[~}] ?"?(_[a-z]+)"', SOURCE)}


def used(key: str) -> bool:
    """Whether the source names a key, or puts it together from what it names."""
    whole = any(re.search(rf"\b{key.removesuffix(ending)}\b", SOURCE) for ending in ENDINGS if key.endswith(ending))
    return whole or key.startswith(tuple(BEGINNINGS))


def test_what_nobody_says_is_not_written_down() -> None:
    assert [key for key in TEXTS if not used(key)] == []
    assert not used("canary_of_mine") and not used("skipp") and used("skip")


def test_what_is_asked_for_is_written_down() -> None:
    asked = set(ASKED.findall(SOURCE))
    assert len(asked) > 300 and asked - TEXTS.keys() == set()


def test_two_screens_do_not_say_two_things_by_one_name() -> None:
    assert together([{"a": ("一", "one")}, {"b": ("二", "two")}]).keys() == {"a", "b"}
    with pytest.raises(ValueError, match=r"a$"):
        together([{"a": ("一", "one")}, {"a": ("二", "two")}])
