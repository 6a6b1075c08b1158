"""The boards following the log, live and rebuilt, against reading the same rows in order, and against the library's runner.

Every entry is real and every case replays. The library's runner is given a projection that keeps one row for each case,
over fewer events; rates a second are compared. It runs on PostgreSQL only: its SQLite store has no subscriptions.
"""

from collections.abc import Callable, Iterator
from importlib.util import find_spec

from sqlalchemy import Engine, select

from adapters.boards import Boards
from adapters.boards.rebuilding import rebuild
from adapters.store.engine import engine_at
from adapters.store.tables import events
from adapters.store.writer import Writer
from bench.ground import POSTGRESQL, SQLITE, Ground
from bench.invented import law, log_rows, month
from bench.measure import Absent, Found, Measure, timed
from bench.pour import pour
from bench.sizes import Sizes

FETCHED = 500  # rows at a time
SELECT, RUNNER = 0.1, 10.0
UNIT = "entries/s"


def measures(ground: Ground, sizes: Sizes) -> Iterator[Found]:
    """Live, then rebuilt, on each engine."""
    for engine in ground.engines:
        yield _measured(ground, engine, sizes.live, "live", Boards.catch_up, None)
        rebuilt = _measured(ground, engine, sizes.events, "rebuild", rebuild, SELECT)
        yield rebuilt
        yield _beside_the_runner(ground, engine, rebuilt.ours, sizes.runner_events)


def _measured(
    ground: Ground, engine: str, count: int, what: str, act: Callable[[Boards], object], aim: float | None
) -> Measure:
    log = ground.log(engine)
    pour(log, events, log_rows(month(), count))
    boards = Boards(Writer(_beside(ground, log)), log, law().calendar.tz, lambda _: law())
    limit, ours = count / timed(lambda: in_order(log)), count / timed(lambda: act(boards))
    if boards.parked() or boards.position() != count:
        raise ValueError(f"at {boards.position()} of {count}, parked: {boards.parked()[:3]}")
    boards.writer.close()
    boards.writer.engine.dispose()
    return Measure("boards", engine, f"{what}, {count:,} entries", ours, limit, UNIT, "an ordered SELECT", aim)


def _beside_the_runner(ground: Ground, engine: str, rebuilt: float, count: int) -> Found:
    if engine == SQLITE:
        return Absent("boards", engine, "rebuild", "the library's SQLite store has no subscriptions")
    if find_spec("psycopg") is None:
        return Absent("boards", engine, "rebuild", "the library's PostgreSQL store needs psycopg 3")
    from bench.runner import runner_rate  # noqa: PLC0415 - it needs psycopg 3

    theirs = runner_rate(ground.url(POSTGRESQL), count)
    return Measure("boards", engine, "rebuild", rebuilt, theirs, UNIT, "the library's runner", RUNNER)


def _beside(ground: Ground, log: Engine) -> Engine:
    """Where the boards of a log are: on PostgreSQL in its own database."""
    beside = f"sqlite:///{ground.home() / 'boards.db'}"
    return engine_at(beside if log.dialect.name == SQLITE else log.url.render_as_string(hide_password=False))


def in_order(log: Engine) -> int:
    """Every row of the log in the order of positions, with its UUID and its time as Python has them."""
    with log.connect() as connection:
        rows = connection.execution_options(yield_per=FETCHED).execute(select(events).order_by(events.c.position))
        return sum(1 for _ in rows)
