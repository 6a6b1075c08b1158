"""Four eyes on what is taken out in bulk: who takes out alone, what is asked of another, and who says yes; it touches nothing."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from domain.actors import Actor
from domain.exports import AskForExport, Export, ExportCommand, Extract, Filter, RefuseExport, ReleaseExport, Stage
from domain.jurisdiction import Jurisdiction
from domain.permissions import Permission, reach
from domain.personal import found
from domain.staff import ExportAsked, ExportRefused, ExportReleased, Member, StaffEvent
from workflow.ask import Refused

CODE = re.compile(r"[A-Za-z0-9_.:+-]{1,60}")
RELEASE = ("the_data_officer", "the_supervisor")
SEPARATOR = "|"  # between categories


def released(
    member: Member | None, actor: Actor, extract: Extract, rows: int, now: datetime, law: Jurisdiction
) -> Export | None:
    """By which release somebody takes out a list of so many rows; None where they may alone. Raises Refused."""
    said = {"rows": rows, "most": law.policy.exports.rows}
    if rows <= law.policy.exports.rows:
        return None
    if not describable(extract, law):
        raise Refused("words_are_not_released", **said)
    known = member.export(actor.role, actor.unit, extract, now) if member else None
    if known and known.stage(now) is Stage.RELEASED:
        return known
    raise _awaited(waits=known is not None, **said)


def _awaited(*, waits: bool, **said: int) -> Refused:
    refused = Refused("its_release_is_awaited" if waits else "another_releases_it_first", **said)
    asks = () if waits else (("AskForExport", ("who_takes_it_out",)),)
    refused.possible = (*asks, ("ReleaseExport", RELEASE))
    return refused


def describable(extract: Extract, law: Jurisdiction) -> bool:
    """Whether the log may name it for ever: by codes that the edition knows, and by what is chosen from a list."""
    known = _codes(law)
    return all(_is_code(one, known) for one in extract.filters)


def _codes(law: Jurisdiction) -> Mapping[str, Collection[str]]:
    places, departments, categories = law.places.by_code, law.departments, law.taxonomy.by_code
    return {
        **dict.fromkeys(("street", "community", "grid"), places),
        **dict.fromkeys(("lead", "first_lead"), departments),
        **dict.fromkeys(("category", "categories"), categories),
        "accountable": places.keys() | departments.keys(),
        "about": law.things,
        **dict.fromkeys(("words", "number"), ()),  # what is typed there could be anybody's name
    }


def _is_code(one: Filter, known: Mapping[str, Collection[str]]) -> bool:
    if one.name in known:
        return all(code in known[one.name] for code in one.value.split(SEPARATOR))
    return bool(CODE.fullmatch(one.value))


def decide_export(
    staff: str, member: Member | None, command: ExportCommand, actor: Actor, now: datetime, law: Jurisdiction
) -> StaffEvent | None:
    """What follows from a command about an export that `staff` wants; None where it changes nothing. Raises Refused."""
    match command:
        case AskForExport():
            return _asked(staff, member, command, actor, now, law)
        case ReleaseExport(number):
            rows = _waiting(staff, member, command, actor, now, law).rows
            return ExportReleased(number=number, rows=rows, until=now + timedelta(days=law.policy.exports.days))
        case RefuseExport(number, reason):
            _waiting(staff, member, command, actor, now, law)
            _said(reason)
            return ExportRefused(number=number, reason=reason)


def _asked(
    staff: str, member: Member | None, command: AskForExport, actor: Actor, now: datetime, law: Jurisdiction
) -> StaffEvent | None:
    if staff != actor.staff or member is None or not member.may_act(actor.role, actor.unit, now):
        raise Refused("for_oneself_in_an_office")
    said = {"rows": command.rows, "most": law.policy.exports.rows}
    if command.rows <= law.policy.exports.rows:
        raise Refused("taken_out_alone", **said)
    if not describable(command.extract, law):
        raise Refused("words_are_not_released", **said)
    _said(command.reason)
    if member.export(actor.role, actor.unit, command.extract, now):
        return None
    return ExportAsked(
        role=actor.role, unit=actor.unit, extract=command.extract, rows=command.rows, reason=command.reason
    )


def _waiting(
    staff: str, member: Member | None, command: ExportCommand, actor: Actor, now: datetime, law: Jurisdiction
) -> Export:
    """What is to be decided, by somebody who may and is another."""
    if not reach(actor, Permission.RELEASE_EXPORTS).holds(law.places.path(law.code)):
        raise Refused("only_who_releases", command=type(command).__name__, who=[*RELEASE])
    if staff == actor.staff:
        raise Refused("another_than_who_takes_it_out")
    one = member.asking(getattr(command, "number", 0)) if member else None
    if member is None or one is None:
        raise Refused("no_such_export")
    if one.stage(now) is not Stage.WAITS or not member.may_act(one.role, one.unit, now):
        raise Refused("it_waits_no_more")
    return one


def _said(reason: str) -> None:
    """The log keeps it for ever, and whoever it would tell of never asked for anything."""
    if not reason.strip():
        raise Refused("say_it", field="reason")
    if found(reason):
        raise Refused("the_reason_tells_of_somebody")
