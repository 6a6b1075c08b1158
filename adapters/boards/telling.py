"""What the boards say of a case: rows that follow from the case alone, so that live, recovered and rebuilt are one."""

from collections.abc import Iterator
from datetime import datetime
from math import ceil
from typing import Any

from adapters.boards.facts import follows
from domain.assignments import Assignment, Request
from domain.case import Case
from domain.clocks import Running, Timer
from domain.events import WhistleRequested
from domain.places import Path
from domain.states import (
    PER_ASSIGNMENT,
    AssignmentState,
    Clock,
    Part,
    RequestKind,
    RequestState,
    State,
    WhistleState,
)

Row = dict[str, Any]
DONE = AssignmentState.DONE
RESULTED = (State.RESOLVED, State.VERIFIED, State.CLOSED)


def case_row(case: Case) -> Row:
    """The row of the case itself; its number is the register's business."""
    held, resident = held_to(case), case.timers.get((Clock.RESIDENT, "", ""))
    told = {
        "case": case.id,
        "version": case.version,
        "state": case.state.value,
        "phase": case.state.phase.value,
        "open": case.state.is_open,
        "level": case.level.value,
        "urgency": case.urgency.value,
        "category": case.category,
        "nature": case.nature.value if case.nature else "",
        "source": case.source.value,
        **place_of(case.place),
        "about": case.about.code if case.about else "",
        "summary": case.summary,
        "accountable": case.accountable,
        "lead": case.lead.unit if case.lead else "",
        "own": case.lead is not None and case.lead.own,
        "clock": held.clock.value if held else "",
        "due": held.due if held else None,
        "near": held.near if held else None,
        **_standing(case),
        "resident_due": resident.due if resident else None,
        "promised": _promised(case),
        "original": _original(case),
        "provisional": bool(held and held.provisional),
        "missed": sum(timer.missed > 0 for timer in case.timers.values()),
        "logged_at": case.logged_at,
        "escalated_at": min((whistle.blown for whistle in case.whistles), default=None),
        "assigned_at": min((a.since for a in case.assignments if not a.own), default=None),
        "resolved_at": case.resolved_at,
        "ended_at": case.ended_at,
        "closed_at": case.closed_at,
        "reopened_after": ceil(case.back_after.total_seconds()) if case.back_after is not None else None,
        "recorded_at": case.recorded_at,
        **_result(case),
        "rework": case.rework,
        "reopened": case.reopened,
        "sent_down": case.sent_down,
        "declined": sum(whistle.state is WhistleState.DECLINED for whistle in case.whistles),
        "extended": len(_granted(case, RequestKind.EXTENSION)),
        "suspended": len(_granted(case, RequestKind.SUSPENSION)),
        **_led(case),
        **_left_out(case),
        "supervised": next((s.addressee for s in case.supervisions if not s.lifted), ""),
        "carried_over": case.carried_over,
        "external_id": case.external_id,
        "receipt": case.receipt,
        "marked": bool(case.marks),
    }
    return {**told, **follows(told)}


def _result(case: Case) -> Row:
    called = case.callback
    return {
        "outcome": case.outcome.value if case.outcome else "",
        "waits": case.can_be_called,
        "attempts": case.attempts,
        "called_at": case.called_at,
        "contacted": called.contacted if called else None,
        "solved": called.solved if called else None,
        "satisfied": called.satisfied.value if called and called.satisfied else "",
    }


def place_of(path: Path) -> Row:
    """The columns of a path."""
    return {"district": path.district, "street": path.street, "community": path.community, "grid": path.grid}


def held_to(case: Case) -> Timer | None:
    """The clock that the accountable unit is held to: of those that run for it, the one that is due first."""
    running = [t for t in case.timers.values() if t.runs and t.clock not in (Clock.RESIDENT, Clock.SUPERVISION)]
    own = [t for t in running if t.clock not in PER_ASSIGNMENT or t.unit == case.accountable]
    return min(own, key=lambda timer: timer.due, default=None)


def _promised(case: Case) -> datetime | None:
    """When the lead's result was due, as last set; None while the clock stands still."""
    timer = case.timers.get((Clock.RESOLVE, case.lead.unit, "")) if case.lead else None
    return timer.due if timer and timer.state is not Running.PAUSED else None


