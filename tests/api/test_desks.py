"""The desks of street and department: many at once, filters, a whistle's reasons, replies, and what is printed."""

import gzip
import html
import json
import re
import shlex
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters.boards.morning import morning
from adapters.boards.narrowing import Only
from adapters.boards.street import board as street_board
from adapters.store.errors import Busy, CommitUnknown
from api.desk import Desk
from api.pages.acting.at_hand import BULK, BULK_IN, BULK_OF
from api.pages.bulk import MOST
from api.pages.picture import lit, path_of
from api.pages.reading import Reading
from api.static_files import FILES
from domain.actors import Role
from tests.api.browsers import Person
from tests.api.office import Office
from tests.api.people import (
    CLERK,
    COMMUNITY,
    DISPATCHER,
    GRID,
    HOTLINE,
    LEADER,
    PLEA,
    ROADS,
    STREET,
    SUPERVISOR,
    WATER,
    WORKER,
    assigned,
    at_work,
    logged,
)

BOARD = f"/boards/streets/{STREET}"
ASKED_FOR = (
    "pages.css",
    "desks.css",
    "desks.js",
    "pages.js",
    "forms.js",
    "live.js",
    "news.js",
    "patch.js",
)  # by a board
OTHER_STREET = "540102003"
CANARY = "canary-51c2"
TOLD = {"place": GRID, "source": "hotline", "narrative": CANARY, "reporter": {"name": CANARY, "phone": CANARY}}


def resolved(hall: Office, **said: Any) -> dict[str, Any]:
    return hall.act(WATER, at_work(hall, **said), "result", {"done": "d", "reply": "r"})


def version(hall: Office, case: dict[str, Any]) -> int:
    found: int = hall.get(SUPERVISOR, f"/cases/{case['case']}").json()["version"]
    return found


def section(page: str, key: str) -> str:
    found = re.search(rf'<section[^>]*aria-labelledby="{key}".*?</section>', page, re.DOTALL)
    assert found, key
    return found[0]


def numbers(text: str) -> set[str]:
    return set(re.findall(r'data-label="Number"[^>]*><div>\s*<a [^>]*>([\d-]+)</a>', text))


class Batch:
    """A bar of a list, with some of its rows ticked."""

    def __init__(self, person: Person, key: str, ticked: list[dict[str, Any]]) -> None:
        """`person` looks at the page that has the bar."""
        bar = re.search(
            rf'<form method="post" action="([^"]+)" class="bulk" id="bulk-{key}" data-plain>(.*?)</form>',
            person.page,
            re.DOTALL,
        )
        assert bar, person.page
        self.person, self.address = person, bar[1]
        self.buttons = re.findall(r'name="command" value="([^"]+)"', bar[2])
        self.said: dict[str, Any] = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', bar[2]))
        offered = re.findall(rf'name="item" value="([^"]+)" form="bulk-{key}"', person.page)
        self.said["item"] = [one for one in offered if any(one.startswith(case["case"]) for case in ticked)]

    def press(self, command: str = "", **more: Any) -> Person:
        return self.person.sends(self.address, **{**self.said, "command": command or self.buttons[0], **more})


def test_several_are_acknowledged_at_once_each_with_its_outcome(hall: Office) -> None:
    cases = [assigned(hall) for _ in range(3)]
    hall.whole.boards.catch_up()
    clerk = Person(hall, WATER).goes_to("/boards/departments/water")
    batch = Batch(clerk, "new", cases)
    assert len(batch.said["item"]) == 3 and batch.buttons == ["Acknowledge"]
    gone = hall.act(WATER, cases[1], "requests/return", {"reason": "not ours"})
    hall.act(DISPATCHER, gone, "requests/1/decision", {"granted": True})
    for _ in range(2):  # sent again, it says the same and does nothing
        page = batch.press()
        assert page.answer is not None and page.answer.status_code == 200
        assert "Done: 2. Not done: 1." in page.page
        assert cases[1]["number"] in section(page.page, "bulk_not_so")
        assert {cases[0]["number"], cases[2]["number"]} == set(
            re.findall(r">(540102-[\d-]+)</a>", section(page.page, "bulk_fine"))
        )
        assert [version(hall, case) for case in cases] == [4, 5, 4]
    assert f'href="{html.escape(batch.said["back"])}"' in page.page


