"""What one transaction writes: commands judged whole, in order, their events numbered in the order of commits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from eventsourcing.persistence import IntegrityError, StoredEvent
from sqlalchemy import Connection, bindparam, delete, func, insert, select, tuple_

from adapters.store.tables import commands, events
from workflow.keyed import Keyed, KeyKnown
from workflow.moments import EarlierError

LOCK = 0x5EED_0106  # whoever numbers positions holds it until the commit is visible
KEPT = timedelta(days=30)
OVERTAKING = timedelta(seconds=1)  # from deciding to committing
FIRST = (0, 1)  # where a stream may begin: ours at 1, the library's contract tests also at 0

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Write:
    """What one command asks for: its events, of one stream or more, and its key if it came under one."""

    events: Sequence[StoredEvent]
    recorded_at: datetime
    keyed: Keyed | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What it got: the events' positions, and the moment they carry (never before that of an earlier position)."""

    positions: tuple[int, ...]
    recorded_at: datetime


Outcome = Written | Exception


@dataclass(slots=True)
class Heads:
    """Where the log stands, as the batch advances it: the last position and moment, the versions, the known keys."""

    position: int = 0
    moment: datetime | None = None
    versions: dict[UUID | str, int] = field(default_factory=dict)
    keys: dict[tuple[str, str], tuple[Keyed, int]] = field(default_factory=dict)
    new_events: list[Row] = field(default_factory=list)
    new_commands: list[Row] = field(default_factory=list)

    def judge(self, write: Write) -> Outcome:
        """All of a command is taken, or nothing: KeyKnown, EarlierError or the library's IntegrityError says why."""
        try:
            self._unless_known(write.keyed)
            self._unless_earlier(write.recorded_at)
            versions = self._advanced(write.events)
        except (KeyKnown, EarlierError, IntegrityError) as refusal:
            return refusal
        self.versions |= versions
        return self._take(write)

    def _unless_known(self, keyed: Keyed | None) -> None:
        if keyed and (known := self.keys.get((keyed.actor, keyed.key))):
            raise KeyKnown(*known)

    def _unless_earlier(self, decided_at: datetime) -> None:
        """Commands overtake each other by milliseconds; a clock that was set back, or runs behind, is another matter."""
        if self.moment and decided_at < self.moment - OVERTAKING:
            raise EarlierError(self.moment)

    def _advanced(self, stored_events: Iterable[StoredEvent]) -> dict[UUID | str, int]:
        heads: dict[UUID | str, int] = {}
        for event in stored_events:
            stream, version = event.originator_id, event.originator_version
            head = heads.get(stream, self.versions.get(stream))
            if version not in (FIRST if head is None else (head + 1,)):
                msg = f"version {version} does not follow: stream {stream} stands at {head}"
                raise IntegrityError(msg)
            heads[stream] = version
        return heads

    def _take(self, write: Write) -> Written:
        moment = self.moment = max(write.recorded_at, self.moment or write.recorded_at)
        positions = tuple(range(self.position + 1, self.position + 1 + len(write.events)))
        self.position += len(positions)
        self.new_events += (
            _event_row(event, position, moment) for event, position in zip(write.events, positions, strict=True)
        )
        if write.keyed:
            self.keys[write.keyed.actor, write.keyed.key] = (write.keyed, self.position)
            self.new_commands.append(_command_row(write.keyed, self.position, moment))
        return Written(positions, moment)


def write_all(connection: Connection, writes: Sequence[Write]) -> list[Outcome]:
    """Judge and insert; what is refused leaves no row. The caller holds LOCK, and commits."""
    heads = heads_of(connection, writes)
    outcomes = [heads.judge(write) for write in writes]
    for table, rows in ((events, heads.new_events), (commands, heads.new_commands)):
        if rows:
            connection.execute(insert(table), rows)
    return outcomes


def heads_of(connection: Connection, writes: Sequence[Write]) -> Heads:
    """Where the log stands, as far as these commands can touch it."""
    last = connection.execute(LAST).one_or_none()
    streams = {event.originator_id for write in writes for event in write.events}
    keys = {write.keyed.key for write in writes if write.keyed}
    return Heads(
        position=last.position if last else 0,
        moment=last.recorded_at if last else None,
        versions=_versions(connection, streams) if streams else {},
        keys=_known(connection, keys) if keys else {},
    )


def forget_keys(connection: Connection, *, now: datetime, kept: timedelta = KEPT, at_most: int = 1_000) -> int:
    """Let go of keys older than 30 days, a slice at a time; says how many went. For `Writer.run`."""
    identity = tuple_(commands.c.actor, commands.c.key)
    old = select(commands.c.actor, commands.c.key).where(commands.c.recorded_at < now - kept).limit(at_most)
    return connection.execute(delete(commands).where(identity.in_(old))).rowcount


LAST = select(events.c.position, events.c.recorded_at).order_by(events.c.position.desc()).limit(1)


VERSIONS = (
    select(events.c.stream, func.max(events.c.version).label("head"))
    .where(events.c.stream.in_(bindparam("streams", expanding=True)))
    .group_by(events.c.stream)
)
KNOWN = select(commands).where(commands.c.key.in_(bindparam("keys", expanding=True)))


def _versions(connection: Connection, streams: Iterable[UUID | str]) -> dict[UUID | str, int]:
    return {row.stream: row.head for row in connection.execute(VERSIONS, {"streams": list(streams)})}


def _known(connection: Connection, keys: Iterable[str]) -> dict[tuple[str, str], tuple[Keyed, int]]:
    """By key alone, whoever's: asking for pairs costs PostgreSQL three times as much."""
    return {
        (row.actor, row.key): (Keyed(row.key, row.actor, row.fingerprint, row.answer), row.position)
        for row in connection.execute(KNOWN, {"keys": list(keys)})
    }


def _event_row(event: StoredEvent, position: int, moment: datetime) -> Row:
    return {
        "position": position,
        "stream": event.originator_id,
        "version": event.originator_version,
        "name": event.topic,
        "body": event.state,
        "recorded_at": moment,
    }


def _command_row(keyed: Keyed, position: int, moment: datetime) -> Row:
    return {
        "actor": keyed.actor,
        "key": keyed.key,
        "fingerprint": keyed.fingerprint,
        "answer": keyed.answer,
        "position": position,
        "recorded_at": moment,
    }
