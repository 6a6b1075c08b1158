"""The security log over HTTP and by command: who came in, who was refused; read by those who check and those who run the system."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.security import DETAILS, Kind, Noted, listed
from api import locale
from api.__main__ import main
from api.headers import LARGEST
from api.noting import BY_STATUS
from api.problems import SENTENCES
from domain.actors import Role
from tests.api.browsers import Markup, Person, seen
from tests.api.office import Office
from tests.api.people import CLERK, DISTRICT, SUPERVISOR, WATER, WORKER, forgotten, logged
from tests.api.residents import Resident, demo
from tests.granted import made_a_demo

AUDITOR, ADMIN = (Role.AUDITOR, DISTRICT), (Role.ADMIN, DISTRICT)
ELSEWHERE = {"Sec-Fetch-Site": "cross-site", "Accept": "text/html"}
OURS = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


def noted(hall: Office) -> list[Noted]:
    hall.whole.security.settle(hall.time.now)
    return list(reversed(listed(hall.whole.security)))


def last(hall: Office) -> tuple[str, str, dict[str, str]]:
    row = noted(hall)[-1]
    return row.kind.value, row.role, dict(row.details)


def as_clerk(hall: Office) -> None:
    hall.client.cookies.clear()
    hall.client.cookies.set("whistle", hall.session(*CLERK))


# --- what is noted


def test_who_comes_in_and_goes_is_noted(hall: Office) -> None:
    token = hall.token(*CLERK)
    made_a_demo(hall.whole, hall.time.now)
    hall.client.post("/sign-in", data={"token": token}, headers=OURS)
    assert last(hall) == ("came_in", "", {"way": "demo", "code": "came_in"})
    hall.client.post("/sign-out", headers=OURS)
    assert last(hall) == ("signed_out", "street_clerk", {"way": "office", "code": "signed_out"})
    assert all(row.number for row in noted(hall)) and token not in str(noted(hall))


REFUSED: dict[str, tuple[Callable[[Office], object], tuple[str, str, dict[str, str]]]] = {
    "a token that nobody has": (
        lambda hall: (
            made_a_demo(hall.whole, hall.time.now),
            hall.client.post("/sign-in", data={"token": "whistle_x"}, headers=OURS),
        ),
        ("sign_in_refused", "", {"way": "demo", "code": "refused"}),
    ),
    "the same at the API": (
        lambda hall: hall.client.get("/api/v1/me", headers={"Authorization": "Bearer whistle_x"}),
        ("token_refused", "", {"code": "bad_token"}),
    ),
    "no token": (lambda hall: hall.client.get("/api/v1/me"), ("token_refused", "", {})),
    "a session that never was": (
        lambda hall: hall.client.get("/boards", headers={"Cookie": "whistle=x"}),
        ("session_refused", "", {}),
    ),
    "from another site": (
        lambda hall: (as_clerk(hall), hall.client.post("/sign-out", headers=ELSEWHERE)),
        ("from_elsewhere", "", {}),
    ),
    "too large": (
        lambda hall: hall.client.post("/sign-in", data={"token": "x" * LARGEST}, headers=OURS),
        ("too_large", "", {}),
    ),
}


@pytest.mark.parametrize("how", REFUSED)
def test_who_is_refused_is_noted(hall: Office, how: str) -> None:
    ask, said = REFUSED[how]
    ask(hall)
    assert last(hall) == said


def test_a_case_outside_of_reach_is_noted_and_one_that_never_was_is_not(hall: Office) -> None:
    case = logged(hall)
    for path in (f"/cases/{case['case']}", f"/cases/{case['case']}/history"):
        hall.time.goes_on(0.1)
        assert hall.get(WATER, path).status_code == 404
        assert last(hall) == ("out_of_reach", "department_clerk", {"case": case["case"]})
    hall.time.goes_on(0.1)
    assert hall.post(WATER, f"/cases/{case['case']}/notes", {"text": "x"}, seen=1).status_code == 404
    Person(hall, WATER).goes_to(f"/cases/{case['case']}")
    before = noted(hall)
    assert [row.kind for row in before].count(Kind.OUT_OF_REACH) == 4
    assert hall.get(WATER, "/cases/f47ac10b-58cc-4372-a567-0e02b2c3d479").status_code == 404
    assert hall.get(WORKER, f"/cases/{case['case']}").status_code == 200
    assert noted(hall) == before


def test_what_is_taken_out_and_erased_is_noted(hall: Office) -> None:
    case = logged(hall, reporter={"phone": "13900000000"})
    hall.get(SUPERVISOR, "/cases.csv", after=case["position"])
    assert last(hall) == ("exported", "supervisor", {"form": "csv", "list": "cases", "rows": "1"})
    forgotten(hall, case["case"], "canary-words")
    assert last(hall) == ("erased", "data_officer", {"case": case["case"]}) and "canary" not in str(noted(hall))


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Office]:
    with demo(tmp_path) as opened:
        yield opened


def test_a_resident_leaves_neither_receipt_nor_address(door: Office) -> None:
    resident = Resident(door).reports(narrative="canary")
    receipt = resident.receipt
    for _ in range(31):
        resident.goes_to("/r/AAAA-AAAA")
    for _ in range(11):
        resident.reports(narrative="canary")
    rows = noted(door)
    kinds = {(row.kind, row.details.get("door", "")) for row in rows}
    assert {(Kind.TOO_OFTEN, "no_receipt"), (Kind.TOO_OFTEN, "report"), (Kind.RECEIPT_REFUSED, "link")} <= kinds
    assert receipt not in str(rows) and "canary" not in str(rows) and "testclient" not in str(rows)


def test_a_flood_is_counted_and_who_asks_is_a_name_of_the_day(hall: Office) -> None:
    for _ in range(200):
        hall.client.get("/api/v1/me", headers={"Authorization": "Bearer whistle_x"})
    rows = noted(hall)
    assert [row.count for row in rows if row.kind is Kind.TOKEN_REFUSED] == [1, 199]
    assert {row.kind for row in rows} == {Kind.TOKEN_REFUSED, Kind.TOO_OFTEN}


def test_every_status_that_refuses_is_noted() -> None:
    refusing = {status for status, _ in SENTENCES.values() if status in (401, 403, 408, 413, 421, 429)}
    assert refusing <= BY_STATUS.keys()


# --- who reads it


def test_every_kind_and_detail_has_words_in_both_languages() -> None:
    keys = {f"security_kind_{kind}" for kind in Kind} | {f"security_detail_{name}" for name in DETAILS}
    assert keys <= locale.TEXTS.keys() and all(all(locale.TEXTS[key]) for key in keys)


def test_those_who_check_and_those_who_run_the_system_read_it_and_nobody_else(hall: Office) -> None:
    for who in (AUDITOR, ADMIN):
        page = seen(hall, "/security", "en", who)
        assert page.status_code == 200 and Markup(page.text).faults == []
        assert 'href="/security' in seen(hall, "/boards", "en", who).text
    for other in (SUPERVISOR, CLERK, WORKER, (Role.AUDITOR, "540199")):
        assert seen(hall, "/security", "en", other).status_code == 404
        assert 'href="/security' not in seen(hall, "/boards", "en", other).text


def looked(hall: Office, **query: str) -> str:
    hall.client.cookies.set("whistle", hall.session(*AUDITOR))
    return hall.client.get("/security", params={"lang": "en", **query}, headers={"Accept": "text/html"}).text


def test_by_kind_and_day_and_page(hall: Office) -> None:
    made_a_demo(hall.whole, hall.time.now)
    for n in range(205):
        hall.client.get("/api/v1/me", headers={"X-Number": str(n)})
        hall.time.now += timedelta(minutes=1)
    hall.client.post("/sign-in", data={"token": hall.token(*CLERK)}, headers=OURS)
    hall.client.post("/sign-out", headers=OURS)
    page = looked(hall, kind="came_in")
    assert len(re.findall(r'<tr role="row">', page.split("<tbody")[1])) == 1 and "token_refused" in page
    whole = looked(hall)
    assert len(re.findall(r'<tr role="row">', whole.split("<tbody")[1])) == 200
    older = re.search(r'href="(/security\?[^"]*before=[^"]*)"', whole)
    assert older
    rest = hall.client.get(older[1].replace("&amp;", "&"), headers={"Accept": "text/html"}).text
    assert 1 < len(re.findall(r'<tr role="row">', rest.split("<tbody")[1])) < 20
    for day, rows in (("2026-03-02", True), ("2026-03-03", False), ("never", True), ("9999-12-31", True)):
        assert ("<tbody" in looked(hall, day=day)) is rows, day


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, hall: Office, *words: str) -> str:
    monkeypatch.setattr(sys, "argv", ["whistle", *words, "--home", str(hall.whole.settings.home)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    return capsys.readouterr().out


def test_by_command(hall: Office, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    hall.client.get("/api/v1/me")
    hall.whole.security.settle(hall.time.now)
    told = run(capsys, monkeypatch, hall, "security")
    assert "token_refused" in told and "command=security" in told
    (line,) = run(capsys, monkeypatch, hall, "security", "--json", "--kind", "token_refused").splitlines()
    assert json.loads(line)["kind"] == "token_refused"
    assert "token_refused" not in run(capsys, monkeypatch, hall, "security", "--since", "2026-03-03")
    assert run(capsys, monkeypatch, hall, "security", "check") == "in order\n"
    made = run(capsys, monkeypatch, hall, "token", "create", "auditor", DISTRICT)
    rows = noted(hall)
    assert (Kind.ACCOUNT_CHANGED, "token") in {(row.kind, row.details.get("way")) for row in rows}
    assert {"token.create", "security", "security.check"} <= {row.details.get("command") for row in rows}
    assert made.strip() not in str(rows)
