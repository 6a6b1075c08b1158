"""Boxes: places of a photo that are blacked out, in hundredths of its sides."""

from collections.abc import Sequence
from dataclasses import dataclass

MOST_BOXES = 50
WHOLE = 100.0


class NoBoxError(ValueError):
    """Not a place within a photo; `n` is which of them, 0 where there are too many."""

    def __init__(self, n: int) -> None:
        """Which it is, from 1."""
        super().__init__(f"box {n} lies outside of the photo" if n else f"at most {MOST_BOXES} boxes")
        self.n = n


@dataclass(frozen=True, slots=True)
class Box:
    """A place: where it begins from the left and the top, and how wide and high it is."""

    left: float
    top: float
    width: float
    height: float

    @property
    def lies_within(self) -> bool:
        """Whether all of it is in the photo, and it is not nothing; what is no number is not."""
        begins = 0 <= self.left < WHOLE and 0 <= self.top < WHOLE
        return begins and 0 < self.width <= WHOLE - self.left and 0 < self.height <= WHOLE - self.top

    def __str__(self) -> str:
        """As the program that draws takes it."""
        return f"{self.left!r},{self.top!r},{self.width!r},{self.height!r}"


def checked(boxes: Sequence[Box]) -> tuple[Box, ...]:
    """The same boxes. Raises NoBoxError."""
    if len(boxes) > MOST_BOXES:
        raise NoBoxError(0)
    for n, box in enumerate(boxes, 1):
        if not box.lies_within:
            raise NoBoxError(n)
    return tuple(boxes)
