"""Tokens of programs: each is good for what it says, at every address of the API; and `whistle token` from end to end."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from httpx2 import Response

from adapters.jurisdictions import shipped
from adapters.tokens import ALL, Scope
from api import scopes
from api.app import ROUTERS
from domain.actors import Actor
from tests.api.office import Office, office
from tests.api.people import CLERK
from tests.api.test_command_line import whistle
from tests.granted import granted


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with office(tmp_path_factory.mktemp("tokens")) as opened:
        yield opened


def addresses() -> Iterator[tuple[str, str]]:
    """Every address of the API that asks for a token, as the routers have them; the log's page for programs asks nobody."""
    for router in ROUTERS:
        for route in router.routes:
            path: str = getattr(route, "path", "")
            if (path.startswith("/api/") and not path.startswith("/api/v1/log")) or path == "/metrics":
                yield from ((method, path) for method in getattr(route, "methods", ()))


def secret(hall: Office, *good_for: Scope) -> str:
    actor = granted(hall.whole, Actor("a-bus", *CLERK), hall.time.now)
    return hall.whole.tokens.create(actor, "test", hall.time.now, scopes=good_for or ALL).secret


def asks(hall: Office, address: tuple[str, str], token: str) -> Response:
    method, path = address
    filled = re.sub(r"\{[^}]*\}", lambda one: {"{case}": str(uuid4()), "{form}": "csv"}.get(one[0], "1"), path)
    return hall.client.request(method, filled, headers={"Authorization": f"Bearer {token}"}, json={})


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert set(addresses()) == set(scopes.SCOPES)


@pytest.mark.parametrize("scope", Scope)
def test_a_token_is_good_for_what_it_says_and_for_nothing_else(hall: Office, scope: Scope) -> None:
    token = secret(hall, scope)
    for address in addresses():
        answer = asks(hall, address, token)
        beyond = answer.status_code == 403 and answer.json()["code"] == "beyond_scope"
        assert beyond is (scopes.SCOPES[address] is not scope), (address, answer.text[:100])
        assert answer.status_code not in (401, 500), address


def test_an_address_without_a_row_is_closed_to_every_token(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(scopes.SCOPES, ("GET", "/api/v1/me"))
    answer = asks(hall, ("GET", "/api/v1/me"), secret(hall))
    assert (answer.status_code, answer.json()["code"]) == (403, "beyond_scope")


def test_a_row_that_is_bent_is_found(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(scopes.SCOPES, ("POST", "/api/v1/cases"), Scope.READ)
    assert asks(hall, ("POST", "/api/v1/cases"), secret(hall, Scope.READ)).status_code != 403


def test_the_problem_is_told_in_both_languages(hall: Office) -> None:
    headers = {"Authorization": f"Bearer {secret(hall, Scope.METRICS)}"}
    said = [
        hall.client.get("/api/v1/me", headers={**headers, "Accept-Language": language}).json()["detail"]
        for language in ("zh", "en")
    ]
    assert said == ["此令牌没有这个用途：read。", "This token is not good for that: read."]


def test_from_making_to_ending_at_the_command_line(tmp_path: Path) -> None:
    home = tmp_path / "store"
    whistle("migrate", home=home)
    whistle("jurisdiction", "load", str(shipped("minimal")), home=home)
    made = whistle(
        "token", "create", "grid_worker", "100-1-1-1", "--scope", "read", "--scope", "metrics", "--days", "30", "--label", "a bus", home=home
    )  # fmt: skip
    assert re.fullmatch(r"whistle_[\w-]{43}\n", made.stdout)
    (line,) = whistle("token", "list", home=home).stdout.splitlines()
    name = line.split()[0]
    assert "metrics read" in line and line.endswith("used never  a bus") and made.stdout.strip() not in line
    assert re.fullmatch(r"whistle_[\w-]{43}\n", whistle("token", "rotate", name, "--hours", "2", home=home).stdout)
    both = whistle("token", "list", home=home).stdout.splitlines()
    assert len(both) == 2 and both[0].startswith(name)
    assert whistle("token", "end", name, home=home).stdout == "ended\n"
    assert len(whistle("token", "list", home=home).stdout.splitlines()) == 1
    for words, says in (
        (("end", name), f"no token {name} stands"),
        (("rotate", "nonsense"), "no token nonsense stands"),
        (("create", "grid_worker", "100-1-1-1", "--days", "401"), "a token ends within 400 days"),
    ):
        ran = whistle("token", *words, home=home)
        assert (ran.returncode, len(ran.stderr.splitlines())) == (2, 1) and says in ran.stderr
