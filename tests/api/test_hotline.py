"""The hotline desk: a call is logged and read out, a duplicate urged instead, a question answered, and who waits called back."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters.sealing import receipt_of
from api import access
from domain.actors import Actor, Role
from domain.events import PrivateShown
from domain.states import Clock, Urgency
from tests.api.browsers import Person
from tests.api.office import Office
from tests.api.people import (
    CLERK,
    DISPATCHER,
    DISTRICT,
    GRID,
    HOTLINE,
    LEADER,
    NOBODY_S,
    OFFICER,
    STREET,
    SUPERVISOR,
    WATER,
    WORKER,
    forgotten,
)
from tests.granted import granted
from workflow.promise import promised

CANARIES = ("canary-name-7f3a", "13900000000", "canary-words-51bb")
OTHER_CLERK = (Role.STREET_CLERK, "540102003")
SAID = {
    "category": "0604", "place": GRID, "summary": "no heating", "narrative": CANARIES[2],
    "reporter.name": CANARIES[0], "reporter.phone": CANARIES[1],
}  # fmt: skip


def seated(hall: Office) -> Person:
    return Person(hall, HOTLINE).goes_to("/hotline")


def calls_in(desk: Person, **said: str) -> Person:
    """Fills in the form of a call and sends it."""
    form = next(f for f in desk.forms() if f["action"].split("?")[0] == "/hotline")
    return desk.sends("/hotline", **{**form["fields"], **SAID, **said})


def case_of(desk: Person) -> UUID:
    found = re.search(r"[?&]of=([0-9a-f-]{36})", str(desk.answer.url if desk.answer else ""))
    assert found, desk.page
    return UUID(found[1])


def verified(hall: Office, handled_by: tuple[Role, str] = LEADER, **said: Any) -> dict[str, Any]:
    """A case whose reporter waits for a call."""
    reporter = {"name": CANARIES[0], "phone": CANARIES[1]}
    told = {"category": "0604", "place": GRID, "source": "hotline", "narrative": "n", "reporter": reporter, **said}
    case = hall.post(HOTLINE, "/cases", told).json()
    if handled_by == LEADER:
        case = hall.act(LEADER, case, "handling")
        case = hall.act(LEADER, case, "result", {"done": "inner words", "reply": "The valve was opened."})
    else:
        plea = {"kind": "resident_need", "why": "w", "tried": "t"}
        case = hall.act(LEADER, case, "whistles", {"plea": plea})
        case = hall.act(DISPATCHER, case, "assignments", {"lead": "water"})
        case = hall.act(WATER, case, "assignments/water/report-in", {"on_the_spot": True})
        case = hall.act(WATER, case, "result", {"done": "inner words", "reply": "The valve was opened."})
    case = hall.act(WORKER, case, "verification", {"passed": True})
    hall.whole.boards.catch_up()
    case["number"] = hall.get(HOTLINE, f"/cases/{case['case']}").json()["number"]
    return case


def at(person: Person) -> str:
    """The path where somebody is."""
    assert person.answer is not None
    return str(person.answer.url.path)


# --- the call


def test_a_call_is_logged_and_what_was_promised_is_what_is_set(hall: Office) -> None:
    desk = seated(hall)
    before = hall.time.now
    calls_in(desk)
    case = hall.whole.casework.case(case_of(desk))
    due = case.timers[Clock.RESIDENT, "", ""].due
    assert due == promised(hall.whole.law, "0604", Urgency.ROUTINE, before)
    local = due.astimezone(hall.whole.law.calendar.tz)
    receipt = receipt_of(hall.whole.master, case.id)
    assert f"{local:%Y-%m-%d %H:%M}" in desk.page and receipt in desk.page and "Bakuo Street" in desk.page
    assert (case.source, case.wants_answer) == ("hotline", True)
    for private in CANARIES:
        assert private not in desk.page
    assert 'id="call-category" name="category" required accesskey="c"' in desk.page and " data-begin>" in desk.page


def test_the_receipt_is_shown_to_who_logged_it_for_a_quarter_of_an_hour_and_nowhere_else(hall: Office) -> None:
    desk = calls_in(seated(hall))
    case = case_of(desk)
    receipt, here = receipt_of(hall.whole.master, case), f"/hotline?did=LogCase&of={case}"
    assert receipt in desk.goes_to(here).page
    assert receipt not in desk.goes_to(f"/cases/{case}").page
    assert receipt not in desk.goes_to(here).page  # 24 minutes have passed
    other = Actor("hotline-2", *HOTLINE)
    hall.time.goes_on(-0.6)
    hall.client.cookies.clear()
    hall.client.cookies.set(
        "whistle", hall.whole.sessions.begin(granted(hall.whole, other, hall.time.now), hall.time.now)
    )
    page = hall.client.get(here).text
    assert receipt not in page and "Read out" in page


def test_who_wants_no_answer_gets_no_receipt(hall: Office) -> None:
    desk = calls_in(seated(hall), **{"reporter.name": "", "reporter.phone": ""})
    assert "Read out" in desk.page and "Receipt" not in desk.page
    assert not hall.whole.casework.case(case_of(desk)).wants_answer


def test_what_was_typed_stays_after_an_error_and_nothing_is_logged(hall: Office) -> None:
    desk = calls_in(seated(hall), category="", urgency="emergency")
    assert desk.answer is not None and desk.answer.status_code == 422 and 'id="trouble"' in desk.page
    assert all(private in desk.page for private in CANARIES)
    assert f'<option value="{GRID}"' in desk.page and '<option value="emergency" selected>' in desk.page
    assert "data-begin" not in desk.page
    assert hall.get(HOTLINE, "/cases").json()["cases"] == []


def test_without_script_the_desk_looks_first(hall: Office) -> None:
    other = hall.post(WORKER, "/cases", {"category": "0604", "place": GRID, "source": "patrol"}).json()
    hall.whole.boards.catch_up()
    desk = calls_in(seated(hall), look="yes")
    assert "Expected by" in desk.page and f"/cases/{other['case']}/do/Urge" in desk.page
    assert all(private in desk.page for private in CANARIES)
    assert len(hall.get(HOTLINE, "/cases").json()["cases"]) == 1
    logged = calls_in(desk)
    assert case_of(logged) and len(hall.get(HOTLINE, "/cases").json()["cases"]) == 2


def test_the_same_call_sent_twice_is_one_case(hall: Office) -> None:
    desk = seated(hall)
    form = next(f for f in desk.forms() if f["action"] == "/hotline")
    found = {case_of(desk.sends("/hotline", **{**form["fields"], **SAID})) for _ in range(2)}
    assert len(found) == 1


@pytest.mark.parametrize("urgency", list(Urgency))
def test_the_promise_is_read_before_logging(hall: Office, urgency: Urgency) -> None:
    piece = Person(hall, HOTLINE)
    due = promised(hall.whole.law, "0102", urgency, hall.time.now)
    assert due is not None
    piece.goes_to(f"/promise?category=0102&urgency={urgency}")
    assert f'<time datetime="{due.astimezone(hall.whole.law.calendar.tz).isoformat(timespec="minutes")}">' in piece.page
    assert "<html" not in piece.page and "<time" not in piece.goes_to("/promise?category=01").page
    assert piece.goes_to("/promise?category=0102&urgency=x").answer.status_code == 404  # type: ignore[union-attr]


def test_a_near_duplicate_is_urged_instead(hall: Office) -> None:
    other = hall.post(WORKER, "/cases", {"category": "0604", "place": GRID, "source": "patrol"}).json()
    hall.whole.boards.catch_up()
    desk = Person(hall, HOTLINE).goes_to(f"/near?category=0604&place={GRID}")
    desk.does("Urge")
    assert at(desk) == "/hotline" and "Done: urge." in desk.page and "Expected by" in desk.page
    assert other["number"] in desk.page and receipt_of(hall.whole.master, UUID(other["case"])) not in desk.page
    told = hall.get(HOTLINE, f"/cases/{other['case']}/history").json()
    assert [entry["event"] for entry in told] == ["case-logged", "case-urged"]
    assert "/do/Urge" not in Person(hall, CLERK).goes_to(f"/near?category=0604&place={GRID}").page


def test_a_question_is_answered_at_once(hall: Office) -> None:
    desk = calls_in(seated(hall), category="0608")
    assert "This is a question" in desk.page and re.search(
        r'<details class="act" id="do-AnswerOnTheSpot" open>', desk.page
    )
    assert "data-begin" not in desk.page
    case = case_of(desk)
    desk.does("AnswerOnTheSpot", answer="At window 3, with the card.")
    assert at(desk) == "/hotline" and hall.whole.casework.case(case).state == "closed"
    assert "do-AnswerOnTheSpot" not in calls_in(desk).page


# --- calling back


def test_who_waits_longest_is_called_first_and_who_was_not_reached_rests(hall: Office) -> None:
    first, second = verified(hall), verified(hall)
    queue = Person(hall, HOTLINE).goes_to("/hotline/calls")
    assert queue.page.index(first["number"]) < queue.page.index(second["number"]) and CANARIES[1] not in queue.page
    desk = Person(hall, HOTLINE).goes_to("/hotline/calls/next")
    assert at(desk) == f"/hotline/calls/{first['number']}"
    desk.does("RecordCallback", way="not_reached")
    assert at(desk) == f"/hotline/calls/{second['number']}" and "Done: record the call-back." in desk.page
    desk.does("RecordCallback", way="not_reached")
    assert at(desk) == "/hotline/calls" and "just tried" in desk.page
    assert re.findall(r'data-label="Attempts" class="figure"><div>(\d)', desk.page) == ["1", "1"]
    hall.time.goes_on(1)
    again = desk.goes_to("/hotline/calls/next")
    assert at(again) == f"/hotline/calls/{first['number']}" and "attempts: 1" in again.page


def test_more_wait_than_a_list_shows(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.boards.calls.LONGEST", 1)
    shown, more = verified(hall), verified(hall)
    queue = Person(hall, HOTLINE).goes_to("/hotline/calls").page
    assert shown["number"] in queue and more["number"] not in queue and '<span class="count">2</span>' in queue
    assert '<span class="count">2</span>' in seated(hall).page


def test_one_can_be_left_for_the_next(hall: Office) -> None:
    first, second = verified(hall), verified(hall)
    desk = Person(hall, HOTLINE)
    for left, comes in ((first, second), (second, first)):
        assert at(desk.goes_to(f"/hotline/calls/next?after={left['number']}")) == f"/hotline/calls/{comes['number']}"


def test_the_card_says_what_to_say_and_the_call_is_recorded(hall: Office) -> None:
    case = verified(hall, summary="cold radiators")
    desk = Person(hall, HOTLINE).goes_to(f"/hotline/calls/{case['number']}")
    for said in ("no heating", "2026-03-02", "cold radiators", "The valve was opened.", "Is it solved?", "Raosai"):
        assert said in desk.page
    assert "inner words" not in desk.page
    desk.does("RecordCallback", way="reached", solved="yes", satisfied="mostly")
    assert at(desk) == "/hotline/calls" and "Nobody is to be called" in desk.page
    called = hall.whole.casework.case(UUID(case["case"])).callback
    assert called is not None and (called.contacted, called.solved, called.satisfied) == (True, True, "mostly")
    over = desk.goes_to(f"/hotline/calls/{case['number']}")
    assert "Nobody is to be called about this case now" in over.page and "/do/RecordCallback" not in over.page


def test_what_is_not_solved_goes_back_to_work(hall: Office) -> None:
    case, following = verified(hall), verified(hall)
    desk = Person(hall, HOTLINE).goes_to(f"/hotline/calls/{case['number']}")
    desk.does("RecordCallback", way="reached", solved="no", satisfied="no")
    assert at(desk) == f"/hotline/calls/{case['number']}" and "Not solved" in desk.page
    desk.does("OrderRework", reason="still cold")
    assert at(desk) == f"/hotline/calls/{following['number']}"
    assert hall.whole.casework.case(UUID(case["case"])).state == "handling"


def test_after_the_last_attempt_nobody_is_called_any_more(hall: Office) -> None:
    case = verified(hall)
    desk = Person(hall, HOTLINE)
    for _ in range(hall.whole.law.policy.maxima.callback_attempts):
        desk.goes_to(f"/hotline/calls/{case['number']}").does("RecordCallback", way="not_reached")
    assert "Nobody is to be called" in desk.goes_to("/hotline/calls").page


def test_a_number_is_shown_on_demand_and_each_look_is_an_entry(hall: Office, caplog: pytest.LogCaptureFixture) -> None:
    case = verified(hall)
    desk = Person(hall, HOTLINE).goes_to(f"/hotline/calls/{case['number']}")
    assert not any(private in desk.page for private in CANARIES) and looks(hall, case) == []
    desk.sends(f"/hotline/calls/{case['number']}/number")
    assert CANARIES[0] in desk.page and CANARIES[1] in desk.page
    assert desk.answer is not None and desk.answer.headers["cache-control"] == "no-store"
    assert looks(hall, case) == [("contact", "hotline", DISTRICT)]
    assert not any(private in caplog.text for private in CANARIES)
    desk.does("RecordCallback", way="reached", solved="yes", satisfied="yes")
    desk.sends(f"/hotline/calls/{case['number']}/number")
    assert CANARIES[1] not in desk.page and len(looks(hall, case)) == 1


def looks(hall: Office, case: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Who saw what is under seal, as the case's file says."""
    file = hall.whole.casework.file(UUID(case["case"]))
    shown = [(entry, entry.event) for entry in file if isinstance(entry.event, PrivateShown)]
    return [(event.what.value, entry.actor.role.value, entry.actor.unit) for entry, event in shown]


