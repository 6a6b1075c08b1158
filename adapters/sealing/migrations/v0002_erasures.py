"""Which erasures of the log have been carried out."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "erasures",
        sa.Column("position", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("carried_out_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keys", sa.Integer, nullable=False),
        sa.Column("photos", sa.Integer, nullable=False),
        sa.Column("left", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_erasures"),
    )
    op.create_index("ix_erasures_case_id", "erasures", ["case_id"])
