"""Four eyes on long lists, over HTTP: none of one goes out before another has released just that list to just that person."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from adapters.jurisdictions import shipped
from adapters.security import Kind
from adapters.security import listed as noted
from adapters.store.tables import events
from api.lists import Filters
from api.locale import TEXTS
from api.pages.filters import NAMES
from domain.actors import Role
from tests.api.browsers import Markup, Person, seen
from tests.api.office import Office, office
from tests.api.people import (
    CLERK,
    DISTRICT,
    GRID,
    LEADER,
    PLEA,
    STREET,
    SUPERVISOR,
    WATER,
    WORKER,
    assigned,
    logged,
)

OFFICER, ADMIN, AUDITOR = (Role.DATA_OFFICER, DISTRICT), (Role.ADMIN, DISTRICT), (Role.AUDITOR, DISTRICT)
MOST = 3  # rows, in this town
WHY = "the yearly report"
FORMS = ("csv", "json", "xes", "ocel.json")
Who = tuple[Role, str]


def few(home: Path) -> Path:
    """The shipped district, where one person takes out three rows alone."""
    folder = home / "few"
    shutil.copytree(shipped("chengguan"), folder)
    policy = folder / "policy.toml"
    text = policy.read_text("utf-8")
    assert "rows = 1000" in text
    policy.write_text(text.replace("rows = 1000", f"rows = {MOST}"), "utf-8")
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    with office(tmp_path / "store", few(tmp_path), url=url) as opened:
        yield filled(opened)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "store", few(tmp_path)) as opened:
        yield filled(opened)


def filled(hall: Office) -> Office:
    """Just so many cases as one takes out alone."""
    for _ in range(MOST):
        logged(hall)
    hall.whole.boards.catch_up()
    return hall


def one_more(hall: Office) -> None:
    logged(hall)
    hall.whole.boards.catch_up()


def name(who: Who) -> str:
    return f"{who[0]}-{who[1]}"


def out(hall: Office, who: Who = CLERK, form: str = "csv", **filters: str) -> tuple[int, str]:
    answer = hall.get(who, f"/cases.{form}", **filters)
    return answer.status_code, answer.json()["code"] if answer.status_code >= 400 else ""


def ask(hall: Office, who: Who = CLERK, **filters: str) -> dict[str, Any]:
    answer = hall.post(who, "/exports", {"filters": filters, "reason": WHY})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def says(hall: Office, who: Who, one: dict[str, Any], what: str = "release", **said: str) -> tuple[int, str]:
    answer = hall.post(who, f"/exports/{one['staff']}/{one['number']}/{what}", said)
    return answer.status_code, answer.json()["code"] if answer.status_code >= 400 else answer.json()["stage"]


def kinds(hall: Office, kind: Kind) -> list[dict[str, str]]:
    hall.whole.security.settle(hall.time.now)
    return [dict(row.details) for row in noted(hall.whole.security, kind)]


# --- by programs


@pytest.mark.parametrize("form", FORMS)
def test_so_many_go_out_and_one_more_is_held_back_whole(hall: Office, form: str) -> None:
    assert out(hall, form=form) == (200, "")
    one_more(hall)
    answer = hall.get(CLERK, f"/cases.{form}")
    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (409, "/problems/another_releases_it_first")
    assert problem["arguments"] == {"rows": MOST + 1, "most": MOST}
    assert [one["command"] for one in problem["possible"]] == ["AskForExport", "ReleaseExport"]
    assert problem["possible"][1]["by"] == ["the data officer", "the supervisor"]
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert "content-disposition" not in answer.headers and "540102-2026" not in answer.text
    assert out(hall, form=form, category="0102") == (200, "")
    assert {"code": "another_releases_it_first", "list": "cases", "rows": str(MOST + 1)} in kinds(
        hall, Kind.EXPORT_HELD
    )


def test_another_releases_it_and_then_it_goes_out_in_every_form_for_seven_days(both: Office) -> None:
    one_more(both)
    asked = ask(both, category="0406")
    assert (asked["stage"], asked["rows"], asked["filters"]) == ("waits", MOST + 1, {"category": "0406"})
    assert ask(both, category="0406")["number"] == asked["number"]  # said again it changes nothing
    assert out(both, category="0406") == (409, "its_release_is_awaited")
    assert says(both, OFFICER, asked) == (201, "released")
    for form in FORMS:
        assert out(both, form=form, category="0406") == (200, "")
    assert out(both) == (409, "another_releases_it_first")  # another list
    assert out(both, LEADER, category="0406") == (409, "another_releases_it_first")  # another person
    both.time.goes_on(7 * 24 - 1)
    one_more(both)
    assert out(both, category="0406") == (200, "")
    both.time.goes_on(1)
    assert out(both, category="0406") == (409, "another_releases_it_first")
    taken = {(row.get("list"), row.get("rows")) for row in kinds(both, Kind.EXPORTED)}
    assert {("cases", str(MOST + 1)), ("cases", str(MOST + 2))} <= taken
    commands = [row["command"] for row in kinds(both, Kind.EXPORT_DECIDED)]
    assert sorted(commands) == ["AskForExport", "AskForExport", "ReleaseExport"]


def test_nobody_decides_about_their_own_and_only_two_offices_about_anybody_s(hall: Office) -> None:
    one_more(hall)
    own, theirs = ask(hall, SUPERVISOR), ask(hall)
    assert says(hall, SUPERVISOR, own) == (409, "another_than_who_takes_it_out")
    assert says(hall, SUPERVISOR, own, "refusal", reason="x") == (409, "another_than_who_takes_it_out")
    for who in (CLERK, LEADER, AUDITOR, ADMIN, WATER, (Role.SUPERVISOR, "540103")):
        assert says(hall, who, theirs) == (403, "only_who_releases")
    assert says(hall, OFFICER, {**theirs, "number": 99}) == (422, "no_such_export")
    assert says(hall, OFFICER, {**theirs, "staff": "nobody"}) == (422, "no_such_export")
    assert says(hall, OFFICER, own) == (201, "released") and out(hall, SUPERVISOR) == (200, "")


def test_what_was_refused_stays_and_may_be_asked_for_again(hall: Office) -> None:
    one_more(hall)
    asked = ask(hall)
    assert says(hall, SUPERVISOR, asked, "refusal", reason="") == (422, "say_it")
    assert says(hall, SUPERVISOR, asked, "refusal", reason="the figures say it") == (201, "refused")
    assert says(hall, SUPERVISOR, asked) == (409, "it_waits_no_more")
    assert out(hall) == (409, "another_releases_it_first")
    assert ask(hall)["number"] != asked["number"]


def test_what_was_released_ends_with_the_grant(hall: Office) -> None:
    one_more(hall)
    says(hall, SUPERVISOR, ask(hall))
    assert out(hall) == (200, "")
    office_of = {"role": CLERK[0], "unit": CLERK[1]}
    hall.post(ADMIN, f"/staff/{name(CLERK)}/ended-grants", {**office_of, "reason": "moved"})
    hall.post(ADMIN, f"/staff/{name(CLERK)}/grants", office_of)
    assert out(hall) == (409, "another_releases_it_first")
    assert [one["stage"] for one in hall.get(SUPERVISOR, "/exports").json()] == ["over"]


def test_words_and_numbers_are_neither_released_nor_kept(hall: Office) -> None:
    canary = "王秀英 main"
    for _ in range(MOST + 1):
        logged(hall, summary=canary)
    hall.whole.boards.catch_up()
    for filters in ({"words": canary}, {"number": "540102-2026"}, {"categories": "0406|王秀英"}):
        assert out(hall, **filters) == (409, "words_are_not_released")
        answer = hall.post(CLERK, "/exports", {"filters": filters, "reason": WHY})
        assert (answer.status_code, answer.json()["code"]) == (409, "words_are_not_released")
    assert says(hall, SUPERVISOR, ask(hall)) == (201, "released")
    telling = hall.post(CLERK, "/exports", {"filters": {"category": "0406"}, "reason": "call 13800138000"})
    assert (telling.status_code, telling.json()["code"]) == (422, "the_reason_tells_of_somebody")
    with hall.whole.log.engine.connect() as connection:
        bodies = [bytes(row.body) for row in connection.execute(events.select()) if row.name.startswith("export-")]
    assert len(bodies) == 2 and not any(canary[:3].encode() in body or b"138001" in body for body in bodies)


def test_a_short_list_is_not_asked_for_and_a_list_out_of_reach_is_not_there(hall: Office) -> None:
    def code(**said: Any) -> str:
        answer = hall.post(CLERK, "/exports", {"reason": WHY, **said})
        return str(answer.json()["code"])

    assert code() == "taken_out_alone"
    assert code(list="nothing") == "no_such_board"
    assert code(board="departments", code="water", list="assignments") == "no_such_board"
    assert code(filters={"state": "dreaming"}) == "bad_content" and code(filters={"sort": "up"}) == "bad_content"
    assert hall.client.post("/api/v1/exports", json={"reason": WHY}).status_code == 401


def test_lists_of_boards_that_are_never_cut_are_held_back_too(hall: Office) -> None:
    for _ in range(MOST + 1):
        assigned(hall)
        hall.act(LEADER, logged(hall), "whistles", {"plea": PLEA})
    hall.whole.boards.catch_up()
    for who, board, code, listed in (
        (WATER, "departments", "water", "assignments"),
        (SUPERVISOR, "district", DISTRICT, "to_dispatch"),
    ):
        path = f"/boards/{board if board != 'district' else 'districts'}/{code}/lists/{listed}.json"
        page = f"/boards/{board}/{listed}.csv" if board == "district" else f"/boards/{board}/{code}/{listed}.csv"
        assert hall.get(who, path).json()["code"] == "another_releases_it_first"
        assert seen(hall, page, who=who).status_code == 409
        answer = hall.post(who, "/exports", {"board": board, "code": code, "list": listed, "reason": WHY})
        assert answer.json()["rows"] == MOST + 1
        assert says(hall, OFFICER, answer.json()) == (201, "released")
        assert len(hall.get(who, path).json()) == MOST + 1 and seen(hall, page, who=who).status_code == 200
    one_more(hall)
    assert hall.get(WORKER, f"/boards/grids/{GRID}/lists/mine.json").json()["code"] == "another_releases_it_first"


def test_who_asks_sees_their_own_and_who_releases_everybody_s(hall: Office) -> None:
    one_more(hall)
    ask(hall), ask(hall, LEADER)
    assert {one["staff"] for one in hall.get(SUPERVISOR, "/exports").json()} == {name(CLERK), name(LEADER)}
    assert {one["staff"] for one in hall.get(CLERK, "/exports").json()} == {name(CLERK)}
    assert hall.get(AUDITOR, "/exports").json() == []
    said = hall.get(AUDITOR, f"/staff/{name(CLERK)}").json()["file"]
    assert [line["said"] for line in said] == ["grant-given", "export-asked"] and said[-1]["reason"] == WHY


# --- on the pages


def test_by_hand_from_the_list_to_the_file(both: Office) -> None:
    one_more(both)
    clerk = Person(both, CLERK).goes_to("/cases.csv?category=0406&open=yes")
    assert clerk.status == 409 and "4 rows" in clerk.page and 'role="alert"' in clerk.page
    (form,) = [one for one in clerk.forms() if one["action"].startswith("/exports")]
    address = form["action"].replace("&amp;", "&")
    clerk.sends(address, reason=" ")
    assert clerk.status == 422 and "Fill in" in clerk.page
    clerk.sends(address, reason=WHY)
    assert clerk.status == 200 and "/exports/" not in "".join(one["action"] for one in clerk.forms())
    assert clerk.goes_to("/cases.csv?open=yes&category=0406").status == 409
    boss = Person(both, SUPERVISOR).goes_to("/exports")
    assert WHY in boss.page and name(CLERK) in boss.page and "Open: Yes" in boss.page
    release = next(one["action"] for one in boss.forms() if one["action"].endswith("/release"))
    assert boss.sends(release).status == 200 and "released" in boss.page
    again = boss.sends(release)
    assert again.status == 409 and "decided already" in again.page
    assert both.get(CLERK, "/cases.json", category="0406", open="true").status_code == 200
    taken = both.client
    taken.cookies.clear()
    taken.cookies.set("whistle", both.session(*CLERK))
    assert taken.get("/cases.csv?open=yes&category=0406").headers["content-disposition"].startswith("attachment")


def test_refused_by_hand_with_a_reason(hall: Office) -> None:
    one_more(hall)
    ask(hall)
    boss = Person(hall, OFFICER).goes_to("/exports")
    refusal = next(one["action"] for one in boss.forms() if one["action"].endswith("/refusal"))
    assert boss.sends(refusal, reason="").status == 422
    assert boss.sends(refusal, reason="not for this").status == 200 and "not for this" in boss.page
    own = Person(hall, CLERK).goes_to("/exports")
    assert "not for this" in own.page and "refused" in own.page


def test_as_of_a_moment_is_another_list(hall: Office) -> None:
    one_more(hall)
    hall.whole.past.catch_up()
    at = hall.time.now.isoformat().replace("+00:00", "Z")
    clerk = Person(hall, CLERK).goes_to(f"/cases.csv?as_of={at}")
    assert clerk.status == 409
    (form,) = [one for one in clerk.forms() if one["action"].startswith("/exports")]
    clerk.sends(form["action"].replace("&amp;", "&"), reason=WHY)
    (asked,) = hall.get(CLERK, "/exports").json()
    assert asked["filters"] == {"as_of": at.replace("Z", "+00:00")}
    assert says(hall, SUPERVISOR, asked) == (201, "released")
    assert Person(hall, CLERK).goes_to("/cases.csv").status == 409


def test_the_pages_are_right_in_every_language(hall: Office) -> None:
    one_more(hall)
    asked = ask(hall, open="true", street=STREET, since="2026-03-01T00:00:00Z", cohort="logged")
    says(hall, OFFICER, asked), ask(hall)
    for language in ("zh", "en", "bo"):
        for path in ("/exports", "/cases.csv", "/cases.csv?state=logged", "/cases.csv?words=aa", "/boards"):
            for who in (SUPERVISOR, CLERK):
                page = seen(hall, path, language, who=who)
                assert page.headers["content-type"].startswith("text/csv") or Markup(page.text).faults == [], path
    assert re.search(r"From: <time", seen(hall, "/exports", "en").text)


def test_whoever_is_not_signed_in_is_asked_to(hall: Office) -> None:
    assert seen(hall, "/exports", who=None).url.path == "/sign-in"
    answer = hall.client.post("/exports/x/1/release", headers={"Sec-Fetch-Site": "same-origin"}, follow_redirects=False)
    assert answer.headers["location"].startswith("/sign-in")


def test_every_filter_has_its_words() -> None:
    wanted = {*Filters.model_fields, *NAMES, "as_of", "days"}
    assert {f"export_by_{one}" for one in wanted} == {key for key in TEXTS if key.startswith("export_by_")}


# --- that these find something


@pytest.mark.parametrize(
    ("where", "broken"),
    [
        ("api.pages.taking.let_out", lambda hall: test_so_many_go_out_and_one_more_is_held_back_whole(hall, "xes")),
        ("api.pages.taking.let_out", test_lists_of_boards_that_are_never_cut_are_held_back_too),
        ("api.releases.noted", lambda hall: test_so_many_go_out_and_one_more_is_held_back_whole(hall, "csv")),
    ],
)
def test_a_door_without_its_guard_is_found(
    hall: Office, monkeypatch: pytest.MonkeyPatch, where: str, broken: Callable[[Office], None]
) -> None:
    monkeypatch.setattr(where, lambda *_, **__: None)
    with pytest.raises((AssertionError, KeyError, ValueError, TypeError)):
        broken(hall)
