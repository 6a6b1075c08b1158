"""An action shows on another screen: from the press of a button to the page that has it, while many others listen.

Street clerks log a case by the page's form, and then handle it; in each of the twelve streets a leader has the board open,
and on a tick looks again. Of the listeners half belong to those streets, so that each tick goes to some forty of them, and
half to departments; they do nothing else. Nobody acts twice in a street within a second, for a listener is told no more
often than that. The limit is the same look at the same board, by itself, before anybody listens.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice
from time import perf_counter
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

from adapters.store.engine import engine_at
from adapters.store.tables import events
from api.settings import Settings
from api.whole import compose, real_time
from bench.ground import SQLITE, Ground
from bench.invented import law, log_rows, month
from bench.load import Connection
from bench.measure import Found, Latency, Measure
from bench.pour import pour
from bench.server import Serving, grant, serving, settled
from bench.sizes import Sizes
from domain.actors import Actor, Role
from domain.places import Rung

SEEN, DONE = 200, 303
EVERY = 1.1  # seconds between two actions in one street
MOST = 150.0  # milliseconds
PATIENCE = 10.0  # seconds for a change to show
AGAINST = "the same look, alone"


def measures(ground: Ground, sizes: Sizes) -> Iterator[Found]:
    """How long it takes, and what the listeners cost, on each engine."""
    for engine in ground.engines:
        home = ground.home()
        settings = settled(home, f"sqlite:///{home / 'log.db'}" if engine == SQLITE else ground.url(engine))
        offices = _offices(settings, sizes)
        with serving(settings) as server:
            yield from asyncio.run(_measured(engine, server, offices, sizes))


# --- who is there


@dataclass(frozen=True, slots=True)
class Offices:
    """The sessions of those who act and look, by street, and of those who only listen."""

    clerks: dict[str, str]
    leaders: dict[str, str]
    listeners: list[str]


def _offices(settings: Settings, sizes: Sizes) -> Offices:
    """A month of cases, and everybody signed in."""
    log = engine_at(settings.log)
    pour(log, events, log_rows(month(), min(sizes.live, len(month()))))
    whole = compose(settings)

    def signed_in(role: Role, units: Iterable[str]) -> dict[str, str]:
        people = [Actor(f"{role}-{unit}", role, unit) for unit in units]
        for actor in people:
            grant(whole, actor)
        return {actor.unit: whole.sessions.begin(actor, real_time()) for actor in people}

    streets = [place.code for place in law().places.below(law().code, Rung.STREET)]
    clerks, leaders = signed_in(Role.STREET_CLERK, streets), signed_in(Role.STREET_LEADER, streets)
    departments = signed_in(Role.DEPARTMENT_CLERK, sorted(law().departments)[: len(streets)])
    whole.close()
    log.dispose()
    listeners = islice(cycle([*clerks.values(), *departments.values()]), sizes.listeners)
    return Offices(clerks, leaders, list(listeners))


# --- their browsers


@dataclass
class Browser(Connection):
    """A connection that keeps what was answered."""

    body: bytearray = field(default_factory=bytearray)
    location: str = ""

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header of the answer."""
        if name.lower() == b"location":
            self.location = value.decode()

    def on_body(self, body: bytes) -> None:
        """Some of the answer."""
        self.body += body


