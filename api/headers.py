"""Around every answer: security headers, a number to ask about it by, and a limit on what is sent. Pure ASGI."""

import re
from collections.abc import Iterable
from uuid import uuid4

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 1_000_000  # bytes of a body
LARGEST_WITH_PHOTOS = 51_000_000  # five of 10 MB each, and what is filled in beside them
WITH_PHOTOS = re.compile(r"/log|/cases/[0-9a-fA-F-]{36}/photos|/r/[0-9A-Za-z-]{26,40}/photos")
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
REFERENCE = "/docs"
NUMBER = "x-request-id"  # from a proxy before us, else our own
FINE_NUMBER = re.compile(r"[\w.-]{1,64}", re.ASCII)
TOO_LARGE = b'{"type":"/problems/too_large","title":"This is too large.","status":413,"detail":"This is too large.","code":"too_large"}'


def around(number: str, csp: str = CSP) -> tuple[tuple[bytes, bytes], ...]:
    """The headers that every answer has."""
    return (*HEADERS, (b"content-security-policy", csp.encode()), (NUMBER.encode(), number.encode()))


def largest(scope: Scope) -> int:
    """How much is taken: more only where photos come in a form."""
    form = Headers(scope=scope).get("content-type", "").startswith("multipart/form-data")
    return LARGEST_WITH_PHOTOS if form and WITH_PHOTOS.fullmatch(scope["path"]) else LARGEST


class Guarded:
    """Adds the headers, and stops reading where a body is too large."""

    def __init__(self, app: ASGIApp) -> None:
        """`app` is what is guarded."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        said = Headers(scope=scope).get(NUMBER, "")
        number = said if FINE_NUMBER.fullmatch(said) else uuid4().hex
        scope.setdefault("state", {})[NUMBER] = number
        csp = CSP_OF_REFERENCE if scope["path"] == REFERENCE else CSP
        exchange = Exchange(receive, send, around(number, csp), largest(scope))
        await self.app(scope, exchange.receive, exchange.send)


class Exchange:
    """One request and its answer. Whatever is said of a body that was cut off, the answer is 413."""

    def __init__(
        self, receive: Receive, send: Send, headers: Iterable[tuple[bytes, bytes]], largest: int = LARGEST
    ) -> None:
        """`headers` are added to the answer; `largest` is how many bytes are taken."""
        self._receive, self._send = receive, send
        self._headers = tuple(headers)
        self._taken, self._largest = 0, largest

    @property
    def too_large(self) -> bool:
        """Whether more was sent than is taken."""
        return self._taken > self._largest

    async def receive(self) -> Message:
        """The next part of the request; where it is too large, as if whoever sent it had gone."""
        message = await self._receive()
        self._taken += len(message.get("body", b""))
        return {"type": "http.disconnect"} if self.too_large else message

    async def send(self, message: Message) -> None:
        """The next part of the answer."""
        if self.too_large:
            message = TOO_LARGE_START if message["type"] == "http.response.start" else TOO_LARGE_BODY
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], *self._headers]}
        await self._send(message)


TOO_LARGE_START = {
    "type": "http.response.start",
    "status": 413,
    "headers": [(b"content-type", b"application/problem+json"), (b"connection", b"close")],
}
TOO_LARGE_BODY = {"type": "http.response.body", "body": TOO_LARGE}
