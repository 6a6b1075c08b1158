"""Coming in with a real browser: by the city's account, by one of our own, into one of several offices; and every page on the way."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pyotp import TOTP

from adapters.logins import NewLogin
from domain.actors import Role
from tests.api.accounts import PASSWORD
from tests.oidc.city import City, city
from tests.screens.for_real import goes_there, real_hall, signs_in
from tests.screens.hall import DESK, PHONE, TABLET, Hall, axe, scrolls_sideways
from tests.screens.test_every_page import KEPT, LOOKS, WIDTHS, contact_sheet, foreign, unspoken

DISTRICT, STREET = "540102", "540102002"
CLERK, LEADER = (Role.STREET_CLERK, STREET), (Role.STREET_LEADER, STREET)


@pytest.fixture(scope="module")
def provider() -> Iterator[City]:
    with city() as opened:
        yield opened


@pytest.fixture(scope="module")
def town(browser: Browser, provider: City, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """No demo: a real store, its provider, and two members of staff, one of whom holds two offices."""
    holding = {"one": (CLERK,), "both": (CLERK, LEADER)}
    with real_hall(tmp_path_factory.mktemp("hall"), browser, provider, holding) as opened:
        for staff, offices in holding.items():
            opened.holds(staff, *offices)
            opened.is_bound(staff)
        yield opened


@pytest.fixture(scope="module")
def account(town: Hall) -> NewLogin:
    """An account of our own, of whoever holds two offices."""
    return town.whole.logins.add("both", "post-1", PASSWORD, town.whole.now())


@pytest.mark.parametrize("script", [True, False])
def test_by_the_citys_account(town: Hall, script: bool) -> None:
    page = town.window(language="en-GB", script=script)
    page.goto("/cases?street=540102002")
    goes_there(page, "one-there")
    expect(page).to_have_url(f"{town.address}/cases?street=540102002")
    expect(page.locator(".who strong")).to_contain_text("street clerk")
    (cookie,) = (one for one in page.context.cookies() if one["name"] == "whistle")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax"
    page.locator(".who").get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{town.address}/sign-in?left=yes")
    page.get_by_role("link", name="Sign out there too").click()
    expect(page.get_by_role("heading", name="ended there too")).to_be_visible()


def test_an_office_is_chosen_and_changed(town: Hall) -> None:
    page = town.window(language="en-GB")
    page.goto("/sign-in")
    goes_there(page, "both-there")
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose your office")
    page.get_by_role("button", name="Street leader").click()
    expect(page).to_have_url(f"{town.address}/boards/streets/{STREET}")
    page.get_by_role("link", name="Change office").click()
    page.get_by_role("button", name="Street clerk").click()
    expect(page.locator(".who strong")).to_contain_text("street clerk")
    expect(page).to_have_url(f"{town.address}/boards/streets/{STREET}")


def test_by_an_account_of_our_own(town: Hall, account: NewLogin) -> None:
    page = town.window(language="en-GB")
    page.goto("/sign-in?next=/boards")
    signs_in(page, account, TOTP(account.codes.secret).at(town.whole.now()))
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose your office")
    page.get_by_role("button", name="Street clerk").click()
    expect(page).to_have_url(f"{town.address}/boards")


def test_who_is_bound_to_nobody_can_copy_the_code(town: Hall, provider: City) -> None:
    page = town.window(language="en-GB")
    page.goto("/sign-in")
    goes_there(page, "a-stranger")
    code = town.whole.logins.code_of(provider.issuer, "a-stranger")
    expect(page.locator(".account code")).to_have_text(code)
    town.faults.clear()  # the browser says that it was refused


def ways(page: Page, account: NewLogin) -> Iterator[str]:
    """Every page on the way in, one after the other."""
    page.goto("/sign-in?next=/boards")
    yield "sign in"
    page.goto("/sign-in?left=yes")
    yield "signed out"
    page.goto("/sign-in")
    page.locator("#name").fill(account.name)
    page.locator("#password").fill("wrong")
    page.locator("#code").fill("123456")
    page.locator('form[action^="/sign-in/local"] button').click()
    yield "wrong"
    page.goto("/sign-in/oidc/answer?code=x&state=x")
    yield "refused"
    page.goto("/sign-in")
    goes_there(page, "a-stranger")
    yield "bound to nobody"
    page.goto("/sign-in")
    goes_there(page, "both-there")
    yield "offices"
    page.locator(".offices button").first.click()
    page.goto("/sign-in/office")
    yield "change of office"
    page.goto("/boards")
    yield "header"
    page.goto("/")
    yield "home"


@pytest.mark.parametrize(("language", "dark"), LOOKS)
def test_every_page_on_the_way_is_right(town: Hall, account: NewLogin, language: str, dark: bool) -> None:
    folder = KEPT / f"coming-in-{language[:2]}-{'dark' if dark else 'light'}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    faults = list[str]()
    page = town.window(language=language, dark=dark)
    for name in ways(page, account):
        found = [*axe(page), *unspoken(page), *(foreign(page) if language == "en-GB" else [])]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": PHONE[1] if width < TABLET[0] else DESK[1]})
            found += [f"scrolls sideways at {width}"] if scrolls_sideways(page) else []
            if width in {WIDTHS[0], DESK[0]}:
                page.screenshot(path=folder / f"{name.replace(' ', '-')}-{width}.png")
        faults += [f"{name}: {one}" for one in found]
    contact_sheet(folder)
    town.faults.clear()  # the browser says of each refusal that it is one
    assert faults == []
