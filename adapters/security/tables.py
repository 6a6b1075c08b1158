"""The security log's tables: what was noted, each row sealed over the one before it; and where the rows begin and end."""

from pathlib import Path

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text

from adapters.store.migrate import Scripts
from adapters.store.tables import NAMES, Instant, Position

SECURITY = Scripts("security", Path(__file__).parent / "migrations")
metadata = MetaData(naming_convention=NAMES)

noted = Table(
    "security_log",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("kind", Text, nullable=False),
    Column("staff", Text, nullable=False),  # a pseudonym; '' where nobody is known
    Column("role", Text, nullable=False),
    Column("unit", Text, nullable=False),  # never a receipt
    Column("number", Text, nullable=False),  # of the request
    Column("source", Text, nullable=False),  # a keyed name for a network, of that day only
    Column("count", Integer, nullable=False),  # how often it happened, as one row
    Column("details", Text, nullable=False),  # JSON
    Column("seal", Text, nullable=False),
    Index("ix_security_log_at", "at"),
    Index("ix_security_log_kind_position", "kind", "position"),
)

ends = Table(
    "security_ends",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # one row
    Column("gone", BigInteger, nullable=False),  # the last that was removed for its age
    Column("gone_seal", Text, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("last_seal", Text, nullable=False),
    Column("proof", Text, nullable=False),  # '' until something is noted
)
