"""Coming in by the city's account: a real provider in a process of its own, right, and bent in every way that must be refused."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from authlib.oidc.core import CodeIDToken
from httpx2 import Response
from joserfc import jws
from sqlalchemy import select

from adapters.oidc import Oidc, keys, new_asked, provider_of, tokens
from adapters.oidc.calls import Calls
from adapters.store.tables import sessions
from domain.actors import Actor, Role
from domain.staff import LeaveOffice
from tests.api.browsers import Markup
from tests.api.office import Office, office
from tests.api.people import CLERK, DISTRICT, STREET
from tests.granted import granted
from tests.oidc.city import SECRETS, City, city

ASKS = {"Sec-Fetch-Site": "none", "Accept": "text/html", "Accept-Language": "en"}
SOMEBODY = "2f6c-employee-0042@city.example"


@pytest.fixture(scope="module")
def provider() -> Iterator[City]:
    with city() as opened:
        yield opened


@pytest.fixture
def hall(tmp_path: Path, provider: City) -> Iterator[Office]:
    """A hall whose clock is the provider's; one of its accounts is bound to a clerk."""
    provider.bend()
    with office(tmp_path / "store") as opened:
        opened.time.now = datetime.now(UTC)
        path = tmp_path / "oidc.toml"
        path.write_text(provider.settings(), encoding="utf-8")
        _uses(opened, path)
        granted(opened.whole, Actor("clerk-1", *CLERK), opened.time.now)
        bound(opened, "clerk-1", SOMEBODY)
        yield opened


def _uses(hall: Office, path: Path) -> None:
    said = provider_of(path, SECRETS)
    assert said is not None
    object.__setattr__(hall.whole, "oidc", Oidc(said))


def bound(hall: Office, staff: str, subject: str) -> None:
    assert hall.whole.oidc is not None
    issuer = hall.whole.oidc.provider.issuer
    hall.whole.logins.bind(staff, issuer, hall.whole.logins.code_of(issuer, subject), hall.time.now)


def asks(hall: Office, path: str) -> Response:
    return hall.client.get(path, headers=ASKS, follow_redirects=False)


def comes_in(hall: Office, provider: City, user: str = SOMEBODY, following: str = "/") -> Response:
    """All the way: off to the provider, in there, and back."""
    away = asks(hall, f"/sign-in/oidc?next={following}")
    assert away.status_code == 303, away.text
    return asks(hall, provider.sends_back(away, user))


def is_in(hall: Office) -> bool:
    return asks(hall, "/boards").status_code == 200


def refused(hall: Office, answer: Response, status: int = 403) -> bool:
    """Nobody is in, there is no session, and the page says so without telling what came."""
    with hall.whole.log.engine.connect() as connection:
        none = connection.execute(select(sessions)).first() is None
    return answer.status_code == status and Markup(answer.text).faults == [] and none and not is_in(hall)


def _never(*_: Any, **__: Any) -> None:
    return None


# --- who is let in


def test_somebody_comes_in_by_the_citys_account(hall: Office, provider: City) -> None:
    page = asks(hall, "/sign-in?next=/cases")
    assert "Sign in with the city&#39;s account" in page.text and 'href="/sign-in/oidc?next=%2Fcases"' in page.text
    answer = comes_in(hall, provider, following="/cases")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
    assert is_in(hall)
    assert comes_in(hall, provider).headers["location"] == f"/boards/streets/{STREET}"


def test_what_is_kept_says_nothing_about_the_account(hall: Office, provider: City) -> None:
    comes_in(hall, provider)
    kept = b"".join(p.read_bytes() for p in hall.whole.settings.home.iterdir() if p.is_file())
    assert SOMEBODY.encode() not in kept and b"Somebody's Name" not in kept


def test_who_is_bound_to_nobody_is_told_a_code_for_the_admin(hall: Office, provider: City) -> None:
    answer = comes_in(hall, provider, "a-stranger")
    code = hall.whole.logins.code_of(provider.issuer, "a-stranger")
    assert refused(hall, answer) and code in answer.text and "a-stranger" not in answer.text
    hall.whole.logins.bind("clerk-1", provider.issuer, code, hall.time.now)
    assert comes_in(hall, provider, "a-stranger").status_code == 303


def test_another_claim_may_identify(hall: Office, provider: City, tmp_path: Path) -> None:
    path = tmp_path / "oidc.toml"
    path.write_text(provider.settings(claim="name"), encoding="utf-8")
    _uses(hall, path)
    bound(hall, "clerk-1", "Somebody's Name")
    assert comes_in(hall, provider, "whoever").status_code == 303