def test_who_takes_a_button_twice_for_other_commands_is_not_confused(hall: Office) -> None:
    case = assigned(hall)
    hall.whole.boards.catch_up()
    batch = Batch(Person(hall, WATER).goes_to("/boards/departments/water"), "new", [case])
    batch.press("Acknowledge")
    again = batch.press("ReportIn.by_contact", item=[f"{case['case']}:4"])
    assert "Done: 1. Not done: 0." in again.page
    history = hall.get(CLERK, f"/cases/{case['case']}/history").json()
    assert history[-1]["event"] == "lead-reported-in" and history[-1]["said"]["on_the_spot"] is False


def test_a_batch_tells_nothing_of_what_is_not_within_reach(hall: Office) -> None:
    mine, other = assigned(hall), assigned(hall, to="roads")
    hall.whole.boards.catch_up()
    batch = Batch(Person(hall, WATER).goes_to("/boards/departments/water"), "new", [mine])
    page = batch.press(item=[f"{mine['case']}:3", f"{other['case']}:3", f"{uuid4()}:1"])
    assert "Done: 1. Not done: 2." in page.page and other["number"] not in page.page
    assert version(hall, other) == 3


def test_several_are_verified_and_closed_with_what_is_proposed(hall: Office) -> None:
    cases = [resolved(hall) for _ in range(2)]
    hall.whole.boards.catch_up()
    clerk = Person(hall, CLERK).goes_to(BOARD)
    assert "Done: 2. Not done: 0." in Batch(clerk, "to_verify", cases).press().page
    batch = Batch(clerk.goes_to(BOARD), "to_close", cases)
    page = batch.press()
    assert "Done: 2. Not done: 0." in page.page and batch.buttons == ["CloseCase"]
    assert "Done: 2. Not done: 0." in batch.press().page
    told = [hall.get(CLERK, f"/cases/{case['case']}").json() for case in cases]
    assert {(one["state"], one["outcome"]) for one in told} == {("closed", "solved")}


@pytest.mark.parametrize(
    ("error", "words"), [(Busy, "Reload in a while"), (CommitUnknown, "It may be written, or not")]
)
def test_what_was_not_written_is_sent_again_by_one_button(
    hall: Office, monkeypatch: pytest.MonkeyPatch, error: type[Exception], words: str
) -> None:
    cases = [logged(hall, category="0406") for _ in range(2)]
    up = [
        hall.act(WORKER, hall.act(WORKER, case, "referral", {"reason": "r"}), "notes", {"text": "t"}) for case in cases
    ]
    up = [hall.act((Role.COMMUNITY, COMMUNITY), case, "referral", {"reason": "r"}) for case in up]
    hall.whole.boards.catch_up()
    batch = Batch(Person(hall, CLERK).goes_to(BOARD), "inbox", up)
    turns = iter([True, False])
    in_turn = Desk.in_turn

    async def once_busy(self: Desk, act: Any) -> Any:
        if next(turns, False):
            raise error("wait")
        return await in_turn(self, act)

    monkeypatch.setattr(Desk, "in_turn", once_busy)
    page = batch.press()
    assert "Done: 1. Not done: 1." in page.page and words in page.page
    retry = next(form for form in page.forms() if form["action"].startswith("/bulk"))
    assert retry["fields"]["key"] == batch.said["key"]
    page.sends(retry["action"], **retry["fields"])
    assert "Done: 1. Not done: 0." in page.page
    assert [hall.get(CLERK, f"/cases/{case['case']}").json()["state"] for case in cases] == ["handling"] * 2


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"item": []}, 422),
        ({"item": [f"{uuid4()}:1" for _ in range(MOST + 1)]}, 422),
        ({"item": ["x:1"]}, 404),
        ({"item": [f"{uuid4()}:-1"]}, 404),
        ({"item": [str(uuid4())]}, 404),
        ({"item": [f"{uuid4()}:1"], "command": "EraseReporter"}, 404),
        ({"item": [f"{uuid4()}:1"], "key": "x"}, 404),
    ],
)
def test_a_batch_that_is_none_is_said_to_be_none(hall: Office, said: dict[str, Any], status: int) -> None:
    person = Person(hall, CLERK).sends(
        "/bulk", **{"key": str(uuid4()), "command": "HandleCase", "back": "//evil", **said}
    )
    assert person.answer is not None and person.answer.status_code == status
    assert "evil" not in person.page and (status == 404 or "Back to the list" in person.page)
    hall.client.cookies.clear()
    nobody = hall.client.post(
        "/bulk", data={"command": "HandleCase"}, headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False
    )
    assert nobody.status_code == 303 and nobody.headers["location"].startswith("/sign-in")


def test_a_hundred_are_the_most_and_nothing_of_more_is_done(hall: Office) -> None:
    case = assigned(hall)
    items = [f"{case['case']}:3", *(f"{uuid4()}:1" for _ in range(MOST))]
    Person(hall, WATER).sends("/bulk", key=str(uuid4()), command="Acknowledge", item=items)
    assert version(hall, case) == 3


