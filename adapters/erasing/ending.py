"""What has been kept as long as it may be: the boards propose, each case decides; not to write is to foresee."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID, uuid4

from sqlalchemy import Engine, Row, select, tuple_

from adapters.boards.tables import cases, endings
from adapters.store.errors import explained
from domain.actors import SYSTEM
from domain.commands import EndRetention
from domain.privacy import Secrecy
from workflow.casework import Casework, Order
from workflow.retention import past

PAGE = 500  # cases that are proposed in one look
PROPOSED = (
    select(endings.c.ends_at, endings.c.case, cases.c.number)
    .join(cases, cases.c.case == endings.c.case)
    .order_by(endings.c.ends_at, endings.c.case)
    .limit(PAGE)
)


@dataclass(frozen=True, slots=True)
class Ended:
    """One class of one case: what was to be erased, when its retention ended, and from when that was counted."""

    case: UUID
    number: str
    secrecy: Secrecy
    at: datetime
    since: datetime


def ended(
    boards: Engine, casework: Casework, now: datetime, *, write: bool, most: int | None = None
) -> Iterator[Ended]:
    """What is erased now, in the order in which it was to be; of `most` so many cases.

    Cut off, run it again: what was erased is not erased twice.
    """
    found = (
        told for case, number in _proposed(boards, now) if (told := _told(casework, case, number, now, write=write))
    )
    for told in islice(found, most):
        yield from told


def _proposed(boards: Engine, now: datetime) -> Iterator[tuple[UUID, str]]:
    after: Row[datetime, UUID, str] | None = None
    while page := _page(boards, now, after):
        yield from ((row.case, row.number) for row in page)
        after = page[-1]


def _page(boards: Engine, now: datetime, after: Row[datetime, UUID, str] | None) -> Sequence[Row[datetime, UUID, str]]:
    wanted = PROPOSED.where(endings.c.ends_at <= now)
    if after is not None:
        wanted = wanted.where(
            tuple_(endings.c.ends_at, endings.c.case) > tuple_(after.ends_at, after.case, types=ORDER)
        )
    with explained(), boards.connect() as connection:
        return connection.execute(wanted).all()


ORDER = (endings.c.ends_at.type, endings.c.case.type)


def _told(casework: Casework, case: UUID, number: str, now: datetime, *, write: bool) -> tuple[Ended, ...]:
    """What of a case is erased; nothing where it was erased, or opened again, meanwhile."""
    before = casework.case(case)
    these = past(before, casework.law_of(before), now, casework.goes_on_in(before))
    order = Order(command=EndRetention(), actor=SYSTEM, now=now, id=uuid4())
    done = (casework.handle if write else casework.foresee)(case, order)
    said = {secrecy for entry in done.entries for secrecy in getattr(entry.event, "classes", ())}
    return tuple(Ended(case, number, one.secrecy, one.at, one.since) for one in these if one.secrecy in said)
