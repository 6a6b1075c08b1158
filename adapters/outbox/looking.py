"""Looking at the outbox: how many messages wait, arrived, or died; and giving a dead letter another life."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, func, select, update

from adapters.outbox.tables import messages
from adapters.outbox.working import Outbox
from adapters.store.errors import explained

LONGEST = 200  # rows of one answer
STATES = ("waiting", "failing", "dead", "delivered", "impossible", "nobody")


@dataclass(frozen=True, slots=True)
class Standing:
    """How the outbox stands: what waits (and of that, what failed at least once), and what came of the rest."""

    waiting: int
    failing: int
    dead: int
    delivered: int  # since a moment
    oldest: datetime | None  # of those that wait

    def waits(self, now: datetime) -> float:
        """Seconds that the oldest has waited."""
        return max((now - self.oldest).total_seconds(), 0.0) if self.oldest else 0.0


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as it is shown: never how a reporter is reached, never what was said."""

    id: UUID
    kind: str
    case: UUID
    unit: str  # '' for a reporter
    state: str
    tries: int
    reason: str
    told_at: datetime
    next_at: datetime
    ended_at: datetime | None


def standing(outbox: Outbox, since: datetime) -> Standing:
    """How it stands; what was delivered is counted from a moment on."""
    delivered = select(func.count()).where(messages.c.state == "delivered", messages.c.ended_at >= since)
    waiting = select(func.count(), func.min(messages.c.told_at)).where(messages.c.state == "waiting")
    failing = select(func.count()).where(messages.c.state == "waiting", messages.c.tries > 0)
    dead = select(func.count()).where(messages.c.state == "dead")
    with explained(), outbox.engine.connect() as connection:
        count, oldest = connection.execute(waiting).one()
        failed, died, arrived = (connection.scalar(one) or 0 for one in (failing, dead, delivered))
    return Standing(count, failed, died, arrived, oldest)


def listed(outbox: Outbox, state: str = "", limit: int = LONGEST) -> tuple[Shown, ...]:
    """The newest first; of one state, or all. `failing` is what waits, and was tried."""
    wanted = select(messages).order_by(messages.c.position.desc(), messages.c.id).limit(min(limit, LONGEST))
    if state:
        wanted = wanted.where(messages.c.state == ("waiting" if state == "failing" else state))
    if state == "failing":
        wanted = wanted.where(messages.c.tries > 0)
    with explained(), outbox.engine.connect() as connection:
        return tuple(map(_shown, connection.execute(wanted)))


def message(outbox: Outbox, wanted: UUID) -> Shown | None:
    """One of them."""
    with explained(), outbox.engine.connect() as connection:
        row = connection.execute(select(messages).where(messages.c.id == wanted)).first()
    return _shown(row) if row else None


def replay(outbox: Outbox, wanted: UUID, now: datetime) -> bool:
    """A dead letter is sent again, as if it were new; False where it is none."""
    again: Mapping[str, Any] = {"state": "waiting", "tries": 0, "next_at": now, "reason": "again", "ended_at": None}
    dead = (messages.c.id == wanted, messages.c.state == "dead")

    def revived(connection: Connection) -> bool:
        return bool(connection.execute(update(messages).where(*dead).values(again)).rowcount)

    return outbox.writer.run(revived).result()


def _shown(row: Row[Any]) -> Shown:
    names = Shown.__dataclass_fields__
    return Shown(**{name: getattr(row, name) for name in names})