def test_whoever_comes_back_to_an_answer_by_its_address_finds_a_page(hall: Office) -> None:
    case = at_work(hall)
    person = Person(hall, WATER).goes_to("/bulk")
    assert person.answer is not None and "/boards/departments/water" in str(person.answer.url)
    person.goes_to(f"/cases/{case['case']}/do/ReportResult/preview")
    assert str(person.answer.url).endswith(f"/cases/{case['case']}#do-ReportResult")


def test_what_is_offered_at_once_can_be_given_at_once() -> None:
    offered = {name for table in (BULK_IN, BULK_OF) for names in table.values() for name in names}
    assert offered <= set(BULK)


def test_bars_and_buttons_are_for_ones_own_office(hall: Office) -> None:
    resolved(hall)
    assigned(hall)
    hall.whole.boards.catch_up()
    for path, own, others in (
        (BOARD, CLERK, SUPERVISOR), ("/boards/departments/water", WATER, SUPERVISOR),
    ):  # fmt: skip
        assert 'action="/bulk' in Person(hall, own).goes_to(path).page
        page = Person(hall, others).goes_to(path).page
        assert 'action="/bulk' not in page and "/do/" not in page and 'type="checkbox"' not in page


def test_a_box_to_tick_stands_only_where_one_of_the_buttons_above_does_something(hall: Office) -> None:
    """What the street did itself is for somebody else to verify."""
    theirs, ours = resolved(hall), hall.act(WORKER, logged(hall), "referral", {"reason": "r"})
    ours = hall.act((Role.COMMUNITY, COMMUNITY), ours, "referral", {"reason": "r"})
    for step, body in (("handling", {}), ("result", {"done": "d", "reply": "r"})):
        ours = hall.act(CLERK, ours, step, body)
    hall.whole.boards.catch_up()
    page = Person(hall, CLERK).goes_to(BOARD).page
    assert {theirs["number"], ours["number"]} <= numbers(section(page, "to_verify"))
    ticks = re.findall(r'name="item" value="([^":]+):\d+" form="bulk-to_verify"', page)
    assert ticks == [theirs["case"]]
    hall.act(CLERK, theirs, "verification", {"passed": True})
    hall.whole.boards.catch_up()
    page = Person(hall, CLERK).goes_to(BOARD).page
    assert ours["number"] in section(page, "to_verify")
    assert 'id="bulk-to_verify"' not in page and 'type="checkbox"' not in section(page, "to_verify")


# --- effort


def test_efforts(hall: Office) -> None:
    """Acknowledge: one tap. Verify: one tap. Whistle: at most five fields, all filled."""
    case = assigned(hall)
    hall.whole.boards.catch_up()
    board = Person(hall, WATER).goes_to("/boards/departments/water").does("Acknowledge", "water")
    assert "Done: acknowledge." in board.page and "/boards/departments/water" in str(board.answer and board.answer.url)
    board.does("ReportIn", "water")
    assert "Done: report in." in board.page
    done = hall.post(WATER, f"/cases/{case['case']}/result", {"done": "d", "reply": "r"}, seen=version(hall, case))
    assert done.status_code == 201
    hall.whole.boards.catch_up()
    assert "Done: pass the verification." in Person(hall, CLERK).goes_to(BOARD).does("PassVerification").page
    told = hall.post(CLERK, "/cases", {"category": "0406", "place": GRID, "source": "counter"}).json()
    leader = Person(hall, LEADER).goes_to(f"/cases/{told['case']}")
    plea = next(f for f in leader.forms() if f["action"].split("?")[0].endswith("/do/BlowWhistle"))["fields"]
    asked = {name: value for name, value in plea.items() if name.startswith("plea.")}
    assert len(asked) <= 5 and all(asked.values())
    assert "Done: blow the whistle." in leader.does("BlowWhistle").page


def test_a_department_finds_the_next_step_near_at_hand(hall: Office) -> None:
    assigned(hall)
    hall.whole.boards.catch_up()
    page = Person(hall, WATER).goes_to("/boards/departments/water").page
    assert "/do/Acknowledge" in page and "/do/ReportIn" in page and "#do-RequestReturn" in page
    at_work(hall)
    hall.whole.boards.catch_up()
    page = section(Person(hall, WATER).goes_to("/boards/departments/water").page, "at_work_list")
    assert "#do-ReportResult" in page and "#do-RequestExtension" in page
    hall.time.goes_on(24 * 30)
    late = section(Person(hall, WATER).goes_to("/boards/departments/water").page, "overdue")
    assert "#do-RequestSuspension" in late and "#do-RequestExtension" not in late


