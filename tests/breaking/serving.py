"""The server as a process of its own, which can be stopped, or killed in the middle of anything."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from socket import create_connection, socket

from api.app import create_app
from api.serving import Server
from api.settings import Settings
from api.whole import Whole
from tests.api.test_command_line import TOP
from tests.breaking.waiting import until

PYTHON = (sys.executable, "-m", "api")


@dataclass(frozen=True)
class Served:
    """A process that serves a store."""

    process: subprocess.Popen[bytes]
    port: int

    def answers(self) -> bool:
        """Whether it takes connections."""
        assert self.process.poll() is None, "the server ended before it answered"
        try:
            create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def kill(self) -> None:
        """SIGKILL: it cannot finish anything."""
        self.process.kill()
        self.process.wait(20)

    def stop(self) -> int:
        """SIGTERM; its exit code."""
        self.process.terminate()
        return self.process.wait(20)


def environ(settings: Settings) -> dict[str, str]:
    """The environment of a process that works on a store."""
    return {**os.environ, "PYTHONPATH": str(TOP), "WHISTLE_DATABASE_URL": settings.log}


@contextmanager
def served(settings: Settings, python: tuple[str, ...] = PYTHON) -> Iterator[Served]:
    """A server that answers; killed at the end, if it lives."""
    port = free_port()
    command = [*python, "serve", "--home", str(settings.home), "--port", str(port)]
    with subprocess.Popen(command, env=environ(settings)) as process:
        server = Served(process, port)
        try:
            until(server.answers)
            yield server
        finally:
            server.kill()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@contextmanager
def served_here(whole: Whole) -> Iterator[int]:
    """The same server in a thread of this process, where it need not be killed; its port."""
    port = free_port()
    server = Server(create_app(whole), whole.settings.proxies, host="127.0.0.1", port=port, log_level="critical")
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(server.run)
        try:
            until(lambda: server.started or running.done())
            yield port
        finally:
            server.should_exit = True
            running.result(timeout=20)
