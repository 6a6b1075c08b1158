"""The resident: reports without an account, and follows each step by receipt; nothing of it leads to anybody."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from anyio import CapacityLimiter
from fastapi.testclient import TestClient
from httpx2 import Response
from PIL import Image

from adapters.boards.street import Share
from adapters.sealing import code_of, receipt_of
from adapters.tokens import DEMO
from api.app import create_app
from api.locale import TEXTS
from api.pages.doors import RATES
from api.pages.public import BACK, openly, rate
from api.pages.reading import UNSAID, Reading
from api.pages.resident_file import TOLD
from api.qr import qr
from api.whole import Whole, compose
from domain.actors import Actor, Role
from domain.commands import RecordCallback
from domain.events import CaseLogged
from domain.states import Satisfied, State
from tests.api.office import Office, office
from tests.api.test_acting import Person, _form
from tests.api.test_lives_over_http import (
    CLERK,
    DISPATCHER,
    DISTRICT,
    GRID,
    HOTLINE,
    LEADER,
    PLEA,
    STREET,
    SUPERVISOR,
    WATER,
    WORKER,
)
from tests.api.test_pages import Markup
from workflow.casework import Order

CANARY = "canary-7f3e"
WORDS = f"{CANARY} the lamp before my door is dark"
LAMP = "LD-002-01"
OURS = {"Sec-Fetch-Site": "same-origin"}
HERE = re.compile(r"/r/([0-9A-Z-]{30})")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Office]:
    """A demo store."""
    with office(tmp_path) as opened:
        opened.whole.tokens.create(Actor("demo", Role.STREET_CLERK, STREET), DEMO, opened.time.now)
        yield opened


class Resident:
    """Somebody at the public door, whose browser has no script and no cookie."""

    def __init__(self, hall: Office, client: TestClient | None = None, language: str = "en") -> None:
        """By the hall's own client, or by one that comes from elsewhere."""
        self.hall, self.client, self.language = hall, client or hall.client, language
        self.page, self.receipt = "", ""
        self.answer: Response | None = None

    def goes_to(self, path: str) -> "Resident":
        self.client.cookies.clear()
        return self._got(self.client.get(path, headers=self._headers()))

    def sends(self, path: str, said: Any = None, **more: Any) -> "Resident":
        self.client.cookies.clear()
        return self._got(self.client.post(path, data=said or {}, headers={**self._headers(), **OURS}, **more))

    def reports(self, **said: str) -> "Resident":
        """Fills in the form that a poster's code leads to."""
        self.goes_to(f"/report?place={GRID}&category=0110")
        form = next(form for form in self.forms() if form["action"].startswith("/report"))
        self.sends("/report", {**form["fields"], "narrative": WORDS, **said})
        found = HERE.search(str(self.answer.url)) if self.answer else None
        self.receipt = found[1] if found else ""
        return self

    def does(self, command: str, **said: str) -> "Resident":
        form = next(f for f in self.looks().forms() if f["action"].endswith(f"/do/{command}"))
        return self.sends(form["action"], {**form["fields"], **said})

    def looks(self) -> "Resident":
        return self.goes_to(f"/r/{self.receipt}")

    def forms(self) -> list[dict[str, Any]]:
        found = re.findall(r'<form method="post" action="([^"]+)"[^>]*>(.*?)</form>', self.page, re.DOTALL)
        return [_form(*one) for one in found]

    @property
    def may(self) -> set[str]:
        return {form["action"].rsplit("/", 1)[1] for form in self.forms() if "/r/" in form["action"]}

    @property
    def status(self) -> int:
        assert self.answer is not None
        return self.answer.status_code

    @property
    def case(self) -> dict[str, Any]:
        """As the office has it."""
        number = re.search(r"540102-\d{8}-\d{4}", self.looks().page)
        assert number
        line = self.hall.get(SUPERVISOR, "/cases", number=number[0]).json()["cases"][0]
        found: dict[str, Any] = self.hall.get(SUPERVISOR, f"/cases/{line['case']}").json()
        return found

    def _headers(self) -> dict[str, str]:
        return {"Accept-Language": self.language, "Accept": "text/html"}

    def _got(self, answer: Response) -> "Resident":
        self.answer, self.page = answer, answer.text
        if answer.headers["content-type"].startswith("text/html"):
            assert Markup(answer.text).faults == []
        self.hall.whole.boards.catch_up()
        return self


def worked_on(hall: Office, case: dict[str, Any]) -> dict[str, Any]:
    case = hall.act(LEADER, case, "whistles", {"plea": PLEA})
    case = hall.act(DISPATCHER, case, "assignments", {"lead": "water"})
    return hall.act(WATER, case, "assignments/water/report-in", {"on_the_spot": True})


