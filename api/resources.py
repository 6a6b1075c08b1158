"""The noun resources: a table of addresses and the commands that are given there; routes and links come from it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from api.forms import Form, command_of, form_of
from domain import commands as c
from domain.case import Case
from domain.commands import Command
from domain.states import RequestKind
from workflow.ask import Probe, Refused

Given = dict[str, Any]  # what the address says: unit, number
Builder = Callable[[Any, Given, Case], Command]


@dataclass(frozen=True, slots=True)
class Resource:
    """`POST /api/v1/cases/{case}/<path>`: the form, and the command that it asks for."""

    path: str
    commands: tuple[type[Command], ...]
    form: type[BaseModel]
    build: Builder
    summary: str
    preview: bool = False
    own_unit: bool = field(default=False)  # the address names the caller's own unit


def plain(path: str, command: type[Command], *given: str, preview: bool = False, own_unit: bool = False) -> Resource:
    """A resource whose form is the command's own; `given` are fields that the address says."""
    form = form_of(command, leave_out=given)

    def build(said: BaseModel, address: Given, _case: Case) -> Command:
        made: Command = command_of(command, said, **{name: address[name] for name in given})
        return made

    doc = (command.__doc__ or "").strip()
    return Resource(path, (command,), form, build, doc, preview, own_unit)


class VerificationForm(Form):
    """What was seen on the spot; a reason where it is not done."""

    passed: bool
    reason: str = ""


def _verification(said: VerificationForm, _address: Given, _case: Case) -> Command:
    return c.PassVerification() if said.passed else c.FailVerification(said.reason)


class DecisionForm(Form):
    """Granted or not; a reason where it is not."""

    granted: bool
    reason: str = ""


GRANTS: dict[RequestKind, type[Any]] = {
    RequestKind.WHISTLE: c.GrantWhistle,
    RequestKind.RETURN: c.GrantReturn,
    RequestKind.EXTENSION: c.GrantExtension,
    RequestKind.SUSPENSION: c.GrantSuspension,
    RequestKind.EXCLUSION: c.GrantExclusion,
    RequestKind.ERASURE: c.GrantErasure,
    RequestKind.LIFTING: c.GrantLifting,
}


def _decision(said: DecisionForm, address: Given, case: Case) -> Command:
    request = case.request(address["number"])
    if request is None:
        raise Refused("there_is_such_a_request", command="RejectRequest")
    granted: Command = GRANTS[request.kind](request.number)
    return granted if said.granted else c.RejectRequest(request.number, said.reason)


RESOURCES: tuple[Resource, ...] = (
    plain("answer", c.AnswerOnTheSpot),
    plain("amendments", c.AmendCase),
    plain("handling", c.HandleCase),
    plain("referral", c.ReferUp),
    plain("sending-down", c.SendDown),
    plain("whistles", c.BlowWhistle),
    plain("whistles/withdrawal", c.WithdrawWhistle),
    plain("whistles/refusal", c.DeclineWhistle),
    plain("whistles/rating", c.RateWhistle),
    plain("assignments", c.AssignCase, preview=True),
    plain("assignments/{unit}/acknowledgement", c.Acknowledge, own_unit=True),
    plain("assignments/{unit}/report-in", c.ReportIn, own_unit=True),
    plain("assignments/{unit}/report-in/contest", c.ContestReportIn, "unit"),
    plain("assignments/{unit}/steps", c.FinishStep, own_unit=True),
    plain("assignments/{unit}/completion", c.FinishSupport, own_unit=True),
    plain("assignments/{unit}/withdrawal", c.WithdrawSupport, "unit"),
    plain("assignments/{unit}/rating", c.RateDepartment, "unit"),
    plain("supports", c.AddSupport),
    plain("supports/proposals", c.AskForSupport),
    plain("reassignment", c.Reassign),
    plain("disputes", c.RaiseDispute),
    plain("disputes/ruling", c.Rule),
    plain("requests/whistle", c.RequestWhistle),
    plain("requests/return", c.RequestReturn),
    plain("requests/extension", c.RequestExtension),
    plain("requests/suspension", c.RequestSuspension),
    plain("requests/exclusion", c.RequestExclusion),
    plain("requests/erasure", c.RequestErasure),
    plain("requests/lifting", c.RequestLifting),
    Resource(
        "requests/{number}/decision",
        (*GRANTS.values(), c.RejectRequest),
        DecisionForm,
        _decision,
        "Whoever decides says yes or no.",
        preview=True,
    ),
    Resource(
        "requests/{number}/withdrawal",
        (c.WithdrawRequest,),
        Form,
        lambda _said, address, _case: c.WithdrawRequest(address["number"]),
        "Whoever asked takes it back.",
    ),
    plain("resumption", c.Resume),
    plain("result", c.ReportResult),
    Resource(
        "verification",
        (c.PassVerification, c.FailVerification),
        VerificationForm,
        _verification,
        "Seen on the spot: it is done, or it is not.",
    ),
    plain("callbacks", c.RecordCallback),
    plain("rework", c.OrderRework),
    plain("closure", c.CloseCase),
    plain("reopening", c.ReopenCase),
    plain("cancellation", c.CancelCase),
    plain("restoration", c.RestoreCase),
    plain("merger", c.MergeCase),
    plain("merger/undoing", c.UnmergeCase),
    plain("notes", c.AddNote),
    plain("photos", c.AddPhoto),
    plain("photos/{number}/withholding", c.WithholdPhoto, "number"),
    plain("words/clearing", c.ClearWords),
    plain("urges", c.Urge),
    plain("supervisions", c.OpenSupervision),
    plain("supervisions/{number}/answer", c.AnswerSupervision, "number"),
    plain("supervisions/{number}/lifting", c.LiftSupervision, "number"),
    plain("erasure/contact", c.EraseContact),
)
DRAWN: dict[type[Command], str] = {
    c.ClearPhoto: "photos/{number}/clearing"
}  # a form of its own, in routes/photos.py: something is drawn before it is done
BY_COMMAND = {command: resource for resource in reversed(RESOURCES) for command in resource.commands}


def href(probe: Probe, case: Case, unit: str) -> str | None:
    """Where a button leads; None for what no resource offers."""
    resource = BY_COMMAND.get(probe.of)
    path = resource.path if resource else DRAWN.get(probe.of)
    if path is None:
        return None
    number = probe.request or probe.number
    path = path.replace("{unit}", probe.unit or unit).replace("{number}", str(number))
    return f"/api/v1/cases/{case.id}/{path}"