def test_a_new_key_is_looked_up_and_a_flood_of_unknown_ones_is_not(hall: Office, provider: City) -> None:
    assert comes_in(hall, provider).status_code == 303
    provider.rotate()
    hall.time.now += keys.AGAIN
    assert comes_in(hall, provider).status_code == 303
    provider.bend("unknown_kid")
    before = provider.asked("/keys")
    hall.time.now += keys.AGAIN
    for _ in range(10):
        hall.client.cookies.clear()
        assert comes_in(hall, provider).status_code == 403
    assert provider.asked("/keys") == before + 1


# --- who is not


BENT = (
    "expired", "endless", "too_old", "not_yet", "issued_ahead", "audience", "several_audiences", "party", "issuer", "nonce", "no_nonce",
    "at_hash", "nobody", "none", "secret", "forged", "unknown_kid", "brought_key", "other_algorithm", "mixed_up", "no_iss", "without_token",
)  # fmt: skip


@pytest.mark.parametrize("bend", BENT)
def test_a_bent_answer_lets_nobody_in(hall: Office, provider: City, bend: str) -> None:
    provider.bend(bend)
    assert refused(hall, comes_in(hall, provider)), bend


@pytest.mark.parametrize(
    "bend", ["discovered_issuer", "redirected", "keys_redirected", "inside", "beside", "huge", "slow"]
)
def test_a_bent_provider_is_not_followed(
    hall: Office, provider: City, bend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.oidc.calls.PATIENCE", 1.5)
    provider.bend(bend)
    assert refused(hall, asks(hall, "/sign-in/oidc"), 503)
    provider.bend()
    assert asks(hall, "/sign-in/oidc").status_code == 503  # asked just now: a provider that is away is left alone
    hall.time.now += keys.AGAIN
    assert comes_in(hall, provider).status_code == 303


def test_a_token_endpoint_that_leads_elsewhere_is_not_followed(hall: Office, provider: City) -> None:
    provider.bend("moved")
    assert refused(hall, comes_in(hall, provider), 503)


def test_an_answer_is_good_once(hall: Office, provider: City) -> None:
    back = provider.sends_back(asks(hall, "/sign-in/oidc"), SOMEBODY)
    errand = hall.client.cookies["whistle-away"]
    assert asks(hall, back).status_code == 303
    hall.client.cookies.clear()
    hall.client.cookies.set("whistle-away", errand)
    before = provider.asked("/token")
    answer = asks(hall, back)
    assert answer.status_code == 403 and not is_in(hall) and provider.asked("/token") == before


def test_an_answer_of_another_browser_lets_nobody_in(hall: Office, provider: City) -> None:
    """Login CSRF: somebody is sent to an answer that was meant for another; by its state, and where they were not away at all."""
    back = provider.sends_back(asks(hall, "/sign-in/oidc"), SOMEBODY)
    hall.client.cookies.clear()
    assert refused(hall, asks(hall, back))
    asks(hall, "/sign-in/oidc")
    assert refused(hall, asks(hall, back))


def test_an_answer_that_comes_late_lets_nobody_in(hall: Office, provider: City) -> None:
    back = provider.sends_back(asks(hall, "/sign-in/oidc"), SOMEBODY)
    hall.time.now += timedelta(minutes=10)
    assert refused(hall, asks(hall, back))


@pytest.mark.parametrize(
    "said", ["", "?state=x", "?code=x", "?error=access_denied", "?code=x&state=x&code=y", "?state=%00&code=%ff"]
)
def test_an_answer_that_nobody_was_sent_for(hall: Office, said: str) -> None:
    assert refused(hall, asks(hall, f"/sign-in/oidc/answer{said}"))
    asks(hall, "/sign-in/oidc")
    assert refused(hall, asks(hall, f"/sign-in/oidc/answer{said}"))


def test_a_code_of_another_is_worth_nothing_without_its_verifier(hall: Office, provider: City) -> None:
    """Code injection: the code is another's, the state one's own; the provider asks for the verifier (PKCE)."""
    stolen = provider.sends_back(asks(hall, "/sign-in/oidc"), SOMEBODY)
    hall.client.cookies.clear()
    mine = provider.sends_back(asks(hall, "/sign-in/oidc"), "a-thief")
    code = dict(part.split("=") for part in stolen.split("?")[1].split("&"))["code"]
    own = dict(part.split("=") for part in mine.split("?")[1].split("&"))["code"]
    assert refused(hall, asks(hall, mine.replace(own, code)))


@pytest.mark.parametrize(("nonce", "verifier", "status"), [(True, False, 403), (False, True, 403), (False, False, 303)])
def test_verifier_and_nonce_each_keep_the_code_of_another_out(
    hall: Office, provider: City, monkeypatch: pytest.MonkeyPatch, nonce: bool, verifier: bool, status: int
) -> None:
    """Each is left out by itself, and the other holds; with neither the thief comes in."""
    if not nonce:
        monkeypatch.setattr(CodeIDToken, "validate_nonce", _never)
    if not verifier:
        monkeypatch.setattr("api.pages.coming_in.new_asked", lambda: replace(new_asked(), verifier="v" * 43))
    stolen = provider.sends_back(asks(hall, "/sign-in/oidc"), SOMEBODY)
    hall.client.cookies.clear()
    mine = provider.sends_back(asks(hall, "/sign-in/oidc"), "a-thief")
    taken = dict(part.split("=") for part in stolen.split("?")[1].split("&"))["code"]
    own = dict(part.split("=") for part in mine.split("?")[1].split("&"))["code"]
    assert asks(hall, mine.replace(own, taken)).status_code == status


def test_a_session_from_before_is_not_carried_in(hall: Office, provider: City) -> None:
    hall.client.cookies.set("whistle", "fixed-by-a-thief")
    comes_in(hall, provider)
    given = [cookie.value for cookie in hall.client.cookies.jar if cookie.name == "whistle"]
    assert len(given) == 2 and hall.whole.sessions.actor(given[-1] or "", hall.time.now)
    assert hall.whole.sessions.actor("fixed-by-a-thief", hall.time.now) is None


def test_who_has_left_does_not_come_in_and_is_out_at_once(hall: Office, provider: City) -> None:
    assert comes_in(hall, provider).status_code == 303 and is_in(hall)
    admin = Actor("admin-1", Role.ADMIN, DISTRICT)
    hall.whole.directory.handle("clerk-1", LeaveOffice("moved away"), admin, hall.time.now, uuid4())
    assert not is_in(hall)
    hall.client.cookies.clear()
    answer = comes_in(hall, provider)
    assert answer.status_code == 403 and "You hold no office now" in answer.text and not is_in(hall)


def test_a_login_that_is_disabled_lets_nobody_in(hall: Office, provider: City) -> None:
    hall.whole.logins.disable(hall.whole.logins.code_of(provider.issuer, SOMEBODY), hall.time.now)
    assert refused(hall, comes_in(hall, provider))


def test_nobody_comes_in_over_a_plain_connection(hall: Office) -> None:
    for path in ("/sign-in", "/sign-in/oidc", "/sign-in/oidc/answer?code=x&state=x"):
        answer = asks(hall, f"http://whistle.city.example{path}")
        assert answer.status_code == 403 and "not encrypted" in answer.text, path
        assert "set-cookie" not in answer.headers
    assert asks(hall, "https://whistle.city.example/sign-in").status_code == 200


def test_the_cookie_of_an_errand_is_for_this_host_only(hall: Office) -> None:
    cookie = asks(hall, "https://whistle.city.example/sign-in/oidc").headers["set-cookie"]
    assert cookie.startswith("__Host-whistle-away=") and all(
        part in cookie for part in ("HttpOnly", "Secure", "Path=/", "SameSite=lax", "Max-Age=600")
    )


def test_who_fails_again_and_again_is_slowed_down(hall: Office) -> None:
    answers = [asks(hall, "/sign-in/oidc/answer?code=x&state=x").status_code for _ in range(32)]
    assert answers == [403] * 30 + [429] * 2


def test_nothing_of_it_is_logged(hall: Office, provider: City, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    away = asks(hall, "/sign-in/oidc")
    back = provider.sends_back(away, SOMEBODY)
    code = dict(part.split("=") for part in back.split("?")[1].split("&"))["code"]
    caplog.clear()
    assert asks(hall, back).status_code == 303
    said = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpx"))
    assert code not in said and "id_token" not in said and SOMEBODY not in said


def test_signing_out_leads_to_where_the_providers_session_ends(hall: Office, provider: City) -> None:
    comes_in(hall, provider)
    out = hall.client.post("/sign-out", headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False)
    assert out.headers["location"] == "/sign-in?left=yes" and not is_in(hall)
    assert f'href="{provider.issuer}/end?client_id=whistle&amp;' in asks(hall, "/sign-in?left=yes").text


# --- faults that are seeded: each check of ours, switched off, lets in what its test refuses


OFF: dict[str, tuple[object, str, Any]] = {
    "too_old": (tokens, "OLDEST", 10**9),
    "party": (CodeIDToken, "validate_azp", _never),
    "several_audiences": (CodeIDToken, "validate_azp", _never),
    "nonce": (CodeIDToken, "validate_nonce", _never),
    "no_nonce": (CodeIDToken, "validate_nonce", _never),
    "at_hash": (CodeIDToken, "validate_at_hash", _never),
    "expired": (tokens, "LEEWAY", 10**9),
    "not_yet": (tokens, "LEEWAY", 10**9),
    "issued_ahead": (tokens, "LEEWAY", 10**9),
    "endless": (CodeIDToken, "ESSENTIAL_CLAIMS", ["iss", "sub", "aud"]),
    "mixed_up": (Oidc, "_same", _never),
    "no_iss": (Oidc, "_same", _never),
}


@pytest.mark.parametrize("bend", OFF)
def test_a_check_that_is_switched_off_is_found(
    hall: Office, provider: City, bend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.bend(bend)
    monkeypatch.setattr(*OFF[bend])
    assert comes_in(hall, provider).status_code == 303


@pytest.mark.parametrize("bend", ["audience", "issuer"])
def test_a_claim_that_nobody_compares_is_found(
    hall: Office, provider: City, bend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tokens._claims  # noqa: SLF001 - what is bent here
    name = {"audience": "aud", "issuer": "iss"}[bend]

    def careless(*said: Any) -> CodeIDToken:
        claims = made(*said)
        claims.options.pop(name)
        return claims

    provider.bend(bend)
    monkeypatch.setattr(tokens, "_claims", careless)
    monkeypatch.setattr(CodeIDToken, "validate_azp", _never)
    assert comes_in(hall, provider).status_code == 303


def test_an_algorithm_that_is_allowed_by_mistake_is_found(hall: Office, provider: City) -> None:
    assert hall.whole.oidc is not None
    said = hall.whole.oidc.provider.model_copy(update={"algorithms": ("RS256", "RS512")})
    object.__setattr__(hall.whole, "oidc", Oidc(said))
    provider.bend("other_algorithm")
    assert comes_in(hall, provider).status_code == 303


@pytest.mark.parametrize("bend", ["forged", "unknown_kid", "brought_key", "none", "secret"])
def test_a_key_that_is_taken_from_anywhere_is_found(
    hall: Office, provider: City, bend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if neither signature nor algorithm were looked at."""

    def careless(token: str, *_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        read = jws.extract_compact(token.encode())
        return {**read.headers(), "alg": "RS256"}, dict(json.loads(read.payload))

    provider.bend(bend)
    monkeypatch.setattr(tokens, "_opened", careless)
    assert comes_in(hall, provider).status_code == 303


def test_an_errand_that_is_not_used_up_is_found(hall: Office, provider: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider uses codes up too; what is seen here is that ours is asked before it is."""
    monkeypatch.setattr("api.errands.spend", lambda *_: True)
    back = provider.sends_back(asks(hall, "/sign-in/oidc"), SOMEBODY)
    errand = hall.client.cookies["whistle-away"]
    asks(hall, back)
    hall.client.cookies.clear()
    hall.client.cookies.set("whistle-away", errand)
    before = provider.asked("/token")
    asks(hall, back)
    assert provider.asked("/token") == before + 1


def test_a_guard_that_sleeps_is_found(hall: Office, provider: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where addresses are not looked at as they are called, what the file does not allow is called."""
    provider.bend("beside")
    heard = list[str]()
    document = Calls.document

    def noted(self: Calls, address: str) -> dict[str, Any]:
        try:
            return document(self, address)
        except Exception as error:
            heard.append(str(error))
            raise

    monkeypatch.setattr(Calls, "document", noted)
    asks(hall, "/sign-in/oidc")
    assert heard == ["address_refused"]
    heard.clear()
    monkeypatch.setattr("adapters.calling.may_be_called", lambda *_: True)
    hall.time.now += keys.AGAIN
    asks(hall, "/sign-in/oidc")
    assert heard == ["ConnectionError"]  # it was called, and only nobody was there
