"""What every answer carries, whatever it is and whoever asks; and under which names, and behind whom, we are reached."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api import headers
from api.app import create_app
from api.behind import Behind, NotAProxyError
from api.serving import OURS
from domain.actors import Role
from tests.api.office import Office
from tests.api.people import DISTRICT, SUPERVISOR, WORKER, logged
from tests.api.residents import Resident, demo
from tests.api.routes import addresses
from tests.api.test_permitted import looks, rows, town

__all__ = ["town"]
ADMIN = (Role.ADMIN, DISTRICT)
# May be kept: the same for everybody, at an address that changes with them; the phone asks each time whether there is a newer one.
KEPT = {"/sw.js": "no-cache", "/manifest.webmanifest": "no-cache"}
SAID = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "geolocation=(self), camera=(self), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
CSP = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "form-action": "'self'", "base-uri": "'none'",
    "frame-ancestors": "'none'", "connect-src": "'self'",
}  # fmt: skip


def faults(answer: Response) -> Iterator[str]:
    """What an answer should carry and does not, or carries twice."""
    path, found = answer.request.url.path, answer.headers
    for name, value in SAID.items():
        if found.get_list(name) != [value]:
            yield f"{path} {answer.status_code}: {name}"
    csp = dict(part.strip().partition(" ")[::2] for part in found.get("content-security-policy", "").split(";"))
    wanted = {**CSP, "style-src": "'self' 'unsafe-inline'"} if path == "/docs" else CSP
    yield from (f"{path} {answer.status_code}: {name}" for name, value in wanted.items() if csp.get(name) != value)
    if "'unsafe-eval'" in str(csp) or ("'unsafe-inline'" in str(csp) and path != "/docs"):
        yield f"{path}: unsafe"
    lasting = "immutable" in found.get("cache-control", "") if path.startswith("/static/") else False
    if not lasting and found.get_list("cache-control") != [
        KEPT.get(path, "no-store") if answer.is_success else "no-store"
    ]:
        yield f"{path} {answer.status_code}: cache-control {found.get_list('cache-control')}"
    secure = answer.request.url.scheme == "https"
    if ("strict-transport-security" in found) is not secure:
        yield f"{path} {answer.status_code}: hsts"
    if "x-request-id" not in found or "server" in found or "x-powered-by" in found:
        yield f"{path} {answer.status_code}: number, or too much"
    if found.get("content-type", "").startswith("text/html") and "charset=utf-8" not in found["content-type"]:
        yield f"{path} {answer.status_code}: charset"


def every_look(hall: Office, said: dict[str, str]) -> Iterator[Response]:
    for row in rows():
        if row.path != "/static/":
            yield looks(hall, row, said, None)
            if row.needs != "stream":
                yield from (looks(hall, row, said, who) for who in (SUPERVISOR, ADMIN))


def every_other(hall: Office) -> Iterator[Response]:
    """What is sent to, with nothing that fits; and every method that is not possible."""
    hall.client.cookies.clear()
    for one in addresses():
        if "/static/" not in one.path and one.path != "/live":
            for accept in ("text/html", "application/json"):
                yield hall.client.request(
                    one.method,
                    one.path,
                    headers={"Accept": accept, "Sec-Fetch-Site": "same-origin"},
                    follow_redirects=False,
                )
                yield hall.client.request("TRACE", one.path, headers={"Accept": accept})


def test_every_page_and_address_that_is_looked_at(town: tuple[Office, dict[str, str]]) -> None:
    answers = list(every_look(*town))
    assert len(answers) > 150 and {200, 303, 401, 404} <= {one.status_code for one in answers}
    assert [fault for one in answers for fault in faults(one)] == []


def test_every_form_and_command(town: tuple[Office, dict[str, str]]) -> None:
    answers = list(every_other(town[0]))
    assert len(answers) > 300 and {401, 404, 405} <= {one.status_code for one in answers}
    assert [fault for one in answers for fault in faults(one)] == []


def refused(hall: Office) -> Iterator[Response]:
    """An answer of every kind of refusal."""
    case = logged(hall)
    hall.client.cookies.clear()
    for accept in ("text/html", "application/json"):
        said = {"Accept": accept, "Sec-Fetch-Site": "same-origin"}
        yield hall.client.get("/nowhere", headers=said)
        yield hall.client.get("/static/nowhere/x.css", headers=said)
        yield hall.client.post("/sign-in", data={"token": "x" * headers.LARGEST}, headers=said)
        yield hall.client.post("/sign-in", data={"token": "x"}, headers=said)
        yield hall.client.post("/sign-in", headers={**said, "Sec-Fetch-Site": "cross-site"})
    yield hall.client.post("/api/v1/cases", content=b"x" * (headers.LARGEST + 1), headers=hall.headers(WORKER))
    yield hall.client.post(
        "/api/v1/cases", content=b"{", headers=hall.headers(WORKER, **{"Content-Type": "text/plain"})
    )
    yield hall.post(WORKER, "/cases", {})
    yield hall.client.post(f"/api/v1/cases/{case['case']}/notes", json={"text": "x"}, headers=hall.headers(WORKER))
    yield hall.post(WORKER, f"/cases/{case['case']}/notes", {"text": "x"}, seen=9)


def test_every_refusal(hall: Office) -> None:
    answers = list(refused(hall))
    assert {400, 403, 404, 413, 415, 422} <= {one.status_code for one in answers}
    assert [fault for one in answers for fault in faults(one)] == []


async def broken() -> None:
    raise RuntimeError("canary")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_what_nobody_foresaw(hall: Office, scheme: str) -> None:
    hall.client.app.add_api_route("/broken", broken)  # type: ignore[attr-defined]
    client = TestClient(hall.client.app, f"{scheme}://testserver", raise_server_exceptions=False)
    for accept in ("text/html", "application/json"):
        answer = client.get("/broken", headers={"Accept": accept})
        assert answer.status_code == 500 and list(faults(answer)) == []


def test_under_https_it_stays_so(hall: Office) -> None:
    client = TestClient(hall.client.app, "https://testserver")
    for path in ("/", "/healthz", "/nowhere", "/api/v1/me", "/docs"):
        assert list(faults(client.get(path, headers={"Accept": "text/html"}))) == []


def test_what_is_missing_is_found(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    every = headers.HEADERS
    for one in every:
        with monkeypatch.context() as patch:
            patch.setattr(headers, "HEADERS", tuple(other for other in every if other != one))
            assert list(faults(hall.client.get("/healthz"))), one
    for name, bent in (("CSP", headers.CSP.replace("form-action 'self'; ", "")), ("unless_said", list), ("HSTS", ())):
        with monkeypatch.context() as patch:
            patch.setattr(headers, name, bent)
            client = TestClient(hall.client.app, "https://testserver")
            assert list(faults(client.get("/healthz"))), name


# --- cookies


def cookies(hall: Office, scheme: str) -> list[str]:
    client = TestClient(hall.client.app, f"{scheme}://localhost")
    ours = {"Sec-Fetch-Site": "same-origin"}
    came = client.post("/sign-in", data={"office": " ".join(WORKER)}, headers=ours, follow_redirects=False)
    went = client.post("/sign-out", headers=ours, follow_redirects=False)
    return [one.headers["set-cookie"] for one in (came, went)]


def test_a_cookie_is_read_by_no_script_and_under_https_set_by_no_other_host(tmp_path: Path) -> None:
    with demo(tmp_path) as hall:
        secure, plain = cookies(hall, "https"), cookies(hall, "http")
    for said in secure:
        assert said.startswith("__Host-whistle=") and {"HttpOnly", "Secure", "SameSite=lax", "Path=/"} <= set(
            said.split("; ")
        )
        assert "domain" not in said.lower()
    for said in plain:
        assert said.startswith("whistle=") and {"HttpOnly", "SameSite=lax", "Path=/"} <= set(said.split("; "))


# --- a receipt's address


def test_a_receipt_is_kept_nowhere_and_tells_no_other_site(tmp_path: Path) -> None:
    with demo(tmp_path) as hall:
        resident = Resident(hall).reports()
        for path in (f"/r/{resident.receipt}", f"/r/{resident.receipt}/receipt"):
            answer = resident.goes_to(path).answer
            assert answer is not None and list(faults(answer)) == []
            assert answer.headers["x-robots-tag"] == "noindex, nofollow"
            outward = [part for part in answer.text.split('"') if part.startswith("http") and "testserver" not in part]
            assert outward == []


# --- names, and proxies


def test_under_another_s_name_nothing_answers(hall: Office) -> None:
    """What a page of another's, whose name leads here, could make a browser do: and an address in a receipt is of our own name."""
    app = create_app(hall.whole, hosts=OURS | {"whistle.city.example"})
    for host in ("127.0.0.1:8000", "localhost", "[::1]:8000", "Whistle.City.Example", "whistle.city.example:443"):
        assert TestClient(app).get("/healthz", headers={"Host": host}).status_code == 200, host
    for host in (
        "evil.example",
        "evil.example:8000",
        "127.0.0.1.evil.example",
        "",
        "localhost@evil.example",
        "[::1].evil.example",
    ):
        for accept, kind in (("text/html", "text/html; charset=utf-8"), ("*/*", "application/problem+json")):
            answer = TestClient(app).get("/", headers={"Host": host, "Accept": accept})
            assert (answer.status_code, answer.headers["content-type"]) == (421, kind), host
            assert list(faults(answer)) == []


