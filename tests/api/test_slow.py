"""Whoever sends by drops, or does not take what is sent, is cut off in a while; everybody else is answered meanwhile. Real sockets."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from socket import SO_RCVBUF, SOL_SOCKET, create_connection, create_server, socket
from threading import Thread

import httpx2
import pytest
from fastapi.responses import StreamingResponse

from adapters.security import Kind, listed
from api import headers
from api.app import create_app
from api.connections import Patience
from api.noting import cut_off
from api.serving import Server
from tests.api.office import Office
from tests.breaking.waiting import until

SOON = 0.4  # seconds
DROPS = 200  # of a tenth of a second: far more than it takes to be cut off
HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"x" * 400
BODY = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 400\r\n\r\n"  # fmt: skip


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headers, "IN_TIME", SOON)


@contextmanager
def served(hall: Office, patience: Patience | None) -> Iterator[tuple[str, int]]:
    """A real server, in a thread of its own, with so much patience; without any as uvicorn is by itself."""
    app = create_app(hall.whole)

    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 65_536
            await asyncio.sleep(0)

    app.add_api_route("/endless", lambda: StreamingResponse(endless()), response_model=None)
    with create_server(("127.0.0.1", 0)) as listening:
        server = Server(app, (), patience, log_level="critical", lifespan="off")
        if patience is None:
            server.config.http = "httptools"
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        until(lambda: server.started)
        yield listening.getsockname()
        server.should_exit = server.force_exit = True
        thread.join(10)


def impatient(hall: Office, **more: int) -> Patience:
    return Patience(head=SOON, reading=SOON, told=lambda peer: cut_off(hall.whole, peer), **more)  # type: ignore[arg-type]  # whichever


def others_are_answered(where: tuple[str, int]) -> None:
    assert httpx2.get(f"http://{where[0]}:{where[1]}/healthz").status_code == 200


def drops(where: tuple[str, int], said: bytes, then: Callable[[], None]) -> bytes | None:
    """Sends a byte every tenth of a second until it is cut off: what was answered; None where it may go on for ever."""
    with create_connection(where, timeout=0.1) as line:
        answer = b""
        for n in range(DROPS):
            try:
                line.sendall(said[n % len(said) : n % len(said) + 1])
                part = line.recv(65_536)
            except TimeoutError:
                if n % 5 == 0:
                    then()
                continue
            except OSError:
                return answer
            answer += part
            if not part:
                return answer
    return None


def begun(where: tuple[str, int], head: bytes) -> socket:
    line = create_connection(where, timeout=20)
    line.sendall(head)
    return line


def test_a_head_that_comes_by_drops_is_cut_off(hall: Office) -> None:
    with served(hall, impatient(hall)) as where:
        assert drops(where, HEAD, lambda: others_are_answered(where)) == b""
    hall.whole.security.settle(hall.time.now)
    assert listed(hall.whole.security, Kind.TOO_SLOW)[0].details == {"way": "connection"}


def test_who_says_nothing_is_cut_off(hall: Office) -> None:
    with served(hall, impatient(hall)) as where, create_connection(where, timeout=20) as line:
        others_are_answered(where)
        assert line.recv(1) == b""


def test_the_next_head_on_the_same_line_has_no_more_time(hall: Office) -> None:
    with (
        served(hall, impatient(hall)) as where,
        begun(where, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /he") as line,
    ):
        found = b""
        while part := line.recv(65_536):
            found += part
        assert found.startswith(b"HTTP/1.1 200") and found.count(b"HTTP/1.1") == 1


def test_a_body_that_comes_by_drops_is_answered_and_cut_off(hall: Office, limits: None) -> None:
    with served(hall, impatient(hall)) as where, begun(where, BODY) as line:
        line.settimeout(0.1)
        found = b""
        for _ in range(DROPS):
            try:
                line.sendall(b"t")
                part = line.recv(65_536)
            except TimeoutError:
                others_are_answered(where)
                continue
            except OSError:
                break
            found += part
            if not part:
                break
        assert found.startswith(b"HTTP/1.1 408") and b"too_slow" in found and b"connection: close" in found
    hall.whole.security.settle(hall.time.now)
    assert listed(hall.whole.security, Kind.TOO_SLOW)


def test_a_body_that_comes_steadily_takes_as_long_as_it_is(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its bytes it has more time; and who waits for an answer, or listens, is not asked for more."""
    monkeypatch.setattr(headers, "IN_TIME", 0.1)
    monkeypatch.setattr(headers, "SLOWEST", 100)
    said = b"token=" + b"x" * 200 + b"&next=" + b"x" * 188
    with served(hall, impatient(hall)) as where, begun(where, BODY + said[:200]) as line:
        line.settimeout(0.3)
        with pytest.raises(TimeoutError):
            line.recv(1)
        line.settimeout(20)
        line.sendall(said[200:])
        assert line.recv(65_536).startswith(b"HTTP/1.1 404")  # tokens come in at that door in a demo only


def test_a_head_without_end_is_refused(hall: Office) -> None:
    with served(hall, Patience(head=20, largest_head=5_000)) as where, begun(where, HEAD * 20) as line:
        assert line.recv(65_536).startswith(b"HTTP/1.1 400")


def test_who_does_not_take_what_is_sent_is_cut_off(hall: Office) -> None:
    patience = impatient(hall)
    with served(hall, patience) as where:
        line = socket()
        line.setsockopt(SOL_SOCKET, SO_RCVBUF, 4_096)
        line.connect(where)
        line.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        until(lambda: patience.here.total() == 1)
        others_are_answered(where)
        until(lambda: patience.here.total() == 0)
        line.close()


def test_one_address_has_a_share_of_the_lines(hall: Office) -> None:
    patience = impatient(hall, of_one=3)
    with served(hall, patience) as where:
        lines = [create_connection(where, timeout=20) for _ in range(3)]
        until(lambda: patience.here.total() == 3)
        with create_connection(where, timeout=20) as fourth:
            assert fourth.recv(1) == b""
        assert [line.recv(1) for line in lines] == [b""] * 3
        until(lambda: not patience.here)
        others_are_answered(where)
        for line in lines:
            line.close()


def test_a_server_without_patience_is_found(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """As uvicorn is by itself: it waits for ever."""
    monkeypatch.setitem(globals(), "DROPS", 20)
    with served(hall, None) as where:
        assert drops(where, HEAD, lambda: None) is None
