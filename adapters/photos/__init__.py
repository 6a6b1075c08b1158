"""Photos: checked, shrunk, stripped of everything but what is seen, and kept sealed."""

from adapters.photos.cleaning import LARGEST, cleaned
from adapters.photos.keeping import MOST, Kept, Photos
from adapters.photos.verdicts import TooManyPhotosError, UnfitPhotoError, Why

__all__ = ["LARGEST", "MOST", "Kept", "Photos", "TooManyPhotosError", "UnfitPhotoError", "Why", "cleaned"]
