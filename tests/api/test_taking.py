"""What is taken out: every list as CSV and JSON, text stays text, within one's own reach, nothing private, at any length."""

import csv
import json
import re
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from itertools import islice
from pathlib import Path
from resource import getpagesize
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select

from adapters.boards import chosen
from adapters.boards.tables import cases
from api import rates
from api.pages import board_lists
from api.pages.as_table import as_csv, as_json, guarded
from api.pages.columns import OF
from api.pages.reading import Reading
from api.pages.taking import KINDS
from domain.actors import Role
from domain.permissions import Reach
from tests.api.browsers import Person
from tests.api.office import Office, office
from tests.api.people import (
    CLERK,
    COMMUNITY,
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
    assigned,
    at_work,
    logged,
)

OTHER = (Role.STREET_CLERK, "540102003")
NASTY = (
    '=HYPERLINK("http://x","a,b")', "+1+1", "-2-3", "@SUM(A1)", "\t=1", "＝1+1", 'a"b,c\nd', "0406", "540102002001001", "1e5", "3-4", "2026/3/4",
    "<script>alert(1)</script>", "]]>&amp;<x/>", "{{ 7*7 }}", "12:30", "1.50", "﷽", "'; DROP TABLE cases; --",
)  # fmt: skip
CANARIES = ("canary-name-7f3a", "canary-phone-91c2", "canary-words-金丝雀", "canary-note-55d0")


@pytest.fixture(params=["sqlite", "postgresql"])
def both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    with office(tmp_path, url=url) as opened:
        yield opened


def read(text: str) -> list[list[str]]:
    """A table as Python's csv reads it: with its mark, every line ended as the RFC says."""
    assert text.startswith("\ufeff")
    rows = list(csv.reader(StringIO(text[1:], newline=""), strict=True))
    assert text.count("\r\n") >= len(rows) and len({len(row) for row in rows}) == 1
    return rows


def taken(hall: Office, path: str, who: tuple[Role, str] = CLERK, language: str = "en") -> Any:
    hall.client.cookies.clear()
    hall.client.cookies.set("whistle", hall.session(*who))
    return hall.client.get(path, headers={"Accept": "text/html", "Accept-Language": language})


# --- cells


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert guarded(f"{start}1") == f"'{start}1" and guarded(f"a{start}1") == f"a{start}1" and guarded("") == ""


@pytest.mark.parametrize(
    "text",
    [
        "0406",
        "7",
        "540102002001001",
        "1e5",
        "1.5E+3",
        "3-4",
        "2026-03-04",
        "3/4/2026",
        "12:30",
        "1,000",
        "50%",
        "1.50",
        "2026/3",
    ],
)
def test_what_a_spreadsheet_would_convert_stays_text(text: str) -> None:
    assert guarded(text) == f"{text}\t"


@pytest.mark.parametrize("text", ["540102-20260302-0001", "水管 3", "A12", "3 maple st", "v1.2b", "3-4-5-6", "--", ""])
def test_other_text_stands_as_it_is(text: str) -> None:
    assert guarded(text) in (text, f"'{text}")
    assert not guarded(text).endswith("\t")


# --- cases


def test_the_list_is_a_table_by_the_same_filters(both: Office) -> None:
    one = logged(both, summary="a,b\nsecond line")
    two = both.act(LEADER, logged(both, category="0102"), "whistles", {"plea": PLEA})
    both.whole.boards.catch_up()
    answer = taken(both, "/cases.csv?state=logged")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8" and answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == 'attachment; filename="cases-2026-03-02.csv"'
    rows = read(answer.text)
    assert rows[0][:3] == ["Number", "Category", "Summary"] and len(rows) == 2
    assert rows[1][0] == one["number"] and rows[1][2] == "a,b\nsecond line"
    told = dict(zip(rows[0], rows[1], strict=True))
    assert (told["Category code"], told["Place code"]) == ("0406\t", f"{GRID}\t") and told["Rework"] == "0"
    assert re.fullmatch(r"2026-03-02 \d\d:\d\d", told["Logged"])
    assert read(taken(both, "/cases.csv", language="zh").text)[0][:3] == ["编号", "类别", "概要"]
    assert {row[0] for row in read(taken(both, "/cases.csv").text)[1:]} == {one["number"], two["number"]}
    wrong = both.client.get("/cases.csv?state=dreaming", follow_redirects=False)
    assert wrong.status_code == 303 and wrong.headers["location"].startswith("/cases?state=dreaming")
    assert len(read(taken(both, "/cases.csv", OTHER).text)) == 1


