"""A program of its own: somebody's picture comes in, one of ours goes out, or an exit code that says why not.

Each argument is a place to black out: left, top, width and height, in hundredths of the picture as it is seen.

It is run by path, apart from the server and inside limits, and imports nothing of ours. Only what is seen survives: the
pixels are put on a fresh canvas, because a picture that is opened and saved keeps its comment.
"""

import resource
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from io import BytesIO
from math import ceil, floor

from PIL import Image, ImageFile, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

MEMORY, SECONDS = 280 * 1024 * 1024, 8  # of address space, and of the processor's time
BROKEN, TOO_MANY_PIXELS, SEVERAL_FRAMES, TOO_HARD = 3, 4, 5, 6  # exit codes; 1 and 2 are the interpreter's own
LONGEST, QUALITY = 2048, 82
ORIENTATION = 0x0112  # a tag of EXIF
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip

Box = tuple[float, float, float, float]
Reader = Callable[[BytesIO], ImageFile.ImageFile]
# First bytes -> what reads it, and how many pixels it may have: a large JPEG is read small, the others whole.
READERS: tuple[tuple[bytes, Reader, int], ...] = (
    (b"\xff\xd8\xff", JpegImagePlugin.JpegImageFile, 64_000_000),
    (b"\x89PNG\r\n\x1a\n", PngImagePlugin.PngImageFile, 24_000_000),
    (b"RIFF", WebPImagePlugin.WebPImageFile, 12_000_000),
)
LIMITS = (
    (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NPROC, 0),
    (resource.RLIMIT_CORE, 0),  # a core file would hold the picture
)  # fmt: skip


class Unfit(Exception):  # noqa: N818 - a verdict, not a fault
    """A picture that is not taken."""

    def __init__(self, code: int) -> None:
        """`code` says why."""
        super().__init__(code)
        self.code = code


def main() -> int:
    """From standard input to standard output."""
    for kind, most in LIMITS:
        resource.setrlimit(kind, (most, most))
    try:
        sys.stdout.buffer.write(redrawn(sys.stdin.buffer.read(), [_box(said) for said in sys.argv[1:]]))
    except MemoryError:
        return TOO_HARD
    except Unfit as unfit:
        return unfit.code
    return 0


def _box(said: str) -> Box:
    left, top, width, height = map(float, said.split(","))
    return left, top, width, height


def redrawn(raw: bytes, boxes: Sequence[Box] = ()) -> bytes:
    """The same picture as a JPEG of ours, black where the boxes are. Raises Unfit, MemoryError."""
    reader, most = next((reader, most) for magic, reader, most in READERS if raw.startswith(magic))
    try:
        if raw.startswith(b"RIFF") and _webp_pixels(raw) > most:
            raise Unfit(TOO_MANY_PIXELS)  # noqa: TRY301 - as below
        return _drawn(*_read(reader(BytesIO(raw)), most), boxes)
    except (Unfit, MemoryError):
        raise
    except Exception as error:  # decoders raise whatever they come upon
        raise Unfit(BROKEN) from error


def _webp_pixels(raw: bytes) -> int:
    """From the head of the file: its reader makes room for all pixels as soon as it opens it."""
    head = [int.from_bytes(raw[at : at + size], "little") for at, size in ((24, 3), (27, 3), (21, 4), (26, 2), (28, 2))]
    if raw[12:16] == b"VP8X":
        return (head[0] + 1) * (head[1] + 1)
    if raw[12:16] == b"VP8L":
        return ((head[2] & 0x3FFF) + 1) * ((head[2] >> 14 & 0x3FFF) + 1)
    return (head[3] & 0x3FFF) * (head[4] & 0x3FFF)


def _read(picture: ImageFile.ImageFile, most: int) -> tuple[Image.Image, int]:
    """The pixels, no more of them than are needed, and how they are turned."""
    if picture.width * picture.height > most:
        raise Unfit(TOO_MANY_PIXELS)
    if getattr(picture, "n_frames", 1) > 1:
        raise Unfit(SEVERAL_FRAMES)
    picture.draft("RGB", _fitting(picture.size))
    picture.load()
    with suppress(Exception):  # broken notes about a picture are no reason to lose it
        return picture, picture.getexif().get(ORIENTATION, 1)
    return picture, 1


def _fitting(size: tuple[int, int]) -> tuple[int, int]:
    shrunk = min(1, LONGEST / max(size))
    return max(1, round(size[0] * shrunk)), max(1, round(size[1] * shrunk))


def _seen(picture: Image.Image) -> Image.Image:
    """What a screen shows; it is copied only where it must be, and 16 bits of grey are not cut off at 8."""
    if picture.mode.startswith("I"):
        return picture.point(lambda grey: grey / 256).convert("L").convert("RGB")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    return picture if picture.mode == mode else picture.convert(mode)


def _drawn(picture: Image.Image, turned: int, boxes: Sequence[Box]) -> bytes:
    shrunk = _seen(picture).resize(_fitting(picture.size), Image.Resampling.LANCZOS)
    if turned in TURNS:
        shrunk = shrunk.transpose(TURNS[turned])
    canvas = Image.new("RGB", shrunk.size, "white")
    canvas.paste(shrunk, mask=shrunk if shrunk.mode == "RGBA" else None)
    for box in boxes:
        canvas.paste("black", _pixels(box, canvas.size))
    written = BytesIO()
    canvas.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def _pixels(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Every pixel that a box touches."""
    left, top, width, height = box
    across, down = size[0] / 100, size[1] / 100
    return floor(left * across), floor(top * down), ceil((left + width) * across), ceil((top + height) * down)


if __name__ == "__main__":
    sys.exit(main())
