"""What is blacked out is in none of the copy's bytes: seen in its pixels, and a picture that only lays something over is found."""

from io import BytesIO
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from adapters.photos import MOST_BOXES, Box, NoBoxError, UnfitPhotoError, blacked_out, cleaned
from adapters.photos.redrawing import redrawn
from tests.adapters.photos.making import CANARY, ORIENTATION, picture, saved, taken

SIZE = (400, 300)
BLACK = 24  # as dark as what a JPEG makes of black


def opened(copy: bytes) -> Image.Image:
    return Image.open(BytesIO(copy)).convert("L")


def within(box: Box, size: tuple[int, int]) -> list[tuple[int, int]]:
    """Every pixel whose middle lies in it, by its own reckoning."""
    across, down = size
    return [
        (x, y) for x, y in product(range(across), range(down))
        if box.left <= 100 * (x + 0.5) / across <= box.left + box.width and box.top <= 100 * (y + 0.5) / down <= box.top + box.height
    ]  # fmt: skip


def is_black(copy: bytes, box: Box) -> bool:
    seen = opened(copy)
    return all(seen.getpixel(at) <= BLACK for at in within(box, seen.size))  # type: ignore[operator]  # one band


def light() -> bytes:
    return saved(Image.new("RGB", SIZE, "white"), "JPEG", quality=95)


def test_the_pixels_are_black_and_the_others_are_not() -> None:
    boxes = (Box(10, 20, 25, 10), Box(60.5, 70.25, 39.5, 29.75))
    copy = blacked_out(light(), boxes)
    assert Image.open(BytesIO(copy)).size == SIZE
    assert all(is_black(copy, box) for box in boxes)
    seen = opened(copy)
    assert all(seen.getpixel(at) > 200 for at in ((0, 0), (20, 40), (200, 150), (399, 0)))  # type: ignore[operator]


@settings(max_examples=40, deadline=None)
@given(st.tuples(*(st.floats(0, 90) for _ in range(2)), *(st.floats(0.5, 10) for _ in range(2))))
def test_wherever_the_box_is(said: tuple[float, float, float, float]) -> None:
    """Drawn here, without a process for each."""
    assert is_black(redrawn(light(), [said]), Box(*said))


def test_boxes_are_of_the_picture_as_it_is_seen() -> None:
    """A photo that its camera had turned is turned before it is cleared: the original is one of ours."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    ours = cleaned(taken((400, 300), exif=exif))
    copy = blacked_out(ours, [Box(0, 0, 50, 50)])
    assert Image.open(BytesIO(copy)).size == (300, 400) and is_black(copy, Box(0, 0, 50, 50))


def test_nothing_of_the_original_is_in_it() -> None:
    """No comment, no note of a camera, no thumbnail, nothing behind its end."""
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    raw = taken(SIZE, exif=exif, comment=CANARY) + CANARY
    copy = blacked_out(raw, [Box(0, 0, 100, 100)])
    assert CANARY in raw and CANARY not in copy
    drawn = Image.open(BytesIO(copy))
    assert not drawn.getexif() and "comment" not in drawn.info and copy.endswith(b"\xff\xd9")
    assert opened(copy).getextrema()[1] <= BLACK  # type: ignore[operator]  # one band
    same = blacked_out(saved(picture(size=SIZE), "JPEG"), [Box(0, 0, 100, 100)])
    assert copy == same, "what was under the box cannot be told from the copy"


def test_where_nothing_is_blacked_out_it_is_drawn_anew_all_the_same() -> None:
    raw = taken(SIZE, comment=CANARY)
    assert CANARY not in blacked_out(raw, [])


@pytest.mark.parametrize(
    "box",
    [Box(-1, 0, 10, 10), Box(0, 0, 0, 10), Box(0, 0, 10, -5), Box(95, 0, 10, 10), Box(0, 95, 10, 10), Box(100, 0, 1, 1), Box(float("nan"), 0, 1, 1), Box(0, 0, float("inf"), 1)],
)  # fmt: skip
def test_a_box_that_is_none_is_refused(box: Box) -> None:
    with pytest.raises(NoBoxError) as refused:
        blacked_out(light(), [Box(0, 0, 1, 1), box])
    assert refused.value.n == 2


def test_boxes_are_many_but_not_without_end() -> None:
    assert blacked_out(light(), [Box(0, 0, 1, 1)] * MOST_BOXES)
    with pytest.raises(NoBoxError):
        blacked_out(light(), [Box(0, 0, 1, 1)] * (MOST_BOXES + 1))


def test_what_is_no_picture_is_none_here_either() -> None:
    with pytest.raises(UnfitPhotoError):
        blacked_out(b"\xff\xd8\xff nothing", [])


# --- a fault that these find


def test_a_box_that_only_lies_over_the_picture_is_found() -> None:
    """As those make it who send the picture with a drawing over it: the bytes still show what was there."""
    box = Box(10, 10, 50, 50)
    overlay = f'<svg><image href="photo.jpg"/><rect x="{box.left}%" y="{box.top}%" width="50%" height="50%"/></svg>'
    assert "rect" in overlay
    assert not is_black(light(), box) and is_black(blacked_out(light(), [box]), box)


def test_and_one_that_is_left_out(tmp_path: Path) -> None:
    assert not is_black(blacked_out(light(), [Box(0, 0, 5, 5)]), Box(50, 50, 5, 5))
