"""What was noted, and where its rows begin and end."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "security_log",
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("staff", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("seal", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_security_log"),
    )
    for columns in (["at"], ["kind", "position"]):
        op.create_index(f"ix_security_log_{'_'.join(columns)}", "security_log", columns)
    ends = op.create_table(
        "security_ends",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("gone", sa.BigInteger, nullable=False),
        sa.Column("gone_seal", sa.Text, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("last_seal", sa.Text, nullable=False),
        sa.Column("proof", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_security_ends"),
    )
    op.bulk_insert(ends, [{"id": 1, "gone": 0, "gone_seal": "", "last": 0, "last_seal": "", "proof": ""}])
