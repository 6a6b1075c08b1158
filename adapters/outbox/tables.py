"""The outbox's tables: who is to be told of which entry, and what became of it; what is said stands in the case's file only."""

from pathlib import Path

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text, Uuid

from adapters.store.migrate import Scripts
from adapters.store.tables import NAMES, Instant

OUTBOX = Scripts("outbox", Path(__file__).parent / "migrations")
metadata = MetaData(naming_convention=NAMES)

messages = Table(
    "messages",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("position", BigInteger, nullable=False),  # of the entry
    Column("case", Uuid, nullable=False),
    Column("version", Integer, nullable=False),  # of the case, at the entry
    Column("kind", Text, nullable=False),
    Column("unit", Text, nullable=False),  # who is told; '' for a reporter
    Column("reporter", Uuid, nullable=True),  # the case that the reporter's number is sealed by
    Column("line", Text, nullable=False),  # case and recipient: of a line only the first is sent
    Column("told_at", Instant, nullable=False),  # when the entry was recorded
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("worker", Text, nullable=False),  # the lease by which somebody has it in hand; '' nobody
    Column("until", Instant, nullable=True),
    Column("reached", Text, nullable=False),  # the ways that it went over already, by name
    Column("reason", Text, nullable=False),
    Column("ended_at", Instant, nullable=True),
    Index("ix_messages_state_next_at", "state", "next_at"),
    Index("ix_messages_state_ended_at", "state", "ended_at"),
    Index("ix_messages_state_position", "state", "position"),
    Index("ix_messages_position", "position"),
    Index("ix_messages_line_position", "line", "position"),
)

followed = Table(
    "outbox_followed",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # one row
    Column("since", BigInteger, nullable=False),  # of what lies before, nobody is told once more
    Column("position", BigInteger, nullable=False),
)
