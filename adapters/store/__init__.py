"""The store: one append-only log over SQLite or PostgreSQL, and the library's factory for it.

`PERSISTENCE_MODULE=adapters.store` with `WHISTLE_DATABASE_URL` is all an application needs. A composition root that
also wants the writer takes it from the factory, or hands one in.
"""

from typing import NoReturn

from eventsourcing.persistence import InfrastructureFactory, InfrastructureFactoryError, TrackingRecorder
from eventsourcing.utils import Environment, EnvType

from adapters.store.engine import engine_at, in_memory
from adapters.store.migrate import check, create
from adapters.store.recorders import LogRecorder, StreamRecorder
from adapters.store.tables import metadata
from adapters.store.writer import Writer

DATABASE_URL = "WHISTLE_DATABASE_URL"


class Factory(InfrastructureFactory[TrackingRecorder]):
    """Opens the log; closing it finishes what waits to be written."""

    def __init__(self, env: Environment | EnvType | None, writer: Writer | None = None) -> None:
        """Raises InfrastructureFactoryError, UnknownDatabaseError, NotMigratedError, Unavailable.

        A `writer` that is handed in stays open when the factory closes.
        """
        super().__init__(env)
        self._own = writer is None
        self.writer = writer or self._opened()

    def _opened(self) -> Writer:
        url = self.env.get(DATABASE_URL)
        if not url:
            msg = f"{DATABASE_URL} says where the log is: sqlite:///cases.db, or postgresql+psycopg2://user@host/name"
            raise InfrastructureFactoryError(msg)
        engine = engine_at(url)
        if in_memory(engine):
            create(engine, metadata)
        else:
            check(engine)
        return Writer(engine)

    def application_recorder(self) -> LogRecorder:
        """The log."""
        return LogRecorder(self.writer)

    def aggregate_recorder(self, purpose: str = "events") -> StreamRecorder:
        """The log for those who know only streams. There are no snapshots: a replay costs 14 µs an event."""
        if purpose != "events":
            msg = f"this store keeps events, no {purpose}"
            raise NotImplementedError(msg)
        return StreamRecorder(self.writer)

    def tracking_recorder(self, tracking_recorder_class: type[TrackingRecorder] | None = None) -> NoReturn:  # noqa: ARG002 - theirs
        """Not offered."""
        raise _own_checkpoints()

    def process_recorder(self) -> NoReturn:
        """Not offered."""
        raise _own_checkpoints()

    def close(self) -> None:
        """Finish what waits, and close every connection, unless the writer was handed in."""
        if self._own:
            self.writer.close()
            self.writer.engine.dispose()


def _own_checkpoints() -> NotImplementedError:
    return NotImplementedError("this store tracks nothing: each board keeps its own checkpoint")
