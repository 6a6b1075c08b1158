"""By receipt: everything that is kept about a report, to read and to take away; and the contact erased, whenever its reporter likes."""

import base64
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from domain.privacy import Secrecy
from tests.adapters.photos.making import taken
from tests.api.office import Office
from tests.api.people import CLERK, GRID, LEADER, WORKER
from tests.api.residents import CANARY, WORDS, Resident, demo
from tests.api.test_photos import added

NAME, PHONE, NOTE, OF_STAFF = f"{CANARY}-name", "13900001234", f"{CANARY} since Monday", f"{CANARY} staff only"
CONTACT = {"reporter.name": NAME, "reporter.phone": PHONE}


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Office]:
    with demo(tmp_path) as opened:
        yield opened


def reported(town: Office, language: str = "en") -> Resident:
    someone = Resident(town, language=language).reports(**CONTACT)
    assert someone.does("AddNote", text=NOTE).status == 200
    form = next(f for f in someone.looks().forms() if f["action"].endswith("/photos"))
    someone.sends(form["action"], form["fields"], files=[("photo", ("a.jpg", taken(), "image/jpeg"))])
    assert someone.status == 200
    return someone


def kept(someone: Resident) -> str:
    return someone.goes_to(f"/r/{someone.receipt}/kept").page


def taken_away(someone: Resident) -> dict[str, Any]:
    answer = someone.client.get(f"/r/{someone.receipt}/kept.json", headers={"Accept-Language": someone.language})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_all_that_was_said_and_left_is_there_with_why_and_until_when(town: Office) -> None:
    someone = reported(town)
    page = kept(someone)
    for words in (WORDS, NAME, PHONE, NOTE, "180 days from the end of the case", "it is still being worked on"):
        assert words in page
    assert page.count("<img") == 1
    told = taken_away(someone)
    assert [(one["field"], one["text"]) for one in told["what_you_said"]] == [
        ("narrative", WORDS), ("name", NAME), ("phone", PHONE), ("text", NOTE),
    ]  # fmt: skip
    (photo,) = told["photos"]
    assert Image.open(BytesIO(base64.b64decode(photo["jpeg"]))).format == "JPEG"
    assert {one["class"]: (one["days"], one["last_day"], one["erased"]) for one in told["kept"]} == {
        "narrative": (730, None, False), "contact": (180, None, False), "photos": (365, None, False),
    }  # fmt: skip
    assert [line["text"] for line in told["what_happened"]][-1] == "Your report came in."
    assert someone.client.get(f"/r/{someone.receipt}/kept.json").headers["content-disposition"].startswith("attachment")


def test_in_chinese_too(town: Office) -> None:
    someone = reported(town, language="zh")
    assert "这件事里保存的全部内容" in kept(someone)
    assert taken_away(someone)["kept"][0]["what"] == "原话和补充说明"


def test_when_it_has_ended_the_last_day_is_said(town: Office) -> None:
    someone = reported(town)
    someone.does("CancelCase")
    spans = {one["class"]: one["last_day"] for one in taken_away(someone)["kept"]}
    assert spans == {"contact": "2026-08-29", "narrative": "2028-03-01", "photos": "2027-03-02"}
    assert "kept until <time" in kept(someone) or "2026-08-29" in kept(someone)


def test_what_those_who_work_on_it_wrote_is_counted_and_not_shown(town: Office) -> None:
    someone = reported(town)
    case = someone.case
    town.act(CLERK, case, "notes", {"text": OF_STAFF})
    (photo,) = added(town, WORKER, case["case"])
    assert OF_STAFF not in kept(someone) and "keep 2 notes or photos of their own" in someone.page
    assert OF_STAFF not in str(taken_away(someone))
    assert someone.goes_to(f"/r/{someone.receipt}/kept/{photo}").status == 404
    own = re.findall(r'src="(/r/[^"]+/kept/[^"]+)"', kept(someone))
    assert someone.client.get(own[0]).headers["content-type"] == "image/jpeg"


