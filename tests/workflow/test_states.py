"""From which states a command can be given, and from which it cannot: the second column of the field's own table."""

from datetime import date

import pytest

from domain import commands as c
from domain.policy import Window
from domain.privacy import Sealed, Secrecy
from domain.states import Clock, Outcome, State
from domain.worktime import Limit
from tests.spec import OTHER, Asked, Steps, given
from tests.steps import (
    called_out,
    cancelled,
    disputed,
    ended,
    handled,
    logged,
    plea,
    resolved,
    return_refused,
    suspended,
    verified,
    whistled,
    working,
)
from tests.town import clerk, dispatcher
from workflow.ask import Refused

WORDS = Sealed(Secrecy.NARRATIVE, "words")
THERE: dict[str, Steps] = {
    "logged": logged(),
    "handling": (logged(), handled()),
    "escalated": (logged(), whistled()),
    "assigned": called_out(),
    "disputed": (called_out(), return_refused(), disputed()),
    "in_progress": working(),
    "suspended": (working(), suspended()),
    "resolved": resolved(),
    "verified": verified(),
    "closed": ended(),
    "cancelled": (logged(), cancelled()),
    "merged": (logged(), Asked(clerk, c.MergeCase(OTHER))),
}
OPEN = "logged handling escalated assigned disputed in_progress suspended resolved verified"
ANY = f"{OPEN} closed cancelled merged"
FROM: tuple[tuple[c.Command, str], ...] = (
    (c.AnswerOnTheSpot("yes"), "logged"),
    (c.AmendCase(summary="two bags"), OPEN),
    (c.HandleCase(), "logged"),
    (c.ReferUp("no tools"), "logged handling"),
    (c.SendDown("a broom"), "logged"),
    (c.RequestWhistle(plea()), "logged handling"),
    (c.GrantWhistle(1), "logged handling"),
    (c.BlowWhistle(plea=plea()), "logged handling"),
    (c.WithdrawWhistle("done"), "escalated"),
    (c.DeclineWhistle("yours"), "escalated"),
    (c.AssignCase("water"), "escalated"),
    (c.Acknowledge(), "assigned in_progress disputed"),
    (c.ReportIn(on_the_spot=True), "assigned in_progress disputed"),
    (c.ContestReportIn("water", "nobody"), "in_progress"),
    (c.FinishStep("stop work"), "in_progress"),
    (c.FinishSupport("done"), "in_progress"),
    (c.RequestReturn("no"), "assigned in_progress"),
    (c.GrantReturn(1), "assigned in_progress"),
    (c.RaiseDispute("no"), "assigned in_progress"),
    (c.Rule("water", "register"), "disputed"),
    (c.AskForSupport("gas", "near"), "assigned in_progress"),
    (c.AddSupport("gas"), "assigned in_progress"),
    (c.WithdrawSupport("gas", "idle"), "assigned in_progress"),
    (c.Reassign("gas", "theirs"), "assigned in_progress"),
    (c.RequestExtension(Limit.parse("1 day"), "late"), "in_progress"),
    (c.GrantExtension(1), "in_progress"),
    (c.RequestSuspension("funding", date(2026, 3, 20)), "in_progress"),
    (c.GrantSuspension(1), "in_progress"),
    (c.Resume(), "suspended"),
    (c.ReportResult("done", "done"), "in_progress handling assigned"),  # assigned: where reporting in is off
    (c.PassVerification(), "resolved"),
    (c.FailVerification("no"), "resolved"),
    (c.RecordCallback(contacted=False), "verified"),
    (c.OrderRework("no"), "verified"),
    (c.CloseCase(Outcome.SOLVED), "verified resolved"),  # resolved: the system, where nothing is left to check
    (c.RateDepartment(unit="water", speed=1, quality=1, attitude=1), "resolved verified closed"),
    (c.RateWhistle(speed=1, quality=1, attitude=1), "resolved verified closed"),
    (c.ReopenCase("again"), "closed"),
    (c.CancelCase("mistake"), "logged handling escalated"),
    (c.RestoreCase("again"), "cancelled"),
    (c.MergeCase(OTHER), "logged handling escalated disputed assigned in_progress"),
    (c.UnmergeCase("again"), "merged"),
    (c.RequestExclusion("force_majeure"), ANY),
    (c.GrantExclusion(1), ANY),
    (c.RequestErasure("asked"), ANY),
    (c.GrantErasure(1), ANY),
    (c.RequestLifting("heard"), ANY),
    (c.GrantLifting(1), ANY),
    (c.RejectRequest(1, "no"), ANY),
    (c.WithdrawRequest(1), ANY),
    (c.LapseRequest(1), ANY),
    (c.AddNote(WORDS), OPEN),
    (c.AddPhoto(WORDS), OPEN),
    (c.ClearPhoto(1, WORDS, 0), ANY),
    (c.WithholdPhoto(1, "a face"), ANY),
    (c.ClearWords(1), ANY),
    (c.Urge(), OPEN),
    (c.OpenSupervision("yellow", "water", "slow"), OPEN),
    (c.AnswerSupervision(1, "soon"), OPEN),
    (c.LiftSupervision(1), OPEN),
    (c.ShowPrivate(Secrecy.NARRATIVE), ANY),
    (c.ChangeEdition("110@2", "calendar"), OPEN),
    (c.RecordNearDue(clock=Clock.RESIDENT, run=1, revision=1), OPEN),
    (c.RecordMiss(clock=Clock.RESIDENT, run=1, revision=1), OPEN),
    (c.RecordWindowPassed(Window.RATE), ANY),
    (c.EraseContact(), ANY),
    (c.EndRetention(), "closed cancelled merged"),
)


@pytest.mark.parametrize(("command", "states"), FROM, ids=[type(command).__name__ for command, _ in FROM])
def test_a_command_is_given_only_from_its_states(command: c.Command, states: str) -> None:
    possible = [there for there, steps in THERE.items() if _is_possible(command, there, steps)]
    assert set(possible) == set(states.split())


def _is_possible(command: c.Command, there: str, steps: Steps) -> bool:
    story = given(steps, other=logged() if there == "merged" else ()).shows(state=State(there))
    answer = story.when(dispatcher, command).answer
    return not (isinstance(answer, Refused) and answer.code == "not_in_this_state")


def test_every_command_on_a_case_is_in_the_list() -> None:
    begin = {c.LogCase, c.CarryOver}
    assert {type(command) for command, _ in FROM} == set(c.COMMANDS) - begin
    assert len(FROM) == len(c.COMMANDS) - len(begin)
