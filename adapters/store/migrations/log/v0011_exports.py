"""What somebody asks to take out stands in their file of staff: the index of these files knows its events too."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
THEIRS = sa.text(
    "name IN ('grant-given', 'grant-ended', 'staff-left', 'export-asked', 'export-released', 'export-refused')"
)


def upgrade() -> None:
    """Make the index anew."""
    op.drop_index("ix_events_of_staff", "events")
    op.create_index("ix_events_of_staff", "events", ["stream", "version"], sqlite_where=THEIRS, postgresql_where=THEIRS)
