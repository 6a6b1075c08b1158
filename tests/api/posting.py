"""Forms of pages as browsers send them, by somebody in an office or by nobody; and what a store holds before and after."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from httpx2 import Response
from sqlalchemy import insert, select

from adapters.outbox.tables import messages
from adapters.store.tables import metadata
from domain.actors import DEPARTMENTAL, Actor, Role
from domain.places import Rung
from tests.api.office import Office
from tests.api.people import COMMUNITY, DISTRICT, GRID, STREET

Pair = tuple[Role, str]
OURS = {"Accept": "text/html", "Accept-Language": "en", "Sec-Fetch-Site": "same-origin"}
# Where the case lies, and one beside it; districts and streets are above grids, so every office above is there too.
BESIDE = {
    Rung.GRID: (GRID, "540102002001002"),
    Rung.COMMUNITY: (COMMUNITY, "540102002002"),
    Rung.STREET: (STREET, "540102003"),
    Rung.DISTRICT: (DISTRICT, "540199"),
}
NO_OFFICE = (Role.RESIDENT, Role.SYSTEM)
OFFICES: tuple[Pair, ...] = tuple(
    (role, unit)
    for role in Role
    if role not in NO_OFFICE
    for unit in (("water", "roads") if role in DEPARTMENTAL else BESIDE[role.rung])
)
EVERYBODY: tuple[Pair | None, ...] = (*OFFICES, None)  # and who is not signed in


class EverybodyIsIn:
    """In place of sessions, which end while the windows of cases go by: each secret says whose it is."""

    def actor(self, secret: str, _now: datetime, **_how: bool) -> Actor:
        """Whoever it says."""
        role, _, unit = secret.partition("-at-")
        return Actor(f"{role}-{unit}", Role(role), unit)


def fields(said: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """What a program would say, as a form says it."""
    for name, value in said.items():
        if isinstance(value, Mapping):
            yield from fields(value, f"{before}{name}.")
        elif isinstance(value, list):
            yield before + name, [str(one) for one in value]
        else:
            yield before + name, ("no", "yes")[value] if isinstance(value, bool) else str(value)


def posts(hall: Office, path: str, said: Mapping[str, Any], secret: str = "", **more: Any) -> Response:
    """The form, under a key of its own."""
    hall.client.cookies.clear()
    if secret:
        hall.client.cookies.set("whistle", secret)
    told = {"key": str(uuid4()), "back": "/", **said}
    return hall.client.post(path, data=told, headers=OURS, follow_redirects=False, **more)


def held(hall: Office) -> dict[str, frozenset[tuple[Any, ...]]]:
    """All that a store holds of what people do; how often somebody came by is no part of it."""
    found = {}
    for store, known in ((hall.whole.log.engine, metadata), (hall.whole.outbox.writer.engine, messages.metadata)):
        with store.connect() as connection:
            for table in (one for one in known.sorted_tables if one.name not in ("throttles", "spent")):
                found[table.name] = frozenset(tuple(row) for row in connection.execute(select(table)))
    return found


def dead_letter(hall: Office, case: UUID) -> UUID:
    """A message to water that never arrived."""
    one, now = uuid4(), hall.time.now
    row = {
        "id": one, "position": 1, "case": case, "version": 1, "kind": "assigned", "unit": "water", "line": f"{case} water",
        "told_at": now, "state": "dead", "tries": 9, "next_at": now, "worker": "", "reached": "", "reason": "http_410",
    }  # fmt: skip
    hall.whole.outbox.writer.run(lambda connection: connection.execute(insert(messages).values(row))).result()
    return one
