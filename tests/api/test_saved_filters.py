"""Filters that people keep: their own and their office's, by form and by API; limits, strange names, nobody else's."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from adapters import saved_filters
from domain.actors import Actor, Role
from tests.api.browsers import Person
from tests.api.office import Office, office
from tests.api.people import CLERK, LEADER, STREET, WATER, logged
from tests.granted import granted

NASTY = '"><script>alert(1)</script> {{7*7}} =1+1'


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    with office(tmp_path, url=url) as opened:
        yield opened


def keep(
    hall: Office, name: str, *, shared: bool = False, who: tuple[Role, str] = CLERK, **filters: str
) -> dict[str, object]:
    answer = hall.post(who, "/saved-filters", {"name": name, "filters": filters, "shared": shared})
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.json()
    return found


def names(hall: Office, who: tuple[Role, str] = CLERK) -> list[str]:
    return [one["name"] for one in hall.get(who, "/saved-filters").json()]


def test_what_is_kept_is_found_again_and_let_go_of(both: Office) -> None:
    one = keep(both, " 本街道在办 ", open="yes", street=STREET)
    assert one["name"] == "本街道在办" and one["filters"] == {"open": "yes", "street": STREET} and one["mine"] is True
    keep(both, "all")
    assert names(both) == ["all", "本街道在办"]
    again = keep(both, "本街道在办", state="logged")
    assert names(both) == ["all", "本街道在办"] and again["id"] != one["id"]
    path = f"/api/v1/saved-filters/{again['id']}"
    assert both.client.delete(path, headers=both.headers(CLERK)).status_code == 204 and names(both) == ["all"]
    gone = both.client.delete(path, headers=both.headers(CLERK))
    assert (gone.status_code, gone.json()["code"]) == (404, "no_such_saved_filter")


def test_ones_own_are_nobody_else_s_and_shared_ones_the_office_s(both: Office) -> None:
    mine, ours = keep(both, "mine"), keep(both, "ours", shared=True)
    another = Actor("another-clerk", *CLERK)
    both.tokens[Role.AUDITOR, "another", both.time.now.year] = both.whole.tokens.create(
        granted(both.whole, another, both.time.now), "test", both.time.now
    ).secret
    colleague = (Role.AUDITOR, "another")
    assert [(one["name"], one["mine"]) for one in both.get(colleague, "/saved-filters").json()] == [("ours", False)]
    for one in (mine, ours):
        assert (
            both.client.delete(f"/api/v1/saved-filters/{one['id']}", headers=both.headers(colleague)).status_code == 404
        )
    assert names(both, LEADER) == [] == names(both, WATER) and names(both) == ["mine", "ours"]
    assert both.client.get("/api/v1/saved-filters").status_code == 401


@pytest.mark.parametrize(
    "said",
    [
        {"name": ""}, {"name": "   "}, {"name": "x" * 41}, {"name": "a\x00b"}, {"name": "a\x1bb"}, {}, {"name": "x", "colour": "red"},
        {"name": "x", "filters": {"state": "dreaming"}}, {"name": "x", "filters": {"before": 3}},
    ],
)  # fmt: skip
def test_what_is_no_name_or_no_filter_is_refused_in_words(hall: Office, said: dict[str, object]) -> None:
    answer = hall.post(CLERK, "/saved-filters", said)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_content") and answer.json()["errors"]
    assert names(hall) == []


def test_so_many_and_no_more(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_filters, "MOST", 2)
    keep(hall, "one")
    keep(hall, "two")
    full = hall.post(CLERK, "/saved-filters", {"name": "three"})
    assert (full.status_code, full.json()["code"]) == (409, "too_many_saved_filters")
    keep(hall, "two", state="logged")  # in its own place
    keep(hall, "three", who=LEADER)
    person = Person(hall, CLERK).goes_to("/cases?state=logged").sends("/cases/saved?state=logged", name="three")
    assert person.status == 409 and "delete one first" in person.page and 'value="three"' in person.page


def test_by_plain_forms(hall: Office) -> None:
    logged(hall)
    hall.whole.boards.catch_up()
    person = Person(hall, CLERK).goes_to("/cases?state=logged&open=yes")
    form = next(form for form in person.forms() if "/cases/saved" in form["action"])
    person.sends(form["action"].replace("&amp;", "&"), name=NASTY)
    assert person.status == 200 and "&lt;script&gt;alert(1)" in person.page and "<script>alert" not in person.page
    assert 'href="/cases?state=logged&amp;open=yes"' in person.page and "49" not in names(hall)[0]
    person.goes_to("/cases")
    drop = next(form for form in person.forms() if form["action"].endswith("/drop"))
    person.sends(drop["action"])
    assert names(hall) == [] and "None is saved yet." in person.page
    assert person.sends(drop["action"]).status == 200  # twice is once
    assert person.sends(f"/cases/saved/{uuid4()}/drop").status == 200


def test_a_bad_name_is_said_at_its_field(hall: Office) -> None:
    person = Person(hall, CLERK).sends("/cases/saved?state=logged", name="x" * 41)
    assert person.status == 422 and 'href="#keep-name"' in person.page and 'aria-invalid="true"' in person.page
    assert names(hall) == []
    elsewhere = hall.client.post("/cases/saved", data={"name": "x"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403 and names(hall) == []
    wrong = Person(hall, CLERK).sends("/cases/saved?state=dreaming", name="x")
    assert wrong.status == 422 and names(hall) == []


def test_of_a_colleague_s_one_is_told_so_and_cannot_delete_it(hall: Office) -> None:
    hall.whole.saved_filters.keep(Actor("another", *CLERK), "theirs", {"state": "logged"}, hall.time.now, shared=True)
    person = Person(hall, CLERK).goes_to("/cases")
    assert "theirs" in person.page and "shared" in person.page
    assert not [form for form in person.forms() if form["action"].endswith("/drop")]
    theirs = hall.get(CLERK, "/saved-filters").json()[0]["id"]
    assert person.sends(f"/cases/saved/{theirs}/drop").status == 404 and names(hall) == ["theirs"]
