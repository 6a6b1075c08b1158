"""The photos of a case as its page shows them, to those who work on it; and those that a clerk has cleared for all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from adapters.photos import MOST, Kept
from api.clearing import kept_as
from api.pages.reading import Reading
from api.security import within_reach
from api.whole import Whole
from domain import commands as c
from domain.case import Case
from domain.events import PhotoAdded
from domain.permissions import Permission
from domain.photos import Photo
from workflow.ask import Probe

AT_ONCE = 5  # photos that may be sent together
ADDING = Probe(c.AddPhoto)


@dataclass(frozen=True, slots=True)
class Picture:
    """One photo of a story: when it was added, and the picture where it can still be seen."""

    photo: Photo
    added: datetime
    kept: Kept | None


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
        tuple(_pictures(v.parts, case)), ADDING in open_to, within_reach(case, v.actor, Permission.CLEAR_PHOTOS)
    )


def cleared_photos(whole: Whole, case: UUID) -> tuple[Photo, ...]:
    """The photos of which everybody may see a copy: `public_copy` of `api.clearing` is the JPEG."""
    return tuple(photo for photo in whole.casework.case(case).photos if photo.copy is not None)


def _pictures(whole: Whole, case: Case) -> Iterator[Picture]:
    kept = {photo.id: photo for photo in whole.photos.of(case.id)}
    added = (entry.recorded_at for entry in whole.casework.file(case.id) if isinstance(entry.event, PhotoAdded))
    for photo, at in zip(case.photos, added, strict=False):
        reference = kept_as(whole, case.id, photo)
        yield Picture(photo, at, kept.pop(reference, None) if reference else None)
