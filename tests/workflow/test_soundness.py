"""A policy is checked before it is used: each kind of mistake is seeded and found."""

from dataclasses import replace

import pytest

from domain import commands as c
from domain.actors import Role
from domain.policy import Policy
from domain.states import Clock, Urgency
from tests.district import MINIMAL, POLICY
from workflow.flow import CASE_MOVES
from workflow.soundness import problems


@pytest.mark.parametrize("policy", [POLICY, MINIMAL], ids=lambda policy: policy.code)
def test_a_sound_policy(policy: Policy) -> None:
    assert list(problems(policy)) == []


def test_a_clock_without_a_limit() -> None:
    fewer = {key: limit for key, limit in POLICY.limits.items() if key != (Clock.VERIFY, Urgency.ROUTINE)}
    assert list(problems(replace(POLICY, limits=fewer))) == [("clock_without_limit", {"clock": "verify"})]


def test_nobody_may_resume() -> None:
    found = list(problems(replace(POLICY, who={"Resume": frozenset()})))
    assert ("nobody_may", {"command": "Resume"}) in found
    assert ("no_way_to_closing", {"state": "suspended"}) in found


def test_a_command_that_does_not_exist() -> None:
    found = problems(replace(POLICY, who={"CloseCases": frozenset({Role.SUPERVISOR})}))
    assert list(found) == [("no_such_command", {"command": "CloseCases"})]


def test_a_table_in_which_a_state_is_never_reached() -> None:
    fewer = tuple(move for move in CASE_MOVES if move.command is not c.RaiseDispute)
    assert ("state_never_reached", {"state": "disputed"}) in list(problems(POLICY, fewer))


def test_a_table_without_a_way_out() -> None:
    fewer = tuple(move for move in CASE_MOVES if move.command is not c.Resume)
    assert ("no_way_to_closing", {"state": "suspended"}) in list(problems(POLICY, fewer))
