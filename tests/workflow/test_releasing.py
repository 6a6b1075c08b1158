"""Four eyes on what is taken out in bulk: a longer list goes out only after another has released just that list, for some days."""

import ast
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from pathlib import Path
from uuid import UUID

import pytest

from domain import exports
from domain.actors import Actor, Role
from domain.exports import AskForExport, ExportCommand, Extract, Filter, RefuseExport, ReleaseExport, Stage
from domain.policy import Exports
from domain.staff import (
    ExportAsked,
    ExportRefused,
    ExportReleased,
    GrantEnded,
    GrantGiven,
    Member,
    StaffEntry,
    StaffEvent,
    StaffLeft,
    file_of,
    told,
)
from tests.district import GRID, OTHER_STREET, STREET
from tests.spec import START
from tests.town import TOWN, auditor, clerk, dispatcher, supervisor
from tests.town import data_officer as officer
from workflow import releasing
from workflow.ask import Refused
from workflow.refusals import SENTENCES, sentence
from workflow.releasing import describable, released
from workflow.staffing import decide_of

WHO = clerk.staff
officer_elsewhere = Actor("data-officer-9", Role.DATA_OFFICER, "220")
DAY, MOMENT = timedelta(days=1), timedelta(microseconds=1)
N = 1_000
LIST = Extract.of("cases", {"street": STREET, "open": "yes"})
OTHERS = Extract.of("cases", {"street": OTHER_STREET, "open": "yes"})
WHY = "the yearly report to the city"
GIVEN = GrantGiven(staff=WHO, role=clerk.role, unit=clerk.unit, since=START - DAY)
ASKED = ExportAsked(role=clerk.role, unit=clerk.unit, extract=LIST, rows=N + 1, reason=WHY)
RELEASED = ExportReleased(number=2, rows=N + 1, until=START + 7 * DAY)
REFUSED = ExportRefused(number=2, reason="the figures say it already")


def file(*events: StaffEvent, by: Actor = supervisor, at: datetime = START) -> Member | None:
    lines = (
        StaffEntry(file=file_of(WHO), version=n, event=event, actor=by, recorded_at=at, command=UUID(int=n))
        for n, event in enumerate(events, 1)
    )
    return reduce(told, lines, None)


def decided(
    *before: StaffEvent, command: ExportCommand, by: Actor = supervisor, at: datetime = START, who: str = WHO
) -> StaffEvent | None:
    return decide_of(who, file(*before), command, by, at, TOWN)


def refused(
    *before: StaffEvent, command: ExportCommand, by: Actor = supervisor, at: datetime = START, who: str = WHO
) -> str:
    with pytest.raises(Refused) as found:
        decided(*before, command=command, by=by, at=at, who=who)
    assert sentence(found.value, "zh") != sentence(found.value, "en")
    return found.value.code


def asking(extract: Extract = LIST, rows: int = N + 1, reason: str = WHY) -> AskForExport:
    return AskForExport(extract=extract, rows=rows, reason=reason)


def taken(
    *before: StaffEvent, extract: Extract = LIST, rows: int = N + 1, at: datetime = START, by: Actor = clerk
) -> bool:
    """Whether by a release; else alone."""
    return released(file(*before), by, extract, rows, at, TOWN) is not None


def held_back(
    *before: StaffEvent, extract: Extract = LIST, rows: int = N + 1, at: datetime = START, by: Actor = clerk
) -> Refused:
    with pytest.raises(Refused) as found:
        taken(*before, extract=extract, rows=rows, at=at, by=by)
    return found.value


# --- how many


def test_exactly_so_many_are_taken_out_alone_and_one_more_is_not() -> None:
    assert TOWN.policy.exports == Exports(rows=N, days=7)
    assert not taken(GIVEN, rows=N)
    first = held_back(GIVEN, rows=N + 1)
    assert (first.code, first.arguments) == ("another_releases_it_first", {"rows": N + 1, "most": N})
    assert first.possible == (
        ("AskForExport", ("who_takes_it_out",)),
        ("ReleaseExport", ("the_data_officer", "the_supervisor")),
    )
    assert "1001" in sentence(first, "en") and "the data officer or the supervisor" in sentence(first, "en")


