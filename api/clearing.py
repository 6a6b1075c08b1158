"""Clearing a photo: its copy is drawn with what is blacked out, kept, and only then said to be for everybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID, uuid5

from anyio.to_thread import run_sync

from adapters.photos import Box, NoBoxError, UnfitPhotoError, blacked_out
from adapters.sealing import KeyDestroyed
from adapters.store.errors import Busy
from adapters.store.known import known
from api.desk import Desk, Reply
from api.problems import Trouble
from api.whole import Whole
from domain import commands as c
from domain.case import Case
from domain.photos import Photo
from domain.privacy import Clear, Sealed, Secrecy
from workflow.ask import Refused
from workflow.casework import ContendedError, StaleError

WAITING = 20  # pictures that may wait to be drawn


def kept_as(whole: Whole, case: UUID, photo: Photo) -> UUID | None:
    """Under which id a photo is kept; None where nobody can read that any more, or it is not kept here."""
    return _told(whole, case, "photo", photo.reference)


def public_copy(whole: Whole, case: Case, number: int) -> bytes | None:
    """What everybody may see of a photo; None where nothing. It is never the photo itself."""
    photo = case.photo(number)
    copy = _told(whole, case.id, "copy", photo.copy) if photo and photo.copy else None
    return whole.photos.copy(case.id, copy) if copy else None


def _told(whole: Whole, case: UUID, field: str, sealed: object) -> UUID | None:
    try:
        told = whole.sealing.unseal(case, field, cast("Sealed", sealed))
    except KeyDestroyed:
        return None
    return _id(told)


def _id(told: str) -> UUID | None:
    """A reference that a program gave may be another system's."""
    try:
        return UUID(told)
    except ValueError:
        return None


async def cleared(desk: Desk, case: UUID, number: int, boxes: Sequence[Box], *, nothing: bool) -> Reply:
    """A photo is cleared as a desk is asked to; where nothing is blacked out, that must be said.

    Raises Refused, StaleError, ContendedError, Trouble, Busy, Unavailable, CommitUnknown.
    """
    if bool(boxes) == nothing:
        raise Trouble("black_out_or_say_nothing")
    copy = uuid5(UUID(desk.key), desk.fingerprints[-1].hex())
    command = c.ClearPhoto(number, Clear(Secrecy.PHOTOS, str(copy)), len(boxes))
    found = await desk.in_turn(lambda: _found(desk, case, command))
    if found is None:
        return await desk.in_turn(lambda: desk.handle(case, lambda _: command))
    drawn = await _drawn(desk, case, found.photo, boxes)
    return await desk.in_turn(lambda: _given(desk, case, found, copy, drawn, command))


@dataclass(frozen=True, slots=True)
class Found:
    """What is to be cleared, and the copy that everybody has seen so far."""

    photo: UUID
    replaced: UUID | None


def _found(desk: Desk, case: UUID, command: c.ClearPhoto) -> Found | None:
    """The photo, if it may be cleared; None where this very command was given before."""
    found = desk.look(case)
    if known(desk.whole.log.engine, desk.key, desk.actor.staff) is not None:
        return None
    desk.foresee(case, lambda _: command)
    photo = found.photo(command.number)
    kept = kept_as(desk.whole, case, photo) if photo else None
    if photo is None or kept is None:
        raise Trouble("no_such_photo")
    return Found(kept, _told(desk.whole, case, "copy", photo.copy) if photo.copy else None)


async def _drawn(desk: Desk, case: UUID, photo: UUID, boxes: Sequence[Box]) -> bytes:
    if desk.whole.drawing.statistics().tasks_waiting >= WAITING:
        raise Busy("too many photos are being drawn")
    return await run_sync(_blacked_out, desk.whole, case, photo, boxes, limiter=desk.whole.drawing)


def _blacked_out(whole: Whole, case: UUID, photo: UUID, boxes: Sequence[Box]) -> bytes:
    picture = whole.photos.read(case, photo)
    if picture is None:
        raise Trouble("no_such_photo")
    try:
        return blacked_out(picture, boxes)
    except NoBoxError as error:
        raise Trouble("box_outside" if error.n else "too_many_boxes", n=error.n) from None
    except UnfitPhotoError as unfit:
        raise Trouble(f"photo_{unfit.why}", n=1) from None


def _given(desk: Desk, case: UUID, found: Found, copy: UUID, drawn: bytes, command: c.ClearPhoto) -> Reply:
    """Kept first, so that no event refers to what was never kept; what it replaces goes last, and nothing that another keeps."""
    photos = desk.whole.photos
    photos.keep_copy(case, copy, found.photo, drawn, desk.whole.now())
    try:
        reply = desk.handle(case, lambda _: command)
    except (Refused, StaleError, ContendedError):
        photos.drop(case, copy)
        raise
    if found.replaced not in (None, copy):
        photos.drop(case, found.replaced)
    return reply
