"""Following the log: who is to be told of each entry, in rows; the rows and how far it came change in one transaction."""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import reduce
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from adapters.boards.folding import UNTOLD
from adapters.outbox.tables import followed, messages
from adapters.store.engine import reading
from adapters.store.errors import explained
from adapters.store.tables import events
from adapters.store.writer import Writer
from domain.case import Case, evolve
from domain.entries import Entry
from workflow.casework import Casework
from workflow.ledger import of_a_case
from workflow.messages import Message, Reporter, Told, telling
from workflow.messages import messages as messages_of

BATCH = 500  # entries
ONLY = 1  # the one row
ENDED = ("delivered", "nobody", "impossible")  # dead letters are kept until somebody has seen to them
OURS = UUID("6f5b7a52-98b4-4d1e-9a0c-5a2f3f0d8c11")  # of all ids of messages; never to be changed
NEXT = (
    select(events.c.stream, events.c.version, events.c.position, events.c.name)
    .where(events.c.position > bindparam("old"))
    .order_by(events.c.position)
    .limit(BATCH)
)
log = logging.getLogger(__name__)


class Following:
    """Follows one log into one outbox, whoever else does the same."""

    def __init__(self, writer: Writer, log_engine: Engine, casework: Casework) -> None:
        """`writer` writes the outbox, `log_engine` is where the events are."""
        self._writer, self._log, self._casework = writer, reading(log_engine), casework

    def follow(self) -> int:
        """All that is in the log now; returns the position reached. The first time of all it begins where the log ends."""
        at = self._position()
        while rows := self._entries(at):
            at = self._put_in(at, rows[-1].position, list(self._rows(at, rows)))
        return at

    def retell(self) -> int:
        """Once more from where it began: what is missing comes, what was sent stays sent. Returns the position reached."""
        again = update(followed).values(position=followed.c.since)
        self._writer.run(lambda connection: connection.execute(again)).result()
        return self.follow()

    def forget(self, before: datetime) -> int:
        """What came to its end before that; returns how many. Nothing that is forgotten is ever told once more."""
        over = (messages.c.state.in_(ENDED), messages.c.ended_at < before)

        def forgotten(connection: Connection) -> int:
            last = connection.scalar(select(func.max(messages.c.position)).where(*over))
            if last is None:
                return 0
            later = update(followed).where(followed.c.since < last).values(since=last)
            connection.execute(later)
            return connection.execute(delete(messages).where(*over)).rowcount

        return self._writer.run(forgotten).result()

    def _position(self) -> int:
        with explained(), self._writer.engine.connect() as connection:
            found: int | None = connection.scalar(select(followed.c.position))
        return self._begun() if found is None else found

    def _begun(self) -> int:
        """Nobody is told of years that are over."""
        with explained(), self._log.connect() as connection:
            head: int = connection.scalar(select(func.max(events.c.position))) or 0
        row = {"id": ONLY, "since": head, "position": head}
        try:
            self._writer.run(lambda connection: connection.execute(insert(followed), row)).result()
        except IntegrityError:
            return self._position()  # another began in the same moment
        return head

    def _entries(self, old: int) -> Sequence[Any]:
        with explained(), self._log.connect() as connection:
            return connection.execute(NEXT, {"old": old}).all()

    def _put_in(self, old: int, new: int, rows: list[dict[str, Any]]) -> int:
        moved = update(followed).where(followed.c.position == old).values(position=new)

        def put(connection: Connection) -> int:
            if connection.execute(moved).rowcount == 0:
                return connection.scalar(select(followed.c.position)) or 0  # another was first
            known = set(connection.scalars(select(messages.c.id).where(messages.c.id.in_([r["id"] for r in rows]))))
            if fresh := [row for row in rows if row["id"] not in known]:
                connection.execute(insert(messages), fresh)
            return new

        return self._writer.run(put).result()

    # --- rows

    def _rows(self, old: int, entries: Sequence[Any]) -> Iterator[dict[str, Any]]:
        new, last = entries[-1].position, {row.stream: row.version for row in entries if of_a_case(row.name)}
        for case, version in last.items():
            try:
                yield from [row for told in self._told(case, version, old, new) for row in self._of(told)]
            except UNTOLD as untold:
                log.error("nobody is told of case %s: %s", case, type(untold).__name__)  # noqa: TRY400 - no trace: it may quote words

    def _told(self, case: UUID, version: int, old: int, new: int) -> Iterator[Told]:
        file = self._casework.file(case, version=version)
        return (told for told in telling(file) if old < told.entry.position <= new)

    def _of(self, told: Told) -> Iterator[dict[str, Any]]:
        for message in messages_of(told):
            for recipient in self._recipients(message, told.entry):
                yield _row(told.entry, message, recipient)

    def _recipients(self, message: Message, entry: Entry) -> Iterator[str | Reporter]:
        if isinstance(message.whom, Reporter) and message.whom.case != entry.case:
            yield from self._inside(message.whom.case, entry.position)
        else:
            yield message.whom

    def _inside(self, joined: UUID, position: int) -> Iterator[Reporter]:
        """Who waits for an answer in a case that goes on inside another, as it was then."""
        file = (entry for entry in self._casework.file(joined) if entry.position <= position)
        case: Case | None = reduce(evolve, file, None)
        if case and case.reporter_has_number:
            yield Reporter(joined)
        for inner, waits in (case.joined if case else {}).items():
            yield from self._inside(inner, position) if waits else ()


def id_of(case: UUID, position: int, kind: str, recipient: str) -> UUID:
    """The same whenever it is asked, and wherever."""
    return uuid5(OURS, f"{case} {position} {kind} {recipient}")


def _row(entry: Entry, message: Message, whom: str | Reporter) -> dict[str, Any]:
    unit, reporter = ("", whom.case) if isinstance(whom, Reporter) else (whom, None)
    recipient = unit or f"reporter {reporter}"
    return {
        "id": id_of(entry.case, entry.position, message.kind, recipient),
        "position": entry.position,
        "case": entry.case,
        "version": entry.version,
        "kind": message.kind.value,
        "unit": unit,
        "reporter": reporter,
        "line": f"{entry.case} {recipient}",
        "told_at": entry.recorded_at,
        "state": "waiting",
        "tries": 0,
        "next_at": entry.recorded_at,
        "worker": "",
        "reached": "",
        "reason": "",
    }
