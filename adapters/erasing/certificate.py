"""The certificate of what was erased of a case: made from the log and the key store whenever it is asked for; it names nobody."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.erasing.carrying import Carried, classes_of
from adapters.sealing import Left
from domain import events as e
from domain.actors import Role
from domain.entries import Entry
from domain.privacy import Secrecy
from workflow.ledger import name_of


@dataclass(frozen=True, slots=True)
class Certified:
    """One erasure: what the log says of it, and what became of the bytes; not `carried_out_at` while that is still to come."""

    position: int
    event: str  # by its stored name
    by: Role
    classes: tuple[Secrecy, ...]
    reason: str  # of whoever decided it; '' where time or the reporter did
    recorded_at: datetime
    carried_out_at: datetime | None = None
    keys: int = 0
    photos: int = 0
    left: tuple[Left, ...] = ()
    backups_until: datetime | None = None  # by then the last copy of the keys has expired


def certified(file: Iterable[Entry], carried: Iterable[Carried], backups: timedelta) -> Iterator[Certified]:
    """Every erasure of a case, in order. `backups` is how long copies of the key store are kept."""
    done = {one.position: one for one in carried}
    for entry in file:
        if classes := classes_of(entry.event):
            yield _certified(entry, classes, done.get(entry.position), backups)


def _certified(entry: Entry, classes: tuple[Secrecy, ...], done: Carried | None, backups: timedelta) -> Certified:
    reason = entry.event.reason if isinstance(entry.event, e.ReporterErased) else ""
    head = (entry.position, name_of(entry.event), entry.actor.role, classes, reason, entry.recorded_at)
    if done is None:
        return Certified(*head)
    until = done.carried_out_at + backups
    return Certified(*head, done.carried_out_at, done.keys, done.photos, done.left, until)
