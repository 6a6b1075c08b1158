"""The pages: both languages, the same figures as the boards, sound markup, nothing personal, closed where no demo is."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from adapters.boards import department, grid, street
from adapters.boards.shares import Share
from adapters.throttles import Rate
from api import rates
from api.locale import CAUSES, CLOCK_STATES, DAY_CODES, TEXTS, UNITS, VERBS, limit_words
from api.pages.picture import BOXES, FACE, HEIGHT, WIDTH, arrows, steps
from api.pages.reading import UNSAID, Reading
from domain.actors import Role
from domain.states import PHASES, State
from tests.api.accounts import OURS, PASSWORD, account
from tests.api.browsers import Markup, seen
from tests.api.office import Office, office
from tests.api.people import (
    CLERK,
    COMMUNITY,
    DISPATCHER,
    DISTRICT,
    GRID,
    HOTLINE,
    LEADER,
    NOBODY_S,
    STREET,
    SUPERVISOR,
    WATER,
    WORKER,
    at_work,
    logged,
)
from tests.granted import made_a_demo
from tests.statements import plan, statements
from workflow import words
from workflow.flow import CASE_MOVES, NOTHING

SCRIPT = "<script>alert('&')</script>"
CANARY = "canary-7f3e"
PAGES = (
    "/", "/flow", "/boards", f"/boards/streets/{STREET}", f"/boards/grids/{GRID}", f"/boards/grids/{COMMUNITY}",
    "/boards/departments/water", "/boards/departments/education",
)  # fmt: skip
INVENTED = {"zh": "虚构案件", "en": "Invented cases"}


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A demo store: one case closed, one at work with requests, one told by a resident, one just logged."""
    with office(tmp_path_factory.mktemp("demo")) as opened:
        made_a_demo(opened.whole, opened.time.now)
        _lives(opened)
        opened.whole.boards.catch_up()
        yield opened


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Office]:
    """A store that is no demo, with a case."""
    with office(tmp_path) as opened:
        logged(opened, summary="burst main")
        opened.whole.boards.catch_up()
        yield opened


def _lives(hall: Office) -> None:
    done = hall.act(WATER, at_work(hall), "result", {"done": "main replaced", "reply": "It was replaced."})
    done = hall.act(WORKER, done, "verification", {"passed": True})
    done = hall.act(CLERK, done, "closure", {"outcome": "solved"})
    hall.act(LEADER, done, "assignments/water/rating", {"speed": 5, "quality": 4, "attitude": 5, "comment": "quick"})
    case = at_work(hall, summary="路面塌陷")
    case = hall.act(WATER, case, "requests/extension", {"by": "2 working days", "reason": "parts"})
    case = hall.act(DISPATCHER, case, "requests/1/decision", {"granted": True})
    case = hall.act(SUPERVISOR, case, "supervisions", {"level": "district", "addressee": "water", "reason": "long"})
    hall.act(WATER, case, "requests/extension", {"by": "1 working day", "reason": SCRIPT})
    said = {"category": "0604", "place": GRID, "source": "hotline", "narrative": CANARY, "reporter": {"name": CANARY, "phone": CANARY}}  # fmt: skip
    assert hall.post(HOTLINE, "/cases", said).status_code == 201
    logged(hall, summary=SCRIPT)


def cases_of(hall: Office) -> list[str]:
    return [line["case"] for line in hall.get(CLERK, "/cases", limit=50).json()["cases"]]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_sound_in_both_languages(hall: Office, path: str, language: str) -> None:
    answer = seen(hall, path, language)
    page = Markup(answer.text)
    assert answer.status_code == 200 and page.faults == []
    assert page.language == {"zh": "zh-Hans", "en": "en"}[language]
    assert page.headings and INVENTED[language] in answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    other = {"zh": "en", "en": "zh"}[language]
    assert f"{path}?lang={other}" in page.links


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_case_is_sound_in_both_languages(hall: Office, language: str) -> None:
    assert len(cases_of(hall)) == 4
    for case in cases_of(hall):
        answer = seen(hall, f"/cases/{case}", language)
        assert answer.status_code == 200 and Markup(answer.text).faults == [] and INVENTED[language] in answer.text


def test_the_checker_of_markup_finds_what_is_wrong() -> None:
    for wrong in ("<p>x", "<p></b>", '<p style="color:red"></p>', "<script></script>", '<p id="a"></p><p id="a"></p>',
                  '<a href="/" onclick="x()"></a>', '<p aria-labelledby="nobody"></p>'):  # fmt: skip
        assert Markup(wrong).faults, wrong