def test_whoever_serves_reads_each_look(capsys: pytest.CaptureFixture[str]) -> None:
    log, case = access.LOG, uuid4()
    before = (log.handlers, log.level)
    try:
        access.to_stderr()
        access.looked(Actor("somebody", *HOTLINE), case, "phone")
    finally:
        log.handlers, log.level = before
    said = capsys.readouterr().err
    assert said.endswith(f"role=hotline unit={DISTRICT} case={case} field=phone\n") and "somebody" not in said


def test_a_number_is_not_shown_while_no_call_waits(hall: Office) -> None:
    said = {"category": "0604", "place": GRID, "source": "hotline", "reporter": {"phone": CANARIES[1]}}
    case = hall.post(HOTLINE, "/cases", said).json()
    desk = Person(hall, HOTLINE).sends(f"/hotline/calls/{case['number']}/number")
    assert desk.answer is not None and desk.answer.status_code == 200 and CANARIES[1] not in desk.page


def test_an_erased_contact_is_said_to_be_erased(hall: Office) -> None:
    case = verified(hall)
    forgotten(hall, case["case"])
    hall.whole.boards.catch_up()
    desk = Person(hall, HOTLINE).goes_to(f"/hotline/calls/{case['number']}")
    assert "The contact is erased" in desk.page and "Show the number" not in desk.page
    assert case["number"] not in desk.goes_to("/hotline/calls").page