class Listener(asyncio.Protocol):
    """A stream that is open; `told` is how often it was told something."""

    def __init__(self, secret: str) -> None:
        """`secret` is its session's."""
        self._secret, self.told, self._news = secret, 0, asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask."""
        transport.write(_get("/live", self._secret))  # type: ignore[attr-defined]  # a socket's

    def data_received(self, data: bytes) -> None:
        """A tick, or a heartbeat."""
        if b"event: changed" in data:
            self.told += 1
            self._news.set()

    async def next(self) -> None:
        """Until something is told that was not awaited yet."""
        await self._news.wait()
        self._news.clear()


def _get(path: str, secret: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: whistle={secret}\r\nX-Looking: 1\r\n\r\n".encode()


def _post(path: str, secret: str, said: dict[str, str]) -> bytes:
    body = urlencode(said)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: whistle={secret}\r\nSec-Fetch-Site: same-origin\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


async def _asked(port: int, status: int, request: bytes) -> Browser:
    """What is answered, on a line of its own: the server hangs up on whoever says nothing for long. Raises FailedError."""
    _, one = await asyncio.get_running_loop().create_connection(lambda: Browser(status), "127.0.0.1", port)
    await one.ask(request)
    one.close()
    return one


@asynccontextmanager
async def _listening(port: int, secret: str) -> AsyncIterator[Listener]:
    loop = asyncio.get_running_loop()
    transport, one = await loop.create_connection(lambda: Listener(secret), "127.0.0.1", port)
    await asyncio.wait_for(one.next(), PATIENCE)
    yield one
    transport.close()


# --- what they do


@dataclass(frozen=True, slots=True)
class Took:
    """One action, in seconds from the press of its button."""

    answered: float
    told: float
    shown: float


@dataclass
class Street:
    """A street's clerk, who acts, and its leader, who looks."""

    code: str
    clerk: str
    leader: str
    port: int
    stream: Listener
    case: str = ""

    async def acts(self) -> Took:
        """A case is logged or, where there is one, handled; until the leader sees that."""
        logs, began = not self.case, perf_counter()
        words = uuid4().hex if logs else f"/cases/{self.case}/do/HandleCase"
        shown = asyncio.create_task(self._shown(words.encode(), there=logs))
        await asyncio.sleep(0)  # the leader waits before anything happens
        await (self._logs(words) if logs else self._handles(words))
        answered = perf_counter()
        told, seen = await asyncio.wait_for(shown, PATIENCE)
        return Took(answered - began, told - began, seen - began)

    async def _logs(self, words: str) -> None:
        said = {
            "key": str(uuid4()),
            "category": _category(),
            "place": self.code,
            "source": "counter",
            "urgency": "routine",
        }
        answer = await _asked(self.port, DONE, _post("/log", self.clerk, {**said, "summary": words, "seen_near": "1"}))
        self.case = parse_qs(urlsplit(answer.location).query)["of"][0]

    async def _handles(self, path: str) -> None:
        said = {"key": str(uuid4()), "seen": "1", "back": "/boards"}
        await _asked(self.port, DONE, _post(path, self.clerk, said))
        self.case = ""

    async def _shown(self, words: bytes, *, there: bool) -> tuple[float, float]:
        """When the leader was told, and when their board had it."""
        while True:
            await self.stream.next()
            told = perf_counter()
            if (words in await self.looks()) is there:
                return told, perf_counter()

    async def looks(self) -> bytearray:
        """The street's board."""
        return (await _asked(self.port, SEEN, _get(f"/boards/streets/{self.code}", self.leader))).body


def _category() -> str:
    return next(one.code for one in law().taxonomy.by_code.values() if one.is_leaf and one.departments)


# --- the figures


async def _measured(engine: str, server: Serving, offices: Offices, sizes: Sizes) -> list[Found]:
    async with AsyncExitStack() as opened:
        streets = [await _street(opened, server.port, code, offices) for code in offices.clerks]
        alone = Latency.of([await _look(one) for one in islice(cycle(streets), sizes.actions)])
        before = server.memory
        for secret in offices.listeners:
            await opened.enter_async_context(_listening(server.port, secret))
        held = server.memory
        took = [await _at_pace(one, len(streets)) for one in islice(cycle(streets), sizes.actions)]
    return list(_rows(engine, took, alone, (held, before), len(offices.listeners)))


async def _ready(streets: list[Street]) -> None:
    """Until the boards have told the whole month, and every street was looked at once."""
    while b'"ready"' not in (await _asked(streets[0].port, SEEN, _get("/readyz", ""))).body:
        pass  # it waits by itself
    for one in streets:
        await one.looks()


async def _street(opened: AsyncExitStack, port: int, code: str, offices: Offices) -> Street:
    clerk, leader = offices.clerks[code], offices.leaders[code]
    stream = await opened.enter_async_context(_listening(port, leader))
    return Street(code, clerk, leader, port, stream)


async def _look(street: Street) -> float:
    began = perf_counter()
    await street.looks()
    return perf_counter() - began


async def _at_pace(street: Street, streets: int) -> Took:
    began = perf_counter()
    took = await street.acts()
    await asyncio.sleep(max(0.0, EVERY / streets - (perf_counter() - began)))
    return took


def _rows(
    engine: str, took: list[Took], alone: Latency, memory: tuple[float, float], listeners: int
) -> Iterator[Found]:
    told, shown = (Latency.of([getattr(one, what) for one in took]) for what in ("told", "shown"))
    after = Latency.of([max(0.0, one.shown - one.answered) for one in took])
    while_held = f"{listeners:,} listen"
    yield Measure("live", engine, f"told, p99, {while_held}", told.p99, alone.p99, "ms", AGAINST)
    yield Measure("live", engine, f"shown, p50, {while_held}", shown.p50, alone.p50, "ms", AGAINST)
    yield Measure("live", engine, f"shown, p99, {while_held}", shown.p99, alone.p99, "ms", AGAINST, most=MOST)
    yield Measure("live", engine, f"shown after the answer, p99, {while_held}", after.p99, alone.p99, "ms", AGAINST)
    yield Measure("live", engine, f"memory, {while_held}", *memory, "MiB", "before they do")