async def told(scope: dict[str, object], _receive: object, send: object) -> None:
    number = dict(scope["headers"]).get(b"x-request-id", b"-").decode()  # type: ignore[call-overload]
    body = f"{scope['client'][0]} {scope['scheme']} {number}".encode()  # type: ignore[index]
    await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
    await send({"type": "http.response.body", "body": body})  # type: ignore[operator]


FORWARDED = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", "X-Request-ID": "n-1"}


@pytest.mark.parametrize(
    ("proxies", "peer", "seen"),
    [
        ((), "127.0.0.1", "127.0.0.1 http -"),
        (("10.1.2.3",), "10.1.2.4", "10.1.2.4 http -"),
        (("10.1.2.3",), "10.1.2.3", "203.0.113.7 https n-1"),
        (("10.1.2.0/24", "fd00::/8"), "fd00::7", "203.0.113.7 https n-1"),
        (("10.1.2.3",), "testclient", "testclient http -"),
    ],
)
def test_what_is_said_of_a_client_counts_from_a_proxy_of_ours_only(
    proxies: tuple[str, ...], peer: str, seen: str
) -> None:
    client = TestClient(Behind(told, proxies), client=(peer, 1))  # type: ignore[arg-type]
    assert client.get("/", headers=FORWARDED).text == seen


def test_a_client_cannot_hide_behind_what_it_says_itself() -> None:
    client = TestClient(Behind(told, ("10.1.2.3",)), client=("10.1.2.3", 1))  # type: ignore[arg-type]
    assert client.get("/", headers={"X-Forwarded-For": "192.0.2.1, 203.0.113.7"}).text.startswith("203.0.113.7")


def test_a_proxy_that_is_none_is_told_at_once() -> None:
    for bad in ("*", "proxy.example", "10.1.2.3/24"):
        with pytest.raises(NotAProxyError, match="neither an address nor a network"):
            Behind(told, (bad,))  # type: ignore[arg-type]
