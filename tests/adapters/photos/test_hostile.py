"""Hostile uploads: each ends as it must, nothing but the picture survives, and a bomb takes neither memory nor time."""

import resource
import subprocess
import sys
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from adapters.photos import UnfitPhotoError, Why, cleaned, cleaning
from tests.adapters.photos.hostile import FILES, HEAVY, SCRIPT, Ending
from tests.adapters.photos.making import CANARY, exif, jpeg, picture, saved

MEGABYTE = 1024 * 1024
MOST = 300  # megabytes of a process that draws
LEFT = (CANARY, SCRIPT, b"Exif", b"ICC_PROFILE", b"http", b"8BIM", b"<?php", b"PK\x03\x04", b"MPF", b"Photoshop")
RUNNER = """
import os, resource, subprocess, sys
for name in sorted(os.listdir(sys.argv[2])):
    with open(os.path.join(sys.argv[2], name), "rb") as raw:
        subprocess.run([sys.executable, "-I", sys.argv[1]], stdin=raw, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def ending(raw: bytes) -> Ending:
    """How a file ends: as a picture of a size, or with why not."""
    try:
        return Image.open(BytesIO(cleaned(raw))).size
    except UnfitPhotoError as unfit:
        return unfit.why


@cache
def became(name: str) -> bytes | Why:
    """What became of a file of the table; each is sent once."""
    try:
        return cleaned(FILES[name][0]())
    except UnfitPhotoError as unfit:
        return unfit.why


EACH = [pytest.param(name, marks=[pytest.mark.slow] * (name in HEAVY)) for name in FILES]
TAKEN = [one for one in EACH if not isinstance(FILES[str(one.values[0])][1], Why)]


@pytest.mark.parametrize("name", EACH)
def test_each_ends_as_it_must(name: str) -> None:
    found = became(name)
    assert (found if isinstance(found, Why) else Image.open(BytesIO(found)).size) == FILES[name][1]


def survivors(raw: bytes) -> list[bytes]:
    """What a finished picture still holds of what it came with."""
    return [one for one in LEFT if one in raw]


@pytest.mark.parametrize("name", TAKEN)
def test_only_what_is_seen_survives(name: str) -> None:
    """Our own file: a JPEG's plain parts in order, one picture in it, and nothing behind its end."""
    clean = became(name)
    assert isinstance(clean, bytes)
    assert survivors(clean) == []
    assert set(markers(clean)) <= {"d8", "e0", "db", "c0", "c4", "da"}
    assert clean.endswith(b"\xff\xd9")
    drawn = Image.open(BytesIO(clean))
    assert (drawn.format, drawn.mode) == ("JPEG", "RGB")
    assert drawn.info.keys() <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert len(drawn.getexif()) == 0


def markers(raw: bytes) -> list[str]:
    """The parts of a JPEG up to its pixels."""
    found, at = ["d8"], 2
    while found[-1] != "da":
        found.append(raw[at + 1 : at + 2].hex())
        at += 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
    return found


def test_a_picture_that_is_only_saved_again_keeps_its_comment() -> None:
    """The control: without a fresh canvas the scanner finds what should be gone, in several ways."""
    opened = Image.open(BytesIO(saved(picture(), "JPEG", comment=CANARY, exif=exif(gps=True))))
    again = saved(opened, "JPEG")
    assert survivors(again) == [CANARY]
    assert "fe" in markers(again)
    assert survivors(saved(opened, "JPEG", exif=opened.getexif())) == [CANARY, b"Exif"]


@pytest.mark.parametrize(
    ("orientation", "red"),
    [(1, "above"), (2, "above"), (3, "below"), (4, "below"), (5, "left"), (6, "right"), (7, "right"), (8, "left")],
)
def test_what_was_up_is_up(orientation: int, red: str) -> None:
    """A phone held sideways says so in EXIF, and EXIF is gone afterwards."""
    drawn = Image.open(BytesIO(cleaned(saved(picture(), "JPEG", exif=exif(orientation=orientation)))))
    middle = {"above": (0.5, 0.2), "below": (0.5, 0.8), "left": (0.2, 0.5), "right": (0.8, 0.5)}
    seen = {side: drawn.getpixel((int(drawn.width * x), int(drawn.height * y))) for side, (x, y) in middle.items()}
    assert reddish(seen[red]) and not reddish(
        seen[{"above": "below", "below": "above", "left": "right", "right": "left"}[red]]
    )


