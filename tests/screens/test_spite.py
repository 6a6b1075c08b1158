"""A month whose every word is markup or a trick, in a real browser: nothing of it runs, no page complains or grows too wide."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby

import pytest
from playwright.sync_api import Browser, Page

from adapters.tokens import DEMO
from api.demo_month import month
from domain.actors import Actor, Role
from tests.screens.hall import Hall, Who, hall, scrolls_sideways
from tests.screens.test_every_page import NOT_OURS, Shown, offices, reached
from tests.spite import Spiteful

RAN = "window.spite = () => { window.ran = true }; addEventListener('securitypolicyviolation', (e) => { window.refused = e.violatedDirective })"
FOUND = """() => [window.ran && 'a script ran', window.refused && 'refused: ' + window.refused,
  document.querySelector('spite-tag, [spite-attr], [onerror], [onload], [onfocus], [onmouseover]') && 'markup was made'].filter(Boolean)"""


@pytest.fixture(scope="module")
def town(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with hall(tmp_path_factory.mktemp("spite"), browser) as opened:
        whole = opened.whole
        for _ in month(Spiteful(whole.casework), whole.law, whole.now() - timedelta(minutes=1), 120):  # type: ignore[arg-type]  # as Casework
            pass
        whole.tokens.create(Actor("demo", Role.STREET_CLERK, "540102002"), DEMO, whole.now())
        whole.boards.catch_up()
        yield opened


def pages(town: Hall) -> Iterator[Shown]:
    """One page of every kind for every office, and a dozen cases with everything said of them."""
    for who in offices(town):
        yield from (Shown(who, path) for path, _ in reached(town, who))
    supervisor = (Role.SUPERVISOR, "540102")
    for case in town.office.get(supervisor, "/cases", limit=12).json()["cases"]:
        yield from (Shown(supervisor, f"/cases/{case['number']}{file}") for file in ("", "/file"))


def faults(page: Page) -> list[str]:
    found: list[str] = page.evaluate(FOUND)
    return found + (["scrolls sideways"] if scrolls_sideways(page) else [])


def window(town: Hall, who: Who | None) -> Page:
    page = town.window(who, size=(360, 800), language="en-GB")
    page.add_init_script(RAN)
    return page


def test_nothing_of_it_runs_on_any_page(town: Hall) -> None:
    found, seen = list[str](), 0
    for who, some in groupby(list(pages(town)), key=lambda shown: shown.who):
        page = window(town, who)
        for shown in some:
            if shown.path.startswith(NOT_OURS) or shown.path.endswith((".csv", ".json", ".xes")):
                continue
            page.goto(shown.path)
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
            seen += 1
            found += [f"{shown.name}: {one}" for one in faults(page)]
        page.context.close()
    assert seen > 60 and found == []


def test_what_runs_is_found(town: Hall) -> None:
    page = window(town, None)
    page.goto("/flow")
    page.evaluate("spite()")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<spite-tag></spite-tag><img src=data:, onerror=spite()>')"
    )
    page.wait_for_function("window.refused")
    assert (
        faults(page)[0] == "a script ran"
        and "refused: script-src-attr" in faults(page)
        and "markup was made" in faults(page)
    )
    town.faults.clear()


def test_a_receipt_tells_no_other_site_where_one_came_from(town: Hall) -> None:
    """A link that somebody follows from a receipt: the browser says nothing of it to the other site."""
    page = window(town, None)
    said = list[str | None]()
    page.route(
        "http://elsewhere.example/**",
        lambda route: (said.append(route.request.headers.get("referer")), route.fulfill(body="x")),
    )
    page.goto("/r/AAAA-AAAA")
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<a id=out href=\"http://elsewhere.example/\">out</a>')"
    )
    page.click("#out")
    page.wait_for_url("http://elsewhere.example/")
    assert said == [None]
    town.faults.clear()
