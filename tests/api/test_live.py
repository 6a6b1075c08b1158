"""Live: a tick at once, then at most one each span; only for those within whose reach something changed; ended in time."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from fastapi.testclient import TestClient

from adapters.jurisdictions import shipped
from adapters.store.errors import Unavailable
from api.app import create_app
from api.live import Hub
from api.serving import Server
from api.whole import compose, real_time
from domain.actors import Role
from tests.api.office import START, Office, Time, settled
from tests.api.people import CLERK, DISPATCHER, LEADER, PLEA, WATER, WORKER, logged
from tests.api.test_two_processes import said, server
from tests.breaking.people import Person, note
from tests.breaking.people import log as log_one
from tests.breaking.serving import free_port, served
from tests.breaking.town import STAFF, founded, locked
from tests.breaking.waiting import until
from tests.granted import granted

AIR = 3.0  # seconds that a busy machine may take
OTHER_STREET = "540102003"
OTHER_CLERK = (Role.STREET_CLERK, OTHER_STREET)


class Listener:
    """A browser that listens."""

    def __init__(self, port: int, secret: str) -> None:
        """`secret` is its session's."""
        self.line = HTTPConnection("127.0.0.1", port, timeout=10)
        self.line.request("GET", "/live", headers={"Cookie": f"whistle={secret}", "Accept-Encoding": "gzip"})
        self.answer: HTTPResponse = self.line.getresponse()
        if self.answer.status == 200:
            self.greeted = self.tick()

    def says(self) -> dict[str, str]:
        """The next event that is no heartbeat; nothing where the stream has ended."""
        found, late = dict[str, str](), monotonic() + 10
        while line := self.answer.readline().decode():
            name, _, value = line.rstrip("\n").partition(": ")
            if not line.strip() and found:
                return found
            found |= {name: value} if name else {}
            assert monotonic() < late, "nothing but heartbeats"
        return found

    def tick(self) -> int:
        """The position that the next tick says; it says nothing else."""
        event = self.says()
        assert event == {"event": "changed", "id": event["id"], "data": f'{{"position": {event["id"]}}}'}
        return int(json.loads(event["data"])["position"])

    def close(self) -> None:
        self.answer.close()
        self.line.close()


@dataclass
class Square:
    """An office behind a real server, and everybody who listens to it."""

    office: Office
    hub: Hub
    process: Server
    port: int
    opened: ExitStack

    def listens(self, who: tuple[Role, str], secret: str = "") -> Listener:
        listener = Listener(self.port, secret or self.office.session(*who))
        return self.opened.enter_context(closing(listener))


@contextmanager
def a_square(home: Path, time: Time | None = None) -> Iterator[Square]:
    """In real time where no clock is given; hearts beat fast."""
    whole = compose(settled(home, shipped("chengguan")), time or real_time)
    app, port = create_app(whole), free_port()
    app.state.live.heartbeat = 0.05
    office = Office(whole, TestClient(app), time or Time(datetime.now(UTC)))
    process = Server(app, host="127.0.0.1", port=port, log_level="warning")
    with ExitStack() as opened, running(process):
        yield Square(office, app.state.live, process, port, opened)
    whole.close()


@contextmanager
def running(server: Server) -> Iterator[None]:
    with ThreadPoolExecutor(1) as thread:
        ended = thread.submit(server.run)
        until(lambda: server.started or ended.done())
        try:
            yield
        finally:
            server.should_exit = True
            ended.result(timeout=20)


@pytest.fixture
def square(tmp_path: Path) -> Iterator[Square]:
    with a_square(tmp_path) as opened:
        yield opened


def logged_in(square: Square, who: tuple[Role, str]) -> dict[str, Any]:
    """A street office writes a case down, in its street."""
    answer = square.office.post(who, "/cases", {"category": "0406", "place": who[1], "source": "counter"})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


# --- who is told, and of what


def test_who_listens_is_told_where_the_boards_are_and_then_of_each_change(square: Square) -> None:
    square.office.session(*CLERK)  # that they hold their office is an entry too
    first = logged(square.office)
    square.office.whole.boards.wait_for(first["position"])
    clerk = square.listens(CLERK)
    assert clerk.greeted == first["position"]
    assert logged(square.office)["position"] == clerk.tick()


def test_a_stream_is_not_packed_and_not_kept(square: Square) -> None:
    answer = square.listens(CLERK).answer
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert answer.headers["Content-Encoding"] is None and answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Length"] is None


def test_nobody_hears_of_another_street(square: Square) -> None:
    here, there = square.listens(CLERK), square.listens(OTHER_CLERK)
    mine = logged(square.office)["position"]
    theirs = logged_in(square, OTHER_CLERK)["position"]
    assert (here.tick(), there.tick()) == (mine, theirs)  # had they heard of the other, that would have come first


def test_the_district_hears_of_every_street(square: Square) -> None:
    square.hub.pace = 0
    dispatcher = square.listens(DISPATCHER)
    for who in (CLERK, OTHER_CLERK):
        assert logged_in(square, who)["position"] == dispatcher.tick()


def test_a_department_hears_of_what_it_is_assigned_and_of_nothing_else(square: Square) -> None:
    square.hub.pace = 0
    water, case = square.listens(WATER), logged(square.office)
    case = square.office.act(LEADER, case, "whistles", {"plea": PLEA})
    case = square.office.act(DISPATCHER, case, "assignments", {"lead": "water"})
    assert water.tick() == case["position"]
    assert square.office.act(CLERK, case, "notes", {"text": "seen"})["position"] == water.tick()


