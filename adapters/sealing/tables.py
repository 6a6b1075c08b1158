"""The key store's one table; it lives in a database of its own, with short backups."""

from pathlib import Path

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text, Uuid

from adapters.store.migrate import Scripts
from adapters.store.tables import NAMES, Instant

KEYS = Scripts("keys", Path(__file__).parent / "migrations")
metadata = MetaData(naming_convention=NAMES)

case_keys = Table(
    "case_keys",
    metadata,
    Column("case_id", Uuid, primary_key=True),
    Column("secrecy", Text, primary_key=True),
    Column("number", Integer, primary_key=True),  # counts up when words come after an erasure
    Column("master", Text, nullable=False),  # id of the master key that wraps it
    Column("wrapped", LargeBinary),  # none: destroyed
    Column("made_at", Instant, nullable=False),
)
