"""From what somebody sent to a picture of ours: size, first bytes, and then a process apart that draws it anew."""

import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from adapters.photos.boxes import Box, checked
from adapters.photos.verdicts import UnfitPhotoError, Why

LARGEST = 10_000_000  # bytes
SECONDS = 30.0  # for one picture, on a busy machine; its share of the processor is less
PROGRAM = Path(__file__).with_name("redrawing.py")

FORMATS: tuple[tuple[re.Pattern[bytes], Why | None], ...] = tuple(
    (re.compile(magic, re.DOTALL), why)
    for magic, why in (
        (rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF....WEBP", None),
        (rb"....ftyp(hei|hev|mif1|msf1)", Why.HEIC),
        (rb"GIF8[79]a|BM|II\*\x00|MM\x00\*|\x00\x00\x01\x00|....ftyp|\x00\x00\x00\x0cjP  |8BPS|\xff\x0a", Why.FOREIGN_FORMAT),
    )
)  # fmt: skip
# Exit codes of the program; any other, and a signal, is that it took too much.
CODES: Mapping[int, Why] = {3: Why.BROKEN, 4: Why.TOO_MANY_PIXELS, 5: Why.SEVERAL_FRAMES}


def cleaned(raw: bytes) -> bytes:
    """The picture as a JPEG of at most 2048 pixels a side, with nothing in it but what is seen.

    It takes a process of up to 280 MB for as long as it lasts: whoever calls sees to it that few are at work. Raises UnfitPhotoError.
    """
    if len(raw) > LARGEST:
        raise UnfitPhotoError(Why.TOO_LARGE)
    unfit = next((why for magic, why in FORMATS if magic.match(raw)), Why.NOT_A_PICTURE)
    if unfit is not None:
        raise UnfitPhotoError(unfit)
    return _redrawn(raw)


def blacked_out(picture: bytes, boxes: Sequence[Box]) -> bytes:
    """A picture of ours drawn anew, black where the boxes are: what was there is in none of its bytes.

    Takes as much as `cleaned`. Raises NoBoxError, UnfitPhotoError.
    """
    return _redrawn(picture, checked(boxes))


def _redrawn(raw: bytes, boxes: Sequence[Box] = ()) -> bytes:
    command = (sys.executable, "-I", str(PROGRAM), *map(str, boxes))
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=SECONDS, env={}, check=False)  # noqa: S603 - our own
    except subprocess.TimeoutExpired:
        raise UnfitPhotoError(Why.TOO_HARD) from None
    if done.returncode or not done.stdout:
        raise UnfitPhotoError(CODES.get(done.returncode, Why.TOO_HARD))
    return done.stdout
