"""Photos over HTTP: who may add and see them, once for each key, refused with what to do, gone after an erasure."""

import re
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import Response
from PIL import Image

from adapters.photos import MOST
from api import headers
from api.pages.gallery import AT_ONCE, cleared_photos
from domain.actors import Role
from domain.events import PhotoAdded
from tests.adapters.photos.making import CANARY, picture, saved
from tests.adapters.sealing.test_erasure import holding
from tests.api.office import Office, office
from tests.api.test_acting import Person
from tests.api.test_lives_over_http import (
    CLERK,
    DISPATCHER,
    DISTRICT,
    GRID,
    HOTLINE,
    LEADER,
    PLEA,
    WATER,
    WORKER,
    logged,
)
from tests.api.test_pages import Markup

OFFICER = (Role.DATA_OFFICER, DISTRICT)
OTHER_CLERK, OTHER_WORKER = (Role.STREET_CLERK, "540102003"), (Role.GRID_WORKER, "540102003001001")
Who = tuple[Role, str]
# A comment in clear, and pixels that are found again as they are: both must be in no file.
PHOTO = saved(picture(size=(320, 200)), "JPEG", comment=CANARY)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as opened:
        yield opened


def sends(
    hall: Office, who: Who | None, case: str, *photos: bytes, key: str = "", accept: str = "application/json"
) -> Response:
    """Somebody sends photos, as a page of ours or a program does."""
    signed_in(hall, who)
    files = [("photo", (f"{n}.jpg", raw, "image/jpeg")) for n, raw in enumerate(photos)]
    said = {"Accept": accept, "Accept-Language": "en", "Sec-Fetch-Site": "same-origin"}
    return hall.client.post(
        f"/cases/{case}/photos", data={"key": key or str(uuid4())}, files=files or None, headers=said
    )


def looks(hall: Office, who: Who | None, case: str, photo: str) -> Response:
    signed_in(hall, who)
    return hall.client.get(f"/cases/{case}/photos/{photo}", headers={"Accept": "text/html"}, follow_redirects=False)


def signed_in(hall: Office, who: Who | None) -> None:
    hall.client.cookies.clear()
    if who:
        hall.client.cookies.set("whistle", hall.session(*who))


def page(hall: Office, who: Who, case: str) -> str:
    return Person(hall, who).goes_to(f"/cases/{case}").page


def coloured(hue: int) -> bytes:
    """Photos that differ."""
    return saved(Image.new("RGB", (20, 20), (hue, 9, 9)), "PNG")


def added(hall: Office, who: Who, case: str, *photos: bytes) -> list[str]:
    answer = sends(hall, who, case, *(photos or (PHOTO,)))
    assert answer.status_code == 201, answer.text
    found: list[str] = answer.json()["photos"]
    return found


# --- adding and seeing


def test_a_worker_adds_photos_and_sees_them_on_the_page(hall: Office) -> None:
    case = logged(hall)["case"]
    assert 'action="/cases/' + case + '/photos"' in page(hall, WORKER, case)
    answer = sends(hall, WORKER, case, PHOTO, coloured(200), accept="text/html")
    assert answer.history[0].status_code == 303
    assert f"did=AddPhoto&of={case}" in answer.history[0].headers["location"]
    assert "Done: add a photo." in answer.text and Markup(answer.text).faults == []
    sources = re.findall(r'<img src="([^"]+)" loading="lazy" alt="([^"]+)"', answer.text)
    assert [alt[:12] for _, alt in sources] == ["Photo 1 of 2", "Photo 2 of 2"]
    assert re.fullmatch(r"Photo 1 of 2, added \d{4}-\d\d-\d\d \d\d:\d\d", sources[0][1])
    first = hall.client.get(sources[0][0])
    assert (first.status_code, first.headers["content-type"]) == (200, "image/jpeg")
    assert first.headers["cache-control"].startswith("private") and first.headers["x-content-type-options"] == "nosniff"
    assert Image.open(BytesIO(first.content)).size == (320, 200) and CANARY not in first.content


def test_a_program_is_answered_in_json(hall: Office) -> None:
    case = logged(hall)["case"]
    answer = sends(hall, WORKER, case, PHOTO)
    assert (answer.status_code, answer.json()["case"]) == (201, case)
    assert [str(UUID(one)) for one in answer.json()["photos"]] == answer.json()["photos"]
    assert sum(isinstance(entry.event, PhotoAdded) for entry in hall.whole.casework.file(UUID(case))) == 1


SEES: dict[Who | None, int] = {
    WORKER: 200, CLERK: 200, LEADER: 200, DISPATCHER: 200, HOTLINE: 200, (Role.SUPERVISOR, DISTRICT): 200,
    OTHER_CLERK: 404, OTHER_WORKER: 404, WATER: 404, (Role.DATA_OFFICER, DISTRICT): 404, (Role.AUDITOR, DISTRICT): 404,
    (Role.RESIDENT, "somebody"): 404, None: 303,
}  # fmt: skip