def verified(hall: Office, case: dict[str, Any]) -> dict[str, Any]:
    case = hall.act(WATER, case, "result", {"done": "cable spliced", "reply": "The lamp burns again."})
    return hall.act(WORKER, case, "verification", {"passed": True})


# --- reporting


def test_it_begins_with_whom_to_call_in_danger(town: Office) -> None:
    someone = Resident(town)
    for path in ("/report", f"/report?place={STREET}", f"/report?place={STREET}&category=0110"):
        page = someone.goes_to(path).page
        assert [f'href="tel:{number}"' in page for number in ("110", "119", "120")] == [True] * 3
        assert page.index("tel:110") < page.index("<form method")


def test_where_and_what_are_chosen_step_by_step(town: Office) -> None:
    someone = Resident(town).goes_to("/report")
    assert someone.page.count('<button name="place"') == 12
    assert someone.goes_to(f"/report?place={STREET}").page.count('<button name="category"') == 45
    found = someone.goes_to(f"/report?place={STREET}&q=lamp").page
    assert re.findall(r'<button name="category" value="(\d+)"', found) == ["0110"]
    assert re.findall(r'value="(\d+)"', someone.goes_to(f"/report?place={STREET}&q=%E7%81%AF").page) == [
        STREET,
        STREET,
        "0110",
    ]
    assert "Nothing was found" in someone.goes_to(f"/report?place={STREET}&q=xyz").page
    form = someone.goes_to(f"/report?place={GRID}&category=0110").forms()[0]["fields"]
    assert (form["place"], form["category"], form["nature"]) == (GRID, "0110", "incident")
    for path in ("/report?place=x&category=0110", f"/report?place={DISTRICT}&category=0110", "/report?about=x"):
        assert someone.goes_to(path).page.count('<button name="place"') == 12
    assert someone.goes_to(f"/report?place={STREET}&category=01").page.count('<button name="category"') == 45


def test_a_poster_fills_in_the_place_and_the_thing(town: Office) -> None:
    someone = Resident(town).goes_to(f"/report?about={LAMP}")
    assert "八廓路灯01号" in someone.page and f'name="about" value="{LAMP}"' in someone.page
    someone.goes_to(f"/report?about={LAMP}&category=0110")
    someone.sends("/report", {**someone.forms()[0]["fields"], "narrative": WORDS})
    someone.receipt = HERE.search(str(someone.answer.url))[1]  # type: ignore[union-attr,index]
    assert (
        someone.case["about"] == {"code": LAMP, "label": "八廓路灯01号"}
        and someone.case["summary"] == "路灯不亮 · 八廓路灯01号"
    )


def test_words_and_contact_are_sealed_and_nowhere_in_clear(town: Office) -> None:
    said = {"reporter.name": f"{CANARY}-name", "reporter.phone": "13900001234"}
    someone = Resident(town).reports(**said)
    assert someone.status == 200
    worked_on(town, someone.case)
    someone.does("AddNote", text=f"{CANARY} and now the next one")
    town.whole.boards.catch_up()
    pages = [
        someone.looks().page,
        someone.goes_to(f"/r/{someone.receipt}/receipt").page,
        someone.goes_to("/public").page,
    ]
    pages += [
        Person(town, CLERK).goes_to(path).page
        for path in (f"/boards/streets/{STREET}", f"/cases/{someone.case['case']}")
    ]
    assert not [page for page in pages if CANARY in page or "13900001234" in page]
    stored = b"".join(path.read_bytes() for path in town.whole.settings.home.iterdir() if path.is_file())
    assert all(words.encode() not in stored for words in (CANARY, "13900001234", someone.receipt))
    file = town.whole.casework.file(UUID(someone.case["case"]))
    logged = file[0].event
    assert isinstance(logged, CaseLogged) and logged.narrative
    assert town.whole.sealing.unseal(file[0].case, "narrative", logged.narrative) == WORDS  # type: ignore[arg-type]
    assert logged.summary == "路灯不亮" and logged.source == "web"


def test_a_receipt_is_given_without_any_contact(town: Office) -> None:
    someone = Resident(town).reports()
    assert someone.receipt and someone.receipt in someone.page and "svg" in someone.page
    case = UUID(someone.case["case"])
    assert code_of(town.whole.master, case) in someone.goes_to(f"/r/{someone.receipt}/receipt").page
    assert receipt_of(town.whole.master, case) == someone.receipt


