"""What a page of another site makes a browser send: every address that may change something, with a live session; nothing changes."""

from collections.abc import Iterator

import pytest
from fastapi import APIRouter
from sqlalchemy import func, select, text

from adapters.store.tables import metadata
from api.app import ROUTERS
from domain.actors import Role
from tests.api.office import HERE, Office
from tests.api.people import CLERK, DISTRICT, GRID, SUPERVISOR, WORKER, logged
from tests.api.routes import Address, changing

OTHER = "https://evil.example"
# What a browser says of a request that another site's page sent; the last two: one that says little of itself.
FOREIGN = (
    {"Sec-Fetch-Site": "cross-site", "Origin": OTHER},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://other.testserver"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    {"Origin": OTHER},
    {"Origin": "null"},
    {},
)
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain")
WHO = (WORKER, SUPERVISOR, (Role.ADMIN, DISTRICT))


def standing(hall: Office) -> dict[str, object]:
    """All that is stored, but for when somebody was last seen."""
    engine = hall.whole.log.engine
    with engine.connect() as connection:
        return {
            table.name: connection.execute(
                select(func.count()).select_from(table) if table.name in ("events", "sessions") else text(f"SELECT * FROM {table.name} ORDER BY 1")  # noqa: S608 - our own names
            ).all()
            for table in metadata.tables.values()
        }  # fmt: skip


def let_in(hall: Office, one: Address) -> Iterator[str]:
    """Which of these requests is not refused, or changes something."""
    before = standing(hall)
    for said in FOREIGN:
        for form in FORMS:
            answer = hall.client.request(
                one.method, one.path, headers={"Accept": "text/html", "Content-Type": form, **said}, content=b"key=x&token=x&next=/", follow_redirects=False,
            )  # fmt: skip
            if answer.status_code != 403:
                yield f"{one.method} {one.route} {said} {form}: {answer.status_code}"
    if standing(hall) != before:
        yield f"{one.method} {one.route} changed something"


def pages() -> list[Address]:
    return [one for one in changing() if not one.path.startswith("/api/")]


def test_there_are_some() -> None:
    assert len(pages()) >= 18 and {one.method for one in pages()} <= {"POST", "DELETE"}


def test_no_page_of_another_site_changes_anything(hall: Office) -> None:
    case = logged(hall)
    for who in WHO:
        hall.client.cookies.clear()
        hall.client.cookies.set("whistle", hall.session(*who))
        for one in pages():
            path = one.path.replace("00000000-0000-0000-0000-000000000007", case["case"])
            assert list(let_in(hall, one._replace(path=path))) == []
    refused = hall.client.post("/sign-out", headers={"Accept": "text/html", "Accept-Language": "en", **FOREIGN[0]})
    assert "This was refused" in refused.text and "nothing has changed" in refused.text


def test_our_own_pages_are_let_in(hall: Office) -> None:
    for said in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": HERE}):
        hall.client.cookies.set("whistle", hall.session(*CLERK))
        assert hall.client.post("/sign-out", headers=said, follow_redirects=False).status_code == 303


def test_a_session_opens_nothing_of_the_programs_interface(hall: Office) -> None:
    """It is called with a token, which no other site's page can send; a cookie says nothing there."""
    hall.client.cookies.set("whistle", hall.session(*SUPERVISOR))
    for one in (one for one in changing() if one.path.startswith("/api/")):
        for said in ({}, FOREIGN[0], {"Sec-Fetch-Site": "same-origin"}):
            answer = hall.client.request(
                one.method, one.path, json={}, headers={"Content-Type": "application/json", **said}
            )
            assert (answer.status_code, answer.json()["code"]) == (401, "no_token"), one


def test_who_calls_with_a_token_is_not_asked_where_from(hall: Office) -> None:
    for said in FOREIGN:
        key = {"Idempotency-Key": f"3b241101-e2bb-4255-8caf-4136c566a9{FOREIGN.index(said)}0"}
        answer = hall.client.post(
            "/api/v1/cases", json={"category": "0406", "place": GRID, "source": "patrol"}, headers=hall.headers(WORKER, **said, **key)
        )  # fmt: skip
        assert answer.status_code == 201


def test_an_address_without_the_check_is_found(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = APIRouter()

    @bare.post("/unchecked")
    def unchecked() -> None:
        hall.whole.tokens.create(hall.whole.tokens.actor(hall.token(*CLERK), hall.time.now) or None, "x", hall.time.now)  # type: ignore[arg-type]

    monkeypatch.setattr("tests.api.routes.ROUTERS", (*ROUTERS, bare))
    hall.client.app.include_router(bare)  # type: ignore[attr-defined]
    hall.client.cookies.set("whistle", hall.session(*SUPERVISOR))
    found = [fault for one in pages() if one.route == "/unchecked" for fault in let_in(hall, one)]
    assert any("200" in fault for fault in found) and found[-1].endswith("changed something")
