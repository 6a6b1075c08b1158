"""What people do with a case that lies before them: by state, each habit with its weight."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from domain import commands as c
from domain.actors import Actor, Role
from domain.assignments import Assignment
from domain.case import Case
from domain.events import Plea
from domain.jurisdiction import Jurisdiction
from domain.places import Path
from domain.policy import Ground
from domain.states import (
    AssignmentState,
    Grade,
    Level,
    Outcome,
    Part,
    RequestKind,
    Satisfied,
    Source,
    State,
    WhistleKind,
)
from domain.worktime import Limit, Unit

Step = tuple[Actor, c.Command]
SOLVED, MOSTLY_CONTENT, REACHED = 0.86, 0.3, 0.85


@dataclass(frozen=True, slots=True)
class Scene:
    """A case at a moment, and the people around it."""

    case: Case
    law: Jurisdiction
    dice: Random
    now: datetime

    @staticmethod
    def staff(law: Jurisdiction, role: Role, unit: str) -> Actor:
        """The member of staff with this role of this unit. LookupError where the jurisdiction has none."""
        grant = next((g for g in law.grants if g.role is role and g.unit == unit), None)
        if grant is None:
            msg = f"the jurisdiction has no {role} of {unit}"
            raise LookupError(msg)
        return Actor(grant.staff, role, unit)

    @staticmethod
    def logger(law: Jurisdiction, path: Path, source: Source) -> Actor:
        """Who writes down what comes in this way."""
        role, unit = {
            Source.HOTLINE: (Role.HOTLINE, path.district),
            Source.COUNTER: (Role.STREET_CLERK, path.street),
            Source.HOME_VISIT: (Role.COMMUNITY, path.community),
        }.get(source, (Role.GRID_WORKER, path.grid))
        return Scene.staff(law, role, unit)

    def street(self, role: Role = Role.STREET_CLERK) -> Actor:
        """Somebody of the street office."""
        return self.staff(self.law, role, self.case.place.street)

    def district(self, role: Role) -> Actor:
        """Somebody of the district."""
        return self.staff(self.law, role, self.case.place.district)

    def department(self, unit: str) -> Actor:
        """Somebody of a department."""
        return self.staff(self.law, Role.DEPARTMENT_CLERK, unit)

    def holder(self) -> Actor:
        """Whoever works for the unit at the case's level."""
        roles = {Level.GRID: Role.GRID_WORKER, Level.COMMUNITY: Role.COMMUNITY, Level.STREET: Role.STREET_CLERK}
        return self.staff(self.law, roles[self.case.level], self.case.unit_at_the_level)

    def worker(self, assignment: Assignment) -> Actor:
        """Whoever works on an assignment."""
        return self.holder() if assignment.own else self.department(assignment.unit)


# --- below the district


def answer(scene: Scene) -> Step | None:
    """A question is answered."""
    return scene.street(), c.AnswerOnTheSpot("已当场答复（虚构）")


def handle(scene: Scene) -> Step | None:
    """It can be handled here."""
    return scene.holder(), c.HandleCase()


def refer_up(scene: Scene) -> Step | None:
    """It cannot."""
    return scene.holder(), c.ReferUp("本级无力处置（虚构）")


def whistle(scene: Scene) -> Step | None:
    """The street calls departments."""
    usual = scene.law.taxonomy.by_code[scene.case.category].departments
    kind = WhistleKind.RESIDENT_NEED if scene.case.wants_answer else WhistleKind.KEY_WORK
    plea = Plea(
        kind=kind, grade=Grade.ROUTINE, why="超出街道权限（虚构）", tried="已现场劝导（虚构）", departments=usual
    )
    return scene.street(Role.STREET_LEADER), c.BlowWhistle(plea=plea)


def cancel(scene: Scene) -> Step | None:
    """Twice logged, or by mistake."""
    reasons = tuple(scene.law.policy.reasons.get(Ground.CANCELLATION, ("duplicate",)))
    return scene.street(), c.CancelCase(scene.dice.choice(reasons))


def result_of_one_s_own(scene: Scene) -> Step | None:
    """What the grid, community or street did itself."""
    return scene.holder(), c.ReportResult("已处置（虚构）", "已处理，感谢反映（虚构）")


# --- at the district