def test_a_button_in_a_row_is_one_that_may_be_pressed_now(hall: Office) -> None:
    asked = hall.act(WATER, at_work(hall), "requests/return", {"reason": "not ours", "suggested": "roads"})

    def rows() -> str:
        hall.whole.boards.catch_up()
        return section(Person(hall, WATER).goes_to("/boards/departments/water").page, "at_work_list")

    assert "#do-ReportResult" in rows()
    refused = hall.act(DISPATCHER, asked, "requests/1/decision", {"granted": False, "reason": "it is yours"})
    hall.act(WATER, refused, "disputes", {"reason": "the list of duties says roads"})
    assert asked["number"] in rows() and "#do-" not in rows()


def test_what_is_asked_is_not_offered_to_be_asked_again(hall: Office) -> None:
    case = assigned(hall)
    hall.whole.boards.catch_up()
    clerk = Person(hall, WATER)
    assert "#do-RequestReturn" in section(clerk.goes_to("/boards/departments/water").page, "new")
    hall.act(WATER, case, "requests/return", {"reason": "not ours", "suggested": "roads"})
    hall.whole.boards.catch_up()
    page = section(clerk.goes_to("/boards/departments/water").page, "new")
    assert case["number"] in page and "/do/Acknowledge" in page and "#do-RequestReturn" not in page


# --- filters


def test_a_street_board_is_narrowed_by_its_address(hall: Office) -> None:
    old = hall.act(LEADER, logged(hall, category="0406"), "whistles", {"plea": PLEA})
    hall.time.goes_on(24 * 20)
    new = hall.act(LEADER, logged(hall, category="0601", place="540102002002001"), "whistles", {"plea": PLEA})
    held = hall.act(SUPERVISOR, new, "supervisions", {"level": "yellow", "addressee": STREET, "reason": "long"})
    hall.whole.boards.catch_up()
    person = Person(hall, CLERK)

    def listed(query: str) -> set[str]:
        return numbers(person.goes_to(f"{BOARD}?{query}").page)

    both = {old["number"], held["number"]}
    assert listed("") == both and listed("light=purple") == both
    assert listed("light=red") == {old["number"]} and listed("light=yellow") == set()
    assert listed("category=0406") == {old["number"]} and listed("category=06") == {held["number"]}
    assert listed("category=nowhere") == set() and listed("category=%00") == both - both
    assert listed("community=540102002002") == {held["number"]} and listed("supervised=yes") == {held["number"]}
    assert listed("light=red&supervised=yes") == set()
    page = person.goes_to(f"{BOARD}?light=red").page
    assert 'aria-current="true"' in page and f'href="{BOARD}"' in page  # one tap back
    assert "Only cases that meet the filters" in page


def test_figures_are_of_all_whatever_is_listed(hall: Office) -> None:
    hall.act(LEADER, logged(hall), "whistles", {"plea": PLEA})
    hall.whole.boards.catch_up()
    engine, now = hall.whole.boards.engine, hall.time.now
    every, some = street_board(engine, STREET, now), street_board(engine, STREET, now, Only(light="red"))
    assert every.phases == some.phases and len(every.whistled) == 1 and some.whistled == ()


def test_a_departments_board_is_narrowed_too(hall: Office) -> None:
    here = assigned(hall)
    hall.time.goes_on(24 * 5)
    there = hall.post(HOTLINE, "/cases", {"category": "0601", "place": OTHER_STREET, "source": "hotline"}).json()
    there = hall.act((Role.STREET_LEADER, OTHER_STREET), there, "whistles", {"plea": PLEA})
    hall.act(DISPATCHER, there, "assignments", {"lead": "water"})
    hall.whole.boards.catch_up()
    person = Person(hall, WATER)
    for query, wanted in (
        ("", {here["number"], there["number"]}), (f"street={OTHER_STREET}", {there["number"]}),
        ("category=0406", {here["number"]}), ("light=green", {there["number"]}), ("light=red", {here["number"]}), ("supervised=yes", set()),
    ):  # fmt: skip
        assert numbers(person.goes_to(f"/boards/departments/water?{query}").page) == wanted, query


# --- requests


