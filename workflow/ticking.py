"""What a move does to the clocks, as facts: computed once, here, and afterwards only read."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from domain import worktime
from domain.calendars import Calendar, around_the_clock
from domain.case import Case
from domain.clocks import ClockFact, Moved, Paused, Resumed, Running, Started, Stopped, Timer, Why, applied
from domain.commands import CarryOver
from domain.jurisdiction import Jurisdiction
from domain.states import PER_ASSIGNMENT, Clock, Urgency
from domain.worktime import Limit
from workflow.ask import Ask
from workflow.flow import ClockOp, Move

NOTHING_LEFT = timedelta(0)


def ticked(move: Move, ask: Ask, before: Case | None, after: Case) -> tuple[ClockFact, ...]:
    """The facts of one move: `before` and `after` differ by its events; the clocks are still as before."""
    facts: list[ClockFact] = []
    timers = dict(before.timers if before else {})
    for op in move.clocks:
        made = tuple(VERBS[op.verb](Tick(op, ask, before, after, timers)))
        timers = applied(timers, made)
        facts += made
    return tuple(facts)


class Tick:
    """One clock operation at work on one case."""

    def __init__(
        self, op: ClockOp, ask: Ask, before: Case | None, after: Case, timers: dict[tuple[Clock, str, str], Timer]
    ) -> None:
        """`timers` are the clocks as the operations before this one left them."""
        self.op, self.ask, self.now, self.law = op, ask, ask.now, ask.law
        self.before, self.after, self.timers = before, after, timers

    def units(self) -> frozenset[str] | None:
        """The units whose clocks it touches; None for everybody's."""
        earlier = {(a.unit, a.run) for a in self.before.at_work} if self.before else set()
        later = {(a.unit, a.run) for a in self.after.at_work}
        match self.op.of:
            case "opened":
                return frozenset(unit for unit, _ in later - earlier)
            case "ended":
                return frozenset(unit for unit, _ in earlier - later)
            case "the_unit":
                return frozenset({self.ask.unit})
            case "the_lead":
                return frozenset({self.after.lead.unit} if self.after.lead else ())
            case "everyone":
                return None

    def picked(self, *states: Running) -> list[Timer]:
        """The timers it touches, of those in these states."""
        return [t for t in self.timers.values() if t.clock in self.op.clocks and t.state in states and self._meant(t)]

    def _meant(self, timer: Timer) -> bool:
        units = self.units()
        if timer.clock is Clock.SUPERVISION:
            return units is None or timer.unit == str(getattr(self.ask.command, "number", ""))
        mine = timer.clock not in PER_ASSIGNMENT or units is None or timer.unit in units
        return mine and getattr(self.ask.command, "step", timer.step) == timer.step

    def calendar(self, timer: Timer) -> Calendar:
        """The calendar that the timer is counted by."""
        return around_the_clock(self.law.calendar.zone) if timer.why.around_the_clock else self.law.calendar

    def left(self, timer: Timer) -> timedelta:
        """What remains, in the limit's own measure; never negative."""
        return _left(timer, self.now, self.calendar(timer))


def _left(timer: Timer, now: datetime, calendar: Calendar) -> timedelta:
    if not timer.runs:
        return timer.left or NOTHING_LEFT
    if not timer.why.limit:  # set by another system: counted by the hour
        return max(timer.due - now, NOTHING_LEFT)
    return worktime.remaining(now, timer.due, Limit.parse(timer.why.limit), calendar)


def _start(tick: Tick) -> Iterator[Started | Stopped]:
    if isinstance(tick.ask.command, CarryOver):
        yield from _carried(tick, tick.ask.command)
        return
    for clock in tick.op.clocks:
        for unit in sorted(_starting(tick, clock)):
            for limit, due in reckoned(tick.law, tick.after.category, clock, tick.after.urgency, tick.now):
                yield _started(tick, clock, unit, limit, due)


def _starting(tick: Tick, clock: Clock) -> frozenset[str]:
    if clock is Clock.SUPERVISION:
        return frozenset({str(tick.after.supervisions[-1].number)})
    return (tick.units() or frozenset()) if clock in PER_ASSIGNMENT else frozenset({""})


def reckoned(
    law: Jurisdiction, category: str, clock: Clock, urgency: Urgency, now: datetime
) -> Iterator[tuple[Limit, worktime.Due]]:
    """The limits of a clock that starts now, each with when it is due: for whoever starts it, and for whoever asks before."""
    for limit in law.limits(category, clock, urgency):
        yield limit, worktime.due(now, limit, law.calendar_for(urgency))


def _started(tick: Tick, clock: Clock, unit: str, limit: Limit, due: worktime.Due) -> Started:
    calendar = tick.law.calendar_for(tick.after.urgency)
    former = tick.timers.get((clock, unit, limit.step))
    return Started(
        clock=clock,
        unit=unit,
        step=limit.step,
        run=former.run + 1 if former else 1,
        at=tick.now,
        due=due.at,
        near=worktime.near(tick.now, due.at, limit, calendar, tick.law.policy.near_share),
        provisional=due.provisional,
        why=_why(tick.law, limit, calendar, tick.after.urgency),
    )


def _why(law: Jurisdiction, limit: Limit, calendar: Calendar, urgency: Urgency) -> Why:
    version = f"{calendar.code}@{calendar.version}"
    return Why(str(limit), version, law.edition, around_the_clock=urgency is Urgency.EMERGENCY)


