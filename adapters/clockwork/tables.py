"""What the clockwork keeps beside the boards: who has which case in hand, and when it looked last."""

from sqlalchemy import Column, Integer, MetaData, Table, Text, Uuid

from adapters.store.tables import NAMES, Instant

metadata = MetaData(naming_convention=NAMES)

leases = Table(
    "clockwork_leases",
    metadata,
    Column("case", Uuid, primary_key=True),
    Column("worker", Text, nullable=False),
    Column("until", Instant, nullable=False, index=True),
)

looked = Table(
    "clockwork_looked",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),  # one row
    Column("at", Instant, nullable=False),  # when a worker last saw that nothing was wrong
)
