"""Doors: how often somebody may come through them; those of the public are open where the city opens them."""

import ipaddress
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import Annotated

from fastapi import Depends, Request

from adapters.throttles import Rate
from api.pages.reading import Reader, Reading
from api.pages.routing import PageError
from domain.actors import Actor, Role
from domain.policy import Door

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RATES: dict[str, Rate] = {
    "report": Rate(10, HOUR),  # for a client
    "report of anybody": Rate(300, HOUR),
    "code": Rate(5, HOUR),  # for a client, and for a case
    "no receipt": Rate(30, HOUR),  # for a client
    "act": Rate(20, HOUR),  # for a receipt
    "Urge": Rate(1, DAY),  # for a receipt
    "token": Rate(20, HOUR),  # that nobody holds: for a client
    "login": Rate(10, HOUR),  # for a name, from a client
    "login of anybody": Rate(50, DAY),  # for a name, wherever from
    "no login": Rate(30, HOUR),  # for a client: an office behind one address comes in as often as it likes
    "export": Rate(30, HOUR),  # for a member of staff
}
NETWORK = {4: 32, 6: 64}  # bits of an address that tell one client from another


class NotOpenError(PageError):
    """The city has not opened this door to the public."""

    def __init__(self) -> None:
        """The page says so."""
        super().__init__("trouble", 403, title="not_open", way="not_open_way")


class TooOftenError(PageError):
    """Too often within a while."""

    def __init__(self, wait: timedelta) -> None:
        """`wait` is how long until it is free again."""
        self.minutes = ceil(wait / timedelta(minutes=1))
        seconds = str(ceil(wait.total_seconds()))
        super().__init__("resident_too_often", 429, {"Retry-After": seconds}, minutes=self.minutes)


def _open(door: Door) -> Callable[[Reader], Reading]:
    def through(v: Reader) -> Reading:
        if not v.opens(door):
            raise NotOpenError
        return v

    return through


ToReport = Annotated[Reading, Depends(_open(Door.REPORT))]
ByReceipt = Annotated[Reading, Depends(_open(Door.RECEIPT))]
ToFigures = Annotated[Reading, Depends(_open(Door.FIGURES))]


def as_resident(v: Reading, receipt: str = "") -> Reading:
    """The same reading by whoever holds this receipt (its hash); whoever is signed in besides has no say here."""
    return replace(v, actor=Actor("resident", Role.RESIDENT, receipt))


def client_of(request: Request, v: Reading) -> str:
    """The network that a request comes from, today: tomorrow it is somebody else, and nobody can tell who it was."""
    return f"{_network(request)} {v.now.date()}"


def _network(request: Request) -> str:
    try:
        address = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return ""
    return str(ipaddress.ip_network((address, NETWORK[address.version]), strict=False))


def knock(v: Reading, action: str, *whose: str) -> None:
    """Take one of what is free for each of these. Raises TooOftenError."""
    for one in whose:
        _let_in(v.parts.throttles.take(_key(v, action, one), RATES[action], v.now))


def peep(v: Reading, action: str, whose: str) -> None:
    """Whether one is free; nothing is taken. Raises TooOftenError."""
    _let_in(v.parts.throttles.wait(_key(v, action, whose), RATES[action], v.now))


def _let_in(wait: timedelta) -> None:
    if wait:
        raise TooOftenError(wait)


def _key(v: Reading, action: str, whose: str) -> str:
    return v.parts.master.fingerprint("throttle", action, whose.encode(errors="surrogatepass")).hex()
