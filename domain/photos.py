"""The photos of a case: what its file says of each, by the order in which they were added."""

from dataclasses import dataclass

from domain.changing import replace
from domain.privacy import Private


@dataclass(frozen=True)
class Photo:
    """One photo; `copy` is what everybody may see of it, None while no clerk has cleared it."""

    number: int
    reference: Private
    copy: Private | None = None
    boxes: int = 0
    erased: bool = False


Photos = tuple[Photo, ...]


def added(photos: Photos, reference: Private) -> Photos:
    """One more."""
    return (*photos, Photo(len(photos) + 1, reference))


def shown(photos: Photos, number: int, copy: Private | None, boxes: int = 0) -> Photos:
    """One of them is for everybody, or no longer."""
    return tuple(replace(p, copy=copy, boxes=boxes) if p.number == number else p for p in photos)


def erased(photos: Photos) -> Photos:
    """Nobody sees those that are there any more; what is added later has a key of its own."""
    return tuple(replace(p, copy=None, boxes=0, erased=True) for p in photos)
