"""What the seal keeps: the hashes of the tree in tiles, and every checkpoint that was signed. Nothing of it can be made again.

Whoever tells it anew from the log seals whatever the log says then; so these tables are migrated, never rebuilt. A tile is
the hashes of 256 neighbours in a row, as https://c2sp.org/tlog-tiles has them: 32 bytes an event, and 0.4 % for those above.
"""

from pathlib import Path

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text

from adapters.store.migrate import Scripts
from adapters.store.tables import NAMES, Instant

SEAL = Scripts("seal", Path(__file__).parent / "migrations")
metadata = MetaData(naming_convention=NAMES)

sealed = Table(
    "sealed",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # one row
    Column("size", BigInteger, nullable=False),  # leaves of the tree: the position of the last that is sealed
    Column("signed", BigInteger, nullable=False),  # the size that was signed last
)

tiles = Table(
    "seal_tiles",
    metadata,
    Column("level", Integer, primary_key=True, autoincrement=False),  # 0: of leaves; 1: of the roots of tiles below; …
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
)

checkpoints = Table(
    "seal_checkpoints",
    metadata,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False, index=True),
    Column("note", Text, nullable=False),
)

erasures = Table(
    "seal_erasures",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),  # of the entry, which has the reason
    Column("at", Instant, nullable=False, index=True),
)
