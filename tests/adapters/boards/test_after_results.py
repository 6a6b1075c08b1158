"""What follows a result is what the log says, counted apart: to verify, to call back; on both engines."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from adapters.boards.callbacks import KINDS, Callbacks, callbacks
from adapters.boards.calls import REST
from adapters.boards.rebuilding import rebuild
from adapters.boards.shares import Share
from adapters.boards.tables import cases
from adapters.boards.verification import Verification, verification
from api.demo_month import Month
from api.whole import Whole
from domain.actors import Actor, Role
from domain.commands import PassVerification, RecordCallback
from domain.places import Place, Rung
from domain.states import Satisfied, State
from tests.adapters.boards.plain import Plain, told
from workflow.casework import Order

UNTIL = datetime(2026, 6, 30, 9, 30, tzinfo=UTC)
MIDNIGHT = datetime(2026, 6, 29, 16, tzinfo=UTC)  # where the district is
CASES, A_DAY, LATELY = 320, timedelta(days=1), UNTIL - timedelta(days=30)
UNREACHED = RecordCallback(contacted=False)
HAPPY, NOT_YET = (
    RecordCallback(contacted=True, solved=True, satisfied=Satisfied.YES),
    RecordCallback(contacted=True, solved=False, satisfied=Satisfied.NO),
)
CALLS = (  # hours before UNTIL, for one case after another
    ((3.0, UNREACHED),), ((2.9, UNREACHED), (0.5, UNREACHED)), ((2.8, UNREACHED), (1.6, UNREACHED), (0.4, UNREACHED)),
    ((2.7, NOT_YET),), ((2.6, HAPPY),), (),
)  # fmt: skip


@dataclass
class Played:
    """A month, and what was done after it so that every list has something; its log told in plain Python."""

    whole: Whole
    cases: dict[UUID, Plain]

    def of(self, place: Place) -> dict[UUID, Plain]:
        return {case: plain for case, plain in self.cases.items() if plain.place.holds(place.code)}

    @property
    def places(self) -> list[Place]:
        law = self.whole.law
        return [law.places.by_code[law.code], *law.places.below(law.code, Rung.STREET)]

    def callbacks(self, place: Place) -> Callbacks:
        most = self.whole.law.policy.attempts
        return callbacks(self.whole.boards.engine, place, most, UNTIL, MIDNIGHT)

    def verification(self, place: Place, unit: str = "") -> Verification:
        return verification(self.whole.boards.engine, place, unit, UNTIL, MIDNIGHT + A_DAY)


@pytest.fixture(scope="module")
def played(still: Whole) -> Played:
    known = dict[UUID, None]()
    for done in Month(still.casework, still.law, UNTIL - timedelta(hours=6), Random(5), CASES).played():
        known[done.case.id] = None
    verified(still, list(known))
    called(still, list(known))
    still.boards.catch_up()
    return Played(still, {case: plain for case in known if (plain := told(still.casework.file(case)))})


def given(whole: Whole, case: UUID, command: Any, role: Role, unit: str, hours: float) -> None:
    actor = Actor("acts", role, unit)
    whole.casework.handle(case, Order(command=command, actor=actor, now=UNTIL - timedelta(hours=hours), id=uuid4()))


def verified(whole: Whole, known: list[UUID]) -> None:
    """Every other result is verified by the street, where it did not handle the case."""
    resolved = [case for case in map(whole.casework.case, known) if case.state is State.RESOLVED]
    for case in [one for one in resolved if one.place.street not in one.handlers][::2]:
        given(whole, case.id, PassVerification(), Role.STREET_CLERK, case.place.street, 5)


def called(whole: Whole, known: list[UUID]) -> None:
    """Those who wait are called, or not, in every way that there is."""
    waiting = [
        case.id
        for case in map(whole.casework.case, known)
        if case.state is State.VERIFIED and case.can_be_called and not case.attempts
    ]
    calls = [(hours, case, said) for n, case in enumerate(waiting) for hours, said in CALLS[n % len(CALLS)]]
    for hours, case, said in sorted(calls, key=lambda call: -call[0]):
        given(whole, case, said, Role.HOTLINE, whole.law.code, hours)


def kind_of(one: Plain, most: int) -> set[str]:
    """In which lists a case belongs, in plain words."""
    found = set[str]()
    reached = bool(one.called and one.called.contacted)
    if one.state is State.VERIFIED and one.waits and not reached:
        if one.attempts >= most:
            found.add("used_up")
        else:
            found.add("later" if one.tried and UNTIL - one.tried < REST else "due")
    if one.state is State.VERIFIED and one.waits and one.called and reached and one.called.solved is False:
        found.add("unsolved")
    if reached and one.tried and one.tried >= MIDNIGHT:
        found.add("answered_today")
    return found


def test_every_list_of_call_backs_holds_what_it_should(played: Played) -> None:
    most, seen = played.whole.law.policy.attempts, Counter[str]()
    for place in played.places:
        board = played.callbacks(place)
        for kind in KINDS:
            wanted = {case for case, one in played.of(place).items() if kind in kind_of(one, most)}
            assert {call.case.case for call in getattr(board, kind)} == wanted, (place.code, kind)
            assert board.count(kind) == len(wanted)
            seen[kind] += len(wanted)
    assert set(seen) == set(KINDS) and all(seen.values()), seen


def test_they_are_in_order_of_need(played: Played) -> None:
    board = played.callbacks(played.places[0])
    dues = [call.case.due for call in board.due]
    assert dues == sorted(dues, key=lambda due: (due is None, due)) and len(dues) > 2
    again = [call.again_at for call in board.later]
    assert again == sorted(again) and all(at and UNTIL < at <= UNTIL + REST for at in again)
    assert all(call.attempts == board.most for call in board.used_up)
    assert {call.attempts for call in (*board.due, *board.later)} >= {0, 1, 2}


def test_the_figures_of_each_street(played: Played) -> None:
    board, most = played.callbacks(played.places[0]), played.whole.law.policy.attempts
    for one in board.streets:
        mine = [plain for plain in played.cases.values() if plain.place.street == one.street]
        kinds = Counter(kind for plain in mine for kind in kind_of(plain, most))
        assert {kind: getattr(one, kind) for kind in KINDS} == {kind: kinds[kind] for kind in KINDS}
        lately = [p for p in mine if p.logged and p.logged >= LATELY and not p.excluded]
        valid = [p.called for p in lately if p.called and p.outcome != "unreachable"]
        assert one.response == Share(sum(call.contacted for call in valid), len(valid))
        assert one.resolution == Share(sum(bool(call.solved) for call in valid), len(valid))
    assert {one.street for one in board.streets} >= {p.place.street for p in played.cases.values() if kind_of(p, most)}
    assert sum(one.response.denominator for one in board.streets) > 20
    assert len({one.response.rate for one in board.streets}) > 1


def test_what_is_to_verify_the_oldest_first_and_never_by_who_did_it(played: Played) -> None:
    handled = 0
    for place in played.places:
        waits = {case: one for case, one in played.of(place).items() if one.state is State.RESOLVED}
        for unit in ("", place.code, "water"):
            board = played.verification(place, unit)
            mine = {case for case, one in waits.items() if unit in one.done}
            assert {check.case.case for check in board.to_verify} == waits.keys() - mine
            assert {check.case.case for check in board.for_others} == mine
            assert board.count == len(waits) - len(mine)
            handled += len(mine)
            for check in (*board.to_verify, *board.for_others):
                assert set(check.handlers) == waits[check.case.case].done | {waits[check.case.case].lead}
                assert check.handlers[0] == waits[check.case.case].lead
        since = [check.resolved_at for check in played.verification(place).to_verify]
        assert since == [waits[check.case.case].resolved for check in played.verification(place).to_verify]
        assert since == sorted(since)
    assert handled > 0


def test_by_grid_and_what_is_due_today(played: Played) -> None:
    for place in played.places:
        board = played.verification(place)
        waits = [check.case for check in board.to_verify]
        counts = Counter((line.community, line.grid) for line in waits)
        today = Counter((x.community, x.grid) for x in waits if x.due and x.due < MIDNIGHT + A_DAY)
        assert {(one.community, one.grid): one.count for one in board.grids} == counts
        assert {(one.community, one.grid): one.today for one in board.grids if one.today} == today
        oldest = {
            (p.place.community, p.place.grid): p.resolved
            for p in sorted(played.of(place).values(), key=lambda p: p.resolved or UNTIL, reverse=True)
            if p.state is State.RESOLVED
        }
        assert {(one.community, one.grid): one.oldest for one in board.grids} == oldest
        assert [one.oldest for one in board.grids] == sorted(one.oldest for one in board.grids)
        assert board.today == today.total()
    assert played.verification(played.places[0]).today > 0


def test_what_came_back_and_what_stood(played: Played) -> None:
    for place in played.places:
        board, mine = played.verification(place), played.of(place)
        again = {c for c, p in mine.items() if p.rework and p.lead and p.state.is_open and not p.resolved}
        assert {check.case.case for check in board.back_at_work} == again
        lately = [p for p in mine.values() if p.logged and p.logged >= LATELY and not p.excluded]
        resulted = [p for p in lately if p.resolved or p.rework]
        assert board.rework == Share(sum(p.rework > 0 for p in resulted), len(resulted))
    board = played.verification(played.places[0])
    assert board.back_at_work and board.rework.rate and board.rework.rate < 1


def test_a_case_that_a_board_has_lost_is_found_by_recounting(played: Played) -> None:
    """The seeded fault: the recount above would not pass over it."""
    boards, place = played.whole.boards, played.places[0]
    lost = played.callbacks(place).due[0].case.case
    change = update(cases).where(cases.c.case == lost).values(waits=False)
    boards.writer.run(lambda connection: connection.execute(change)).result()
    with pytest.raises(AssertionError):
        test_every_list_of_call_backs_holds_what_it_should(played)
    rebuild(boards)
    test_every_list_of_call_backs_holds_what_it_should(played)
