"""Logging a case: by a form or for a phone's outbox; once for each key, with photos, and with what is near shown before."""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx2 import Response
from PIL import Image

from adapters.jurisdictions import shipped
from api.static_files import EDITION, FILES
from api.visits import tag_of
from domain.actors import Actor, Role
from tests.adapters.photos.making import taken
from tests.api.browsers import Markup, Person, seen
from tests.api.office import Office, office
from tests.api.people import CLERK, COMMUNITY, GRID, LEADER, STREET, WORKER, logged

Who = tuple[Role, str]
BESIDE = "540102002001002"  # another grid of the street
AFAR = "540102003"  # another street
LAMP, LAMP_BESIDE = "LD-002-01", "八廓路灯03号"
SQUARE = {"type": "Polygon", "coordinates": [[[91.1, 29.6], [91.2, 29.6], [91.2, 29.7], [91.1, 29.7], [91.1, 29.6]]]}


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "store") as opened:
        yield opened


@pytest.fixture
def mapped(tmp_path: Path) -> Iterator[Office]:
    """The same district, with a polygon for one grid."""
    with office(tmp_path / "mapped", with_a_map(tmp_path / "district")) as opened:
        yield opened


def with_a_map(folder: Path) -> Path:
    """The shipped district with a polygon of one grid."""
    for path in shipped("chengguan").rglob("*.*"):
        to = folder / path.relative_to(shipped("chengguan"))
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(path.read_bytes())
    feature = {"properties": {"code": GRID}, "geometry": SQUARE}
    areas = {"type": "FeatureCollection", "features": [feature]}
    (folder / "places").mkdir()
    (folder / "places" / "grids.geojson").write_text(json.dumps(areas), encoding="utf-8")
    return folder


def sent(hall: Office, said: dict[str, Any], who: Who | None = WORKER, **more: Any) -> Response:
    """What a phone's outbox sends."""
    hall.client.cookies.clear()
    if who:
        hall.client.cookies.set("whistle", hall.session(*who))
    headers = {"Accept": "application/json", "Accept-Language": "en", "Sec-Fetch-Site": "same-origin"}
    headers |= more.pop("headers", {})
    fields = {"key": str(uuid4()), "category": "0406", "place": GRID, "source": "patrol", **said}
    return hall.client.post("/log", data=fields, headers=headers, follow_redirects=False, **more)


def cases(hall: Office) -> list[dict[str, Any]]:
    """Every case there is, newest first."""
    hall.whole.boards.catch_up()
    found: list[dict[str, Any]] = hall.get((Role.SUPERVISOR, "540102"), "/cases").json()["cases"]
    return found


# --- for an outbox


def test_a_phone_makes_the_id_and_may_send_it_twice(hall: Office) -> None:
    said = {"key": str(uuid4()), "case": str(uuid4()), "summary": "blocked"}
    first, again = sent(hall, said), sent(hall, said)
    assert (first.status_code, again.status_code) == (201, 201) and first.json() == again.json()
    assert first.json()["case"] == said["case"]
    assert first.json()["href"].startswith(f"/cases/{first.json()['number']}?did=LogCase")
    assert [case["case"] for case in cases(hall)] == [said["case"]]


def test_without_an_id_one_is_drawn(hall: Office) -> None:
    answers = [sent(hall, {}).json()["case"] for _ in range(2)]
    assert len(set(answers)) == 2


def test_a_taken_id_is_refused_alike_within_reach_and_beyond(hall: Office) -> None:
    near = logged(hall)["case"]
    far = hall.post((Role.STREET_CLERK, AFAR), "/cases", {"category": "0406", "place": AFAR, "source": "counter"})
    answers = [sent(hall, {"case": case}) for case in (near, far.json()["case"])]
    assert [answer.status_code for answer in answers] == [409, 409]
    assert answers[0].json() == answers[1].json() and answers[0].json()["code"] == "id_taken"
    assert len(cases(hall)) == 2


