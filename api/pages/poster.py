"""A poster to print: whoever scans it reports something right here, with the place filled in."""

from fastapi import Request
from fastapi.responses import HTMLResponse

from api import locale
from api.pages.doors import NotOpenError
from api.pages.reading import Reader, Reading
from api.pages.routing import Code, NoPageError, page_router
from api.qr import qr
from api.security import sees_place
from domain.jurisdiction import Thing
from domain.places import Rung
from domain.policy import Door
from workflow.telling import named

poster = page_router()
LANGUAGES = (("zh-Hans", "zh"), ("en", "en"))  # both stand on it, whoever prints it


@poster.get("/poster/{code}")
def poster_page(request: Request, v: Reader, code: Code) -> HTMLResponse:
    """The poster of a place, or of a thing in it; for those within whose reach it is."""
    thing = v.law.things.get(code)
    place = thing.place if thing else code
    if not sees_place(v.law, v.me, place) or v.law.places.by_code[place].rung is Rung.DISTRICT:
        raise NoPageError
    if not v.opens(Door.REPORT):
        raise NotOpenError
    name = thing.label if thing else v.plain(place)
    link = f"{str(request.base_url).rstrip('/')}{_address(place, thing)}"
    return v.page(
        "poster", place=place, thing=thing, name=name, link=link, picture=qr(link, v.t("poster_of", name=name)),
        sides=[_side(v, place, language, lang) for lang, language in LANGUAGES],
        things=[one for one in v.law.things.values() if one.place == place and not thing],
    )  # fmt: skip


def _side(v: Reading, place: str, language: str, lang: str) -> dict[str, str]:
    """What it says in one language."""
    texts = {key: locale.text(f"poster_{key}", language) for key in ("scan", "line", "danger")}
    return {"lang": lang, "where": _names(v, place, language), **texts}


def _address(place: str, thing: Thing | None) -> str:
    """The shorter the address, the larger the squares."""
    return f"/report?about={thing.code}" if thing else f"/report?place={place}"


def _names(v: Reading, place: str, language: str) -> str:
    """Where it is: the street, and the place in it."""
    path, known = v.law.places.path(place), v.law.places.by_code
    return " · ".join(named(known[code].names, language) for code in dict.fromkeys((path.street, place)) if code)