def assign(scene: Scene) -> Step | None:
    """The usual departments, sometimes with another's support."""
    usual = scene.law.taxonomy.by_code[scene.case.category].departments or (scene.dice.choice(_departments(scene)),)
    others = [unit for unit in _departments(scene) if unit not in usual]
    extra = (scene.dice.choice(others),) if scene.dice.random() < 0.15 and others else ()  # noqa: PLR2004 - a habit
    return scene.district(Role.DISPATCHER), c.AssignCase(usual[0], (*usual[1:], *extra))


def decline(scene: Scene) -> Step | None:
    """The street can do this itself."""
    return scene.district(Role.DISPATCHER), c.DeclineWhistle("街道可自行处置（虚构）")


def rule(scene: Scene) -> Step | None:
    """The lead stays, or another takes over."""
    lead = scene.case.lead
    other = scene.dice.choice(_departments(scene))
    named = lead.unit if lead and scene.dice.random() < 0.6 else other  # noqa: PLR2004 - a habit
    return scene.district(Role.ARBITER), c.Rule(named, "依据职责清单（虚构）")


def _departments(scene: Scene) -> list[str]:
    return sorted(scene.law.departments)


# --- the departments


def acknowledge(scene: Scene) -> Step | None:
    """Somebody who has not signed, signs."""
    pending = [a for a in scene.case.at_work if a.state is AssignmentState.PENDING]
    return (scene.worker(pending[0]), c.Acknowledge()) if pending else None


def report_in(scene: Scene) -> Step | None:
    """Somebody who has signed, comes."""
    signed = [a for a in scene.case.at_work if a.state is AssignmentState.ACKNOWLEDGED]
    return (scene.worker(signed[0]), c.ReportIn(on_the_spot=scene.dice.random() < SOLVED)) if signed else None


def finish_support(scene: Scene) -> Step | None:
    """A support does its part."""
    there = [a for a in scene.case.supports if a.state is AssignmentState.REPORTED_IN]
    return (scene.worker(there[0]), c.FinishSupport("协办事项已完成（虚构）")) if there else None


def withdraw_slow_support(scene: Scene) -> Step | None:
    """Without those who do not come."""
    slow = [a for a in scene.case.supports if a.state is not AssignmentState.REPORTED_IN]
    return (scene.district(Role.DISPATCHER), c.WithdrawSupport(slow[0].unit, "已无需协办（虚构）")) if slow else None


def result(scene: Scene) -> Step | None:
    """The lead has done it."""
    lead = scene.case.lead
    done = c.ReportResult("已处置完毕（虚构）", "问题已处理，感谢反映（虚构）")
    return (scene.worker(lead), done) if lead else None


def ask_return(scene: Scene) -> Step | None:
    """Not ours."""
    lead = scene.case.lead
    return (
        (scene.department(lead.unit), c.RequestReturn("不属本部门职责（虚构）", "职责清单（虚构）")) if lead else None
    )


def ask_extension(scene: Scene) -> Step | None:
    """More time."""
    lead = scene.case.lead
    ask = c.RequestExtension(Limit(scene.dice.choice((2, 3, 5)), Unit.WORKING_DAYS), "备件未到（虚构）")
    return (scene.department(lead.unit), ask) if lead else None


def ask_suspension(scene: Scene) -> Step | None:
    """It has to wait."""
    lead, reasons = scene.case.lead, tuple(scene.law.policy.reasons.get(Ground.SUSPENSION, ("funding",)))
    review = (scene.now + timedelta(days=scene.dice.randrange(7, 40))).date()
    return (scene.department(lead.unit), c.RequestSuspension(scene.dice.choice(reasons), review)) if lead else None


def decide(scene: Scene) -> Step | None:
    """Whoever decides, decides."""
    pending = next((r for r in scene.case.requests if r.pending), None)
    if pending is None:
        return None
    role, grant = {
        RequestKind.RETURN: (Role.DISPATCHER, c.GrantReturn),
        RequestKind.EXTENSION: (Role.DISPATCHER, c.GrantExtension),
        RequestKind.SUSPENSION: (Role.SUPERVISOR, c.GrantSuspension),
        RequestKind.EXCLUSION: (Role.SUPERVISOR, c.GrantExclusion),
        RequestKind.ERASURE: (Role.DATA_OFFICER, c.GrantErasure),
        RequestKind.LIFTING: (Role.ARBITER, c.GrantLifting),
    }.get(pending.kind, (Role.STREET_LEADER, c.GrantWhistle))
    actor = scene.street(role) if role is Role.STREET_LEADER else scene.district(role)
    yes = scene.dice.random() < 0.6  # noqa: PLR2004 - a habit
    return actor, grant(pending.number) if yes else c.RejectRequest(pending.number, "理由不足（虚构）")


