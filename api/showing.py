"""What is under seal is shown to whoever may see it, once the case's own file says so: no entry, no look."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from adapters.sealing import KeyDestroyed
from api.whole import Whole
from domain.actors import Actor
from domain.case import Case
from domain.commands import ShowPrivate
from domain.events import CaseLogged, Reporter
from domain.privacy import Private, Sealed, Secrecy
from workflow.casework import Order


@dataclass(frozen=True, slots=True)
class Shown:
    """What was under seal; '' is what was not left. Erased, nothing is left of it."""

    words: str = ""
    name: str = ""
    phone: str = ""
    address: str = ""
    erased: bool = False


def note(whole: Whole, case: UUID, what: Secrecy, actor: Actor) -> None:
    """Write that somebody sees it. Raises Refused, and what `Casework.handle` raises: then it must not be shown."""
    whole.casework.handle(case, Order(command=ShowPrivate(what), actor=actor, now=whole.now(), id=uuid4()))


def words_of(whole: Whole, case: UUID, actor: Actor) -> Shown:
    """The reporter's own words. Raises as `note`."""
    logged = whole.casework.file(case, version=1)[0].event
    narrative = logged.narrative if isinstance(logged, CaseLogged) else None
    return _shown(whole, case, actor, Secrecy.NARRATIVE, {"words": ("narrative", narrative)})


def contact_of(whole: Whole, case: UUID, actor: Actor) -> Shown:
    """How the reporter is reached. Raises as `note`."""
    fields = {name: (name, private) for name, private in _left(whole, case).items()}
    return _shown(whole, case, actor, Secrecy.CONTACT, fields)


def is_erased(whole: Whole, case: Case) -> bool:
    """Whether how the reporter is reached was left, and erased: said by the file, also while the key is not gone yet."""
    return case.erased or (Secrecy.CONTACT not in case.kept and any(_left(whole, case.id).values()))


def _left(whole: Whole, case: UUID) -> dict[str, Private | None]:
    logged = whole.casework.file(case, version=1)[0].event
    reporter = logged.reporter if isinstance(logged, CaseLogged) and logged.reporter else Reporter()
    return {"name": reporter.name, "phone": reporter.phone, "address": reporter.address}


def _shown(
    whole: Whole, case: UUID, actor: Actor, what: Secrecy, fields: dict[str, tuple[str, Private | None]]
) -> Shown:
    """It is read first, and shown last: what is erased was seen by nobody."""
    if any(private for _, private in fields.values()) and what not in whole.casework.case(case).kept:
        return Shown(erased=True)
    try:
        found: dict[str, Any] = {
            name: whole.sealing.unseal(case, field, sealed)
            for name, (field, sealed) in fields.items()
            if isinstance(sealed, Sealed)
        }
    except KeyDestroyed:
        return Shown(erased=True)
    if found:
        note(whole, case, what, actor)
    return Shown(**found)
