"""Behind a proxy: what it says of a client counts, and what anybody else says does not."""

import ipaddress
from collections.abc import Sequence

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.connections import Network

NUMBER = b"x-request-id"


class NotAProxyError(ValueError):
    """WHISTLE_PROXIES names something that is no address."""


class Behind:
    """The client's address and scheme, and the request's number, as a proxy of ours says them (X-Forwarded-For, -Proto, X-Request-ID)."""

    def __init__(self, app: ASGIApp, proxies: Sequence[str]) -> None:
        """`proxies` are addresses, or networks of them. Raises NotAProxyError."""
        self._proxies = networks(proxies)
        self._plain, self._told = app, ProxyHeadersMiddleware(app, list(proxies))  # type: ignore[arg-type]  # its own names for the same

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or self._is_ours(scope):
            await self._told(scope, receive, send)  # type: ignore[arg-type]  # as above
        else:
            kept = [header for header in scope["headers"] if header[0] != NUMBER]
            await self._plain({**scope, "headers": kept}, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        try:
            peer = ipaddress.ip_address((scope.get("client") or ("",))[0])
        except ValueError:
            return False
        return any(peer in network for network in self._proxies)


def networks(proxies: Sequence[str]) -> tuple[Network, ...]:
    """Where they are. Raises NotAProxyError."""
    return tuple(map(_network, proxies))


def _network(said: str) -> Network:
    try:
        return ipaddress.ip_network(said)
    except ValueError:
        raise NotAProxyError(
            f"WHISTLE_PROXIES: {said} is neither an address nor a network, as 10.1.2.3 or 10.1.2.0/24"
        ) from None
