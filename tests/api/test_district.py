"""The district's screen: who sees it, what can be done from it with one tap, and how it stood before."""

import html
import re
from dataclasses import asdict
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from adapters.boards import district
from adapters.boards.leagues import RATES
from adapters.boards.openly import Answers, answers
from adapters.boards.shares import Share
from api.pages.deciding import DECIDERS, TERMS
from api.pages.homes import HOMES
from api.pages.reading import Reading
from domain.actors import Role
from domain.assignments import Terms
from domain.policy import Ground
from domain.states import Clock, RequestKind
from tests.api.browsers import Person
from tests.api.office import START, Office
from tests.api.people import (
    ARBITER,
    CLERK,
    DISPATCHER,
    DISTRICT,
    GRID,
    HOTLINE,
    LEADER,
    PLEA,
    ROADS,
    STREET,
    SUPERVISOR,
    WATER,
    WORKER,
    logged,
)
from tests.statements import statements
from workflow.refusals import SENTENCES

BOARD = "/boards/district"
OTHER_CLERK = (Role.STREET_CLERK, "540102003")
Case = dict[str, Any]


def whistled(hall: Office, **plea: Any) -> Case:
    case = hall.act(LEADER, logged(hall, summary="burst main"), "whistles", {"plea": {**PLEA, **plea}})
    hall.whole.boards.catch_up()
    return case


def assigned(hall: Office) -> Case:
    return hall.act(DISPATCHER, whistled(hall), "assignments", {"lead": "water"})


def at_work(hall: Office) -> Case:
    return hall.act(WATER, assigned(hall), "assignments/water/report-in", {"on_the_spot": True})


def suspension(hall: Office) -> Case:
    reason = next(iter(hall.whole.law.policy.reasons[Ground.SUSPENSION]))
    return hall.act(WATER, at_work(hall), "requests/suspension", {"reason": reason, "review": "2026-03-20"})


def in_dispute(hall: Office) -> Case:
    case = hall.act(WATER, assigned(hall), "requests/return", {"reason": "not ours", "suggested": "roads"})
    case = hall.act(DISPATCHER, case, "requests/1/decision", {"granted": False, "reason": "it is yours"})
    return hall.act(WATER, case, "disputes", {"reason": "the list of duties says roads"})


def at(hall: Office, who: tuple[Role, str], path: str = BOARD) -> Person:
    hall.whole.boards.catch_up()
    return Person(hall, who).goes_to(path)


def state(hall: Office, case: Case) -> str:
    return str(hall.get(DISPATCHER, f"/cases/{case['case']}").json()["state"])


