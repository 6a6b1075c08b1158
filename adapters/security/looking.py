"""Looking at the security log: the newest first, of a kind, of some days; and whether every row is there as it was written."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from adapters.security.keeping import SecurityLog
from adapters.security.kinds import Kind
from adapters.security.sealing import OF_ROW, Ends, ends_of, sealed
from adapters.security.tables import noted
from adapters.store.errors import explained

LONGEST = 200  # rows of one answer
SHOWN = ("position", "at", "staff", "role", "unit", "number", "source", "count")


@dataclass(frozen=True, slots=True)
class Noted:
    """One row, as it is shown."""

    position: int
    at: datetime
    kind: Kind
    staff: str
    role: str
    unit: str
    number: str
    source: str
    count: int
    details: Mapping[str, str]


def listed(
    log: SecurityLog,
    kind: Kind | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int = 0,
    limit: int = LONGEST,
) -> tuple[Noted, ...]:
    """The newest first: of one kind or all, from a moment on, up to another; and only those before a row, where it goes on."""
    conditions = (
        noted.c.kind == kind if kind else None,
        noted.c.at >= since if since else None,
        noted.c.at < until if until else None,
        noted.c.position < before if before else None,
    )
    wanted = select(noted).where(*(one for one in conditions if one is not None))
    wanted = wanted.order_by(noted.c.position.desc()).limit(min(limit, LONGEST))
    with explained(), log.writer.engine.connect() as connection:
        return tuple(map(_shown, connection.execute(wanted)))


def _shown(row: Row[Any]) -> Noted:
    said = dict(row._mapping.items())  # noqa: SLF001 - its name says that it may not clash with a column's
    details = json.loads(said["details"] or "{}")
    return Noted(**{name: said[name] for name in SHOWN}, kind=Kind(said["kind"]), details=details)


def faults(log: SecurityLog) -> Iterator[str]:
    """What is not as it was written, a line each; after the first nothing more can be said."""
    with explained(), log.writer.engine.connect() as connection:
        found = ends_of(connection)
        ends = Ends.of(found)
        if found.proof != ends.proof(log.master) and (found.proof or ends.last):
            yield "where the rows begin and end was not written by this system"
            return
        position, seal = ends.gone, ends.gone_seal
        rows = connection.execution_options(yield_per=LONGEST).execute(
            select(noted).where(noted.c.position <= ends.last).order_by(noted.c.position)
        )
        for one in rows:
            row = one._mapping  # noqa: SLF001 - its name says that it may not clash with a column's
            position += 1
            if row["position"] != position:
                yield f"row {position} is gone"
                return
            seal = sealed(log.master, seal, position, {name: row[name] for name in OF_ROW})
            if row["seal"] != seal:
                yield f"row {position} is not as it was written"
                return
        if (position, seal) != (ends.last, ends.last_seal):
            yield f"row {position + 1} is gone"
