"""A small load generator over HTTP/1.1: raw sockets, kept open, each request written once; it must be cheaper than what it loads."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter

from httptools import HttpResponseParser

from bench.measure import WARM_UP

Spell = Callable[[], bytes]  # the whole next request


class FailedError(RuntimeError):
    """An answer that is none of those that were wanted."""


@dataclass
class Connection(asyncio.Protocol):
    """One connection; one request at a time. `status` is what is wanted; 0: whatever it is."""

    status: int
    _answer: asyncio.Future[None] = field(init=False)
    _transport: asyncio.WriteTransport = field(init=False)
    _parser: HttpResponseParser = field(init=False)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """It is open."""
        self._transport = transport  # type: ignore[assignment]  # a socket's

    def data_received(self, data: bytes) -> None:
        """Some of the answer."""
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """The server has gone."""
        if hasattr(self, "_answer") and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("the server hung up"))

    def on_message_complete(self) -> None:
        """The answer is here."""
        got = self._parser.get_status_code()
        if self.status in (got, 0):
            self._answer.set_result(None)
        else:
            self._answer.set_exception(FailedError(f"{got}, not {self.status}"))

    async def ask(self, request: bytes) -> None:
        """Send a request, await its answer. Raises FailedError, ConnectionError."""
        self._answer = asyncio.get_running_loop().create_future()
        self._parser = HttpResponseParser(self)
        self._transport.write(request)
        await self._answer

    def close(self) -> None:
        """Hang up."""
        self._transport.close()


def flat_out(port: int, spell: Spell, status: int, connections: int, seconds: float) -> float:
    """Answers a second when each connection asks again at once."""
    return asyncio.run(_flat_out(port, spell, status, connections, seconds))


async def _flat_out(port: int, spell: Spell, status: int, connections: int, seconds: float) -> float:
    begin, done = perf_counter() + seconds * WARM_UP, 0

    async def client(mine: Connection) -> None:
        nonlocal done
        while (now := perf_counter()) < begin + seconds:
            await mine.ask(spell())
            done += now >= begin

    async with _opened(port, status, connections) as opened:
        await asyncio.gather(*(client(mine) for mine in opened))
    return done / (perf_counter() - begin)


def at_pace(port: int, spell: Spell, status: int, connections: int, *, rate: float, seconds: float) -> list[float]:
    """What each answer took, in seconds, from the moment it was due to be asked: a server that falls behind cannot hide it."""
    return asyncio.run(_at_pace(port, spell, status, connections, rate, seconds))


async def _at_pace(port: int, spell: Spell, status: int, connections: int, rate: float, seconds: float) -> list[float]:
    free: asyncio.Queue[Connection] = asyncio.Queue()
    took, asked = list[float](), list[asyncio.Task[None]]()

    async def one(due: float) -> None:
        mine = await free.get()
        await mine.ask(spell())
        took.append(perf_counter() - due)
        free.put_nowait(mine)

    async with _opened(port, status, connections) as opened:
        for mine in opened:
            free.put_nowait(mine)
        begin = perf_counter()
        for n in range(max(2, round(rate * seconds))):
            due = begin + n / rate
            await asyncio.sleep(max(0.0, due - perf_counter()))
            asked.append(asyncio.create_task(one(due)))
        await asyncio.gather(*asked)
    return took


@asynccontextmanager
async def _opened(port: int, status: int, connections: int) -> AsyncIterator[list[Connection]]:
    loop, opened = asyncio.get_running_loop(), list[Connection]()
    try:
        for _ in range(connections):
            _, one = await loop.create_connection(lambda: Connection(status), "127.0.0.1", port)
            opened.append(one)
        yield opened
    finally:
        for one in opened:
            one.close()
