"""Random lives: anybody tries anything on a handful of cases; what the rules let through makes histories."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from domain import commands as c
from domain.actors import SYSTEM, Actor, Role
from domain.case import Case, evolve
from domain.entries import Entry
from domain.events import Plea, Reporter
from domain.jurisdiction import Jurisdiction
from domain.policy import Window
from domain.privacy import Sealed, Secrecy
from domain.states import Grade, Outcome, Satisfied, Source, Urgency, WhistleKind
from domain.worktime import Limit, Unit
from workflow.ask import Refused
from workflow.casework import Done, Order
from workflow.decide import Desk, begin, decide
from workflow.flow import FLOW, Flow

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
WILD = 0.2  # share of the tries that are anything by anybody
SELDOM = 0.05
FEW = 4  # cases in one life
ENDS = frozenset({c.CancelCase, c.MergeCase, c.AnswerOnTheSpot, c.GrantErasure, c.RequestExclusion, c.Urge})


@dataclass
class Memory:
    """Case files in a dict: the shortest thing that behaves as the casework does."""

    law: Jurisdiction
    flow: Flow = FLOW
    files: dict[UUID, list[Entry]] = field(default_factory=dict)
    cases: dict[UUID, Case] = field(default_factory=dict)
    position: int = 0

    def open_case(self, case: UUID, order: Order) -> Done:
        """As Casework.open_case."""
        desk = Desk(self.law, order.now, order.id, self.flow)
        assert isinstance(order.command, c.LogCase | c.CarryOver)
        return self._keep(case, begin(case, order.command, order.actor, desk))

    def handle(self, case: UUID, order: Order) -> Done:
        """As Casework.handle."""
        other = None
        if isinstance(order.command, c.MergeCase):
            other = self.cases[order.command.into]
        if isinstance(order.command, c.UnmergeCase) and self.cases[case].merged_into:
            other = self.cases[self.cases[case].merged_into]  # type: ignore[index]  # just seen
        desk = Desk(self.law, order.now, order.id, self.flow, other=other)
        return self._keep(case, decide(self.cases[case], order.command, order.actor, desk))

    def file(self, case: UUID) -> tuple[Entry, ...]:
        """As Casework.file."""
        return tuple(self.files[case])

    def case(self, case: UUID) -> Case:
        """As Casework.case."""
        return self.cases[case]

    def _keep(self, case: UUID, entries: tuple[Entry, ...]) -> Done:
        for entry in entries:
            self.position += 1
            self.files.setdefault(entry.case, []).append(entry)
            self.cases[entry.case] = evolve(self.cases.get(entry.case), entry)
        return Done(self.cases[case], entries)


class Lives:
    """A few cases, the dice, and a clock that only goes forward. `casework` is Memory or the real one."""

    def __init__(self, casework: Memory, law: Jurisdiction, dice: Random) -> None:
        """Nothing is logged yet."""
        self.casework, self.law, self.dice, self.now = casework, law, dice, START
        self.known: list[UUID] = []
        self.done: list[Entry] = []
        self.refused = 0

    def step(self) -> None:
        """Somebody tries something, a little later."""
        self.now += timedelta(minutes=self.dice.choice((0, 5, 50, 500, 3000)))
        if not self.known or (len(self.known) < FEW and self.dice.random() < SELDOM):
            self._log()
        else:
            self._try(self.dice.choice(self.known))

    def _log(self) -> None:
        case, place = self._id(), self.dice.choice([p.code for p in self.law.places.by_code.values() if p.parent])
        told = self.dice.random() < 0.5
        log = c.LogCase(
            category=self.any_category(),
            place=place,
            source=self.dice.choice(list(Source)),
            urgency=self.dice.choice((Urgency.ROUTINE, Urgency.EMERGENCY)),
            reporter=Reporter(phone=Sealed(Secrecy.CONTACT, "x")) if told else None,
            receipt="receipt" if told else "",
        )
        hotline = Actor("hotline-1", Role.HOTLINE, self.law.code)
        self.done += self.casework.open_case(case, self._order(hotline, log)).entries
        self.known.append(case)

    def _try(self, known: UUID) -> None:
        case = self.casework.case(known)
        wild = self.dice.random() < WILD
        command = self._command(case, wild=wild)
        people = list(actors(case, self.law))
        self.dice.shuffle(people)
        for actor in people[: 1 if wild else None]:
            try:
                self.done += self.casework.handle(known, self._order(actor, command)).entries
            except Refused:
                self.refused += 1
            else:
                return

    def _command(self, case: Case, *, wild: bool) -> c.Command:
        """Mostly what the state allows, seldom an end; sometimes anything at all."""
        kinds = list(COMMANDS) if wild else [row.command for row in FLOW.rows(case.state) if row.command in COMMANDS]
        if not wild and case.state.is_open:
            kinds = [kind for kind in kinds if kind not in ENDS or self.dice.random() < SELDOM]
        return COMMANDS[self.dice.choice(kinds or [c.Urge])](self, case)

    def _order(self, actor: Actor, command: c.Command) -> Order:
        return Order(command=command, actor=actor, now=self.now, id=self._id())

    def _id(self) -> UUID:
        return UUID(int=self.dice.getrandbits(128), version=4)

    def any_category(self) -> str:
        """A category that a case can have."""
        return self.dice.choice([category.code for category in self.law.taxonomy.by_code.values() if category.is_leaf])

    def any_unit(self) -> str:
        """A department."""
        return self.dice.choice(sorted(self.law.departments))


def actors(case: Case, law: Jurisdiction) -> Iterator[Actor]:
    """Everybody who could conceivably have to do with the case, two of each at the street."""
    place = case.place
    for unit, role in ((place.grid, Role.GRID_WORKER), (place.community, Role.COMMUNITY)):
        if unit:
            yield Actor(f"{role}-1", role, unit)
    for role in (Role.STREET_CLERK, Role.STREET_LEADER):
        yield from (Actor(f"{role}-{n}", role, place.street) for n in (1, 2))
    for role in (Role.HOTLINE, Role.DISPATCHER, Role.ARBITER, Role.SUPERVISOR, Role.DATA_OFFICER):
        yield Actor(f"{role}-1", role, place.district)
    yield from (Actor(f"clerk-{unit}", Role.DEPARTMENT_CLERK, unit) for unit in sorted(law.departments))
    yield Actor("resident", Role.RESIDENT, case.receipt)
    yield from (SYSTEM, SYSTEM)


def _plea(lives: Lives) -> Plea:
    kind, grade = lives.dice.choice(list(WhistleKind)), lives.dice.choice(list(Grade))
    return Plea(kind=kind, grade=grade, why="why", tried="tried")


def _blow(lives: Lives, case: Case) -> c.Command:
    return c.BlowWhistle(plea=_plea(lives), lead=lives.dice.choice(("", lives.any_unit())))


def _request(lives: Lives, case: Case) -> int:
    return lives.dice.choice([r.number for r in case.requests[-2:]] or [1])


def _unit(lives: Lives, case: Case) -> str:
    return lives.dice.choice([a.unit for a in case.assignments] or [lives.any_unit()])


def _timer(lives: Lives, case: Case) -> dict[str, object]:
    timer = lives.dice.choice(list(case.timers.values()))
    return {"clock": timer.clock, "unit": timer.unit, "step": timer.step, "run": timer.run, "revision": timer.revision}


def _called(lives: Lives, case: Case) -> c.Command:
    if lives.dice.random() < 0.3:
        return c.RecordCallback(contacted=False)
    return c.RecordCallback(contacted=True, solved=lives.dice.random() < 0.6, satisfied=Satisfied.MOSTLY)


def _into(lives: Lives, case: Case) -> c.Command:
    return c.MergeCase(lives.dice.choice(lives.known))


def _assign(lives: Lives, case: Case) -> c.Command:
    units = lives.dice.sample(sorted(lives.law.departments), k=lives.dice.choice((1, 2, 3)))
    return c.AssignCase(units[0], tuple(units[1:]))


COMMANDS: dict[type[c.Command], Callable[[Lives, Case], c.Command]] = {
    c.AnswerOnTheSpot: lambda _l, _k: c.AnswerOnTheSpot("answer"),
    c.HandleCase: lambda _l, _k: c.HandleCase(),
    c.ReferUp: lambda _l, _k: c.ReferUp("reason"),
    c.SendDown: lambda _l, _k: c.SendDown("reason"),
    c.RequestWhistle: lambda lives, _k: c.RequestWhistle(_plea(lives)),
    c.GrantWhistle: lambda lives, k: c.GrantWhistle(_request(lives, k)),
    c.BlowWhistle: _blow,
    c.WithdrawWhistle: lambda _l, _k: c.WithdrawWhistle("reason"),
    c.DeclineWhistle: lambda _l, _k: c.DeclineWhistle("reason"),
    c.AssignCase: _assign,
    c.Acknowledge: lambda _l, _k: c.Acknowledge(),
    c.ReportIn: lambda _l, _k: c.ReportIn(on_the_spot=True),
    c.ContestReportIn: lambda lives, k: c.ContestReportIn(_unit(lives, k), "reason"),
    c.FinishSupport: lambda _l, _k: c.FinishSupport("done"),
    c.RequestReturn: lambda _l, _k: c.RequestReturn("reason"),
    c.GrantReturn: lambda lives, k: c.GrantReturn(_request(lives, k)),
    c.RaiseDispute: lambda _l, _k: c.RaiseDispute("reason"),
    c.Rule: lambda lives, k: c.Rule(lives.dice.choice((_unit(lives, k), lives.any_unit())), "reason"),
    c.AddSupport: lambda lives, _k: c.AddSupport(lives.any_unit()),
    c.WithdrawSupport: lambda lives, k: c.WithdrawSupport(_unit(lives, k), "reason"),
    c.Reassign: lambda lives, _k: c.Reassign(lives.any_unit(), "reason"),
    c.RequestExtension: lambda lives, _k: c.RequestExtension(
        Limit(lives.dice.choice((1, 5)), Unit.WORKING_DAYS), "reason"
    ),
    c.GrantExtension: lambda lives, k: c.GrantExtension(_request(lives, k)),
    c.RequestSuspension: lambda lives, _k: c.RequestSuspension("funding", (lives.now + timedelta(days=5)).date()),
    c.GrantSuspension: lambda lives, k: c.GrantSuspension(_request(lives, k)),
    c.Resume: lambda _l, _k: c.Resume("reason"),
    c.RequestExclusion: lambda _l, _k: c.RequestExclusion("force_majeure"),
    c.GrantExclusion: lambda lives, k: c.GrantExclusion(_request(lives, k)),
    c.RequestErasure: lambda _l, _k: c.RequestErasure("asked"),
    c.GrantErasure: lambda lives, k: c.GrantErasure(_request(lives, k)),
    c.RequestLifting: lambda _l, _k: c.RequestLifting("heard"),
    c.GrantLifting: lambda lives, k: c.GrantLifting(_request(lives, k)),
    c.RejectRequest: lambda lives, k: c.RejectRequest(_request(lives, k), "reason"),
    c.WithdrawRequest: lambda lives, k: c.WithdrawRequest(_request(lives, k)),
    c.LapseRequest: lambda lives, k: c.LapseRequest(_request(lives, k)),
    c.ReportResult: lambda _l, _k: c.ReportResult("done", "reply"),
    c.PassVerification: lambda _l, _k: c.PassVerification(),
    c.FailVerification: lambda _l, _k: c.FailVerification("reason"),
    c.RecordCallback: _called,
    c.OrderRework: lambda _l, _k: c.OrderRework("reason"),
    c.CloseCase: lambda lives, _k: c.CloseCase(lives.dice.choice(list(Outcome))),
    c.RateDepartment: lambda lives, k: c.RateDepartment(unit=_unit(lives, k), speed=3, quality=4, attitude=5),
    c.RateWhistle: lambda _l, _k: c.RateWhistle(speed=1, quality=2, attitude=3),
    c.ReopenCase: lambda _l, _k: c.ReopenCase("reason"),
    c.CancelCase: lambda _l, _k: c.CancelCase("duplicate"),
    c.RestoreCase: lambda _l, _k: c.RestoreCase("reason"),
    c.MergeCase: _into,
    c.UnmergeCase: lambda _l, _k: c.UnmergeCase("reason"),
    c.Urge: lambda _l, _k: c.Urge(),
    c.AddNote: lambda _l, _k: c.AddNote(Sealed(Secrecy.NARRATIVE, "x")),
    c.AddPhoto: lambda _l, _k: c.AddPhoto(Sealed(Secrecy.PHOTOS, "x")),
    c.ClearPhoto: lambda _l, k: c.ClearPhoto(len(k.photos), Sealed(Secrecy.PHOTOS, "x"), 1),
    c.WithholdPhoto: lambda _l, k: c.WithholdPhoto(len(k.photos), "reason"),
    c.ClearWords: lambda _l, k: c.ClearWords(k.version),
    c.AskForSupport: lambda lives, _k: c.AskForSupport(lives.any_unit(), "reason"),
    c.FinishStep: lambda lives, k: c.FinishStep(lives.dice.choice([t.step for t in k.timers.values()])),
    c.AmendCase: lambda lives, _k: c.AmendCase(category=lives.any_category(), reason="reason"),
    c.OpenSupervision: lambda _l, k: c.OpenSupervision("yellow", k.accountable, "reason"),
    c.AnswerSupervision: lambda _l, k: c.AnswerSupervision(len(k.supervisions), "answer"),
    c.LiftSupervision: lambda _l, k: c.LiftSupervision(len(k.supervisions)),
    c.ShowPrivate: lambda lives, _k: c.ShowPrivate(lives.dice.choice(list(Secrecy))),
    c.RecordNearDue: lambda lives, k: c.RecordNearDue(**_timer(lives, k)),  # type: ignore[arg-type]  # a timer's own fields
    c.RecordMiss: lambda lives, k: c.RecordMiss(**_timer(lives, k)),  # type: ignore[arg-type]  # a timer's own fields
    c.RecordWindowPassed: lambda lives, k: c.RecordWindowPassed(lives.dice.choice(list(Window)), _unit(lives, k)),
}
