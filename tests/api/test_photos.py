"""Photos over HTTP: who may add and see them, once for each key, refused with what to do, gone after an erasure."""

import re
import tempfile
from io import BytesIO
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from httpx2 import Response
from PIL import Image

from api import headers
from domain.actors import Role
from domain.events import PhotoAdded
from tests.adapters.photos.making import CANARY, saved, taken
from tests.adapters.sealing.test_erasure import holding
from tests.api.browsers import Markup, Person
from tests.api.office import Office
from tests.api.people import (
    CLERK,
    DISPATCHER,
    DISTRICT,
    HOTLINE,
    LEADER,
    PLEA,
    WATER,
    WORKER,
    forgotten,
    logged,
)

OTHER_CLERK, OTHER_WORKER = (Role.STREET_CLERK, "540102003"), (Role.GRID_WORKER, "540102003001001")
Who = tuple[Role, str]
PHOTO = taken((320, 200), comment=CANARY)


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
    assert first.headers["cache-control"] == "no-store" and first.headers["x-content-type-options"] == "nosniff"
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


# --- nothing in clear


def test_after_an_erasure_nobody_sees_them_and_the_page_says_so(hall: Office) -> None:
    case = logged(hall)["case"]
    (photo,) = added(hall, WORKER, case)
    forgotten(hall, case)
    assert looks(hall, WORKER, case, photo).status_code == 404
    assert hall.whole.photos.of(UUID(case)) == ()
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
    forgotten(hall, case)
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
