"""How files are made that no camera makes."""

import struct
import zlib
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from PIL import Image
from PIL.PngImagePlugin import PngInfo

CANARY = b"canary-13900004711"
PNG, SIZE = b"\x89PNG\r\n\x1a\n", (96, 64)
GPS, MAKE, ORIENTATION, COMMENT = 0x8825, 0x010F, 0x0112, 0x9286


def picture(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    """Red above, blue below: one sees which side is up."""
    drawn = Image.new("RGB", size, "red")
    drawn.paste("blue", (0, size[1] // 2, *size))
    return drawn.convert(mode)


def saved(drawn: Image.Image, kind: str, **more: Any) -> bytes:
    """A file of it."""
    written = BytesIO()
    drawn.save(written, kind, **more)
    return written.getvalue()


def taken(size: tuple[int, int] = SIZE, **more: Any) -> bytes:
    """A small file, as from a camera."""
    return saved(picture(size=size), "JPEG", **more)


@cache
def jpeg() -> bytes:
    """An honest one, whose content does not compress away."""
    return saved(Image.effect_noise((300, 200), 80).convert("RGB"), "JPEG", quality=95)


@cache
def png() -> bytes:
    return saved(Image.effect_noise((300, 200), 80).convert("RGB"), "PNG")


@cache
def webp() -> bytes:
    return saved(Image.effect_noise((300, 200), 80).convert("RGB"), "WEBP")


def segment(marker: int, content: bytes) -> bytes:
    """One more part of a JPEG."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(content) + 2) + content


def with_segment(marker: int, content: bytes) -> bytes:
    return b"\xff\xd8" + segment(marker, content) + saved(picture(), "JPEG")[2:]


def chunk(kind: bytes, content: bytes, crc: int | None = None) -> bytes:
    """One part of a PNG."""
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", crc if crc is not None else zlib.crc32(kind + content))
    )


def header(width: int, height: int, depth: int = 8, colour: int = 2) -> bytes:
    return PNG + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))


def png_bomb(width: int, height: int, *, rows: int | None = None) -> bytes:
    """Much out of little: rows of nothing."""
    packer, row = zlib.compressobj(9), bytes(1 + 3 * width)
    packed = b"".join(packer.compress(row) for _ in range(height if rows is None else rows)) + packer.flush()
    return header(width, height) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def with_chunk(kind: bytes, content: bytes, crc: int | None = None) -> bytes:
    """Behind the header of an honest PNG."""
    plain = saved(picture(), "PNG")
    return plain[:33] + chunk(kind, content, crc) + plain[33:]


def jpeg_of_size(width: int, height: int) -> bytes:
    """An honest JPEG whose header lies about its size."""
    raw = bytearray(saved(picture(), "JPEG"))
    at = raw.index(b"\xff\xc0") + 5
    raw[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(raw)


def webp_of_size(width: int, height: int) -> bytes:
    """The head of a WebP that says it is large."""
    content = (
        b"WEBPVP8X"
        + struct.pack("<I", 10)
        + bytes(4)
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    return b"RIFF" + struct.pack("<I", len(content)) + content


def exif(**said: Any) -> Image.Exif:
    """Notes about a picture."""
    notes = Image.Exif()
    notes[MAKE] = CANARY.decode()
    if "orientation" in said:
        notes[ORIENTATION] = said["orientation"]
    if "gps" in said:
        notes.get_ifd(GPS).update({1: "N", 2: (29.0, 39.0, 12.5), 3: "E", 4: (91.0, 7.0, 1.5), 29: CANARY.decode()})
    return notes


def frames(kind: str) -> bytes:
    return saved(picture(), kind, save_all=True, append_images=[picture().rotate(180)], duration=50)


def texts() -> PngInfo:
    """Words inside a PNG, in each of its ways."""
    said = PngInfo()
    said.add_text("Author", CANARY.decode())
    said.add_text("Comment", CANARY.decode(), zip=True)
    said.add_itxt("Location", CANARY.decode(), "en", "Location")
    return said


def zipped() -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        archive.writestr("index.html", CANARY)
    return written.getvalue()


def flipped(raw: bytes, at: float) -> bytes:
    """One byte in it is another."""
    where = int(len(raw) * at)
    return raw[:where] + bytes((raw[where] ^ 0xFF,)) + raw[where + 1 :]


def full_colour() -> bytes:
    """All its waves would have to be in memory at once."""
    return saved(picture(size=(8000, 8000)), "JPEG", progressive=True, subsampling=0)


def interlaced() -> bytes:
    """In seven passes (Adam7), which Pillow reads and does not write."""
    width, height = SIZE
    rows = b""
    for x, y, across, down in (
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ):
        columns = range(x, width, across)
        for row in range(y, height, down):
            rows += b"\x00" + (b"\xff\x00\x00" if row < height // 2 else b"\x00\x00\xff") * len(columns)
    head = PNG + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 1))
    return head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
