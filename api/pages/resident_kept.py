"""Everything that is kept about a report, to whoever holds its receipt: on a page, and to take away as JSON."""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from adapters.boards import register
from adapters.sealing import KeyDestroyed
from api.pages.doors import knock
from api.pages.reading import Reading
from api.pages.resident import HIDDEN, Held, Mine
from api.pages.resident_file import Line, standing
from api.pages.routing import NoPageError, page_router
from domain import events as e
from domain.actors import Role
from domain.case import Case
from domain.declarations import DECLARED, SINCE
from domain.entries import Entry
from domain.privacy import Private, Sealed, Secrecy
from workflow.retention import endings

resident_kept = page_router()
NEVER_KEPT = {**HIDDEN, "Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class Said:
    """Something that the reporter said or left; not `text` once it is erased."""

    field: str
    at: datetime
    text: str | None


@dataclass(frozen=True, slots=True)
class Span:
    """What of one class becomes: whether it is kept, for what, how many days, and until when, as far as that is known."""

    secrecy: Secrecy
    kept: bool
    purpose: str
    days: int
    since: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Everything:
    """All that is kept about a report, as far as it is its reporter's to know."""

    number: str
    said: tuple[Said, ...]
    photos: tuple[Said, ...]  # by their ids
    by_staff: int  # sealed notes and photos of those who work on it
    spans: tuple[Span, ...]
    lines: tuple[Line, ...]
    looks: tuple[Line, ...]


@resident_kept.get("/r/{receipt}/kept")
def page(request: Request, held: Mine) -> HTMLResponse:
    """To read."""
    _asked(request, held)
    shown = held.v.page("resident_kept", kept=everything(held), receipt=held.receipt)
    shown.headers.update(NEVER_KEPT)
    return shown


@resident_kept.get("/r/{receipt}/kept.json")
def taken_away(request: Request, held: Mine) -> JSONResponse:
    """To keep: the same, with the photos in it."""
    _asked(request, held)
    told = everything(held)
    name = f'attachment; filename="{told.number or "report"}.json"'
    return JSONResponse(as_json(held, told), headers={**NEVER_KEPT, "Content-Disposition": name})


@resident_kept.get("/r/{receipt}/kept/{photo}")
def own_photo(held: Mine, photo: UUID) -> Response:
    """One of the photos that came by this receipt."""
    own = str(photo) in {one.text for one in _photos(held, held.v.parts.casework.file(held.case))}
    picture = held.v.parts.photos.read(held.case, photo) if own else None
    if picture is None:
        raise NoPageError
    return Response(picture, media_type="image/jpeg", headers=NEVER_KEPT)


def _asked(_request: Request, held: Held) -> None:
    """Raises TooOftenError."""
    knock(held.v, "kept", held.receipt)


def everything(held: Held) -> Everything:
    """All of it, read from the case's file."""
    file = held.v.parts.casework.file(held.case)
    case = held.v.parts.casework.case(held.case)
    return Everything(
        number=register.number(held.v.parts.boards.engine, held.case),
        said=tuple(_said(held, file)),
        photos=tuple(_photos(held, file)),
        by_staff=sum(isinstance(one.event, e.NoteAdded | e.PhotoAdded) and not _own(one) for one in file),
        spans=tuple(_spans(held, case, file)),
        lines=standing(held.v, file).lines,
        looks=tuple(looks(held.v, file)),
    )


def looks(v: Reading, file: tuple[Entry, ...]) -> Iterator[Line]:
    """Who looked at what is private, and when: by office, never by person."""
    for entry in file:
        if isinstance(entry.event, e.PrivateShown):
            yield Line(entry.recorded_at, f"{v.office(entry.actor)}: {v.word('PRIVATE', entry.event.what)}")


def _own(entry: Entry) -> bool:
    return entry.actor.role is Role.RESIDENT


def _said(held: Held, file: tuple[Entry, ...]) -> Iterator[Said]:
    for entry in file:
        match entry.event:
            case e.CaseLogged(narrative=narrative, reporter=reporter):
                contact = {name: getattr(reporter, name) for name in ("name", "phone", "address")} if reporter else {}
                for name, private in {"narrative": narrative, **contact}.items():
                    yield from _read(held, entry, name, private)
            case e.NoteAdded(text) if _own(entry):
                yield from _read(held, entry, "text", text)


def _photos(held: Held, file: tuple[Entry, ...]) -> Iterator[Said]:
    for entry in file:
        if isinstance(entry.event, e.PhotoAdded) and _own(entry):
            yield from _read(held, entry, "photo", entry.event.photo)


def _read(held: Held, entry: Entry, field: str, private: Private | None) -> Iterator[Said]:
    if not isinstance(private, Sealed):
        return
    try:
        text = held.v.parts.sealing.unseal(entry.case, field, private)
    except KeyDestroyed:
        text = None
    yield Said(field, entry.recorded_at, text)


def _spans(held: Held, case: Case, file: tuple[Entry, ...]) -> Iterator[Span]:
    """Of each class that there ever was."""
    casework = held.v.parts.casework
    law, until = casework.law_of(case), endings(case, casework.law_of(case), casework.goes_on_in(case))
    ends = {ending.secrecy: ending.at - timedelta(days=1) for ending in until}  # the last day
    for secrecy in Secrecy:
        if secrecy in case.kept or _ever(secrecy, file):
            purpose = next(one.purpose for one in DECLARED if one.secrecy is secrecy)
            days = int(law.policy.retention[secrecy].amount)
            yield Span(secrecy, secrecy in case.kept, purpose, days, SINCE[secrecy], ends.get(secrecy))


def _ever(secrecy: Secrecy, file: tuple[Entry, ...]) -> bool:
    begun, later = file[0].event, (one.event for one in file)
    if secrecy is Secrecy.PHOTOS:
        return any(isinstance(event, e.PhotoAdded) for event in later)
    if secrecy is Secrecy.NARRATIVE and any(isinstance(event, e.NoteAdded) for event in later):
        return True
    private = {Secrecy.CONTACT: getattr(begun, "reporter", None), Secrecy.NARRATIVE: getattr(begun, "narrative", None)}
    return private.get(secrecy) is not None


def as_json(held: Held, told: Everything) -> Mapping[str, Any]:
    """In the reader's language, each thing with its name; the photos as they are kept."""
    v = held.v
    return {
        "number": told.number,
        "made_at": v.now.isoformat(),
        "what_you_said": [_thing(v, one) for one in told.said],
        "photos": [{**_thing(v, one), "jpeg": _jpeg(held, one)} for one in told.photos],
        "notes_and_photos_of_those_who_work_on_it": told.by_staff,
        "what_happened": [_line(one) for one in told.lines],
        "who_looked_at_your_contact": [_line(one) for one in told.looks],
        "kept": [_span(v, one) for one in told.spans],
    }


def _thing(v: Reading, one: Said) -> dict[str, Any]:
    word = str(v.word("PRIVATE_FIELDS", one.field))
    return {"field": one.field, "what": word, "at": one.at.isoformat(), "text": one.text, "erased": one.text is None}


def _jpeg(held: Held, one: Said) -> str | None:
    picture = held.v.parts.photos.read(held.case, UUID(one.text)) if one.text else None
    return b64encode(picture).decode() if picture else None


def _line(one: Line) -> dict[str, str]:
    return {"at": one.at.isoformat(), "text": str(one.text)}


def _span(v: Reading, one: Span) -> dict[str, Any]:
    return {
        "class": one.secrecy.value,
        "what": str(v.word("SECRECIES", one.secrecy)),
        "kept_for": str(v.word("PURPOSES", one.purpose)),
        "days": one.days,
        "counted_from": str(v.word("SINCES", one.since)),
        "last_day": one.until.astimezone(v.law.calendar.tz).date().isoformat() if one.until else None,
        "erased": not one.kept,
    }
