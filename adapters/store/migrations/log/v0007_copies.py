"""Copies of photos: what everybody may see of one. Which they are is said by events; what the column said before is looked at again."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """A photo that was cleared whole, before anything could be blacked out, waits for a clerk once more."""
    op.add_column("photos", sa.Column("copy_of", sa.Uuid, nullable=True))
    op.drop_column("photos", "cleared")
