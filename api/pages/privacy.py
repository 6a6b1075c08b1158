"""What is kept of people, why, how long, and who may look: for everybody, in plain words, drawn from the declarations."""

from dataclasses import dataclass

from fastapi.responses import HTMLResponse

from api.pages.reading import Reader, Reading
from api.pages.routing import page_router
from domain.actors import Role
from domain.declarations import DECLARED, SINCE
from domain.permissions import Permission, granted
from domain.privacy import Secrecy

privacy = page_router()
LOOKED_AT_BY = {Secrecy.CONTACT: Permission.SEE_CONTACT, Secrecy.PHOTOS: Permission.SEE_PHOTOS}
ORDER = (Secrecy.CONTACT, Secrecy.NARRATIVE, Secrecy.PHOTOS)


@dataclass(frozen=True, slots=True)
class Kind:
    """One class: its fields, what it is for, who may look, and for how many days it is kept."""

    secrecy: Secrecy
    fields: tuple[str, ...]
    purpose: str
    who: tuple[Role, ...]
    days: int
    since: str


@privacy.get("/privacy")
def page(v: Reader) -> HTMLResponse:
    """The whole page."""
    return v.page("privacy", kinds=tuple(_kind(v, secrecy) for secrecy in ORDER))


def _kind(v: Reading, secrecy: Secrecy) -> Kind:
    mine = [one for one in DECLARED if one.secrecy is secrecy]
    fields = tuple(dict.fromkeys(one.field for one in mine if one.field != "photo"))
    permission = LOOKED_AT_BY.get(secrecy)
    who = tuple(role for role in Role if permission in granted(role)) if permission else ()
    return Kind(secrecy, fields, mine[0].purpose, who, int(v.law.policy.retention[secrecy].amount), SINCE[secrecy])
