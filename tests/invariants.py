"""What must hold of every case file, whatever was tried (domain.md, invariants): each check names what is broken."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise

from domain import events as e
from domain.assignments import Assignment
from domain.calendars import around_the_clock
from domain.case import Case, evolve, replay
from domain.clocks import Resumed, Running, Started
from domain.entries import Entry
from domain.jurisdiction import Jurisdiction
from domain.states import AssignmentState, Clock, Part, RequestState, State
from domain.worktime import Limit, remaining

File = tuple[Entry, ...]
Check = Callable[[File, Jurisdiction], Iterator[str]]
A_MOMENT = timedelta(seconds=1)

CASE_CLOCKS: dict[State, set[Clock]] = {
    State.LOGGED: {Clock.RESIDENT, Clock.TRIAGE},
    State.HANDLING: {Clock.RESIDENT},
    State.ESCALATED: {Clock.RESIDENT, Clock.DISPATCH},
    State.DISPUTED: {Clock.RESIDENT, Clock.ARBITRATE},
    State.ASSIGNED: {Clock.RESIDENT},
    State.IN_PROGRESS: {Clock.RESIDENT},
    State.SUSPENDED: {Clock.RESIDENT},
    State.RESOLVED: {Clock.RESIDENT, Clock.VERIFY},
    State.VERIFIED: {Clock.RESIDENT},
    State.CLOSED: set(),
    State.CANCELLED: set(),
    State.MERGED: set(),
}


def steps(file: File) -> Iterator[tuple[Case | None, Entry, Case]]:
    """The case before each entry, the entry, the case after it."""
    case: Case | None = None
    for entry in file:
        after = evolve(case, entry)
        yield case, entry, after
        case = after


def commands(file: File) -> Iterator[Case]:
    """The case after each whole command."""
    for this, after in zip(file, [*file[1:], None], strict=True):
        if after is None or after.command != this.command:
            found = replay(file[: this.version])
            assert found is not None
            yield found


def clocks_fit_the_state(file: File, _law: Jurisdiction) -> Iterator[str]:
    """In each state exactly the clocks of its rows run."""
    for case in commands(file):
        if not case.carried_over and (said := _misfit(case)):
            yield said


def _misfit(case: Case) -> str:
    aside = {Clock.SUPERVISION}
    running = {(t.clock, t.unit) for t in case.timers.values() if t.runs and t.clock not in aside and not t.step}
    wanted = {(clock, "") for clock in CASE_CLOCKS[case.state]}
    if case.state is State.VERIFIED and _to_be_called(case):
        wanted.add((Clock.CALL_BACK, ""))
    if case.state.is_open and case.state is not State.SUSPENDED:
        wanted |= {pair for a in case.at_work for pair in _owed(a, case)}
    return "" if running == wanted else f"{case.state}: running {sorted(running)}, wanted {sorted(wanted)}"


def _to_be_called(case: Case) -> bool:
    return any(t.clock is Clock.CALL_BACK and t.state is not Running.STOPPED for t in case.timers.values())


def _owed(assignment: Assignment, case: Case) -> Iterator[tuple[Clock, str]]:
    unit = assignment.unit
    yield Clock.RESOLVE, unit
    if assignment.state is AssignmentState.PENDING:
        yield Clock.SIGN, unit
    came = assignment.state is AssignmentState.REPORTED_IN
    if not came and case.state is not State.DISPUTED:
        yield Clock.REPORT_IN, unit


def one_unit_is_accountable(file: File, law: Jurisdiction) -> Iterator[str]:
    """Exactly one unit is accountable for an open case at every moment, and it can be named."""
    for case in commands(file):
        known = case.accountable in law.places.by_code or case.accountable in law.departments
        if known != case.state.is_open:
            yield f"{case.state}: accountable {case.accountable!r}"


def nothing_is_enlarged(file: File, law: Jurisdiction) -> Iterator[str]:
    """Rework, a contested report-in, a pause: what remains never grows; with nothing left the old due stays."""
    for before, entry, after in steps(file):
        for fact in entry.clocks:
            if isinstance(fact, Started) and before and _same_assignment(fact.unit, before, after):
                yield f"{fact.clock} {fact.unit}: started afresh"
            if isinstance(fact, Resumed) and before and fact.clock is not Clock.RESIDENT:
                timer = before.timers[fact.key]
                if not timer.why.limit:
                    continue
                calendar = around_the_clock(law.calendar.zone) if timer.why.around_the_clock else law.calendar
                left = remaining(entry.recorded_at, fact.due, Limit.parse(timer.why.limit), calendar)
                if left > (timer.left or timedelta()) + A_MOMENT:
                    yield f"{fact.clock} {fact.unit}: {timer.left} became {left}"


def _same_assignment(unit: str, before: Case, after: Case) -> bool:
    was, now = before.assignment(unit), after.assignment(unit)
    return was is not None and now is not None and was.run == now.run


def who_handled_does_not_judge(file: File, _law: Jurisdiction) -> Iterator[str]:
    """Who verifies, calls back or closes did not handle."""
    judging = (e.VerificationPassed, e.VerificationFailed, e.CallbackRecorded, e.CaseClosed)
    for before, entry, _ in steps(file):
        if isinstance(entry.event, judging) and before and entry.actor.unit in before.handlers:
            yield f"{entry.actor.unit} handled and gave {type(entry.event).__name__}"


def who_asks_does_not_decide(file: File, _law: Jurisdiction) -> Iterator[str]:
    """Who decides a request did not ask for it."""
    decided = (RequestState.APPROVED, RequestState.REJECTED)
    for before, entry, after in steps(file):
        for was, now in zip(before.requests if before else (), after.requests, strict=False):
            newly = was.state is not now.state and now.state in decided
            if newly and now.asker == entry.actor.staff:
                yield f"{now.kind} of {now.asker} decided by the same person"


def one_lead(file: File, _law: Jurisdiction) -> Iterator[str]:
    """One lead at most; no unit at work twice; a result only with every support done or withdrawn."""
    for before, entry, after in steps(file):
        if len([a for a in after.at_work if a.part is Part.LEAD]) > 1:
            yield f"two leads: {after.at_work}"
        if len({a.unit for a in after.at_work}) != len(after.at_work):
            yield f"a unit at work twice: {after.at_work}"
        if isinstance(entry.event, e.ResultReported) and before and before.supports:
            yield f"a result while {before.supports} are at work"


def deadlines_change_with_a_cause(file: File, _law: Jurisdiction) -> Iterator[str]:
    """A deadline, once recorded, changes only by a recorded fact; the resident's never pauses."""
    for before, entry, after in steps(file):
        facts = {fact.key for fact in entry.clocks}
        for key, timer in after.timers.items():
            was = before.timers.get(key) if before else None
            if was and was.due != timer.due and key not in facts:
                yield f"{key} moved without a fact"
            if timer.clock is Clock.RESIDENT and timer.state is Running.PAUSED:
                yield "the resident's clock was paused"


