"""Sealing a log, and verifying it, against reading the same rows in order; what a leaf costs by itself; and whether writers notice.

Reading stands in both: what is more than it is what hashing costs. A leaf and its share of the tree are aimed at 4.5 µs,
beside the two bare SHA-256 that no leaf can do without. Writers append while the seal follows, and while nobody does.
"""

import gc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from time import process_time
from uuid import uuid4

from eventsourcing.persistence import StoredEvent
from sqlalchemy import Engine, func, select

from adapters.seal import SEAL, Seal
from adapters.seal.following import BATCH
from adapters.seal.leaves import STRETCH, hash_of
from adapters.seal.tables import tiles
from adapters.seal.tiles import grown
from adapters.seal.verifying import verified
from adapters.sealing.signing import SigningKey, new_signing_key
from adapters.store.engine import engine_at, reading
from adapters.store.migrate import migrate
from adapters.store.recorders import LogRecorder
from adapters.store.tables import events
from adapters.store.writer import Writer
from bench.append import BODY, NAME
from bench.fold import in_order
from bench.ground import SQLITE, Ground
from bench.invented import log_rows, month
from bench.measure import Found, Measure, in_turns, per_second, timed
from bench.pour import pour
from bench.sizes import Sizes

READ, LEAF, NOTICED = 0.5, 4.5, 0.9  # of reading alone; microseconds; of what is written where nobody follows
MICROSECONDS = 1_000_000
UNIT, AGAINST = "entries/s", "an ordered SELECT"


def measures(ground: Ground, sizes: Sizes) -> Iterator[Found]:
    """On each engine."""
    for engine in ground.engines:
        log = ground.log(engine)
        pour(log, events, log_rows(month(), sizes.events))
        yield from _measured(engine, log, _seal(ground, log), sizes.events)
        yield _noticed(ground, engine, sizes)


def _seal(ground: Ground, log: Engine) -> Seal:
    """A seal that has sealed nothing; on PostgreSQL beside the log."""
    beside = f"sqlite:///{ground.home() / 'seal.db'}"
    store = engine_at(beside if log.dialect.name == SQLITE else log.url.render_as_string(hide_password=False))
    migrate(store, SEAL)
    return Seal(store, log, SigningKey.of(new_signing_key()))


def _measured(engine: str, log: Engine, seal: Seal, count: int) -> Iterator[Found]:
    gc.freeze()  # as the server does
    limit = count / timed(lambda: in_order(log))
    sealed = count / timed(lambda: seal.catch_up(datetime.now(UTC)))
    yield Measure("seal", engine, f"sealing, {count:,} entries", sealed, limit, UNIT, AGAINST)
    reports = list[object]()
    took = timed(lambda: reports.append(_whole(seal, log, count)))
    limit = (
        limit + count / timed(lambda: in_order(log))
    ) / 2  # before and after: the machine may have changed its mind
    yield Measure("seal", engine, f"verify, {count:,} entries", count / took, limit, UNIT, AGAINST, READ)
    yield _a_leaf(engine, log, count)
    yield Measure("seal", engine, "what is kept of an entry", _kept(seal) / count, 32, "B", "its hash")


def _whole(seal: Seal, log: Engine, count: int) -> None:
    report = verified(seal.engine, log, [seal.key.public])
    if report.faults or report.size != count:
        raise ValueError(f"at {report.size} of {count}: {report.faults[:3]}")


def _a_leaf(engine: str, log: Engine, count: int) -> Measure:
    """Its hash and its share of the tree, without reading and writing, of as many as are sealed at once."""
    with reading(log).connect() as connection:
        rows = connection.execute(STRETCH, {"after": 0, "until": min(BATCH, count)}).all()

    def leaves() -> None:
        grown(lambda _level, _number: b"", 0, [hash_of(row) for row in rows])

    def bare() -> None:
        for row in rows:
            sha256(sha256(row.body).digest()).digest()

    ours, limit = in_turns(partial(_worked, leaves), partial(_worked, bare), 5)
    ours, limit = (seconds / len(rows) * MICROSECONDS for seconds in (ours, limit))
    return Measure(
        "seal", engine, "a leaf and its share of the tree", ours, limit, "µs of a processor", "two SHA-256", most=LEAF
    )


def _worked(act: Callable[[], object]) -> float:
    """The seconds that the processor was at it, whoever else was there."""
    begin = process_time()
    act()
    return process_time() - begin


def _kept(seal: Seal) -> int:
    with seal.engine.connect() as connection:
        return connection.scalar(select(func.sum(func.length(tiles.c.hashes)))) or 0


def _noticed(ground: Ground, engine: str, sizes: Sizes) -> Measure:
    """Appending from many, while the seal follows and while nobody does."""
    log = ground.log(engine)
    seal, writer = _seal(ground, log), Writer(log)
    recorder = LogRecorder(writer)

    def append() -> None:
        recorder.insert_events([StoredEvent(uuid4(), 1, NAME, BODY)])

    def followed() -> float:
        seal.start(lambda: datetime.now(UTC))
        try:
            return per_second(append, sizes.callers, sizes.seconds)
        finally:
            seal.stop()

    alone = partial(per_second, append, sizes.callers, sizes.seconds)
    ours, limit = in_turns(followed, alone, sizes.rounds)
    writer.close()
    what = f"appending while it follows, {sizes.callers} clients"
    return Measure("seal", engine, what, ours, limit, "commands/s", "nobody follows", NOTICED)