def _carried(tick: Tick, carried: CarryOver) -> Iterator[Started | Stopped]:
    """The deadline that the other system had: it runs on where work is owed, and has stopped where it is done."""
    if carried.due is None:
        return
    near = carried.opened + (carried.due - carried.opened) * tick.law.policy.near_share
    why = Why("", "", tick.law.edition, source="partner")
    unit, due = carried.department, carried.due
    yield Started(clock=Clock.RESOLVE, unit=unit, run=1, at=carried.opened, due=due, near=near, why=why)
    if carried.resolved:
        yield Stopped(clock=Clock.RESOLVE, unit=unit, run=1, left=max(due - carried.resolved, NOTHING_LEFT))


def _stop(tick: Tick) -> Iterator[Stopped]:
    for t in tick.picked(Running.RUNNING, Running.PAUSED):
        yield Stopped(clock=t.clock, unit=t.unit, step=t.step, run=t.run, left=tick.left(t))


def _pause(tick: Tick) -> Iterator[Paused]:
    for t in tick.picked(Running.RUNNING):
        yield Paused(clock=t.clock, unit=t.unit, step=t.step, run=t.run, left=tick.left(t))


def _resume(tick: Tick) -> Iterator[Resumed]:
    for t in tick.picked(Running.PAUSED):
        yield _resumed(tick, t)


def _go_on(tick: Tick) -> Iterator[Resumed]:
    for t in tick.picked(Running.STOPPED):
        if not t.step:
            yield _resumed(tick, t)


def _resumed(tick: Tick, timer: Timer) -> Resumed:
    left, calendar = tick.left(timer), tick.calendar(timer)
    if left == NOTHING_LEFT:
        return _again(timer, timer.due, timer.near, provisional=timer.provisional, revision=timer.revision)
    if not timer.why.limit:
        due = worktime.Due(tick.now + left, provisional=False)
        near = tick.now + max(left - (timer.due - timer.near), NOTHING_LEFT)
    else:
        limit = Limit.parse(timer.why.limit)
        due = worktime.resume(tick.now, left, limit, calendar)
        before_near = left - worktime.remaining(timer.near, timer.due, limit, calendar)
        near = worktime.resume(tick.now, before_near, limit, calendar).at if before_near > NOTHING_LEFT else tick.now
    return _again(timer, due.at, near, provisional=due.provisional, revision=timer.revision + (due.at != timer.due))


def _again(timer: Timer, due: datetime, near: datetime, *, provisional: bool, revision: int) -> Resumed:
    return Resumed(
        clock=timer.clock,
        unit=timer.unit,
        step=timer.step,
        run=timer.run,
        revision=revision,
        due=due,
        near=near,
        provisional=provisional,
    )


def _keep_due(tick: Tick) -> Iterator[Resumed]:
    for t in tick.picked(Running.STOPPED):
        yield _again(t, t.due, t.near, provisional=t.provisional, revision=t.revision)


def _shift(tick: Tick) -> Iterator[Moved]:
    by = Limit.parse(tick.ask.request.terms.by) if tick.ask.request else None  # type: ignore[union-attr]  # the row is an extension's
    for t in tick.picked(Running.RUNNING):
        if by and not t.step:
            yield _moved(tick, t, worktime.extend(t.due, by, tick.calendar(t)), "extension", by)


def _recount(tick: Tick) -> Iterator[Moved]:
    for t in tick.picked(Running.RUNNING):
        if tick.ask.next_law:
            yield from _under_the_next_calendar(tick, t, tick.ask.next_law)
        elif t.revision == 1 and t.why.limit:
            yield from _under_the_category(tick, t)


def _under_the_next_calendar(tick: Tick, timer: Timer, law: Jurisdiction) -> Iterator[Moved]:
    if timer.provisional and timer.due > tick.now:
        limit = Limit.parse(timer.why.limit)
        due = worktime.resume(tick.now, tick.left(timer), limit, law.calendar)
        yield _moved(tick, timer, due, "calendar", limit)


def _under_the_category(tick: Tick, timer: Timer) -> Iterator[Moved]:
    limits = tick.law.limits(tick.after.category, timer.clock, tick.after.urgency)
    limit = next((limit for limit in limits if limit.step == timer.step), None)
    if limit and str(limit) != timer.why.limit:
        yield _moved(tick, timer, worktime.due(timer.started, limit, tick.calendar(timer)), "amended", limit)


def _moved(tick: Tick, timer: Timer, due: worktime.Due, cause: str, limit: Limit) -> Moved:
    near = worktime.near(timer.started, due.at, limit, tick.calendar(timer), tick.law.policy.near_share)
    return Moved(
        clock=timer.clock,
        unit=timer.unit,
        step=timer.step,
        run=timer.run,
        revision=timer.revision + 1,
        due=due.at,
        near=near,
        provisional=due.provisional,
        cause=cause,  # type: ignore[arg-type]  # one of the four, given above
    )


VERBS: dict[str, Callable[[Tick], Iterator[ClockFact]]] = {
    "start": _start,
    "stop": _stop,
    "pause": _pause,
    "resume": _resume,
    "go_on": _go_on,
    "keep_due": _keep_due,
    "shift": _shift,
    "recount": _recount,
}
