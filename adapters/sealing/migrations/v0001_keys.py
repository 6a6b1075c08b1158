"""The keys of cases, each wrapped by the master key; without `wrapped` it is destroyed."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "case_keys",
        sa.Column("case_id", sa.Uuid, nullable=False),
        sa.Column("secrecy", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("master", sa.Text, nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "secrecy", "number", name="pk_case_keys"),
    )
    if op.get_bind().dialect.name == "postgresql":
        # ANALYZE would copy sampled keys into pg_statistic, where no erasure finds them.
        op.execute("ALTER TABLE case_keys ALTER COLUMN wrapped SET STATISTICS 0")
