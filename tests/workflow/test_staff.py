"""Who may act as what: given by an admin, never for oneself, ended at once; each of it an event in a file of staff."""

import ast
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import reduce
from pathlib import Path
from uuid import UUID

import pytest

from domain import staff
from domain.actors import Actor, Role
from domain.staff import (
    EndGrant,
    GiveGrant,
    GrantEnded,
    GrantGiven,
    LeaveOffice,
    Member,
    StaffCommand,
    StaffEntry,
    StaffEvent,
    StaffLeft,
    file_of,
    told,
)
from tests.district import DISTRICT, GRID, STREET
from tests.spec import START
from tests.town import TOWN, auditor, clerk, dispatcher, supervisor
from workflow import staffing
from workflow.ask import Refused
from workflow.refusals import SENTENCES, sentence
from workflow.staffing import decide_of

admin = Actor("admin-1", Role.ADMIN, DISTRICT)
another_admin = Actor("admin-2", Role.ADMIN, DISTRICT)
admin_elsewhere = Actor("admin-9", Role.ADMIN, "220")
WHO = "worker-1"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AS_WORKER = GiveGrant(role=Role.GRID_WORKER, unit=GRID)
GIVEN = GrantGiven(staff=WHO, role=Role.GRID_WORKER, unit=GRID, since=START)


def file(*events: StaffEvent, by: Actor = admin) -> Member | None:
    lines = (
        StaffEntry(file=file_of(WHO), version=n, event=event, actor=by, recorded_at=START, command=UUID(int=n))
        for n, event in enumerate(events, 1)
    )
    return reduce(told, lines, None)


def decided(
    *before: StaffEvent, command: StaffCommand, by: Actor = admin, at: datetime = START, who: str = WHO
) -> StaffEvent | None:
    return decide_of(who, file(*before), command, by, at, TOWN)


def refused(*before: StaffEvent, command: StaffCommand, by: Actor = admin, at: datetime = START, who: str = WHO) -> str:
    with pytest.raises(Refused) as found:
        decided(*before, command=command, by=by, at=at, who=who)
    assert sentence(found.value, "zh") != sentence(found.value, "en")
    return found.value.code


def test_an_admin_lets_somebody_act_from_now_on() -> None:
    assert decided(command=AS_WORKER) == GIVEN
    member = file(GIVEN)
    assert member is not None
    assert member.may_act(Role.GRID_WORKER, GRID, START)
    assert not member.may_act(Role.GRID_WORKER, GRID, START - HOUR)
    assert not member.may_act(Role.GRID_WORKER, STREET, START)
    assert not member.may_act(Role.STREET_CLERK, GRID, START)
    assert member.grants[0].giver == admin


def test_a_grant_begins_and_ends_when_it_says() -> None:
    ends = START + DAY
    given = decided(command=GiveGrant(role=Role.GRID_WORKER, unit=GRID, since=START + HOUR, until=ends))
    assert given is not None
    member = file(given)
    assert member is not None
    times = (START, START + HOUR, ends - HOUR, ends)
    assert [member.may_act(Role.GRID_WORKER, GRID, at) for at in times] == [False, True, True, False]


def test_said_again_it_changes_nothing_and_another_end_replaces_the_first() -> None:
    assert decided(GIVEN, command=AS_WORKER, at=START + DAY) is None
    longer = GiveGrant(role=Role.GRID_WORKER, unit=GRID, until=START + 2 * DAY)
    given = decided(GIVEN, command=longer, at=START + DAY)
    assert given == GrantGiven(staff=WHO, role=Role.GRID_WORKER, unit=GRID, since=START, until=START + 2 * DAY)
    member = file(GIVEN, given)
    assert member is not None
    assert len(member.grants) == 1
    assert not member.may_act(Role.GRID_WORKER, GRID, START + 2 * DAY)


def test_one_person_may_hold_several_offices() -> None:
    also = GrantGiven(staff=WHO, role=Role.STREET_CLERK, unit=STREET, since=START)
    member = file(GIVEN, also, GrantEnded(role=Role.GRID_WORKER, unit=GRID, reason="moved"))
    assert member is not None
    assert [(held.role, held.unit) for held in member.grants] == [(Role.STREET_CLERK, STREET)]