def test_a_contact_whose_key_is_gone_is_said_to_be_erased(hall: Office) -> None:
    case = verified(hall)
    hall.whole.keys.destroy(UUID(case["case"]))
    desk = Person(hall, HOTLINE).sends(f"/hotline/calls/{case['number']}/number")
    assert "The contact is erased" in desk.page and CANARIES[1] not in desk.page


def test_who_reported_a_case_that_was_joined_is_called_too(hall: Office) -> None:
    into = hall.post(WORKER, "/cases", {"category": "0604", "place": GRID, "source": "patrol"}).json()
    said = {"category": "0604", "place": GRID, "source": "hotline", "reporter": {"phone": CANARIES[1]}}
    joined = hall.post(HOTLINE, "/cases", said).json()
    hall.act(CLERK, joined, "merger", {"into": into["case"]})
    into = hall.get(WORKER, f"/cases/{into['case']}").json()
    into = hall.act(WORKER, into, "handling")
    into = hall.act(WORKER, into, "result", {"done": "d", "reply": "r"})
    hall.act(CLERK, into, "verification", {"passed": True})
    hall.whole.boards.catch_up()
    desk = Person(hall, HOTLINE).goes_to("/hotline/calls/next")
    assert at(desk) == f"/hotline/calls/{into['number']}"
    desk.sends(f"/hotline/calls/{into['number']}/number")
    assert CANARIES[1] in desk.page and "Reported before the cases were joined" in desk.page
    assert looks(hall, joined) == [("contact", "hotline", DISTRICT)]