def test_only_units_of_the_case_see_and_add(hall: Office) -> None:
    """By the same rule as notes; to the others there is nothing, and nothing was added."""
    case = logged(hall)["case"]
    (photo,) = added(hall, WORKER, case)
    assert {who: looks(hall, who, case, photo).status_code for who in SEES} == SEES
    refused = {who: sends(hall, who, case, coloured(7)).status_code for who, status in SEES.items() if status != 200}
    assert set(refused.values()) == {401, 403, 404} and refused[None] == 401 and refused[OTHER_CLERK] == 404
    assert len(hall.whole.photos.of(UUID(case))) == 1
    assert "<img" not in page(hall, (Role.AUDITOR, DISTRICT), case)


def test_a_department_sees_them_once_it_is_assigned(hall: Office) -> None:
    case = hall.act(LEADER, logged(hall), "whistles", {"plea": PLEA})
    (photo,) = added(hall, WORKER, case["case"])
    assert looks(hall, WATER, case["case"], photo).status_code == 404
    case = hall.get(DISPATCHER, f"/cases/{case['case']}").json()
    hall.act(DISPATCHER, case, "assignments", {"lead": "water"})
    assert looks(hall, WATER, case["case"], photo).status_code == 200
    assert added(hall, WATER, case["case"], coloured(3))
    assert page(hall, WATER, case["case"]).count("<img") == 2


def test_a_photo_is_only_at_its_own_case(hall: Office) -> None:
    one, other = logged(hall)["case"], logged(hall)["case"]
    (photo,) = added(hall, WORKER, one)
    assert looks(hall, WORKER, other, photo).status_code == 404
    assert looks(hall, WORKER, one, str(uuid4())).status_code == 404
    assert looks(hall, WORKER, one, "no-photo").status_code == 404


def test_a_case_that_has_ended_takes_no_more_and_shows_what_it_has(hall: Office) -> None:
    case = logged(hall)
    (photo,) = added(hall, WORKER, case["case"])
    case = hall.get(LEADER, f"/cases/{case['case']}").json()
    hall.act(LEADER, case, "cancellation", {"reason": "duplicate"})
    answer = sends(hall, WORKER, case["case"], coloured(5))
    assert (answer.status_code, len(hall.whole.photos.of(UUID(case["case"])))) == (409, 1)
    assert looks(hall, WORKER, case["case"], photo).status_code == 200
    assert "<img" in (shown := page(hall, WORKER, case["case"])) and 'id="add-photos"' not in shown


# --- once


def test_sent_again_under_its_key_nothing_is_added_twice(hall: Office) -> None:
    """Also in another order, in parts, with more, and once the case has ended."""
    case, key = logged(hall)["case"], str(uuid4())
    first = sends(hall, WORKER, case, coloured(1), coloured(2), key=key)
    same = [
        sends(hall, WORKER, case, coloured(1), coloured(2), key=key).json()["photos"],
        sends(hall, WORKER, case, coloured(2), coloured(1), key=key).json()["photos"][::-1],
        [sends(hall, WORKER, case, coloured(n), key=key).json()["photos"][0] for n in (1, 2)],
        sends(hall, WORKER, case, coloured(1), coloured(2), coloured(3), key=key).json()["photos"][:2],
    ]
    assert same == [first.json()["photos"]] * 4
    assert len(hall.whole.photos.of(UUID(case))) == 3 == page(hall, WORKER, case).count("<img")
    assert sends(hall, WORKER, case, coloured(1)).json()["photos"] != first.json()["photos"][:1]  # under another key
    hall.act(LEADER, hall.get(LEADER, f"/cases/{case}").json(), "cancellation", {"reason": "duplicate"})
    assert sends(hall, WORKER, case, coloured(1), key=key).status_code == 201


def test_the_same_photo_twice_in_one_form_is_one(hall: Office) -> None:
    case = logged(hall)["case"]
    answer = sends(hall, WORKER, case, PHOTO, PHOTO)
    assert answer.status_code == 201 and len(set(answer.json()["photos"])) == 1
    assert len(hall.whole.photos.of(UUID(case))) == 1 == page(hall, WORKER, case).count("<img")


# --- refused, with what to do


REFUSED = {
    "photo_not_a_picture": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "photo_foreign_format": saved(picture(), "GIF"),
    "photo_heic": b"\x00\x00\x00\x18ftypheic" + bytes(99),
    "photo_broken": PHOTO[:300],
    "photo_too_large": PHOTO + bytes(10_000_001 - len(PHOTO)),
}


