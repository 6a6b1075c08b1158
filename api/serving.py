"""Serving: uvicorn on loopback, until rights are built."""

import ipaddress
import signal

import uvicorn

from api.access import to_stderr
from api.app import create_app
from api.whole import Whole

GRACE = 5  # seconds for requests that are under way when the server stops: a command may wait for 4


class NotLoopbackError(ValueError):
    """A host that others could reach."""


def serve_forever(whole: Whole, host: str, port: int) -> None:
    """Serve until told to stop. Raises NotLoopbackError."""
    _loopback(host)
    to_stderr()
    # uvicorn raises the signal that stopped it once more when it has ended; the store is still to be closed then.
    signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    uvicorn.run(
        create_app(whole), host=host, port=port, timeout_graceful_shutdown=GRACE, log_level="warning", access_log=False
    )


def _loopback(host: str) -> None:
    try:
        fine = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        fine = False
    if not fine:
        msg = f"{host} can be reached by others: until rights are built, serve only on 127.0.0.1 or ::1"
        raise NotLoopbackError(msg)