def test_the_page_leads_to_each_form_with_its_filters(hall: Office) -> None:
    page = Person(hall, CLERK).goes_to("/cases?state=logged").page
    for kind in KINDS.values():
        assert f'href="/cases.{kind.suffix}?state=logged"' in page
    hall.client.cookies.clear()
    assert "/sign-in" in str(hall.client.get("/cases.csv").url)


def test_json_is_what_the_list_of_the_api_says(both: Office) -> None:
    for _ in range(3):
        logged(both)
    both.whole.boards.catch_up()
    found = both.get(CLERK, "/cases.json").json()
    assert found == both.get(CLERK, "/cases").json()["cases"] and len(found) == 3
    assert both.get(CLERK, "/cases.json", state="closed").json() == []
    assert both.get(CLERK, "/cases.json").text.count("\n") == 3 + 2  # a case to a line
    assert taken(both, "/cases.json").json() == found


@pytest.mark.parametrize("name", KINDS)
def test_the_api_takes_out_what_is_within_reach(hall: Office, name: str) -> None:
    case = logged(hall)
    path = f"/cases.{KINDS[name].suffix}"
    mine = hall.get(CLERK, path, after=case["position"])
    assert mine.status_code == 200 and case["number"] in mine.text
    assert mine.headers["content-type"].startswith(KINDS[name].media.split(";", maxsplit=1)[0])
    for who in (OTHER, WATER, (Role.RESIDENT, ""), (Role.PARTNER, "water")):
        other = hall.get(who, path)
        assert other.status_code == 200 and case["case"] not in other.text and case["number"] not in other.text
    assert hall.client.get(f"/api/v1{path}").status_code == 401
    assert hall.get(CLERK, path, state="dreaming").json()["code"] == "bad_content"
    assert hall.get(CLERK, path, sort="up").json()["code"] == "bad_content"
    assert hall.get(CLERK, path, after=10**9).json()["code"] == "no_such_position"


def test_who_takes_out_too_often_is_told_when_again(hall: Office) -> None:
    times = rates.RATES["export"].times
    answers = [hall.get(CLERK, "/cases.csv") for _ in range(times + 1)]
    assert [answer.status_code for answer in answers] == [200] * times + [429]
    assert answers[-1].json()["code"] == "too_often" and int(answers[-1].headers["retry-after"]) >= 60
    assert hall.get(LEADER, "/cases.csv").status_code == 200


def test_only_a_few_take_something_out_at_once_and_whoever_ends_makes_room(hall: Office) -> None:
    logged(hall)
    room = hall.whole.taking
    held = 0
    while room.acquire(blocking=False):
        held += 1
    busy = hall.get(CLERK, "/cases.csv")
    assert (busy.status_code, busy.json()["code"]) == (503, "busy") and taken(hall, "/cases.csv").status_code == 503
    room.release()
    assert [hall.get(CLERK, "/cases.csv").status_code for _ in range(3)] == [200] * 3
    room.release(held - 1)


# --- what strangers wrote


def test_no_text_breaks_out_of_any_form(both: Office) -> None:
    for text in NASTY:
        logged(both, summary=text)
    both.whole.boards.catch_up()
    rows = read(taken(both, "/cases.csv").text)[1:]
    wanted = [guarded(text) for text in reversed(NASTY)]
    assert [row[2] for row in rows] == wanted
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert [one["summary"] for one in both.get(CLERK, "/cases.json").json()] == list(reversed(NASTY))
    board = read(taken(both, f"/boards/streets/{STREET}/whistled.csv").text)
    assert len(board) == 1
    mine = read(taken(both, f"/boards/grids/{GRID}/mine.csv", WORKER).text)[1:]
    assert sorted(row[2] for row in mine) == sorted(wanted)


