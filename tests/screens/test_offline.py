"""Without a line: what is logged is kept on the phone, and delivered once, to whom it belongs, or kept with the reason."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from domain.actors import Role
from tests.adapters.photos.making import taken
from tests.api.people import DISTRICT, GRID
from tests.breaking.waiting import until
from tests.screens.hall import PHONE, Hall, Who, axe, scrolls_sideways

WORKER, OTHER = (Role.GRID_WORKER, GRID), (Role.GRID_WORKER, "540102002001002")
SUPERVISOR = (Role.SUPERVISOR, DISTRICT)
PHOTO = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": taken((300, 200))}
NOISE = re.compile(
    r"net::ERR_|Failed to load resource|Service Worker registration blocked"
)  # what a browser says by itself when an answer is none
Handler = Callable[[Route], None]
UNTIL = """async (fine) => {
  for (let n = 0; n < 500; n += 1) {
    if (await fine()) return;
    await new Promise((go) => setTimeout(go, 20));
  }
  throw new Error("it never came to be");
}"""
WITH_FORM = f"""async () => {{
  await ({UNTIL})(async () => (await caches.match("/log")) && navigator.serviceWorker.controller);
}}"""


def phone(town: Hall, who: Who = WORKER, **more: Any) -> Page:
    """A worker's phone, on the board."""
    page = town.window(who, size=PHONE, language="en-GB", **more)
    page.goto(f"/boards/grids/{who[1]}")
    return page


def with_form(town: Hall, who: Who = WORKER) -> Page:
    """A phone that keeps the form for when there is no line."""
    page = phone(town, who)
    page.evaluate(WITH_FORM)
    return page


def log(page: Page, words: str, *, photo: bool = False, about: str = "") -> None:
    """Fills the form in, and presses its button."""
    page.get_by_role("combobox", name="Category").fill("standing")
    page.get_by_role("option", name="standing water").click()
    if photo:
        page.locator("#log-photo").set_input_files([PHOTO])  # type: ignore[list-item]  # a payload
        expect(page.get_by_alt_text("Photo 1")).to_be_visible()
    page.get_by_label("Summary").fill(words)
    if about:
        page.get_by_text("Code, source, urgency").click()
        page.get_by_label("Code of a thing").fill(about)
    page.get_by_role("button", name="Log it").click()


def rows(page: Page) -> Locator:
    """What is kept, and what has been delivered while the page was open."""
    return page.locator("#kept-rows > li")


def cases(town: Hall, words: str) -> list[dict[str, Any]]:
    """The cases with these words."""
    town.whole.boards.catch_up()
    found = town.office.get(SUPERVISOR, "/cases", limit=200).json()["cases"]
    return [case for case in found if case["summary"] == words]


def said(route: Route) -> str:
    """The summary that is sent; of what is no form, nothing."""
    return "".join(parse_qs(route.request.post_data or "").get("summary", []))


def photos(town: Hall, case: dict[str, Any]) -> int:
    """How many photos a case has."""
    return len(town.whole.photos.of(UUID(case["case"])))


@pytest.fixture(autouse=True)
def lines_that_break(town: Hall) -> Any:
    """The browser's own complaints of broken lines are no faults of the page."""
    yield
    town.faults[:] = [fault for fault in town.faults if not NOISE.search(fault)]


@pytest.fixture
def words() -> str:
    """Words by which a case is found again."""
    return f"water {uuid4().hex[:8]}"


def test_logged_without_a_line_reloaded_and_delivered_once(town: Hall, words: str) -> None:
    page = with_form(town)
    page.context.set_offline(True)
    page.goto("/log")
    log(page, words, photo=True)
    expect(page.locator("#log-said")).to_have_text("Saved on this phone; it is sent as soon as there is a line.")
    page.reload()
    expect(rows(page)).to_contain_text(["waiting photos: 1"])
    assert axe(page) == [] and not scrolls_sideways(page)
    assert cases(town, words) == []
    page.context.set_offline(False)
    expect(rows(page)).to_contain_text(["Logged:"])
    (case,) = cases(town, words)
    assert photos(town, case) == 1
    rows(page).get_by_role("link", name=case["number"]).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("standing water")
    page.goto("/log")
    expect(page.locator("#kept")).to_be_hidden()
    assert kept(page) == []