def test_every_link_of_ours_leads_somewhere(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for door in ("export", "list"):  # every list has one
        monkeypatch.setitem(rates.RATES, door, Rate(10_000, rates.HOUR))
    todo, done = ["/?lang=en", "/boards?lang=en"], set[str]()
    hall.client.cookies.clear()
    hall.client.cookies.set("whistle", hall.session(*SUPERVISOR))
    while todo:
        link = todo.pop()
        done.add(link)
        answer = hall.client.get(link, headers={"Accept": "text/html"})
        assert answer.status_code == 200, link
        assert link in ("/docs", "/openapi.json") or link.startswith("/api/v1/log") or "lang=en" in link
        found = {
            one
            for one in Markup(answer.text).links
            if one.startswith("/") and "lang=zh" not in one and "lang=bo" not in one
        }
        nearer = {one for one in found if ("/grids/" not in one and "of=" not in one) or STREET in one}
        nearer -= {one for one in nearer if "figure=" in one and not ("=in_time&" in one and "=numerator" in one)}
        todo += [one for one in nearer - done if one not in todo]
    assert {f"/boards/grids/{GRID}?lang=en", *(f"/cases/{case}?lang=en" for case in cases_of(hall))} <= done


def test_the_figures_are_those_of_the_boards(hall: Office) -> None:
    engine, now = hall.whole.boards.engine, hall.time.now
    places = street.board(engine, STREET, now)
    page = seen(hall, f"/boards/streets/{STREET}", "en").text
    for phase, count in places.phases.items():
        assert f"<dt>{words.PHASES[phase][1]}</dt><dd>{count}</dd>" in page
    for key in ("inbox", "whistled", "disputed", "requests", "to_verify", "to_call_back", "to_close", "to_rate"):
        assert _count(page, key) == len(getattr(places, key)), key
    assert (len(places.requests), places.phases) == (1, {"logged": 2, "assigned": 1, "resolved": 1})
    ours = grid.board(engine, hall.whole.law.places.by_code[GRID], now)
    page = seen(hall, f"/boards/grids/{GRID}", "en").text
    for key in ("mine", "to_verify", "sent_down", "returned", "elsewhere"):
        assert _count(page, key) == len(getattr(ours, key)), key
    for light, count in ours.lights.items():
        assert re.search(rf'class="light {light}".*?</dt><dd>{count}</dd>', page, re.DOTALL)
    water = department.board(engine, "water", now)
    page = seen(hall, "/boards/departments/water", "en").text
    for key in ("new", "to_report_in", "overdue", "due_today", "suspended", "ratings"):
        assert _count(page, key) == len(getattr(water, key)), key
    assert (_count(page, "at_work_list"), _count(page, "supervised_list"), _count(page, "own_requests")) == (1, 1, 1)


def _count(page: str, key: str) -> int:
    found = re.search(rf'<h2 id="{key}">[^<]*<span class="count">(\d+)</span>', page)
    assert found, key
    return int(found[1])


def test_the_index_counts_what_the_boards_count(hall: Office) -> None:
    page = seen(hall, "/boards", "en").text
    assert re.search(rf'streets/{STREET}\?lang=en">Bakuo Street</a>\s*<span class="count">3 open', page)
    assert re.search(r'streets/540102003\?lang=en">Jiri Street</a>\s*<span class="count">0 open', page)
    cells = re.findall(
        r"departments/water.*?<div>(\d+)</div>.*?<div>(\d+)</div>", seen(hall, "/boards").text, re.DOTALL
    )
    assert cells[0] == ("1", "2")


@pytest.mark.parametrize(
    ("path", "who", "looks"),
    [("/", SUPERVISOR, [True]), ("/boards", WORKER, [True]), ("/boards", SUPERVISOR, [True, False])],
)
def test_places_are_counted_in_one_look_and_what_has_ended_only_where_it_is_shown(
    hall: Office, path: str, who: tuple[Role, str], looks: list[bool]
) -> None:
    engine = hall.whole.boards.engine
    with statements(engine) as said:
        assert seen(hall, path, who=who).status_code == 200
    counted = [one for one in said if "count(*)" in one[0]]
    assert ["open IS 1" in statement for statement, _ in counted] == looks
    opened = plan(engine, counted[0])
    assert any("ix_board_cases_open_" in step for step in opened), opened


def test_what_people_wrote_is_escaped_and_marked_in_its_language(hall: Office) -> None:
    pages = [seen(hall, f"/cases/{case}", "en").text for case in cases_of(hall)]
    pages += [seen(hall, path, "en").text for path in PAGES]
    assert all(SCRIPT not in page for page in pages)
    assert sum("&lt;script&gt;" in page for page in pages) >= 4  # two cases, boards of street, grid and department
    assert any('<span lang="zh-Hans">路面塌陷</span>' in page for page in pages)


def test_nothing_personal_is_on_any_page(hall: Office) -> None:
    paths = [*PAGES, *(f"/cases/{case}" for case in cases_of(hall))]
    staff = hall.staff
    for path in paths:
        text = seen(hall, path).text
        assert CANARY not in text and not [name for name in staff if name in text], path


def test_a_case_says_who_holds_it_until_when_and_why(hall: Office) -> None:
    at_work = next(line for line in hall.get(CLERK, "/cases").json()["cases"] if line["state"] == "in_progress")
    page = seen(hall, f"/cases/{at_work['number']}", "en").text
    now = page[page.index('id="now"') : page.index('id="actions"')]
    assert "Water Affairs" in now and "<details>" in now and "in time" in now
    local = Reading("en", chosen=False, path="/", whole=hall.whole).time(
        hall.whole.casework.case(UUID(at_work["case"])).timers["resolve", "water", ""].due
    )
    assert local in now and "+08:00" in local
    explained = hall.get(CLERK, f"/cases/{at_work['case']}/deadlines").json()
    for one in (one for one in explained if one["clock"] == "resolve"):
        assert all(f'datetime="{day["day"]}"' in now for day in one["days"]) and one["days"]
    assert "extension" in now  # what moved it
    history = hall.get(CLERK, f"/cases/{at_work['case']}/history", lang="en").json()
    assert _count(page, "timeline") == len(history)
    timeline = page[page.index('id="timeline"') : page.index('id="next"')]
    assert all(entry["text"].split("<")[0] in timeline for entry in history)
    assert timeline.count('class="clocks"') == sum(bool(entry["clocks"]) for entry in history)


def test_an_ended_case_is_held_by_nobody(hall: Office) -> None:
    closed = next(line["case"] for line in hall.get(CLERK, "/cases").json()["cases"] if line["state"] == "closed")
    page = seen(hall, f"/cases/{closed}", "en").text
    assert "nobody: the case has ended" in page and "no clock runs" in page and "reopen the case" in page


def test_a_rate_without_cases_is_a_dash_never_zero(hall: Office) -> None:
    v = Reading("en", chosen=False, path="/", whole=hall.whole)
    assert [v.rate(Share(*one)) for one in ((0, 0), (0, 4), (1.9, 9), (0, 10), (9.5, 10))] == [
        UNSAID, "0/4", "1.9/9", "0% (0/10)", "95% (9.5/10)",
    ]  # fmt: skip
    page = seen(hall, "/boards/streets/540102003", "en").text
    assert page.count(f"<dd>{UNSAID}</dd>") == 3


@pytest.mark.parametrize(
    ("headers", "language"),
    [({}, "zh-Hans"), ({"Accept-Language": "en-GB,zh;q=0.5"}, "en"), ({"Accept-Language": "bo,en"}, "zh-Hans")],
)
def test_the_language_is_the_browsers_unless_the_address_says(
    hall: Office, headers: dict[str, str], language: str
) -> None:
    answer = hall.client.get("/flow", headers=headers)
    assert Markup(answer.text).language == language and answer.headers["vary"].startswith("Accept-Language, Cookie")
    assert Markup(hall.client.get("/flow?lang=en", headers=headers).text).language == "en"
    assert Markup(hall.client.get("/flow?lang=xx", headers=headers).text).language == language


@pytest.mark.parametrize("path", [*PAGES[2:], f"/cases/{NOBODY_S}", "/boards/streets/nowhere", "/log", "/mine"])
def test_who_is_not_signed_in_is_asked_to_and_comes_back(hall: Office, real: Office, path: str) -> None:
    account(real, CLERK)
    for store in (hall, real):
        answer = seen(store, path, "en", who=None)
        page = Markup(answer.text)
        assert str(answer.url).split("?")[0].endswith("/sign-in") and answer.status_code == 200 and page.faults == []
        assert f'name="next" value="{path}?lang=en"' in answer.text and "burst main" not in answer.text


def test_a_real_store_offers_no_office_and_takes_no_token(real: Office) -> None:
    page = seen(real, "/sign-in", "en", who=None)
    assert 'name="office"' not in page.text and 'name="token"' not in page.text and "whistle login add" in page.text
    for said in ({"office": f"{Role.STREET_CLERK} {STREET}"}, {"token": real.token(*CLERK)}):
        assert real.client.post("/sign-in", data=said, headers=OURS).status_code == 404
        assert not real.client.cookies.get("whistle")
    answer = account(real, CLERK).signs_in(next="/boards")
    assert answer.status_code == 200 and str(answer.url).endswith("/boards") and "Bakuo" in answer.text
    case = real.get(CLERK, "/cases").json()["cases"][0]["number"]
    assert "burst main" in real.client.get(f"/cases/{case}").text


def test_a_session_ends_when_idle_when_old_and_when_signed_out(real: Office) -> None:
    def signed_in() -> bool:
        return "/sign-in" not in str(real.client.get("/boards").url)

    somebody = account(real, CLERK)
    for hours, times in ((0.51, 1), (0.49, 21)):
        somebody.signs_in()
        assert signed_in()
        for turn in range(times):
            real.time.goes_on(hours)
            assert signed_in() is (turn + 1 < times), turn
    somebody.signs_in()
    secret = real.client.cookies["whistle"]
    assert real.client.post("/sign-out", headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200
    real.client.cookies.set("whistle", secret)
    assert not signed_in()


def test_signing_in_again_ends_the_session_before(real: Office) -> None:
    account(real, CLERK).signs_in()
    before = real.client.cookies["whistle"]
    another = account(real, LEADER, name="post-2")
    form = {"name": "post-2", "password": PASSWORD, "code": another.code}
    real.client.post("/sign-in/local", data=form, headers=OURS)
    assert real.client.cookies["whistle"] != before
    real.client.cookies.clear()
    real.client.cookies.set("whistle", before)
    assert "/sign-in" in str(real.client.get("/boards").url)


def test_a_session_is_kept_as_a_hash_and_its_cookie_is_for_this_host_only(real: Office) -> None:
    somebody = account(real, CLERK)
    somebody.signs_in()
    secret = real.client.cookies["whistle"]
    assert len(secret) >= 43
    assert secret.encode() not in b"".join(p.read_bytes() for p in real.whole.settings.home.iterdir() if p.is_file())
    cookie = somebody.signs_in("https://whistle.example", follow_redirects=False).headers["set-cookie"]
    assert cookie.startswith("__Host-whistle=") and all(
        part in cookie for part in ("HttpOnly", "Secure", "Path=/", "SameSite=lax")
    )


@pytest.mark.parametrize(
    ("headers", "fine"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True), ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False), ({"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"}, False),
        ({"Origin": "http://localhost"}, True), ({"Origin": "http://elsewhere"}, False), ({"Origin": "null"}, False), ({}, False),
    ],
)  # fmt: skip
def test_a_form_comes_from_our_own_pages_only(real: Office, headers: dict[str, str], fine: bool) -> None:
    answer = account(real, CLERK).signs_in(headers={**headers, "Accept": "text/html"}, follow_redirects=False)
    assert answer.status_code == (303 if fine else 403) and bool(answer.headers.get("set-cookie")) is fine


