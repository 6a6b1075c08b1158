"""A generated year with all reactions on: nothing in it is forgotten, and how long it takes to be sure, against one row by its key.

The year is played a few thousand cases at a time, in as many processes as there are processors, each time with other
dice, and laid into the log in order of time. What was played is kept under build/year, so that a run that was broken
off goes on where it was; under another state of the code it is played anew. A year of which one case is forgotten ends the run.
"""

import heapq
import pickle
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select

from adapters.boards import Boards
from adapters.boards.rebuilding import rebuild
from adapters.boards.register import clockless, count
from adapters.boards.tables import cases
from adapters.jurisdictions import shipped
from adapters.store.engine import engine_at
from adapters.store.tables import events
from adapters.store.writer import Writer
from api.demo_month import Month
from bench.ground import SQLITE, Ground
from bench.invented import CITY, Line, Sealed, law
from bench.measure import Found, Latency, Measure, each_took
from bench.pour import pour
from bench.sizes import Sizes

UNTIL, DAYS = datetime(2026, 4, 20, 8, tzinfo=UTC), 365
AT_ONCE = 5_000  # cases that are played together
ROOT = Path(__file__).parents[1]
KEPT = ROOT / "build" / "year"
MADE_BY = ("domain", "workflow", "api/demo_month.py", "api/demo_habits.py", "tests/lives.py")


def measures(ground: Ground, sizes: Sizes) -> Iterator[Found]:
    """How long it takes to ask for forgotten cases, on each engine."""
    parts = grown(sizes.year)
    for engine in ground.engines:
        log = ground.log(engine)
        pour(log, events, _rows(parts))
        boards = _told(ground, engine, log)
        yield from _looks(engine, boards, sizes)
        boards.writer.close()
        boards.writer.engine.dispose()


def grown(size: int, kept: Path = KEPT) -> list[Path]:
    """The parts of a year of so many cases, played where they are not there yet."""
    folder = kept / _state_of_the_code()
    folder.mkdir(parents=True, exist_ok=True)
    parts = [min(AT_ONCE, size - begin) for begin in range(0, size, AT_ONCE)]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as processes:
        return list(processes.map(partial(played, folder), range(len(parts)), parts))


def played(folder: Path, seed: int, size: int) -> Path:
    """One part, in order of time, in a file of its own that is there whole or not at all."""
    path = folder / f"{seed}-{size}.pickle"
    if not path.exists():
        if law().policy.by_hand:
            raise ValueError("some reactions are left to people")
        steps = Month(Sealed(), law(), UNTIL, Random(seed), size, DAYS).played()  # type: ignore[arg-type]  # behaves as one
        begun = path.with_suffix(".part")
        with begun.open("wb") as file:
            for line in (Line.of(entry) for step in steps for entry in step.entries):
                pickle.dump((line.recorded_at, line.case, line.version, line.name, line.body), file)
        begun.rename(path)
    return path


def _state_of_the_code() -> str:
    """A name for all that a year follows from."""
    known = [ROOT / name for name in MADE_BY]
    code = sorted(path for room in known for path in (room.rglob("*.py") if room.is_dir() else [room]))
    data = sorted(path for path in shipped(CITY).rglob("*") if path.is_file())
    return sha256(b"".join(path.read_bytes() for path in (*code, *data))).hexdigest()[:16]


def _rows(parts: Iterable[Path]) -> Iterator[tuple[Any, ...]]:
    """Rows of the log, in order of time."""
    together = heapq.merge(*map(_lines, parts))
    for position, (at, case, version, name, body) in enumerate(together, 1):
        yield position, case, version, name, body, at


def _lines(part: Path) -> Iterator[tuple[datetime, UUID, int, str, bytes]]:
    with part.open("rb") as file:
        while True:
            try:
                yield pickle.load(file)  # noqa: S301 - our own, written by us
            except EOFError:
                return


def _told(ground: Ground, engine: str, log: Engine) -> Boards:
    beside = engine_at(f"sqlite:///{ground.home() / 'boards.db'}") if engine == SQLITE else log
    boards = Boards(Writer(beside), log, law().calendar.tz, lambda _: law())
    rebuild(boards)
    return boards


def _looks(engine: str, boards: Boards, sizes: Sizes) -> Iterator[Found]:
    """The question as the district asks it, and as it is asked of one district."""
    limit, here = _one_row(boards, sizes), cases.c.district == law().code
    opened, all_of_them = count(boards.engine, cases.c.open.is_(True)), count(boards.engine)
    if boards.parked() or all_of_them != sizes.year or not opened:
        raise ValueError(f"{all_of_them} of {sizes.year} cases, {opened} open, parked: {boards.parked()[:3]}")
    forgotten = count(boards.engine, clockless())
    if forgotten:
        raise ValueError(f"{forgotten} of {opened} open cases are forgotten")
    took = each_took(lambda: count(boards.engine, here, clockless()), sizes.looks)
    what = f"forgotten: none of {opened:,} open, {all_of_them:,} cases"
    for name, ours, theirs in (("p50", took.p50, limit.p50), ("p99", took.p99, limit.p99)):
        yield Measure("year", engine, f"{what}, {name}", ours, theirs, "ms", "one row by its key")


def _one_row(boards: Boards, sizes: Sizes) -> Latency:
    with boards.engine.connect() as connection:
        some = connection.scalars(select(cases.c.case).limit(1)).one()
        one = select(cases.c.number).where(cases.c.case == some)
        return each_took(lambda: connection.execute(one).all(), sizes.looks)
