"""The library's recorders over the log: the writer's thread writes, every reader has a connection of its own."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from eventsourcing.persistence import AggregateRecorder, ApplicationRecorder, Notification, StoredEvent, Tracking
from sqlalchemy import Column, ColumnElement, Select, bindparam, func, select

from adapters.store.engine import reading
from adapters.store.errors import explained
from adapters.store.tables import events
from adapters.store.writer import Writer
from workflow.keyed import Keyed

EVENT = select(events.c.stream, events.c.version, events.c.name, events.c.body)
RECORDED = EVENT.add_columns(events.c.position, events.c.recorded_at)
WHOLE = RECORDED.where(events.c.stream == bindparam("stream")).order_by(events.c.version)  # asked for most: made once


@dataclass(frozen=True)
class Recorded(Notification):
    """An event as it is stored: with its position (the library's `id`) and its moment (UTC)."""

    recorded_at: datetime

    @property
    def position(self) -> int:
        """Its place in the order of all commits: from 1, without gaps."""
        return self.id


class StreamRecorder(AggregateRecorder):
    """The log for those who know only streams: plain events, no positions."""

    def __init__(self, writer: Writer) -> None:
        """`writer` knows the database."""
        self.writer = writer
        self._engine = reading(writer.engine)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:  # noqa: ANN401 - the library's
        """As `LogRecorder.insert_events`, but says no positions."""
        self._insert(stored_events, **kwargs)
        return None

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of a stream by version, `gt` < version ≤ `lte`. Raises Unavailable."""
        wanted = _of_stream(EVENT, originator_id, gt, lte, desc=desc).limit(limit)
        return [StoredEvent(*row) for row in self._rows(wanted)]

    def _insert(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        keyed: Keyed | None = None,
        recorded_at: datetime | None = None,
        told: Callable[[datetime], None] = lambda _moment: None,
        tracking: Tracking | None = None,
    ) -> Sequence[int]:
        if tracking is not None:
            raise NotImplementedError("this store tracks nothing: each board keeps its own checkpoint")
        if not stored_events and not keyed:
            return []
        written = self.writer.submit(stored_events, keyed=keyed, recorded_at=recorded_at).result()
        told(written.recorded_at)
        return list(written.positions)

    def _rows(self, wanted: Select[Any], **values: object) -> Sequence[Sequence[Any]]:
        with explained(), self._engine.connect() as connection:
            return connection.execute(wanted, values).all()


class LogRecorder(StreamRecorder, ApplicationRecorder):
    """The whole log, in the order of its commits."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int]:  # noqa: ANN401 - the library's
        """Store one command's events, all or nothing; returns their positions.

        Takes `keyed` (a Keyed), `recorded_at` (aware; default: now) and `told`, which hears the moment they carry. Raises
        IntegrityError where a version does not follow, KeyKnown, EarlierError, Busy, Unavailable or CommitUnknown.
        """
        return self._insert(stored_events, **kwargs)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[Recorded]:
        """The events of a stream by version, `gt` < version ≤ `lte`. Raises Unavailable."""
        if (gt, lte, desc, limit) == (None, None, False, None):
            return [Recorded(*row) for row in self._rows(WHOLE, stream=originator_id)]
        wanted = _of_stream(RECORDED, originator_id, gt, lte, desc=desc).limit(limit)
        return [Recorded(*row) for row in self._rows(wanted)]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Recorded]:
        """The log by position, from `start` to `stop`, of the given names or of all. Raises Unavailable."""
        above = start if start is None else start - inclusive_of_start
        wanted = RECORDED.where(*_bounds(events.c.position, above, stop)).order_by(events.c.position).limit(limit)
        if topics:
            wanted = wanted.where(events.c.name.in_(topics))
        return [Recorded(*row) for row in self._rows(wanted)]

    def max_notification_id(self) -> int | None:
        """The last position; None while the log is empty. Raises Unavailable."""
        last: int | None = self._rows(select(func.max(events.c.position)))[0][0]
        return last

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> NoReturn:
        """Not offered: others write too, so whoever follows the log asks by position."""
        raise NotImplementedError("follow the log with select_notifications")


def _of_stream(columns: Select[Any], stream: UUID | str, gt: int | None, lte: int | None, *, desc: bool) -> Select[Any]:
    version = events.c.version
    wanted = columns.where(events.c.stream == stream).order_by(version.desc() if desc else version)
    return wanted.where(*_bounds(version, gt, lte))


def _bounds(column: Column[int], above: int | None, up_to: int | None) -> Iterator[ColumnElement[bool]]:
    if above is not None:
        yield column > above
    if up_to is not None:
        yield column <= up_to