def test_only_what_a_resident_may_say_is_taken(town: Office) -> None:
    someone = Resident(town).reports(summary=CANARY, urgency="emergency", source="patrol", occurred_at="2020-01-01")
    case = someone.case
    assert (case["source"], case["urgency"], case["summary"]) == ("web", "routine", "路灯不亮")


@pytest.mark.parametrize(
    ("said", "field"),
    [({"narrative": " "}, "narrative"), ({"narrative": "x" * 4001}, "narrative"), ({"narrative": "\x00"}, "narrative"), ({"nature": "wish"}, "nature")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(town: Office, said: dict[str, str], field: str) -> None:
    someone = Resident(town).reports(**{"reporter.phone": "139", **said})
    assert someone.status == 422 and f'href="#report-{field}"' in someone.page and 'value="139"' in someone.page
    assert not someone.receipt and town.whole.boards.head() == 0


def test_the_same_form_twice_is_one_report(town: Office) -> None:
    someone = Resident(town).goes_to(f"/report?place={GRID}&category=0110")
    said = {**someone.forms()[0]["fields"], "narrative": WORDS}
    first, again = (HERE.search(str(someone.sends("/report", said).answer.url))[1] for _ in range(2))  # type: ignore[union-attr,index]
    assert first == again and town.whole.boards.head() == 1
    assert someone.sends("/report", {**said, "narrative": "another"}).status == 422


# --- each step by receipt


def test_each_step_is_seen_by_receipt(town: Office) -> None:
    someone = Resident(town).reports()
    page = someone.looks().page
    assert "We have it" in page and "Bakuo Street" in page and "2026-03-17" in page and "Your report came in." in page
    assert someone.may == {"AddNote", "photos", "Urge", "CancelCase"}
    case = worked_on(town, someone.case)
    page = someone.looks().page
    assert "Water Affairs is working on it." in page and someone.may == {"AddNote", "photos", "Urge"}
    assert re.findall(r'<li class="step-(\w+)"', page) == ["done", "done", "now", "ahead"]
    assert (
        "There is no answer yet" in page
        and "blew the whistle" in page
        and "Water Affairs was made responsible." in page
    )
    assert "no powers" not in page and PLEA["why"] not in page  # what staff say to each other
    case = verified(town, case)
    page = someone.looks().page
    assert '<p class="reply">The lamp burns again.</p>' in page and "cable spliced" not in page
    assert someone.may == {"RecordCallback", "AddNote", "photos", "Urge"}
    someone.does("RecordCallback", solved="yes", satisfied="mostly")
    assert (
        "We have your answer" in someone.page
        and "RecordCallback" not in someone.may
        and "You said how it is." in someone.page
    )
    case = town.act(CLERK, someone.case, "closure", {"outcome": "solved"})
    assert "It is closed: solved." in someone.looks().page and someone.may == {"ReopenCase"}
    assert re.findall(r'<li class="step-(\w+)"', someone.page) == ["done"] * 4
    someone.does("ReopenCase", because="came_back", text=f"{CANARY} dark again")
    assert "It was taken up again." in someone.page and someone.case["state"] == "logged"
    history = town.get(CLERK, f"/cases/{case['case']}/history").json()
    assert [entry["text"] for entry in history[-2:]] == [
        "The case was reopened: 又出现了",
        "A note was added (sealed).",
    ]
    assert "There is no answer yet" in someone.page and re.findall(r'<li class="step-(\w+)"', someone.page) == [
        "now",
        "ahead",
        "ahead",
        "ahead",
    ]


def test_what_is_not_solved_goes_back_to_work(town: Office) -> None:
    someone = Resident(town).reports()
    verified(town, worked_on(town, someone.case))
    assert (
        someone.does("RecordCallback", solved="no").status == 422 and 'id="do-RecordCallback-satisfied"' in someone.page
    )
    assert 'value="no" required checked' in someone.page  # what was chosen stays
    someone.does("RecordCallback", solved="no", satisfied="no")
    assert someone.does("OrderRework", text="still dark").status == 422 and someone.case["state"] == "verified"
    someone.does("OrderRework", because="not_solved", text=CANARY)
    assert "It goes back to work." in someone.page and someone.case["state"] == "in_progress"
    assert "There is no answer yet" in someone.looks().page and someone.case["rework"] == 1


def test_words_come_once_however_often_they_are_sent(town: Office) -> None:
    someone = Resident(town).reports()
    town.act(CLERK, town.act(CLERK, someone.case, "handling"), "result", {"done": "d", "reply": "r"})
    town.act(WORKER, someone.case, "verification", {"passed": True})
    someone.does("RecordCallback", solved="no", satisfied="no")
    form = next(f for f in someone.forms() if f["action"].endswith("/do/OrderRework"))
    before = someone.case["version"]
    for _ in range(2):
        someone.sends(form["action"], {**form["fields"], "because": "not_solved", "text": "look again"})
        assert someone.status == 200
    assert someone.case["version"] == before + 2


def test_what_others_changed_is_seen_before_it_moves(town: Office) -> None:
    someone = Resident(town).reports()
    form = next(f for f in someone.looks().forms() if f["action"].endswith("/do/CancelCase"))
    town.act(CLERK, someone.case, "handling")
    assert someone.sends(form["action"], form["fields"]).status == 412 and "Others have just changed" in someone.page
    someone.does("AddNote", text="words need nothing seen")
    assert someone.status == 200


def test_withdraws_what_was_only_logged(town: Office) -> None:
    someone = Resident(town).reports()
    assert "It was withdrawn." in someone.does("CancelCase").page and someone.may == set()
    assert "It was ended: withdrawn by the reporter." in someone.page and "it has ended" in someone.page


def test_a_merged_report_shows_how_the_other_stands(town: Office) -> None:
    mine, other = Resident(town).reports(), Resident(town).reports()
    into = worked_on(town, other.case)
    town.act(CLERK, mine.case, "merger", {"into": into["case"]})
    page = mine.looks().page
    assert (
        "goes on together with another report" in page
        and "Water Affairs is working on it." in page
        and mine.may == set()
    )
    assert other.receipt not in page and other.case["number"] not in page
    verified(town, other.case)
    assert "The lamp burns again." in mine.looks().page


def test_every_state_and_every_sentence_has_its_words(town: Office) -> None:
    assert all(f"stands_{state}" in TEXTS for state in State)
    keys = {key for key in TOLD.values() if isinstance(key, str)}
    assert keys <= TEXTS.keys()


def test_what_staff_say_to_each_other_is_not_told(town: Office) -> None:
    someone = Resident(town).reports()
    town.act(CLERK, someone.case, "notes", {"text": "ask the owner"})
    town.act(CLERK, someone.case, "urges", {"reason": "hurry"})
    town.act(SUPERVISOR, someone.case, "supervisions", {"level": "yellow", "addressee": STREET, "reason": "too slow"})
    page = someone.looks().page
    assert "You added" not in page and "You asked them" not in page and "hurry</p>" not in page
    assert (
        "too slow" not in page
        and "It was put under supervision." in page
        and "supervisor" not in page
        and "street clerk" not in page
    )


def test_a_late_report_says_so(town: Office) -> None:
    someone = Resident(town).reports()
    town.time.goes_on(24 * 20)
    assert "■ late" in someone.looks().page and "You can ask them to hurry" in someone.page
    assert "■ late" not in Resident(town).reports().looks().page


def test_urging_is_free_once_a_day(town: Office) -> None:
    someone = Resident(town).reports()
    assert "They were asked to hurry." in someone.does("Urge").page
    assert someone.does("Urge").status == 429 and "1440 min" in someone.page
    assert someone.answer is not None and int(someone.answer.headers["Retry-After"]) == 86400
    town.time.goes_on(24)
    assert someone.does("Urge").status == 200
    assert Resident(town).reports().does("Urge").status == 200


def test_whoever_is_signed_in_besides_has_no_say_here(town: Office) -> None:
    someone = Resident(town).reports()
    town.client.cookies.set("whistle", town.session(*LEADER))
    page = town.client.get(f"/r/{someone.receipt}", headers={"Accept-Language": "en"}).text
    assert "/do/BlowWhistle" not in page and "/do/CancelCase" in page
    said = {"key": str(uuid4()), "seen": "1", "plea.why": "w", "plea.tried": "t", "plea.kind": "key_work"}
    assert town.client.post(f"/r/{someone.receipt}/do/BlowWhistle", data=said, headers=OURS).status_code == 404
    assert town.client.post(f"/r/{someone.receipt}/do/HandleCase", data=said, headers=OURS).status_code == 404


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
    for said in ("", "00000-00000-00000-00000-000000"):
        assert someone.goes_to(f"/r/{said}").status in (200, 404) and "/do/" not in someone.page


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
    town.time.goes_on(22.1)  # until midnight in UTC, and the bucket is another
    assert client("2001:db8::99").reports().status == 200


def test_workers_share_the_limit(town: Office) -> None:
    other = compose(town.whole.settings, town.time)
    with TestClient(create_app(other)) as client:
        hands = Resident(town), Resident(town, client)
        assert [hands[n % 2].reports().status for n in range(12)] == [200] * 10 + [429] * 2
    other.close()


def test_a_report_that_was_taken_can_be_sent_again_however_many_came(town: Office) -> None:
    someone = Resident(town).goes_to(f"/report?place={GRID}&category=0110")
    said = {**someone.forms()[0]["fields"], "narrative": WORDS}
    assert {someone.sends("/report", said).status for _ in range(15)} == {200} and town.whole.boards.head() == 1


def test_who_comes_to_a_full_door_keeps_the_words_and_staff_keep_working(town: Office) -> None:
    object.__setattr__(town.whole, "residents", CapacityLimiter(0))
    someone = Resident(town).reports()
    assert someone.status == 503 and WORDS in someone.page and "What you filled in is still here" in someone.page
    assert town.post(WORKER, "/cases", {"category": "0110", "place": GRID, "source": "patrol"}).status_code == 201


def test_it_is_closed_where_no_demo_is(tmp_path: Path) -> None:
    with office(tmp_path) as real:
        someone = Resident(real)
        for path in ("/report", "/r", "/r/nobody", "/public"):
            assert someone.goes_to(path).status == 403 and "open once rights are built" in someone.page
        assert (
            someone.sends(
                "/report", {"key": str(uuid4()), "category": "0110", "place": GRID, "narrative": WORDS}
            ).status
            == 403
        )
        assert someone.sends("/r", {"number": "1", "code": "2"}).status == 403 and real.whole.boards.head() == 0
        assert Person(real, CLERK).goes_to(f"/poster/{GRID}").answer.status_code == 403  # type: ignore[union-attr]
        assert "/report" not in someone.goes_to("/").page


def test_forms_from_elsewhere_are_refused(town: Office) -> None:
    someone = Resident(town).reports()
    for path in ("/report", "/r", f"/r/{someone.receipt}/do/CancelCase", f"/r/{someone.receipt}/photos"):
        answer = town.client.post(path, data={"key": str(uuid4())}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403


# --- photos


def picture(colour: str = "red") -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG", comment=CANARY.encode())
    return out.getvalue()


def test_a_photo_comes_by_receipt_and_is_seen_once_it_is_cleared(town: Office) -> None:
    someone = Resident(town).reports()
    files = [("photo", ("a.jpg", picture(), "image/jpeg"))]
    someone.sends(f"/r/{someone.receipt}/photos", {"key": str(uuid4())}, files=files)
    assert someone.status == 200 and "The photo was added." in someone.page and "You added a photo." in someone.page
    case = UUID(someone.case["case"])
    (kept,) = town.whole.photos.of(case)
    assert "<img" not in someone.page
    assert someone.goes_to(f"/r/{someone.receipt}/photos/{kept.id}").status == 404
    assert town.whole.photos.clear(case, kept.id, cleared=True)
    assert f"/r/{someone.receipt}/photos/{kept.id}" in someone.looks().page
    shown = someone.goes_to(f"/r/{someone.receipt}/photos/{kept.id}").answer
    assert shown is not None and shown.headers["content-type"] == "image/jpeg" and CANARY.encode() not in shown.content
    other = Resident(town).reports()
    assert other.goes_to(f"/r/{other.receipt}/photos/{kept.id}").status == 404


def test_what_is_no_photo_is_refused_with_why(town: Office) -> None:
    someone = Resident(town).reports()
    files = [("photo", ("a.jpg", b"no picture", "image/jpeg"))]
    someone.sends(f"/r/{someone.receipt}/photos", {"key": str(uuid4())}, files=files)
    assert (
        someone.status == 422
        and "not a picture" in someone.page
        and '<details class="act" id="do-AddPhoto" open>' in someone.page
    )
    assert someone.sends("/r/nobody/photos", {"key": str(uuid4())}, files=files).status == 404


# --- the poster


@pytest.mark.parametrize("who", [CLERK, WORKER, SUPERVISOR])
def test_a_poster_leads_to_the_form_of_its_place(town: Office, who: tuple[Role, str]) -> None:
    page = Person(town, who).goes_to(f"/poster/{GRID}").page
    assert (
        f"http://testserver/report?place={GRID}" in page
        and "扫码反映问题" in page
        and "Scan to report something" in page
    )
    assert f'href="/poster/{LAMP}"' in page and "110 · 119 · 120" in page
    thing = Person(town, who).goes_to(f"/poster/{LAMP}").page
    assert f"http://testserver/report?about={LAMP}" in thing and "八廓路灯01号" in thing


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
            HOTLINE, "/cases", {"category": "0110", "place": GRID, "source": "hotline", "reporter": {}}
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