def test_who_was_joined_to_an_erased_reporter_s_case_is_not_shown_while_no_call_waits(hall: Office) -> None:
    said = {"category": "0604", "place": GRID, "source": "hotline"}
    into = hall.post(HOTLINE, "/cases", {**said, "reporter": {"phone": "13911111111"}}).json()
    joined = hall.post(HOTLINE, "/cases", {**said, "reporter": {"phone": CANARIES[1]}}).json()
    hall.act(CLERK, joined, "merger", {"into": into["case"]})
    forgotten(hall, into["case"])
    desk = Person(hall, HOTLINE).goes_to(f"/hotline/calls/{into['number']}")
    assert "The contact is erased" in desk.page and "Show the number" not in desk.page
    desk.sends(f"/hotline/calls/{into['number']}/number")
    assert CANARIES[1] not in desk.page and looks(hall, joined) == looks(hall, into) == []


def test_a_street_calls_its_own_but_not_about_what_it_handled_itself(hall: Office) -> None:
    handled, by_water = verified(hall), verified(hall, WATER)
    clerk = Person(hall, CLERK).goes_to("/hotline/calls")
    assert by_water["number"] in clerk.page and handled["number"] not in clerk.page
    board = clerk.goes_to(f"/boards/streets/{STREET}").page
    assert f'href="/hotline/calls/{by_water["number"]}"' in board
    assert CANARIES[1] in clerk.sends(f"/hotline/calls/{by_water['number']}/number").page
    assert CANARIES[1] not in clerk.sends(f"/hotline/calls/{handled['number']}/number").page
    clerk.goes_to("/hotline/calls/next").does("RecordCallback", way="reached", solved="yes", satisfied="yes")
    assert at(clerk) == "/hotline/calls"
    for path in (f"/hotline/calls/{by_water['number']}", f"/hotline/calls/{by_water['number']}/number"):
        other = Person(hall, OTHER_CLERK)
        other = other.sends(path) if path.endswith("number") else other.goes_to(path)
        assert other.answer is not None and other.answer.status_code == 404


