"""A master key is replaced under a running server: nobody who was told something before is told otherwise after."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from adapters.sealing import code_of, retire, rotate
from adapters.sealing.master import read_lines, replace_lines
from api.pages.reading import tag_of
from domain.actors import Actor
from tests.api.browsers import Person
from tests.api.office import Office
from tests.api.people import CLERK, GRID, HOTLINE
from tests.api.residents import WORDS, Resident, demo
from tests.api.test_photos import PHOTO, sends

REPORTED = {
    "category": "0604",
    "place": GRID,
    "source": "hotline",
    "narrative": "canary",
    "reporter": {"phone": "13900004711"},
}


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Office]:
    with demo(tmp_path) as opened:
        yield opened


def rotated(town: Office) -> None:
    list(rotate(town.whole.keys, town.whole.settings.master_key))


def rotated_and_retired(town: Office) -> None:
    rotated(town)
    retire(town.whole.keys, town.whole.settings.master_key)
    rotated(town)


@pytest.mark.parametrize("replaced", [rotated, rotated_and_retired])
def test_a_command_that_was_sent_before_has_one_effect_and_its_first_answer(
    town: Office, replaced: Callable[[Office], None]
) -> None:
    key, note = str(uuid4()), str(uuid4())
    first = town.post(HOTLINE, "/cases", REPORTED, key=key)
    path = f"/cases/{first.json()['case']}/notes"
    noted = town.post(CLERK, path, {"text": "a note"}, seen=1, key=note)
    replaced(town)
    again = town.post(HOTLINE, "/cases", REPORTED, key=key)
    assert (again.status_code, again.json()) == (201, first.json()) and again.json()["receipt"]
    assert town.post(CLERK, path, {"text": "a note"}, seen=1, key=note).json()["version"] == noted.json()["version"]
    other = town.post(HOTLINE, "/cases", {**REPORTED, "narrative": "another"}, key=key)
    assert other.json()["code"] == "key_of_another"


@pytest.mark.parametrize("replaced", [rotated, rotated_and_retired])
def test_a_receipt_and_a_short_code_stay_good(town: Office, replaced: Callable[[Office], None]) -> None:
    someone = Resident(town).reports()
    number, case = someone.case["number"], UUID(someone.case["case"])
    code = code_of(town.whole.master, case)
    replaced(town)
    assert someone.looks().status == 200 and WORDS not in someone.page
    assert code in someone.goes_to(f"/r/{someone.receipt}/receipt").page
    found = Resident(town).sends("/r", {"number": number, "code": code})
    assert found.status == 200 and str(found.answer and found.answer.url).endswith(someone.receipt)
    by_the_new_key = code_of(town.whole.master, case)
    assert by_the_new_key != code
    assert Resident(town).sends("/r", {"number": number, "code": by_the_new_key}).status == 404


def test_a_key_that_is_no_longer_in_the_file_is_missed(town: Office) -> None:
    """The seeded fault: whoever drops the former key, instead of retiring it, breaks every receipt."""
    someone = Resident(town).reports()
    code = code_of(town.whole.master, UUID(someone.case["case"]))
    number, path = someone.case["number"], town.whole.settings.master_key
    rotated(town)
    replace_lines(path, read_lines(path)[:1])
    assert Resident(town).sends("/r", {"number": number, "code": code}).status == 404


def test_a_photo_that_is_sent_again_does_not_come_twice(town: Office) -> None:
    case, key = (
        town.post(CLERK, "/cases", {"category": "0604", "place": GRID, "source": "counter"}).json()["case"],
        str(uuid4()),
    )
    first = sends(town, CLERK, case, PHOTO, key=key).json()["photos"]
    rotated(town)
    assert sends(town, CLERK, case, PHOTO, key=key).json()["photos"] == first
    assert len(town.whole.photos.of(UUID(case))) == 1


def test_a_phone_knows_whose_it_is_after_it_too(town: Office) -> None:
    actor = Actor("clerk", *CLERK)
    before = tag_of(town.whole, actor)
    rotated_and_retired(town)
    assert tag_of(town.whole, actor) == before
    assert Person(town, CLERK).goes_to("/mine").status == 200
