"""Photos of a case: added from its page or by a program that saves them up, and looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from anyio.to_thread import run_sync
from fastapi import Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from adapters.photos import LARGEST, MOST, TooManyPhotosError, UnfitPhotoError, cleaned
from adapters.store.errors import Busy, CommitUnknown, Unavailable
from adapters.store.known import known
from api.desk import Desk
from api.pages.acting.sent import key_of
from api.pages.acting.wrongs import wrong_of
from api.pages.cases import shown
from api.pages.gallery import AT_ONCE
from api.pages.reading import NotSignedInError, Reader, Reading
from api.pages.routing import NoPageError, page_router
from api.problems import Trouble, refusal, trouble
from api.rates import in_measure, of_staff
from api.security import within_reach
from api.showing import note
from domain import commands as c
from domain.case import Case
from domain.permissions import Permission
from domain.privacy import Clear, Secrecy
from workflow.ask import Refused
from workflow.casework import ContendedError

photo_pages = page_router()
WAITING = 20  # pictures that may wait to be drawn anew
OF_A_PHOTO = {
    "Cache-Control": "no-store",
    "Vary": "Cookie",
    "Content-Disposition": "inline; filename=photo.jpg",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A photo as it was sent; `id` is the same whenever it is sent under the same key."""

    number: int
    raw: bytes
    id: UUID


async def added(v: Reading, case: UUID, files: Sequence[UploadFile], key: str) -> list[str]:
    """Add photos to a case: all, or none where one is unfit; their ids. Sent again under the same key, none comes twice.

    Raises NotSignedInError, Trouble, Refused, ContendedError, Busy, Unavailable, CommitUnknown.
    """
    if not 0 < len(files) <= AT_ONCE:
        raise Trouble("too_many_photos" if files else "no_photo", most=AT_ONCE)
    await run_sync(in_measure, v.parts, "photos", of_staff(v.me))
    raws = [await file.read(LARGEST + 1) for file in files]
    desk = _desk(v, key)
    sent = await desk.in_turn(lambda: _sent(v, case, raws, key))
    fresh = await desk.in_turn(lambda: _fresh(v, case, sent))
    pictures = await _drawn(v, fresh)
    await desk.in_turn(lambda: _add_all(v, case, pictures))
    return [str(one.id) for one in sent]


def _sent(v: Reading, case: UUID, raws: Sequence[bytes], key: str) -> tuple[Sent, ...]:
    ids = (uuid5(UUID(key), v.parts.master.lasting(v.me.staff, str(case), raw).hex()) for raw in raws)
    return tuple(Sent(number, raw, photo) for number, (raw, photo) in enumerate(zip(raws, ids, strict=True), 1))


def _desk(v: Reading, key: str) -> Desk:
    return Desk(v.parts, v.me, v.language, key, None, v.parts.master.fingerprints(v.me.staff, key, b"photo"))


def _command(one: Sent) -> c.AddPhoto:
    return c.AddPhoto(Clear(Secrecy.PHOTOS, str(one.id)))


def _fresh(v: Reading, case: UUID, sent: Sequence[Sent]) -> tuple[Sent, ...]:
    """Those that were not added before, once each; before any work is done for them it is asked whether they may be."""
    desk = _desk(v, str(sent[0].id))
    desk.look(case)
    fresh = {one.id: one for one in sent if known(v.parts.log.engine, str(one.id), v.me.staff) is None}
    if fresh:
        desk.foresee(case, lambda _: _command(sent[0]))
    there = {kept.id for kept in v.parts.photos.of(case)}
    if len(there | fresh.keys()) > MOST:
        raise Trouble("case_full_of_photos", most=MOST)
    return tuple(fresh.values())


async def _drawn(v: Reading, fresh: Sequence[Sent]) -> list[tuple[Sent, bytes]]:
    """Each drawn anew, in threads apart: whoever acts otherwise does not wait for pictures."""
    if v.parts.drawing.statistics().tasks_waiting >= WAITING:
        raise Busy("too many photos are being taken in")
    return [(one, await run_sync(_cleaned, one, limiter=v.parts.drawing)) for one in fresh]


