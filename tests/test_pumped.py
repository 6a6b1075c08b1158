"""No expression of the product takes more than its input's share of time; and expressions that do, which this finds."""

import re
from pathlib import Path

import pytest

from tests.pumped import MOST, Expression, everywhere, growth, in_file

OURS = everywhere()
pytestmark = pytest.mark.slow  # it takes its time to find out how long the others take


def test_the_expressions_of_the_source_are_found() -> None:
    where = {one.where.split(":")[0].split(" ")[0] for one in OURS}
    assert {
        "domain/personal.py",
        "domain/worktime.py",
        "adapters/photos/cleaning.py",
        "api/forms.py",
        "workflow/ledger.py",
    } <= where
    assert len([one for one in OURS if one.where.startswith("domain/personal.py")]) >= 11


@pytest.mark.parametrize("one", OURS, ids=lambda one: one.where)
def test_twice_the_input_is_at_most_about_twice_the_work(one: Expression) -> None:
    assert min(growth(one) for _ in range(2)) < MOST


@pytest.mark.parametrize(
    "catastrophic",
    [r"(a+)+$", r"^(\d+|\w+)*$", r"(?:[\w.]+)*@", r"([a-z]+-?)+!", r"\s+$", r"(?:\d+[ -]?)+x", r"[\w.+-]+@[\w.]+\.\w+"],
)
def test_an_expression_that_explodes_is_found(catastrophic: str) -> None:
    assert growth(Expression("seeded", re.compile(catastrophic))) > MOST


def test_one_that_is_seeded_into_a_file_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path(tmp_path, "seeded_expressions.py").write_text('import re\nEVIL = re.compile(r"(a|aa)+$")\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (found,) = in_file(Path("seeded_expressions.py"))
    assert growth(found) > MOST
