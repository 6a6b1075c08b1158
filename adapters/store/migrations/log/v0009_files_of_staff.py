"""The files of staff are found among those of cases by an index of their own, which no case costs anything."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
THEIRS = sa.text("name IN ('grant-given', 'grant-ended', 'staff-left')")


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_events_of_staff", "events", ["stream", "version"], sqlite_where=THEIRS, postgresql_where=THEIRS)
