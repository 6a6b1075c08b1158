"""What happens at the doors: who came in, who was refused, by which way. Each happening passes here once, and is counted.

A pseudonym at most is told, never a name that was tried, a code, a token or an address.
"""

from enum import StrEnum

from api.metrics import DOORS


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


def noted(happening: Happening, way: Way, staff: str = "", why: str = "") -> None:  # noqa: ARG001 - for whoever keeps them
    """Here a log of security hears of it: what, by which way, of which pseudonym where one is known, and why in a word."""
    DOORS.labels(happening.value, way.value).inc()
