"""Tokens of callers: each stands for a grant; only its hash is kept."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from sqlalchemy import bindparam, func, insert, select

from adapters.store.engine import reading
from adapters.store.errors import explained
from adapters.store.tables import tokens
from adapters.store.writer import Writer
from domain.actors import Actor, Role

PREFIX = "whistle_"
DEMO = "demo"  # the label of tokens that only a demo store has
OF_SECRET = select(tokens).where(tokens.c.hash == bindparam("hash"))


@dataclass(frozen=True, slots=True)
class NewToken:
    """What a caller is to be known by; shown once."""

    secret: str = field(repr=False)
    actor: Actor


@dataclass(frozen=True, slots=True)
class Held:
    """A token as its holder has it."""

    actor: Actor
    until: datetime | None  # None: it does not expire


class Tokens:
    """The tokens in a log's database."""

    def __init__(self, writer: Writer) -> None:
        """`writer` knows the database."""
        self._writer = writer
        self._engine = reading(writer.engine)

    def create(self, actor: Actor, label: str, now: datetime, expires: datetime | None = None) -> NewToken:
        """A new token for somebody; two may live at once, so that one can be replaced."""
        secret = PREFIX + secrets.token_urlsafe(32)
        values = {"hash": _hash(secret), "label": label, "made_at": now, "expires_at": expires}
        grant = {"staff": actor.staff, "role": actor.role.value, "unit": actor.unit}
        self._writer.run(lambda connection: connection.execute(insert(tokens).values(**values, **grant))).result()
        return NewToken(secret, actor)

    def actor(self, secret: str, now: datetime) -> Actor | None:
        """Who holds this token; None where nobody does, or not any more."""
        held = self.held(secret, now)
        return held.actor if held else None

    def held(self, secret: str, now: datetime) -> Held | None:
        """The same, and until when."""
        with explained(), self._engine.connect() as connection:
            row = connection.execute(OF_SECRET, {"hash": _hash(secret)}).first()
        if row is None or (row.expires_at is not None and row.expires_at <= now):
            return None
        return Held(Actor(row.staff, Role(row.role), row.unit), row.expires_at)

    def is_demo(self) -> bool:
        """Whether this store was made for the demo."""
        with explained(), self._engine.connect() as connection:
            return bool(connection.scalar(select(func.count()).select_from(tokens).where(tokens.c.label == DEMO)))


def _hash(secret: str) -> str:
    """A plain hash is enough: nobody can try 256 bits."""
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()
