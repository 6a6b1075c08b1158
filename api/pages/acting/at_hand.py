"""What is near at hand in a list: buttons of one tap, links to forms, and what can be done with many at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from adapters.boards.folding import files
from api.pages.acting.actions import WAYS, Given
from api.pages.acting.giving import NAMES
from api.pages.reading import Reading
from domain.actors import DEPARTMENTAL, STREET, Actor, Role
from domain.case import replay
from domain.states import AssignmentState, Part

At = dict[str, Any]  # of a button in a row, as row_acts in parts.html takes it

# Given by one tap for many: the command, and the way where there are several.
BULK: Mapping[str, tuple[str, str]] = {
    "Acknowledge": ("Acknowledge", ""),
    "ReportIn.on_the_spot": ("ReportIn", "on_the_spot"),
    "ReportIn.by_contact": ("ReportIn", "by_contact"),
    "HandleCase": ("HandleCase", ""),
    "PassVerification": ("PassVerification", ""),
    "CloseCase": ("CloseCase", ""),
}
BULK_OF: Mapping[Role, tuple[str, ...]] = {
    **dict.fromkeys(STREET, ("HandleCase", "PassVerification", "CloseCase")),
    **dict.fromkeys(DEPARTMENTAL, ("Acknowledge", "ReportIn.on_the_spot", "ReportIn.by_contact")),
    **dict.fromkeys((Role.GRID_WORKER, Role.COMMUNITY), ("HandleCase", "PassVerification")),
}
BULK_IN: Mapping[str, tuple[str, ...]] = {
    "inbox": ("HandleCase",),
    "to_verify": ("PassVerification",),
    "to_close": ("CloseCase",),
    "new": ("Acknowledge",),
    "to_report_in": ("ReportIn.on_the_spot", "ReportIn.by_contact"),
}


def given_by(command: str, way: str) -> Given:
    """What is said by choosing a way."""
    return next((one.given for one in WAYS.get(NAMES[command], ()) if one.name == way), {})


def _form(command: str) -> At:
    return {"command": command, "form": True}


CALL: At = {"command": "RecordCallback", "form": True, "call": True}  # with the script, and the number to call


def of_grid() -> dict[str, list[At]]:
    """The buttons in the lists of a grid or community, by list."""
    return {
        "to_verify": [{"command": "PassVerification", "given": {"passed": "yes"}}, _form("FailVerification")],
        "mine": [{"command": "HandleCase"}, _form("ReportResult"), _form("ReferUp")],
    }


def of_street(actor: Actor) -> dict[str, list[At]]:
    """The buttons in the lists of a street office, by list."""
    whistle = "BlowWhistle" if actor.role is Role.STREET_LEADER else "RequestWhistle"
    return {
        "inbox": [{"command": "HandleCase"}, _form(whistle)],
        "to_verify": [{"command": "PassVerification", "given": {"passed": "yes"}}, _form("FailVerification")],
        "to_call_back": [CALL],
        "calls_failed": [CALL],
        "to_close": [_form("CloseCase")],
        "marked": [_form("ClearWords")],
    }


def of_duty(unit: str) -> dict[tuple[str, str, bool], list[At]]:
    """The buttons of an assignment of a unit, by its state, its part, and whether it is past its deadline."""
    sign: At = {"command": "Acknowledge", "unit": unit}
    come: At = {"command": "ReportIn", "unit": unit, "given": {"on_the_spot": "yes"}, "words": "way_on_the_spot"}
    back, result, support = _form("RequestReturn"), _form("ReportResult"), _form("FinishSupport")
    more, hold = _form("RequestExtension"), _form("RequestSuspension")  # more time is asked for before the deadline
    new, signed, came = (
        AssignmentState.PENDING.value,
        AssignmentState.ACKNOWLEDGED.value,
        AssignmentState.REPORTED_IN.value,
    )
    either = tuple((part.value, late) for part in Part for late in (False, True))
    return {
        **{(new, *rest): [sign, come, back] for rest in either},
        **{(signed, *rest): [come, back] for rest in either},
        (came, Part.LEAD.value, False): [result, more],
        (came, Part.LEAD.value, True): [result, hold],
        **{(came, Part.SUPPORT.value, late): [support] for late in (False, True)},
    }


@dataclass(frozen=True, slots=True)
class OpenNow:
    """What may be done to each of some cases: asked of the cases themselves, as the log has them."""

    commands: Mapping[UUID, frozenset[str]]

    def may(self, case: UUID, *commands: str) -> bool:
        """Whether one of these commands may be given now."""
        return not self.commands.get(case, frozenset()).isdisjoint(commands)

    def may_among(self, case: UUID, ways: Iterable[str]) -> bool:
        """Whether one of these ways for many at once does something to it."""
        return self.may(case, *(BULK[way][0] for way in ways))

    def for_many(self, cases: Iterable[UUID], ways: Iterable[str]) -> list[str]:
        """The ways that do something to one of the cases at least."""
        asked = tuple(cases)
        return [way for way in ways if any(self.may_among(case, (way,)) for case in asked)]


def open_now(v: Reading, cases: Iterable[UUID]) -> OpenNow:
    """What whoever reads may do to some cases."""
    known = {case: replay(file) for case, file in files(v.parts.boards.log, set(cases)).items()}
    return OpenNow({
        case: frozenset(probe.of.__name__ for probe in v.parts.casework.open_to(found, v.me, v.now))
        for case, found in known.items()
        if found
    })  # fmt: skip
