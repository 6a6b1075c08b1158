"""Who may act as what, over HTTP, on its pages and on the command line; what ends there has ended everywhere at once."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.jurisdictions import shipped
from adapters.staff import FILES, members
from adapters.store.tables import OF_STAFF
from domain.actors import Actor, Role
from domain.jurisdiction import Grant
from domain.staff import file_of
from tests.api.browsers import Markup, Person, seen
from tests.api.office import Office, office
from tests.api.people import CLERK, DISPATCHER, DISTRICT, GRID, LEADER, STREET, SUPERVISOR, WATER, WORKER, logged
from tests.api.test_command_line import whistle
from workflow.ask import Refused
from workflow.ledger import STAFF_NAMES

ADMIN, AUDITOR = (Role.ADMIN, DISTRICT), (Role.AUDITOR, DISTRICT)
NEW = {"role": "street_clerk", "unit": STREET}


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "store") as opened:
        yield opened


def granted(hall: Office, staff: str = "new-1", **said: str) -> None:
    answer = hall.post(ADMIN, f"/staff/{staff}/grants", {**NEW, **said})
    assert answer.status_code == 201, answer.text


def test_a_grant_is_given_looked_at_and_ended(hall: Office) -> None:
    granted(hall)
    one = hall.get(AUDITOR, "/staff/new-1").json()
    assert [(held["role"], held["unit"], held["stands"]) for held in one["grants"]] == [("street_clerk", STREET, True)]
    assert one["grants"][0]["given_by"] == f"admin-{DISTRICT}"
    assert "new-1" in {member["staff"] for member in hall.get(AUDITOR, "/staff").json()}
    hall.post(ADMIN, "/staff/new-1/ended-grants", {**NEW, "reason": "moved away"})
    one = hall.get(AUDITOR, "/staff/new-1").json()
    assert one["grants"] == [] and [line["said"] for line in one["file"]] == ["grant-given", "grant-ended"]
    assert one["file"][-1]["reason"] == "moved away"


@pytest.mark.parametrize("ending", ["ended-grants", "departure"])
def test_who_loses_an_office_loses_it_everywhere_at_once(hall: Office, ending: str) -> None:
    """The token and the session were made before; neither carries any right."""
    case = logged(hall)
    assert hall.get(CLERK, f"/cases/{case['case']}").status_code == 200
    browser = Person(hall, CLERK).goes_to(f"/cases/{case['number']}")
    assert browser.status == 200
    name = f"{CLERK[0]}-{CLERK[1]}"
    said = {"reason": "left"} | ({"role": CLERK[0], "unit": CLERK[1]} if ending == "ended-grants" else {})
    assert hall.post(ADMIN, f"/staff/{name}/{ending}", said).status_code == 201
    assert hall.client.get(f"/api/v1/cases/{case['case']}", headers=hall.headers(CLERK)).status_code == 401
    hall.client.cookies.set("whistle", hall.whole.sessions.begin(actor(CLERK), hall.time.now))
    assert hall.client.get("/mine", follow_redirects=False).headers["Location"].startswith("/sign-in")
    assert hall.client.get("/live").status_code == 401
    assert hall.get(LEADER, f"/cases/{case['case']}").status_code == 200  # nobody else lost anything


def actor(who: tuple[Role, str]) -> Actor:
    return Actor(f"{who[0]}-{who[1]}", *who)


def test_sessions_end_with_the_office_and_only_with_it(hall: Office) -> None:
    secret, other = hall.session(*CLERK), hall.session(*LEADER)
    name = f"{CLERK[0]}-{CLERK[1]}"
    hall.post(ADMIN, f"/staff/{name}/ended-grants", {"role": CLERK[0], "unit": CLERK[1], "reason": "x"})
    assert hall.whole.sessions.ended([secret, other], hall.time.now) == {secret}


def test_a_grant_that_ends_by_itself_ends_everywhere_too(hall: Office) -> None:
    ends = (hall.time.now).replace(hour=9).isoformat()
    granted(hall, "guest", until=ends)

    token = hall.whole.tokens.create(Actor("guest", Role.STREET_CLERK, STREET), "test", hall.time.now).secret
    headers = {"Authorization": f"Bearer {token}"}
    assert hall.client.get("/api/v1/me", headers=headers).status_code == 200
    hall.time.goes_on(hours=8)
    assert hall.client.get("/api/v1/me", headers=headers).status_code == 401


@pytest.mark.parametrize("who", [CLERK, SUPERVISOR, DISPATCHER, WATER, WORKER, (Role.ADMIN, "540103")])
def test_nobody_else_looks_or_says(hall: Office, who: tuple[Role, str]) -> None:
    granted(hall)
    assert {hall.get(who, path).status_code for path in ("/staff", "/staff/new-1")} == {404}
    assert hall.post(who, "/staff/new-1/grants", NEW).status_code == 404
    assert {seen(hall, path, who=who).status_code for path in ("/staff", "/staff/new-1")} == {404}


def test_the_auditor_looks_and_says_nothing(hall: Office) -> None:
    granted(hall)
    for path, said in {
        "grants": NEW,
        "ended-grants": {**NEW, "reason": "x"},
        "departure": {"reason": "x"},
    }.items():
        answer = hall.post(AUDITOR, f"/staff/new-1/{path}", said)
        assert (answer.status_code, answer.json()["code"]) == (403, "only_the_admin")
    assert '<form method="post" action="/staff' not in seen(hall, "/staff", who=AUDITOR).text


def test_wrong_words_are_named_and_nothing_is_written(hall: Office) -> None:
    granted(hall)
    before = hall.whole.directory.file("new-1")
    for said, code in (
        ({"role": "grid_worker", "unit": STREET}, "no_such_office"),
        ({"role": "resident", "unit": STREET}, "no_such_office"),
        ({**NEW, "until": "2020-01-01T00:00:00Z"}, "ends_before_it_begins"),
        ({**NEW, "more": 1}, "bad_content"),
        ({"role": "king", "unit": STREET}, "bad_content"),
    ):
        answer = hall.post(ADMIN, "/staff/new-1/grants", said)
        assert (answer.status_code, answer.json()["code"]) == (422, code), said
    assert hall.post(ADMIN, "/staff/nobody/departure", {"reason": "x"}).json()["code"] == "nobody_of_that_name"
    assert hall.get(ADMIN, "/staff/nobody").status_code == 404
    assert hall.whole.directory.file("new-1") == before


def test_a_file_of_staff_is_no_case(hall: Office) -> None:
    granted(hall)
    assert hall.get(SUPERVISOR, f"/cases/{file_of('new-1')}").status_code == 404
    hall.whole.boards.catch_up()
    assert hall.whole.boards.parked() == [] and hall.get(SUPERVISOR, "/cases").json()["cases"] == []


def test_by_hand_on_the_pages(hall: Office) -> None:
    admin = Person(hall, ADMIN).goes_to("/staff")
    admin.sends("/staff", who="new-2", role="grid_worker", unit=GRID, since="", until="2026-03-05")
    assert admin.status == 200
    page = seen(hall, "/staff/new-2", "en", who=ADMIN)
    assert Markup(page.text).faults == [] and "grid worker" in page.text
    held = hall.get(AUDITOR, "/staff/new-2").json()["grants"][0]
    assert held["until"] == "2026-03-05T16:00:00Z"  # the whole of the last day, in the district's time
    wrong = admin.sends("/staff/new-2/grants", role="grid_worker", unit="nowhere", since="x")
    assert wrong.status == 422
    admin.sends("/staff/new-2/ended-grants", role="grid_worker", unit=GRID, reason="")
    assert admin.status == 422
    admin.sends("/staff/new-2/departure", reason="retired")
    assert hall.get(AUDITOR, "/staff/new-2").json()["left"]
    for language in ("zh", "en"):
        for path in ("/staff", "/staff?q=new", "/staff/new-2"):
            assert Markup(seen(hall, path, language, who=AUDITOR).text).faults == []


def test_the_index_of_staff_is_of_the_ledger_s_names_and_is_used(hall: Office) -> None:
    names = {part.strip(" '()") for part in str(OF_STAFF).removeprefix("name IN").split(",")}
    assert names == set(STAFF_NAMES)
    with hall.whole.log.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {FILES.compile(hall.whole.log.engine)}").all()
    assert "ix_events_of_staff" in str(plan)


def test_at_the_command_line(tmp_path: Path) -> None:
    home = tmp_path / "store"
    whistle("migrate", home=home)
    whistle("jurisdiction", "load", str(shipped("minimal")), home=home)
    foreseen = whistle("staff", "load", "--dry-run", home=home).stdout.splitlines()
    assert len(foreseen) > 5 and whistle("staff", "list", home=home).stdout == ""
    assert whistle("staff", "load", home=home).stdout.splitlines() == foreseen
    assert whistle("staff", "load", home=home).stdout == ""
    assert len(whistle("staff", "list", home=home).stdout.splitlines()) == len(foreseen)
    given = whistle("staff", "grant", "guest", "street_clerk", "100-1", "--until", "2099-01-01", home=home)
    assert given.stdout == "granted\n"
    assert "guest  street_clerk 100-1" in whistle("staff", "list", home=home).stdout
    for words, said in (
        (("grant", "guest", "street_clerk", "water"), "There is no office"),
        (("end", "guest", "grid_worker", "100-1", "--reason", "x"), "holds no grant"),
        (("leave", "nobody", "--reason", "x"), "no member of staff"),
    ):
        refused = whistle("staff", *words, home=home)
        assert refused.returncode == 2 and said in refused.stderr and len(refused.stderr.splitlines()) == 1
    beside = whistle("staff", "load", "--end-others", "not on the list", home=home).stdout
    assert beside == "- guest  street_clerk 100-1\n"
    assert whistle("staff", "leave", "hotline-100", "--reason", "retired", home=home).returncode == 0
    assert "hotline-100  left" in whistle("staff", "list", "--all", home=home).stdout
    rows = tmp_path / "staff.csv"
    rows.write_text("staff,role,unit,since,until\nx,king,100,,\n", encoding="utf-8")
    assert whistle("staff", "load", str(rows), home=home).returncode == 2


def test_nothing_is_given_where_a_list_is_refused_in_the_midst(hall: Office) -> None:
    whole = hall.whole
    before = members(whole.log.engine)

    rows = [Grant("a", Role.STREET_CLERK, STREET), Grant("b", Role.STREET_CLERK, "nowhere")]
    with pytest.raises(Refused):
        whole.directory.enrol(rows, Actor("admin", Role.ADMIN, DISTRICT), hall.time.now, uuid4())
    assert members(whole.log.engine) == before
