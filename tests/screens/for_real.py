"""A town hall that is no demo: staff sign in with a browser as they do, by the city's account or by one of ours, into one of their offices."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect
from pyotp import TOTP

from adapters.jurisdictions import shipped
from adapters.logins import NewLogin
from adapters.oidc import Oidc, provider_of
from domain.actors import Actor
from tests.api.accounts import PASSWORD
from tests.granted import granted
from tests.oidc.city import SECRETS, City
from tests.screens.hall import Hall, Who, hall

People = Mapping[str, tuple[Who, ...]]  # a pseudonym, and its offices
IN_AN_OFFICE = "body[data-who]"


@dataclass(kw_only=True)
class RealHall(Hall):
    """The same hall, where nobody gets a session but by signing in."""

    provider: City
    holding: People = field(default_factory=dict)
    accounts: int = 0
    here: frozenset[str] = frozenset()  # who has an account of ours

    def sign_in(self, context: BrowserContext, who: Who) -> None:
        """In a tab of their own, by whichever account they have, into that office."""
        page = context.new_page()
        self.watch(page)
        self.comes_in(page, self.staff_of(who), who)
        takes(page, who)
        expect(page.locator(IN_AN_OFFICE)).to_be_visible()
        page.close()

    def staff_of(self, who: Who) -> str:
        """Whose an office is; one that nobody was named for is its holder's only one."""
        return next((name for name, offices in self.holding.items() if who in offices), f"{who[0]}-{who[1]}")

    def comes_in(self, page: Page, staff: str, *offices: Who) -> None:
        """By the way that they have, up to the choice of an office."""
        self.holds(staff, *offices)
        account = self.account(staff) if staff in self.here else None
        user = "" if account else self.is_bound(staff)
        page.goto("/sign-in")
        if account:
            signs_in(page, account, TOTP(account.codes.secret).at(self.whole.now()))
        else:
            goes_there(page, user)

    def is_bound(self, staff: str) -> str:
        """Whoever this is at the provider comes in as them."""
        user, now = f"{staff}-there", self.whole.now()
        self.whole.logins.bind(staff, self.provider.issuer, self.whole.logins.code_of(self.provider.issuer, user), now)
        return user

    def account(self, staff: str) -> NewLogin:
        """A fresh one each time: a code is good once, and nobody here waits half a minute for the next."""
        self.accounts += 1
        return self.whole.logins.add(staff, f"post-{self.accounts}", PASSWORD, self.whole.now())

    def holds(self, staff: str, *offices: Who) -> None:
        """From long ago on; whoever was named holds what they were named for."""
        for office in self.holding.get(staff, offices):
            granted(self.whole, Actor(staff, *office), self.whole.now())


@contextmanager
def real_hall(
    home: Path, browser: Browser, provider: City, holding: People, here: frozenset[str] = frozenset()
) -> Iterator[RealHall]:
    """A store that is no demo, in a city that opens its doors to residents; for a browser another site than the provider."""
    with hall(home / "store", browser, demo=False, folder=open_city(home)) as opened:
        (home / "oidc.toml").write_text(provider.settings(), encoding="utf-8")
        said = provider_of(home / "oidc.toml", SECRETS)
        assert said is not None and not opened.whole.tokens.is_demo()
        object.__setattr__(opened.whole, "oidc", Oidc(said))
        address = opened.address.replace("127.0.0.1", "localhost")
        yield RealHall(opened.whole, address, browser, opened.office, provider=provider, holding=holding, here=here)


def open_city(home: Path) -> Path:
    """The shipped district, where residents may report and follow what they reported."""
    city = home / "city"
    shutil.copytree(shipped("chengguan"), city)
    policy = city / "policy.toml"
    said = policy.read_text(encoding="utf-8")
    assert "doors = []" in said
    policy.write_text(said.replace("doors = []", 'doors = ["report", "receipt"]'), encoding="utf-8")
    return city


def goes_there(page: Page, user: str) -> None:
    """From our page to the provider's, and whoever it is there goes on."""
    page.locator('a[href^="/sign-in/oidc"]').click()
    page.locator("#user").fill(user)
    page.get_by_role("button").click()


def signs_in(page: Page, account: NewLogin, code: str) -> None:
    """With what an account of ours is known by."""
    page.locator("#name").fill(account.name)
    page.locator("#password").fill(PASSWORD)
    page.locator("#code").fill(code)
    page.locator('form[action^="/sign-in/local"] button').click()


def takes(page: Page, who: Who) -> None:
    """Chooses an office, where there is a choice."""
    expect(page.locator(f"{IN_AN_OFFICE}, .offices").first).to_be_visible()
    office = page.locator(f'.offices button[value="{who[0]} {who[1]}"]')
    if office.count():
        office.click()
