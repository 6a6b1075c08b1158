"""The buttons of a case: what this person may do now, in the order of need, each with what it asks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from api.pages.acting.asked import Asked, asked
from api.pages.acting.controls import Scene
from api.pages.reading import Reading
from api.resources import BY_COMMAND, GRANTS, href
from domain import commands as c
from domain.case import Case
from domain.commands import Command
from domain.states import State
from workflow.ask import Probe

Given = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Way:
    """One of the ways to give a command: what is said by choosing it; `name` tells it from the others."""

    given: Given
    name: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A button, or a form with one."""

    command: str
    way: str
    unit: str
    number: int
    given: Given
    fields: tuple[Asked, ...]
    first: bool  # it moves the case on
    grave: bool  # it is not easily taken back
    href: str  # the same in the API

    @property
    def id(self) -> str:
        """Its name on the page."""
        return "-".join(str(part) for part in ("do", self.command, self.way, self.unit, self.number or "") if part)

    @property
    def at_once(self) -> bool:
        """Whether one tap is all."""
        return not self.fields and not self.grave


PLAIN = (Way({}),)
WAYS: Mapping[type[Command], tuple[Way, ...]] = {
    c.ReportIn: (Way({"on_the_spot": "yes"}, "on_the_spot"), Way({"on_the_spot": "no"}, "by_contact")),
    c.PassVerification: (Way({"passed": "yes"}),),
    c.FailVerification: (Way({"passed": "no"}),),
    c.RecordCallback: (Way({"contacted": "yes"}, "reached"), Way({"contacted": "no"}, "not_reached")),
    **dict.fromkeys(GRANTS.values(), (Way({"granted": "yes"}),)),
    c.RejectRequest: (Way({"granted": "no"}),),
}
UNASKED = frozenset({c.AddPhoto, c.ClearPhoto, c.ClearWords})  # they have forms of their own
UNASKED_IN: Mapping[str, tuple[str, ...]] = {"not_reached": ("solved", "satisfied")}
# In order of need: what moves a case on comes first, the rest behind "more".
FIRST: tuple[type[Command], ...] = (
    c.Acknowledge, c.ReportIn, c.FinishStep, c.ReportResult, c.FinishSupport, c.PassVerification, c.FailVerification,
    c.RecordCallback, c.OrderRework, c.CloseCase, *GRANTS.values(), c.RejectRequest, c.AssignCase, c.Rule, c.BlowWhistle,
    c.RequestWhistle, c.AnswerOnTheSpot, c.HandleCase, c.ReferUp, c.AnswerSupervision, c.RateDepartment, c.RateWhistle, c.Resume, c.ReopenCase, c.RestoreCase, c.UnmergeCase,
)  # fmt: skip
GRAVE = frozenset(
    {c.CancelCase, c.GrantErasure, c.GrantLifting, c.EraseContact, c.MergeCase, c.WithdrawWhistle, c.DeclineWhistle}
)
# Where a way is taken that is open but not the usual one, it stands behind "more".
NOT_FIRST: Mapping[State, frozenset[type[Command]]] = {
    State.CLOSED: frozenset({c.ReopenCase}),
    State.ASSIGNED: frozenset({c.BlowWhistle}),
}


def actions_of(v: Reading, case: Case) -> tuple[Action, ...]:
    """What whoever is signed in may do with a case now; nothing where nobody is."""
    if v.actor is None:
        return ()
    probes = [probe for probe in v.parts.casework.open_to(case, v.actor, v.now) if probe.of not in UNASKED]
    found = (action for probe in probes for action in _ways(v, case, probe))
    return tuple(sorted(found, key=_need))


def _need(action: Action) -> int:
    order = [command.__name__ for command in FIRST]
    return order.index(action.command) if action.first else len(order)


def _ways(v: Reading, case: Case, probe: Probe) -> Iterator[Action]:
    address = href(probe, case, v.me.unit)
    for way in WAYS.get(probe.of, PLAIN) if address else ():
        yield action_of(v, case, probe, way)


def action_of(v: Reading, case: Case, probe: Probe, way: Way) -> Action:
    """One way of giving a command, with what it asks."""
    path, kind = BY_COMMAND[probe.of].path, probe.of
    said = {name for name in ("unit", "number") if f"{{{name}}}" in path}
    fields = asked(Scene(v, case, kind), (*said, *way.given, *UNASKED_IN.get(way.name, ())))
    return Action(
        command=kind.__name__,
        way=way.name,
        unit=probe.unit,
        number=probe.request or probe.number,
        given=way.given,
        fields=fields,
        first=kind in FIRST and kind not in NOT_FIRST.get(case.state, ()),
        grave=kind in GRAVE,
        href=href(probe, case, v.me.unit) or "",
    )
