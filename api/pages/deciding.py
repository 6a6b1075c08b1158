"""What is to decide, each on one card with all that is needed: requests, whistles to dispatch, disputes to rule."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from adapters.boards import register
from adapters.boards.asked import Asked
from adapters.boards.folding import files
from adapters.boards.lights import light
from adapters.boards.register import CaseLine
from adapters.boards.telling import held_to
from api.pages.acting.actions import Action, actions_of
from api.pages.acting.controls import Scene
from api.pages.reading import Reading
from api.resources import GRANTS
from domain import commands as c
from domain import events as e
from domain.actors import Role
from domain.assignments import Request, Terms, Whistle
from domain.case import Case, replay
from domain.clocks import Timer
from domain.entries import Entry
from domain.policy import Ground
from domain.states import Clock, RequestKind, RequestState
from workflow.ask import Refused
from workflow.casework import Order
from workflow.refusals import sentence
from workflow.telling import Line, named, story

DECIDERS: Mapping[RequestKind, tuple[Role, ...]] = {
    RequestKind.WHISTLE: (Role.STREET_LEADER,),
    RequestKind.RETURN: (Role.DISPATCHER,),
    RequestKind.EXTENSION: (Role.STREET_LEADER, Role.DISPATCHER),
    RequestKind.SUSPENSION: (Role.SUPERVISOR,),
    RequestKind.EXCLUSION: (Role.SUPERVISOR,),
    RequestKind.ERASURE: (Role.DATA_OFFICER, Role.SUPERVISOR),
    RequestKind.LIFTING: (Role.SUPERVISOR, Role.ARBITER),
}
ARGUMENTS = (e.ReturnRequested, e.RequestRejected, e.RequestLapsed, e.LeadReturned, e.DisputeRaised, e.CaseReassigned)


@dataclass(frozen=True, slots=True)
class Change:
    """What a decision would do to a deadline: where it was, and where it would be (None: there is none)."""

    clock: str
    unit: str
    before: datetime | None
    after: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What granting would lead to: the state, and each deadline that would be another; or why it cannot be."""

    state: str = ""
    changes: tuple[Change, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class RequestCard:
    """A request with all that is needed to decide it; `foreseen` and `actions` for whoever may."""

    case: Case
    number: str
    request: Request
    light: str
    held: Timer | None
    deciders: tuple[Role, ...]
    foreseen: Foreseen | None
    actions: tuple[Action, ...]

    @property
    def prefix(self) -> str:
        """Names on a page are of one card."""
        return f"c{self.number}-"


def mine(v: Reading) -> tuple[str, ...]:
    """The kinds of request that whoever is signed in may decide."""
    return tuple(kind.value for kind, roles in DECIDERS.items() if v.me.role in roles)


def request_cards(v: Reading, asked: Iterable[Asked]) -> tuple[RequestCard, ...]:
    """A card for each request that still waits, in the same order."""
    waiting = tuple(asked)
    numbers = register.numbers(v.parts.boards.engine, (one.case for one in waiting))
    known = _read(v, (one.case for one in waiting))
    cards = (_card(v, known[one.case].case, one, numbers.get(one.case, "")) for one in waiting)
    return tuple(card for card in cards if card)


class Known(NamedTuple):
    """A case, and its file."""

    case: Case
    file: tuple[Entry, ...]


def _read(v: Reading, wanted: Iterable[UUID]) -> dict[UUID, Known]:
    """Cases with their files, which are read together."""
    found = files(v.parts.boards.log, wanted).values()
    return {case.id: Known(case, file) for file in found if (case := replay(file))}


def _card(v: Reading, case: Case, asked: Asked, number: str) -> RequestCard | None:
    request = case.request(asked.number)
    if request is None or not request.pending:
        return None  # decided since the board was told
    actions = tuple(action for action in actions_of(v, case) if _decides(action, request))
    by = request.terms.decide_by
    return RequestCard(
        case=case,
        number=number or str(case.id),
        request=request,
        light=light(by, by, v.now),
        held=held_to(case),
        deciders=DECIDERS[request.kind],
        foreseen=foreseen(v, case, GRANTS[request.kind](request.number)) if actions else None,
        actions=actions,
    )


def _decides(action: Action, request: Request) -> bool:
    verbs = (GRANTS[request.kind].__name__, c.RejectRequest.__name__)
    return action.number == request.number and action.command in verbs


def foreseen(v: Reading, case: Case, command: c.Command) -> Foreseen:
    """What a command of whoever is signed in would change; nothing is written."""
    order = Order(command=command, actor=v.me, now=v.now, id=uuid4())
    try:
        after = v.parts.casework.foreseen(case, order).case
    except Refused as refused:
        return Foreseen(refused=sentence(refused, v.language))
    return Foreseen(after.state if after.state is not case.state else "", tuple(_changes(case, after)))


def _changes(before: Case, after: Case) -> Iterator[Change]:
    for key, timer in after.timers.items():
        was = before.timers.get(key)
        if was is None or (was.due, was.state) != (timer.due, timer.state):
            due = timer.due if timer.runs else None
            yield Change(timer.clock, timer.unit, was.due if was and was.runs else None, due, timer.state)


def reason_of(v: Reading, kind: str, reason: str) -> str:
    """A reason as people say it; one of the city's list by its name."""
    listed = v.law.policy.reasons.get(Ground(kind), {}) if kind in {*Ground} else {}
    return v.spoken(named(listed[reason], v.language) if reason in listed else reason)


def terms_of(v: Reading, terms: Terms) -> Iterator[tuple[str, str]]:
    """What a request says beside its reason: the label, and the words."""
    told = getattr(terms, "plea", terms)
    for name, words in TERMS.items():
        value = getattr(told, name, "")
        if value:
            yield v.label(name), words(v, value)


TERMS: Mapping[str, Callable[[Reading, Any], str]] = {
    "kind": lambda v, kind: v.word("WHISTLE_KINDS", kind),
    "tried": lambda v, text: v.spoken(text),
    "departments": lambda v, units: v.units(units),
    "by": lambda v, limit: v.limit(limit),
    "review": lambda v, day: v.day(day),
    "legal_basis": lambda v, text: v.spoken(text),
    "suggested": lambda v, unit: v.name(unit),
}


@dataclass(frozen=True, slots=True)
class DispatchCard:
    """A case that waits for departments: what the street says, what is usual, what is proposed, and the ways to act."""

    line: CaseLine
    whistle: Whistle | None
    usual: tuple[str, ...]
    returned: tuple[tuple[str, str], ...]  # departments that were let go, and why they asked for it
    proposed: tuple[str, ...]  # the lead first
    actions: Mapping[str, Action]  # by command

    @property
    def prefix(self) -> str:
        """Names on a page are of one card."""
        return f"a{self.line.number}-"


def dispatch_cards(v: Reading, lines: Iterable[CaseLine]) -> tuple[DispatchCard, ...]:
    """A card for each case, in the same order."""
    waiting = tuple(lines)
    known = _read(v, (line.case for line in waiting))
    return tuple(_dispatch(v, line, known[line.case].case) for line in waiting)


def _dispatch(v: Reading, line: CaseLine, case: Case) -> DispatchCard:
    category = v.law.taxonomy.by_code.get(case.category)
    returned = tuple(_let_go(case))
    proposed = _proposed(Scene(v, case, c.AssignCase), returned)
    actions = {action.command: action for action in actions_of(v, case)}
    assign = actions.get(c.AssignCase.__name__)
    if assign:
        actions[assign.command] = _proposing(assign, proposed)
    return DispatchCard(
        line=replace(line, version=case.version),
        whistle=case.whistle,
        usual=category.departments if category else (),
        returned=tuple((terms.unit, terms.reason) for terms in returned),
        proposed=proposed,
        actions=actions,
    )


def _let_go(case: Case) -> Iterator[e.ReturnRequested]:
    """What the departments said that were let go."""
    for request in case.requests:
        if isinstance(request.terms, e.ReturnRequested) and request.state is RequestState.APPROVED:
            yield request.terms


def _proposed(scene: Scene, returned: tuple[e.ReturnRequested, ...]) -> tuple[str, ...]:
    """Whom a department that was let go named, then those that were whistled for, then the usual; never who was let go."""
    gone = {terms.unit for terms in returned}
    wanted = dict.fromkeys((*(terms.suggested for terms in returned), *scene.usual))
    return tuple(unit for unit in wanted if unit not in gone and unit in scene.v.law.departments)


def _proposing(assign: Action, proposed: tuple[str, ...]) -> Action:
    values = {"lead": proposed[:1], "support": proposed[1:]}
    return replace(assign, fields=tuple(replace(f, value=values.get(f.name, f.value)) for f in assign.fields))


@dataclass(frozen=True, slots=True)
class DisputeCard:
    """A dispute: who leads and supports, what was said for and against, and the form of the ruling."""

    line: CaseLine
    lead: str
    supports: tuple[str, ...]
    arguments: tuple[Line, ...]
    due: datetime | None  # of the ruling
    light: str
    rule: Action | None

    @property
    def prefix(self) -> str:
        """Names on a page are of one card."""
        return f"r{self.line.number}-"


def dispute_cards(v: Reading, lines: Iterable[CaseLine]) -> tuple[DisputeCard, ...]:
    """A card for each case, in the same order."""
    disputed = tuple(lines)
    known = _read(v, (line.case for line in disputed))
    return tuple(_dispute(v, line, *known[line.case]) for line in disputed)


def _dispute(v: Reading, line: CaseLine, case: Case, file: tuple[Entry, ...]) -> DisputeCard:
    said = (entry for entry in file if isinstance(entry.event, ARGUMENTS))
    lead, ruling = case.lead.unit if case.lead else "", case.timers.get((Clock.ARBITRATE, "", ""))
    return DisputeCard(
        line=replace(line, version=case.version),
        lead=lead,
        supports=tuple(support.unit for support in case.supports),
        due=ruling.due if ruling else None,
        light=light(ruling.due, ruling.near, v.now) if ruling else "",
        arguments=tuple(story(said, v.parts.casework.law_of(case), v.language)),
        rule=next((_for(action, lead) for action in actions_of(v, case) if action.command == c.Rule.__name__), None),
    )


def _for(rule: Action, lead: str) -> Action:
    """That the lead stays is proposed."""
    return replace(rule, fields=tuple(replace(f, value=(lead,)) if f.name == "lead" else f for f in rule.fields))
