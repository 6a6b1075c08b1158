"""Grants for tests: whoever is named may act, also in offices that no edition knows."""

from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import func, select

from adapters.store.tables import events
from adapters.tokens import DEMO
from api.demo import enrol
from api.whole import Whole
from domain.actors import Actor, Role
from domain.staff import GrantGiven, StaffEntry, file_of
from workflow.ledger import STAFF_NAMES
from workflow.moments import EarlierError

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
FOUNDER = Actor("founder", Role.ADMIN)


def granted(whole: Whole, actor: Actor, at: datetime) -> Actor:
    """Somebody holds their office from long ago on; said twice it is said once."""
    member = whole.directory.member(actor.staff)
    if member is None or member.held(actor.role, actor.unit) is None:
        given = GrantGiven(staff=actor.staff, role=actor.role, unit=actor.unit, since=LONG_AGO)
        _save(whole, actor.staff, given, at)
    return actor


def _save(whole: Whole, staff: str, given: GrantGiven, at: datetime) -> None:
    version = len(whole.directory.file(staff)) + 1
    entry = StaffEntry(
        file=file_of(staff), version=version, event=given, actor=FOUNDER, recorded_at=at, command=uuid4()
    )
    try:
        whole.casework.save(entry, recorded_at=at)
    except EarlierError as earlier:
        whole.casework.save(entry, recorded_at=earlier.moment)


def made_a_demo(whole: Whole, at: datetime) -> None:
    """The store is one of a demo: everybody on the jurisdiction's list holds their office."""
    enrol(whole, at)
    whole.tokens.create(Actor("demo", Role.STREET_CLERK, whole.law.code), DEMO, at)


def of_cases(whole: Whole) -> int:
    """How many entries the log holds of cases."""
    with whole.log.engine.connect() as connection:
        return connection.scalar(select(func.count()).where(events.c.name.not_in(STAFF_NAMES))) or 0
