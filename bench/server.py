"""Server processes: started, answering, ended by their id."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import socket
from time import monotonic, sleep
from uuid import uuid4

from adapters.jurisdictions import Editions, shipped
from adapters.store.engine import engine_at
from adapters.store.writer import Writer
from api.settings import Settings
from api.whole import Whole, compose, prepare
from bench.invented import CITY, law
from domain.actors import Actor, Role
from domain.places import Rung
from domain.staff import GiveGrant

TOP = Path(__file__).parent.parent
PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that answers."""

    port: int
    process: int

    @property
    def memory(self) -> float:
        """What it holds in memory now, in MiB."""
        status = Path(f"/proc/{self.process}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


@contextmanager
def serving(settings: Settings) -> Iterator[Serving]:
    """`whistle serve`."""
    port = _free()
    command = ["-m", "api", "serve", "--home", str(settings.home), "--port", str(port), "--database-url", settings.log]
    with _running(command, port) as server:
        yield server


@contextmanager
def serving_nothing(settings: Settings) -> Iterator[Serving]:
    """The empty endpoint."""
    port = _free()
    with _running(["-m", "bench.empty", settings.log, str(settings.home), str(port)], port) as server:
        yield server


@contextmanager
def _running(arguments: list[str], port: int) -> Iterator[Serving]:
    process = subprocess.Popen([sys.executable, *arguments], env={**os.environ, "PYTHONPATH": str(TOP)})
    try:
        _await(port, process)
        yield Serving(port, process.pid)
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    late = monotonic() + PATIENCE
    while process.poll() is None and monotonic() < late:
        with socket() as trying:
            if not trying.connect_ex(("127.0.0.1", port)):
                return
        sleep(0.05)
    raise TimeoutError(f"the server on port {port} did not come up")


def _free() -> int:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def settled(home: Path, url: str) -> Settings:
    """A store with the shipped jurisdiction loaded."""
    settings = Settings.of({"WHISTLE_DATABASE_URL": url}, home=home)
    prepare(settings)
    writer = Writer(engine_at(settings.log))
    Editions(writer).load(shipped(CITY), datetime.now(UTC))
    writer.close()
    writer.engine.dispose()
    return settings


def token(settings: Settings) -> str:
    """A street clerk's."""
    street = law().places.below(law().code, Rung.STREET)[0].code
    whole, now, clerk = compose(settings), datetime.now(UTC), Actor("clerk", Role.STREET_CLERK, street)
    grant(whole, clerk)
    made = whole.tokens.create(clerk, "bench", now, now + timedelta(days=1))
    whole.close()
    return made.secret


def grant(whole: Whole, actor: Actor) -> None:
    """Somebody may act in their office from now on."""
    given = GiveGrant(role=actor.role, unit=actor.unit)
    whole.directory.handle(actor.staff, given, Actor("bench", Role.ADMIN, law().code), whole.now(), uuid4())


def post(path: str, secret: str, body: bytes) -> bytes:
    """A whole request with a key of its own."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {secret}\r\nIdempotency-Key: {uuid4()}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