def words(page: str) -> str:
    """What a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def section(person: Person, name: str) -> str:
    found = re.search(rf'<section id="{name}".*?</section>', person.page, re.DOTALL)
    assert found, name
    return found[0]


# --- who sees it


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (DISPATCHER, True), (ARBITER, True), (SUPERVISOR, True), ((Role.HOTLINE, DISTRICT), True),
        ((Role.DATA_OFFICER, DISTRICT), True), ((Role.AUDITOR, DISTRICT), True),
        (WORKER, False), (CLERK, False), (LEADER, False), (OTHER_CLERK, False), (WATER, False),
        ((Role.DEPARTMENT_HEAD, "water"), False), ((Role.RESIDENT, ""), False), ((Role.RESIDENT, DISTRICT), False),
        ((Role.PARTNER, ""), False), ((Role.DISPATCHER, "540103"), False),
    ],
)  # fmt: skip
def test_the_board_is_for_those_of_the_district(hall: Office, who: tuple[Role, str], sees: bool) -> None:
    wanted = 200 if sees else 404
    for path in (BOARD, f"{BOARD}?as_of=2026-03-01T12:00", f"{BOARD}?as_of=nonsense"):
        answer = at(hall, who, path).answer
        assert answer is not None and answer.status_code == (422 if "nonsense" in path else wanted), path
    assert hall.get(who, f"/boards/districts/{DISTRICT}").status_code == wanted


def test_only_a_district_is_a_district(hall: Office) -> None:
    for code in (STREET, GRID, "nowhere"):
        assert hall.get(DISPATCHER, f"/boards/districts/{code}").status_code == 404


def test_those_of_the_district_begin_there_and_others_find_no_way(hall: Office) -> None:
    for who in (DISPATCHER, ARBITER, SUPERVISOR):
        answer = at(hall, who, "/mine").answer
        assert answer is not None and answer.url.path == BOARD
        assert BOARD in at(hall, who, "/boards").page
    assert BOARD not in at(hall, CLERK, "/boards").page
    assert HOMES[Role.GRID_WORKER] == ("boards", "grids", "{unit}")


def test_nothing_personal_is_on_the_board(hall: Office) -> None:
    said = {"source": "hotline", "narrative": "canary-words", "reporter": {"name": "canary-name", "phone": "canary"}}
    case = hall.post((Role.HOTLINE, DISTRICT), "/cases", {"category": "0604", "place": GRID, **said}).json()
    case = hall.act(LEADER, hall.act(CLERK, case, "handling"), "whistles", {"plea": PLEA})
    suspension(hall)
    staff = hall.staff
    for who in (DISPATCHER, SUPERVISOR, ARBITER):
        for path in (BOARD, f"{BOARD}?as_of=2026-03-01T12:00", "/cases"):
            page = at(hall, who, path).page
            assert "canary" not in page and not [name for name in staff if name in page]
    told = hall.get(SUPERVISOR, f"/boards/districts/{DISTRICT}").text
    assert "canary" not in told and not [name for name in staff if name in told]


# --- dispatch


def test_a_whistle_is_dispatched_as_proposed_with_one_tap(hall: Office) -> None:
    case = whistled(hall, departments=["roads", "water"])
    board = at(hall, DISPATCHER)
    said = words(section(board, "to_dispatch"))
    for shown in ("joint enforcement", PLEA["why"], PLEA["tried"], "Road Maintenance, Water Affairs", case["number"]):
        assert shown in said
    first = next(f for f in board.forms() if f["action"].endswith("/do/AssignCase"))
    assert (first["fields"]["lead"], first["fields"]["support"]) == ("roads", "water")
    board.does("AssignCase")
    assert board.answer is not None and board.answer.url.path == BOARD  # back where it was sent from
    found = hall.get(DISPATCHER, f"/cases/{case['case']}").json()
    assert (found["state"], found["lead"]) == ("assigned", "roads")
    assert [one["unit"] for one in found["assignments"]] == ["roads", "water"]
    assert "No whistle waits" in section(at(hall, DISPATCHER), "to_dispatch")


def test_who_let_a_case_go_is_not_proposed_again_and_whom_they_named_is(hall: Office) -> None:
    case = hall.act(WATER, assigned(hall), "requests/return", {"reason": "no main of ours", "suggested": "housing"})
    hall.act(DISPATCHER, case, "requests/1/decision", {"granted": True})
    board = at(hall, DISPATCHER)
    assert "no main of ours" in section(board, "to_dispatch")
    one_tap, form = (f for f in board.forms() if f["action"].endswith("/do/AssignCase"))
    assert one_tap["fields"]["lead"] == form["fields"]["lead"] == "housing"
    assert "water" not in (one_tap["fields"].get("support"), *form["fields"].get("support", []))


def test_only_the_dispatcher_has_the_buttons_of_dispatch(hall: Office) -> None:
    whistled(hall)
    for who in (SUPERVISOR, ARBITER):
        board = at(hall, who)
        assert PLEA["why"] in section(board, "to_dispatch") and "/do/" not in section(board, "to_dispatch")


def test_of_two_dispatchers_the_second_is_told(hall: Office) -> None:
    whistled(hall)
    first, second = at(hall, DISPATCHER), at(hall, DISPATCHER)
    first.does("AssignCase")
    second.does("AssignCase")
    assert second.answer is not None and second.answer.status_code == 412
    assert "Others have just changed the case" in second.page


# --- requests


def test_a_suspension_shows_what_would_change_and_is_granted_with_one_tap(hall: Office) -> None:
    case = suspension(hall)
    board = at(hall, SUPERVISOR)
    card = words(section(board, "requests"))
    for shown in ("Water Affairs", "2026-03-20", "If granted", "the case is then: suspended", "paused", case["number"]):
        assert shown in card, shown
    board.does("GrantSuspension")
    assert state(hall, case) == "suspended"
    page = at(hall, SUPERVISOR)
    assert "No request waits" in section(page, "requests") and "2026-03-20" in section(page, "suspensions")


def test_an_extension_says_the_new_deadline_and_that_is_what_comes(hall: Office) -> None:
    case = hall.act(WATER, at_work(hall), "requests/extension", {"by": "3 working days", "reason": "spare parts"})
    board = at(hall, DISPATCHER)
    card = section(board, "requests")
    moments = re.findall(r'<time datetime="([^"]+)"', card[card.index("If granted") :])
    board.does("GrantExtension")
    after = hall.whole.casework.case(UUID(case["case"])).timers[Clock.RESOLVE, "water", ""].due
    local = after.astimezone(hall.whole.law.calendar.tz).isoformat(timespec="minutes")
    assert local == moments[1] > moments[0] and "spare parts" in card


def test_a_rejection_needs_its_reason_and_what_was_typed_stays(hall: Office) -> None:
    case = suspension(hall)
    board = at(hall, SUPERVISOR)
    board.does("RejectRequest", reason=" ")
    assert board.answer is not None and board.answer.status_code in (409, 422) and state(hall, case) == "in_progress"
    at(hall, SUPERVISOR).does("RejectRequest", reason="the parts are here")
    found = hall.get(DISPATCHER, f"/cases/{case['case']}").json()
    assert [one["state"] for one in found["requests"]] == ["rejected"]


def test_who_may_not_decide_sees_who_does(hall: Office) -> None:
    suspension(hall)
    card = section(at(hall, DISPATCHER), "requests")
    assert "Decided by" in card and "supervisor" in card and "/do/" not in card and "If granted" not in card


def test_what_one_may_decide_comes_first(hall: Office) -> None:
    mine = hall.act(WATER, suspension(hall), "requests/exclusion", {"reason": next(iter(reasons(hall)))})
    other = hall.act(WATER, assigned(hall), "requests/return", {"reason": "not ours"})
    for who, first, second in ((SUPERVISOR, mine, other), (DISPATCHER, other, mine)):
        card = section(at(hall, who), "requests")
        assert card.index(first["number"]) < card.index(second["number"]), who


def reasons(hall: Office) -> Any:
    return hall.whole.law.policy.reasons[Ground.EXCLUSION]


def test_an_exclusion_changes_no_deadline_and_leaves_the_league(hall: Office) -> None:
    code, names = next(iter(reasons(hall).items()))
    hall.act(WATER, at_work(hall), "requests/exclusion", {"reason": code})
    board = at(hall, SUPERVISOR)
    assert "only the score changes" in section(board, "requests") and names["en"] in section(board, "requests")
    board.does("GrantExclusion")
    page = at(hall, SUPERVISOR)
    assert names["en"] in section(page, "exclusions") and "Water Affairs" in section(page, "exclusions")
    row = next(
        row for row in re.findall(r"<tr.*?</tr>", section(page, "leagues"), re.DOTALL) if "/departments/water" in row
    )
    assert re.findall(r"<div>(.*?)</div>", row, re.DOTALL)[-1] == "1"


def test_a_return_names_its_basis_and_the_department_suggested(hall: Office) -> None:
    said = {"reason": "not our pipe", "legal_basis": "list of duties, item 7", "suggested": "roads"}
    case = hall.act(WATER, assigned(hall), "requests/return", said)
    card = words(section(at(hall, DISPATCHER), "requests"))
    for shown in ("not our pipe", "list of duties, item 7", "Road Maintenance", "the case is then: whistled"):
        assert shown in card, shown
    at(hall, DISPATCHER).does("GrantReturn")
    assert state(hall, case) == "escalated"


def test_a_whistle_that_was_applied_for_is_on_a_card_too(hall: Office) -> None:
    hall.act(WORKER, logged(hall), "requests/whistle", {"plea": PLEA})
    card = words(section(at(hall, SUPERVISOR), "requests"))
    assert PLEA["why"] in card and PLEA["tried"] in card and "joint enforcement" in card and "street leader" in card


def test_every_kind_of_request_has_its_deciders_and_its_terms_have_words(hall: Office) -> None:
    assert set(DECIDERS) == set(RequestKind)
    v = Reading("en", chosen=False, path="/", whole=hall.whole)
    assert all(v.label(name) != name for name in TERMS)
    told = {name for kind in Terms.__args__ for name in kind.__dataclass_fields__}
    assert told - set(TERMS) <= {"number", "unit", "reason", "plea", "decide_by"}


def test_what_cannot_be_granted_now_says_why(hall: Office) -> None:
    case = hall.act(WATER, at_work(hall), "requests/extension", {"by": "1 hour", "reason": "spare parts"})
    hall.time.goes_on(24 * 30)
    board = at(hall, DISPATCHER)
    said = SENTENCES["the_new_due_must_lie_ahead"][1].format(by="1 hour")
    assert html.escape(said, quote=False) in html.unescape(section(board, "requests")) and case["number"] in board.page


# --- disputes


def test_a_dispute_is_ruled_from_the_board(hall: Office) -> None:
    case = in_dispute(hall)
    ruling = hall.whole.casework.case(UUID(case["case"])).timers[Clock.ARBITRATE, "", ""].due
    for who in (DISPATCHER, ARBITER):
        card = section(at(hall, who), "disputes")
        for shown in ("not ours", "it is yours", "the list of duties says roads", "Water Affairs"):
            assert shown in card, shown
        assert ruling.astimezone(hall.whole.law.calendar.tz).isoformat(timespec="minutes") in card
        assert ("/do/Rule" in card) == (who == ARBITER)
    board = at(hall, ARBITER)
    form = next(f for f in board.forms() if f["action"].endswith("/do/Rule"))
    assert form["fields"]["lead"] == "water"  # that the lead stays is proposed
    board.does("Rule", lead="roads", reason="item 7")
    found = hall.get(DISPATCHER, f"/cases/{case['case']}").json()
    assert (found["state"], found["lead"]) == ("assigned", "roads")


@pytest.mark.parametrize("who", [DISPATCHER, ARBITER, SUPERVISOR])
def test_the_log_is_asked_as_often_for_many_cards_as_for_one(hall: Office, who: tuple[Role, str]) -> None:
    for n in (1, 2):
        for begun in (whistled, suspension, in_dispute):
            begun(hall)
        hall.whole.boards.catch_up()
        with statements(Engine) as said:
            page = at(hall, who).page
        asked = [one.partition("FROM events")[2] for one, _ in said]
        files = [
            where for where in asked if "ORDER BY events.stream" in where and "position" not in where
        ]  # not who folds, nor who asks
        assert (page.count("<article"), len(files)) == (3 * n, 3), files


# --- figures


def test_who_is_worked_for_again_counts_once_called_again(hall: Office) -> None:
    said = {"category": "0604", "place": GRID, "source": "hotline", "reporter": {"name": "somebody", "phone": "1"}}
    case = hall.post(HOTLINE, "/cases", said).json()

    def rates() -> tuple[Any, Any]:
        hall.whole.boards.catch_up()
        leagues = hall.get(DISPATCHER, f"/boards/districts/{DISTRICT}").json()["board"]["leagues"]
        ranked = next(one for one in leagues["streets"] if one["code"] == STREET)
        own = hall.get(CLERK, f"/boards/streets/{STREET}").json()["board"]
        told = answers(hall.whole.boards.engine, START, hall.time.now).get(
            STREET, Answers(Share(0, 0), Share(0, 0), Share(0, 0))
        )
        for name in ("response", "resolution", "satisfaction"):
            share = getattr(told, name)
            assert ranked[name] == own[name] == {**asdict(share), "rate": share.rate}
        return tuple((ranked[name]["numerator"], ranked[name]["denominator"]) for name in ("response", "resolution"))

    for solved, wanted in ((False, ((1, 1), (0, 1))), (True, ((1, 1), (1, 1)))):
        case = hall.act(CLERK, case, "handling") if case["state"] == "logged" else case
        case = hall.act(CLERK, case, "result", {"done": "valve", "reply": "It works again."})
        case = hall.act(WORKER, case, "verification", {"passed": True})
        answer = {"contacted": True, "solved": solved, "satisfied": "yes" if solved else "no"}
        case = hall.act(HOTLINE, case, "callbacks", answer)
        assert rates() == wanted
        if not solved:
            case = hall.act(HOTLINE, case, "rework", {"reason": "still cold"})
            assert rates() == ((0, 0), (0, 0))


def test_page_api_and_board_say_the_same(hall: Office) -> None:
    suspension(hall)
    whistled(hall)
    page = at(hall, DISPATCHER)
    board = district.board(hall.whole.boards.engine, hall.whole.law, hall.time.now, 30)
    told = hall.get(DISPATCHER, f"/boards/districts/{DISTRICT}").json()["board"]
    assert told["states"] == board.states and told["phases"] == board.phases == {"assigned": 1, "escalated": 1}
    assert [one["case"] for one in told["to_dispatch"]] == [str(one.case) for one in board.to_dispatch]
    street = next(one for one in told["leagues"]["streets"] if one["code"] == STREET)
    assert street["cases"] == 2 and street["composite"] == {"numerator": 0, "denominator": 0, "rate": None}
    assert set(RATES) <= set(street)
    tiles = re.findall(r"<dt>([^<]*)</dt><dd>(?:<a [^>]*>)?(\d+)", section(page, "tiles"))
    assert dict(tiles) | {
        "Open: assigned": "1",
        "Whistles to dispatch": "1",
        "Requests to decide": "1",
        "Logged today": "2",
    } == dict(tiles)
    assert board.accuracy.denominator == 1 and "1/1" in section(page, "to_dispatch")


def test_a_cell_of_the_matrix_leads_to_its_cases(hall: Office) -> None:
    case, below = assigned(hall), logged(hall)
    hall.time.goes_on(24 * 60)
    matrix = section(at(hall, DISPATCHER), "overdue")
    cells = [
        html.unescape(link)
        for link in re.findall(r'<td[^>]*data-label="[^"]*"[^>]*><div><a href="([^"]+)">1</a>', matrix)
    ]
    assert len(cells) == 4  # two cells, and the sums of their columns
    for link in cells:
        wanted = case if "accountable=water" in link else below
        page = at(hall, DISPATCHER, link).page
        assert wanted["number"] in page and page.count('<td role="cell" data-label="Number"') == 1, link
    assert at(hall, DISPATCHER).page.count(">2</strong>") >= 1


def test_the_leagues_are_sorted_by_links_and_keep_the_period(hall: Office) -> None:
    old = logged(hall)
    hall.time.goes_on(24 * 40)
    case = assigned(hall)
    page = section(at(hall, DISPATCHER, f"{BOARD}?days=90&sort=in_time&lang=en"), "leagues")
    assert page.count('aria-sort="descending"') == 2 and "days=90&amp;sort=cases" in page and "not ranked" in page
    by_cases = section(at(hall, DISPATCHER, f"{BOARD}?sort=cases"), "leagues")
    assert by_cases.index(f"streets/{STREET}") < by_cases.index("streets/540102003")
    assert section(at(hall, DISPATCHER, f"{BOARD}?sort=nothing"), "leagues")
    link = next(html.unescape(a) for a in re.findall(r'href="(/cases\?[^"]+)"', by_cases) if STREET in a)
    counted = at(hall, DISPATCHER, link).page
    assert case["number"] in counted and old["number"] not in counted


@pytest.mark.parametrize("query", ["days=0", "days=9999", "days=x"])
def test_an_address_that_says_nonsense_is_no_page(hall: Office, query: str) -> None:
    answer = at(hall, DISPATCHER, f"{BOARD}?{query}").answer
    assert answer is not None and answer.status_code == 404


# --- the register


def test_the_register_shows_what_the_api_lists(hall: Office) -> None:
    case, other = assigned(hall), logged(hall)
    for query, wanted in (
        ("", {case["number"], other["number"]}), ("?phase=assigned", {case["number"]}), ("?lead=water", {case["number"]}),
        ("?below=yes", {other["number"]}), (f"?number={other['number']}", {other["number"]}), ("?open=no", set()),
        ("?phase=assigned&street=540102003", set()), ("?late=yes", set()), ("?since=2030-01-01T00:00:00Z", set()),
    ):  # fmt: skip
        page = at(hall, DISPATCHER, f"/cases{query}").page
        assert {n for n in (case["number"], other["number"]) if n in page} == wanted, query
    assert case["number"] in at(hall, WATER, "/cases").page and other["number"] not in at(hall, WATER, "/cases").page
    assert case["number"] not in at(hall, OTHER_CLERK, "/cases").page
    assert case["number"] not in at(hall, ROADS, "/cases").page


def test_pages_of_the_register_follow_each_other(hall: Office) -> None:
    numbers = [logged(hall)["number"] for _ in range(52)]
    first = at(hall, CLERK, "/cases?phase=logged")
    older = html.unescape(re.search(r'rel="next" href="([^"]+)"', first.page)[1])  # type: ignore[index]
    second = at(hall, CLERK, older)
    assert "phase=logged" in older and numbers[-1] in first.page and numbers[0] not in first.page
    assert numbers[0] in second.page and numbers[-1] not in second.page and 'rel="next"' not in second.page


def test_what_is_filtered_by_is_said(hall: Office) -> None:
    logged(hall)
    page = words(at(hall, DISPATCHER, f"/cases?street={STREET}&overdue=yes&accountable=water&category=nowhere").page)
    for shown in ("Only:", "Street : Bakuo Street", "overdue now", "Held by : Water Affairs", "Category : nowhere"):
        assert shown.replace(" :", ":") in page, shown
    assert "Only:" not in words(at(hall, DISPATCHER, "/cases").page)
    assert "540102003" in at(hall, WORKER, "/cases?street=540102003").page  # not one of the worker's choices


def test_a_filter_that_cannot_be_understood_is_said_and_the_rest_stays(hall: Office) -> None:
    case = logged(hall)
    for query in ("state=zzz&number=54", "number=%00", "before=x", "limit=9&street=%01", "since=yesterday&number=54"):
        person = at(hall, CLERK, f"/cases?{query}")
        assert person.answer is not None and person.answer.status_code == 422, query
        assert 'role="alert"' in person.page and case["number"] not in person.page
        assert ("number=54" in query) == ('name="number" maxlength="100" value="54"' in person.page)


def test_a_case_that_nobody_can_route_waits_where_the_dispatcher_sees_it(hall: Office) -> None:
    said = {"category": "0406", "place": DISTRICT, "source": "hotline", "summary": "somewhere at the river"}
    case = hall.post((Role.HOTLINE, DISTRICT), "/cases", said).json()
    hall.whole.boards.catch_up()
    (line,) = hall.get(DISPATCHER, f"/boards/districts/{DISTRICT}").json()["board"]["to_route"]
    assert (line["case"], line["accountable"], line["clock"]) == (case["case"], DISTRICT, "triage") and line["due"]
    page = looked(hall, DISPATCHER)
    assert 'id="to_route"' in page and case["number"] in page
    case = hall.act(DISPATCHER, case, "amendments", {"place": GRID, "reason": "the caller said where"})
    hall.whole.boards.catch_up()
    assert case["accountable"] != DISTRICT
    assert 'id="to_route"' not in looked(hall, DISPATCHER)


def looked(hall: Office, who: tuple[Role, str]) -> str:
    hall.client.cookies.set("whistle", hall.session(*who))
    page: str = hall.client.get(f"{BOARD}?lang=en", headers={"Accept": "text/html"}).text
    return page
