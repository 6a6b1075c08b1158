"""Erasures are found in the log without reading it: an index of the few events that are one."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ERASURES = sa.text("name IN ('contact-erased', 'reporter-erased', 'retention-ended')")


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_events_erasures", "events", ["position"], sqlite_where=ERASURES, postgresql_where=ERASURES)