def test_whom_a_case_moves_away_from_hears_of_it(square: Square) -> None:
    square.hub.pace = 0
    clerk, case = square.listens(CLERK), logged(square.office)
    assert clerk.tick() == case["position"]
    moved = square.office.act(WORKER, case, "amendments", {"place": OTHER_STREET, "reason": "beyond the river"})
    assert clerk.tick() == moved["position"]


def test_a_burst_is_two_ticks_the_first_at_once_and_the_last_in_time(square: Square) -> None:
    square.hub.pace = 2
    clerk = square.listens(CLERK)
    burst = [logged(square.office)["position"] for _ in range(8)]
    assert clerk.tick() == burst[0]
    began = monotonic()
    assert clerk.tick() == burst[-1]
    assert monotonic() - began < 2 + AIR
    assert logged(square.office)["position"] == clerk.tick()  # nothing was between


# --- who may listen, and for how long


def test_nobody_listens_who_is_not_signed_in(square: Square) -> None:
    assert square.listens(CLERK, "nobody's").answer.status == 401
    assert square.listens(CLERK).answer.status == 200


def test_the_stream_ends_with_the_session(square: Square) -> None:
    secret = square.office.session(*CLERK)
    clerk, other = square.listens(CLERK, secret), square.listens(CLERK)
    square.office.whole.sessions.end(secret)
    assert clerk.says() == {"event": "over", "data": "{}"} and clerk.says() == {}
    assert logged(square.office)["position"] == other.tick()


def test_to_listen_and_to_look_is_not_to_be_seen(tmp_path: Path) -> None:
    """Else a page that is left open would never be signed out."""
    with a_square(tmp_path, Time()) as square:
        secret, seen = square.office.session(*CLERK), square.office.session(*CLERK)
        square.office.time.goes_on(hours=0.3)
        clerk = square.listens(CLERK, secret)
        for mine, more in ((secret, {"X-Looking": "1"}), (seen, {})):
            square.office.client.cookies.set("whistle", mine)
            assert square.office.client.get("/boards", headers=more).url.path == "/boards"
        square.office.time.goes_on(hours=0.3)
        assert clerk.says()["event"] == "over"
        assert square.office.client.get("/boards").url.path == "/boards"


def test_whoever_leaves_is_forgotten(square: Square) -> None:
    clerk = square.listens(CLERK)
    assert square.hub.count == 1
    clerk.close()
    until(lambda: square.hub.count == 0)


def test_beyond_what_a_process_holds_one_is_told_to_come_later(square: Square) -> None:
    square.hub.room = 2
    first, _ = square.listens(CLERK), square.listens(WATER)
    full = square.listens(CLERK)
    assert (full.answer.status, full.answer.headers["Retry-After"]) == (503, "30")
    first.close()
    until(lambda: square.listens(CLERK).answer.status == 200)


def test_without_a_database_nobody_is_sent_away(square: Square, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = square.listens(CLERK)

    def asked(*_: Any) -> set[str]:
        asks.append(1)
        raise Unavailable("gone")

    asks: list[int] = []
    monkeypatch.setattr(square.office.whole.sessions, "ended", asked)
    until(lambda: len(asks) > 1)
    assert logged(square.office)["position"] == clerk.tick()


# --- the end of the server


def test_with_streams_open_it_stops_at_once(square: Square) -> None:
    clerk, began = square.listens(CLERK), monotonic()
    square.process.should_exit = True
    assert clerk.says() == {} and monotonic() - began < 2 + AIR


@pytest.mark.slow
def test_it_stops_in_time_while_streams_are_open_and_a_command_is_under_way(tmp_path: Path) -> None:
    town = founded(tmp_path / "home")
    with town.opened() as whole:
        secret = whole.sessions.begin(granted(whole, STAFF[Role.STREET_CLERK], START), whole.now())
    with served(town.settings) as process, ExitStack() as opened, ThreadPoolExecutor(1) as thread:
        listeners = [opened.enter_context(closing(Listener(process.port, secret))) for _ in range(50)]
        person = opened.enter_context(closing(Person(process.port, town.tokens)))
        case = person.say(log_one()).body
        for listener in listeners:
            assert listener.tick() == case["position"]
        with locked(town):
            sent = thread.submit(person.say, note(case))
            wait([sent], timeout=0.3)  # time itself is what is tested
            process.process.terminate()
            began = monotonic()
            wait([sent], timeout=0.5)
        assert sent.result().done, sent.result()
        assert process.process.wait(20) == 0 and monotonic() - began < 3 + AIR
        assert [listener.says() for listener in listeners if listener.says()] == []


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_what_one_process_writes_the_listeners_of_another_hear(
    tmp_path: Path, engine: str, request: pytest.FixtureRequest
) -> None:
    """Whichever of the two folds it, for each is overtaken by the other now and then."""
    url = request.getfixturevalue("postgres_url") if engine == "postgresql" else ""
    settings = settled(tmp_path, shipped("minimal"), url)
    with closing(compose(settings)) as whole:
        secret = whole.sessions.begin(granted(whole, STAFF[Role.STREET_CLERK], START), whole.now())
        token = whole.tokens.create(granted(whole, STAFF[Role.GRID_WORKER], START), "test", START).secret
    with server(settings) as one, server(settings) as other, ExitStack() as opened:
        ports = [int(base.split(":")[2].split("/")[0]) for base in (one, other)]
        clerks = [opened.enter_context(closing(Listener(port, secret))) for port in ports]
        for n in range(6):
            form = {"category": "01", "place": STAFF[Role.GRID_WORKER].unit, "source": "patrol"}
            position = said((one, other)[n % 2], "/cases", token, form)["position"]
            for clerk in clerks:
                while clerk.tick() != position:
                    pass
