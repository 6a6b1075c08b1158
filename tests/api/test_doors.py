"""Every door that can be guessed at or flooded: so many within a while, for all workers together, then one after another as time goes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from adapters.security import Kind, listed
from adapters.throttles import Rate
from adapters.tokens import DEMO
from api import rates
from api.app import create_app
from api.rates import HOUR, RATES
from api.whole import compose
from domain.actors import Actor, Role
from tests.adapters.photos.making import png
from tests.api.office import Office, office
from tests.api.people import CLERK, GRID, STREET, SUPERVISOR, logged
from tests.api.residents import Resident

FEW = Rate(4, HOUR)  # in place of what each has: the same bucket, quicker emptied
OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html", "Accept-Language": "en"}


@dataclass
class Town:
    """Two applications over one database, and one clock."""

    hall: Office
    clients: tuple[TestClient, TestClient]
    case: str = ""
    receipt: str = ""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with two_workers(tmp_path_factory.mktemp("doors")) as opened:
        yield opened


@contextmanager
def two_workers(home: Path, url: str = "") -> Iterator[Town]:
    with office(home, url=url) as hall:
        hall.whole.tokens.create(Actor("demo", Role.STREET_CLERK, STREET), DEMO, hall.time.now)
        other = compose(hall.whole.settings, hall.time)
        with TestClient(create_app(other), "http://localhost") as client:
            case, receipt = logged(hall)["case"], Resident(hall).reports().receipt
            hall.whole.boards.catch_up()
            yield Town(hall, (hall.client, client), case, receipt)
        other.close()


def signed_in(town: Town, client: TestClient) -> TestClient:
    client.cookies.clear()
    client.cookies.set("whistle", town.hall.session(*CLERK))
    return client


def by_token(town: Town, client: TestClient, path: str) -> int:
    return client.get(f"/api/v1{path}", headers=town.hall.headers(SUPERVISOR)).status_code


def anybody(client: TestClient) -> TestClient:
    client.cookies.clear()
    return client


def photo(town: Town, client: TestClient, path: str) -> int:
    sent = {"photo": ("x.png", png(), "image/png")}
    return client.post(path, data={"key": str(uuid4())}, files=sent, headers=OURS, follow_redirects=False).status_code


def report(client: TestClient) -> int:
    said = {"key": str(uuid4()), "place": GRID, "category": "0110", "narrative": "x", "nature": "need"}
    return anybody(client).post("/report", data=said, headers=OURS, follow_redirects=False).status_code


def photo_of(town: Town, client: TestClient) -> int:
    """Without a photo in it: it counts all the same."""
    answer = anybody(client).post(f"/r/{town.receipt}/photos", data={"key": "x"}, headers=OURS, follow_redirects=False)
    return answer.status_code


Try = Callable[[Town, TestClient], int]
# What goes through each door, and what is answered while it is open.
DOORS: dict[str, tuple[int, Try]] = {
    "report": (303, lambda town, client: report(client)),
    "report of anybody": (303, lambda town, client: report(client)),
    "code": (404, lambda town, client: anybody(client).post("/r", data={"number": "540102-20260302-0001", "code": "000000"}, headers=OURS).status_code),
    "no receipt": (404, lambda town, client: anybody(client).get("/r/nobody-s", headers=OURS).status_code),
    "kept": (200, lambda town, client: anybody(client).get(f"/r/{town.receipt}/kept", headers=OURS).status_code),
    "act": (404, photo_of),
    "photos of anybody": (404, photo_of),
    "token": (403, lambda town, client: anybody(client).post("/sign-in", data={"token": "whistle_x"}, headers=OURS).status_code),
    "bearer": (401, lambda town, client: client.get("/api/v1/me", headers={"Authorization": "Bearer whistle_x"}).status_code),
    "export": (200, lambda town, client: by_token(town, client, "/cases.csv")),
    "list": (200, lambda town, client: by_token(town, client, f"/boards/streets/{STREET}/lists/inbox.csv")),
    "release": (409, lambda town, client: client.post("/api/v1/exports", json={"reason": "x"}, headers=town.hall.headers(SUPERVISOR)).status_code),
    "photos": (303, lambda town, client: photo(town, signed_in(town, client), f"/cases/{town.case}/photos")),
    "search": (200, lambda town, client: signed_in(town, client).get("/cases?words=water", headers=OURS).status_code),
}  # fmt: skip


# To urge is for once a day: tests/api/test_resident.py. Logins take of three: tests/api/test_coming_in.py.
ELSEWHERE = {"Urge", "login", "login of anybody", "no login"}


def test_every_door_has_its_row() -> None:
    assert set(DOORS) | ELSEWHERE == set(RATES)


@pytest.mark.parametrize("door", DOORS)
def test_so_many_for_all_workers_then_one_at_a_time(town: Town, door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    goes(town, door, monkeypatch)


@pytest.mark.slow
def test_the_same_on_postgresql(tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with two_workers(tmp_path, postgres_url) as town:
        for door in DOORS:
            with monkeypatch.context() as patch:
                goes(town, door, patch)


def goes(town: Town, door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rates.RATES, door, FEW)
    town.hall.time.goes_on(30)  # what others took is free again
    usual, come = DOORS[door]
    assert [come(town, town.clients[n % 2]) for n in range(FEW.times + 2)] == [usual] * FEW.times + [429] * 2
    town.hall.time.now += FEW.one - FEW.one / 60
    assert come(town, town.clients[0]) == 429
    town.hall.time.now += FEW.one / 60
    assert [come(town, client) for client in town.clients] == [usual, 429]
    town.hall.whole.security.settle(town.hall.time.now)
    assert door.replace(" ", "_") in {
        row.details.get("door") for row in listed(town.hall.whole.security, Kind.TOO_OFTEN)
    }


@pytest.mark.parametrize("door", ["report", "no receipt", "token", "bearer"])
def test_a_network_is_one_client_and_another_is_another(town: Town, door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rates.RATES, door, FEW)
    town.hall.time.goes_on(30)
    usual, come = DOORS[door]

    def of(address: str) -> int:
        return come(town, TestClient(town.hall.client.app, "http://localhost", client=(address, 1)))

    assert [of(f"2001:db8::{n}") for n in range(FEW.times + 1)] == [usual] * FEW.times + [429]
    assert [of("2001:db8:0:1::1"), of("203.0.113.7"), of("203.0.113.8")] == [usual] * 3


def test_a_door_without_its_throttle_is_found(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rates.RATES, "bearer", FEW)
    monkeypatch.setattr("api.security.in_measure", lambda *_: None)
    town.hall.time.goes_on(30)
    usual, come = DOORS["bearer"]
    assert [come(town, town.clients[n % 2]) for n in range(FEW.times + 2)] == [usual] * (FEW.times + 2)


def test_who_asks_about_another_moment_is_slowed_down_all_the_same(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once what was asked about was also the moment by which the buckets filled again."""
    monkeypatch.setitem(rates.RATES, "export", FEW)
    town.hall.time.goes_on(30)
    at = town.hall.time.now
    client = signed_in(town, town.clients[0])
    found = [
        client.get("/cases.csv", params={"as_of": (at - n * HOUR).isoformat()}, headers=OURS).status_code
        for n in range(6)
    ]
    assert found == [200] * FEW.times + [429] * 2
