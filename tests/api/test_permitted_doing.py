"""Over HTTP: every role, in every office, gives every command where it could be given; only who is listed may.

The list is written by hand from the field's rules, a line for each address: the case it is asked of, and who may. The store takes
nothing while it is asked: whoever is let through is told so (503), whoever is not was refused before, and nothing changes.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import uuid4

import pytest

from api.examples import EXAMPLES
from api.resources import RESOURCES
from domain.actors import Role
from tests.api.office import Office, office
from tests.api.people import (
    ARBITER,
    CLERK,
    COMMUNITY,
    DISPATCHER,
    DISTRICT,
    GRID,
    HOTLINE,
    LEADER,
    PLEA,
    ROADS,
    SUPERVISOR,
    WATER,
    WORKER,
    assigned,
    at_work,
    logged,
)
from tests.api.test_clearing import cleared
from tests.api.test_clearing import logged as case_with_a_photo
from tests.api.test_permitted import UNITS
from workflow import who

# The address under the case, what the case must be, and who may; `street` are its clerks and leaders, `water` and `roads`
# clerks and heads of the department; everybody in the unit of the case, nobody beside, above or elsewhere.
DOES = """
answer                                      question     street hotline
amendments                                  grid         grid
handling                                    grid         grid
referral                                    grid         grid
sending-down                                street       street
whistles                                    grid         leader
whistles/withdrawal                         whistled     leader
whistles/refusal                            whistled     dispatcher
whistles/rating                             verified     supervisor
assignments                                 whistled     dispatcher
assignments/{water}/acknowledgement         assigned     water
assignments/{water}/report-in               assigned     water
assignments/{water}/report-in/contest       working      street
assignments/{water}/steps                   -            -
assignments/{roads}/completion              supported    roads
assignments/{roads}/withdrawal              supported    dispatcher
assignments/{water}/rating                  verified     leader
supports                                    working      dispatcher
supports/proposals                          working      water
reassignment                                working      dispatcher
disputes                                    refused      street dispatcher water
disputes/ruling                             disputed     arbiter
requests/whistle                            grid         grid
requests/return                             assigned     water
requests/extension                          working      water
requests/suspension                         working      water
requests/exclusion                          working      everybody_above water
requests/erasure                            reported     street hotline data_officer
requests/lifting                            complained   supervisor dispatcher
requests/{1}/decision                       extension    leader dispatcher
requests/{1}/decision                       to_forget    supervisor data_officer
requests/{1}/decision                       to_lift      supervisor arbiter
requests/{1}/withdrawal                     extension    water
resumption                                  suspended    street supervisor
result                                      working      water
verification                                resolved     grid street
callbacks                                   called       street hotline
rework                                      unsolved     street hotline
closure                                     verified     street supervisor
reopening                                   closed       street supervisor
cancellation                                grid         street
restoration                                 cancelled    street
merger                                      grid         street dispatcher
merger/undoing                              merged       street dispatcher
notes                                       working      everybody_above water
photos                                      working      everybody_above water
photos/{1}/clearing                         photographed street
photos/{1}/withholding                      cleared      street
words/clearing                              marked       street
urges                                       working      everybody_above water
supervisions                                working      supervisor
supervisions/{1}/answer                     supervised   water
supervisions/{1}/lifting                    supervised   supervisor
erasure/contact                             reported     -
looks                                       reported     everybody_above
"""
AT = {
    "grid": [WORKER],
    "community": [(Role.COMMUNITY, COMMUNITY)],
    "street": [CLERK, LEADER],
    "leader": [LEADER],
    "hotline": [HOTLINE],
    "dispatcher": [DISPATCHER],
    "supervisor": [SUPERVISOR],
    "arbiter": [ARBITER],
    "data_officer": [(Role.DATA_OFFICER, DISTRICT)],
    "water": [WATER, (Role.DEPARTMENT_HEAD, "water")],
    "roads": [ROADS, (Role.DEPARTMENT_HEAD, "roads")],
}
AT["everybody_above"] = [
    *AT["grid"], *AT["community"], *AT["street"], *AT["hotline"], *AT["dispatcher"], *AT["supervisor"], *AT["arbiter"],
]  # fmt: skip
SAID: dict[str, Any] = {
    "looks": {"what": "words"},
    "photos/{1}/clearing": {"nothing": True},
    "words/clearing": {"upto": 1},
    "photos/{1}/withholding": {"reason": "a face"},
    "assignments/{roads}/completion": {"done": "closed off"},
    "reassignment": {"lead": "gas", "reason": "theirs"},
    "supports": {"unit": "gas"},
    "supports/proposals": {"unit": "gas", "reason": "near"},
    "requests/suspension": {"reason": "season", "review": "2026-03-20"},
    "whistles": {"plea": PLEA},
}
ASIDE = {"looks", "photos/{}/clearing"}  # with routes of their own
ROLES = [role for role in Role if role is not Role.SYSTEM]
Case = dict[str, Any]


class Row(NamedTuple):
    """An address, the case it is asked of, and who may."""

    path: str
    stage: str
    who: frozenset[tuple[Role, str]]


def rows() -> Iterator[Row]:
    for line in DOES.strip().splitlines():
        path, stage, *names = line.split()
        yield Row(path, stage, frozenset(pair for name in names if name != "-" for pair in AT[name]))


class Stages(dict[str, Case]):
    """Cases, each with the moment at which it stood so: windows go by."""

    def __init__(self, hall: Office) -> None:
        """`hall` has the clock."""
        super().__init__()
        self.hall = hall

    def __setitem__(self, stage: str, case: Case) -> None:
        super().__setitem__(stage, {**case, "at": self.hall.time.now})


def stages(hall: Office) -> dict[str, Case]:
    """A case for each line; each was brought there by those who may."""
    found = Stages(hall)
    found["grid"], into = logged(hall), logged(hall)
    found["assigned"] = assigned(hall)
    found["working"] = at_work(hall)
    found["question"] = logged(hall, nature="consultation", category="0604")
    found["street"] = hall.act(WORKER, logged(hall), "referral", {"reason": "a digger"})
    if found["street"]["level"] != "street":
        found["street"] = hall.act((Role.COMMUNITY, COMMUNITY), found["street"], "referral", {"reason": "a digger"})
    found["whistled"] = hall.act(LEADER, logged(hall), "whistles", {"plea": PLEA})
    resolved = hall.act(WATER, at_work(hall), "result", {"done": "d", "reply": "r"})
    found["resolved"] = resolved
    done = hall.act(WATER, at_work(hall), "result", {"done": "d", "reply": "r"})
    found["verified"] = hall.act(WORKER, done, "verification", {"passed": True})
    both = hall.act(DISPATCHER, at_work(hall), "supports", {"unit": "roads"})
    both = hall.act(ROADS, both, "assignments/roads/acknowledgement")
    found["supported"] = hall.act(ROADS, both, "assignments/roads/report-in", {"on_the_spot": True})
    asked = hall.act(
        WATER, assigned(hall), "requests/return", {"reason": "not ours", "legal_basis": "7", "suggested": "roads"}
    )
    found["refused"] = hall.act(DISPATCHER, asked, "requests/1/decision", {"granted": False, "reason": "yours"})
    asked = hall.act(
        WATER, assigned(hall), "requests/return", {"reason": "not ours", "legal_basis": "7", "suggested": "roads"}
    )
    asked = hall.act(DISPATCHER, asked, "requests/1/decision", {"granted": False, "reason": "yours"})
    found["disputed"] = hall.act(WATER, asked, "disputes", {"reason": "not ours"})
    found["extension"] = hall.act(WATER, at_work(hall), "requests/extension", {"by": "1 working day", "reason": "part"})
    put_off = {"reason": "season", "review": "2026-03-20"}
    asked = hall.act(WATER, at_work(hall), "requests/suspension", put_off)
    found["suspended"] = hall.act(SUPERVISOR, asked, "requests/1/decision", {"granted": True})
    reporter = {"source": "hotline", "narrative": "water", "reporter": {"name": "n", "phone": "13800000000"}}
    found["reported"] = logged(hall, **reporter)
    found["to_forget"] = hall.act(HOTLINE, logged(hall, **reporter), "requests/erasure", {"reason": "by phone"})
    about = {"category": "0406", "place": GRID, "source": "hotline", "nature": "complaint", "against": GRID}
    found["complained"], asked = (hall.post(HOTLINE, "/cases", about).json() for _ in range(2))
    found["to_lift"] = hall.act(DISPATCHER, asked, "requests/lifting", {"reason": "heard in public"})
    told = hall.act(WATER, at_work(hall, **reporter), "result", {"done": "d", "reply": "r"})
    found["called"] = hall.act(WORKER, told, "verification", {"passed": True})
    told = hall.act(WATER, at_work(hall, **reporter), "result", {"done": "d", "reply": "r"})
    told = hall.act(WORKER, told, "verification", {"passed": True})
    found["unsolved"] = hall.act(HOTLINE, told, "callbacks", {"contacted": True, "solved": False, "satisfied": "no"})
    done = hall.act(WATER, at_work(hall), "result", {"done": "d", "reply": "r"})
    done = hall.act(WORKER, done, "verification", {"passed": True})
    found["closed"] = hall.act(CLERK, done, "closure", {"outcome": "solved"})
    found["cancelled"] = hall.act(CLERK, logged(hall), "cancellation", {"reason": "duplicate"})
    found["merged"] = hall.act(CLERK, logged(hall), "merger", {"into": into["case"], "reason": "same"})
    slow = {"level": "yellow", "addressee": "water", "reason": "slow"}
    found["supervised"] = hall.act(SUPERVISOR, at_work(hall), "supervisions", slow)
    found["photographed"], found["cleared"] = (seen(hall, case_with_a_photo(hall)) for _ in range(2))
    cleared(hall, found["cleared"]["case"])
    found["cleared"] = seen(hall, found["cleared"]["case"])
    found["marked"] = logged(hall, summary="call 13800138000")
    SAID["merger"] = {"into": found["street"]["case"], "reason": "same"}
    return found


def seen(hall: Office, case: str) -> Case:
    found: Case = hall.get(CLERK, f"/cases/{case}").json()
    return found


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, dict[str, Case]]]:
    """A store that takes nothing any more, with a case for each line and a token for every office."""
    with office(tmp_path_factory.mktemp("doing")) as hall:
        found = stages(hall)
        for role in ROLES:
            for unit in UNITS:
                hall.token(role, unit)
        hall.whole.log.close()
        yield hall, found


def asked(hall: Office, row: Row, case: Case, pair: tuple[Role, str]) -> int:
    path = row.path.replace("{water}", "water").replace("{roads}", "roads").replace("{1}", "1")
    hall.time.now = case["at"]
    said = SAID.get(row.path, EXAMPLES.get(FORMS.get(row.path, ""), {}))
    seen = None if row.path == "looks" else case["version"]
    return hall.post(pair, f"/cases/{case['case']}/{path}", said, seen=seen, key=str(uuid4())).status_code


FORMS = {
    resource.path.replace("{unit}", unit).replace("{number}", "{1}"): resource.form.__name__
    for resource in RESOURCES
    for unit in ("{water}", "{roads}")
}


def test_every_command_s_address_has_a_row() -> None:
    wanted = {resource.path.replace("{unit}", "{}").replace("{number}", "{}") for resource in RESOURCES} | ASIDE
    listed = {row.path.replace("{water}", "{}").replace("{roads}", "{}").replace("{1}", "{}") for row in rows()}
    assert listed == wanted


@pytest.mark.slow
@pytest.mark.parametrize("row", [row for row in rows() if row.stage != "-"], ids=lambda row: row.path)
def test_only_who_is_listed_may(closed: tuple[Office, dict[str, Case]], row: Row) -> None:
    hall, found = closed
    answers = {(role, unit): asked(hall, row, found[row.stage], (role, unit)) for role in ROLES for unit in UNITS}
    assert set(answers.values()) <= {503, 404, 403, 409, 422}
    assert {pair for pair, status in answers.items() if status == 503} == row.who


def test_a_guard_that_lets_everybody_through_is_found(
    closed: tuple[Office, dict[str, Case]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seeded fault lets whoever sees the case dispatch it."""
    hall, found = closed
    row = next(row for row in rows() if row.path == "assignments")
    auditor = (Role.AUDITOR, DISTRICT)
    assert asked(hall, row, found[row.stage], auditor) == 403
    monkeypatch.setattr(who.the_dispatcher, "__code__", (lambda ask: True).__code__)
    assert asked(hall, row, found[row.stage], auditor) == 503
