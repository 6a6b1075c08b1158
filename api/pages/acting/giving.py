"""A command out of a form, given at the desk: alone from its own form, or one of many from a list."""

import json
from contextlib import suppress
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ValidationError

from adapters.boards import NotCaughtUpError, register
from api.desk import Desk, Reply
from api.pages.acting.filling import Said, filled
from api.pages.acting.sent import Sent, answers
from api.pages.reading import Reading
from api.problems import Trouble
from api.resources import BY_COMMAND, Resource
from domain.case import Case
from domain.commands import Command
from workflow.ask import Refused
from workflow.casework import ContendedError, StaleError

NAMES = {command.__name__: command for command in BY_COMMAND}
NOT_TAKEN = (Refused, StaleError, ContendedError, Trouble, ValidationError)  # why a form is not taken: wrong_of says it


def resource_of(command: str) -> Resource | None:
    """Where a command is given; None where no form gives it."""
    return BY_COMMAND.get(NAMES.get(command, Command))


def desk_for(v: Reading, sent: Sent, path: str) -> Desk:
    """The desk for one form; the same form again is the same command."""
    told = json.dumps([path, sent.way, sent.unit, sent.number, answers(sent.said)], sort_keys=True).encode()
    return Desk(v.parts, v.me, v.language, sent.key, sent.seen, v.parts.master.fingerprints(v.me.staff, sent.key, told))


def given(v: Reading, desk: Desk, case: UUID, sent: Sent, said: Said) -> Reply:
    """The command is given. Raises NOT_TAKEN, LookupError where there is no such command."""
    resource = BY_COMMAND[NAMES[sent.command]]
    if resource.own_unit and sent.unit not in ("", v.me.unit):
        raise Trouble("another_s_part", unit=sent.unit)
    form = resource.form.model_validate(filled(resource.form, _resolved(v, said)))
    address = {"unit": sent.unit or v.me.unit, "number": sent.number}
    return desk.handle(case, lambda found: _built(resource, form, address, found))


def seen_on_boards(v: Reading, position: int) -> None:
    """Wait for the boards, so that the page that follows shows it; not for ever."""
    with suppress(NotCaughtUpError):
        v.parts.boards.wait_for(position)


def _built(resource: Resource, form: BaseModel, address: dict[str, Any], found: Case) -> Command:
    return resource.build(form, address, found)


def _resolved(v: Reading, said: Said) -> Said:
    """People know a case by its number."""
    if "into" not in said:
        return said
    found = register.case_of(v.parts.boards.engine, "".join(said["into"]).strip())
    return {**said, "into": [str(found)]} if found else said
