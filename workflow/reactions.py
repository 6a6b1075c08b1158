"""What follows at once, by rule: whenever this event, and this fact, then this command by the system, in the same breath."""

from collections.abc import Callable
from dataclasses import dataclass

from domain import commands as c
from domain import events as e
from domain.case import Case
from domain.jurisdiction import Jurisdiction
from domain.policy import Step
from domain.states import Outcome

SECOND = 2


@dataclass(frozen=True, slots=True)
class Whenever:
    """A sentence: whenever one of these events, and this fact, then this command."""

    events: tuple[type[e.Event], ...]
    fact: Callable[[Case, Jurisdiction], bool]
    then: Callable[[Case, Jurisdiction], c.Command]
    name: str


def nothing_is_left_to_check(_case: Case, law: Jurisdiction) -> bool:
    """Neither verification nor call-back is on."""
    return {Step.VERIFICATION, Step.CALL_BACK} <= law.policy.off


def only_the_call_back_is_on(_case: Case, law: Jurisdiction) -> bool:
    """Verification is left out, the call-back is not."""
    return Step.VERIFICATION in law.policy.off and Step.CALL_BACK not in law.policy.off


def rework_is_at_its_maximum(case: Case, law: Jurisdiction) -> bool:
    """It came back as often as the city bears."""
    return case.rework >= law.policy.maxima.rework


def it_is_reopened_again(case: Case, _law: Jurisdiction) -> bool:
    """The second time, or later."""
    return case.reopened >= SECOND


def close_as_solved(_case: Case, _law: Jurisdiction) -> c.Command:
    """The result is the end."""
    return c.CloseCase(Outcome.SOLVED)


def pass_verification(_case: Case, _law: Jurisdiction) -> c.Command:
    """The result counts as seen."""
    return c.PassVerification()


def supervise(reason: str) -> Callable[[Case, Jurisdiction], c.Command]:
    """A superior's eye on whoever is accountable."""
    return lambda case, _law: c.OpenSupervision("yellow", case.accountable, reason)


AT_ONCE: tuple[Whenever, ...] = (
    Whenever((e.ResultReported,), nothing_is_left_to_check, close_as_solved, "CloseCase as solved"),
    Whenever((e.ResultReported,), only_the_call_back_is_on, pass_verification, "PassVerification"),
    Whenever(
        (e.VerificationFailed, e.ReworkOrdered),
        rework_is_at_its_maximum,
        supervise("rework_at_maximum"),
        "OpenSupervision",
    ),
    Whenever((e.CaseReopened,), it_is_reopened_again, supervise("reopened_again"), "OpenSupervision"),
)


def following(
    event: e.Event, case: Case, law: Jurisdiction, rows: tuple[Whenever, ...] = AT_ONCE
) -> tuple[c.Command, ...]:
    """The commands that follow at once from an event, given the case after it."""
    return tuple(row.then(case, law) for row in rows if isinstance(event, row.events) and row.fact(case, law))
