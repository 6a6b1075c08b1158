"""Calling out: whoever is called by their name is looked at when the connection is made, by the address that it goes to.

Checking a name beforehand is no help: it may lead elsewhere a moment later, a redirect may lead elsewhere, a library may
read `0x7f.1` in its own way. So nothing is asked before; Python itself tells of every connection at the moment at which it
is made (PEP 578), whatever library makes it, and what is not public, nor allowed, is refused there.
"""

import os
import socket
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
PATIENCE = 20.0  # seconds for one call from end to end, whatever the other side does
CONNECTS = ("socket.connect", "socket.sendto", "socket.sendmsg")
NAT64 = ip_network("64:ff9b::/96")  # the last four bytes are the true address
# Other ways to wrap one address in another, and what some releases of Python take for public.
UNFIT = (
    "192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "100.64.0.0/10",
    "::/96", "64:ff9b:1::/48", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
)  # fmt: skip
NEVER = tuple(map(ip_network, UNFIT))


class AddressRefused(OSError):  # noqa: N818 - a verdict; an OSError, so that every library takes it for a dead line
    """A connection to where nobody outside is."""


@dataclass
class Call:
    """One call: whither it may go, and what it has opened."""

    allow: tuple[Network, ...]
    refused: str = ""
    late: bool = False
    _opened: list[int] = field(default_factory=list)
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _over: bool = False

    def connects(self, one: Any, address: Any) -> None:  # noqa: ANN401 - a socket, and whatever it was told
        """A connection is about to be made. Raises AddressRefused."""
        if not may_be_called(address, self.allow):
            self.refused = str(address[0] if isinstance(address, tuple) else address)
            raise AddressRefused(f"not called: {self.refused}")
        with self._turn:
            if self.late:
                raise AddressRefused("too late")
            self._opened.append(os.dup(one.fileno()))

    def cut(self) -> None:
        """It has taken too long: whoever waits for the other side waits no more."""
        with self._turn:
            self.late = not self._over
            for opened in self._opened if self.late else ():
                with suppress(OSError), socket.socket(fileno=os.dup(opened)) as line:
                    line.shutdown(socket.SHUT_RDWR)

    def over(self) -> None:
        """Close our own ends."""
        with self._turn:
            self._over = True
            while self._opened:
                os.close(self._opened.pop())


_thread = threading.local()


@contextmanager
def calling(allow: Iterable[Network] = (), patience: float = PATIENCE) -> Iterator[Call]:
    """Whatever this thread connects to inside is checked, and cut off after `patience` seconds."""
    _listen()
    call = Call(tuple(allow))
    timer = threading.Timer(patience, call.cut)
    timer.daemon = True
    _thread.call = call
    timer.start()
    try:
        yield call
    finally:
        _thread.call = None
        timer.cancel()
        call.over()


@cache
def _listen() -> None:
    """Once in the life of a process that calls anybody: such a hook cannot be taken off again."""
    sys.addaudithook(_heard)


def _heard(event: str, arguments: tuple[Any, ...]) -> None:
    call: Call | None = getattr(_thread, "call", None) if event in CONNECTS else None
    if call and arguments[1] is not None:  # None: over a connection that was looked at
        call.connects(*arguments)


def fit_to_call(url: str, allow: Iterable[Network] = ()) -> bool:
    """Whether an address may be written down: https://, or http:// to a literal address inside a network that is allowed."""
    try:
        parts = urlsplit(url)
        if parts.scheme == "https":
            return bool(parts.hostname)
        return parts.scheme == "http" and any(ip_address(parts.hostname or "") in network for network in allow)
    except ValueError:
        return False


def may_be_called(address: Any, allow: Iterable[Network] = ()) -> bool:  # noqa: ANN401 - whatever a socket was told
    """Whether an address to connect to is public, or inside a network that is allowed; a name is neither."""
    try:
        found = ip_address(str(address[0]).partition("%")[0]) if isinstance(address, tuple) else None
    except ValueError:
        return False
    return found is not None and _fine(found, tuple(allow))


def _fine(address: Address, allow: tuple[Network, ...]) -> bool:
    inner = _inside(address)
    if inner is not None:
        return _fine(inner, allow)
    return any(address in network for network in allow) or _public(address)


def _inside(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if isinstance(address, IPv4Address):
        return None
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped


def _public(address: Address) -> bool:
    unfit = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local
    never = any(address in network for network in NEVER)
    return address.is_global and not (unfit or never or address.is_private or address.is_loopback)