@pytest.mark.parametrize("code", REFUSED)
def test_one_unfit_photo_and_none_is_added(hall: Office, code: str) -> None:
    case = logged(hall)["case"]
    answer = sends(hall, WORKER, case, PHOTO, REFUSED[code])
    assert (answer.headers["content-type"], answer.json()["code"]) == ("application/problem+json", code)
    assert answer.status_code == (413 if code == "photo_too_large" else 422)
    assert answer.json()["detail"].split()[1] == "2" and answer.json()["detail"].endswith("No photo was added.")
    shown = sends(hall, WORKER, case, REFUSED[code], accept="text/html")
    assert shown.status_code == answer.status_code and Markup(shown.text).faults == []
    assert shown.text.count("No photo was added.") == 2 and 'href="#add-photos"' in shown.text
    assert hall.whole.photos.of(UUID(case)) == () and "<img" not in shown.text


def test_none_or_too_many_at_once(hall: Office) -> None:
    case = logged(hall)["case"]
    assert sends(hall, WORKER, case).json()["code"] == "no_photo"
    empty = ("photo", ("", b"", "application/octet-stream"))
    nothing = hall.client.post(
        f"/cases/{case}/photos", data={"key": str(uuid4())}, files=[empty],
        headers={"Accept": "text/html", "Accept-Language": "en", "Sec-Fetch-Site": "same-origin"},
    )  # fmt: skip
    assert nothing.status_code == 422 and "Choose a photo." in nothing.text
    assert sends(hall, WORKER, case, *(coloured(n) for n in range(AT_ONCE + 1))).json()["code"] == "too_many_photos"
    assert hall.whole.photos.of(UUID(case)) == ()


def test_a_case_has_at_most_twenty(hall: Office) -> None:
    case = logged(hall)["case"]
    for start in range(0, MOST - 1, AT_ONCE):
        added(hall, WORKER, case, *(coloured(n) for n in range(start, min(start + AT_ONCE, MOST - 1))))
    full = sends(hall, WORKER, case, coloured(100), coloured(101))
    assert (full.status_code, full.json()["code"]) == (409, "case_full_of_photos")
    assert "at most 1, of 10 MB" in page(hall, WORKER, case)
    added(hall, WORKER, case, coloured(102))
    shown = page(hall, WORKER, case)
    assert len(hall.whole.photos.of(UUID(case))) == MOST == shown.count("<img") and 'id="add-photos"' not in shown


def test_a_form_of_another_site_or_without_a_key_is_none_of_ours(hall: Office) -> None:
    case = logged(hall)["case"]
    signed_in(hall, WORKER)
    form: dict[str, Any] = {"files": [("photo", ("a.jpg", PHOTO, "image/jpeg"))]}
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Accept": "application/json"}
    answer = hall.client.post(f"/cases/{case}/photos", data={"key": str(uuid4())}, headers=elsewhere, **form)
    assert answer.status_code == 403
    here = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json"}
    for said in ({}, {"key": "no key"}):
        assert hall.client.post(f"/cases/{case}/photos", data=said, headers=here, **form).status_code == 404
    assert hall.whole.photos.of(UUID(case)) == ()


