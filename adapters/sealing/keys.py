"""The keys of cases: made when first needed, wrapped, shared by all processes, destroyed for good."""

import secrets
from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Engine, Row, Select, bindparam, func, insert, select, update

from adapters.sealing.master import SIZE, MasterKey
from adapters.sealing.masters import Masters
from adapters.sealing.scrubbing import Left, NotYetGone, lying_about, rewrite, scrub
from adapters.sealing.tables import KEYS, case_keys, metadata
from adapters.sealing.verdicts import KeyDestroyed, Tampered
from adapters.store.engine import PATIENCE, engine_at, in_memory, reading, transaction
from adapters.store.errors import Busy, explained
from adapters.store.migrate import check, create
from domain.privacy import Secrecy

LOCK = 0x5EED_0109  # whoever makes or destroys keys goes one by one

LIVING = select(case_keys).where(case_keys.c.case_id == bindparam("case"), case_keys.c.wrapped.is_not(None))
OF_CASES = (
    select(case_keys).where(case_keys.c.case_id.in_(bindparam("cases", expanding=True))).order_by(case_keys.c.number)
)

Ring = Mapping[Secrecy, "CaseKey"]


@dataclass(frozen=True, slots=True)
class CaseKey:
    """The key of one class of one case, ready for use; numbers count up where words come after an erasure."""

    number: int
    secret: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Doomed:
    """The keys of one class of a case that are to be destroyed: those up to a number, or all there are."""

    case_id: UUID
    secrecy: Secrecy
    up_to: int | None = None


@dataclass(frozen=True, slots=True)
class Destroyed:
    """How many keys are destroyed of what was doomed, in its order, now or before; and what lies beyond our reach."""

    counts: tuple[int, ...]
    left: frozenset[Left]


@dataclass(slots=True)
class _Wanted:
    case_id: UUID
    classes: frozenset[Secrecy]
    ring: Ring | None = None


def open_keys(url: str, master: MasterKey | Masters) -> "KeyStore":
    """The key store at an address. Raises UnknownDatabaseError, NotMigratedError, Unavailable."""
    engine = engine_at(url)
    if in_memory(engine):
        create(engine, metadata)
    else:
        check(engine, KEYS)
    return KeyStore(engine, master)


