"""Somebody between us and PostgreSQL, who cuts the line at a commit: before it has arrived, or before its answer has."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from socket import AF_UNIX, SHUT_RDWR, socket
from typing import Literal

EVENTS = b"INSERT INTO events"
COMMIT = b"COMMIT\0"  # the statement, and its answer; not READ COMMITTED
SOCKET = ".s.PGSQL.5432"
Cut = Literal["", "before", "after"]


@dataclass
class Proxy:
    """Listens in its folder; `cut` says what happens to the next commit of events, and to no other."""

    folder: Path
    server: Path
    cut: Cut = ""
    lines: list[socket] = field(default_factory=list)
    writing: set[socket] = field(default_factory=set)  # lines to the server on which events stand before a commit

    def serve(self, listening: socket, threads: ThreadPoolExecutor) -> None:
        """Each line has a thread for either direction."""
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                server = socket(AF_UNIX)
                server.connect(str(self.server / SOCKET))
                self.lines += (client, server)
                threads.submit(self._ask, client, server)
                threads.submit(self._answer, client, server)

    def _ask(self, client: socket, server: socket) -> None:
        with hung_up(client, server):
            while said := client.recv(1 << 16):
                if EVENTS in said:
                    self.writing.add(server)
                if self.cut == "before" and COMMIT in said and server in self.writing:
                    self.cut = ""
                    return
                server.sendall(said)

    def _answer(self, client: socket, server: socket) -> None:
        with hung_up(client, server):
            while said := server.recv(1 << 16):
                if COMMIT in said and server in self.writing:
                    self.writing.discard(server)
                    if self.cut == "after":
                        self.cut = ""
                        return
                client.sendall(said)


@contextmanager
def hung_up(*lines: socket) -> Iterator[None]:
    """Both ends, however it ends."""
    try:
        with suppress(OSError):
            yield
    finally:
        for line in lines:
            with suppress(OSError):
                line.shutdown(SHUT_RDWR)


@contextmanager
def between(folder: Path, server: Path) -> Iterator[Proxy]:
    """A proxy for PostgreSQL's socket in a folder."""
    proxy = Proxy(folder, server)
    with ThreadPoolExecutor(64) as threads, socket(AF_UNIX) as listening:
        listening.bind(str(folder / SOCKET))
        listening.listen()
        threads.submit(proxy.serve, listening, threads)
        try:
            yield proxy
        finally:
            with hung_up(listening, *proxy.lines):
                pass
    for line in proxy.lines:
        line.close()