def test_a_leader_decides_on_a_card(hall: Office) -> None:
    case = hall.post(CLERK, "/cases", {"category": "0406", "place": GRID, "source": "counter"}).json()
    hall.act(CLERK, case, "requests/whistle", {"plea": {**PLEA, "why": "beyond us", "departments": ["water"]}})
    hall.act(WATER, at_work(hall), "requests/extension", {"by": "2 working days", "reason": "parts"})
    hall.whole.boards.catch_up()
    leader = Person(hall, LEADER).goes_to(BOARD)
    cards = section(leader.page, "requests")
    assert cards.count("<article") == 2 and "beyond us" in cards and "Water Affairs" in cards and "parts" in cards
    assert "/do/GrantExtension" in cards and "/do/RejectRequest" in cards
    assert '<span class="count">2</span>' in cards
    assert "Done: grant the whistle." in leader.does("GrantWhistle").page
    clerk = section(Person(hall, CLERK).goes_to(BOARD).page, "requests")
    assert "<article" not in clerk and "parts" in clerk


# --- the whistle's reasons


def test_a_whistle_proposes_departments_with_the_reason(hall: Office) -> None:
    before = resolved(hall, category="0406")
    other = hall.post(CLERK, "/cases", {"category": "0406", "place": "540102002002001", "source": "counter"}).json()
    other = hall.act(LEADER, other, "whistles", {"plea": PLEA})
    hall.act(DISPATCHER, other, "assignments", {"lead": "emergency"})
    far = hall.post(HOTLINE, "/cases", {"category": "0406", "place": OTHER_STREET, "source": "hotline"}).json()
    far = hall.act((Role.STREET_LEADER, OTHER_STREET), far, "whistles", {"plea": PLEA})
    hall.act(DISPATCHER, far, "assignments", {"lead": "housing"})
    hall.whole.boards.catch_up()
    case = hall.post(CLERK, "/cases", {"category": "0406", "place": GRID, "source": "counter"}).json()
    page = Person(hall, LEADER).goes_to(f"/cases/{case['case']}").page
    form = page[page.index('id="do-BlowWhistle"') :]
    form = form[: form.index("</form>")]
    rows = re.findall(
        r'value="(\w+)" id="[^"]*"( checked)?[^>]*>[^<]*</label>\s*<span class="quiet">(.*?)</span></div>',
        form,
        re.DOTALL,
    )
    told = {unit: (bool(checked), why) for unit, checked, why in rows}
    assert list(told) == ["water", "roads", "emergency"]
    assert told["water"][0] and "usual for “standing water”" in told["water"][1]
    assert "came last time for this grid: " in told["water"][1] and f">{before['number']}</a>" in told["water"][1]
    assert not told["emergency"][0] and "came last time in this street" in told["emergency"][1]
    assert other["number"] in told["emergency"][1] and far["number"] not in form


def test_who_came_to_what_is_not_within_reach_is_not_told(hall: Office) -> None:
    before = resolved(hall, category="0406")
    other = hall.post(CLERK, "/cases", {"category": "0406", "place": "540102002002001", "source": "counter"}).json()
    other = hall.act(LEADER, other, "whistles", {"plea": PLEA})
    hall.act(DISPATCHER, other, "assignments", {"lead": "emergency"})
    hall.whole.boards.catch_up()
    page = Person(hall, WORKER).goes_to(f"/cases/{logged(hall, category='0406')['case']}").page
    assert 'id="do-RequestWhistle"' in page and before["number"] in page and other["number"] not in page


def test_what_was_tried_comes_from_the_cases_own_file(hall: Office) -> None:
    case = hall.act(WORKER, logged(hall), "notes", {"text": CANARY})
    case = hall.act(WORKER, case, "referral", {"reason": "the valve does not close."})
    case = hall.act((Role.COMMUNITY, COMMUNITY), case, "referral", {"reason": "no pump"})
    tried = _tried(hall, case)
    assert "referred it up: the valve does not close. " in tried and "referred it up: no pump." in tried
    assert "Notes on file (sealed): 1." in tried and CANARY not in tried
    case = hall.act(LEADER, case, "whistles", {"plea": PLEA})
    case = hall.act(DISPATCHER, case, "whistles/refusal", {"reason": "the street can"})
    assert "An earlier whistle was declined: the street can." in _tried(hall, case)
    fresh = hall.post(CLERK, "/cases", {"category": "0406", "place": GRID, "source": "counter"}).json()
    assert "have been on the spot" in _tried(hall, fresh)


def _tried(hall: Office, case: dict[str, Any]) -> str:
    page = Person(hall, LEADER).goes_to(f"/cases/{case['case']}")
    form = next(f for f in page.forms() if f["action"].split("?")[0].endswith("/do/BlowWhistle"))
    return str(form["fields"]["plea.tried"])


# --- replies


