"""The resident: reports without an account, and follows each step by receipt; nothing of it leads to anybody."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from adapters.sealing import code_of, receipt_of
from api.locale import TEXTS
from api.pages.resident_file import TOLD
from domain.events import CaseLogged
from domain.states import State
from tests.adapters.photos.making import taken
from tests.api.browsers import Person
from tests.api.office import Office
from tests.api.people import (
    CLERK,
    DISTRICT,
    GRID,
    LEADER,
    PLEA,
    STREET,
    SUPERVISOR,
    WORKER,
)
from tests.api.residents import CANARY, HERE, LAMP, OURS, WORDS, Resident, demo, verified, worked_on
from tests.api.test_clearing import cleared
from tests.granted import of_cases


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Office]:
    with demo(tmp_path) as opened:
        yield opened


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
    assert not someone.receipt and of_cases(town.whole) == 0


def test_the_same_form_twice_is_one_report(town: Office) -> None:
    someone = Resident(town).goes_to(f"/report?place={GRID}&category=0110")
    said = {**someone.forms()[0]["fields"], "narrative": WORDS}
    first, again = (HERE.search(str(someone.sends("/report", said).answer.url))[1] for _ in range(2))  # type: ignore[union-attr,index]
    assert first == again and of_cases(town.whole) == 1
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
    case = town.act(CLERK, town.act(CLERK, someone.case, "handling"), "result", {"done": "d", "reply": "New bulb."})
    steps = re.findall(r'<li class="step-(\w+)"', someone.looks().page)
    assert steps == ["done", "passed_by", "passed_by", "now"] and "New bulb." in someone.page


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


# --- photos


def test_a_photo_comes_by_receipt_and_is_seen_once_it_is_cleared(town: Office) -> None:
    someone = Resident(town).reports()
    files = [("photo", ("a.jpg", taken(comment=CANARY.encode()), "image/jpeg"))]
    someone.sends(f"/r/{someone.receipt}/photos", {"key": str(uuid4())}, files=files)
    assert someone.status == 200 and "The photo was added." in someone.page and "You added a photo." in someone.page
    case = UUID(someone.case["case"])
    (kept,) = town.whole.photos.of(case)
    assert "<img" not in someone.page
    for photo in (kept.id, 1):
        assert someone.goes_to(f"/r/{someone.receipt}/photos/{photo}").status == 404
    cleared(town, str(case))
    assert f"/r/{someone.receipt}/photos/1" in someone.looks().page
    shown = someone.goes_to(f"/r/{someone.receipt}/photos/1").answer
    assert shown is not None and shown.headers["content-type"] == "image/jpeg" and CANARY.encode() not in shown.content
    other = Resident(town).reports()
    assert other.goes_to(f"/r/{other.receipt}/photos/1").status == 404


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