@pytest.mark.parametrize(
    "following", ["//elsewhere/", "https://elsewhere/", "/\\elsewhere", "javascript:alert(1)", "/\n/x"]
)
def test_signing_in_leads_to_our_own_pages_only(real: Office, following: str) -> None:
    answer = account(real, CLERK).signs_in(next=following, follow_redirects=False)
    assert answer.status_code == 303 and answer.headers["location"] == f"/boards/streets/{STREET}"


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ((Role.STREET_CLERK, "540102003"), f"/boards/streets/{STREET}"),
        (WORKER, f"/boards/streets/{STREET}"),
        (WATER, f"/boards/streets/{STREET}"),
        (WATER, "/boards/departments/education"),
        (CLERK, "/boards/departments/water"),
    ],
)
def test_what_is_beyond_somebody_s_reach_is_not_there(hall: Office, who: tuple[Role, str], path: str) -> None:
    assert seen(hall, path, who=who).status_code == 404
    for case in cases_of(hall):
        assert seen(hall, f"/cases/{case}", who=(Role.STREET_CLERK, "540102003")).status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "path",
    ["/cases/x", f"/cases/{NOBODY_S}", "/boards/streets/water", f"/boards/grids/{STREET}", f"/boards/departments/{GRID}",
     "/boards/rooms/1", "/nothing", "/cases/" + "9" * 101, "/cases/%00", f"/boards/grids/{DISTRICT}"],
)  # fmt: skip
def test_what_is_not_there_says_so_and_leads_on(hall: Office, path: str, language: str) -> None:
    answer = seen(hall, path, language)
    page = Markup(answer.text)
    assert answer.status_code == 404 and page.faults == []
    assert TEXTS["lost"][language == "en"] in page.headings and f"/boards?lang={language}" in page.links