def test_a_standard_reply_stands_in_the_field_and_another_can_be_used(hall: Office) -> None:
    case = at_work(hall, category="0406")
    person = Person(hall, WATER).goes_to(f"/cases/{case['case']}")
    form = next(f for f in person.forms() if f["action"].split("?")[0].endswith("/do/ReportResult"))
    assert form["fields"]["reply"].startswith("The standing water that you reported has been drained")
    offered = re.findall(r'<option value="([^"]+)"[^>]*>(drained|dealt with|more time needed)<', person.page)
    assert [name for _, name in offered] == ["drained", "dealt with", "more time needed"]
    preview = re.search(r'formaction="([^"]+)"', person.page)
    assert preview
    standard = html.unescape(offered[2][0])
    person.sends(preview[1], **{**form["fields"], "done": "pumped", "use": "yes", "standard": standard})
    form = next(f for f in person.forms() if f["action"].split("?")[0].endswith("/do/ReportResult"))
    assert (form["fields"]["reply"], form["fields"]["done"]) == (offered[2][0], "pumped")
    assert f'<p class="said" data-mirrors="do-ReportResult-reply">{offered[2][0]}</p>' in person.page
    person.sends(preview[1], **{**form["fields"], "reply": "<b>Own</b> words"})
    assert "&lt;b&gt;Own&lt;/b&gt; words</p>" in person.page and '<details class="reading" open>' in person.page
    assert version(hall, case) == case["version"]  # nothing was written
    assert "Done: report the result." in person.does("ReportResult", reply="<b>Own</b> words").page
    assert hall.get(WATER, f"/cases/{case['case']}/history").json()[-1]["said"]["reply"] == "<b>Own</b> words"


def test_only_what_a_resident_reads_is_previewed(hall: Office) -> None:
    case = logged(hall)
    person = Person(hall, LEADER).sends(f"/cases/{case['case']}/do/CancelCase/preview", key=str(uuid4()), seen="1")
    assert person.answer is not None and person.answer.status_code == 404


# --- deadlines and the path


def test_a_deadline_is_a_strip_of_days_that_adds_up(hall: Office) -> None:
    hall.time.goes_on(24 * 4)  # a Friday: a weekend lies in the way
    case = at_work(hall)
    page = Person(hall, WATER).goes_to(f"/cases/{case['case']}").page
    told = [one for one in hall.get(WATER, f"/cases/{case['case']}/deadlines").json() if one["days"]]
    strips = re.findall(r'<ol class="strip".*?</ol>', page[page.index('id="deadlines"') :], re.DOTALL)
    assert len(strips) == len(told) > 3
    for strip, one in zip(strips, told, strict=True):
        assert re.findall(r'datetime="([\d-]+)"', strip) == [day["day"] for day in one["days"]]
        kinds = re.findall(r'<li class="(\w+)">', strip)
        assert kinds == ["counted" if day["counted_seconds"] else "skipped" for day in one["days"]]
        assert (strip.count("✓"), strip.count("✕")) == (kinds.count("counted"), kinds.count("skipped"))
        assert strip.count('class="end"') == 1
    sums = re.findall(r"(\d+) days: (\d+) counted, (\d+) skipped", page[page.index('id="deadlines"') :])
    assert 'class="skipped"' in strips[1]
    assert all(int(days) == int(counted) + int(skipped) for days, counted, skipped in sums) and len(sums) == len(told)


def test_the_path_of_a_case_is_lit_in_its_own_order(hall: Office) -> None:
    case = hall.act(LEADER, logged(hall), "whistles", {"plea": PLEA})
    case = hall.act(DISPATCHER, case, "whistles/refusal", {"reason": "the street can"})
    case = hall.act(LEADER, case, "whistles", {"plea": PLEA})
    case = hall.act(DISPATCHER, case, "assignments", {"lead": "water"})
    path = path_of(hall.whole.casework.file(UUID(case["case"])))
    assert [(one.source, one.target) for one in path] == [
        ("", "logged"), ("logged", "escalated"), ("escalated", "logged"), ("logged", "escalated"), ("escalated", "assigned"),
    ]  # fmt: skip
    taken = {one.numbers for one in lit(path) if one.numbers}
    assert taken == {(1,), (2, 4), (3,), (5,)}
    page = section(Person(hall, CLERK).goes_to(f"/cases/{case['case']}").page, "path")
    told = re.search(r"<desc[^>]*>(.*?)</desc>", page, re.DOTALL)
    assert told and "1. begins: logged; 2. logged → escalated; 3. escalated → logged;" in told[1]
    assert "Now: assigned." in told[1] and ">2·4</text>" in page and page.count("here") == 1
    assert page.count(" lit") == len(taken)
    case = hall.act(SUPERVISOR, case, "supervisions", {"level": "yellow", "addressee": "water", "reason": "r"})
    assert len(path_of(hall.whole.casework.file(UUID(case["case"])))) == 5  # what changes no phase is no step


