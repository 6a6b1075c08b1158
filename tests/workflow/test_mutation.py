"""Every row of every table is held by a story: delete it, widen it, drop a condition or a clock, and a story fails."""

import pytest

from tests.mutants import Mutant, everything
from tests.spec import Tables, playing
from tests.told import about, fails, told
from workflow.flow import Flow


def survives(mutant: Mutant) -> bool:
    """Whether no story notices."""
    flow = Flow(mutant.case, mutant.assignment, mutant.request)
    with playing(Tables(flow, mutant.at_once)):
        return not any(fails(story) for story in about(mutant.command))


def test_the_stories_hold_and_are_many() -> None:
    assert len(told()) > 150


# What nobody can notice, because it makes no difference; and why.
EQUAL = {
    "FailVerification:resolved:in_progress:not_the_handling_unit-a_department_worked without not_the_handling_unit": (
        "where a department worked, neither grid nor street did: their own handling ends when the whistle is blown"
    ),
}


@pytest.mark.slow
def test_no_fault_in_a_table_goes_unnoticed() -> None:
    assert {mutant.name for mutant in everything() if survives(mutant)} == set(EQUAL)
