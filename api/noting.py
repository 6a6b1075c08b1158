"""What the security log hears of requests: who asks, under which number, from which network; and every answer that refuses.

Whoever builds a door calls `noted(whole, Kind.…, actor, way="oidc")`: the request that is under way is known here.
"""

import ipaddress
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass

from starlette.types import Scope

from adapters.security import Kind
from api.whole import Whole
from domain.actors import Actor

NETWORK = {4: 32, 6: 64}  # bits of an address that tell one client from another
# What an answer says by its status, where nobody said it better.
BY_STATUS: Mapping[int, Kind] = {
    401: Kind.TOKEN_REFUSED,
    403: Kind.FORBIDDEN,
    408: Kind.TOO_SLOW,
    413: Kind.TOO_LARGE,
    421: Kind.WRONG_HOST,
    429: Kind.TOO_OFTEN,
}


@dataclass
class Asking:
    """The request that is under way."""

    number: str
    network: str
    actor: Actor | None = None
    noted: bool = False
    met: Callable[[], object] | None = None  # to be told, once, when it is known who asks


ASKING: ContextVar[Asking | None] = ContextVar("asking", default=None)


def network_of(scope: Scope) -> str:
    """The network that a request comes from; '' where that is no address."""
    try:
        address = ipaddress.ip_address((scope.get("client") or ("",))[0])
    except ValueError:
        return ""
    return str(ipaddress.ip_network((address, NETWORK[address.version]), strict=False))


def known(actor: Actor | None) -> Actor | None:
    """The same; the security log knows by now who asks."""
    asking = ASKING.get()
    if asking and actor:
        asking.actor = actor
        if asking.met:
            asking.met()
            asking.met = None
    return actor


def noted(whole: Whole, kind: Kind, actor: Actor | None = None, staff: str = "", **details: str) -> None:
    """It happened, in the request that is under way; outside of any, on the command line. Nobody waits."""
    asking = ASKING.get() or Asking("", "")
    asking.noted = True
    now = whole.now()
    source = whole.security.source(asking.network, now)
    whole.security.note(kind, now, actor or asking.actor, staff=staff, number=asking.number, source=source, **details)


def cut_off(whole: Whole, peer: str) -> None:
    """A connection that took too long to say what it wants, or to take what it asked for."""
    now, network = whole.now(), network_of({"client": (peer, 0)})
    whole.security.note(Kind.TOO_SLOW, now, source=whole.security.source(network, now), way="connection")


def answered(whole: Whole, status: int) -> None:
    """An answer goes out: one that refuses is noted, unless it is already."""
    asking = ASKING.get()
    if asking and not asking.noted and status in BY_STATUS:
        noted(whole, BY_STATUS[status])