# --- who comes here


@pytest.mark.parametrize("who", [CLERK, LEADER, WORKER, WATER, SUPERVISOR, OFFICER])
def test_the_desk_is_the_hotline_s(hall: Office, who: tuple[Role, str]) -> None:
    case, person = verified(hall), Person(hall, who)
    for path in ("/hotline", "/promise?category=0604"):
        assert person.goes_to(path).answer.status_code == 404  # type: ignore[union-attr]
    assert person.sends("/hotline", key=str(uuid4()), **SAID).answer.status_code == 404  # type: ignore[union-attr]
    may = 200 if who in (CLERK, LEADER) else 404
    for path in ("/hotline/calls", "/hotline/calls/next", f"/hotline/calls/{case['number']}"):
        assert person.goes_to(path).answer.status_code == may, path  # type: ignore[union-attr]
    assert person.sends(f"/hotline/calls/{case['number']}/number").answer.status_code == may  # type: ignore[union-attr]
    assert CANARIES[1] not in person.page


def test_who_is_not_signed_in_is_asked_to(hall: Office) -> None:
    for path in ("/hotline", "/promise?category=0604", "/hotline/calls", "/hotline/calls/next", "/hotline/calls/x"):
        answer = hall.client.get(path, follow_redirects=False)
        assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in"), path


@pytest.mark.parametrize("number", ["x", "%00", "9" * 101, NOBODY_S])
def test_a_call_about_no_case_is_not_there(hall: Office, number: str) -> None:
    answer = Person(hall, HOTLINE).goes_to(f"/hotline/calls/{number}").answer
    assert answer is not None and answer.status_code == 404


def test_the_hotline_s_work_is_its_desk(hall: Office) -> None:
    assert at(Person(hall, HOTLINE).goes_to("/mine")) == "/hotline"


def test_the_language_that_was_chosen_stays(hall: Office) -> None:
    desk = calls_in(Person(hall, HOTLINE).goes_to("/hotline?lang=zh"))
    desk.sends("/hotline?lang=zh", **{**SAID, "key": str(uuid4())})
    assert "请读给来电人" in desk.page and "lang=zh" in str(desk.answer.url if desk.answer else "")
