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


class TooLargeError(Exception):
    """More was sent than is taken."""


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
        csp = CSP_OF_REFERENCE if scope["path"] == REFERENCE else CSP
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = [*message["headers"], *HEADERS, (b"content-security-policy", csp.encode())]
            await send(message)

        try:
            await self.app(scope, _limited(receive), guarded)
        except TooLargeError:
            if begun:
                raise
            head = [(b"content-type", b"application/problem+json")]
            await guarded({"type": "http.response.start", "status": 413, "headers": head})
            await guarded({"type": "http.response.body", "body": TOO_LARGE})


def _limited(receive: Receive) -> Receive:
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST:
            raise TooLargeError
        return message

    return limited
