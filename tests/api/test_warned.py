"""What may tell who somebody is: whoever writes it is shown it once, a clerk has it in a list until it is looked at, nobody else reads it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from adapters.boards import street
from adapters.boards.openly import SUMMARY
from adapters.boards.rebuilding import rebuild
from adapters.boards.tables import cases
from domain.unsealed import WRITTEN
from tests.api.browsers import Markup, Person
from tests.api.office import Office, office
from tests.api.people import CLERK, DISPATCHER, GRID, HOTLINE, LEADER, PLEA, STREET, WATER, WORKER, at_work, logged
from tests.api.residents import demo
from tests.granted import of_cases

PHONE, LANDLINE = "13800138000", "0891-6321234"
TOLD = f"Mr. Wang, {PHONE}, says that it leaks"
BOARD = f"/boards/streets/{STREET}"


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with office(tmp_path, url=url) as opened:
        yield opened


def marked(hall: Office) -> list[str]:
    hall.whole.boards.catch_up()
    return [str(line.case) for line in street.board(hall.whole.boards.engine, STREET, hall.time.now).marked]


# --- machines are told, and nothing is refused


def test_a_program_is_told_what_was_found_and_it_is_written(hall: Office) -> None:
    case = logged(hall, summary=TOLD)
    found = {"field": "summary", "kind": "phone", "start": 10, "end": 21}
    assert case["warnings"] == [found] and case["summary"] == TOLD
    assert hall.get(CLERK, f"/cases/{case['case']}").json()["warnings"] == [], "it is said of what was sent"
    assert logged(hall, summary="It leaks", narrative=TOLD)["warnings"] == [], "what is sealed is nobody's business"


def test_the_same_command_again_is_told_the_same(hall: Office) -> None:
    key, said = str(uuid4()), {"category": "0406", "place": GRID, "source": "patrol", "summary": TOLD}
    first, again = (hall.post(WORKER, "/cases", said, key=key).json() for _ in range(2))
    assert first["warnings"] == again["warnings"] != []


def test_what_would_be_written_is_told_before(hall: Office) -> None:
    case = hall.act(LEADER, logged(hall), "whistles", {"plea": PLEA})
    told = hall.act(LEADER, logged(hall), "whistles", {"plea": {**PLEA, "why": f"ask {PHONE}"}})
    assert [(one["field"], one["start"]) for one in told["warnings"]] == [("plea.why", 4)]
    more = {"If-Match": f'"{case["version"]}"', "Idempotency-Key": str(uuid4())}
    path = f"/api/v1/cases/{case['case']}/requests/1/decision?preview=true"
    assert hall.client.post(path, json={"granted": True}, headers=hall.headers(LEADER, **more)).status_code in (
        403,
        404,
        409,
    )


# --- whoever writes is shown it, once


def sent(person: Person, action: str, **said: str) -> Person:
    form = next(form for form in person.forms() if form["action"] == action)
    return person.sends(action, **{**form["fields"], **said})


def anyway(person: Person) -> str:
    """What the button says that writes it all the same."""
    found = re.search(r'<button class="button plain" name="anyway" value="(\w+)"', person.page)
    assert found
    return found[1]


def test_a_form_comes_back_and_is_written_all_the_same(hall: Office) -> None:
    case = at_work(hall)["case"]
    water = Person(hall, WATER).goes_to(f"/cases/{case}")
    action = f"/cases/{case}/do/ReportResult"
    sent(water, action, done=f"Asked {PHONE}.", reply=f"Call {LANDLINE}.")
    assert water.status == 422 and Markup(water.page).faults == []
    for words in (
        "Please look once more",
        f"It looks like a phone number: {PHONE}.",
        LANDLINE,
        "Write it all the same",
    ):
        assert words in water.page
    assert "resolved" not in hall.get(WATER, f"/cases/{case}").json()["state"]
    form = next(form for form in water.forms() if form["action"] == action)
    assert form["fields"]["done"] == f"Asked {PHONE}.", "what was written stays"
    water.sends(action, **form["fields"], anyway=anyway(water))
    assert hall.get(WATER, f"/cases/{case}").json()["state"] == "resolved"


def test_what_was_changed_needs_no_yes_and_what_is_new_is_shown(hall: Office) -> None:
    case = at_work(hall)["case"]
    water = Person(hall, WATER).goes_to(f"/cases/{case}")
    action = f"/cases/{case}/do/ReportResult"
    sent(water, action, done=f"Asked {PHONE}.", reply="Done.")
    form = next(form for form in water.forms() if form["action"] == action)
    other = {**form["fields"], "done": "Asked 13912345678."}
    seen = anyway(water)
    assert water.sends(action, **other, anyway=seen).status == 422 and anyway(water) != seen, (
        "that was not what they saw"
    )
    assert water.sends(action, **{**form["fields"], "done": "Asked the owner."}).status == 200
    assert hall.get(WATER, f"/cases/{case}").json()["state"] == "resolved" and marked(hall) == []


@pytest.mark.parametrize(("who", "path"), [(WORKER, "/log"), (HOTLINE, "/hotline")])
def test_whoever_logs_is_shown_it_as_well(hall: Office, who: Any, path: str) -> None:
    person = Person(hall, who).goes_to(path)
    said = {"category": "0406", "place": GRID, "summary": TOLD}
    sent(person, path, **said)
    assert person.status == 422 and PHONE in person.page and of_cases(hall.whole) == 0
    form = next(form for form in person.forms() if form["action"] == path)
    person.sends(path, **{**form["fields"], **said}, anyway=anyway(person))
    assert person.status == 200 and of_cases(hall.whole) == 1


def test_what_is_near_is_asked_after_it_and_the_yes_is_kept(hall: Office) -> None:
    logged(hall)
    hall.whole.boards.catch_up()
    worker = Person(hall, WORKER).goes_to("/log")
    said = {"category": "0406", "place": GRID, "summary": TOLD}
    sent(worker, "/log", **said)
    form = next(form for form in worker.forms() if form["action"] == "/log")
    worker.sends("/log", **{**form["fields"], **said}, anyway=anyway(worker))
    assert worker.status == 200 and of_cases(hall.whole) == 1 and "seen_near" in worker.page
    form = next(form for form in worker.forms() if form["action"] == "/log")
    worker.sends("/log", **{**form["fields"], **said})
    assert of_cases(hall.whole) == 2


def test_while_it_is_written_it_is_said_and_kept_nowhere(hall: Office) -> None:
    worker = Person(hall, WORKER)
    said = worker.sends("/look-over", **{"plea.why": TOLD}).page
    assert "This is not sealed" in said and PHONE in said
    assert worker.sends("/look-over", narrative=TOLD).page.strip() == ""
    assert worker.sends("/look-over", reason="it leaks").page.strip() == ""
    hall.client.cookies.clear()
    own = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    answer = hall.client.post("/look-over", data={"reason": TOLD}, headers=own, follow_redirects=False)
    assert answer.status_code == 303 and of_cases(hall.whole) == 0


def test_the_browser_asks_about_the_fields_that_are_not_sealed() -> None:
    script = Path("api/static/looking.js").read_text(encoding="utf-8")
    (line,) = (line for line in script.splitlines() if line.startswith("const OPEN"))
    assert set(line.split("(")[2].split(")")[0].split("|")) == WRITTEN


# --- the clerk looks, and until then nobody else reads it


def test_a_clerk_has_it_in_a_list_until_they_say_that_it_is_fine(both: Office) -> None:
    hall = both
    fine, case = logged(hall, summary="It leaks"), logged(hall, summary=TOLD)
    assert marked(hall) == [case["case"]] and fine["warnings"] == []
    board = Person(hall, CLERK).goes_to(BOARD)
    assert "May hold personal data" in board.page and f"/cases/{case['number']}#do-ClearWords" in board.page
    clerk = board.goes_to(f"/cases/{case['case']}")
    assert f"<mark>{PHONE}</mark>" in clerk.page and Markup(clerk.page).faults == []
    assert "<mark>" not in Person(hall, WORKER).goes_to(f"/cases/{case['case']}").page
    sent(clerk, f"/cases/{case['case']}/do/ClearWords")
    assert clerk.status == 200 and "<mark>" not in clerk.page and marked(hall) == []
    assert "The words were looked at, up to entry 1" in clerk.page


def test_or_until_they_put_it_right(hall: Office) -> None:
    case = logged(hall, summary=TOLD)
    assert marked(hall) == [case["case"]]
    hall.act(WORKER, case, "amendments", {"summary": "It leaks"})
    assert marked(hall) == []


def test_a_case_that_has_ended_is_looked_at_too(hall: Office) -> None:
    case = logged(hall, summary=TOLD)
    hall.act(CLERK, case, "cancellation", {"reason": "duplicate"})
    assert marked(hall) == [case["case"]]
    hall.act(CLERK, hall.get(CLERK, f"/cases/{case['case']}").json(), "words/clearing", {"upto": 2})
    assert marked(hall) == []


def test_only_the_street_says_that_it_is_fine_and_only_of_what_is_there(hall: Office) -> None:
    case = logged(hall, summary=TOLD)
    for who, upto, code in (
        (WORKER, 1, "only_the_street"),
        (DISPATCHER, 1, "only_the_street"),
        (CLERK, 2, "they_were_written"),
    ):
        more = {"If-Match": '"1"', "Idempotency-Key": str(uuid4())}
        path = f"/api/v1/cases/{case['case']}/words/clearing"
        assert hall.client.post(path, json={"upto": upto}, headers=hall.headers(who, **more)).json()["code"] == code


def test_marks_are_the_same_after_a_rebuild(both: Office) -> None:
    case = logged(both, summary=TOLD)
    logged(both)
    before = marked(both)
    rebuild(both.whole.boards)
    assert marked(both) == before == [case["case"]]


def summaries(hall: Office) -> set[str]:
    """As open data reads them."""
    hall.whole.boards.catch_up()
    with hall.whole.boards.engine.connect() as connection:
        return set(connection.scalars(select(SUMMARY)))


def test_the_summary_is_held_back_until_somebody_has_looked(both: Office) -> None:
    case = logged(both, summary=TOLD)
    logged(both, summary="It leaks")
    assert summaries(both) == {"", "It leaks"}
    with both.whole.boards.engine.connect() as connection:
        assert TOLD in set(connection.scalars(select(cases.c.summary))), "the control: what staff read"
    both.act(CLERK, case, "words/clearing", {"upto": 1})
    assert summaries(both) == {TOLD, "It leaks"}


def test_no_public_page_shows_it(tmp_path: Path) -> None:
    """Every address that is open to everybody; the control finds it on a page for staff."""
    with demo(tmp_path) as hall:
        case = logged(hall, summary=TOLD)
        marked(hall)
        hall.client.cookies.clear()
        for path in ("/", "/public", "/report", f"/report?place={GRID}&category=0406", "/r", "/sign-in", "/flow"):
            assert PHONE not in hall.client.get(path, headers={"Accept": "text/html"}).text, path
        assert PHONE in Person(hall, CLERK).goes_to(f"/cases/{case['case']}").page
