"""Coming in with a real browser: by the city's account, by one of our own, into one of several offices; and every page on the way."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pyotp import TOTP

from adapters.logins import NewLogin
from adapters.oidc import Oidc, provider_of
from domain.actors import Actor, Role
from tests.granted import granted
from tests.oidc.city import SECRETS, City, city
from tests.screens.hall import DESK, PHONE, TABLET, Hall, axe, hall, scrolls_sideways
from tests.screens.test_every_page import KEPT, LOOKS, WIDTHS, contact_sheet, foreign, unspoken

DISTRICT, STREET = "540102", "540102002"
CLERK, LEADER = (Role.STREET_CLERK, STREET), (Role.STREET_LEADER, STREET)
PASSWORD = "a long walk in the rain"  # noqa: S105 - of nobody


@pytest.fixture(scope="module")
def provider() -> Iterator[City]:
    with city() as opened:
        yield opened


@pytest.fixture(scope="module")
def town(browser: Browser, provider: City, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """No demo: a real store, its provider, and two members of staff, one of whom holds two offices."""
    home = tmp_path_factory.mktemp("hall")
    with hall(home, browser, demo=False) as opened:
        opened.address = opened.address.replace(
            "127.0.0.1", "localhost"
        )  # for a browser another site than the provider
        (home / "oidc.toml").write_text(provider.settings(), encoding="utf-8")
        said = provider_of(home / "oidc.toml", SECRETS)
        assert said is not None
        object.__setattr__(opened.whole, "oidc", Oidc(said))
        for staff, offices in {"one": (CLERK,), "both": (CLERK, LEADER)}.items():
            for office in offices:
                granted(opened.whole, Actor(staff, *office), opened.whole.now())
            code = opened.whole.logins.code_of(provider.issuer, f"{staff}-there")
            opened.whole.logins.bind(staff, provider.issuer, code, opened.whole.now())
        yield opened


@pytest.fixture(scope="module")
def account(town: Hall) -> NewLogin:
    """An account of our own, of whoever holds two offices."""
    return town.whole.logins.add("both", "post-1", PASSWORD, town.whole.now())


def goes_there(page: Page, user: str) -> None:
    """From our page to the provider's, and whoever it is there goes on."""
    page.locator('a[href^="/sign-in/oidc"]').click()
    page.locator("#user").fill(user)
    page.get_by_role("button").click()


def signs_in(page: Page, account: NewLogin, code: str) -> None:
    page.locator("#name").fill(account.name)
    page.locator("#password").fill(PASSWORD)
    page.locator("#code").fill(code)
    page.get_by_role("button", name="Sign in", exact=True).click()


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