def test_nothing_private_is_in_any_form(hall: Office) -> None:
    reporter = {"name": CANARIES[0], "phone": CANARIES[1]}
    said = {"category": "0604", "place": GRID, "source": "hotline", "narrative": CANARIES[2], "reporter": reporter}
    case = hall.post(HOTLINE, "/cases", said).json()
    hall.post(CLERK, f"/cases/{case['case']}/notes", {"text": CANARIES[3]}, seen=1)
    hall.whole.boards.catch_up()
    engine = hall.whole.boards.engine
    with engine.connect() as connection:
        receipt = connection.scalar(select(cases.c.receipt).where(cases.c.case == UUID(case["case"])))
    staff = hall.staff
    private = (*CANARIES, receipt, case["receipt"], *staff)
    assert receipt and len(staff) >= 2
    for kind in KINDS.values():
        text = hall.get(SUPERVISOR, f"/cases.{kind.suffix}").text
        assert case["number"] in text and leaked(text, private) == []
        assert leaked(f"{text} {CANARIES[1]}", private) == [CANARIES[1]]
    for name in board_lists.STREET:
        assert leaked(taken(hall, f"/boards/streets/{STREET}/{name}.json").text, private) == []


def leaked(text: str, private: tuple[str, ...]) -> list[str]:
    return [one for one in private if one in text]


# --- lists of the boards

BOARDS = {
    f"streets/{STREET}": (LEADER, board_lists.STREET), f"grids/{GRID}": (WORKER, board_lists.GRID),
    f"grids/{COMMUNITY}": (LEADER, board_lists.GRID), "departments/water": (WATER, board_lists.DEPARTMENT),
    "district": (SUPERVISOR, board_lists.DISTRICT),
}  # fmt: skip


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office with something in most lists."""
    with office(tmp_path_factory.mktemp("busy")) as hall:
        logged(hall)
        hall.act(LEADER, logged(hall), "whistles", {"plea": PLEA})
        assigned(hall)
        case = at_work(hall)
        hall.act(WATER, case, "requests/extension", {"by": "2 working days", "reason": "=1+1"})
        hall.act(WATER, at_work(hall), "result", {"done": "d", "reply": "r"})
        hall.time.goes_on(24 * 40)
        hall.whole.boards.catch_up()
        yield hall


@pytest.mark.parametrize("board", BOARDS)
def test_every_list_of_a_board_is_a_table_and_an_array(busy: Office, board: str) -> None:
    who, lists = BOARDS[board]
    found = {}
    for name in lists:
        table, array = (taken(busy, f"/boards/{board}/{name}.{form}", who) for form in ("csv", "json"))
        rows = read(table.text)
        assert rows[0] == [Reading("en", False, "/").t(label) for label in OF[lists[name]]]
        assert len(rows) - 1 == len(array.json()), name
        assert table.headers["content-disposition"].endswith(f'{name}-2026-04-11.csv"')
        by_api = busy.get(who, f"/boards/{board if board != 'district' else f'districts/{DISTRICT}'}/lists/{name}.json")
        assert by_api.json() == array.json()
        found[name] = len(rows) - 1
    assert sum(map(bool, found.values())) >= 2, found


def test_pages_lead_to_their_lists(busy: Office) -> None:
    for board, (who, lists) in BOARDS.items():
        page = Person(busy, who).goes_to(f"/boards/{board}").page
        for name in lists:
            assert f'href="/boards/{board}/{name}.csv' in page and f'href="/boards/{board}/{name}.json' in page


def test_a_department_s_assignments_are_all_that_it_ever_had(busy: Office) -> None:
    rows = busy.get(WATER, "/boards/departments/water/lists/assignments.json").json()
    assert sorted(row["state"] for row in rows) == ["done", "pending", "reported_in"]
    assert busy.get(ROADS, "/boards/departments/roads/lists/assignments.json").json() == []


def test_the_cells_of_the_matrix_and_of_the_leagues(busy: Office) -> None:
    matrix = read(taken(busy, "/boards/district/overdue.csv", SUPERVISOR).text)
    assert matrix[0][:3] == ["Street", "Held by", "Cases"]
    assert {row[3] for row in matrix[1:]} == {f"{STREET}\t"} and sum(int(row[2]) for row in matrix[1:]) == 5
    assert {"the street itself", "dispatch"} & {row[1] for row in matrix[1:]}
    league = read(taken(busy, "/boards/district/streets.csv?days=90", SUPERVISOR).text)
    mine = next(row for row in league if row[-1] == f"{STREET}\t")
    assert mine[1] == "5" and mine[2] == ""  # no rate without a call-back
    assert read(taken(busy, "/boards/district/streets.csv?days=1", SUPERVISOR).text)[1][1] == "0"


def test_a_list_that_is_cut_says_so(busy: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board_lists, "LONGEST", 1)
    text = taken(busy, f"/boards/streets/{STREET}/whistled.csv", LEADER).text
    assert list(csv.reader(StringIO(text[1:])))[-1] == ["The first 1 are listed, the most urgent first."]
    assert len(busy.get(SUPERVISOR, f"/boards/districts/{DISTRICT}/lists/to_dispatch.json").json()) == 1


@pytest.mark.parametrize(
    ("who", "path"),
    [
        (CLERK, "streets/540102003/lists/inbox.csv"), (CLERK, f"districts/{DISTRICT}/lists/to_dispatch.csv"),
        (WATER, f"streets/{STREET}/lists/inbox.csv"), (ROADS, "departments/water/lists/new.json"), (WORKER, f"grids/{COMMUNITY}/lists/mine.csv"),
        (SUPERVISOR, f"streets/{STREET}/lists/nothing.csv"), (SUPERVISOR, f"streets/{GRID}/lists/inbox.csv"),
        (SUPERVISOR, "districts/999/lists/overdue.csv"), (SUPERVISOR, "departments/nobody/lists/assignments.csv"),
        ((Role.RESIDENT, ""), f"streets/{STREET}/lists/inbox.csv"),
    ],
)  # fmt: skip
def test_a_list_that_is_not_within_reach_is_not_there(hall: Office, who: tuple[Role, str], path: str) -> None:
    answer = hall.get(who, f"/boards/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_board")
    page = path.replace("/lists/", "/").replace(f"districts/{DISTRICT}", "district")
    assert taken(hall, f"/boards/{page}", who).status_code == 404
    assert hall.get(SUPERVISOR, f"/boards/streets/{STREET}/lists/inbox.xlsx").status_code == 422


# --- however long


MANY = 100_000


@pytest.mark.slow
def test_a_hundred_thousand_cases_pass_a_few_at_a_time(both: Office) -> None:
    """What is in memory does not grow with the rows; and what comes in meanwhile is not in this look."""
    case = logged(both)
    both.whole.boards.catch_up()
    engine = both.whole.boards.writer.engine
    _copied(engine, UUID(case["case"]), MANY)
    v = Reading("en", False, "/", whole=both.whole)
    rows = chosen.lines(engine, Reach("district", DISTRICT), {}, both.time.now)
    pieces = as_csv(v, OF[chosen.CaseLine], rows)
    before = resident()
    tracemalloc.start()
    count = sum(piece.count("\r\n") for piece in islice(pieces, 11))
    _copied(engine, UUID(case["case"]), 10)
    early = tracemalloc.get_traced_memory()[1]
    count += sum(piece.count("\r\n") for piece in islice(pieces, 30))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < early + 1_000_000, (early, peak)
    assert resident() < before + 60_000_000  # a driver that takes all rows at once does so where Python does not see it
    count += sum(piece.count("\r\n") for piece in pieces)
    assert count == MANY + 2  # the heading, and the case that was copied
    held = list(chosen.lines(engine, Reach("district", DISTRICT), {}, both.time.now))
    assert sum(map(len, held)) == MANY + 11 and max(map(len, held)) == chosen.AT_ONCE


def resident() -> int:
    """The memory of this process, in bytes."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * getpagesize()


