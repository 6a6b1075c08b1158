"""Every refusal is a code with a sentence in each language, and the stories show every one that people can meet."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.commands import AssignCase
from tests import spec
from tests.steps import logged, whistled
from tests.told import refusals
from tests.town import water
from workflow.ask import Refused
from workflow.flow import CASE_MOVES
from workflow.refusals import SENTENCES, sentence

ROOT = Path(__file__).parents[2]
# Guards that only choose between rows of one command: another row's condition is told instead; or that tell the
# system, whose late commands are passed over, not refused.
NEVER_SAID = {
    "a_department_worked",
    "a_lead_returns",
    "an_emergency_that_names_a_lead",
    "it_contests_the_lead",
    "it_names_the_same_lead",
    "it_was_assigned",
    "it_was_in_progress",
    "nobody_is_to_be_called",
    "nobody_else_is_to_be_called",
    "somebody_else_is_to_be_called",
    "a_retention_has_ended",
    "the_calling_goes_on",
    "the_unit_worked_itself",
    "this_ends_the_calling",
    "it_is_near_and_untold",
    "it_is_past_and_unrecorded",
    "its_decide_by_has_passed",
    "not_recorded_before",
    "the_deadline_stands",
    "the_window_has_passed",
}


def raised(module: str) -> Iterator[str]:
    """The codes that a module raises by name."""
    for node in ast.walk(ast.parse((ROOT / "workflow" / module).read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused":
            yield from (str(arg.value) for arg in node.args if isinstance(arg, ast.Constant))


CONDITIONS = {guard.__name__ for row in CASE_MOVES for guard in row.given}
DECIDED = set(raised("decide.py")) | set(raised("flow.py"))


def test_every_code_has_its_sentences() -> None:
    assert {"say_it", "no_such_department"} <= DECIDED
    assert CONDITIONS | DECIDED | set(raised("casework.py")) <= set(SENTENCES)


def test_every_condition_and_code_is_shown_by_a_story() -> None:
    shown = {refused.code for refused in refusals()}
    assert (CONDITIONS | DECIDED) - shown == NEVER_SAID


def test_every_who_is_shown_by_a_story() -> None:
    shown = {name for refused in refusals() for name in refused.arguments.get("who", ())}  # type: ignore[attr-defined]
    assert shown == {guard.__name__ for row in CASE_MOVES for guard in row.who}


def test_a_refusal_says_what_is_possible_and_by_whom() -> None:
    story = spec.given(logged(), whistled()).when(water, AssignCase("water"))
    assert isinstance(story.answer, Refused)
    assert story.answer.possible[:4] == (
        ("AmendCase", ("the_accountable_unit",)),
        ("WithdrawWhistle", ("the_street_leader",)),
        ("DeclineWhistle", ("the_dispatcher",)),
        ("AssignCase", ("the_dispatcher",)),
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_refusal_of_the_stories_reads_as_a_sentence(language: str) -> None:
    end = "。" if language == "zh" else "."
    for refused in refusals():
        said = sentence(refused, language)
        assert said.endswith(end), said
        assert not re.search(r"[{}]|[a-z]+_[a-z]+_", said), said