def test_a_program_gets_a_problem_not_a_page(hall: Office) -> None:
    for path, accept in (("/nothing", "application/json"), ("/api/v1/nothing", "text/html")):
        answer = hall.client.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_the_style_sheet_is_kept_for_ever_and_any_other_is_not_there(hall: Office) -> None:
    address = re.search(r'<link rel="stylesheet" href="([^"]+)"', seen(hall, "/").text)
    assert address
    answer = hall.client.get(address[1])
    assert answer.headers["content-type"].startswith("text/css") and "immutable" in answer.headers["cache-control"]
    assert re.fullmatch(r"/static/[0-9a-f]{16}/pages.css", address[1])
    assert hall.client.get("/static/0000000000000000/pages.css").status_code == 404


def test_the_picture_has_every_move_between_the_four_phases() -> None:
    wanted = {
        ("" if source == NOTHING else PHASES[State(source)].value, move.leaves.phase.value, move.command.__name__)
        for move in CASE_MOVES
        for source in move.source
        if move.leaves
    }
    shown = {(step.source, step.target, command) for step in steps() for command in step.commands}
    assert shown == {one for one in wanted if one[0] != one[1]}
    drawn = [step for step in steps() if step.number]
    assert [step.number for step in drawn] == list(range(1, len(drawn) + 1))
    assert {step.target for step in drawn} == set(FACE)
    assert {step.number for step in steps(CASE_MOVES[:1])} == {1}  # another table, another picture


