"""Each row is sealed over the one before it, with the master key: one that is changed, or gone, is found."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from adapters.sealing import Masters
from adapters.security.gathering import Entry
from adapters.security.tables import ends, noted

OF_ROW = ("at", "kind", "staff", "role", "unit", "number", "source", "count", "details")


@dataclass(frozen=True, slots=True)
class Ends:
    """Where the rows begin and end, and the seals there."""

    gone: int
    gone_seal: str
    last: int
    last_seal: str

    @classmethod
    def of(cls, row: Row[Any]) -> "Ends":
        """As they stand in the table."""
        return cls(row.gone, row.gone_seal, row.last, row.last_seal)

    def proof(self, master: Masters) -> str:
        """That it was us who wrote them."""
        said = f"{self.gone} {self.gone_seal} {self.last} {self.last_seal}"
        return master.lasting("security", "ends", said.encode()).hex()


def sealed(master: Masters, before: str, position: int, row: dict[str, Any]) -> str:
    """A row's seal: over what it says, where it stands, and the seal before."""
    said = [position, *(_plain(row[name]) for name in OF_ROW)]
    return master.lasting("security", before, json.dumps(said).encode()).hex()


def _plain(value: Any) -> Any:  # noqa: ANN401 - a column's
    return value.isoformat() if isinstance(value, datetime) else value


def ends_of(connection: Connection, *, held: bool = False) -> Row[Any]:
    """The one row of ends; `held` until the transaction is over, so that writers go one by one."""
    wanted = select(ends)
    return connection.execute(wanted.with_for_update() if held else wanted).one()


def append(connection: Connection, master: Masters, entries: list[Entry]) -> None:
    """Write rows after the last."""
    found, rows = Ends.of(ends_of(connection, held=True)), list[dict[str, Any]]()
    last, seal = found.last, found.last_seal
    for entry in entries:
        last, row = last + 1, _row(entry)
        seal = sealed(master, seal, last, row)
        rows.append({**row, "position": last, "seal": seal})
    if rows:
        connection.execute(insert(noted), rows)
        move_ends(connection, master, Ends(found.gone, found.gone_seal, last, seal))


def move_ends(connection: Connection, master: Masters, to: Ends) -> None:
    """The rows begin or end elsewhere."""
    said = {"gone": to.gone, "gone_seal": to.gone_seal, "last": to.last, "last_seal": to.last_seal}
    connection.execute(update(ends).values(**said, proof=to.proof(master)))


def _row(entry: Entry) -> dict[str, Any]:
    what = entry.what
    return {
        "at": entry.at, "kind": what.kind.value, "staff": what.staff, "role": what.role, "unit": what.unit,
        "number": entry.number, "source": what.source, "count": entry.count, "details": what.details,
    }  # fmt: skip