class KeyStore:
    """Nothing is kept in memory between calls, so a key destroyed by one process is gone for all."""

    def __init__(
        self, engine: Engine, master: MasterKey | Masters, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """`clock` dates the keys: real time, whatever time the commands carry."""
        self.engine = engine
        self._reader = reading(engine)
        self.masters = Masters.only(master) if isinstance(master, MasterKey) else master
        self._clock = clock
        self._waiting: deque[_Wanted] = deque()
        self._turn = Lock()

    def to_seal(self, case_id: UUID, classes: Collection[Secrecy]) -> Ring:
        """The living key of each class; those missing are made and are on disk when this returns.

        Raises Busy, Unavailable, CommitUnknown (all safe to repeat), Tampered, WrongMasterKeyError.
        """
        with explained(), self._reader.connect() as connection:
            ring = self._rings(connection.execute(LIVING, {"case": case_id})).get(case_id, {})
        return ring if ring.keys() >= set(classes) else self._made_in_turn(_Wanted(case_id, frozenset(classes)))

    def to_unseal(self, case_id: UUID, secrecy: Secrecy, number: int) -> bytes:
        """The key that sealed something. Raises KeyDestroyed, Tampered (there never was such a number)."""
        numbers = select(case_keys).where(case_keys.c.case_id == case_id, case_keys.c.secrecy == secrecy.value)
        with explained(), self._reader.connect() as connection:
            rows = {row.number: row for row in connection.execute(numbers)}
        if not rows:
            raise KeyDestroyed(case_id, secrecy)
        if number not in rows:
            raise Tampered(case_id, f"{secrecy} words")
        if rows[number].wrapped is None:
            raise KeyDestroyed(case_id, secrecy)
        return self._unwrapped(rows[number])

    def destroy(self, case_id: UUID, classes: Iterable[Secrecy] = tuple(Secrecy)) -> frozenset[Left]:
        """Destroy the keys and their bytes; repeating is safe. Answers with what this role or host cannot reach.

        Raises Busy or Unavailable (nothing is destroyed), CommitUnknown, NotYetGone: in each case, repeat.
        """
        return self.destroy_all([Doomed(case_id, secrecy) for secrecy in classes]).left

    def destroy_all(self, doomed: Sequence[Doomed]) -> Destroyed:
        """The same for many, in one go. It looks itself whether they are gone. Raises as `destroy`."""
        with transaction(self.engine, lock=LOCK) as connection:
            gone = [wrapped for one in doomed for wrapped in connection.scalars(_wrapped(one))]
            for one in doomed:
                connection.execute(update(case_keys).where(*_those(one)).values(wrapped=None))
            left = rewrite(connection)
        left |= scrub(self.engine)
        if lying_about(self.engine, gone) or any(self._readable(one) for one in doomed):
            msg = "the destroyed keys' bytes are still in the key store's file; destroy them again"
            raise NotYetGone(msg)
        return Destroyed(tuple(self._destroyed(one) for one in doomed), frozenset(left))

    def _readable(self, doomed: Doomed) -> bool:
        return bool(self._count(doomed, case_keys.c.wrapped.is_not(None)))

    def _destroyed(self, doomed: Doomed) -> int:
        return self._count(doomed, case_keys.c.wrapped.is_(None))

    def _count(self, doomed: Doomed, how: ColumnElement[bool]) -> int:
        wanted = select(func.count()).select_from(case_keys).where(*_those(doomed), how)
        with explained(), self._reader.connect() as connection:
            return connection.scalar(wanted) or 0

    def _made_in_turn(self, wanted: _Wanted) -> Ring:
        """Whoever has the turn makes the keys for all who wait, so that they share one commit."""
        self._waiting.append(wanted)
        if not self._turn.acquire(timeout=PATIENCE):
            msg = "waited too long for a case's key"
            raise Busy(msg)
        try:
            return wanted.ring or self._make([wanted, *self._taken()])
        finally:
            self._turn.release()

    def _taken(self) -> list[_Wanted]:
        return [self._waiting.popleft() for _ in range(len(self._waiting))]

    def _make(self, batch: Sequence[_Wanted]) -> Ring:
        """Make what all of them miss; answer with what the first one wanted."""
        cases = {wanted.case_id for wanted in batch}
        needed = {(wanted.case_id, secrecy) for wanted in batch for secrecy in wanted.classes}
        with transaction(self.engine, lock=LOCK) as connection:
            rows = connection.execute(OF_CASES, {"cases": list(cases)}).all()
            rings = self._rings(row for row in rows if row.wrapped is not None)
            used = {(row.case_id, Secrecy(row.secrecy)): row.number for row in rows}  # the highest comes last
            master = self.masters.current  # asked under the lock: whoever retires the one before has it afterwards
            new = [
                self._new(master, *pair, used.get(pair, 0) + 1)
                for pair in needed
                if pair[1] not in rings.get(pair[0], {})
            ]
            if new:
                connection.execute(insert(case_keys), [row for row, _ in new])
            for row, key in new:
                rings.setdefault(row["case_id"], {})[Secrecy(row["secrecy"])] = key
        for wanted in batch:
            wanted.ring = rings[wanted.case_id]
        return rings[batch[0].case_id]

    def _new(self, master: MasterKey, case_id: UUID, secrecy: Secrecy, number: int) -> tuple[dict[str, Any], CaseKey]:
        """A fresh key: as it is kept, and ready for use."""
        secret = secrets.token_bytes(SIZE)
        wrapped = master.wrap(secret, bound_of(case_id, secrecy, number))
        row = {"case_id": case_id, "secrecy": secrecy.value, "number": number, "wrapped": wrapped}
        return {**row, "master": master.id, "made_at": self._clock()}, CaseKey(number, secret)

    def _rings(self, living: Iterable[Row[Any]]) -> dict[UUID, dict[Secrecy, CaseKey]]:
        rings: dict[UUID, dict[Secrecy, CaseKey]] = {}
        for row in living:
            key = CaseKey(row.number, self._unwrapped(row))
            rings.setdefault(row.case_id, {})[Secrecy(row.secrecy)] = key
        return rings

    def _unwrapped(self, row: Row[Any]) -> bytes:
        key = self.masters.of_id(row.master).unwrap(row.wrapped, bound_of(row.case_id, row.secrecy, row.number))
        if key is None:
            raise Tampered(row.case_id, f"the {row.secrecy} key")
        return key


def _those(doomed: Doomed) -> tuple[ColumnElement[bool], ...]:
    of_class = (case_keys.c.case_id == doomed.case_id, case_keys.c.secrecy == doomed.secrecy.value)
    return of_class if doomed.up_to is None else (*of_class, case_keys.c.number <= doomed.up_to)


def _wrapped(doomed: Doomed) -> Select[Any]:
    return select(case_keys.c.wrapped).where(*_those(doomed), case_keys.c.wrapped.is_not(None))


def bound_of(case_id: UUID, secrecy: str, number: int) -> bytes:
    """What a wrapped key belongs to."""
    return f"{case_id}|{secrecy}|{number}".encode()
