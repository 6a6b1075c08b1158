"""Two servers on one store: what one wrote, the other shows to whoever asks from that position on."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest

from adapters.jurisdictions import shipped
from api.settings import Settings
from api.whole import Whole, compose
from domain.actors import Actor, Role
from tests.api.office import START, settled
from tests.api.test_command_line import TOP, await_answer
from tests.granted import granted, of_cases

WORKER = Actor("worker", Role.GRID_WORKER, "100-1-1-1")


@contextmanager
def server(settings: Settings) -> Iterator[str]:
    """A process that serves the store; its address."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {**os.environ, "PYTHONPATH": str(TOP), "WHISTLE_DATABASE_URL": settings.log}
    command = [sys.executable, "-m", "api", "serve", "--home", str(settings.home), "--port", str(port)]
    process = subprocess.Popen(command, env=environ)
    try:
        await_answer(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}/api/v1"
    finally:
        process.terminate()
        process.wait(20)


@dataclass(frozen=True)
class Pair:
    """Two servers on one store, and the token of a worker."""

    one: str
    other: str
    token: str
    whole: Whole

    def logged(self, base: str) -> dict[str, object]:
        return said(base, "/cases", self.token, {"category": "01", "place": WORKER.unit, "source": "patrol"})


@pytest.fixture(params=["sqlite", "postgresql"])
def pair(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Pair]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    settings = settled(tmp_path, shipped("minimal"), url)
    whole = compose(settings)
    token = whole.tokens.create(granted(whole, WORKER, START), "test", START).secret
    with server(settings) as one, server(settings) as other:
        yield Pair(one, other, token, whole)
    whole.close()


@pytest.mark.slow
def test_who_writes_here_reads_there(pair: Pair) -> None:
    for n in range(2, 17):  # the first entry is the grant
        writer, reader = (pair.one, pair.other) if n % 2 else (pair.other, pair.one)
        case = pair.logged(writer)
        assert case["position"] == n
        board = said(reader, f"/boards/grids/{WORKER.unit}?after={n}", pair.token)
        assert str(case["case"]) in {mine["case"] for mine in board["board"]["mine"]}  # type: ignore[index]
        assert said(reader, f"/cases/{case['case']}", pair.token)["version"] == 1


@pytest.mark.slow
def test_one_key_at_two_servers_at_once_is_one_command_with_one_answer(pair: Pair) -> None:
    """Neither server knows that the other runs the same command; nobody may be told `stale` by their own command."""
    with ThreadPoolExecutor(4) as people:
        for n in range(1, 31):
            case = pair.logged(pair.one)
            path, key = f"/cases/{case['case']}/handling", str(uuid4())
            calls = [
                people.submit(said, base, path, pair.token, {}, seen=1, key=key) for base in (pair.one, pair.other) * 2
            ]
            answers = [call.result() for call in calls]
            told = [answer for answer in answers if answer.get("code") != "still_running"]
            assert {answer.get("code", "done") for answer in told} == {"done"}, told
            assert {answer["version"] for answer in told} == {2}
            assert {answer["position"] for answer in told} == {1 + 2 * n}
    assert of_cases(pair.whole) == 60


def said(
    base: str, path: str, token: str, form: object = None, *, seen: int | None = None, key: str = ""
) -> dict[str, object]:
    """One call, by a person with a token; a problem is an answer too."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    headers["Idempotency-Key"] = key or str(uuid4())
    if seen is not None:
        headers["If-Match"] = f'"{seen}"'
    body = None if form is None else json.dumps(form).encode()
    call = Request(base + path, body, headers)  # noqa: S310 - loopback
    try:
        with urlopen(call, timeout=20) as answer:  # noqa: S310 - loopback
            found: dict[str, object] = json.load(answer)
    except HTTPError as problem:
        found = json.load(problem)
    return found
