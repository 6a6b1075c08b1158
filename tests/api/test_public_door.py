"""The public door: nobody else's receipt opens, whoever comes too often waits, and what everybody may know tells of nobody."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from anyio import CapacityLimiter
from fastapi.testclient import TestClient

from adapters.boards.shares import Share
from adapters.jurisdictions import shipped
from adapters.sealing import code_of, receipt_of
from api.app import create_app
from api.pages.public import BACK, openly, rate
from api.pages.reading import UNSAID, Reading
from api.qr import qr
from api.rates import RATES
from api.whole import Whole, compose
from domain.actors import Actor, Role
from domain.commands import RecordCallback
from domain.states import Satisfied
from tests.api.browsers import Markup, Person
from tests.api.office import Office, office
from tests.api.people import (
    CLERK,
    DISTRICT,
    GRID,
    HOTLINE,
    SUPERVISOR,
    WATER,
    WORKER,
)
from tests.api.residents import CANARY, LAMP, WORDS, Resident, demo
from tests.granted import of_cases
from workflow.casework import Order


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Office]:
    with demo(tmp_path) as opened:
        yield opened


# --- nobody else's


def test_a_receipt_opens_its_own_report_only(town: Office) -> None:
    mine, other = Resident(town).reports(), Resident(town).reports()
    assert mine.receipt != other.receipt and mine.case["case"] != other.case["case"]
    form = next(f for f in other.looks().forms() if f["action"].endswith("/do/CancelCase"))
    mine.sends(form["action"].replace(other.receipt, mine.receipt), form["fields"])
    assert (mine.case["state"], other.case["state"]) == ("cancelled", "logged")
    assert mine.goes_to(f"/r/{mine.receipt.lower().replace('-', '')}").status == 200  # as somebody types it
    for wrong in (mine.receipt[:-1], mine.receipt[::-1], "x", "%00", "é", "9" * 100):
        assert mine.goes_to(f"/r/{wrong}").status == 404 and "There is no such receipt" in mine.page
        assert mine.goes_to(f"/r/{wrong}/receipt").status == 404
    assert mine.goes_to(f"/r/{'9' * 101}").status == 404


def test_who_has_no_receipt_is_nobody_s_reporter(town: Office) -> None:
    case = town.post(WORKER, "/cases", {"category": "0110", "place": GRID, "source": "patrol"}).json()["case"]
    town.whole.boards.catch_up()
    someone = Resident(town).goes_to(f"/r/{receipt_of(town.whole.master, UUID(case))}")
    assert someone.status == 404
    for said in ("x", "-", "00000-00000-00000-00000-000000"):
        assert someone.goes_to(f"/r/{said}").status == 404 and "/do/" not in someone.page


def test_pages_of_a_receipt_are_for_nobody_to_keep(town: Office) -> None:
    someone = Resident(town).reports()
    for path in (f"/r/{someone.receipt}", f"/r/{someone.receipt}/receipt", "/r/nobody"):
        answer = someone.goes_to(path).answer
        assert answer is not None and answer.headers["Cache-Control"] == "no-store"
        assert (
            answer.headers["X-Robots-Tag"].startswith("noindex") and answer.headers["Referrer-Policy"] == "same-origin"
        )


def finds(someone: Resident, number: str, code: str) -> int:
    return someone.sends("/r", {"number": number, "code": code}).status


def test_number_and_short_code_lead_to_the_page(town: Office) -> None:
    someone = Resident(town).reports()
    case = someone.case
    code = code_of(town.whole.master, UUID(case["case"]))
    assert finds(someone, f" {case['number']} ", code.lower()) == 200 and "We have it" in someone.page
    assert someone.answer is not None and someone.receipt in str(someone.answer.url)


def test_a_wrong_number_and_a_wrong_code_are_told_alike(town: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RATES, "code", RATES["act"])
    someone = Resident(town).reports()
    case = someone.case
    right = code_of(town.whole.master, UUID(case["case"]))
    compared: list[str] = []
    monkeypatch.setattr("api.pages.resident.is_code_of", lambda said, *_: compared.append(said) or said == right)
    pages = set()
    for number, code in ((case["number"], "000000"), ("540102-20260302-9999", right), ("\x00", right), ("", "")):
        assert finds(someone, number, code) == 404
        pages.add(re.sub(r'value="[^"]*"', "", someone.page))
    assert len(pages) == 1 and len(compared) == 4  # the comparison is made also where there is no case
    assert "Number and code do not belong together" in pages.pop()


def test_short_codes_are_tried_five_times_an_hour_for_a_case_and_for_a_client(town: Office) -> None:
    someone = Resident(town).reports()
    case = someone.case
    code = code_of(town.whole.master, UUID(case["case"]))
    assert [finds(someone, case["number"], "000000") for _ in range(6)] == [404] * 5 + [429]
    assert finds(someone, case["number"], code) == 429 and "12 min" in someone.page
    assert finds(someone, "540102-20260302-9999", code) == 429  # the client is slowed down
    elsewhere = Resident(town, TestClient(town.client.app, client=("203.0.113.9", 1)))
    assert finds(elsewhere, case["number"], code) == 429  # and so is the case, from wherever
    assert finds(elsewhere, "540102-20260302-9999", code) == 404
    town.time.goes_on(0.21)
    assert finds(elsewhere, case["number"], code) == 200


def test_guessing_receipts_is_slowed_down_and_the_right_one_still_opens(town: Office) -> None:
    someone = Resident(town).reports()
    assert {someone.goes_to("/r/nobody").status for _ in range(30)} == {404}
    assert someone.goes_to("/r/nobody").status == 429 and someone.looks().status == 200


# --- the door


def test_reports_of_one_client_are_limited_and_what_was_typed_stays(town: Office) -> None:
    someone = Resident(town)
    assert {someone.reports().status for _ in range(10)} == {200}
    someone.reports()
    assert someone.status == 429 and WORDS in someone.page and "Try again in about 6 min." in someone.page
    assert someone.answer is not None and someone.answer.headers["Retry-After"] == "360"
    elsewhere = Resident(town, TestClient(town.client.app, client=("203.0.113.9", 1)))
    assert elsewhere.reports().status == 200
    town.time.goes_on(0.11)
    assert someone.reports().status == 200


def test_addresses_of_one_network_are_one_client_and_nobody_tomorrow(town: Office) -> None:
    def client(address: str) -> Resident:
        return Resident(town, TestClient(town.client.app, client=(address, 1)))

    for n in range(10):
        assert client(f"2001:db8::{n}").reports().status == 200
    assert client("2001:db8::99").reports().status == 429 and client("2001:db8:0:1::1").reports().status == 200
    keys = b"".join(path.read_bytes() for path in town.whole.settings.home.glob("log.db*"))
    assert b"2001:db8" not in keys
    town.time.goes_on(21.9)
    assert {client("2001:db8::99").reports().status for _ in range(10)} == {200}
    town.time.goes_on(0.2)  # past midnight in UTC the bucket is another; of the one before two would be free again
    assert {client("2001:db8::99").reports().status for _ in range(4)} == {200}


def test_workers_share_the_limit(town: Office) -> None:
    other = compose(town.whole.settings, town.time)
    with TestClient(create_app(other)) as client:
        hands = Resident(town), Resident(town, client)
        assert [hands[n % 2].reports().status for n in range(12)] == [200] * 10 + [429] * 2
    other.close()


def test_a_report_that_was_taken_can_be_sent_again_however_many_came(town: Office) -> None:
    someone = Resident(town).goes_to(f"/report?place={GRID}&category=0110")
    said = {**someone.forms()[0]["fields"], "narrative": WORDS}
    assert {someone.sends("/report", said).status for _ in range(15)} == {200} and of_cases(town.whole) == 1


def test_who_comes_to_a_full_door_keeps_the_words_and_staff_keep_working(town: Office) -> None:
    object.__setattr__(town.whole, "residents", CapacityLimiter(0))
    someone = Resident(town).reports()
    assert someone.status == 503 and WORDS in someone.page and "What you filled in is still here" in someone.page
    assert town.post(WORKER, "/cases", {"category": "0110", "place": GRID, "source": "patrol"}).status_code == 201


def test_it_is_closed_where_no_demo_is(tmp_path: Path) -> None:
    with office(tmp_path) as real:
        someone = Resident(real)
        for path in ("/report", "/r", "/r/nobody", "/public"):
            assert someone.goes_to(path).status == 403 and "The city has not opened this service" in someone.page
        assert (
            someone.sends(
                "/report", {"key": str(uuid4()), "category": "0110", "place": GRID, "narrative": WORDS}
            ).status
            == 403
        )
        assert someone.sends("/r", {"number": "1", "code": "2"}).status == 403 and of_cases(real.whole) == 0
        assert Person(real, CLERK).goes_to(f"/poster/{GRID}").answer.status_code == 403  # type: ignore[union-attr]
        assert "/report" not in someone.goes_to("/").page


def opened_to(folder: Path, doors: str) -> Path:
    """The shipped district, where the city opens some doors."""
    city = folder / "city"
    shutil.copytree(shipped("chengguan"), city)
    policy = city / "policy.toml"
    policy.write_text(policy.read_text(encoding="utf-8").replace("doors = []", f"doors = {doors}"), encoding="utf-8")
    return city


DOORS = {"/report": "report", "/r": "receipt", "/public": "figures"}


@pytest.mark.parametrize("doors", ['["report", "receipt"]', '["receipt"]', '["figures"]', "[]"])
def test_each_door_is_open_where_the_city_opens_it(tmp_path: Path, doors: str) -> None:
    with office(tmp_path / "store", opened_to(tmp_path, doors)) as real:
        someone = Resident(real)
        for path, door in DOORS.items():
            status = 200 if f'"{door}"' in doors else 403
            assert someone.goes_to(path).status == status
            assert (f'href="{path}"' in someone.goes_to("/").page) is (status == 200)
        poster = Person(real, CLERK).goes_to(f"/poster/{GRID}")
        assert poster.status == (200 if '"report"' in doors else 403)
        if '"report"' in doors:
            assert someone.reports().status == 200 and of_cases(real.whole) == 1
            assert WORDS not in someone.goes_to("/public").page and someone.looks().status == 200


def test_forms_from_elsewhere_are_refused(town: Office) -> None:
    someone = Resident(town).reports()
    for path in ("/report", "/r", f"/r/{someone.receipt}/do/CancelCase", f"/r/{someone.receipt}/photos"):
        answer = town.client.post(path, data={"key": str(uuid4())}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403


# --- the poster


@pytest.mark.parametrize("who", [CLERK, WORKER, SUPERVISOR])
def test_a_poster_leads_to_the_form_of_its_place(town: Office, who: tuple[Role, str]) -> None:
    page = Person(town, who).goes_to(f"/poster/{GRID}").page
    assert (
        f"http://localhost/report?place={GRID}" in page
        and "扫码反映问题" in page
        and "Scan to report something" in page
    )
    assert f'href="/poster/{LAMP}"' in page and "110 · 119 · 120" in page
    thing = Person(town, who).goes_to(f"/poster/{LAMP}").page
    assert f"http://localhost/report?about={LAMP}" in thing and "八廓路灯01号" in thing


def test_posters_are_for_those_of_the_place(town: Office) -> None:
    for who, code in (
        ((Role.STREET_CLERK, "540102003"), GRID),
        (WATER, GRID),
        (SUPERVISOR, "nowhere"),
        (SUPERVISOR, DISTRICT),
    ):
        assert Person(town, who).goes_to(f"/poster/{code}").answer.status_code == 404  # type: ignore[union-attr]
    assert "/sign-in" in str(Resident(town).goes_to(f"/poster/{GRID}").answer.url)  # type: ignore[union-attr]


def test_whatever_host_is_said_is_escaped(town: Office) -> None:
    town.client.cookies.set("whistle", town.session(*CLERK))
    page = town.client.get(f"/poster/{GRID}", headers={"Host": 'x"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page and Markup(page).faults == []


def test_a_qr_code_is_a_picture_without_style() -> None:
    drawn = qr("https://example.org/r/7K2QF", 'a "link"')
    assert Markup(f"<html lang='en'>{drawn}</html>").faults == [] and 'aria-label="a &#34;link&#34;"' in drawn
    assert "style" not in drawn and "width=" not in drawn and len(drawn) < 4000


# --- public figures


def test_a_small_count_is_not_told_nor_can_it_be_counted_out() -> None:
    assert openly({"a": 0, "b": 4, "c": 5, "d": 90}) == {"a": "<5", "b": "<5", "c": "5", "d": "90"}
    assert openly({"a": 3, "c": 7, "d": 90}) == {"a": "<5", "c": BACK, "d": "90"}  # alone: one more is held back
    assert openly({"a": 4, "b": 4, "c": 7, "d": 90}) == {"a": "<5", "b": "<5", "c": BACK, "d": "90"}
    assert openly({"a": 0, "b": 0, "c": 7, "d": 90}) == {"a": "<5", "b": "<5", "c": BACK, "d": "90"}
    assert openly({"c": 7, "d": 90}) == {"c": "7", "d": "90"} and openly({"a": 1}) == {"a": "<5"} and openly({}) == {}


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (Share(0, 0), UNSAID), (Share(9, 9), UNSAID), (Share(6, 11), "55% (11)"), (Share(6, 10), "more than 50% (10)"), (Share(20, 20), "more than 75% (20)"),
        (Share(16, 20), "more than 75% (20)"), (Share(15, 20), "75% (20)"), (Share(1, 20), "less than 25% (20)"),
    ],
)  # fmt: skip
def test_a_rate_never_tells_how_few_said_otherwise(town: Office, share: Share, said: str) -> None:
    assert rate(Reading("en", chosen=False, path="/", whole=town.whole), share) == said


def found(hall: Office, category: str, count: int, who: tuple[Role, str] = WORKER) -> None:
    for n in range(count):
        said = {"category": category, "place": who[1], "source": "patrol", "summary": f"{CANARY} {n}"}
        assert hall.post(who, "/cases", said).status_code == 201


def figures(someone: Resident, label: str) -> list[str]:
    row = re.search(rf"<div>(?:<span[^>]*>)?{label}(?:</span>)?</div></td>(.*?)</tr>", someone.page, re.DOTALL)
    return re.findall(r'class="figure"><div>([^<]*(?:&lt;)?[^<]*)</div>', row[1]) if row else []


def test_figures_are_of_their_span_and_leave_out_what_would_point_at_somebody(town: Office) -> None:
    found(town, "0506", 6)  # commercial noise
    town.time.goes_on(24 * 40)
    found(town, "0110", 5)
    found(town, "0102", 1)
    found(town, "0103", 4, who=(Role.GRID_WORKER, "540102003001001"))
    town.whole.boards.catch_up()
    someone = Resident(town)
    page = someone.goes_to("/public").page
    assert figures(someone, "street lamp out") == ["5", "&lt;5"] and figures(someone, "commercial noise") == []
    assert figures(someone, "Bakuo Street")[:2] == ["6", "&lt;5"] and figures(someone, "Jiri Street")[:2] == [
        "&lt;5",
        "&lt;5",
    ]
    assert CANARY not in page and GRID not in page
    someone.goes_to("/public?days=90")
    assert figures(someone, "commercial noise") == ["6", "&lt;5"]
    assert figures(someone, "Bakuo Street")[:2] == ["6", "&lt;5"]  # without what is sensitive
    assert someone.goes_to("/public?days=3").status == 404


def test_rates_come_from_call_backs_and_from_receipts_alike(town: Office) -> None:
    for n in range(12):
        case = town.post(
            HOTLINE, "/cases", {"category": "0110", "place": GRID, "source": "hotline", "reporter": {"phone": "1"}}
        ).json()
        case = town.act(CLERK, case, "handling")
        case = town.act(CLERK, case, "result", {"done": "d", "reply": "r"})
        case = town.act(WORKER, case, "verification", {"passed": True})
        who = Actor("resident", Role.RESIDENT, town.whole.casework.case(UUID(case["case"])).receipt)
        if n % 2:
            town.act(HOTLINE, case, "callbacks", {"contacted": True, "solved": n < 6, "satisfied": "mostly"})
        else:
            _answers(town.whole, UUID(case["case"]), who, solved=n < 6)
    town.whole.boards.catch_up()
    page = Resident(town).goes_to("/public").page
    rates = page[page.index('id="public_rates"') :]
    assert "more than 58% (12)" in rates and "50% (12)" in rates


def _answers(whole: Whole, case: UUID, who: Actor, *, solved: bool) -> None:
    said = RecordCallback(contacted=True, solved=solved, satisfied=Satisfied.MOSTLY)
    whole.casework.handle(case, Order(command=said, actor=who, now=whole.now(), id=uuid4()))
