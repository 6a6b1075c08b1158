"""Files as hostile, clumsy or just unusual people send them: all made here, byte by byte, each with how it must end."""

import struct
import zlib
from collections.abc import Callable, Mapping

from PIL import Image

from adapters.photos import LARGEST, Why
from tests.adapters.photos.making import (
    CANARY,
    PNG,
    SIZE,
    chunk,
    exif,
    flipped,
    frames,
    full_colour,
    header,
    interlaced,
    jpeg,
    jpeg_of_size,
    picture,
    png,
    png_bomb,
    saved,
    texts,
    webp,
    webp_of_size,
    with_chunk,
    with_segment,
    zipped,
)

Ending = Why | tuple[int, int]
XMP = b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + CANARY + b"</x:xmpmeta>"
ICC = bytes(128) + CANARY
SCRIPT = b"<script>alert('" + CANARY + b"')</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><image href='file:///etc/passwd'/></svg>"
UPRIGHT, LYING = SIZE, (SIZE[1], SIZE[0])

HEAVY = frozenset({"jpeg of 64 million pixels, progressive", "jpeg of 64 million pixels, progressive in full colour"})
FILES: Mapping[str, tuple[Callable[[], bytes], Ending]] = {
    # honest, in every way that a picture may be written
    "jpeg": (lambda: saved(picture(), "JPEG"), UPRIGHT),
    "jpeg, progressive": (lambda: saved(picture(), "JPEG", progressive=True), UPRIGHT),
    "jpeg, grey": (lambda: saved(picture("L"), "JPEG"), UPRIGHT),
    "jpeg, cmyk": (lambda: saved(picture("CMYK"), "JPEG"), UPRIGHT),
    "jpeg, several pictures in one, as phones do": (lambda: saved(picture(), "MPO", save_all=True, append_images=[picture("L")]), UPRIGHT),
    "png": (lambda: saved(picture(), "PNG"), UPRIGHT),
    "png, one bit": (lambda: saved(picture("1"), "PNG"), UPRIGHT),
    "png, sixteen bits": (lambda: saved(Image.new("I;16", SIZE, 30_000), "PNG"), UPRIGHT),
    "png, palette with transparency": (lambda: saved(picture("P"), "PNG", transparency=0), UPRIGHT),
    "png, wholly transparent": (lambda: saved(Image.new("RGBA", SIZE, (9, 9, 9, 0)), "PNG"), UPRIGHT),
    "png, interlaced": (interlaced, UPRIGHT),
    "webp": (lambda: saved(picture(), "WEBP"), UPRIGHT),
    "webp, lossless with transparency": (lambda: saved(picture("RGBA"), "WEBP", lossless=True), UPRIGHT),
    "one pixel": (lambda: saved(picture(size=(1, 1)), "PNG"), (1, 1)),
    "one pixel high and very long": (lambda: saved(picture(size=(60_000, 1)), "JPEG"), (2048, 1)),
    "one pixel wide and very high": (lambda: saved(picture(size=(1, 30_000)), "PNG"), (1, 2048)),
    "large": (lambda: saved(picture(size=(6000, 4000)), "JPEG"), (2048, 1365)),
    # what a picture carries besides what is seen
    "exif with a place": (lambda: saved(picture(), "JPEG", exif=exif(gps=True)), UPRIGHT),
    "exif turned by 90": (lambda: saved(picture(), "JPEG", exif=exif(orientation=6)), LYING),
    "exif upside down": (lambda: saved(picture(), "JPEG", exif=exif(orientation=3)), UPRIGHT),
    "exif turned to nowhere": (lambda: saved(picture(), "JPEG", exif=exif(orientation=4711)), UPRIGHT),
    "exif that is garbage": (lambda: with_segment(0xE1, b"Exif\x00\x00MM\x00*\xff\xff\xff\xff" + CANARY), UPRIGHT),
    "exif with a small picture of before": (lambda: with_segment(0xE1, b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00" + CANARY), UPRIGHT),
    "exif in a png": (lambda: saved(picture(), "PNG", exif=exif(gps=True)), UPRIGHT),
    "exif in a webp": (lambda: saved(picture(), "WEBP", exif=exif(gps=True)), UPRIGHT),
    "jpeg comment": (lambda: saved(picture(), "JPEG", comment=CANARY), UPRIGHT),
    "xmp": (lambda: with_segment(0xE1, XMP), UPRIGHT),
    "xmp in a webp": (lambda: saved(picture(), "WEBP", xmp=XMP), UPRIGHT),
    "iptc": (lambda: with_segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x12" + CANARY), UPRIGHT),
    "colour profile": (lambda: saved(picture(), "JPEG", icc_profile=ICC), UPRIGHT),
    "colour profile in a png": (lambda: saved(picture(), "PNG", icc_profile=ICC), UPRIGHT),
    "png texts": (lambda: saved(picture(), "PNG", pnginfo=texts()), UPRIGHT),
    "png chunk of its own": (lambda: with_chunk(b"caNa", CANARY), UPRIGHT),
    # two things in one
    "jpeg with html behind it": (lambda: saved(picture(), "JPEG") + SCRIPT, UPRIGHT),
    "jpeg with html in its comment": (lambda: with_segment(0xFE, SCRIPT), UPRIGHT),
    "jpeg with a zip behind it": (lambda: saved(picture(), "JPEG") + zipped(), UPRIGHT),
    "png with a zip behind it": (lambda: saved(picture(), "PNG") + zipped(), UPRIGHT),
    "png with php in a text": (lambda: with_chunk(b"tEXt", b"x\x00<?php system($_GET[0]); ?>" + CANARY), UPRIGHT),
    "gif that is a script": (lambda: b"GIF89a/*" + saved(picture(), "GIF")[8:] + b"*/=1;" + SCRIPT, Why.FOREIGN_FORMAT),
    "pdf that is a jpeg behind": (lambda: b"%PDF-1.7\n" + saved(picture(), "JPEG"), Why.NOT_A_PICTURE),
    # no picture, whatever it is called
    "nothing": (lambda: b"", Why.NOT_A_PICTURE),
    "one byte": (lambda: b"\xff", Why.NOT_A_PICTURE),
    "zeros": (lambda: bytes(4096), Why.NOT_A_PICTURE),
    "svg": (lambda: SVG, Why.NOT_A_PICTURE),
    "html": (lambda: b"<!doctype html>" + SCRIPT, Why.NOT_A_PICTURE),
    "zip": (zipped, Why.NOT_A_PICTURE),
    "program": (lambda: b"\x7fELF" + bytes(200), Why.NOT_A_PICTURE),
    "postscript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", Why.NOT_A_PICTURE),
    "sound in the same box as webp": (lambda: b"RIFF" + struct.pack("<I", 36) + b"WAVEfmt " + bytes(28), Why.NOT_A_PICTURE),
    "first bytes of a jpeg before text": (lambda: b"\xff\xd8\xff" + SCRIPT, Why.BROKEN),
    "first bytes of a png before text": (lambda: PNG + SCRIPT, Why.BROKEN),
    "first bytes of a webp before text": (lambda: b"RIFF\x40\x00\x00\x00WEBPVP8 " + bytes(20) + SCRIPT, Why.BROKEN),
    # pictures that are not taken
    "gif": (lambda: saved(picture(), "GIF"), Why.FOREIGN_FORMAT),
    "gif that moves": (lambda: frames("GIF"), Why.FOREIGN_FORMAT),
    "tiff": (lambda: saved(picture(), "TIFF"), Why.FOREIGN_FORMAT),
    "bmp": (lambda: saved(picture(), "BMP"), Why.FOREIGN_FORMAT),
    "ico": (lambda: saved(picture(), "ICO"), Why.FOREIGN_FORMAT),
    "jpeg 2000": (lambda: saved(picture(), "JPEG2000"), Why.FOREIGN_FORMAT),
    "avif": (lambda: struct.pack(">I", 28) + b"ftypavif" + bytes(200), Why.FOREIGN_FORMAT),
    "heic": (lambda: struct.pack(">I", 24) + b"ftypheic" + bytes(200), Why.HEIC),
    "webp that moves": (lambda: frames("WEBP"), Why.SEVERAL_FRAMES),
    "png that moves": (lambda: frames("PNG"), Why.SEVERAL_FRAMES),
    # too much
    "one byte too large": (lambda: jpeg() + bytes(LARGEST + 1 - len(jpeg())), Why.TOO_LARGE),
    "just not too large": (lambda: jpeg() + bytes(LARGEST - len(jpeg())), (300, 200)),
    "png bomb of 900 million pixels": (lambda: png_bomb(30_000, 30_000, rows=100), Why.TOO_MANY_PIXELS),
    "png bomb just below the limit": (lambda: png_bomb(6000, 4000), (2048, 1365)),
    "png bomb just above the limit": (lambda: png_bomb(6001, 4000), Why.TOO_MANY_PIXELS),
    "png of the largest size there is": (lambda: header(2**31 - 1, 2**31 - 1) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b""), Why.TOO_MANY_PIXELS),
    "png with a bomb of words": (lambda: with_chunk(b"zTXt", b"x\x00\x00" + zlib.compress(bytes(50_000_000), 9)), Why.BROKEN),
    "png with a bomb as its profile": (lambda: with_chunk(b"iCCP", b"x\x00\x00" + zlib.compress(bytes(50_000_000), 9)), Why.BROKEN),
    "jpeg that says 65,535 by 65,535": (lambda: jpeg_of_size(65_535, 65_535), Why.TOO_MANY_PIXELS),
    "jpeg that says 8,000 by 8,000 and ends early": (lambda: jpeg_of_size(8000, 8000), (2048, 2048)),
    "jpeg that says 0 by 0": (lambda: jpeg_of_size(0, 0), Why.BROKEN),
    "jpeg of 64 million pixels, progressive in full colour": (full_colour, Why.BROKEN),
    "jpeg of 64 million pixels, progressive": (lambda: saved(picture(size=(8000, 8000)), "JPEG", progressive=True), (2048, 2048)),
    "webp that says 16,384 by 16,384": (lambda: webp_of_size(16_384, 16_384), Why.TOO_MANY_PIXELS),
    "webp that says 2^24 by 2^24": (lambda: webp_of_size(2**24, 2**24), Why.TOO_MANY_PIXELS),
    # too little
    "jpeg cut off in its header": (lambda: jpeg()[:20], Why.BROKEN),
    "jpeg cut off after a quarter": (lambda: jpeg()[: len(jpeg()) // 4], Why.BROKEN),
    "jpeg cut off near its end": (lambda: jpeg()[:-200], Why.BROKEN),
    "png cut off after its header": (lambda: png()[:33], Why.BROKEN),
    "png cut off in the middle": (lambda: png()[: len(png()) // 2], Why.BROKEN),
    "webp cut off in the middle": (lambda: webp()[: len(webp()) // 2], Why.BROKEN),
    "png with a wrong checksum": (lambda: header(9, 9)[:-4] + b"\x00\x00\x00\x00" + chunk(b"IEND", b""), Why.BROKEN),
    "png with one byte changed": (lambda: flipped(png(), 0.5), Why.BROKEN),
    "png without pixels": (lambda: header(9, 9) + chunk(b"IEND", b""), Why.BROKEN),
    "png of no size": (lambda: header(0, 0) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b""), Why.BROKEN),
    "png with a chunk that says it is longer than the file": (lambda: header(9, 9) + struct.pack(">I", 2**31 - 1) + b"IDATx", Why.BROKEN),
}  # fmt: skip