def _standing(case: Case) -> Row:
    """The suspension that stands, the latest that was granted: why, since when, and until when."""
    granted = _granted(case, RequestKind.SUSPENSION) if case.state is State.SUSPENDED else []
    terms = granted[-1].terms if granted else None
    return {
        "suspended_for": getattr(terms, "reason", ""),
        "suspended_since": granted[-1].decided if granted else None,
        "review": getattr(terms, "review", None),
    }


def _original(case: Case) -> datetime | None:
    timer = case.timers.get((Clock.RESOLVE, case.lead.unit, "")) if case.lead else None
    return timer.original if timer else None


def _granted(case: Case, kind: RequestKind) -> list[Request]:
    return [r for r in case.requests if r.kind is kind and r.state is RequestState.APPROVED]


def _led(case: Case) -> Row:
    """Which departments were to lead, and how far the one that leads has come."""
    led = [a for a in case.assignments if a.part is Part.LEAD and not a.own]
    gave_back = [a.state is AssignmentState.RETURNED for a in led]
    lead = case.lead if case.lead and not case.lead.own else None
    return {
        "first_lead": led[0].unit if led else "",
        "returned": bool(led) and gave_back[0],
        "rerouted": any(gave_back) or len({a.unit for a in led}) > 1,
        "lead_since": lead.since if lead else None,
        "signed_at": lead.acknowledged if lead else None,
        "came_at": lead.reported_in if lead and lead.state not in NOT_THERE else None,
    }


NOT_THERE = (AssignmentState.PENDING, AssignmentState.ACKNOWLEDGED)  # not yet, or the street says that nobody came


def _left_out(case: Case) -> Row:
    """Of whose scores it is left out: what a unit asked for counts for its own alone."""
    asked = {request.unit for request in _granted(case, RequestKind.EXCLUSION)}
    place = place_of(case.place)
    return {
        "excluded_place": not asked.isdisjoint(place.values()),
        "excluded_lead": case.lead is not None and case.lead.unit in asked,
    }


def assignment_rows(case: Case) -> Iterator[Row]:
    """One row for each run of each unit."""
    for assignment in case.assignments:
        yield _assignment(case, assignment)


def _assignment(case: Case, assignment: Assignment) -> Row:
    latest = case.assignment(assignment.unit) is assignment
    sign, report_in, resolve = (_timer(case, clock, assignment) if latest else None for clock in ASSIGNMENT_CLOCKS)
    came_late = bool(report_in and assignment.reported_in and assignment.reported_in > report_in.due)
    rating = assignment.rating
    return {
        "case": case.id,
        "unit": assignment.unit,
        "run": assignment.run,
        "part": assignment.part.value,
        "state": assignment.state.value,
        "at_work": assignment.at_work and case.state.is_open,
        "own": assignment.own,
        "street": case.place.street,
        "since": assignment.since,
        "acknowledged": assignment.acknowledged,
        "reported_in": assignment.reported_in,
        "ended": assignment.ended,
        "sign_due": sign.due if sign else None,
        "report_in_due": report_in.due if report_in else None,
        "due": resolve.due if resolve else None,
        "near": resolve.near if resolve else None,
        "late": came_late,
        "speed": rating.speed if rating else None,
        "quality": rating.quality if rating else None,
        "attitude": rating.attitude if rating else None,
        "comment": rating.comment if rating else "",
        "to_rate": rating is None and not assignment.own and assignment.state is DONE and case.state in RESULTED,
    }


ASSIGNMENT_CLOCKS = (Clock.SIGN, Clock.REPORT_IN, Clock.RESOLVE)


def _timer(case: Case, clock: Clock, assignment: Assignment) -> Timer | None:
    return case.timers.get((clock, assignment.unit, ""))


def request_rows(case: Case) -> Iterator[Row]:
    """One row for each request."""
    for request in case.requests:
        terms = request.terms
        yield {
            "case": case.id,
            "number": request.number,
            "kind": request.kind.value,
            "unit": request.unit,
            "state": request.state.value,
            "reason": terms.plea.why if isinstance(terms, WhistleRequested) else terms.reason,
            "decide_by": terms.decide_by,
            "decided": request.decided,
            "street": case.place.street,
        }


def whistle_rows(case: Case) -> Iterator[Row]:
    """One row for each whistle."""
    for whistle in case.whistles:
        yield {
            "case": case.id,
            "number": whistle.number,
            "kind": whistle.plea.kind.value,
            "grade": whistle.plea.grade.value,
            "state": whistle.state.value,
            "blown": whistle.blown,
            "street": case.place.street,
        }
