"""Around every answer: security headers, and a limit on what is sent. Pure ASGI."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST = 1_000_000  # bytes of a body
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
TOO_LARGE = b'{"type":"/problems/too_large","title":"This is too large.","status":413,"detail":"This is too large.","code":"too_large"}'


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
        exchange = Exchange(receive, send, CSP_OF_REFERENCE if scope["path"] == REFERENCE else CSP)
        await self.app(scope, exchange.receive, exchange.send)


class Exchange:
    """One request and its answer. Whatever is said of a body that was cut off, the answer is 413."""

    def __init__(self, receive: Receive, send: Send, csp: str) -> None:
        """`csp` is the content security policy of the answer."""
        self._receive, self._send = receive, send
        self._headers = [*HEADERS, (b"content-security-policy", csp.encode())]
        self._taken = 0

    @property
    def too_large(self) -> bool:
        """Whether more was sent than is taken."""
        return self._taken > LARGEST

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
