"""The library's ProjectionRunner over its own PostgreSQL store, with one row for each case. It needs psycopg 3."""

from typing import Any
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.sql import SQL

from bench.measure import timed
from bench.stock import Matters, on_postgresql

EVENTS_EACH = 3
PATIENCE = 600.0
MADE = SQL("CREATE TABLE IF NOT EXISTS matter_rows (id uuid PRIMARY KEY, version integer, state text)")
TOLD = (
    "INSERT INTO matter_rows VALUES (%s, %s, %s)"
    " ON CONFLICT (id) DO UPDATE SET version = excluded.version, state = excluded.state"
)


class View(PostgresTrackingRecorder):
    """One row for each matter, and how far the view has come, in one transaction."""

    def __init__(self, datastore: Any, **more: Any) -> None:  # noqa: ANN401 - the library's
        """Its table comes with the tracking table."""
        super().__init__(datastore, **more)
        self.sql_create_statements.append(MADE)

    def tell(self, matter: UUID, version: int, state: str, tracking: Tracking) -> None:
        """One event."""
        with self.datastore.transaction(commit=True) as cursor:
            self._insert_tracking(cursor, tracking)
            cursor.execute(TOLD, (matter, version, state), prepare=True)


class Told(Projection[View]):
    """What happened last to each matter."""

    def process_event(self, domain_event: DomainEventProtocol[UUID], tracking: Tracking) -> None:
        """One event."""
        event = domain_event
        self.view.tell(event.originator_id, event.originator_version, type(event).__name__, tracking)


def runner_rate(url: str, events: int) -> float:
    """Events a second that the runner tells the view."""
    matters = Matters(on_postgresql(url))
    matters.begun(events // EVENTS_EACH)
    last = matters.recorder.max_notification_id() or 0
    matters.close()

    def told() -> None:
        with ProjectionRunner(
            application_class=Matters, projection_class=Told, view_class=View, env=on_postgresql(url)
        ) as runner:
            runner.wait(last, timeout=PATIENCE)

    return last / timed(told)