def test_nothing_is_sealed_for_a_taken_id(hall: Office) -> None:
    case = logged(hall)["case"]
    sent(hall, {"case": case, "narrative": "canary"})
    assert not hall.whole.keys.to_seal(UUID(case), ())


@pytest.mark.parametrize("case", ["x", "c232ab00-9414-11ec-b3c8-9f6bdeced846", str(UUID(int=0))])
def test_an_id_that_was_not_drawn_by_lot_is_none(hall: Office, case: str) -> None:
    assert sent(hall, {"case": case}).status_code == 404 and cases(hall) == []


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"category": "9999"}, 422, "no_such_category"),
        ({"about": "nowhere"}, 422, "not_in_a_register"),
        ({"place": AFAR}, 403, "only_the_neighbourhood_or_the_hotline_or_a_resident_or_a_partner"),
        ({"summary": "x" * 4001}, 422, "bad_content"),
        ({"urgency": "never"}, 422, "bad_content"),
    ],
)
def test_a_refusal_says_why_in_words(hall: Office, said: dict[str, str], status: int, code: str) -> None:
    answer = sent(hall, said)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] and answer.json()["code"] == code
    assert cases(hall) == []


def test_the_same_key_for_another_case_is_refused(hall: Office) -> None:
    key = str(uuid4())
    assert sent(hall, {"key": key}).status_code == 201
    assert sent(hall, {"key": key, "summary": "another"}).json()["code"] == "key_of_another"


def test_whoever_is_not_signed_in_is_told_so(hall: Office) -> None:
    answer = sent(hall, {}, who=None)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")


def test_what_is_meant_for_another_user_is_not_taken(hall: Office) -> None:
    mine, other = (tag_of(hall.whole, Actor(f"{role}-{unit}", role, unit)) for role, unit in (WORKER, CLERK))
    assert sent(hall, {}, headers={"Whistle-User": other}).status_code == 401 and cases(hall) == []
    assert sent(hall, {}, headers={"Whistle-User": mine}).status_code == 201


def test_a_user_s_tag_says_nothing_about_them_and_differs_by_office(hall: Office) -> None:
    staff = [Actor("pseudonym", *WORKER), Actor("pseudonym", Role.GRID_WORKER, BESIDE), Actor("other", *WORKER)]
    tags = {tag_of(hall.whole, actor) for actor in staff}
    assert len(tags) == 3 and all(re.fullmatch("[0-9a-f]{32}", tag) for tag in tags)
    page = seen(hall, "/log", who=WORKER).text
    assert f'data-user="{tag_of(hall.whole, Actor(f"{WORKER[0]}-{WORKER[1]}", *WORKER))}"' in page


# --- by a form


def fill(hall: Office, who: Who = WORKER, **said: str) -> tuple[Person, dict[str, str]]:
    """Somebody who has opened the form, and what they send with it."""
    person = Person(hall, who).goes_to("/log")
    fields = next(f["fields"] for f in person.forms() if f["action"].split("?")[0] == "/log")
    return person, {**fields, "category": "0406", **said}


def test_what_is_near_is_shown_before_it_is_logged(hall: Office) -> None:
    number = sent(hall, {"summary": "the first"}).json()["number"]
    person, fields = fill(hall, summary="mine")
    person.sends("/log", **fields)
    assert number in person.page and "log it anyway" in person.page and ">mine</textarea>" in person.page
    assert len(cases(hall)) == 1
    again = next(f["fields"] for f in person.forms() if f["action"].split("?")[0] == "/log")
    assert again["seen_near"] == "yes"
    person.sends("/log", **{**again, "category": "0406"})
    assert "Done: log the case." in person.page and len(cases(hall)) == 2


def test_the_same_form_twice_is_one_case_and_not_near_itself(hall: Office) -> None:
    person, fields = fill(hall)
    for _ in range(2):
        person.sends("/log", **fields)
        assert "Done: log the case." in person.page
    assert len(cases(hall)) == 1