def test_only_its_own_receipt_opens_it_and_not_again_and_again(town: Office) -> None:
    someone, other = reported(town), Resident(town).reports(narrative="another matter")
    assert NAME not in kept(other) and WORDS not in kept(other)
    photo = re.findall(r'src="/r/[^"]+/kept/([^"]+)"', kept(someone))[0]
    assert other.goes_to(f"/r/{other.receipt}/kept/{photo}").status == 404
    for path in ("kept", "kept.json", f"kept/{photo}"):
        assert Resident(town).goes_to(f"/r/00000-00000-00000-00000-000000/{path}").status == 404
    answers = [someone.goes_to(f"/r/{someone.receipt}/kept").status for _ in range(21)]
    assert answers[0] == 200 and answers[-1] == 429
    assert someone.answer and "Retry-After" in someone.answer.headers
    assert other.goes_to(f"/r/{other.receipt}/kept").status == 200


def test_nothing_of_it_stays_in_a_cache_or_an_index(town: Office) -> None:
    someone = reported(town)
    photo = re.findall(r'src="(/r/[^"]+/kept/[^"]+)"', kept(someone))[0]
    for path in (f"/r/{someone.receipt}/kept", f"/r/{someone.receipt}/kept.json", photo):
        headers = someone.client.get(path).headers
        assert (headers["cache-control"], headers["x-robots-tag"]) == ("no-store", "noindex, nofollow")


def test_each_look_at_what_is_private_is_listed_by_the_office_that_looked(town: Office) -> None:
    someone = reported(town)
    assert "Nobody has looked" in kept(someone)
    for what in ("words", "contact"):
        assert town.post(LEADER, f"/cases/{someone.case['case']}/looks", {"what": what}).status_code == 201
    told = [line["text"] for line in taken_away(someone)["who_looked_at_your_contact"]]
    assert ["street leader" in line for line in told] == [True, True]
    assert "own words" in told[0] and "contact" in told[1]
    assert "Nobody has looked" not in kept(someone)


# --- erased by their own hand


def test_a_contact_is_erased_after_its_effect_was_said_and_confirmed(town: Office) -> None:
    someone = reported(town)
    page = someone.looks().page
    assert (
        "nobody will call you or write to you about this any more" in page
        and 'name="sure" value="yes" required' in page
    )
    before = town.whole.casework.case(UUID(someone.case["case"]))
    assert someone.does("EraseContact").status == 422 and "Tick that you are sure" in someone.page
    assert town.whole.casework.case(before.id).version == before.version
    assert someone.does("EraseContact", sure="yes").status == 200
    assert "Your contact is erased." in someone.page and "Your contact was erased, as you asked." in someone.page
    assert "EraseContact" not in someone.may and "AddNote" in someone.may
    assert {one["field"]: one["erased"] for one in taken_away(someone)["what_you_said"]} == {
        "narrative": False, "name": True, "phone": True, "text": False,
    }  # fmt: skip
    shown = kept(someone)
    assert NAME not in shown and PHONE not in shown and WORDS in shown
    case = town.whole.casework.case(before.id)
    assert Secrecy.CONTACT not in case.kept and not case.can_be_called
    assert town.whole.erasing.waiting() == 0


def test_sent_twice_it_is_erased_once(town: Office) -> None:
    someone = reported(town)
    form = next(f for f in someone.looks().forms() if f["action"].endswith("/do/EraseContact"))
    for _ in range(2):
        assert someone.sends(form["action"], {**form["fields"], "sure": "yes"}).status == 200
    told = [type(entry.event).__name__ for entry in town.whole.casework.file(UUID(someone.case["case"]))]
    assert told.count("ContactErased") == 1


def test_who_left_no_contact_is_not_offered_to_erase_it(town: Office) -> None:
    someone = Resident(town).reports()
    assert "EraseContact" not in someone.looks().may
    path = f"/r/{someone.receipt}/do/EraseContact"
    assert someone.sends(path, {"key": "", "sure": "yes"}).status >= 400


# --- what is kept of people


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_kept_of_people_is_said_to_everybody(town: Office, language: str) -> None:
    page = Resident(town, language=language).goes_to("/privacy").page
    words = (
        ("180 天", "730 天", "365 天")
        if language == "zh"
        else ("180 days", "730 days", "365 days", "street clerk, street leader, hotline")
    )
    assert [one for one in words if one not in page] == []
    assert 'href="/privacy' in Resident(town).goes_to("/").page


def test_the_form_says_how_long_a_contact_is_kept(town: Office) -> None:
    page = Resident(town).goes_to(f"/report?place={GRID}&category=0110").page
    assert "erased by itself 180 days after it is closed" in page
