"""The log's tables: events in the order of their commit, commands under a key, editions of data, who comes in and who calls, photos, throttles."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    text,
)

# Named by rule, so that a migration can say which one it changes.
NAMES = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}
metadata = MetaData(naming_convention=NAMES)


# Texts that can be kept: PostgreSQL stores no NUL, terminals and spreadsheets obey the others; tab and line breaks are fine.
WRITABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, to the microsecond. Without a zone it is refused with a ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - theirs
        """SQLite keeps text of one form, so that it sorts."""
        return value and utc(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - theirs
        """SQLite's text has no zone: it is UTC. PostgreSQL answers in the session's zone."""
        return value and (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC))


def utc(moment: datetime) -> datetime:
    """The same moment in UTC. Raises ValueError where the zone is missing."""
    if moment.utcoffset() is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC)


Position = BigInteger().with_variant(Integer, "sqlite")  # SQLite's own row number, which is an INTEGER

events = Table(
    "events",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False),
    Column("stream", Uuid, nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("stream", "version"),
)
# In so many words, so that both engines see that the index is meant; a test holds it to the ledger's names.
OF_STAFF = text(
    "name IN ('grant-given', 'grant-ended', 'staff-left', 'export-asked', 'export-released', 'export-refused')"
)
Index("ix_events_of_staff", events.c.stream, events.c.version, sqlite_where=OF_STAFF, postgresql_where=OF_STAFF)

# What is to be erased is found without reading the log: SQLite takes an index of some rows only where it sees the same words.
ERASURES = text("name IN ('contact-erased', 'reporter-erased', 'retention-ended')")
Index("ix_events_erasures", events.c.position, sqlite_where=ERASURES, postgresql_where=ERASURES)

commands = Table(
    "commands",
    metadata,
    Column("key", Text, primary_key=True),
    Column("actor", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("recorded_at", Instant, nullable=False, index=True),
)

editions = Table(
    "editions",
    metadata,
    Column("code", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("fingerprint", Text, nullable=False),
    Column("files", Text, nullable=False),
    Column("loaded_at", Instant, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("label", Text, nullable=False),
    Column("staff", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=True),
    Column("scopes", Text, nullable=False, server_default="read act take_out metrics"),
    Column("seen_at", Instant, nullable=True),
)

# By which way a member of staff comes in: by a name and a password, or by an account at an issuer. No person's name.
logins = Table(
    "logins",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("staff", Text, nullable=False, index=True),
    Column("issuer", Text, nullable=False),  # "" is here: a local account
    Column("known_as", Text, nullable=False),  # the name of a local account; of another a keyed hash of its subject
    Column("password", Text, nullable=True),  # argon2id
    Column("codes", LargeBinary, nullable=True),  # the secret of one-time codes, sealed
    Column("last_code", BigInteger, nullable=False),  # the span of thirty seconds whose code was used last
    Column("made_at", Instant, nullable=False),
    Column("disabled_at", Instant, nullable=True),
    UniqueConstraint("issuer", "known_as"),
)

spent = Table(
    "spent",
    metadata,
    Column("hash", Text, primary_key=True),  # of what may be used once
    Column("until", Instant, nullable=False, index=True),  # afterwards it is too old anyway
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("staff", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False, index=True),
)

photos = Table(
    "photos",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False, index=True),
    Column("bytes", LargeBinary, nullable=False),  # sealed
    Column("size", Integer, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("copy_of", Uuid, nullable=True),  # of a copy for everybody: which photo it shows
)

throttles = Table(
    "throttles",
    metadata,
    Column("key", Text, primary_key=True),
    Column("full_at", BigInteger, nullable=False, index=True),  # microseconds since 1970: when nothing is missing again
)

saved_filters = Table(
    "saved_filters",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("staff", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("unit", Text, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("said", Text, nullable=False),  # JSON
    Column("shared", Boolean, nullable=False),  # with those of the same office
    Column("made_at", Instant, nullable=False),
)
