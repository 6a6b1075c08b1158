"""What a longer log costs: a whole command, one after another, and the memory of a server, beside those at the shortest log.

The logs are all made first and then taken by turns, so that what disturbs the machine disturbs all of them. The boards
of the servers stand at the head of their logs, without rows: what is measured is what the log does.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from statistics import median

from sqlalchemy import update

from adapters.boards import Boards
from adapters.boards.tables import checkpoint
from adapters.store.engine import engine_at
from adapters.store.tables import events
from adapters.store.writer import Writer
from api.settings import Settings
from bench.commands import Cases
from bench.ground import SQLITE, Ground
from bench.invented import law, log_rows, month
from bench.load import flat_out
from bench.measure import MILLISECONDS, Found, Measure, timed
from bench.pour import pour
from bench.serve import CASES, CREATED, case
from bench.server import post, serving, settled, token
from bench.sizes import Sizes

MOST = 1.2


@dataclass(frozen=True, slots=True)
class Grown:
    """A log of a certain size."""

    size: int
    settings: Settings
    cases: Cases


def measures(ground: Ground, sizes: Sizes) -> Iterator[Found]:
    """Time and memory, on each engine."""
    for engine in ground.engines:
        with ExitStack() as opened:
            logs = [_grown(ground, engine, size, sizes, opened) for size in sizes.logs]
            yield from _times(engine, logs, sizes)
            yield from _memory(engine, logs, sizes)


def _grown(ground: Ground, engine: str, size: int, sizes: Sizes, opened: ExitStack) -> Grown:
    home = ground.home()
    settings = settled(home, f"sqlite:///{home / 'log.db'}" if engine == SQLITE else ground.url(engine))
    log = engine_at(settings.log)
    pour(log, events, log_rows(month(), size))
    log.dispose()
    cases = Cases(settings.log, sizes.commands, first=size + 1)
    opened.callback(cases.close)
    return Grown(size, settings, cases)


def _times(engine: str, logs: list[Grown], sizes: Sizes) -> Iterator[Found]:
    took: dict[int, list[float]] = {log.size: [] for log in logs}
    for _ in range(sizes.commands):
        for log in logs:
            took[log.size].append(timed(log.cases.acknowledged) * MILLISECONDS)
    counted = {size: median(some[len(some) // 10 :]) for size, some in took.items()}  # the first ones warm up
    yield from _beside_the_shortest("a command", engine, counted, "ms", MOST)


def _memory(engine: str, logs: list[Grown], sizes: Sizes) -> Iterator[Found]:
    held = {log.size: _held(log.settings, sizes) for log in logs}
    yield from _beside_the_shortest("memory of a server", engine, held, "MiB", None)


def _beside_the_shortest(
    what: str, engine: str, found: dict[int, float], unit: str, most: float | None
) -> Iterator[Found]:
    least = min(found)
    for size, ours in found.items():
        aim = None if size == least else most
        against = f"at {least:,} entries"
        yield Measure("grow", engine, f"{what}, {size:,}", ours, found[least], unit, against, aim, at_most=True)


def _held(settings: Settings, sizes: Sizes) -> float:
    """What a server holds after some cases were logged."""
    _boards_at_the_head(settings)
    spell = partial(post, CASES, token(settings), case())
    with serving(settings) as server:
        flat_out(server.port, spell, CREATED, sizes.connections, sizes.seconds)
        return server.memory


def _boards_at_the_head(settings: Settings) -> None:
    boards = Boards(Writer(engine_at(settings.boards)), engine_at(settings.log), law().calendar.tz, lambda _: law())
    head = update(checkpoint).values(position=boards.head())
    boards.writer.run(lambda connection: connection.execute(head)).result()
    boards.writer.close()
    for engine in (boards.writer.engine, boards.log):
        engine.dispose()
