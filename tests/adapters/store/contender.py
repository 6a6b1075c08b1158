"""A process that fights over hot streams: reads their versions, writes on several at once, notes what it was told."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from eventsourcing.persistence import IntegrityError, StoredEvent
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from adapters.store.batch import LOCK
from adapters.store.engine import engine_at, transaction
from adapters.store.recorders import LogRecorder
from adapters.store.tables import events
from adapters.store.writer import Writer
from tests.adapters.store.stories import Claim, event
from workflow.moments import EarlierError

HOT = [UUID(int=number) for number in range(1, 41)]
THREADS = 4
NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)

Store = Callable[[LogRecorder, Sequence[StoredEvent], datetime], bool]


def ours(log: LogRecorder, command: Sequence[StoredEvent], moment: datetime) -> bool:
    """The store as it is."""
    try:
        log.insert_events(command, recorded_at=moment)
    except IntegrityError:
        return False
    except EarlierError as earlier:
        return ours(log, command, earlier.moment)
    return True


def row_by_row(log: LogRecorder, command: Sequence[StoredEvent], moment: datetime) -> bool:
    """The seeded fault: each row is stored unless its place is taken, and the command is refused if one was."""
    engine = log.writer.engine
    insert = sqlite_insert if engine.dialect.name == "sqlite" else postgresql_insert
    stored = 0
    with transaction(engine, patience=30, lock=LOCK) as connection:
        last, latest = connection.execute(select(func.max(events.c.position), func.max(events.c.recorded_at))).one()
        for one in command:
            row = insert(events).values(
                position=(last or 0) + stored + 1,
                stream=one.originator_id,
                version=one.originator_version,
                name=one.topic,
                body=one.state,
                recorded_at=max(moment, latest or moment),
            )
            done = connection.execute(row.on_conflict_do_nothing(index_elements=["stream", "version"]))
            stored += done.rowcount
    return stored == len(command)


STORES: dict[str, Store] = {"ours": ours, "row by row": row_by_row}


def contend(url: str, name: str, store: str, commands: int) -> list[Claim]:
    """Send commands from several threads; says what became of each."""
    log = LogRecorder(Writer(engine_at(url), patience=30))
    with ThreadPoolExecutor(THREADS) as threads:
        claims = threads.map(lambda number: _one(log, f"{name}-{number}", STORES[store]), range(commands))
    log.writer.close()
    log.writer.engine.dispose()
    return list(claims)


def _one(log: LogRecorder, name: str, store: Store) -> Claim:
    chance = Random(name)
    command = [
        event(stream, head + step, name.encode())
        for stream in chance.sample(HOT, chance.randint(1, 3))
        for head in (_version(log, stream),)
        for step in range(1, chance.randint(1, 2) + 1)
    ]
    moment = NOON + timedelta(seconds=chance.randint(-3_600, 3_600))  # clocks differ
    return Claim(name.encode(), len(command), store(log, command, moment))


def _version(log: LogRecorder, stream: UUID) -> int:
    last = log.select_events(stream, desc=True, limit=1)
    return last[0].originator_version if last else 0