def kept(page: Page) -> list[dict[str, Any]]:
    """The rows as they are on the disk."""
    found: list[dict[str, Any]] = page.evaluate("""() => new Promise((done) => {
      const asked = indexedDB.open("whistle-outbox", 1);
      asked.onsuccess = () => {
        const all = asked.result.transaction("rows").objectStore("rows").getAll();
        all.onsuccess = () => done(all.result.map(({ photos, ...row }) => ({ ...row, photos: photos.map(({ blob }) => blob.size) })));
      };
    })""")
    return found


def lost_once(page: Page, path: str) -> list[str]:
    """The first answer is lost on the way back, after the other side has done its part; what was tried is noted."""
    tried: list[str] = []

    def handle(route: Route) -> None:
        tried.append(route.request.post_data_buffer.hex() if route.request.post_data_buffer else "")
        if len(tried) > 1:
            route.continue_()
            return
        assert route.fetch().status == 201
        route.abort("connectionreset")

    page.route(re.compile(path), lambda route: handle(route) if route.request.method == "POST" else route.continue_())
    return tried


@pytest.mark.parametrize("path", [r"/log$", r"/photos$"])
def test_an_answer_that_is_lost_makes_two_attempts_and_one_case(town: Hall, words: str, path: str) -> None:
    page = phone(town, service_workers="block")
    tried = lost_once(page, path)
    page.goto("/log")
    log(page, words, photo=True)
    expect(rows(page)).to_contain_text(["Logged:"])
    assert len(tried) == 2
    (case,) = cases(town, words)
    assert photos(town, case) == 1


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 503])
def test_what_is_not_taken_now_is_tried_again(town: Hall, words: str, status: int) -> None:
    page, tried = phone(town, service_workers="block"), list[int]()

    def handle(route: Route) -> None:
        if route.request.method != "POST" or tried:
            route.continue_()
            return
        tried.append(status)
        route.fulfill(status=status, json={"detail": "later"})

    page.route(re.compile(r"/log$"), handle)
    page.goto("/log")
    log(page, words)
    expect(rows(page)).to_contain_text(["Logged:"])
    assert tried == [status] and len(cases(town, words)) == 1


def at_once(page: Page) -> None:
    """As if the line had just come back: what waits for its turn is tried now."""
    page.evaluate("dispatchEvent(new Event('online'))")


def delivered(page: Page, count: int = 1) -> bool:
    """Whether so many have been delivered by now; what waits is tried at once."""
    at_once(page)
    return page.locator("#kept-rows > li.done").count() == count


def test_a_conflict_after_many_lost_lines_is_tried_again(town: Hall, words: str) -> None:
    page, answers = phone(town, service_workers="block"), [*[0, 503] * 6, 409]

    def handle(route: Route) -> None:
        if route.request.method != "POST" or not answers:
            route.continue_()
        elif status := answers.pop(0):
            route.fulfill(status=status, json={"detail": "later"})
        else:
            route.abort("connectionreset")

    page.route(re.compile(r"/log$"), handle)
    page.goto("/log")
    log(page, words)
    until(lambda: delivered(page))
    assert answers == [] and len(cases(town, words)) == 1


