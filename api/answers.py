"""What is answered: a case as people see it, with what the caller may do now; never anything private."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from domain.case import Case
from domain.clocks import Timer
from domain.commands import Command
from domain.entries import Entry
from domain.personal import found
from domain.unsealed import written_in
from workflow.ledger import name_of


class PlaceOut(BaseModel):
    """The codes of the places a case lies in; '' where none is known."""

    district: str
    street: str
    community: str
    grid: str


class AboutOut(BaseModel):
    """The registered thing a case is about."""

    code: str
    label: str


class AssignmentOut(BaseModel):
    """One unit's part."""

    unit: str
    part: str
    run: int
    state: str
    since: datetime
    final: bool
    own: bool


class RequestOut(BaseModel):
    """A request inside the case."""

    number: int
    kind: str
    unit: str
    state: str
    decide_by: datetime | None


class WhistleOut(BaseModel):
    """One whistle."""

    number: int
    kind: str
    grade: str
    state: str
    why: str
    tried: str
    departments: list[str]


class SupervisionOut(BaseModel):
    """A superior's eye on the case."""

    number: int
    level: str
    addressee: str
    answered: bool
    lifted: bool


class DeadlineOut(BaseModel):
    """One clock; `left_seconds` while it is paused or after it stopped, in its own measure."""

    clock: str
    unit: str
    step: str
    run: int
    revision: int
    state: str
    due: datetime
    near: datetime
    provisional: bool
    limit: str
    left_seconds: float | None


class ActionOut(BaseModel):
    """Something the caller may do now."""

    command: str
    words: str
    method: str
    href: str


class WarningOut(BaseModel):
    """Something that was written and not sealed, and may tell who somebody is: where, and what it looks like."""

    field: str
    kind: str
    start: int
    end: int


class CaseOut(BaseModel):
    """A case as it stands."""

    case: UUID
    number: str
    version: int
    position: int
    state: str
    phase: str
    level: str
    category: str
    nature: str
    source: str
    urgency: str
    place: PlaceOut
    about: AboutOut | None
    against: str = Field(description="The unit complained about: nobody there sees the case")
    summary: str
    accountable: str
    lead: str
    assignments: list[AssignmentOut]
    requests: list[RequestOut]
    whistles: list[WhistleOut]
    supervisions: list[SupervisionOut]
    deadlines: list[DeadlineOut]
    outcome: str
    rework: int
    reopened: int
    merged_into: UUID | None
    carried_over: bool
    edition: str
    logged_at: datetime
    actions: list[ActionOut]
    receipt: str = ""
    warnings: list[WarningOut] = []


class EntryOut(BaseModel):
    """One line of the case file; who acted is a role of a unit, and words under seal stay so."""

    position: int
    version: int
    event: str
    said: dict[str, Any]
    role: str
    unit: str
    recorded_at: datetime
    occurred_at: datetime | None
    clocks: list[dict[str, Any]]
    text: str


class DayOut(BaseModel):
    """One day of a deadline."""

    day: date
    counted_seconds: float
    total_seconds: float
    code: str
    why: str
    source: str


class ExplainedOut(BaseModel):
    """A deadline with all that led to it."""

    clock: str
    unit: str
    step: str
    run: int
    started: datetime
    due: datetime
    state: str
    limit: str
    calendar: str
    edition: str
    provisional: bool
    days: list[DayOut]
    changes: list[dict[str, Any]]


def case_out(case: Case, *, number: str, position: int, actions: list[ActionOut], receipt: str = "") -> CaseOut:
    """A case as people see it."""
    return CaseOut(
        case=case.id,
        number=number,
        version=case.version,
        position=position,
        state=case.state,
        phase=case.state.phase,
        level=case.level,
        category=case.category,
        nature=case.nature or "",
        source=case.source,
        urgency=case.urgency,
        place=PlaceOut(
            district=case.site.district, street=case.site.street, community=case.site.community, grid=case.site.grid
        ),
        about=AboutOut(code=case.about.code, label=case.about.label) if case.about else None,
        against=case.against,
        summary=case.summary,
        accountable=case.accountable,
        lead=case.lead.unit if case.lead else "",
        **_parts(case),
        deadlines=[deadline_out(timer) for timer in case.timers.values()],
        outcome=case.outcome or "",
        rework=case.rework,
        reopened=case.reopened,
        merged_into=case.merged_into,
        carried_over=case.carried_over,
        edition=case.edition,
        logged_at=case.logged_at,
        actions=actions,
        receipt=receipt,
    )


def warnings_of(command: Command) -> list[WarningOut]:
    """What was found in the words of a command; it is done all the same."""
    return [
        WarningOut(field=field, kind=one.kind, start=one.start, end=one.end)
        for field, text in written_in(command) for one in found(text)
    ]  # fmt: skip


def _parts(case: Case) -> dict[str, Any]:
    """The things with lives of their own."""
    return {
        "assignments": [
            AssignmentOut(unit=a.unit, part=a.part, run=a.run, state=a.state, since=a.since, final=a.final, own=a.own)
            for a in case.assignments
        ],
        "requests": [
            RequestOut(number=r.number, kind=r.kind, unit=r.unit, state=r.state, decide_by=r.terms.decide_by)
            for r in case.requests
        ],
        "whistles": [
            WhistleOut(
                number=w.number,
                kind=w.plea.kind,
                grade=w.plea.grade,
                state=w.state,
                why=w.plea.why,
                tried=w.plea.tried,
                departments=list(w.plea.departments),
            )
            for w in case.whistles
        ],
        "supervisions": [
            SupervisionOut(number=s.number, level=s.level, addressee=s.addressee, answered=s.answered, lifted=s.lifted)
            for s in case.supervisions
        ],
    }


def deadline_out(timer: Timer) -> DeadlineOut:
    """A clock as it stands."""
    return DeadlineOut(
        clock=timer.clock,
        unit=timer.unit,
        step=timer.step,
        run=timer.run,
        revision=timer.revision,
        state=timer.state,
        due=timer.due,
        near=timer.near,
        provisional=timer.provisional,
        limit=timer.why.limit,
        left_seconds=timer.left.total_seconds() if timer.left is not None else None,
    )


def entry_out(entry: Entry, said: dict[str, Any], text: str) -> EntryOut:
    """An entry as staff see it; `said` is the stored event without what is private."""
    return EntryOut(
        position=entry.position,
        version=entry.version,
        event=name_of(entry.event),
        said=said,
        role=entry.actor.role,
        unit=entry.actor.unit,
        recorded_at=entry.recorded_at,
        occurred_at=entry.occurred_at,
        clocks=[_plain(fact) for fact in entry.clocks],
        text=text,
    )


def _plain(fact: Any) -> dict[str, Any]:  # noqa: ANN401 - a clock fact
    due = getattr(fact, "due", None)
    said = {"kind": fact.kind, "clock": fact.clock.value, "unit": fact.unit, "step": fact.step, "run": fact.run}
    return {**said, "due": due.isoformat() if due else None}
