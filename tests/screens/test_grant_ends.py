"""Whose grant ends loses everything at the next click, whatever stands open before them, and by whichever way they came in."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from pyotp import TOTP

from domain.actors import Role
from tests.oidc.city import city
from tests.screens.for_real import RealHall, goes_there, real_hall, signs_in
from tests.screens.hall import Who, logged_case
from tests.screens.hands import unfolded

GRID, STREET, DISTRICT = "540102002001001", "540102002", "540102"
WORKER, CLERK, LEADER = (Role.GRID_WORKER, GRID), (Role.STREET_CLERK, STREET), (Role.STREET_LEADER, STREET)
ADMIN, DISPATCHER, SUPERVISOR = (Role.ADMIN, DISTRICT), (Role.DISPATCHER, DISTRICT), (Role.SUPERVISOR, DISTRICT)
HOLDING = {"of-the-street": (CLERK, LEADER), "of-the-district": (DISPATCHER, SUPERVISOR)}
HERE = frozenset({f"grid_worker-{GRID}"})
PAGES = ("boards", "mine", "cases", "cases.csv", f"figures?of={STREET}", "log", "staff", "messages")


@pytest.fixture(scope="module")
def town(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealHall]:
    with city() as provider, real_hall(tmp_path_factory.mktemp("hall"), browser, provider, HOLDING, HERE) as opened:
        yield opened


def says_so(town: RealHall, staff: str, ending: str) -> None:
    """The admin, who has come in like everybody, on that member's own page."""
    page = town.window(ADMIN, language="en-GB")
    page.goto(f"/staff/{staff}")
    fold = page.locator("details.act").filter(has=page.locator(ending))
    fold.locator("> summary").click()
    fold.locator('[name="reason"]').fill("works elsewhere now")
    fold.locator("form button").click()
    expect(page.locator("#file ~ table")).to_contain_text("works elsewhere now")


def assert_nothing_is_left(context: BrowserContext, case: str, *also: str) -> None:
    """Every page asks to sign in, and nothing is told any more."""
    for path in (*PAGES, *also, f"cases/{case}", f"cases/{case}/file"):
        answer = context.request.get(f"/{path}", max_redirects=0)
        assert answer.status == 303 and answer.headers["location"].startswith("/sign-in?"), path
    assert context.request.get("/live").status == 401


@pytest.mark.parametrize(
    ("script", "who", "other"), [(True, CLERK, LEADER), (False, DISPATCHER, SUPERVISOR)], ids=["script", "no script"]
)
def test_what_was_typed_meanwhile_is_not_taken_and_the_other_office_stays(
    town: RealHall, script: bool, who: Who, other: Who
) -> None:
    case = logged_case(town, WORKER, category="0406", place=GRID, source="patrol")
    page = town.window(who, language="en-GB", script=script)
    page.goto(f"/cases/{case['number']}")
    form = page.locator("#do-AddNote")
    unfolded(form)
    form.locator("textarea").fill("what nobody may write any more")
    assert page.context.request.get("/cases", max_redirects=0).status == 200  # until now
    says_so(town, town.staff_of(who), f'form[action$="/ended-grants"]:has([value="{who[0]}"])')
    form.locator("button").last.click()
    expect(page.locator("#trouble") if script else page.locator("h1")).to_contain_text(
        "You are signed out" if script else "Sign in"
    )
    assert town.whole.casework.case(UUID(case["case"])).version == case["version"]
    assert_nothing_is_left(page.context, case["number"])
    town.faults.clear()  # the browser says that its stream was closed
    page.goto("/sign-in")
    goes_there(page, f"{town.staff_of(who)}-there")
    expect(page.locator("body")).to_have_attribute("data-who", f"{other[0]} {other[1]}")  # nothing to choose any more


def test_who_has_left_is_out_with_the_next_link_and_comes_in_no_more(town: RealHall) -> None:
    case = logged_case(town, WORKER, category="0406", place=GRID, source="patrol")
    staff = town.staff_of(WORKER)
    page = town.window(WORKER, language="en-GB", script=False)
    page.goto(f"/boards/grids/{GRID}")
    link = page.locator(f'main a[href^="/cases/{case["number"]}"]').first
    expect(link).to_be_visible()
    assert page.context.request.get("/cases", max_redirects=0).status == 200  # until now
    says_so(town, staff, 'form[action$="/departure"]')
    link.click()
    expect(page).to_have_url(re.compile(rf"/sign-in\?next=%2Fcases%2F{case['number']}"))
    assert_nothing_is_left(page.context, case["number"], f"boards/grids/{GRID}")
    account = town.account(staff)
    signs_in(page, account, TOTP(account.codes.secret).at(town.whole.now()))
    expect(page.get_by_role("heading", level=1)).to_contain_text("You hold no office now")
    assert_nothing_is_left(page.context, case["number"], f"boards/grids/{GRID}")
    town.faults.clear()  # the browser says that it was refused
