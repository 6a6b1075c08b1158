"""What follows at once, by rule: whenever this event, and this fact, then this command by the system, in the same breath."""

from collections.abc import Callable
from dataclasses import dataclass

from domain import commands as c
from domain import events as e
from domain.case import Case
from domain.jurisdiction import Jurisdiction
from domain.policy import Reaction, Step
from domain.states import Clock, Level, Outcome, Satisfied, State

SECOND = 2
OWN_WORK = (State.LOGGED, State.HANDLING)  # no department holds it


@dataclass(frozen=True, slots=True)
class Happened:
    """An event, the case after it, and the law it follows."""

    event: e.Event
    case: Case
    law: Jurisdiction

    def by_itself(self, reaction: Reaction) -> bool:
        """Whether the city lets the system do this."""
        return reaction not in self.law.policy.by_hand


@dataclass(frozen=True, slots=True)
class Whenever:
    """A sentence: whenever one of these events, and this fact, then this command."""

    events: tuple[type[e.Event], ...]
    fact: Callable[[Happened], bool]
    then: Callable[[Happened], c.Command]
    name: str


# --- facts


def nothing_is_left_to_check(told: Happened) -> bool:
    """Neither verification nor call-back is on."""
    return {Step.VERIFICATION, Step.CALL_BACK} <= told.law.policy.off


def only_the_call_back_is_on(told: Happened) -> bool:
    """Verification is left out, the call-back is not."""
    return Step.VERIFICATION in told.law.policy.off and Step.CALL_BACK not in told.law.policy.off


def rework_is_at_its_maximum(told: Happened) -> bool:
    """It came back as often as the city bears."""
    return told.by_itself(Reaction.SUPERVISE_REWORK) and told.case.rework >= told.law.policy.maxima.rework


def it_is_reopened_again(told: Happened) -> bool:
    """The second time, or later."""
    return told.by_itself(Reaction.SUPERVISE_REOPENED) and told.case.reopened >= SECOND


def the_reporter_is_not_satisfied(told: Happened) -> bool:
    """They were reached, and said so."""
    unsatisfied = isinstance(told.event, e.CallbackRecorded) and told.event.satisfied is Satisfied.NO
    return told.by_itself(Reaction.SUPERVISE_UNSATISFIED) and unsatisfied


def a_department_or_the_district_missed_it(told: Happened) -> bool:
    """The case had left the street's hands, or come back done; and whoever missed it is not watched for that yet."""
    unwatched = not _watched(told, MISSED, _who_missed(told))
    return told.by_itself(Reaction.SUPERVISE_MISSED) and _counts(told) and told.case.state not in OWN_WORK and unwatched


def missed_too_often_below_the_street(told: Happened) -> bool:
    """So many misses while a grid, or a community, held the case."""
    return told.by_itself(Reaction.REFER_UP) and told.case.level is not Level.STREET and _too_often(told)


def missed_too_often_at_the_street(told: Happened) -> bool:
    """So many misses while the street held the case, which is not watched for that yet."""
    unwatched = not _watched(told, MISSED_TOO_OFTEN, told.case.accountable)
    at_the_street = told.case.level is Level.STREET and _too_often(told)
    return told.by_itself(Reaction.SUPERVISE_MISSED) and at_the_street and unwatched


def _too_often(told: Happened) -> bool:
    return _counts(told) and told.case.state in OWN_WORK and told.case.misses >= told.law.policy.maxima.misses


def _counts(told: Happened) -> bool:
    """A supervision that nobody answers is not supervised again."""
    return isinstance(told.event, e.DeadlineMissed) and told.event.clock is not Clock.SUPERVISION


def _watched(told: Happened, reason: str, whom: str) -> bool:
    return any((s.reason, s.addressee, s.lifted) == (reason, whom, False) for s in told.case.supervisions)


# --- commands; each stores why it was given

MISSED, MISSED_TOO_OFTEN = "missed", "missed_too_often"


def close_as_solved(_told: Happened) -> c.Command:
    """The result is the end."""
    return c.CloseCase(Outcome.SOLVED)


def pass_verification(_told: Happened) -> c.Command:
    """The result counts as seen."""
    return c.PassVerification()


def refer_up(_told: Happened) -> c.Command:
    """One level up."""
    return c.ReferUp(MISSED_TOO_OFTEN)


def supervise(reason: str, whom: Callable[[Happened], str]) -> Callable[[Happened], c.Command]:
    """A superior's eye on somebody."""
    return lambda told: c.OpenSupervision("yellow", whom(told), reason)


def _the_accountable_unit(told: Happened) -> str:
    return told.case.accountable


def _who_did_the_work(told: Happened) -> str:
    return told.case.lead.unit if told.case.lead else told.case.accountable


def _who_missed(told: Happened) -> str:
    """The unit whose clock it was; of a clock of the case itself, whoever is accountable."""
    return getattr(told.event, "unit", "") or told.case.accountable


AT_ONCE: tuple[Whenever, ...] = (
    Whenever((e.ResultReported,), nothing_is_left_to_check, close_as_solved, "CloseCase as solved"),
    Whenever((e.ResultReported,), only_the_call_back_is_on, pass_verification, "PassVerification"),
    Whenever(
        (e.VerificationFailed, e.ReworkOrdered),
        rework_is_at_its_maximum,
        supervise("rework_at_maximum", _the_accountable_unit),
        "OpenSupervision",
    ),
    Whenever(
        (e.CaseReopened,), it_is_reopened_again, supervise("reopened_again", _the_accountable_unit), "OpenSupervision"
    ),
    Whenever(
        (e.CallbackRecorded,),
        the_reporter_is_not_satisfied,
        supervise("not_satisfied", _who_did_the_work),
        "OpenSupervision of who did the work",
    ),
    Whenever(
        (e.DeadlineMissed,),
        a_department_or_the_district_missed_it,
        supervise(MISSED, _who_missed),
        "OpenSupervision of who missed it",
    ),
    Whenever((e.DeadlineMissed,), missed_too_often_below_the_street, refer_up, "ReferUp"),
    Whenever(
        (e.DeadlineMissed,),
        missed_too_often_at_the_street,
        supervise(MISSED_TOO_OFTEN, _the_accountable_unit),
        "OpenSupervision of the street",
    ),
)


def following(
    event: e.Event, case: Case, law: Jurisdiction, rows: tuple[Whenever, ...] = AT_ONCE
) -> tuple[c.Command, ...]:
    """The commands that follow at once from an event, given the case after it."""
    told = Happened(event, case, law)
    return tuple(row.then(told) for row in rows if isinstance(event, row.events) and row.fact(told))
