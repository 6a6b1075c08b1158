"""Around every answer: security headers, a number to ask about it by, and a limit on what is sent. Pure ASGI."""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from time import monotonic
from uuid import uuid4

from anyio import move_on_after
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.noting import ASKING, Asking, answered, network_of
from api.problems import SENTENCES

LARGEST = 1_000_000  # bytes of a body
LARGEST_WITH_PHOTOS = 51_000_000  # five of 10 MB each, and what is filled in beside them
IN_TIME, SLOWEST = 15.0, 8_000  # seconds for a body, and as many more as its bytes take at so many a second
ROOM = 200_000_000  # for all bodies at one moment; what is not large comes in all the same
WITH_PHOTOS = re.compile(r"/log|/cases/[0-9a-fA-F-]{36}/photos|/r/[0-9A-Za-z-]{26,40}/photos")
# What is sent stays in memory: a temporary file would hold a photo in clear.
MultiPartParser.spool_max_size = LARGEST_WITH_PHOTOS
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The API reference sets styles by script, as its package is made.
CSP_OF_REFERENCE = CSP.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(self), camera=(self), microphone=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
HSTS = ((b"strict-transport-security", b"max-age=31536000; includeSubDomains"),)
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:]*)(?::\d*)?")
REFERENCE = "/docs"
NUMBER = "x-request-id"  # from a proxy before us, else our own
FINE_NUMBER = re.compile(r"[\w.-]{1,64}", re.ASCII)


Answer = tuple[Message, Message]


@dataclass(frozen=True)
class CutOff:
    """The answer for a body that was cut off: a problem, or a page for whoever has a browser."""

    code: str

    def answer(self, *, page: bool) -> Answer:
        """Its two messages."""
        status, (zh, en) = SENTENCES[self.code]
        body = PAGE.format(zh=zh, en=en) if page else _problem(status, self.code, en)
        kind = b"text/html; charset=utf-8" if page else b"application/problem+json"
        headers = [(b"content-type", kind), (b"connection", b"close")]
        start = {"type": "http.response.start", "status": status, "headers": headers}
        return start, {"type": "http.response.body", "body": body.encode()}


def _problem(status: int, code: str, words: str) -> str:
    said = {"type": f"/problems/{code}", "title": words, "status": status, "detail": words, "code": code}
    return json.dumps(said)


TOO_LARGE, TOO_SLOW, NO_ROOM, WRONG_HOST = map(CutOff, ("too_large", "too_slow", "busy", "wrong_host"))
PAGE = """<!doctype html>
<html lang="zh-Hans">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>{zh}</title>
<h1>{zh}</h1>
<p lang="en">{en}</p>
<p><a href="/">街巷吹哨 Whistle</a></p>
</html>
"""


def around(number: str, scope: Scope) -> tuple[tuple[bytes, bytes], ...]:
    """The headers that every answer has."""
    csp = CSP_OF_REFERENCE if scope["path"] == REFERENCE else CSP
    secure = HSTS if scope["scheme"] == "https" else ()
    return (*HEADERS, *secure, (b"content-security-policy", csp.encode()), (NUMBER.encode(), number.encode()))


def unless_said(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """An answer's own headers; where none says how long it may be kept, it is not kept anywhere."""
    said = list(headers)
    yield from said
    if not any(name.lower() == b"cache-control" for name, _ in said):
        yield (b"cache-control", b"no-store")


def host_of(scope: Scope) -> str:
    """The name under which a request wants to reach us, without its port."""
    said = HOST.fullmatch(Headers(scope=scope).get("host", "").lower())
    return said[1] if said else ""


def largest(scope: Scope) -> int:
    """How much is taken: more only where photos come in a form."""
    form = Headers(scope=scope).get("content-type", "").startswith("multipart/form-data")
    return LARGEST_WITH_PHOTOS if form and WITH_PHOTOS.fullmatch(scope["path"]) else LARGEST


@dataclass
class Bodies:
    """How many bytes of bodies are in memory at this moment."""

    held: int = 0


class Guarded:
    """Adds the headers, and stops reading where a body is too large; whoever asks under another's name is asked to go there."""

    def __init__(self, app: ASGIApp, hosts: Collection[str] = ()) -> None:
        """`app` is what is guarded; `hosts` are the names under which it is reached, any where none is said."""
        self.app, self.hosts = app, hosts
        self.bodies = Bodies()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        said = Headers(scope=scope).get(NUMBER, "")
        number = said if FINE_NUMBER.fullmatch(said) else uuid4().hex
        scope.setdefault("state", {})[NUMBER] = number
        page = "text/html" in Headers(scope=scope).get("accept", "")
        exchange = Exchange(receive, send, around(number, scope), self.bodies, largest(scope), page=page)
        asking = ASKING.set(Asking(number, network_of(scope)))
        try:
            await self._asked(scope, exchange)
        except ClientDisconnect:
            await exchange.cut_off()
        finally:
            self.bodies.held -= exchange.taken
            answered(scope["app"].state.whole, exchange.status)
            ASKING.reset(asking)

    async def _asked(self, scope: Scope, exchange: "Exchange") -> None:
        if self.hosts and host_of(scope) not in self.hosts:
            exchange.refuse(WRONG_HOST)
            await exchange.cut_off()
        else:
            await self.app(scope, exchange.receive, exchange.send)


class Exchange:
    """One request and its answer. Whatever is said of a body that was cut off, the answer is why it was."""

    def __init__(
        self,
        receive: Receive,
        send: Send,
        headers: Iterable[tuple[bytes, bytes]],
        bodies: Bodies,
        largest: int = LARGEST,
        *,
        page: bool = False,
    ) -> None:
        """`headers` are added to the answer; `largest` is how many bytes are taken; `page`: a browser asks for one."""
        self._receive, self._send = receive, send
        self._headers, self._bodies, self._largest = tuple(headers), bodies, largest
        self._page = page
        self._instead: Answer | None = None
        self._begun, self._all_here = monotonic(), False
        self.taken = self.status = 0

    def refuse(self, why: CutOff) -> None:
        """Whatever is said from now on, this is the answer."""
        self._instead = why.answer(page=self._page)

    async def receive(self) -> Message:
        """The next part of the request; where it is too large, as if whoever sent it had gone."""
        message = await self._in_time()
        size = len(message.get("body", b""))
        self.taken += size
        self._bodies.held += size
        if self.taken > self._largest:
            self.refuse(TOO_LARGE)
        elif self.taken > LARGEST and self._bodies.held > ROOM:
            self.refuse(NO_ROOM)
        return {"type": "http.disconnect"} if self._instead else message

    async def _in_time(self) -> Message:
        """Whoever trickles is cut off; once all of a body is here, what comes next is that they have gone, whenever that is."""
        if self._all_here:
            return await self._receive()
        left = self._begun + IN_TIME + self.taken / SLOWEST - monotonic()
        with move_on_after(left):
            message = await self._receive()
            self._all_here = not message.get("more_body", False)
            return message
        self.refuse(TOO_SLOW)
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """The next part of the answer."""
        if self._instead:
            message = self._instead[message["type"] != "http.response.start"]
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": [*unless_said(message["headers"]), *self._headers]}
        await self._send(message)

    async def cut_off(self) -> None:
        """The answer where nobody else gave one, because of what was cut off; who has really gone needs none."""
        for message in self._instead or ():
            await self.send(message)
