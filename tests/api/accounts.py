"""Accounts for tests: a member of staff with a name, a password and an authenticator, who signs in as people do."""

from dataclasses import dataclass
from typing import Any

from httpx2 import Response
from pyotp import TOTP

from adapters.logins import NewLogin
from domain.actors import Actor, Role
from tests.api.office import Office
from tests.granted import granted

OURS = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en", "Accept": "text/html"}
PASSWORD = "a long walk in the rain"  # noqa: S105 - of nobody


@dataclass
class Account:
    """Somebody's account here."""

    hall: Office
    staff: str
    made: NewLogin

    @property
    def code(self) -> str:
        """What the authenticator shows now."""
        return TOTP(self.made.codes.secret).at(self.hall.time.now)

    def signs_in(self, host: str = "", headers: dict[str, str] | None = None, **said: Any) -> Response:
        """Fills in the form; each time with a fresh code, half a minute later."""
        self.hall.time.goes_on(31 / 3600)
        self.hall.client.cookies.clear()
        form = {"name": self.made.name, "password": PASSWORD, "code": self.code}
        follows = said.pop("follow_redirects", True)
        return self.hall.client.post(
            f"{host}/sign-in/local", data={**form, **said}, headers=headers or OURS, follow_redirects=follows
        )


def account(hall: Office, *offices: tuple[Role, str], staff: str = "", name: str = "post-1") -> Account:
    """An account of whoever holds these offices."""
    who = staff or f"{offices[0][0]}-{offices[0][1]}"
    for office in offices:
        granted(hall.whole, Actor(who, *office), hall.time.now)
    return Account(hall, who, hall.whole.logins.add(who, name, PASSWORD, hall.time.now))
