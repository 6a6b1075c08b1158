"""The tree, the checkpoints that were signed, and where something was erased."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables; nothing is sealed yet."""
    one = op.create_table(
        "sealed",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("signed", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sealed"),
    )
    op.bulk_insert(one, [{"id": 1, "size": 0, "signed": 0}])
    op.create_table(
        "seal_tiles",
        sa.Column("level", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("hashes", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("level", "number", name="pk_seal_tiles"),
    )
    op.create_table(
        "seal_checkpoints",
        sa.Column("size", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_seal_checkpoints"),
    )
    op.create_index("ix_seal_checkpoints_at", "seal_checkpoints", ["at"])
    op.create_table(
        "seal_erasures",
        sa.Column("position", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_seal_erasures"),
    )
    op.create_index("ix_seal_erasures_at", "seal_erasures", ["at"])
