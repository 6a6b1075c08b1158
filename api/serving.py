"""Serving: uvicorn on loopback; where others can reach it only behind TLS, and never a demo."""

import gc
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from socket import socket
from typing import Any

import uvicorn
from fastapi import FastAPI

from api.access import to_stderr
from api.app import create_app
from api.behind import Behind, networks
from api.connections import Patience, patient, room
from api.noting import cut_off
from api.visits import is_loopback
from api.whole import Whole

OURS = frozenset({"localhost", "127.0.0.1", "[::1]"})  # where WHISTLE_HOSTS says nothing
# Seconds that a thread works before another that is ready has its turn. A command changes threads half a dozen times: at Python's
# 0.005 each change waited as long where a page was being made for somebody else.
HANDOVER = 0.001
GRACE = 5  # seconds for requests that are under way when the server stops: a command may wait for 4


class NotLoopbackError(ValueError):
    """A host that others could reach, and nothing that keeps them from listening."""


@dataclass(frozen=True, slots=True)
class Tls:
    """A certificate of our own, and its key."""

    certificate: Path
    key: Path

    def said(self) -> dict[str, str]:
        """As uvicorn wants it. Not on uvloop: it holds on to TLS connections whose other end has gone, and cannot be stopped then."""
        return {"ssl_certfile": str(self.certificate), "ssl_keyfile": str(self.key), "loop": "asyncio"}


class Server(uvicorn.Server):
    """Uvicorn, which waits for every answer to end before it says so to the application; streams are told before."""

    def __init__(
        self,
        app: FastAPI,
        proxies: Sequence[str] = (),
        patience: Patience | None = None,
        **more: Any,  # noqa: ANN401 - whatever uvicorn may be told
    ) -> None:
        """`proxies` stand before us, see `Behind`; `more` is uvicorn's configuration. Raises NotAProxyError."""
        borne = patience or Patience()
        borne.proxies = networks(proxies)
        said: dict[str, Any] = {
            "http": patient(borne),
            "timeout_graceful_shutdown": GRACE,
            "access_log": False,
            "proxy_headers": False,
            "server_header": False,
        }
        super().__init__(uvicorn.Config(Behind(app, proxies), **said, **more))
        self._live = app.state.live

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """No new connections; streams end, and other requests are finished."""
        self._live.end()
        await super().shutdown(sockets)


def serve_forever(whole: Whole, host: str, port: int, *, works: bool = True, tls: Tls | None = None) -> None:
    """Serve until told to stop, and do what time does unless others do (`works`). Raises NotLoopbackError, NotAProxyError."""
    fit_to_serve(whole, host, tls)
    to_stderr()
    # uvicorn raises the signal that stopped it once more when it has ended; the store is still to be closed then.
    signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    app = create_app(whole, works=works, hosts=frozenset(map(str.lower, whole.settings.hosts)) or OURS)
    patience = Patience(most=room(Patience.most), told=partial(cut_off, whole))
    server = Server(app, whole.settings.proxies, patience, host=host, port=port, log_level="warning", **_said(tls))
    sys.setswitchinterval(HANDOVER)
    gc.freeze()  # what stays for ever: to look through it again took a tenth of a second, in the midst of somebody's request
    with suppress(KeyboardInterrupt):
        server.run()


def _said(tls: Tls | None) -> dict[str, str]:
    return tls.said() if tls else {}


def fit_to_serve(whole: Whole, host: str, tls: Tls | None) -> None:
    """Whether a host may be served. Raises NotLoopbackError."""
    if is_loopback(host):
        return
    if whole.tokens.is_demo():
        raise NotLoopbackError(
            f"{host} can be reached by others, and in a demo anybody is anybody: only on 127.0.0.1 or ::1"
        )
    if not (tls or whole.settings.proxies):
        needed = "name the proxies that bring TLS in WHISTLE_PROXIES, or give --tls-certificate and --tls-key"
        raise NotLoopbackError(f"{host} can be reached by others: {needed}")