def test_a_city_says_how_many_and_for_how_long() -> None:
    law = replace(TOWN, policy=replace(TOWN.policy, exports=Exports(rows=3, days=1)))
    assert released(file(GIVEN), clerk, LIST, 3, START, law) is None
    with pytest.raises(Refused):
        released(file(GIVEN), clerk, LIST, 4, START, law)
    event = decide_of(WHO, file(GIVEN, ASKED), ReleaseExport(2), supervisor, START, law)
    assert event == ExportReleased(number=2, rows=N + 1, until=START + DAY)


# --- asking


def test_whoever_wants_it_asks_and_says_why() -> None:
    assert decided(GIVEN, command=asking(), by=clerk) == ASKED
    assert refused(GIVEN, command=asking(reason=" "), by=clerk) == "say_it"
    assert refused(GIVEN, command=asking(rows=N), by=clerk) == "taken_out_alone"
    assert held_back(GIVEN, ASKED).code == "its_release_is_awaited"
    assert held_back(GIVEN, ASKED).possible == (("ReleaseExport", ("the_data_officer", "the_supervisor")),)


def test_asked_again_while_it_waits_or_is_released_changes_nothing() -> None:
    assert decided(GIVEN, ASKED, command=asking(rows=N + 9), by=clerk) is None
    assert decided(GIVEN, ASKED, RELEASED, command=asking(), by=clerk) is None
    assert decided(GIVEN, ASKED, RELEASED, command=asking(), by=clerk, at=RELEASED.until) == ASKED
    assert decided(GIVEN, ASKED, REFUSED, command=asking(), by=clerk) == ASKED
    assert decided(GIVEN, ASKED, command=asking(OTHERS), by=clerk) == replace(ASKED, extract=OTHERS)


def test_everybody_asks_for_themselves_in_an_office_that_they_hold() -> None:
    assert refused(GIVEN, command=asking(), by=supervisor) == "for_oneself_in_an_office"
    assert refused(GIVEN, command=asking(), by=replace(clerk, unit=OTHER_STREET)) == "for_oneself_in_an_office"
    assert refused(GIVEN, StaffLeft("x"), command=asking(), by=clerk) == "for_oneself_in_an_office"
    assert refused(command=asking(), by=clerk) == "for_oneself_in_an_office"


def test_a_reason_that_tells_of_somebody_is_not_kept_for_ever() -> None:
    assert refused(GIVEN, command=asking(reason="call 13800138000"), by=clerk) == "the_reason_tells_of_somebody"
    no = RefuseExport(2, "ask a.person@example.org")
    assert refused(GIVEN, ASKED, command=no) == "the_reason_tells_of_somebody"


# --- releasing and refusing


def test_another_releases_it_for_seven_days() -> None:
    for by in (supervisor, officer):
        assert decided(GIVEN, ASKED, command=ReleaseExport(2), by=by) == RELEASED
    for at in (START, START + DAY, RELEASED.until - MOMENT):
        assert taken(GIVEN, ASKED, RELEASED, at=at)
    assert taken(GIVEN, ASKED, RELEASED, rows=N + 500)
    assert held_back(GIVEN, ASKED, RELEASED, at=RELEASED.until).code == "another_releases_it_first"


def test_nobody_releases_or_refuses_their_own() -> None:
    both = replace(supervisor, staff=WHO)
    for command in (ReleaseExport(2), RefuseExport(2, "no")):
        assert refused(GIVEN, ASKED, command=command, by=both) == "another_than_who_takes_it_out"


@pytest.mark.parametrize("by", [clerk, dispatcher, auditor, officer_elsewhere])
def test_only_data_officer_and_supervisor_of_the_district_decide(by: Actor) -> None:
    for command in (ReleaseExport(2), RefuseExport(2, "no")):
        assert refused(GIVEN, ASKED, command=command, by=by) == "only_who_releases"


