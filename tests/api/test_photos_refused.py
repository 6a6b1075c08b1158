"""Photos that are not taken: each refusal says what to do, nothing of it is kept, and no more is read than may come."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters.photos import MOST
from api import headers
from api.pages.gallery import AT_ONCE
from tests.adapters.photos.making import picture, saved
from tests.api.browsers import Markup
from tests.api.office import Office
from tests.api.people import LEADER, WORKER, logged
from tests.api.test_photos import OTHER_CLERK, PHOTO, added, coloured, page, sends, signed_in

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