def a_miss_once(file: File, _law: Jurisdiction) -> Iterator[str]:
    """A miss is recorded once per recorded deadline, and never before it is due."""
    seen: set[tuple[object, ...]] = set()
    for _, entry, _ in steps(file):
        if isinstance(entry.event, e.DeadlineMissed):
            missed = entry.event
            key = (missed.clock, missed.unit, missed.step, missed.run, missed.revision)
            if key in seen or missed.due > entry.recorded_at:
                yield f"missed twice or early: {key}"
            seen.add(key)


def the_file_is_whole(file: File, _law: Jurisdiction) -> Iterator[str]:
    """Versions without gaps, time never back, and replaying gives the same case."""
    if [entry.version for entry in file] != list(range(1, len(file) + 1)):
        yield f"versions {[entry.version for entry in file]}"
    if any(a.recorded_at > b.recorded_at for a, b in pairwise(file)):
        yield "recorded_at goes back"


CHECKS: tuple[Check, ...] = (
    clocks_fit_the_state,
    one_unit_is_accountable,
    nothing_is_enlarged,
    who_handled_does_not_judge,
    who_asks_does_not_decide,
    one_lead,
    deadlines_change_with_a_cause,
    a_miss_once,
    the_file_is_whole,
)


def circle(cases: dict[object, Case]) -> str:
    """Merging makes no circle."""
    for start in cases.values():
        seen, case = {start.id}, start
        while case.merged_into:
            case = cases[case.merged_into]
            if case.id in seen:
                return f"a circle of merged cases through {case.id}"
            seen.add(case.id)
    return ""


def broken(file: File, law: Jurisdiction, checks: tuple[Check, ...] = CHECKS) -> list[str]:
    """Everything that does not hold of a case file."""
    return [f"{check.__name__}: {said}" for check in checks for said in check(file, law)]
