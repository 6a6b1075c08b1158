"""The photos of a case as its page shows them, to those who work on it; and those that a clerk has cleared for all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from adapters.photos import MOST, Kept
from adapters.sealing import KeyDestroyed
from api.pages.reading import Reading
from api.security import within_reach
from api.whole import Whole
from domain import commands as c
from domain.case import Case
from domain.events import PhotoAdded
from domain.permissions import Permission
from domain.privacy import Sealed
from workflow.ask import Probe

AT_ONCE = 5  # photos that may be sent together
ADDING = Probe(c.AddPhoto)


@dataclass(frozen=True, slots=True)
class Picture:
    """One photo of a story: when it was added, and the picture where it can still be seen."""

    added: datetime
    kept: Kept | None
    erased: bool


@dataclass(frozen=True, slots=True)
class Gallery:
    """What somebody sees of a case's photos, and may do with them."""

    pictures: tuple[Picture, ...]
    adds: bool
    clears: bool

    @property
    def room(self) -> int:
        """How many more may be sent now."""
        return min(AT_ONCE, MOST - sum(picture.kept is not None for picture in self.pictures))


def gallery_of(v: Reading, case: Case) -> Gallery | None:
    """The gallery of a case; None for those who do not work on it."""
    if v.actor is None or not within_reach(case, v.actor, Permission.SEE_PHOTOS):
        return None
    open_to = v.parts.casework.open_to(case, v.actor, v.now)
    return Gallery(
        tuple(_pictures(v.parts, case.id)), ADDING in open_to, within_reach(case, v.actor, Permission.CLEAR_PHOTOS)
    )


def cleared_photos(whole: Whole, case: UUID) -> tuple[Kept, ...]:
    """The photos that everybody may see; `whole.photos.read(case, photo.id)` is the JPEG, None once it is erased."""
    return tuple(photo for photo in whole.photos.of(case) if photo.cleared)


def _pictures(whole: Whole, case: UUID) -> Iterator[Picture]:
    kept = {str(photo.id): photo for photo in whole.photos.of(case)}
    for entry in whole.casework.file(case):
        if isinstance(entry.event, PhotoAdded):
            reference = _reference(whole, case, entry.event)
            yield Picture(entry.recorded_at, kept.pop(reference or "", None), erased=reference is None)


def _reference(whole: Whole, case: UUID, event: PhotoAdded) -> str | None:
    """Which photo an event means; None where nobody can read that any more."""
    try:
        return whole.sealing.unseal(case, "photo", cast("Sealed", event.photo))
    except KeyDestroyed:
        return None