def test_a_grant_ends_at_once_with_a_reason() -> None:
    ended = EndGrant(role=Role.GRID_WORKER, unit=GRID, reason="moved")
    assert decided(GIVEN, command=ended) == GrantEnded(role=Role.GRID_WORKER, unit=GRID, reason="moved")
    member = file(GIVEN, GrantEnded(role=Role.GRID_WORKER, unit=GRID, reason="moved"))
    assert member is not None
    assert not member.may_act(Role.GRID_WORKER, GRID, START)
    assert refused(GIVEN, command=EndGrant(role=Role.GRID_WORKER, unit=GRID, reason=" ")) == "say_it"
    assert refused(command=ended) == "no_such_grant"


def test_who_leaves_may_do_nothing_until_somebody_takes_them_back() -> None:
    assert decided(GIVEN, command=LeaveOffice("retired")) == StaffLeft("retired")
    gone = file(GIVEN, StaffLeft("retired"))
    assert gone is not None
    assert gone.left
    assert gone.grants == ()
    assert decided(GIVEN, StaffLeft("retired"), command=LeaveOffice("again")) is None
    back = file(GIVEN, StaffLeft("retired"), GIVEN)
    assert back is not None
    assert back.may_act(Role.GRID_WORKER, GRID, START)
    assert not back.left
    assert refused(command=LeaveOffice("never came")) == "nobody_of_that_name"
    assert refused(GIVEN, command=LeaveOffice("")) == "say_it"


@pytest.mark.parametrize("by", [clerk, dispatcher, supervisor, auditor, admin_elsewhere])
def test_only_an_admin_of_the_district_says_who_may_act(by: Actor) -> None:
    for command in (AS_WORKER, EndGrant(role=Role.GRID_WORKER, unit=GRID, reason="x"), LeaveOffice("x")):
        assert refused(GIVEN, command=command, by=by) == "only_the_admin"


def test_nobody_grants_themselves_anything() -> None:
    assert refused(command=GiveGrant(role=Role.DISPATCHER, unit=DISTRICT), who="admin-1") == "not_for_oneself"
    assert decided(command=GiveGrant(role=Role.DISPATCHER, unit=DISTRICT), who="admin-1", by=another_admin)


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        (Role.GRID_WORKER, STREET), (Role.STREET_CLERK, GRID), (Role.DISPATCHER, STREET), (Role.DEPARTMENT_CLERK, STREET),
        (Role.STREET_CLERK, "water"), (Role.GRID_WORKER, "nowhere"), (Role.RESIDENT, DISTRICT), (Role.SYSTEM, DISTRICT),
    ],
)  # fmt: skip
def test_an_office_is_a_role_of_such_a_unit(role: Role, unit: str) -> None:
    assert refused(command=GiveGrant(role=role, unit=unit)) == "no_such_office"


def test_a_grant_does_not_end_before_it_begins_or_in_the_past() -> None:
    ended = GiveGrant(role=Role.GRID_WORKER, unit=GRID, until=START)
    assert refused(command=ended) == "ends_before_it_begins"
    backwards = GiveGrant(role=Role.GRID_WORKER, unit=GRID, since=START + DAY, until=START + HOUR)
    assert refused(command=backwards) == "ends_before_it_begins"
    assert refused(command=AS_WORKER, who=" ") == "say_it"


def test_every_refusal_is_shown_here_and_has_its_sentences() -> None:
    tree = ast.parse(Path(staffing.__file__).read_text("utf-8"))
    raised = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused"
        if isinstance(node.args[0], ast.Constant)
    }
    assert {code for code in raised if not str(code).startswith("only_")} <= set(SENTENCES)
    shown = Path(__file__).read_text("utf-8")
    assert all(f'"{code}"' in shown for code in raised)


@pytest.mark.parametrize(
    ("bent", "broken"),
    [
        ("_allowed", test_nobody_grants_themselves_anything),
        ("_an_office", lambda: test_an_office_is_a_role_of_such_a_unit(Role.GRID_WORKER, STREET)),
    ],
)
def test_a_rule_that_is_left_out_is_found(
    monkeypatch: pytest.MonkeyPatch, bent: str, broken: Callable[[], None]
) -> None:
    monkeypatch.setattr(staffing, bent, lambda *_: None)
    with pytest.raises(pytest.fail.Exception):
        broken()


def test_a_grant_that_ends_by_no_clock_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff.Held, "stands", lambda self, now: True)
    with pytest.raises(AssertionError):
        test_a_grant_begins_and_ends_when_it_says()


def test_a_file_begins_with_a_grant() -> None:
    with pytest.raises(LookupError):
        file(StaffLeft("x"))
