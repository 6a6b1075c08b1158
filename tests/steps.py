"""What stories take as given, in a word each: who asks what."""

from datetime import date

from domain import commands as c
from domain.actors import Actor
from domain.events import Plea, Reporter
from domain.privacy import Sealed, Secrecy
from domain.states import Grade, Nature, Outcome, Satisfied, Source, Urgency, WhistleKind
from domain.worktime import Limit
from tests import town
from tests.district import GRID
from tests.spec import Asked, Steps

SOMEONE = Reporter(phone=Sealed(Secrecy.CONTACT, "sealed"))


def a_case(
    category: str = town.RUBBISH,
    place: str = GRID,
    source: Source = Source.HOTLINE,
    reporter: Reporter | None = SOMEONE,
    urgency: Urgency = Urgency.ROUTINE,
    nature: Nature | None = None,
) -> c.LogCase:
    receipt = "receipt-1" if reporter else ""
    return c.LogCase(
        category=category,
        place=place,
        source=source,
        reporter=reporter,
        urgency=urgency,
        nature=nature,
        receipt=receipt,
    )


def logged(category: str = town.RUBBISH, at: str = "", place: str = GRID, urgency: Urgency = Urgency.ROUTINE) -> Asked:
    """By the hotline, for someone who waits for an answer: it lies with the street."""
    return Asked(town.hotline, a_case(category, place, urgency=urgency), at)


def found(category: str = town.RUBBISH, at: str = "", place: str = GRID) -> Asked:
    """By the grid worker on patrol: it lies with the grid, and nobody waits for an answer."""
    return Asked(town.grid_worker, a_case(category, place, Source.PATROL, None), at)


def told_to_the_community(at: str = "") -> Asked:
    return Asked(town.community, a_case(source=Source.HOME_VISIT), at)


def asked_a_question(at: str = "") -> Asked:
    return Asked(town.hotline, a_case(town.QUESTION), at)


def answered(at: str = "") -> Asked:
    return Asked(town.hotline, c.AnswerOnTheSpot("Bring your papers to the counter."), at)


def handled(by: Actor = town.clerk, at: str = "") -> Asked:
    return Asked(by, c.HandleCase(), at)


def referred_up(by: Actor = town.grid_worker, at: str = "") -> Asked:
    return Asked(by, c.ReferUp("no tools"), at)


def sent_down(by: Actor = town.clerk, at: str = "") -> Asked:
    return Asked(by, c.SendDown("a broom will do"), at)


def plea(kind: WhistleKind = WhistleKind.RESIDENT_NEED, grade: Grade = Grade.ROUTINE, *departments: str) -> Plea:
    return Plea(kind=kind, grade=grade, why="no powers", tried="asked the owner", departments=departments)


TOUGH, EMERGENCY = plea(grade=Grade.TOUGH), plea(WhistleKind.EMERGENCY)


def applied(by: Actor = town.grid_worker, plea: Plea = plea(), at: str = "") -> Asked:  # noqa: B008 - a constant
    return Asked(by, c.RequestWhistle(plea), at)


def whistled(by: Actor = town.leader, plea: Plea = plea(), at: str = "") -> Asked:  # noqa: B008 - a constant
    return Asked(by, c.BlowWhistle(plea=plea), at)


def emergency(lead: str, *support: str, at: str = "") -> Asked:
    return Asked(town.leader, c.BlowWhistle(plea=EMERGENCY, lead=lead, support=support), at)


def assigned(lead: str, *support: str, at: str = "") -> Asked:
    return Asked(town.dispatcher, c.AssignCase(lead, support), at)


def called_out(lead: str = "water", *support: str, at: str = "") -> Steps:
    """Logged, whistled, assigned (at `at`)."""
    return (logged(), whistled(), assigned(lead, *support, at=at))


def acknowledged(unit: str = "water", at: str = "") -> Asked:
    return Asked(town.DEPARTMENTS[unit], c.Acknowledge(), at)


def reported_in(unit: str = "water", at: str = "") -> Asked:
    return Asked(town.DEPARTMENTS[unit], c.ReportIn(on_the_spot=True), at)


