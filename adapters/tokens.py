"""Tokens of callers: each stands for a grant, may be used for some things, and ends; only its hash is kept."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, Update, bindparam, func, insert, select, update

from adapters.store.engine import reading
from adapters.store.errors import explained
from adapters.store.passing import InPassing
from adapters.store.tables import tokens
from adapters.store.writer import Writer
from domain.actors import Actor, Role

PREFIX = "whistle_"
DEMO = "demo"  # the label of tokens that only a demo store has
A_YEAR, LONGEST = timedelta(days=365), timedelta(days=400)
NOTED = timedelta(days=1)  # that one was used is written down no more often than this
OF_SECRET = select(tokens).where(tokens.c.hash == bindparam("hash"))
SHOWN = 12  # digits of a hash that tell tokens apart, and let nobody in


class Scope(StrEnum):
    """What a token may be used for; never more than its role may."""

    READ = "read"
    ACT = "act"
    TAKE_OUT = "take_out"
    METRICS = "metrics"


ALL = frozenset(Scope)


class TooLongError(ValueError):
    """A token ends, and not in years."""


class NoSuchTokenError(LookupError):
    """No token that stands is known by that."""


@dataclass(frozen=True, slots=True)
class NewToken:
    """What a caller is to be known by; shown once."""

    secret: str = field(repr=False)
    actor: Actor


@dataclass(frozen=True, slots=True)
class Held:
    """A token as its holder has it."""

    actor: Actor
    until: datetime | None  # None: as long as a session lives, in a demo
    scopes: frozenset[Scope] = ALL


@dataclass(frozen=True, slots=True)
class Known:
    """A token as those see it who look after them: never its secret."""

    id: str
    label: str
    held: Held
    made_at: datetime
    seen_at: datetime | None


class Tokens:
    """The tokens in a log's database."""

    def __init__(self, writer: Writer) -> None:
        """`writer` knows the database."""
        self._writer = writer
        self._passing = InPassing(writer)
        self._engine = reading(writer.engine)

    def create(
        self,
        actor: Actor,
        label: str,
        now: datetime,
        expires: datetime | None = None,
        scopes: Collection[Scope] = ALL,
    ) -> NewToken:
        """A new token for somebody, for a year where nothing is said. Raises TooLongError."""
        ends = expires or now + A_YEAR
        if ends > now + LONGEST:
            raise TooLongError(f"a token ends within {LONGEST.days} days: rotate it, or make another then")
        secret = PREFIX + secrets.token_urlsafe(32)
        values = {"hash": _hash(secret), "label": label, "made_at": now, "expires_at": ends}
        grant = {"staff": actor.staff, "role": actor.role.value, "unit": actor.unit}
        made = insert(tokens).values(**values, **grant, scopes=" ".join(sorted(scopes)))
        self._writer.run(lambda connection: connection.execute(made)).result()
        return NewToken(secret, actor)

    def actor(self, secret: str, now: datetime) -> Actor | None:
        """Who holds this token; None where nobody does, or not any more."""
        held = self.held(secret, now)
        return held.actor if held else None

    def held(self, secret: str, now: datetime) -> Held | None:
        """The same, until when, and for what. That it was used today is noted in passing."""
        with explained(), self._engine.connect() as connection:
            row = connection.execute(OF_SECRET, {"hash": _hash(secret)}).first()
        if row is None or row.expires_at <= now:
            return None
        if row.seen_at is None or now - row.seen_at >= NOTED:
            self._passing.write(update(tokens).where(tokens.c.hash == row.hash).values(seen_at=now))
        return _held(row)

    def listed(self, now: datetime) -> tuple[Known, ...]:
        """All that stand, those that end first before the others."""
        standing = select(tokens).where(tokens.c.expires_at > now).order_by(tokens.c.expires_at, tokens.c.hash)
        with explained(), self._engine.connect() as connection:
            rows = connection.execute(standing).all()
        return tuple(Known(row.hash[:SHOWN], row.label, _held(row), row.made_at, row.seen_at) for row in rows)

    def rotate(self, token: str, now: datetime, overlap: timedelta, life: timedelta = A_YEAR) -> NewToken:
        """A new secret for the same; the old one lives on for a while, so that two do. Raises NoSuchTokenError."""
        known = self.known(token, now)
        made = self.create(known.held.actor, known.label, now, now + life, known.held.scopes)
        self._ends(known.id, now + overlap)
        return made

    def end(self, token: str, now: datetime) -> Known:
        """It is not known any more, at once. Raises NoSuchTokenError."""
        known = self.known(token, now)
        self._ends(known.id, now)
        return known

    def known(self, token: str, now: datetime) -> Known:
        """The one that is meant, by what it is listed as. Raises NoSuchTokenError."""
        found = next((one for one in self.listed(now) if one.id == token), None)
        if found is None:
            raise NoSuchTokenError(f"no token {token} stands; see `whistle token list`")
        return found

    def is_demo(self) -> bool:
        """Whether this store was made for the demo."""
        with explained(), self._engine.connect() as connection:
            return bool(connection.scalar(select(func.count()).select_from(tokens).where(tokens.c.label == DEMO)))

    def _ends(self, token: str, at: datetime) -> None:
        """No later than `at`; what ended before stays so."""
        later = tokens.c.expires_at > at
        named = tokens.c.hash.startswith(token, autoescape=True)
        self._write(update(tokens).where(named, later).values(expires_at=at))

    def _write(self, change: Update) -> None:
        self._writer.run(lambda connection: connection.execute(change)).result()


def _held(row: Row[Any]) -> Held:
    said = frozenset(Scope(one) for one in row.scopes.split())
    return Held(Actor(row.staff, Role(row.role), row.unit), row.expires_at, said)


def _hash(secret: str) -> str:
    """A plain hash is enough: nobody can try 256 bits."""
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()