def test_a_way_that_the_picture_does_not_draw_is_told_all_the_same(hall: Office) -> None:
    case = hall.act(LEADER, logged(hall), "cancellation", {"reason": "mistake"})
    page = section(Person(hall, CLERK).goes_to(f"/cases/{case['case']}").page, "path")
    assert "logged → cancelled" in page and "Now: cancelled." in page and "here" not in page


# --- what is printed


def test_the_morning_sheet_lists_what_today_asks(hall: Office) -> None:
    late = assigned(hall, category="0406")
    hall.time.goes_on(24 * 14)
    today = hall.post(CLERK, "/cases", {"category": "0604", "place": GRID, "source": "counter"}).json()
    said = {**TOLD, "category": "0604"}
    call = hall.post(HOTLINE, "/cases", said).json()
    for step, body in (("handling", {}), ("result", {"done": "d", "reply": "r"})):
        call = hall.act(CLERK, call, step, body)
    call = hall.act(WORKER, call, "verification", {"passed": True})
    hall.whole.boards.catch_up()
    now = hall.time.now
    lists = {one.key: one for one in morning(hall.whole.boards.engine, STREET, now, now + timedelta(hours=24))}
    told = {key: {line.number for line in one.lines} for key, one in lists.items()}
    assert told["morning_overdue"] == told["morning_unanswered"] == told["morning_promises"] == {late["number"]}
    assert told["morning_today"] == {today["number"]} and told["morning_calls"] == {call["number"]}
    page = Person(hall, CLERK).goes_to(f"{BOARD}/morning").page
    assert CANARY not in page and "Edition 540102@1" in page and "Morning sheet of 2026-03-1" in page
    for key in lists:
        assert section(page, key)
    main = page[page.index('class="sheet"') : page.index("</main>")]
    assert "<form" not in main and "<button" not in main


def test_a_long_morning_is_cut_and_counted(hall: Office) -> None:
    for _ in range(11):
        hall.act(LEADER, logged(hall), "whistles", {"plea": PLEA})
    hall.whole.boards.catch_up()
    page = section(Person(hall, CLERK).goes_to(f"{BOARD}/morning").page, "morning_unanswered")
    assert len(numbers(page)) == 6 and '<span class="count">11</span>' in page and "5 more: see the board" in page


@pytest.mark.parametrize(
    "path", [f"/boards/streets/{OTHER_STREET}/morning", f"/boards/streets/{GRID}/morning", "/cases/x/file"]
)
def test_sheets_are_for_those_within_whose_reach_they_are(hall: Office, path: str) -> None:
    person = Person(hall, CLERK).goes_to(path)
    assert person.answer is not None and person.answer.status_code == 404
    hall.client.cookies.clear()
    assert "/sign-in" in str(hall.client.get(path).url)


def test_a_case_file_is_the_whole_case_without_buttons_or_sealed_words(hall: Office) -> None:
    said = {**TOLD, "category": "0406"}
    case = hall.post(HOTLINE, "/cases", said).json()
    case = hall.act(LEADER, case, "whistles", {"plea": PLEA})
    case = hall.act(DISPATCHER, case, "assignments", {"lead": "water"})
    case = hall.act(WATER, case, "notes", {"text": CANARY})
    case = hall.act(WATER, case, "requests/return", {"reason": "not ours"})
    page = Person(hall, CLERK).goes_to(f"/cases/{case['number']}/file").page
    main = page[page.index("<main") : page.index("</main>")]
    assert CANARY not in page and "<form" not in main and "<button" not in main and "<details" not in main
    for key in ("now", "details", "assignments", "case_requests", "timeline", "deadlines"):
        assert section(page, key)
    history = hall.get(CLERK, f"/cases/{case['case']}/history").json()
    assert section(page, "timeline").count('<p class="quiet">') == len(history)
    assert section(page, "deadlines").count('<ol class="strip"') > 3 and "not ours" in page


# --- tables


def browser_of(person: Person) -> Any:
    """The client of somebody who is signed in."""
    person.goes_to("/flow")
    return person.hall.client


