"""Clearing photos over HTTP: a clerk blacks out, everybody sees the copy and never the photo, and it can be taken back."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import Response
from PIL import Image
from sqlalchemy import select

from adapters.photos import Photos
from adapters.sealing import receipt_of
from adapters.store.tables import photos as table
from api.pages.gallery import cleared_photos
from api.whole import Whole
from domain.actors import Role
from domain.events import PhotoCleared, PhotoWithheld
from tests.adapters.photos.making import CANARY, taken
from tests.api.browsers import Markup, Person
from tests.api.office import Office
from tests.api.people import CLERK, DISPATCHER, DISTRICT, GRID, HOTLINE, LEADER, WATER, WORKER, at_work, forgotten
from tests.api.residents import demo as open_to_all
from tests.api.test_photos import OTHER_CLERK, added, looks

Box = dict[str, float]
FACE: Box = {"left": 10, "top": 20, "width": 30, "height": 40}
SIDES = ("left", "top", "width", "height")
Who = tuple[Role, str]


def logged(hall: Office) -> str:
    """A case of somebody who looks by receipt, and a photo of it."""
    said = {"category": "0406", "place": GRID, "source": "hotline", "reporter": {"name": "Somebody"}}
    case: str = hall.post(HOTLINE, "/cases", said).json()["case"]
    added(hall, WORKER, case, taken((320, 200), comment=CANARY))
    return case


def clears(hall: Office, who: Who, case: str, *boxes: Box, number: int = 1, key: str = "", **said: Any) -> Response:
    """As a program does it."""
    version = hall.get(CLERK, f"/cases/{case}").json()["version"]
    more = {"If-Match": f'"{version}"', "Idempotency-Key": key or str(uuid4())}
    return hall.client.post(
        f"/api/v1/cases/{case}/photos/{number}/clearing", json={"boxes": list(boxes), **said}, headers=hall.headers(who, **more)
    )  # fmt: skip


def cleared(hall: Office, case: str) -> None:
    answer = clears(hall, CLERK, case, FACE)
    assert answer.status_code == 201, answer.text


def by_receipt(hall: Office, case: str, number: int | str = 1) -> Response:
    """Whoever holds the receipt, who is no unit of the case."""
    hall.client.cookies.clear()
    receipt = receipt_of(hall.whole.master, UUID(case))
    return hall.client.get(f"/r/{receipt}/photos/{number}", headers={"Accept": "text/html"})


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Office]:
    """Its door is open to residents."""
    with open_to_all(tmp_path) as opened:
        yield opened


def bytes_kept(whole: Whole, case: str) -> int:
    with whole.log.engine.connect() as connection:
        return len(connection.execute(select(table.c.id).where(table.c.case_id == UUID(case))).all())


# --- what everybody sees


def test_the_page_of_a_photo_blacks_out_and_clears(hall: Office) -> None:
    case = logged(hall)
    clerk = Person(hall, CLERK).goes_to(f"/cases/{case}")
    address = f"/cases/{case}/clearing/1"
    assert (
        f'href="{address}"' in clerk.page
        and f'href="{address}"' not in Person(hall, WORKER).goes_to(f"/cases/{case}").page
    )
    clerk.goes_to(address)
    assert "This photo is not public." in clerk.page and Markup(clerk.page).faults == []
    form = next(form for form in clerk.forms() if form["action"] == address)
    said = {**form["fields"], **{side: str(FACE[side]) for side in SIDES}}
    shown = clerk.sends(address, **{**said, "show": "yes"})
    assert (
        '<rect x="10.0" y="20.0" width="30.0" height="40.0"/>' in shown.page
        and cleared_photos(hall.whole, UUID(case)) == ()
    )
    done = clerk.sends(address, **said)
    assert "Done: clear a photo for everybody." in done.page and "cleared for the public" in done.page
    assert "places blacked out: 1" in done.page, "the story tells it"
    (photo,) = cleared_photos(hall.whole, UUID(case))
    assert (photo.number, photo.boxes) == (1, 1)
    assert f'src="{address}/copy"' in clerk.goes_to(address).page


def test_what_everybody_sees_is_black_in_its_pixels_and_holds_nothing_of_the_photo(demo: Office) -> None:
    case = logged(demo)
    assert by_receipt(demo, case).status_code == 404
    cleared(demo, case)
    seen = by_receipt(demo, case)
    assert (seen.status_code, seen.headers["content-type"], seen.headers["cache-control"]) == (
        200,
        "image/jpeg",
        "no-store",
    )
    drawn = Image.open(BytesIO(seen.content)).convert("L")
    assert drawn.size == (320, 200)
    inside = [(x, y) for x in range(32, 128) for y in range(40, 120)]
    assert all(drawn.getpixel(at) <= 24 for at in inside)  # type: ignore[operator]  # one band
    assert drawn.getpixel((300, 20)) > 24  # type: ignore[operator]
    (one,) = demo.whole.photos.of(UUID(case))
    original = demo.whole.photos.read(UUID(case), one.id) or b""
    assert seen.content != original and CANARY not in seen.content and not Image.open(BytesIO(seen.content)).getexif()
    overlaid = Image.open(BytesIO(original)).convert("L")
    assert not all(overlaid.getpixel(at) <= 24 for at in inside), "a box that only lies over it would be found"  # type: ignore[operator]


def test_the_receipt_s_page_shows_the_copy_once_it_is_cleared(demo: Office) -> None:
    case = logged(demo)
    receipt = receipt_of(demo.whole.master, UUID(case))
    here = f'src="/r/{receipt}/photos/1"'
    demo.client.cookies.clear()
    assert here not in demo.client.get(f"/r/{receipt}").text
    cleared(demo, case)
    demo.client.cookies.clear()
    assert here in demo.client.get(f"/r/{receipt}").text


def test_the_photo_itself_is_nowhere_for_whoever_is_no_unit_of_the_case(demo: Office) -> None:
    case = logged(demo)
    cleared(demo, case)
    (one,) = demo.whole.photos.of(UUID(case))
    for who in (WATER, OTHER_CLERK, (Role.AUDITOR, DISTRICT), (Role.DATA_OFFICER, DISTRICT)):
        assert looks(demo, who, case, str(one.id)).status_code == 404
    assert looks(demo, None, case, str(one.id)).status_code == 303
    for nowhere in (str(one.id), 2, 0, "1.jpg"):
        assert by_receipt(demo, case, nowhere).status_code == 404


def test_the_photo_stays_for_the_units_of_the_case(hall: Office) -> None:
    case = at_work(hall)["case"]
    (photo,) = added(hall, WORKER, case)
    before = looks(hall, WATER, case, photo).content
    cleared(hall, case)
    assert looks(hall, WATER, case, photo).content == before


def test_no_other_picture_can_be_passed_off_as_a_copy(demo: Office) -> None:
    """Not by an event that names the photo itself: what everybody sees is read from the copies alone."""
    case = UUID(logged(demo))
    (one,) = demo.whole.photos.of(case)
    assert demo.whole.photos.copy(case, one.id) is None


# --- who may, and how


def test_only_the_street_clears(hall: Office) -> None:
    case = logged(hall)
    for who in (WORKER, DISPATCHER, HOTLINE):
        assert (
            clears(hall, who, case, FACE).status_code,
            Person(hall, who).goes_to(f"/cases/{case}/clearing/1").status,
        ) == (403, 404)
    assert clears(hall, OTHER_CLERK, case, FACE).status_code == 404
    assert bytes_kept(hall.whole, case) == 1, "nothing was drawn for them"
    assert clears(hall, LEADER, case, FACE).status_code == 201


@pytest.mark.parametrize(
    ("boxes", "said", "status", "code"),
    [
        ((), {}, 422, "black_out_or_say_nothing"),
        ((FACE,), {"nothing": True}, 422, "black_out_or_say_nothing"),
        (({**FACE, "width": 95},), {}, 422, "box_outside"),
        (({**FACE, "width": 0},), {}, 422, "box_outside"),
        (({**FACE, "left": -1},), {}, 422, "bad_content"),
        (({**FACE, "left": "10"},), {}, 422, "bad_content"),
        ((FACE,) * 51, {}, 422, "bad_content"),
        ((FACE,), {"number": 2}, 409, "there_is_such_a_photo"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_kept(
    hall: Office, boxes: tuple[Any, ...], said: dict[str, Any], status: int, code: str
) -> None:
    case = logged(hall)
    answer = clears(hall, CLERK, case, *boxes, **said)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert bytes_kept(hall.whole, case) == 1 and cleared_photos(hall.whole, UUID(case)) == ()


def test_the_page_says_what_is_wrong_and_keeps_what_was_filled_in(hall: Office) -> None:
    case = logged(hall)
    address = f"/cases/{case}/clearing/1"
    clerk = Person(hall, CLERK).goes_to(address)
    fields = next(form for form in clerk.forms() if form["action"] == address)["fields"]
    for said, words in (
        ({}, "Black out what is nobody"),
        ({"left": "x", "top": "1", "width": "1", "height": "1"}, "Box 1 lies outside"),
        ({"left": "95", "top": "1", "width": "10", "height": "1"}, "Box 1 lies outside"),
    ):
        clerk.sends(address, **{**fields, **said})
        assert clerk.status == 422 and words in clerk.page, said
        assert not said or f'value="{said["left"]}"' in clerk.page
    done = clerk.sends(address, **{**fields, "nothing": "yes"})
    assert "places blacked out: 0" in done.page


def test_under_one_key_it_is_cleared_once(hall: Office) -> None:
    case, key = logged(hall), str(uuid4())
    first, again = (clears(hall, CLERK, case, FACE, key=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201) and first.json()["version"] == again.json()["version"]
    assert clears(hall, CLERK, case, {**FACE, "left": 1}, key=key).json()["code"] == "key_of_another"
    file = hall.whole.casework.file(UUID(case))
    assert sum(isinstance(entry.event, PhotoCleared) for entry in file) == 1 and bytes_kept(hall.whole, case) == 2


def test_cleared_again_the_new_copy_takes_the_place_of_the_old(demo: Office) -> None:
    case = logged(demo)
    cleared(demo, case)
    before = by_receipt(demo, case).content
    assert clears(demo, CLERK, case, FACE, {**FACE, "left": 60}).status_code == 201
    assert by_receipt(demo, case).content not in (before, b"") and bytes_kept(demo.whole, case) == 2


# --- taken back


def withheld(hall: Office, case: str) -> Response:
    now = hall.get(CLERK, f"/cases/{case}").json()
    found: dict[str, Any] = hall.act(CLERK, now, "photos/1/withholding", {"reason": "a face in the window"})
    assert found["case"] == case
    return by_receipt(hall, case)


def test_what_is_taken_back_nobody_sees_any_more(demo: Office) -> None:
    case = logged(demo)
    cleared(demo, case)
    assert by_receipt(demo, case).status_code == 200
    assert withheld(demo, case).status_code == 404
    event = demo.whole.casework.file(UUID(case))[-1].event
    assert event == PhotoWithheld(1, "a face in the window")
    assert "a face in the window" in Person(demo, CLERK).goes_to(f"/cases/{case}").page
    cleared(demo, case)
    assert by_receipt(demo, case).status_code == 200


def test_the_case_s_page_offers_to_take_it_back(hall: Office) -> None:
    case = logged(hall)
    assert "do-WithholdPhoto-1" not in Person(hall, CLERK).goes_to(f"/cases/{case}").page
    cleared(hall, case)
    assert 'id="do-WithholdPhoto-1"' in Person(hall, CLERK).goes_to(f"/cases/{case}").page
    assert 'id="do-WithholdPhoto-1"' not in Person(hall, WORKER).goes_to(f"/cases/{case}").page


def test_with_the_erasure_the_copy_is_gone_too(demo: Office) -> None:
    case = logged(demo)
    cleared(demo, case)
    forgotten(demo, case)
    assert bytes_kept(demo.whole, case) == 0 and by_receipt(demo, case).status_code == 404
    assert clears(demo, CLERK, case, FACE).json()["code"] == "it_is_not_erased"
    assert Person(demo, CLERK).goes_to(f"/cases/{case}/clearing/1").status == 404


def test_two_who_clear_at_once_do_not_take_each_other_s_copy_away(
    demo: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other's event comes between what this one keeps and what it says: whichever is last is what everybody sees."""
    case = logged(demo)
    keep, between = Photos.keep_copy, [{**FACE, "left": 60}]

    def kept(self: Photos, *said: Any) -> None:
        keep(self, *said)
        if between:
            assert clears(demo, LEADER, case, between.pop()).status_code == 201

    monkeypatch.setattr(Photos, "keep_copy", kept)
    assert clears(demo, CLERK, case, FACE).status_code == 201
    seen = by_receipt(demo, case)
    assert seen.status_code == 200 and Image.open(BytesIO(seen.content)).convert("L").getpixel((60, 60)) <= 24  # type: ignore[operator]