def test_the_arrows_lie_within_the_picture_and_none_on_another() -> None:
    found = list(arrows(steps()))
    assert len({(arrow.x, arrow.y) for arrow in found}) == len({arrow.path for arrow in found}) == len(found)
    assert all(11 < arrow.x < WIDTH - 11 and 11 < arrow.y < HEIGHT - 11 for arrow in found)
    assert BOXES[-1].y + 66 < HEIGHT
    assert {arrow.kind for arrow in found} == {"on", "skips", "back"}


def test_every_text_is_there_in_both_languages() -> None:
    for table in (TEXTS, DAY_CODES, CLOCK_STATES, VERBS, CAUSES, UNITS):
        for key, (zh, en) in table.items():
            assert zh and en and not re.search("[\u3400-\u9fff]", en), key
            assert sorted(re.findall(r"{\w+}", zh)) == sorted(re.findall(r"{\w+}", en)), key


def test_tibetan_shows_what_was_found_in_print_and_chinese_for_the_rest(hall: Office) -> None:
    page = seen(hall, f"/boards/grids/{GRID}", "bo", who=WORKER).text
    assert Markup(page).language == "zh-Hans" and '<span lang="bo">དྲ་མིག་པ</span>' in page and "待核查" in page
    assert all(re.fullmatch("[\u0f00-\u0fff]+", word) for table in words.TIBETAN.values() for word in table.values())
    assert all(set(table) <= set(getattr(words, name)) for name, table in words.TIBETAN.items())
    asked = hall.client.get("/flow", headers={"Accept-Language": "bo,zh"}).text
    assert '<span lang="bo">' in asked and 'lang="bo" hreflang="bo"' not in asked


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ("3 working days", "3 个工作日"),
        ("0.5 hours, from next day", "0.5 小时，次日起算"),
        ("1 day, step dig", "1 天（dig）"),
    ],
)
def test_a_limit_is_said_in_chinese(limit: str, said: str) -> None:
    assert (limit_words(limit, "zh"), limit_words(limit, "en")) == (said, limit)