def test_a_list_of_cases_has_a_bar_of_what_ones_office_gives(hall: Office) -> None:
    case = resolved(hall)
    hall.whole.boards.catch_up()
    clerk = Person(hall, CLERK).goes_to("/cases?state=resolved")
    batch = Batch(clerk, "found", [case])
    assert batch.buttons == ["PassVerification"]
    assert "Done: 1. Not done: 0." in batch.press("PassVerification").page
    assert 'action="/bulk' not in Person(hall, SUPERVISOR).goes_to("/cases").page


# --- the same by the API


def test_every_command_line_is_accepted_as_it_stands(hall: Office) -> None:
    """Each button's line is sent to the API as it is shown: at least eight commands are taken, of every control."""
    case = logged(hall, category="0406")
    told = hall.post(CLERK, "/cases", {"category": "0608", "place": GRID, "source": "counter"}).json()
    work = at_work(hall, category="0110")
    done = resolved(hall)
    verified = hall.act(WORKER, resolved(hall), "verification", {"passed": True})
    new = assigned(hall)
    escalated = hall.act(LEADER, logged(hall), "whistles", {"plea": PLEA})
    hall.whole.boards.catch_up()
    accepted = set[str]()
    for who, one, names in (
        (WORKER, case, ("referral",)),
        (CLERK, told, ("answer",)),
        (LEADER, hall.post(CLERK, "/cases", {"category": "0406", "place": GRID, "source": "counter"}).json(), ("whistles",)),
        (DISPATCHER, escalated, ("assignments",)),
        (WATER, new, ("acknowledgement",)),
        (WATER, work, ("extension", "suspension", "result")),
        (WORKER, done, ("verification",)),
        (CLERK, verified, ("closure",)),
        (LEADER, verified, ("rating",)),
    ):  # fmt: skip
        for name in names:
            accepted.add(_sent_as_shown(hall, who, one, name))
    assert len(accepted) == 11


def _sent_as_shown(hall: Office, who: tuple[Role, str], case: dict[str, Any], name: str) -> str:
    hall.time.goes_on(0.1)
    page = Person(hall, who).goes_to(f"/cases/{case['case']}").page
    lines = [html.unescape(found) for found in re.findall(r"<pre[^>]*><code>(.*?)</code>", page, re.DOTALL)]
    shown = {words[3].rsplit("/", 1)[-1]: words for words in map(shlex.split, lines)}[name]
    path, body = shown[3].removeprefix("$BASE/api/v1"), json.loads(shown[shown.index("-d") + 1])
    seen = next(int(word.split('"')[1]) for word in shown if word.startswith("If-Match"))
    answer = hall.post(who, path, body, seen=seen)
    assert answer.status_code == 201, (name, body, answer.text)
    return name


def test_a_command_line_survives_a_shell(hall: Office) -> None:
    case = hall.post(
        CLERK, "/cases", {"category": "0406", "place": GRID, "source": "counter", "summary": 'it\'s $HOME `x` "q"'}
    )
    page = Person(hall, LEADER).goes_to(f"/cases/{case.json()['case']}").page
    lines = [html.unescape(found) for found in re.findall(r"<pre[^>]*><code>(.*?)</code>", page, re.DOTALL)]
    words = next(shlex.split(line) for line in lines if "/whistles" in line)
    assert 'it\'s $HOME `x` "q"' in json.loads(words[words.index("-d") + 1])["plea"]["why"]


# --- weight


def test_a_full_street_board_weighs_little(hall: Office) -> None:
    """HTML, style and script of a street's board with sixty rows: at most 25 KB over the wire, cold."""
    for n in range(60):
        hall.post(
            CLERK,
            "/cases",
            {"category": ("0406", "0102", "0110")[n % 3], "place": GRID, "source": "counter", "summary": f"number {n}"},
        )
    hall.whole.boards.catch_up()
    page = Person(hall, LEADER).goes_to(BOARD).page
    assert len(numbers(section(page, "inbox"))) == 60
    sizes = {"page": len(gzip.compress(page.encode()))}
    sizes |= {name: len(gzip.compress(FILES[name])) for name in ASKED_FOR}
    assert sum(sizes.values()) <= 25_000, sizes


def test_the_board_names_nobody(hall: Office) -> None:
    said = {**TOLD, "category": "0604"}
    hall.post(HOTLINE, "/cases", said)
    hall.act(ROADS, assigned(hall, to="roads"), "assignments/roads/acknowledgement")
    hall.whole.boards.catch_up()
    v = Reading("en", chosen=False, path="/", whole=hall.whole)
    staff = hall.staff
    for path in (BOARD, f"{BOARD}/morning", "/cases", "/cases.csv"):
        text = browser_of(Person(hall, CLERK)).get(path).text
        assert CANARY not in text and not [name for name in staff if name in text] and v.plain(GRID) in text