def working(lead: str = "water", *support: str, at: str = "") -> Steps:
    """Logged, whistled, assigned (at `at`), and the lead has reported in."""
    return (called_out(lead, *support, at=at), reported_in(lead))


def contested(unit: str = "water", at: str = "") -> Asked:
    return Asked(town.clerk, c.ContestReportIn(unit, "nobody came"), at)


def support_done(unit: str = "roads", at: str = "") -> Asked:
    return Asked(town.DEPARTMENTS[unit], c.FinishSupport("closed the road"), at)


def return_asked(unit: str = "water", at: str = "") -> Asked:
    return Asked(town.DEPARTMENTS[unit], c.RequestReturn("not our pipe"), at)


def return_granted(request: int = 1, at: str = "") -> Asked:
    return Asked(town.dispatcher, c.GrantReturn(request), at)


def rejected(by: Actor = town.dispatcher, request: int = 1, at: str = "") -> Asked:
    return Asked(by, c.RejectRequest(request, "it is yours"), at)


def disputed(by: Actor = town.water, at: str = "") -> Asked:
    return Asked(by, c.RaiseDispute("the pipe is the owner's"), at)


def return_refused(unit: str = "water") -> Steps:
    return (return_asked(unit), rejected())


def ruled(lead: str, at: str = "") -> Asked:
    return Asked(town.arbiter, c.Rule(lead, "by the register of pipes"), at)


def extension_asked(by: str = "3 days", at: str = "") -> Asked:
    return Asked(town.water, c.RequestExtension(Limit.parse(by), "parts are late"), at)


def extension_granted(request: int = 1, at: str = "") -> Asked:
    return Asked(town.leader, c.GrantExtension(request), at)


def suspension_asked(review: date = date(2026, 3, 20), at: str = "") -> Asked:
    return Asked(town.water, c.RequestSuspension("funding", review), at)


def suspended(request: int = 1, at: str = "") -> Steps:
    return (suspension_asked(), Asked(town.supervisor, c.GrantSuspension(request), at))


def result(unit: str = "water", at: str = "") -> Asked:
    return Asked(town.DEPARTMENTS[unit], c.ReportResult("pipe replaced", "The pipe is new."), at)


def own_result(by: Actor = town.clerk, at: str = "") -> Asked:
    return Asked(by, c.ReportResult("swept", "The street is clean."), at)


def failed(by: Actor = town.grid_worker, at: str = "") -> Asked:
    return Asked(by, c.FailVerification("still wet"), at)


def passed(by: Actor = town.grid_worker, at: str = "") -> Asked:
    return Asked(by, c.PassVerification(), at)


def called(solved: bool = True, by: Actor = town.hotline, at: str = "") -> Asked:
    satisfied = Satisfied.YES if solved else Satisfied.NO
    return Asked(by, c.RecordCallback(contacted=True, solved=solved, satisfied=satisfied), at)


def nobody_answered(at: str = "") -> Asked:
    return Asked(town.hotline, c.RecordCallback(contacted=False), at)


def closed(outcome: Outcome = Outcome.SOLVED, by: Actor = town.clerk, at: str = "") -> Asked:
    return Asked(by, c.CloseCase(outcome), at)


def resolved(lead: str = "water", *support: str) -> Steps:
    """Worked on by a department, and the result reported."""
    supported = tuple((reported_in(unit), support_done(unit)) for unit in support)
    return (working(lead, *support), supported, result(lead))


def verified(lead: str = "water") -> Steps:
    return (resolved(lead), passed())


def ended(lead: str = "water", at: str = "") -> Steps:
    """From log to close; closed at `at`."""
    return (verified(lead), called(), closed(at=at))


def forgotten() -> Steps:
    """As the reporter asked the hotline."""
    return Asked(town.hotline, c.RequestErasure("asked")), Asked(town.data_officer, c.GrantErasure(1))


def reopened(by: Actor = town.reporter, at: str = "") -> Asked:
    return Asked(by, c.ReopenCase("it leaks again"), at)


def cancelled(at: str = "") -> Asked:
    return Asked(town.clerk, c.CancelCase("mistake"), at)


def supervised(addressee: str = "water", at: str = "") -> Asked:
    return Asked(town.supervisor, c.OpenSupervision("yellow", addressee, "slow"), at)
