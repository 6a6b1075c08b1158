"""Connections: how long one may take to say what it wants, or to take what it asked for; and how many there are."""

import asyncio
import ipaddress
import resource
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass
class Patience:
    """What is borne of a connection, and how many there are: of one server."""

    head: float = 10.0  # seconds from a request's first byte, or from the connection's, until its head is whole
    reading: float = 30.0  # seconds that nothing more of an answer goes out, because nobody takes it
    largest_head: int = 32_768  # bytes
    most: int = 4_000  # connections; those that listen to a stream are among them
    of_one: int = 1_000  # of one address, which may be a whole office behind a router
    proxies: tuple[Network, ...] = ()  # from these, everybody comes
    told: Callable[[str], None] = lambda _peer: None  # of whoever is cut off
    here: Counter[str] = field(default_factory=Counter)

    def full(self, peer: str) -> bool:
        """Whether one more from there is too many."""
        return self.here.total() >= self.most or (self.here[peer] >= self.of_one and not self._is_ours(peer))

    def _is_ours(self, peer: str) -> bool:
        try:
            return any(ipaddress.ip_address(peer) in network for network in self.proxies)
        except ValueError:
            return False


def room(most: int, kept: int = 200) -> int:
    """How many connections this process may have open: as many as it can, less what databases and files need."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most + kept if hard == resource.RLIM_INFINITY else min(most + kept, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(wanted, resource.getrlimit(resource.RLIMIT_NOFILE)[0]), hard))
    return max(wanted - kept, kept)


def patient(patience: Patience) -> type[HttpToolsProtocol]:
    """The protocol of a server that has so much patience."""
    return cast("type[HttpToolsProtocol]", type("Patient", (Connection,), {"patience": patience}))


class Connection(HttpToolsProtocol):
    """Uvicorn's, which waits for ever for a head that never comes, and for a reader who does not read."""

    patience: Patience

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Counted, or closed at once where there are too many."""
        super().connection_made(transport)
        self._waits: dict[str, asyncio.TimerHandle] = {}
        self._head = 0
        self._peer = (self.client or ("",))[0]
        full = self.patience.full(self._peer)
        self.patience.here[self._peer] += 1
        if full:
            transport.abort()
        else:
            self._wait("head", self.patience.head)

    def connection_lost(self, exc: Exception | None) -> None:
        """No longer counted."""
        self.patience.here[self._peer] -= 1
        if not self.patience.here[self._peer]:
            del self.patience.here[self._peer]
        for name in tuple(self._waits):
            self._come(name)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """A head that is too large is none."""
        super().data_received(data)
        if "head" in self._waits and not self.transport.is_closing():
            self._head += len(data)
            if self._head > self.patience.largest_head:
                self.send_400_response("The head of this request is too large.")

    def on_message_begin(self) -> None:
        """The next request on the same connection."""
        super().on_message_begin()
        if "head" not in self._waits:
            self._head = 0
            self._wait("head", self.patience.head)

    def on_headers_complete(self) -> None:
        """It is known what is wanted."""
        self._come("head")
        super().on_headers_complete()

    def pause_writing(self) -> None:
        """What was sent is not taken."""
        super().pause_writing()
        self._wait("reading", self.patience.reading)

    def resume_writing(self) -> None:
        """It is."""
        self._come("reading")
        super().resume_writing()

    def _wait(self, name: str, seconds: float) -> None:
        self._waits[name] = self.loop.call_later(seconds, self._cut_off)

    def _cut_off(self) -> None:
        self.transport.abort()
        self.patience.told(self._peer)

    def _come(self, name: str) -> None:
        if waiting := self._waits.pop(name, None):
            waiting.cancel()