def test_what_was_refused_is_not_taken_out() -> None:
    assert decided(GIVEN, ASKED, command=RefuseExport(2, REFUSED.reason)) == REFUSED
    assert refused(GIVEN, ASKED, command=RefuseExport(2, "")) == "say_it"
    assert held_back(GIVEN, ASKED, REFUSED).code == "another_releases_it_first"


def test_it_is_decided_once() -> None:
    for said in (RELEASED, REFUSED):
        assert refused(GIVEN, ASKED, said, command=ReleaseExport(2)) == "it_waits_no_more"
    assert refused(GIVEN, ASKED, command=ReleaseExport(1)) == "no_such_export"
    assert refused(command=ReleaseExport(2)) == "no_such_export"


# --- of what, and of whom


def test_a_release_is_of_that_one_list() -> None:
    assert taken(GIVEN, ASKED, RELEASED, extract=Extract.of("cases", {"open": "yes", "street": STREET}))
    for other in (OTHERS, Extract("cases"), Extract("assignments", "departments", "water"), replace(LIST, unit="x")):
        assert held_back(GIVEN, ASKED, RELEASED, extract=other).code == "another_releases_it_first"


def test_and_of_the_office_in_which_it_was_asked_for() -> None:
    another = GrantGiven(staff=WHO, role=Role.GRID_WORKER, unit=GRID, since=START - DAY)
    assert held_back(GIVEN, another, replace(ASKED), by=replace(clerk, role=Role.GRID_WORKER, unit=GRID))
    elsewhere = (GIVEN, ASKED, RELEASED, another)
    found = held_back(*elsewhere, by=replace(clerk, role=Role.GRID_WORKER, unit=GRID))
    assert found.code == "another_releases_it_first" and taken(*elsewhere)


@pytest.mark.parametrize("end", [GrantEnded(role=clerk.role, unit=clerk.unit, reason="moved"), StaffLeft("retired")])
def test_it_ends_with_the_grant_and_does_not_come_back_with_another(end: StaffEvent) -> None:
    for before in ((GIVEN, ASKED, RELEASED), (GIVEN, ASKED)):
        assert held_back(*before, end).code == "another_releases_it_first"
        assert held_back(*before, end, GIVEN).code == "another_releases_it_first"
        assert refused(*before, end, GIVEN, command=ReleaseExport(2)) == "it_waits_no_more"


def test_so_does_a_grant_that_runs_out_but_not_one_that_is_prolonged() -> None:
    ends = START + DAY
    short = replace(GIVEN, until=ends)
    assert taken(short, ASKED, RELEASED) and held_back(short, ASKED, RELEASED, at=ends)
    assert refused(short, ASKED, command=ReleaseExport(2), at=ends) == "it_waits_no_more"
    longer = replace(GIVEN, until=START + 9 * DAY)
    assert taken(short, ASKED, RELEASED, longer, at=ends)
    late = StaffEntry(file=file_of(WHO), version=4, event=longer, actor=officer, recorded_at=ends, command=UUID(int=4))
    again = told(file(short, ASKED, RELEASED), late)
    with pytest.raises(Refused):
        released(again, clerk, LIST, N + 1, ends, TOWN)


def test_a_file_knows_how_far_each_has_come() -> None:
    member = file(
        GIVEN,
        ASKED,
        REFUSED,
        replace(ASKED, extract=OTHERS),
        ExportReleased(number=4, rows=9, until=START + DAY),
        ASKED,
    )
    assert member is not None
    assert [one.stage(START) for one in member.exports] == [Stage.REFUSED, Stage.RELEASED, Stage.WAITS]
    assert [one.stage(START + DAY) for one in member.exports] == [Stage.REFUSED, Stage.OVER, Stage.WAITS]
    assert (member.exports[0].answer, member.exports[0].decider) == (REFUSED.reason, supervisor)


# --- what may be named for ever


