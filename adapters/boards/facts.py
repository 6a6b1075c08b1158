"""What can be said of a case in a figure: each fact in words, and as a condition on its row. Nothing else counts anything."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, not_, or_, true

from adapters.boards.conditions import predicate
from adapters.boards.tables import called, cases
from domain.states import Level, Nature, Outcome, Phase, Satisfied, Source, State
from workflow.words import Pair

SOON = timedelta(days=30)  # who comes back within it was not helped
FOUND = (Source.PATROL, Source.HOME_VISIT)  # by ourselves; everything else was complained of

Moment = datetime | ColumnElement[Any]  # or where it stands in a question
row = cases.c
on_hold, resolved = row.state == State.SUSPENDED.value, row.phase == Phase.RESOLVED.value
soon = row.reopened_after <= int(SOON.total_seconds())


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is so of a case, or is not, at a moment."""

    words: Pair
    always: ColumnElement[bool]  # when it is so whatever the time
    moving: Callable[[Moment], ColumnElement[bool]] | None = None  # when it is so, besides, at a moment

    def holds(self, now: Moment) -> ColumnElement[bool]:
        """As a condition."""
        return or_(self.always, self.moving(now)) if self.moving else self.always


def _always(zh: str, en: str, holds: ColumnElement[bool]) -> Fact:
    """A fact that does not hang on the moment it is asked."""
    return Fact((zh, en), holds)


def _due(zh: str, en: str, deadline: ColumnElement[Any], awaited: ColumnElement[Any]) -> Fact:
    """Should be done by now: done, or not done and the deadline past; not what is in time and not yet due."""
    done = and_(deadline.is_not(None), row.resolved_at.is_not(None))
    return Fact((zh, en), done, lambda now: awaited < now)


