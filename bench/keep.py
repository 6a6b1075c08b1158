"""What a backup costs: a base beside a plain copy of the same bytes to disk, and what has come since beside that copy.

A copy reads and writes; a base also leaves out what was deleted, makes indexes anew (SQLite), and hashes what it wrote.
"""

import os
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from time import perf_counter

from adapters.keeping import Kept, Wish, take
from adapters.outbox import OUTBOX
from adapters.store.engine import engine_at
from adapters.store.migrate import LOG, migrate
from adapters.store.tables import events
from api.whole import real_time
from bench.ground import SQLITE, Ground
from bench.invented import log_rows, month
from bench.measure import MILLISECONDS, Found, Measure, in_turns, timed
from bench.pour import pour
from bench.sizes import Sizes

SOME = 1_000  # entries that have come since
MEGABYTE = 1e6
COPY = "a copy of its files"


def measures(ground: Ground, sizes: Sizes) -> Iterator[Found]:
    """On each engine."""
    for engine in ground.engines:
        yield from _kept(ground, engine, sizes)


def _kept(ground: Ground, engine: str, sizes: Sizes) -> Iterator[Found]:
    rows, databases = log_rows(month(), sizes.events + SOME), _databases(ground, engine)
    log, folder = engine_at(databases[-1].url), ground.home() / "kept"
    pour(log, events, islice(rows, sizes.events))
    whole = Wish(databases, whole=True)
    first, _ = take(whole, folder, real_time)
    size = sum(file.size for file in first.manifest.files.values())
    files = [first.folder / name for name in first.manifest.files]
    ours, limit = in_turns(
        lambda: size / MEGABYTE / timed(lambda: take(whole, folder, real_time)),
        lambda: size / MEGABYTE / _copy(files, ground.home()),
        sizes.rounds,
    )
    yield Measure("keep", engine, f"base, {sizes.events:,} entries", ours, limit, "MB/s", COPY)
    if engine == SQLITE:
        pour(log, events, rows)
        since = timed(lambda: take(Wish(databases), folder, real_time)) * MILLISECONDS
        copied = size / MEGABYTE / limit * MILLISECONDS
        yield Measure("keep", engine, f"{SOME:,} entries since", since, copied, "ms", COPY)
    log.dispose()


def _databases(ground: Ground, engine: str) -> tuple[Kept, Kept]:
    log = ground.url(engine)
    outbox = log if engine != SQLITE else f"sqlite:///{ground.home() / 'outbox.db'}"
    found = (Kept("outbox", outbox, OUTBOX), Kept("log", log, LOG))
    for kept in found:
        opened = engine_at(kept.url)
        migrate(opened, kept.scripts)
        opened.dispose()
    return found


def _copy(files: list[Path], target: Path) -> float:
    """Seconds until every file is copied, and on disk."""
    begun = perf_counter()
    for file in files:
        copied = shutil.copy(file, target / file.name)
        opened = os.open(copied, os.O_RDONLY)
        os.fsync(opened)
        os.close(opened)
    took = perf_counter() - begun
    shutil.rmtree(target)
    return took
