"""Sessions of people with a browser: kept here, known by a hash; ended when idle, when old, and when signed out."""

import secrets
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, or_, select, update

from adapters.store.engine import reading
from adapters.store.errors import Busy, CommitUnknown, Unavailable, explained
from adapters.store.tables import sessions
from adapters.store.writer import Writer
from domain.actors import Actor, Role

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=10)
NO_OFFICE = ""
NOTED = timedelta(minutes=1)  # being seen is written down no more often than this
OF_SECRET = select(sessions).where(sessions.c.hash == bindparam("wanted"))


class Sessions:
    """The sessions in a log's database."""

    def __init__(self, writer: Writer) -> None:
        """`writer` knows the database."""
        self._writer = writer
        self._engine = reading(writer.engine)

    def begin(self, actor: Actor, now: datetime, until: datetime | None = None) -> str:
        """A new session in an office, at most until `until`: its secret, which is kept nowhere."""
        return self._begin(now, until, staff=actor.staff, role=actor.role.value, unit=actor.unit)

    def arrive(self, staff: str, now: datetime) -> str:
        """The same for somebody who has come in, and chosen no office yet: they may do nothing but choose."""
        return self._begin(now, None, staff=staff, role=NO_OFFICE, unit="")

    def _begin(self, now: datetime, until: datetime | None, **whose: str) -> str:
        """Those that have ended are swept away."""
        secret = secrets.token_urlsafe(32)
        ends = min(now + LONGEST, until or now + LONGEST)
        values = {"hash": _hash(secret), "made_at": now, "seen_at": now, "ends_at": ends}

        def write(connection: Connection) -> None:
            connection.execute(delete(sessions).where(or_(sessions.c.ends_at <= now, sessions.c.seen_at <= now - IDLE)))
            connection.execute(insert(sessions).values(**values, **whose))

        self._writer.run(write).result()
        return secret

    def actor(self, secret: str, now: datetime, *, noted: bool = True) -> Actor | None:
        """Whose session this is, in which office; None where it is in none, nobody's, or has ended.

        `noted`: it counts as being seen.
        """
        row = self._live(secret, now)
        if row is None or row.role == NO_OFFICE:
            return None
        if noted and now - row.seen_at >= NOTED:
            seen = update(sessions).where(sessions.c.hash == row.hash).values(seen_at=now)
            with suppress(Busy, Unavailable, CommitUnknown):  # who only looks is not turned away for it
                self._writer.run(lambda connection: connection.execute(seen)).result()
        return Actor(row.staff, Role(row.role), row.unit)

    def whose(self, secret: str, now: datetime) -> tuple[str, datetime] | None:
        """Who has come in by it, whether in an office or not, and when it ends at the latest."""
        row = self._live(secret, now)
        return (row.staff, row.ends_at) if row else None

    def _live(self, secret: str, now: datetime) -> Row[Any] | None:
        with explained(), self._engine.connect() as connection:
            row = connection.execute(OF_SECRET, {"wanted": _hash(secret)}).first()
        return None if row is None or now >= row.ends_at or now - row.seen_at >= IDLE else row

    def ended(self, known: Collection[str], now: datetime) -> set[str]:
        """Those of some secrets that are no session, or not any more; being asked for is not being seen."""
        of = {_hash(secret): secret for secret in known}
        live = (sessions.c.ends_at > now, sessions.c.seen_at > now - IDLE)
        with explained(), self._engine.connect() as connection:
            found = connection.scalars(select(sessions.c.hash).where(sessions.c.hash.in_(of), *live)).all()
        return {of[hashed] for hashed in of.keys() - set(found)}

    def end_of(self, staff: str, office: tuple[Role, str] | None = None) -> None:
        """Every session of somebody in an office; in all of theirs where none is said."""
        theirs = [sessions.c.staff == staff]
        if office:
            theirs += [sessions.c.role == office[0].value, sessions.c.unit == office[1]]
        self._writer.run(lambda connection: connection.execute(delete(sessions).where(*theirs))).result()

    def end(self, secret: str) -> None:
        """Signed out; what is no session is none afterwards either."""
        gone = delete(sessions).where(sessions.c.hash == _hash(secret))
        self._writer.run(lambda connection: connection.execute(gone)).result()


def _hash(secret: str) -> str:
    """A plain hash is enough: nobody can try 256 bits."""
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()