def reddish(pixel: object) -> bool:
    assert isinstance(pixel, tuple)
    return bool(pixel[0] > 200 and pixel[2] < 60)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("jpeg, cmyk", (254, 0, 0)), ("png, sixteen bits", (117, 117, 117)), ("png, wholly transparent", (255, 255, 255)), ("png, interlaced", (254, 0, 0))],
)  # fmt: skip
def test_it_looks_as_it_did(name: str, expected: tuple[int, int, int]) -> None:
    """Other ways of writing colours come out as what a screen shows; what is transparent becomes white."""
    pixel = Image.open(BytesIO(cleaned(FILES[name][0]()))).getpixel((5, 5))
    assert isinstance(pixel, tuple)
    assert all(abs(is_ - should) <= 2 for is_, should in zip(pixel, expected, strict=True))


def peak(program: Path, folder: Path) -> int:
    """Megabytes that a program needed at most for any file of a folder; measured from a small process, for who forks lends its size."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", RUNNER, program, folder], capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every file that comes as far as being drawn."""
    folder = tmp_path_factory.mktemp("hostile")
    for number, (make, _) in enumerate(FILES.values()):
        (folder / f"{number:03}").write_bytes(make())
    return folder


@pytest.mark.slow
def test_no_file_takes_more_memory_than_its_limit(folder: Path) -> None:
    assert 100 < peak(cleaning.PROGRAM, folder) < MOST


@pytest.mark.slow
def test_without_limits_the_same_files_take_more(folder: Path, tmp_path: Path) -> None:
    """The control: the measure sees what the limits prevent."""
    unlimited = tmp_path / "redrawing.py"
    unlimited.write_text(cleaning.PROGRAM.read_text().replace("280 * 1024 * 1024", "8 * 1024**3"))
    assert peak(unlimited, folder) > MOST


@pytest.mark.slow
def test_the_server_s_own_process_stays_small() -> None:
    """Whatever comes, the process that calls holds what was sent and what came back, no pixels."""
    bomb = FILES["png bomb just below the limit"][0]()
    cleaned(bomb)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(5):
        cleaned(bomb)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 1024


PROGRAMS = {
    "waits for ever": "import time; time.sleep(60)",
    "is killed": "import os; os.kill(os.getpid(), 9)",
    "takes all memory": "import resource; resource.setrlimit(resource.RLIMIT_AS, (200_000_000,) * 2); bytearray(10**9)",
    "takes all time": "import resource; resource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass",
    "falls over": "1 / 0",
    "says nothing": "",
    "does not listen": "import os; os.close(0); os._exit(7)",
}


@pytest.mark.parametrize("behaviour", PROGRAMS)
def test_whatever_becomes_of_the_process_is_a_refusal(
    behaviour: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAMS[behaviour])
    monkeypatch.setattr(cleaning, "PROGRAM", program)
    monkeypatch.setattr(cleaning, "SECONDS", 3.0)
    assert ending(jpeg()) is Why.TOO_HARD


def test_the_process_is_limited_before_it_reads(tmp_path: Path) -> None:
    """What it may have, asked of the program itself."""
    asking = (
        "import resource as r, runpy, sys; m = runpy.run_path(sys.argv[1]); sys.argv[1:] = []; "
        "m['main'].__globals__['redrawn'] = lambda raw, boxes: str([r.getrlimit(k) for k in (r.RLIMIT_AS, r.RLIMIT_CPU, r.RLIMIT_FSIZE, r.RLIMIT_CORE)]).encode(); m['main']()"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", asking, cleaning.PROGRAM], input=b"", capture_output=True, check=True
    )
    memory = 280 * MEGABYTE
    assert done.stdout.decode() == str([(memory, memory), (8, 8), (0, 0), (0, 0)])


def test_there_are_enough_files() -> None:
    assert len(FILES) >= 40
