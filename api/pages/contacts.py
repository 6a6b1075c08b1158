"""Who is to be called back, and how they are reached: sealed until somebody who may call asks for it; each look is an entry."""

from collections.abc import Iterator

from api.pages.reading import Reading
from api.showing import Shown, contact_of, is_erased
from domain.case import Case
from domain.events import CaseLogged


def contacts(v: Reading, case: Case, *, shown: bool) -> tuple[tuple[Case, Shown], ...]:
    """Everybody whose call-back a case is, by the case they reported; names and numbers only where they are to be `shown`."""
    return tuple((of, _contact(v, of, shown=shown)) for of in _waiting(v, case))


def _waiting(v: Reading, case: Case) -> Iterator[Case]:
    began = v.parts.casework.file(case.id, version=1)[0].event
    if isinstance(began, CaseLogged) and began.reporter is not None:
        yield case
    for joined in (other for other, wants in case.joined.items() if wants):
        yield from _waiting(v, v.parts.casework.case(joined))


def _contact(v: Reading, case: Case, *, shown: bool) -> Shown:
    erased = is_erased(v.parts, case)
    return Shown(erased=erased) if erased or not shown else contact_of(v.parts, case.id, v.me)
