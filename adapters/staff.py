"""All members of staff, read from their files in the log: some thousands of lines, so no board keeps them."""

from collections.abc import Iterator
from functools import reduce
from itertools import groupby

from sqlalchemy import Engine, Row, select

from adapters.store.engine import reading
from adapters.store.errors import explained
from adapters.store.tables import OF_STAFF, events
from domain.staff import Member, StaffEntry, told
from workflow.ledger import read_of_staff

FILES = select(events).where(OF_STAFF).order_by(events.c.stream, events.c.version)


def members(log: Engine) -> tuple[Member, ...]:
    """Everybody who ever held an office, by pseudonym; those who have left too."""
    return tuple(sorted(_members(log), key=lambda member: member.staff))


def _members(log: Engine) -> Iterator[Member]:
    with explained(), reading(log).connect() as connection:
        rows = connection.execute(FILES).all()
    for _, file in groupby(rows, key=lambda row: row.stream):
        if member := reduce(told, map(_entry, file), None):
            yield member


def _entry(row: Row[tuple[object, ...]]) -> StaffEntry:
    at = {"version": row.version, "recorded_at": row.recorded_at, "position": row.position}
    return read_of_staff(row.name, row.body, file=row.stream, **at)