def test_a_thing_is_named_by_code_or_label_and_says_the_place(hall: Office) -> None:
    person, fields = fill(hall, about=LAMP.lower(), place=COMMUNITY)
    person.sends("/log", **fields)
    assert cases(hall)[0]["grid"] == GRID
    assert hall.get(WORKER, f"/cases/{cases(hall)[0]['case']}").json()["about"]["code"] == LAMP


def test_what_is_wrong_is_said_at_its_field_and_all_stays(hall: Office) -> None:
    person, fields = fill(hall, about="nowhere", summary="as it was")
    person.sends("/log", **fields)
    assert person.answer is not None and person.answer.status_code == 422
    assert 'href="#log-about"' in person.page and 'id="log-about-wrong"' in person.page
    assert 'value="nowhere"' in person.page and ">as it was</textarea>" in person.page
    assert f'name="key" value="{fields["key"]}"' in person.page and Markup(person.page).faults == []


def with_photo(hall: Office, said: dict[str, str], content: bytes) -> Response:
    """The form as a browser without script sends it with a photo."""
    return hall.client.post(
        "/log", data=said, files={"photo": ("a.jpg", content, "image/jpeg")},
        headers={"Sec-Fetch-Site": "same-origin", "Accept": "text/html", "Accept-Language": "en"},
    )  # fmt: skip


def test_photos_come_with_the_form(hall: Office) -> None:
    _, fields = fill(hall)
    for _ in range(2):
        assert with_photo(hall, fields, taken()).status_code == 200
    assert len(hall.whole.photos.of(UUID(fields["case"]))) == 1 and len(cases(hall)) == 1


def test_an_unfit_photo_does_not_undo_the_case(hall: Office) -> None:
    _, fields = fill(hall)
    answer = with_photo(hall, fields, b"no picture")
    assert answer.status_code == 422 and "is not a picture" in answer.text
    assert [case["case"] for case in cases(hall)] == [fields["case"]]


def test_photos_that_must_be_chosen_again_are_asked_for(hall: Office) -> None:
    sent(hall, {})
    _, fields = fill(hall)
    assert "Choose your photos again" in with_photo(hall, fields, taken()).text


def test_a_case_of_the_grid_beside_is_logged_without_photos_and_leads_to_nothing_beyond_reach(hall: Office) -> None:
    person, fields = fill(hall, place=BESIDE)
    refused = with_photo(hall, fields, taken())
    assert refused.status_code == 422 and "your own area only" in refused.text and cases(hall) == []
    person.sends("/log", **fields)
    number = cases(hall)[0]["number"]
    assert f"Logged as {number}" in person.page and "/cases/" not in person.page
    assert sent(hall, {"place": BESIDE}).json()["href"] == ""


def test_an_address_fills_the_form_in(hall: Office) -> None:
    page = Person(hall, WORKER).goes_to(f"/log?category=0604&place={BESIDE}&logged=%3Cb%3E").page
    assert '<option value="0604" selected>' in page and f'<option value="{BESIDE}" selected' in page
    assert "Logged as" not in page


def test_what_is_near_stays_within_reach(hall: Office) -> None:
    answer = hall.post(CLERK, "/cases", {"category": "0406", "place": BESIDE, "source": "counter"})
    hall.whole.boards.wait_for(answer.json()["position"])
    person, fields = fill(hall, place=BESIDE)
    person.sends("/log", **fields)
    assert answer.json()["number"] not in person.page


# --- where somebody stands


def position(hall: Office, lat: float, lon: float, who: Who | None = WORKER) -> Response:
    hall.client.cookies.clear()
    if who:
        hall.client.cookies.set("whistle", hall.session(*who))
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "application/json", "Accept-Language": "en"}
    return hall.client.post("/place", data={"lat": lat, "lon": lon}, headers=headers, follow_redirects=False)


def test_a_position_becomes_a_place_for_staff_only(mapped: Office) -> None:
    answer = position(mapped, 29.65, 91.15)
    assert answer.json()["code"] == GRID and answer.json()["name"]
    assert answer.headers["cache-control"] == "no-store"
    assert position(mapped, 0, 0).json() == {"code": "", "name": ""}
    assert position(mapped, 29.65, 91.15, who=None).status_code == 303
    assert position(mapped, 91, 0).status_code == 404