def _cleaned(one: Sent) -> bytes:
    try:
        return cleaned(one.raw)
    except UnfitPhotoError as unfit:
        raise Trouble(f"photo_{unfit.why}", n=one.number) from None


def _add_all(v: Reading, case: UUID, pictures: Sequence[tuple[Sent, bytes]]) -> None:
    """Kept first, all or none, so that no event refers to what was never kept."""
    try:
        v.parts.photos.keep(case, {one.id: picture for one, picture in pictures}, v.now)
    except TooManyPhotosError:
        raise Trouble("case_full_of_photos", most=MOST) from None
    for n, (one, _) in enumerate(pictures):
        try:
            _add(v, case, one)
        except (Refused, ContendedError):
            for left, _ in pictures[n:]:
                v.parts.photos.drop(case, left.id)
            raise


def _add(v: Reading, case: UUID, one: Sent) -> None:
    _desk(v, str(one.id)).handle(case, lambda _: _command(one))


# --- over HTTP

TOLD: Mapping[type[Exception], str] = {
    NotSignedInError: "not_signed_in",
    NoPageError: "no_such_thing",
    ContendedError: "contended",
    CommitUnknown: "unknown",
    Busy: "busy",
    Unavailable: "busy",
}


@photo_pages.post("/cases/{case}/photos")
async def add(request: Request, v: Reader, case: UUID) -> Response:
    """One to five photos: to the page, or to a program that asks for JSON."""
    wants_json = "application/json" in request.headers.get("accept", "")
    return await (_for_a_program if wants_json else _for_a_person)(request, v, case)


async def _for_a_person(request: Request, v: Reading, case: UUID) -> Response:
    try:
        await _taken(request, v, case)
    except (Refused, ContendedError, Trouble) as error:
        wrong = wrong_of(v, error)
        return await run_sync(lambda: shown(v, str(case), wrong=wrong))
    return RedirectResponse(v.url("cases", str(case), did="AddPhoto", of=str(case)), 303)


async def _for_a_program(request: Request, v: Reading, case: UUID) -> Response:
    try:
        return JSONResponse({"case": str(case), "photos": await _taken(request, v, case)}, 201)
    except Refused as error:
        return refusal(request, error)
    except Trouble as error:
        return trouble(request, error.code, **error.arguments)
    except tuple(TOLD) as error:
        return trouble(request, next(code for kind, code in TOLD.items() if isinstance(error, kind)))


async def _taken(request: Request, v: Reading, case: UUID) -> list[str]:
    """Who may not come near is told before anything of the form is read."""
    desk = _desk(v, str(case))
    await desk.in_turn(lambda: desk.look(case))
    async with request.form(max_files=2 * AT_ONCE) as form:
        return await added(v, case, files_of(form), key_of({"key": [str(form.get("key", ""))]}))


def files_of(form: FormData) -> list[UploadFile]:
    """The photos in a form; where none was chosen, browsers send an empty one without a name."""
    found = [sent for sent in form.getlist("photo") if not isinstance(sent, str)]
    return [file for file in found if file.filename or file.size]


@photo_pages.get("/cases/{case}/photos/{photo}")
def look(v: Reader, case: UUID, photo: UUID) -> Response:
    """One photo, for those who work on the case."""
    found = case_within(v, case)
    picture = v.parts.photos.read(case, photo) if within_reach(found, v.me, Permission.SEE_PHOTOS) else None
    if picture is None:
        raise NoPageError
    note(v.parts, case, Secrecy.PHOTOS, v.me)
    return Response(picture, media_type="image/jpeg", headers=OF_A_PHOTO)


def case_within(v: Reading, case: UUID) -> Case:
    """A case within reach. Raises NoPageError."""
    try:
        return _desk(v, str(case)).look(case)
    except Trouble:
        raise NoPageError from None