def test_what_was_never_added_is_not_kept(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The case ends after it was asked whether it takes a photo, and before it does."""
    case = logged(hall)
    keep = type(hall.whole.photos).keep

    def meanwhile(*said: Any) -> None:
        keep(*said)
        monkeypatch.undo()
        hall.act(LEADER, case, "cancellation", {"reason": "duplicate"})

    monkeypatch.setattr(type(hall.whole.photos), "keep", meanwhile)
    assert sends(hall, WORKER, case["case"], PHOTO).status_code == 409
    assert hall.whole.photos.of(UUID(case["case"])) == ()


# --- cleared for the public


def test_a_clerk_clears_a_photo_and_takes_it_back(hall: Office) -> None:
    case = logged(hall)["case"]
    (photo,) = added(hall, WORKER, case)
    assert cleared_photos(hall.whole, UUID(case)) == ()
    address, clear = f"/cases/{case}/photos/{photo}/clearing", "Clear for the public"
    assert clear not in page(hall, WORKER, case)
    for who in (WORKER, DISPATCHER, HOTLINE, OTHER_CLERK):
        refused = Person(hall, who).sends(address, cleared="yes").answer
        assert refused is not None and refused.status_code == 404
    assert cleared_photos(hall.whole, UUID(case)) == ()
    shown = Person(hall, CLERK).goes_to(f"/cases/{case}")
    form = next(form for form in shown.forms() if form["action"] == address)
    assert clear in shown.page and "cleared for the public" not in shown.page
    assert "cleared for the public" in shown.sends(address, **form["fields"]).page
    (seen,) = cleared_photos(hall.whole, UUID(case))
    assert (hall.whole.photos.read(UUID(case), seen.id) or b"").startswith(b"\xff\xd8")
    form = next(form for form in shown.forms() if form["action"] == address)
    shown.sends(address, **form["fields"])
    assert cleared_photos(hall.whole, UUID(case)) == ()


# --- nothing in clear


def test_after_an_erasure_nobody_sees_them_and_the_page_says_so(hall: Office) -> None:
    case = logged(hall)["case"]
    (photo,) = added(hall, WORKER, case)
    Person(hall, CLERK).sends(f"/cases/{case}/photos/{photo}/clearing", cleared="yes")
    hall.act(OFFICER, hall.get(OFFICER, f"/cases/{case}").json(), "erasure", {"reason": "asked"})
    assert looks(hall, WORKER, case, photo).status_code == 404
    assert cleared_photos(hall.whole, UUID(case)) == () == hall.whole.photos.of(UUID(case))
    shown = page(hall, WORKER, case)
    assert "<img" not in shown and "Erased because the reporter asked" in shown
    added(hall, WORKER, case, coloured(8))  # a new key
    assert page(hall, WORKER, case).count("<img") == 1


def test_the_bytes_are_in_no_file_of_the_store(hall: Office, tmp_path: Path) -> None:
    """Neither what was sent, nor what was made of it, nor its reference; before the erasure and after it."""
    case = logged(hall)["case"]
    (photo,) = added(hall, WORKER, case)
    shown = hall.whole.photos.read(UUID(case), UUID(photo)) or b""
    clear = [CANARY, PHOTO[-60:], shown[-60:], shown[100:160]]
    assert len(shown) > 500 and holding(tmp_path, clear) == {}
    (tmp_path / "control").write_bytes(b"x" + shown + PHOTO)
    assert holding(tmp_path, clear) == {"control": 4}
    (tmp_path / "control").unlink()
    hall.act(OFFICER, hall.get(OFFICER, f"/cases/{case}").json(), "erasure", {"reason": "asked"})
    assert holding(tmp_path, clear) == {}
    event = next(e.event for e in hall.whole.casework.file(UUID(case)) if isinstance(e.event, PhotoAdded))
    assert photo not in str(event)


def test_what_is_sent_waits_in_memory(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A temporary file would hold it in clear; the control writes one."""
    case, large = logged(hall)["case"], PHOTO + bytes(9_000_000)
    monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
    assert sends(hall, WORKER, case, large, large).status_code == 201
    monkeypatch.setattr(headers.MultiPartParser, "spool_max_size", 1_000_000)
    with pytest.raises(FileNotFoundError):
        sends(hall, WORKER, case, large)


# --- how much is taken


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # the parser does not close what was cut off
def test_only_photos_may_be_large(hall: Office) -> None:
    case, big = logged(hall)["case"], b"x" * 1_100_000
    signed_in(hall, WORKER)
    here = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
    form = {"files": [("photo", ("a.jpg", big, "image/jpeg"))], "data": {"key": str(uuid4())}}
    kinds = {f"/cases/{case}/photos": 422, "/log": 422, "/sign-in": 413, f"/cases/{case}/do/AddNote": 413}
    told = {path: hall.client.post(path, headers=here, **form).status_code for path in kinds}
    assert {path: told[path] == 413 for path in kinds} == {path: status == 413 for path, status in kinds.items()}
    plain = hall.client.post(f"/cases/{case}/photos", data={"key": "x" * 1_100_000}, headers=here)
    assert plain.status_code == 413
    assert sends(hall, WORKER, case, *[bytes(10_300_000)] * 5).status_code == 413


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # as above
def test_where_there_is_no_room_for_more_a_large_form_waits(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """And small ones come in all the same; afterwards there is room again."""
    case = logged(hall)["case"]
    monkeypatch.setattr(headers, "ROOM", 1_500_000)
    answer = sends(hall, WORKER, case, PHOTO + bytes(2_000_000))
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert sends(hall, WORKER, case, coloured(4) + bytes(1_200_000)).status_code == 201
    monkeypatch.setattr(headers, "ROOM", 1000)
    assert sends(hall, WORKER, case, coloured(5) + bytes(1_200_000)).status_code == 503
    assert sends(hall, WORKER, case, PHOTO + bytes(400_000)).status_code == 201


def test_who_may_not_come_near_is_told_before_anything_is_read(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = logged(hall)["case"]
    monkeypatch.setattr("api.pages.photos.files_of", lambda _form: pytest.fail("it was read"))
    assert sends(hall, OTHER_CLERK, case, PHOTO).status_code == 404
    assert sends(hall, None, case, PHOTO).status_code == 401


def test_the_worker_s_grid_is_the_case_s(hall: Office) -> None:
    assert logged(hall)["place"]["grid"] == GRID