def dispute(scene: Scene) -> Step | None:
    """A refused return is not accepted."""
    lead = scene.case.lead
    return (scene.department(lead.unit), c.RaiseDispute("职责不清（虚构）")) if lead else None


def resume(scene: Scene) -> Step | None:
    """Taken up again."""
    return scene.street(), c.Resume("条件已具备（虚构）")


def urge(scene: Scene) -> Step | None:
    """Somebody waits."""
    return scene.street(), c.Urge("请尽快处置（虚构）")


# --- back at the street


def verify(scene: Scene) -> Step | None:
    """Seen on the spot, by somebody who did not handle it."""
    return _verifier(scene), c.PassVerification()


def fail_verification(scene: Scene) -> Step | None:
    """Seen on the spot: not done."""
    return _verifier(scene), c.FailVerification("现场仍有问题（虚构）")


def _verifier(scene: Scene) -> Actor:
    grid = scene.case.place.grid
    worked_here = grid in scene.case.handlers or not grid
    return scene.street() if worked_here else scene.staff(scene.law, Role.GRID_WORKER, grid)


def call_back(scene: Scene) -> Step | None:
    """The hotline calls."""
    hotline = scene.district(Role.HOTLINE)
    if scene.dice.random() > REACHED:
        return hotline, c.RecordCallback(contacted=False)
    solved = scene.dice.random() < SOLVED
    content = Satisfied.MOSTLY if scene.dice.random() < MOSTLY_CONTENT else Satisfied.YES
    return hotline, c.RecordCallback(contacted=True, solved=solved, satisfied=content if solved else Satisfied.NO)


def order_rework(scene: Scene) -> Step | None:
    """The reporter says no."""
    return scene.street(), c.OrderRework("反映人表示未解决（虚构）")


def close(scene: Scene) -> Step | None:
    """The case ends with what was said."""
    called = scene.case.callback
    outcome = Outcome.SOLVED
    if called is not None:
        outcome = Outcome.UNREACHABLE if not called.contacted else Outcome.SOLVED if called.solved else Outcome.PARTLY
    by_district = scene.case.place.street in scene.case.handlers
    return scene.district(Role.SUPERVISOR) if by_district else scene.street(), c.CloseCase(outcome)


def rate(scene: Scene) -> Step | None:
    """The street rates the lead."""
    lead = scene.case.lead
    if lead is None or lead.own or lead.part is not Part.LEAD:
        return None
    speed, quality, attitude = scene.dice.choices((1, 2, 3, 4, 5), (1, 2, 4, 8, 6), k=3)
    rating = c.RateDepartment(unit=lead.unit, speed=speed, quality=quality, attitude=attitude)
    return scene.street(Role.STREET_LEADER), rating


Habit = Callable[[Scene], Step | None]
HABITS: Mapping[State, tuple[tuple[float, Habit], ...]] = {
    State.LOGGED: ((40, answer), (30, handle), (22, refer_up), (14, whistle), (1, cancel)),
    State.HANDLING: ((60, result_of_one_s_own), (12, refer_up)),
    State.ESCALATED: ((50, assign), (3, decline)),
    State.ASSIGNED: ((60, acknowledge), (50, report_in), (20, decide), (5, ask_return), (5, dispute), (3, urge)),
    State.IN_PROGRESS: (
        (40, result),
        (30, finish_support),
        (20, acknowledge),
        (20, report_in),
        (25, decide),
        (6, withdraw_slow_support),
        (7, ask_extension),
        (4, ask_suspension),
        (3, ask_return),
        (2, dispute),
        (3, urge),
    ),
    State.DISPUTED: ((40, rule), (10, acknowledge)),
    State.SUSPENDED: ((20, resume), (5, urge)),
    State.RESOLVED: ((50, verify), (5, fail_verification), (10, rate)),
    State.VERIFIED: ((50, call_back), (40, close), (40, order_rework), (5, rate)),
}
