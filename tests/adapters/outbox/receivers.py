"""Receivers that behave as told: over HTTP, and a real mail server; what came in is kept, in its order."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

SECRET, NEXT_SECRET = "whsec_" + "A" * 32, "whsec_" + "B" * 32


@dataclass
class Received:
    """One request as it came in, and what was answered (0: nothing)."""

    path: str
    headers: dict[str, str]
    body: bytes
    status: int = 0

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


Behaviour = Callable[["Line"], None]


@dataclass
class Hook:
    """A receiver: `behaves` is asked for each request what to do with it."""

    behaves: Callable[[Received], Behaviour]
    came: list[Received] = field(default_factory=list)
    calm: Event = field(default_factory=Event)  # set: who hangs is let go
    turn: Lock = field(default_factory=Lock)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def taken(self) -> list[Received]:
        """Those that were answered with a 2xx."""
        return [one for one in self.came if 200 <= one.status < 300]


class Line(BaseHTTPRequestHandler):
    """One request."""

    hook: Hook
    got: Received
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.close_connection = True
        body = self.rfile.read(length := int(self.headers["content-length"]))
        if len(body) < length:
            return  # whoever sent it was killed in the middle: that is no request
        self.got = Received(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        with self.hook.turn:
            self.hook.came.append(self.got)
            behave = self.hook.behaves(self.got)
        behave(self)

    do_GET = do_POST  # noqa: N815 - the library's name

    def answers(self, status: int, **headers: str) -> None:
        self.got.status = status
        self.send_response(status)
        for name, value in {"content-length": "0", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


# --- behaviours


def takes_it(line: Line) -> None:
    line.answers(200)


def fails(status: int, **headers: str) -> Behaviour:
    return lambda line: line.answers(status, **headers)


def hangs(line: Line) -> None:
    line.hook.calm.wait(60)


def closes(line: Line) -> None:
    """Without a word."""
    line.connection.shutdown(socket.SHUT_RDWR)


def takes_it_and_dies(line: Line) -> None:
    """It has it, and cannot say so."""
    line.wfile.write(b"HTTP/1.1 2")
    line.wfile.flush()
    line.connection.shutdown(socket.SHUT_RDWR)


def drips(line: Line) -> None:
    """A byte now and then, for ever: no single wait is long."""
    while not line.hook.calm.wait(0.1):
        line.wfile.write(b"H")
        line.wfile.flush()


def floods(line: Line) -> None:
    """Fine, and then a body that never ends."""
    line.got.status = 200
    line.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not line.hook.calm.is_set():
        line.wfile.write(b"x" * 65536)


def in_turn(*behaviours: Behaviour) -> Callable[[Received], Behaviour]:
    """One after the other, and then all is well."""
    left = iter(behaviours)
    return lambda _got: next(left, takes_it)


@contextmanager
def hook(behaves: Callable[[Received], Behaviour] = lambda _: takes_it) -> Iterator[Hook]:
    """A receiver on loopback."""
    opened = Hook(behaves)
    line = type("OurLine", (Line,), {"hook": opened})

    class Server(ThreadingHTTPServer):
        daemon_threads, block_on_close = True, False

        def handle_error(self, *_: Any) -> None:
            """Who calls may hang up."""

    server = Server(("127.0.0.1", 0), line)
    opened.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield opened
    finally:
        opened.calm.set()
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Mailbox:
    """A mail server: its answers to what is sent, in turn; afterwards it takes everything."""

    answers: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    port: int = 0

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the library's name
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            self.mails.append(envelope.original_content or b"")
        return answer


@contextmanager
def mailbox(*answers: str) -> Iterator[Mailbox]:
    """A real SMTP server on loopback."""
    opened = Mailbox(list(answers))
    with socket.create_server(("127.0.0.1", 0)) as free:
        opened.port = free.getsockname()[1]
    controller = Controller(opened, hostname="127.0.0.1", port=opened.port)
    controller.start()
    try:
        yield opened
    finally:
        controller.stop()