@pytest.mark.parametrize(
    ("name", "value", "fine"),
    [
        ("words", "王秀英", False), ("number", "0001", False), ("street", STREET, True), ("street", "wang xiuying", False),
        ("grid", GRID, True), ("lead", "water", True), ("lead", "nobody", False), ("accountable", STREET, True),
        ("accountable", "water", True), ("accountable", "wang", False), ("about", "wang", False), ("category", "wang", False),
        ("state", "logged", True), ("since", "2026-03-01T00:00:00+00:00", True), ("light", "王", False), ("figure", "a b", False),
    ],
)  # fmt: skip
def test_free_words_and_unknown_codes_are_not_named_in_the_log(name: str, value: str, fine: bool) -> None:
    extract = Extract.of("cases", {name: value, "open": "yes"})
    assert describable(extract, TOWN) is fine
    if not fine:
        assert held_back(GIVEN, extract=extract).code == "words_are_not_released"
        assert held_back(GIVEN, extract=extract).possible == ()
        assert refused(GIVEN, command=asking(extract), by=clerk) == "words_are_not_released"
        assert not taken(GIVEN, extract=extract, rows=N)


def test_of_several_categories_each_is_known() -> None:
    known = list(TOWN.taxonomy.by_code)[:2]
    assert describable(Extract.of("cases", {"categories": "|".join(known)}), TOWN)
    assert not describable(Extract.of("cases", {"categories": f"{known[0]}|王秀英"}), TOWN)


def test_a_list_is_the_same_in_whatever_order_it_is_said_and_what_is_empty_says_nothing() -> None:
    assert Extract.of("cases", {"b": "1", "a": "2", "c": ""}).filters == (Filter("a", "2"), Filter("b", "1"))


# --- that these find something


def test_every_refusal_is_shown_here_and_has_its_sentences() -> None:
    tree = ast.parse(Path(releasing.__file__).read_text("utf-8"))
    raised = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)} & set(SENTENCES)
    assert len(raised) == 10
    shown = Path(__file__).read_text("utf-8")
    assert all(f'"{code}"' in shown for code in raised)


REAL, STOOD = released, exports.Export.stage
FAULTS: dict[str, tuple[str, object, Callable[[], None]]] = {
    "one row too many": (
        f"{__name__}.released", lambda m, a, e, rows, n, law: REAL(m, a, e, rows - 1, n, law),
        test_exactly_so_many_are_taken_out_alone_and_one_more_is_not,
    ),
    "one row too few": (
        f"{__name__}.released", lambda m, a, e, rows, n, law: REAL(m, a, e, rows + 1, n, law),
        test_exactly_so_many_are_taken_out_alone_and_one_more_is_not,
    ),
    "one's own": (
        "workflow.releasing._waiting", lambda staff, member, *_: member.asking(2),
        test_nobody_releases_or_refuses_their_own,
    ),
    "anybody": (
        "workflow.releasing._waiting", lambda staff, member, *_: member.asking(2),
        lambda: test_only_data_officer_and_supervisor_of_the_district_decide(dispatcher),
    ),
    "for ever": (
        "domain.exports.Export.stage", lambda self, now: STOOD(self, START),
        test_another_releases_it_for_seven_days,
    ),
    "any list": (
        "domain.exports.Extract.__eq__", lambda self, other: True, test_a_release_is_of_that_one_list,
    ),
    "any office": (
        "domain.exports.Export.of_office", lambda self, role, unit: True,
        test_and_of_the_office_in_which_it_was_asked_for,
    ),
    "free words": (
        "workflow.releasing.describable", lambda extract, law: True,
        lambda: test_free_words_and_unknown_codes_are_not_named_in_the_log("words", "王秀英", fine=False),
    ),
    "after the grant": (
        "domain.staff.ended", lambda exports, role, unit: exports,
        lambda: test_it_ends_with_the_grant_and_does_not_come_back_with_another(
            GrantEnded(role=clerk.role, unit=clerk.unit, reason="moved")
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_rule_that_is_bent_is_found(monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    where, bent, broken = FAULTS[fault]
    monkeypatch.setattr(where, bent)
    with pytest.raises((pytest.fail.Exception, AssertionError, Refused)):
        broken()
