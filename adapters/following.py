"""Open cases follow another edition: each by an event of its own, foreseen first where somebody wants to look."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Engine, select

from adapters.boards.tables import cases
from adapters.store.errors import explained
from domain.actors import SYSTEM
from domain.clocks import Moved
from domain.commands import ChangeEdition
from workflow.ask import Refused
from workflow.casework import Casework, Done, Order


@dataclass(frozen=True, slots=True)
class Followed:
    """One open case: which edition it had, and the deadlines that are set again, if any."""

    case: UUID
    number: str
    former: str
    moved: tuple[Moved, ...]


def follow(
    boards: Engine, casework: Casework, edition: str, reason: str, now: datetime, *, write: bool
) -> Iterator[Followed]:
    """Every open case that follows another edition, in the order of numbers; not to `write` is to foresee.

    Cut off, run it again: those that follow it already are passed by.
    """
    wanted = select(cases.c.case, cases.c.number).where(cases.c.open.is_(True)).order_by(cases.c.first)
    with explained(), boards.connect() as connection:
        rows = connection.execute(wanted).all()
    act = casework.handle if write else casework.foresee
    for case, number in rows:
        former = casework.case(case).edition
        if former != edition:
            order = Order(command=ChangeEdition(edition, reason), actor=SYSTEM, now=now, id=uuid4())
            if done := _done(act, case, order):
                yield Followed(case, number, former, tuple(_moved(done)))


def _done(act: Callable[[UUID, Order], Done], case: UUID, order: Order) -> Done | None:
    """None where it has ended meanwhile, or follows already."""
    try:
        done = act(case, order)
    except Refused:
        return None
    return done if done.entries else None


def _moved(done: Done) -> Iterator[Moved]:
    return (fact for entry in done.entries for fact in entry.clocks if isinstance(fact, Moved))
