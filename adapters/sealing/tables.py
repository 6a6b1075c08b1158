"""The key store's one table; it lives in a database of its own, with short backups."""

from pathlib import Path

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text, Uuid

from adapters.store.migrate import Scripts
from adapters.store.tables import NAMES, Instant

KEYS = Scripts("keys", Path(__file__).parent / "migrations")
metadata = MetaData(naming_convention=NAMES)

# Which erasures of the log have been carried out: whoever brings an old key store back brings an old list with it, and so
# what the log has erased since is erased again.
erasures = Table(
    "erasures",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),  # of the event in the log
    Column("case_id", Uuid, nullable=False, index=True),
    Column("carried_out_at", Instant, nullable=False),
    Column("keys", Integer, nullable=False),
    Column("photos", Integer, nullable=False),
    Column("left", Text, nullable=False),  # what lies beyond our reach, by its codes
)

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
