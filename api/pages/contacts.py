"""Who is to be called back, and how they are reached: sealed until somebody who may call asks for it, and each look is noted."""

from collections.abc import Iterator
from dataclasses import dataclass

from adapters.sealing import KeyDestroyed
from api.access import looked
from api.pages.reading import Reading
from domain.case import Case
from domain.events import CaseLogged, Reporter
from domain.privacy import Sealed, Secrecy


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who waits for an answer; '' is what was not left, or is not shown."""

    case: Case  # where they reported it: this one, or one that was joined to it
    name: str = ""
    phone: str = ""
    erased: bool = False


def contacts(v: Reading, case: Case, *, shown: bool) -> tuple[Contact, ...]:
    """Everybody whose call-back a case is; their names and numbers only where they are to be `shown`."""
    return tuple(_contact(v, of, reporter, shown=shown) for of, reporter in _waiting(v, case))


def _waiting(v: Reading, case: Case) -> Iterator[tuple[Case, Reporter]]:
    began = v.parts.casework.file(case.id, version=1)[0].event
    if isinstance(began, CaseLogged) and began.reporter is not None:
        yield case, began.reporter
    for joined in (other for other, wants in case.joined.items() if wants):
        yield from _waiting(v, v.parts.casework.case(joined))


def _contact(v: Reading, case: Case, reporter: Reporter, *, shown: bool) -> Contact:
    left = any((reporter.name, reporter.phone, reporter.address))
    erased = case.erased or (
        left and Secrecy.CONTACT not in case.kept
    )  # also where the event is there and the key not yet gone
    if erased or not shown:
        return Contact(case, erased=erased)
    try:
        return Contact(case, name=_read(v, case, "name", reporter), phone=_read(v, case, "phone", reporter))
    except KeyDestroyed:
        return Contact(case, erased=True)


def _read(v: Reading, case: Case, field: str, reporter: Reporter) -> str:
    sealed = getattr(reporter, field)
    if not isinstance(sealed, Sealed):
        return ""
    looked(v.me, case.id, field)
    return v.parts.sealing.unseal(case.id, field, sealed)
