"""Staff while the public door is flooded: boards and commands at their pace, alone and under a crowd that asks as fast as it can.

The crowd are strangers in a process of their own, with the pages of the public door, receipts that nobody has, and reports
(most of which are refused as too many). Each look and command counts from when it was due.
"""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle
from multiprocessing import get_context
from urllib.parse import urlencode
from uuid import uuid4

from adapters.sessions import Sessions
from adapters.store.engine import engine_at
from adapters.store.tables import events
from adapters.store.writer import Writer
from adapters.tokens import DEMO, Tokens
from api.settings import Settings
from bench.ground import SQLITE, Ground
from bench.invented import law, log_rows, month
from bench.load import Connection, at_pace
from bench.measure import Found, Latency, Measure
from bench.pour import pour
from bench.serve import CASES, CREATED, case
from bench.server import post, serving, settled, token
from bench.sizes import Sizes
from domain.actors import Actor, Role
from domain.places import Rung

SEEN, ANY = 200, 0
CROWD = 64  # connections
RATE = 6.0  # looks, and as many commands, a second: half a board's worth of a core
MOST = 2.0
AGAINST = "the same, alone"
OURS = "Sec-Fetch-Site: same-origin\r\nAccept: text/html\r\n"


def measures(ground: Ground, sizes: Sizes) -> Iterator[Found]:
    """Boards and commands, on each engine."""
    for engine in ground.engines:
        home = ground.home()
        yield from _rows(
            engine, settled(home, f"sqlite:///{home / 'log.db'}" if engine == SQLITE else ground.url(engine)), sizes
        )


def _rows(engine: str, settings: Settings, sizes: Sizes) -> Iterator[Found]:
    session, secret = _laid_in(settings, sizes), token(settings)  # in this order: the month begins the log
    board = partial(_get, f"/boards/streets/{_street()}", f"Cookie: whistle={session}\r\n")
    command = partial(post, CASES, secret, case())
    with serving(settings) as server:
        for name, spell, status in (("a street's board", board, SEEN), ("a command", command, CREATED)):
            paced = partial(
                at_pace, server.port, spell, status, sizes.connections, rate=RATE, seconds=max(sizes.seconds * 3, 1.0)
            )
            paced()  # pages are made once before anything counts
            pairs = []
            for _ in range(sizes.rounds):
                alone = Latency.of(paced())
                with _crowd(server.port):
                    pairs.append((Latency.of(paced()), alone))
            p50, p99 = (
                sorted(((getattr(a, q), getattr(b, q)) for a, b in pairs), key=lambda pair: pair[0] / pair[1])
                for q in ("p50", "p99")
            )
            for label, found in (("p50", p50), ("p99", p99)):
                ours, limit = found[len(found) // 2]
                yield Measure("flood", engine, f"{name}, {label}", ours, limit, "ms", AGAINST, MOST, at_most=True)


def _street() -> str:
    return law().places.below(law().code, Rung.STREET)[0].code


def _laid_in(settings: Settings, sizes: Sizes) -> str:
    """A demo's month of cases, and a street's clerk who is signed in."""
    log, now = engine_at(settings.log), datetime.now(UTC)
    pour(log, events, log_rows(month(), min(sizes.opened_cases, len(month()))))
    writer, clerk = Writer(log), Actor("clerk", Role.STREET_CLERK, _street())
    Tokens(writer).create(clerk, DEMO, now, now + timedelta(days=1))
    session = Sessions(writer).begin(clerk, now)
    writer.close()
    log.dispose()
    return session


# --- the crowd


@contextmanager
def _crowd(port: int) -> Iterator[None]:
    """As many strangers as there are connections; they are ended by their own process."""
    others = get_context("spawn").Process(target=_strangers, args=(port,), daemon=True)
    others.start()
    try:
        yield
    finally:
        others.terminate()
        others.join()


def _strangers(port: int) -> None:
    """Whatever is answered, the next is asked; a line that is closed is opened again."""
    os.nice(10)  # it is the server that is to be slowed down by them, and not this machine
    wanted = cycle(_wants())

    async def stranger() -> None:
        while True:
            try:
                _, mine = await asyncio.get_running_loop().create_connection(lambda: Connection(ANY), "127.0.0.1", port)
                while True:
                    await mine.ask(next(wanted)())
            except (OSError, ConnectionError):
                await asyncio.sleep(0.01)

    async def all_of_them() -> None:
        await asyncio.gather(*(stranger() for _ in range(CROWD)))

    asyncio.run(all_of_them())


def _wants() -> list[partial[bytes]]:
    grid = law().places.below(_street(), Rung.GRID)[0].code
    pages = ("/report", f"/report?place={grid}", "/public", "/r", "/r/NOBODY-S", "/", "/flow", "/sign-in")
    return [*(partial(_get, page, "") for page in pages), partial(_report, grid)]


def _get(path: str, more: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n{more}\r\n".encode()


def _report(grid: str) -> bytes:
    said = urlencode(
        {"key": str(uuid4()), "place": grid, "category": "0110", "nature": "need", "narrative": "invented"}
    ).encode()
    head = f"POST /report HTTP/1.1\r\nHost: 127.0.0.1\r\n{OURS}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(said)}\r\n\r\n"
    return head.encode() + said
