"""In passing: a write that nobody waits for, and that may be left out."""

from concurrent.futures import Future
from contextlib import suppress

from sqlalchemy import CursorResult, Update

from adapters.store.errors import Busy, Unavailable
from adapters.store.writer import Writer

PATIENCE = 0.1  # seconds for the lock: whoever is behind it waits as long


class InPassing:
    """One such write at a time: what comes meanwhile is left out, so that they are in nobody's way where the database is locked."""

    def __init__(self, writer: Writer) -> None:
        """`writer` writes them."""
        self._writer = writer
        self._last: Future[CursorResult[object]] | None = None

    def write(self, change: Update) -> None:
        """Soon, or not at all."""
        if self._last is None or self._last.done():
            with suppress(Busy, Unavailable):
                self._last = self._writer.run(lambda connection: connection.execute(change), PATIENCE)