def test_an_answer_that_cannot_be_read_is_tried_again_and_is_in_nobody_s_way(town: Hall, words: str) -> None:
    page, tried = phone(town, service_workers="block"), list[str]()

    def handle(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        tried.append(said(route).removeprefix(f"{words} "))
        if len(tried) > 1:
            route.continue_()
            return
        assert route.fetch().status == 201
        route.fulfill(status=200, content_type="text/html", body="<p>Welcome to the network of this house")

    page.route(re.compile(r"/log$"), handle)
    page.goto("/log")
    page.context.set_offline(True)
    for nth in ("first", "second"):
        log(page, f"{words} {nth}")
        expect(rows(page).filter(has_text="waiting")).to_have_count(len(kept(page)))
    expect(rows(page)).to_have_count(2)
    page.context.set_offline(False)
    until(lambda: delivered(page, 2))
    assert tried == ["first", "second", "first"]
    assert [len(cases(town, f"{words} {nth}")) for nth in ("first", "second")] == [1, 1]


def test_a_photo_that_some_network_took_for_itself_is_sent_again(town: Hall, words: str) -> None:
    page, tried = phone(town, service_workers="block"), list[str]()

    def handle(route: Route) -> None:
        tried.append(route.request.url)
        if len(tried) > 1:
            route.continue_()
        else:
            route.fulfill(status=200, content_type="text/html", body="<p>Welcome to the network of this house")

    page.route(re.compile(r"/photos$"), handle)
    page.goto("/log")
    log(page, words, photo=True)
    until(lambda: delivered(page))
    (case,) = cases(town, words)
    assert len(tried) == 2 and photos(town, case) == 1


def test_a_refused_one_is_kept_with_the_reason_changed_and_sent(town: Hall, words: str) -> None:
    page = phone(town)
    page.goto("/log")
    log(page, words, photo=True, about="NOWHERE-1")
    expect(rows(page)).to_contain_text(
        [
            "refused",
        ]
    )
    expect(rows(page)).to_contain_text(["NOWHERE-1 is in no register."])
    expect(page.locator("#log-said")).to_be_hidden()
    page.goto(f"/boards/grids/{GRID}")
    expect(rows(page)).to_contain_text(["NOWHERE-1 is in no register."])
    assert axe(page) == [] and cases(town, words) == []
    rows(page).get_by_role("link", name="Edit").click()
    expect(page.get_by_label("Summary")).to_have_value(words)
    expect(page.get_by_alt_text("Photo 1")).to_be_visible()
    expect(page.get_by_role("combobox", name="Category")).to_have_value("standing water")
    page.get_by_label("Code of a thing").fill("LD-002-01")
    page.get_by_role("button", name="Log it").click()
    expect(rows(page)).to_contain_text(["Logged:"])
    (case,) = cases(town, words)
    assert photos(town, case) == 1 and kept(page) == []


def test_a_refused_one_may_be_given_up(town: Hall, words: str) -> None:
    page = phone(town)
    page.goto("/log")
    log(page, words, about="NOWHERE-2")
    page.once("dialog", lambda dialog: dialog.accept())
    rows(page).get_by_role("button", name="Delete").click()
    expect(page.locator("#kept")).to_be_hidden()
    assert kept(page) == [] and cases(town, words) == []


def test_the_focus_stays_on_a_kept_row_while_another_changes(town: Hall, words: str) -> None:
    page, lines = phone(town, service_workers="block"), list[str]()

    def handle(route: Route) -> None:
        if said(route) == f"{words} above" and not lines:
            route.fulfill(status=503, json={"detail": "later"})
        else:
            route.continue_()

    page.route(re.compile(r"/log$"), handle)
    page.goto("/log")
    log(page, f"{words} above")
    expect(rows(page)).to_contain_text(["waiting"])
    log(page, words, about="NOWHERE-1")
    expect(rows(page)).to_contain_text(["waiting", "refused"])
    edit = rows(page).get_by_role("link", name="Edit")
    edit.focus()
    lines.append("here again")
    until(lambda: delivered(page))
    expect(rows(page)).to_contain_text(["refused", "Logged:"])
    expect(edit).to_be_focused()


def test_another_user_sends_and_sees_nothing_of_the_first(town: Hall, words: str) -> None:
    page = with_form(town)
    page.context.set_offline(True)
    page.goto("/log")
    log(page, words)
    expect(rows(page)).to_contain_text(["waiting"])
    town.sign_in(page.context, OTHER)
    page.context.set_offline(False)
    expect(rows(page)).to_contain_text(["sign in to send"])  # the first one's page is still open
    page.goto("/log")
    expect(page.locator("#kept-others")).to_have_text(
        "Kept for another user: 1. They are sent when that user signs in."
    )
    assert rows(page).count() == 0 and words not in page.content() and cases(town, words) == []
    log(page, f"{words} of another")
    expect(rows(page)).to_contain_text(["Logged:"])
    assert cases(town, words) == []
    town.sign_in(page.context, WORKER)
    page.goto("/log")
    expect(rows(page)).to_contain_text(["Logged:"])
    assert len(cases(town, words)) == 1


def test_whose_session_has_ended_signs_in_and_it_is_sent(town: Hall, words: str) -> None:
    page = phone(town)
    page.goto("/log")
    page.context.clear_cookies()
    log(page, words)
    expect(rows(page)).to_contain_text(["sign in to send"])
    assert cases(town, words) == []
    rows(page).get_by_role("link", name="sign in to send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    town.sign_in(page.context, WORKER)
    page.goto("/log")
    expect(rows(page)).to_contain_text(["Logged:"])
    assert len(cases(town, words)) == 1


def test_two_tabs_have_one_drainer(town: Hall, words: str) -> None:
    page = with_form(town)
    second = page.context.new_page()
    town.watch(second)
    sent: list[str] = []
    page.context.on("request", lambda r: sent.append(r.url) if r.method == "POST" and r.url.endswith("/log") else None)
    page.context.set_offline(True)
    page.goto("/log")
    second.goto("/log")
    page.bring_to_front()
    for n in range(3):
        log(page, f"{words} {n}")
        expect(rows(second)).to_have_count(n + 1)
    page.context.set_offline(False)
    for tab in (page, second):
        expect(tab.locator("#kept-rows > li.done")).to_have_count(3)
    assert len(sent) == 3 and all(len(cases(town, f"{words} {n}")) == 1 for n in range(3))


def test_it_is_on_the_disk_before_it_is_called_saved(town: Hall, words: str) -> None:
    page = phone(town)
    page.add_init_script("""
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (row) {
        const asked = put.call(this, row);
        this.transaction.abort();
        return asked;
      };""")
    page.goto("/log")
    log(page, words, photo=True)
    expect(page.locator("#log-said")).to_contain_text("It could not be kept on this phone")
    assert kept(page) == [] and page.get_by_label("Summary").input_value() == words
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("standing water")
    (case,) = cases(town, words)
    assert photos(town, case) == 1


def names(page: Page) -> list[str]:
    """The addresses of all that the service worker keeps."""
    found: list[str] = page.evaluate("""async () => {
      const kept = [];
      for (const name of await caches.keys()) for (const one of await (await caches.open(name)).keys()) kept.push(new URL(one.url).pathname);
      return kept;
    }""")
    return found


def test_of_personal_pages_only_the_form_is_kept_and_signing_out_drops_it(town: Hall) -> None:
    page = with_form(town)
    page.goto("/boards")
    page.goto("/log")
    assert {name for name in names(page) if not name.startswith("/static/")} == {"/log", "/offline"}
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert "/log" not in names(page)
    page.context.set_offline(True)
    page.goto("/log")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no line")


def test_without_a_line_other_pages_say_what_is_possible(town: Hall, words: str) -> None:
    page = with_form(town)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no line")
    assert axe(page) == [] and not scrolls_sideways(page)
    page.get_by_role("link", name="Log a case").click()
    log(page, words)
    expect(rows(page)).to_contain_text(["waiting"])
    page.goto(f"/boards/grids/{GRID}")
    page.context.set_offline(False)
    page.get_by_role("link", name="Try again").click()
    expect(page.locator("#kept-rows > li.done")).to_have_count(1)
    assert len(cases(town, words)) == 1


def test_a_new_edition_takes_the_place_of_the_old_one(town: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    page = with_form(town)
    monkeypatch.setattr("api.pages.phone.EDITION", "the-next-one")
    page.evaluate(f"""async () => {{
      await (await navigator.serviceWorker.ready).update();
      const shells = async () => (await caches.keys()).filter((name) => name.startsWith("whistle-shell-"));
      await ({UNTIL})(async () => (await shells()).join() === "whistle-shell-the-next-one");
    }}""")
    page.context.set_offline(True)
    page.goto("/log")
    expect(page.get_by_role("button", name="Log it")).to_be_visible()