FACTS: Mapping[str, Fact] = {
    "any": _always("登记在案", "it was logged", true()),
    "stays": _always("没有作废，也没有并案", "it was neither cancelled nor merged", row.state.not_in([State.CANCELLED, State.MERGED])),
    # call-backs
    "called_back": _always("有回访结果", "a call-back stands", called),
    "reachable": _always("不是按联系不上结案", "it was not closed as unreachable", row.outcome != Outcome.UNREACHABLE.value),
    "contacted": _always("回访联系上了", "the reporter was contacted", row.contacted.is_(True)),
    "solved": _always(
        "回访说已解决，且没有结案后 30 天内重新打开过",
        "the reporter says it is solved, and it never came back within 30 days of closing",
        and_(row.solved.is_(True), or_(row.reopened_after.is_(None), not_(soon))),
    ),
    "satisfied": _always("满意", "the reporter is satisfied", row.satisfied == Satisfied.YES.value),
    "mostly": _always("基本满意", "the reporter is mostly satisfied", row.satisfied == Satisfied.MOSTLY.value),
    # deadlines
    "due": _due(
        "主办有办理时限，且已办结，或未办结而时限已过（挂账期间不计）",
        "the lead has a deadline, and the result stands or the deadline is past (on hold: not counted)",
        row.promised, row.awaited,
    ),
    "in_time": _always("在时限（含延期、顺延）内办结", "the result came by the deadline as it was extended", row.resolved_at <= row.promised),
    "due_first": _due(
        "主办有办理时限，且已办结，或未办结而原时限已过（挂账期间照计）",
        "the lead has a deadline, and the result stands or the original deadline is past (on hold: counted)",
        row.original, row.awaited_first,
    ),
    "in_time_first": _always("在原时限（不含延期、挂账、返工）内办结", "the result came by the original deadline, whatever was granted since", row.resolved_at <= row.original),
    "open": _always("在办", "it is open", row.open.is_(True)),
    "overdue": Fact(("责任单位的时限已过", "what the accountable unit is held to is past"), false(), lambda now: and_(row.open.is_(True), row.due < now)),
    "without_result": _always("没有办结", "no result stands", row.resolved_at.is_(None)),
    # the work
    "resulted": _always("办结过，或曾被退回返工", "a result stands, or was sent back", or_(row.resolved_at.is_not(None), row.rework > 0)),
    "reworked": _always("返工过", "it was sent back for rework", row.rework > 0),
    "led": _always("派给过主办部门", "a department was to lead", row.first_lead != ""),
    "extended": _always("批准过延期", "an extension was granted", row.extended > 0),
    "put_on_hold": _always("批准过挂账", "a suspension was granted", row.suspended > 0),
    "returned": _always("第一个主办部门经同意退单", "the first department to lead gave it back", row.returned.is_(True)),
    "first_stayed": _always("没有退单，也没有换过主办部门", "none gave it back, and no second department was to lead", row.rerouted.is_(False)),
    # how it came, and went
    "found": _always("巡查或走访发现", "it was found on patrol or on a visit", row.source.in_(FOUND)),
    "whistled": _always("吹过哨", "the street blew the whistle", row.escalated_at.is_not(None)),
    "declined": _always("吹哨被谢绝过", "a whistle was declined", row.declined > 0),
    "closed": _always("已结案", "it is closed", row.state == State.CLOSED.value),
    "once_closed": _always("结案过", "it was closed, if only once", row.closed_at.is_not(None)),
    "back_soon": _always("结案后 30 天内重新打开", "it came back within 30 days of closing", soon),
    "by_itself": _always("由网格或社区自行处置", "the grid or community handled it", and_(row.own.is_(True), row.level != Level.STREET.value)),
    "no_question": _always("不只是咨询", "it was more than a question", row.nature != Nature.CONSULTATION.value),
    "unsolved": _always("以解释说明或联系不上结案", "it ended explained or unreachable", row.outcome.in_([Outcome.EXPLAINED, Outcome.UNREACHABLE])),
    # what a unit was allowed to leave out
    "out_of_place": _always("经批准不计入街道及其下级的成绩", "it is left out of the score of the street and what is below it", row.excluded_place.is_(True)),
    "out_of_lead": _always("经批准不计入主办部门的成绩", "it is left out of the score of the department that leads", row.excluded_lead.is_(True)),
    # carried over: what nobody proves
    "carried_over": _always("从别的系统带来，这一步无从知道", "it was carried over, and nobody knows of this step", row.carried_over.is_(True)),
    "answer_unknown": _always("从别的系统带来，已办结而没有回访", "it was carried over with its result, and nobody knows of a call-back", and_(row.carried_over.is_(True), resolved, row.contacted.is_(None))),
    "deadline_unknown": _always("从别的系统带来，没有时限", "it was carried over without a deadline", and_(row.carried_over.is_(True), row.lead != "", row.original.is_(None))),
    "clock_unknown": _always("从别的系统带来，在办而没有时限", "it was carried over, is open and has no deadline", and_(row.carried_over.is_(True), row.open.is_(True), row.due.is_(None), not_(on_hold))),
    "outcome_unknown": _always("从别的系统带来，结果不明", "it was carried over, and nobody knows how it ended", and_(row.carried_over.is_(True), row.outcome.in_(["", Outcome.UNKNOWN]))),
}  # fmt: skip
BITS: Mapping[str, int] = {name: 1 << n for n, name in enumerate(FACTS)}
ALWAYS = [(BITS[name], predicate(fact.always)) for name, fact in FACTS.items()]


def follows(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """What follows from the rest of a row and stands in it all the same, so that an index has it: else every count reads the rows.

    All that is so whatever the time, as the bits of one number, and the deadlines that no result has met yet.
    """
    waits = told["resolved_at"] is None
    awaited = {"awaited": told["promised"] if waits else None, "awaited_first": told["original"] if waits else None}
    return {"facts": sum(bit for bit, so in ALWAYS if so(told)), **awaited}


def is_so(name: str, now: Moment) -> ColumnElement[bool]:
    """A fact as a condition that is never NULL."""
    return asked([name], now) != 0


def asked(names: Collection[str], now: Moment) -> ColumnElement[int]:
    """The bits of some facts: those that are so whatever the time as the row keeps them, and those that are so now."""
    kept = row.facts.op("&")(sum(BITS[name] for name in names))
    moving = ((moves, BITS[name]) for name in names if (moves := FACTS[name].moving))
    # Added, for never both: what waits for its result has none, and nothing is overdue whatever the time.
    return reduce(add, (case((moves(now), bit), else_=0) for moves, bit in moving), kept)
