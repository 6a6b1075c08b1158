"""When time will do something to a case, and what: commands of the system that are ignored, or refused, when they come too late."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from domain.assignments import Request
from domain.case import Case
from domain.clocks import Timer
from domain.commands import Command, LapseRequest, RecordMiss, RecordNearDue, RecordWindowPassed, Resume
from domain.events import SuspensionRequested
from domain.jurisdiction import Jurisdiction
from domain.policy import Step, Window
from domain.states import AssignmentState, RequestState, State
from domain.worktime import due

AFTER = timedelta(microseconds=1)  # a window is open up to its last moment, that one included


@dataclass(frozen=True, slots=True)
class Waking:
    """A moment, and the command that is then given."""

    at: datetime
    command: Command


def wakings(case: Case, law: Jurisdiction) -> tuple[Waking, ...]:
    """All that time will do to a case as it stands, the next one first."""
    found = (*_deadlines(case), *_requests(case), *_review(case, law), *_windows(case, law))
    return tuple(sorted(found, key=lambda waking: waking.at))


def next_waking(case: Case, law: Jurisdiction) -> datetime | None:
    """When time will next do something; None where it never will."""
    return next((waking.at for waking in wakings(case, law)), None)


def _deadlines(case: Case) -> Iterator[Waking]:
    for timer in case.timers.values():
        if timer.runs and case.state.is_open:
            yield from _of(timer)


def _of(timer: Timer) -> Iterator[Waking]:
    meant: dict[str, Any] = {
        "clock": timer.clock,
        "unit": timer.unit,
        "step": timer.step,
        "run": timer.run,
        "revision": timer.revision,
    }
    if timer.missed == timer.revision:
        return
    if timer.near_told != timer.revision:
        yield Waking(timer.near, RecordNearDue(**meant))
    yield Waking(timer.due, RecordMiss(**meant))


def _requests(case: Case) -> Iterator[Waking]:
    for request in case.requests:
        if request.pending and request.terms.decide_by:
            yield Waking(request.terms.decide_by, LapseRequest(request.number))


def _review(case: Case, law: Jurisdiction) -> Iterator[Waking]:
    """The first moment of the review date, by the district's clock."""
    if case.state is not State.SUSPENDED:
        return
    granted = [request for request in case.requests if _granted(request)]
    if granted and isinstance(terms := granted[-1].terms, SuspensionRequested):
        yield Waking(datetime.combine(terms.review, time(0), law.calendar.tz), Resume())


def _granted(request: Request) -> bool:
    return isinstance(request.terms, SuspensionRequested) and request.state is RequestState.APPROVED


def _windows(case: Case, law: Jurisdiction) -> Iterator[Waking]:
    """Those whose end somebody hears of: the street that has not rated yet, and the units that can no longer return a case."""
    if case.resolved_at and Step.RATING not in law.policy.off and _unrated(case):
        yield from _window(case, law, Window.RATE, "", case.resolved_at)
    for assignment in case.at_work if case.state.is_open else ():
        if not (assignment.own or assignment.final):
            yield from _window(case, law, Window.RETURN, assignment.unit, assignment.since)


def _unrated(case: Case) -> bool:
    return any(a.state is AssignmentState.DONE and not a.own and a.rating is None for a in case.assignments)


def _window(case: Case, law: Jurisdiction, window: Window, subject: str, since: datetime) -> Iterator[Waking]:
    limit, told = law.policy.windows.get(window), case.passed.get((window, subject))
    if limit and (told is None or told < since):
        yield Waking(due(since, limit, law.calendar).at + AFTER, RecordWindowPassed(window, subject))
