"""Photos: checked, shrunk, stripped of everything but what is seen, and kept sealed."""

from adapters.photos.boxes import MOST_BOXES, Box, NoBoxError
from adapters.photos.cleaning import LARGEST, blacked_out, cleaned
from adapters.photos.keeping import MOST, Kept, Photos
from adapters.photos.verdicts import TooManyPhotosError, UnfitPhotoError, Why

__all__ = [
    "LARGEST", "MOST", "MOST_BOXES", "Box", "Kept", "NoBoxError", "Photos", "TooManyPhotosError", "UnfitPhotoError", "Why",
    "blacked_out", "cleaned",
]  # fmt: skip
