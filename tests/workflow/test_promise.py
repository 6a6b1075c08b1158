"""What is promised before a case is logged is what logging it sets."""

from dataclasses import replace
from uuid import UUID

import pytest

from adapters.jurisdictions import read, shipped
from domain.case import replay
from domain.commands import LogCase
from domain.jurisdiction import Jurisdiction
from domain.states import Clock, Source, Urgency
from domain.taxonomy import Taxonomy
from tests.ticks import at
from tests.town import ILLEGAL_BUILDING, TOWN, hotline
from workflow.decide import Desk, begin
from workflow.promise import promised

MORNING, FRIDAY_NIGHT, BEFORE_NEW_YEAR = at("03-02 10:00"), at("03-06 22:40"), at("02-13 18:10")


def _set(law: Jurisdiction, category: str, urgency: Urgency, now: object, place: str) -> dict[Clock, object]:
    command = LogCase(category=category, place=place, source=Source.HOTLINE, urgency=urgency)
    case = replay(begin(UUID(int=1), command, hotline, Desk(law, now, UUID(int=2))))  # type: ignore[arg-type]
    assert case is not None
    return {clock: case.timers[clock, "", ""].due for clock in (Clock.RESIDENT, Clock.TRIAGE)}


@pytest.mark.parametrize("now", [MORNING, FRIDAY_NIGHT, BEFORE_NEW_YEAR])
@pytest.mark.parametrize("urgency", list(Urgency))
@pytest.mark.parametrize("town", ["stories", "chengguan", "minimal"])
def test_the_promise_is_what_is_set(town: str, urgency: Urgency, now: object) -> None:
    law = TOWN if town == "stories" else read(shipped(town)).jurisdiction
    assert law is not None
    place = next(code for code, one in law.places.by_code.items() if one.rung == "street")
    for category in (code for code, one in law.taxonomy.by_code.items() if one.is_leaf):
        known = _set(law, category, urgency, now, place)
        for clock in (Clock.RESIDENT, Clock.TRIAGE):
            assert promised(law, category, urgency, now, clock) == known[clock], category  # type: ignore[arg-type]


def test_nothing_is_promised_where_no_case_can_be() -> None:
    for category in ("", "no such", "01"):
        assert promised(TOWN, category, Urgency.ROUTINE, MORNING) is None


@pytest.mark.parametrize("order", [1, -1])
def test_a_step_is_not_what_is_promised(order: int) -> None:
    known = TOWN.taxonomy.by_code[ILLEGAL_BUILDING]
    limits = {key: found[::order] for key, found in known.limits.items()}  # the step last, the step first
    town = replace(TOWN, taxonomy=Taxonomy.of([replace(known, limits=limits)]))
    due = promised(town, ILLEGAL_BUILDING, Urgency.ROUTINE, MORNING, Clock.RESOLVE)
    assert due == at("03-23 10:00")  # 15 working days; the step "stop work" is due the same day
