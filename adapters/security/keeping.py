"""Keeping: what happened is noted without anybody waiting for it, by a writer of its own; and removed by itself when it is old."""

from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Lock

from sqlalchemy import Connection, delete, select

from adapters.rounds import Rounds
from adapters.sealing import Masters
from adapters.security.gathering import Entry, Gathering, Happened
from adapters.security.kinds import Kind, written
from adapters.security.sealing import Ends, append, ends_of, move_ends
from adapters.security.tables import noted
from adapters.store.errors import Busy, CommitUnknown, Unavailable
from adapters.store.writer import Writer
from domain.actors import Actor, Role

KEPT = timedelta(days=180)
SLICE = 500  # rows that are removed in one transaction
ROOM = 1_000  # rows that wait to be written; what comes then is only counted
TICK = 10.0  # seconds between two looks at what is over
AWAY = (Busy, Unavailable, CommitUnknown)


@dataclass
class SecurityLog:
    """The security log of this process; the others write into the same tables."""

    writer: Writer
    master: Masters
    _gathering: Gathering = field(default_factory=Gathering)
    _ready: list[Entry] = field(default_factory=list)
    _lost: int = 0
    _guard: Lock = field(default_factory=Lock)
    _writing: "Future[None] | None" = None

    def __post_init__(self) -> None:
        """By itself what is over is written, and what is old removed, from `start` to `stop`."""
        rounds = Rounds("security", self._round, first=TICK)
        self.start, self.stop = rounds.start, rounds.stop

    def note(
        self,
        kind: Kind,
        now: datetime,
        actor: Actor | None = None,
        *,
        staff: str = "",
        number: str = "",
        source: str = "",
        **details: str,
    ) -> None:
        """It happened: by whom, where that is known, or at least which `staff`, in which request, from which network (see `source`). Nobody waits.

        Of a resident nothing is kept but that it was one. Raises NotADetailError.
        """
        what = Happened(kind, *(_who(actor) if actor else (staff, "", "")), source, written(details))
        with self._guard:
            self._take(list(self._gathering.add(what, now, number)))
        self._write()

    def source(self, network: str, now: datetime) -> str:
        """A network's name on that day: on the next it has another, and who has no master key cannot tell whose it was."""
        return (
            self.master.lasting("security", "source", f"{network} {now.date()}".encode()).hex()[:12] if network else ""
        )

    def settle(self, now: datetime, *, all_of_it: bool = True) -> None:
        """Until what was noted is written; `all_of_it`: also what is still counted."""
        with self._guard:
            self._take(list(self._gathering.over(now)))
            self._take(list(self._gathering.so_far()) if all_of_it else [])
        for _ in range(2):  # what was noted while others were written comes with the second
            writing = self._write()
            with suppress(*AWAY):
                if writing:
                    writing.result()

    def sweep(self, now: datetime) -> int:
        """Remove a slice of what is too old; how many rows that was."""
        return self.writer.run(lambda connection: self._swept(connection, now - KEPT)).result()

    def _take(self, entries: list[Entry]) -> None:
        room = ROOM - len(self._ready)
        self._ready += entries[:room]
        self._lost += sum(entry.count for entry in entries[room:])

    def _write(self) -> "Future[None] | None":
        """What waits is written in one transaction, after the one that is under way."""
        with self._guard:
            if not self._ready or (self._writing and not self._writing.done()):
                return self._writing
            batch, lost = self._ready, self._lost
            rows = [*batch, Entry(batch[-1].at, "", lost, Happened(Kind.NOT_KEPT))] if lost else batch
            try:
                writing = self._writing = self.writer.run(lambda connection: append(connection, self.master, rows))
            except AWAY:
                return self._writing
            self._ready, self._lost = [], 0
        writing.add_done_callback(partial(self._after, batch, lost))
        return writing

    def _after(self, batch: list[Entry], lost: int, writing: "Future[None]") -> None:
        """What came meanwhile is next; what was not written waits again, for whoever comes next."""
        if writing.exception():
            with self._guard:
                self._ready, self._lost = batch + self._ready, lost + self._lost
        else:
            self._write()

    def _swept(self, connection: Connection, before: datetime) -> int:
        """The oldest rows, as far as they are too old: what comes after them stands, so that no row in the midst is missing."""
        found = Ends.of(ends_of(connection, held=True))
        wanted = select(noted.c.position, noted.c.at, noted.c.seal).order_by(noted.c.position).limit(SLICE)
        old = [row for row in connection.execute(wanted) if row.at < before]
        if old:
            connection.execute(delete(noted).where(noted.c.position <= old[-1].position))
            move_ends(connection, self.master, Ends(old[-1].position, old[-1].seal, found.last, found.last_seal))
        return len(old)

    def _round(self, now: datetime) -> float:
        self.settle(now, all_of_it=False)
        with suppress(*AWAY):
            self.sweep(now)
        return TICK


def _who(actor: Actor) -> tuple[str, str, str]:
    return ("", actor.role.value, "") if actor.role is Role.RESIDENT else (actor.staff, actor.role.value, actor.unit)
