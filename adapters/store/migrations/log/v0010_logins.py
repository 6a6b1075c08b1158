"""Logins: by which way a member of staff comes in. Tokens say what they may be used for, and all of them end."""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

MOMENT = sa.DateTime(timezone=True)
LONGEST = timedelta(days=400)
TOKENS = sa.table("tokens", sa.column("made_at", MOMENT), sa.column("expires_at", MOMENT), sa.column("hash", sa.Text))


def upgrade() -> None:
    """Make the tables; a token that had no end gets one."""
    op.create_table(
        "logins",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("staff", sa.Text, nullable=False),
        sa.Column("issuer", sa.Text, nullable=False),
        sa.Column("known_as", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=True),
        sa.Column("codes", sa.LargeBinary, nullable=True),
        sa.Column("last_code", sa.BigInteger, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("disabled_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_logins"),
        sa.UniqueConstraint("issuer", "known_as", name="uq_logins_issuer_known_as"),
    )
    op.create_index("ix_logins_staff", "logins", ["staff"])
    op.create_table(
        "spent",
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_spent"),
    )
    op.create_index("ix_spent_until", "spent", ["until"])
    op.add_column("tokens", sa.Column("scopes", sa.Text, nullable=False, server_default="read act take_out metrics"))
    op.add_column("tokens", sa.Column("seen_at", MOMENT, nullable=True))
    _end_those_without_an_end()


def _end_those_without_an_end() -> None:
    connection = op.get_bind()
    endless = sa.select(TOKENS.c.hash, TOKENS.c.made_at).where(TOKENS.c.expires_at.is_(None))
    for row in connection.execute(endless).all():
        ends = TOKENS.update().where(TOKENS.c.hash == row.hash).values(expires_at=row.made_at + LONGEST)
        connection.execute(ends)
