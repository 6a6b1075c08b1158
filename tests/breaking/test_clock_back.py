"""A clock that goes back: the log's moments never do, and a case is the same as it was answered, stored and told again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from adapters.store.recorders import LogRecorder
from api.whole import Whole
from domain import commands as c
from domain.actors import Role
from domain.case import Case
from domain.clocks import Started
from domain.events import Plea
from domain.states import Source, WhistleKind
from tests.adapters.store.stories import faults, whole_log
from tests.api.office import START
from tests.breaking.town import GRID, STAFF, Town
from workflow.casework import Done, Order

EARLIER = START - timedelta(hours=3)
LOG = c.LogCase(category="01", place=GRID, source=Source.PATROL)
BLOW = c.BlowWhistle(
    plea=Plea(kind=WhistleKind.EMERGENCY, why="a main burst", tried="the valve was closed"), lead="water"
)


def opened(whole: Whole, now: datetime) -> Done:
    order = Order(command=LOG, actor=STAFF[Role.GRID_WORKER], now=now, id=uuid4())
    return whole.casework.open_case(uuid4(), order)


def blown(whole: Whole, case: UUID, now: datetime) -> Done:
    return whole.casework.handle(case, Order(command=BLOW, actor=STAFF[Role.STREET_LEADER], now=now, id=uuid4()))


def told_again(whole: Whole, case: UUID) -> Case:
    """As everybody else will see it."""
    return whole.casework.case(case)


@pytest.fixture
def whole(town: Town) -> Iterator[Whole]:
    """A town whose log stands at START; for the next commands the clock shows EARLIER."""
    with town.opened() as whole:
        opened(whole, START)
        yield whole


def test_the_log_s_moments_do_not_go_back(whole: Whole) -> None:
    case = opened(whole, EARLIER).case.id
    blown(whole, case, EARLIER)

    assert list(faults(whole_log(LogRecorder(whole.log)), ())) == []
    assert {entry.recorded_at for entry in whole.casework.file(case)} == {START}


def test_what_was_answered_is_what_was_stored(whole: Whole) -> None:
    done = opened(whole, EARLIER)
    assert done.entries == whole.casework.file(done.case.id)


def test_a_case_is_the_same_live_and_told_again(whole: Whole) -> None:
    done = opened(whole, EARLIER)
    assert done.case == told_again(whole, done.case.id)
    done = blown(whole, done.case.id, EARLIER)
    assert done.case == told_again(whole, done.case.id)


def test_a_clock_starts_when_its_entry_was_recorded(whole: Whole) -> None:
    case = opened(whole, EARLIER).case.id
    blown(whole, case, EARLIER)

    for entry in whole.casework.file(case):
        for fact in entry.clocks:
            if isinstance(fact, Started):
                assert fact.at == entry.recorded_at, fact.clock