def _copied(engine: Any, case: UUID, times: int) -> None:
    """So many rows that differ in nothing but who they are."""
    with engine.begin() as connection:
        row = dict(connection.execute(select(cases).where(cases.c.case == case)).mappings().one())
        begin = (connection.scalar(select(func.max(cases.c.first))) or 0) + 1
        for part in range(begin, begin + times, 10_000):
            some = range(part, min(part + 10_000, begin + times))
            connection.execute(insert(cases), [{**row, "case": uuid4(), "first": n, "number": f"n-{n}"} for n in some])


def test_rows_are_written_as_they_come() -> None:
    """Streaming in small: nothing is asked for before it is needed; a writer that gathers first would be found."""
    asked = []

    def rows() -> Iterator[list[dict[str, int]]]:
        for n in range(3):
            asked.append(n)
            yield [{"n": n}]

    pieces = as_json(rows())
    assert asked == [] and next(pieces) == '[\n{"n":0}' and asked == [0]
    assert json.loads('[\n{"n":0}' + "".join(pieces)) == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_the_day_in_a_file_s_name_is_the_district_s(hall: Office) -> None:
    hall.time.now = replace(hall.time).now.replace(hour=17) + timedelta(minutes=5)  # after midnight in the district
    assert 'filename="cases-2026-03-03.csv"' in hall.get(DISPATCHER, "/cases.csv").headers["content-disposition"]