def test_a_position_is_kept_nowhere(mapped: Office) -> None:
    position(mapped, 29.65, 91.15)
    before = mapped.whole.boards.head()
    position(mapped, 29.654321, 91.154321)
    files = [path.read_bytes() for path in mapped.whole.settings.home.rglob("*") if path.is_file()]
    assert not any(b"29.654321" in content for content in files) and mapped.whole.boards.head() == before


def test_the_button_is_there_where_the_district_has_a_map(hall: Office, mapped: Office) -> None:
    assert 'id="log-position"' in seen(mapped, "/log", who=WORKER).text
    assert 'id="log-position"' not in seen(hall, "/log", who=WORKER).text


# --- an app


def test_the_service_worker_serves_the_whole_and_keeps_this_edition(hall: Office) -> None:
    hall.client.cookies.clear()
    answer = hall.client.get("/sw.js")
    assert answer.headers["cache-control"] == "no-cache" and answer.headers["content-type"].startswith(
        "text/javascript"
    )
    assert EDITION in answer.text
    shell = json.loads(answer.text.split("SHELL = ", 1)[1].split(";\n", 1)[0])
    assert "/offline" in shell and f"/static/{EDITION}/pages.css" in shell
    assert all(hall.client.get(address).status_code == 200 for address in shell)


@pytest.mark.parametrize(("language", "name"), [("zh", "街巷吹哨"), ("en", "Whistle")])
def test_the_manifest_can_be_installed_from(hall: Office, language: str, name: str) -> None:
    hall.client.cookies.clear()
    answer = hall.client.get("/manifest.webmanifest", params={"lang": language})
    said = answer.json()
    assert answer.headers["content-type"] == "application/manifest+json"
    assert (said["short_name"], said["display"], said["scope"]) == (name, "standalone", "/")
    for icon in said["icons"]:
        content = hall.client.get(icon["src"])
        assert content.status_code == 200 and content.headers["content-type"].startswith("image/")
        if icon["sizes"] != "any":
            assert "x".join(map(str, Image.open(BytesIO(content.content)).size)) == icon["sizes"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_without_a_line_holds_nothing_personal(hall: Office, language: str) -> None:
    page = seen(hall, "/offline", language, WORKER)
    assert page.status_code == 200 and Markup(page.text).faults == []
    assert "data-user" not in page.text and GRID not in page.text and f"/log?lang={language}" in page.text


def test_scripts_are_small_and_nobody_else_s() -> None:
    scripts = {name: content.decode() for name, content in FILES.items() if name.endswith(".js")}
    assert all(len(content) < 8000 for content in scripts.values())
    assert not [name for name, content in scripts.items() if re.search(r"https?://|\beval\b|innerHTML \+=", content)]


# --- the board of whoever logs


def test_the_worker_s_board_offers_what_can_be_done(hall: Office) -> None:
    nowhere = hall.post(WORKER, "/cases", {"category": "0401", "place": GRID, "source": "patrol"}).json()
    own = hall.act(WORKER, logged(hall), "handling")
    fresh = logged(hall)
    hall.whole.boards.catch_up()
    page = seen(hall, f"/boards/grids/{GRID}", "en", WORKER).text
    assert f"/cases/{fresh['case']}/do/HandleCase" in page
    assert f"/cases/{nowhere['case']}/do/HandleCase" not in page  # departments only
    assert f"/cases/{own['case']}/do/HandleCase" not in page and "#do-ReportResult" in page
    done = hall.act(WORKER, own, "result", {"done": "cleared", "reply": "r"})
    hall.whole.boards.catch_up()
    page = seen(hall, f"/boards/grids/{GRID}", "en", WORKER).text
    assert done["state"] == "resolved" and "/do/PassVerification" not in page  # whoever handled it does not verify it
    looked = seen(hall, f"/boards/grids/{GRID}", "en", LEADER).text
    assert "/do/" not in looked and "data-user" not in looked and STREET in looked
