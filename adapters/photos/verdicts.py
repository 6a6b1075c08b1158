"""Why a photo is not taken."""

from enum import StrEnum


class Why(StrEnum):
    """What is wrong with what was sent."""

    TOO_LARGE = "too_large"
    NOT_A_PICTURE = "not_a_picture"
    FOREIGN_FORMAT = "foreign_format"  # a picture, but none of JPEG, PNG and WebP
    HEIC = "heic"
    TOO_MANY_PIXELS = "too_many_pixels"
    SEVERAL_FRAMES = "several_frames"  # it moves: one frame would not be what was meant
    BROKEN = "broken"
    TOO_HARD = "too_hard"  # it took more memory or time than a picture needs


class UnfitPhotoError(ValueError):
    """Not a photo that is taken."""

    def __init__(self, why: Why) -> None:
        """`why` is for whoever sent it."""
        super().__init__(why.value)
        self.why = why


class TooManyPhotosError(ValueError):
    """A case has as many photos as it may have."""
