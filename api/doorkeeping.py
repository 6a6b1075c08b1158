"""What happens at the doors: who came in, who was refused, by which way. Each happening passes here once, and is counted.

A pseudonym at most is told, never a name that was tried, a code, a token or an address.
"""

from collections.abc import Mapping
from enum import StrEnum

from adapters.security import Kind
from adapters.security.kinds import FINE
from api import noting
from api.metrics import DOORS
from api.whole import Whole


class Way(StrEnum):
    """By which way somebody comes in."""

    OIDC = "oidc"
    LOCAL = "local"
    DEMO = "demo"
    TOKEN = "token"  # noqa: S105 - a word
    OFFICE = "office"  # who is in already, in another office


class Happening(StrEnum):
    """What happened there."""

    CAME_IN = "came_in"
    REFUSED = "refused"
    BOUND_TO_NOBODY = "bound_to_nobody"
    NO_OFFICE = "no_office"
    THROTTLED = "throttled"
    SIGNED_OUT = "signed_out"
    BEYOND_SCOPE = "beyond_scope"
    CHANGED = "changed"  # a login or token was made, bound, disabled, ended


# What of it the security log keeps; who knocks too often is noted where the knocking is counted.
KINDS: Mapping[Happening, Kind] = {
    Happening.CAME_IN: Kind.CAME_IN,
    Happening.REFUSED: Kind.SIGN_IN_REFUSED,
    Happening.BOUND_TO_NOBODY: Kind.SIGN_IN_REFUSED,
    Happening.NO_OFFICE: Kind.SIGN_IN_REFUSED,
    Happening.SIGNED_OUT: Kind.SIGNED_OUT,
    Happening.BEYOND_SCOPE: Kind.FORBIDDEN,
    Happening.CHANGED: Kind.ACCOUNT_CHANGED,
}


def noted(whole: Whole, happening: Happening, way: Way, staff: str = "", why: str = "") -> None:
    """It is counted, and the security log hears of it: what, by which way, of which pseudonym where one is known, and why in a word."""
    DOORS.labels(happening.value, way.value).inc()
    if kind := KINDS.get(happening):
        code = why if FINE.fullmatch(why) else happening.value
        noting.noted(whole, kind, staff=staff, way=way.value, code=code)
