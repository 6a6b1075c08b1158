"""Throttles: a bucket of tokens for each key, in the database, so that all workers share it; taking one is one upsert.

A row says when its bucket will be full again (the generic cell rate algorithm); a bucket that is full needs no row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from adapters.store.engine import reading
from adapters.store.errors import explained
from adapters.store.tables import throttles
from adapters.store.writer import Writer

START = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
FREE = timedelta()
INSERT: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
OF_KEY = select(throttles.c.full_at).where(throttles.c.key == bindparam("key"))
# Rows that another worker holds are left to it: to wait for them could go round in a circle.
FULL = select(throttles.c.key).where(throttles.c.full_at <= bindparam("now")).with_for_update(skip_locked=True)
FORGET = delete(throttles).where(throttles.c.key.in_(FULL))


@dataclass(frozen=True, slots=True)
class Rate:
    """So many at once, and as many again within a span."""

    times: int
    within: timedelta

    @property
    def one(self) -> timedelta:
        """How long until one more is free."""
        return self.within / self.times


class Throttles:
    """The buckets in a log's database."""

    def __init__(self, writer: Writer) -> None:
        """`writer` knows the database."""
        self._writer = writer
        self._reader = reading(writer.engine)

    def wait(self, key: str, rate: Rate, now: datetime) -> timedelta:
        """How long until one is free; nothing where one is free now. Nothing is taken."""
        with explained(), self._reader.connect() as connection:
            full_at = connection.scalar(OF_KEY, {"key": key})
        return max(FREE, (full_at - _ticks(now)) * MICROSECOND + rate.one - rate.within) if full_at else FREE

    def take(self, key: str, rate: Rate, now: datetime) -> timedelta:
        """Take one, if one is free; otherwise how long until it is. Who is refused only reads: a flood writes nothing."""
        wait = self.wait(key, rate, now)
        if wait or self._writer.run(lambda connection: _taken(connection, key, rate, now)).result():
            return wait
        return max(self.wait(key, rate, now), MICROSECOND)  # others were first


def _taken(connection: Connection, key: str, rate: Rate, now: datetime) -> bool:
    """The one upsert: whether a token was there. Buckets that are full again are forgotten on the way."""
    at, one, within = _ticks(now), rate.one // MICROSECOND, rate.within // MICROSECOND
    connection.execute(FORGET, {"now": at})
    full_at = case((throttles.c.full_at > at, throttles.c.full_at), else_=at) + one
    row = INSERT[connection.dialect.name](throttles).values(key=key, full_at=at + one)
    upsert = row.on_conflict_do_update(index_elements=["key"], set_={"full_at": full_at}, where=full_at <= at + within)
    return connection.execute(upsert.returning(throttles.c.key)).first() is not None


def _ticks(at: datetime) -> int:
    return (at - START) // MICROSECOND
