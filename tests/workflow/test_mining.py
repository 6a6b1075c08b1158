"""What a case file says to process mining: every step that is taken is one that the tables know, and one that is not is found."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4
from xml.etree import ElementTree as ET

import pytest

from domain.actors import Actor, Role
from domain.entries import Entry
from domain.events import EVENTS, CaseClosed, CaseLogged, HandlingBegun, NoteAdded, VerificationFailed, WhistleBlown
from domain.places import Path
from domain.privacy import Sealed, Secrecy
from domain.states import Level, Nature, Outcome, Source, State
from tests.told import lives
from workflow.ledger import name_of, outline, stored_name, written
from workflow.mining import ALLOWED, ON_THE_WAY, PAIRS, Step, said, unit_of, walked
from workflow.ocel import told
from workflow.ways import MOST_VARIANTS, ways
from workflow.words import STEPS
from workflow.xes import document

NOW = datetime(2026, 3, 2, tzinfo=UTC)
CASE = UUID(int=7)
HANDLE, CLOSE, LOG = "handling-begun", "case-closed", "case-logged"


def steps(*told: tuple[str, str]) -> list[Step]:
    """A way: steps an hour apart."""
    return list(walked((name, leaves, NOW + timedelta(hours=n)) for n, (name, leaves) in enumerate(told)))


def test_every_step_of_every_story_is_one_that_the_tables_know() -> None:
    seen = Counter[str]()
    for life in lives():
        way = list(walked(said(life.file)))
        assert [step for step in way if not step.known] == []
        assert {(one.activity, other.activity) for one, other in pairwise(way)} <= PAIRS
        seen.update(step.activity for step in way)
    assert len(seen) > 50


def test_every_event_has_words_and_a_row() -> None:
    names = {stored_name(event) for event in EVENTS}
    assert names == STEPS.keys() == {activity for activity, _ in ALLOWED}
    assert all(zh and en and len(en) <= 30 for zh, en in STEPS.values())
    assert {"case-logged", "verification-failed", "case-carried-over"} <= ON_THE_WAY < names
    assert "note-added" not in ON_THE_WAY


@pytest.mark.parametrize(
    ("way", "known"),
    [
        (((LOG, "logged"), (HANDLE, "handling"), ("result-reported", "resolved"), ("verification-failed", "handling")), (True,) * 4),
        (((LOG, "logged"), (CLOSE, "closed")), (True, False)),
        (((LOG, "logged"), (LOG, "logged")), (True, False)),
        (((HANDLE, "handling"),), (False,)),
        (((LOG, "logged"), ("note-added", ""), (CLOSE, "closed")), (True, True, False)),  # by its pair it would pass
        (((LOG, "logged"), (HANDLE, "handling"), ("result-reported", "resolved"), ("verification-failed", "closed")), (True,) * 3 + (False,)),
        (((LOG, "logged"), ("whistle-blown", "escalated"), ("case-assigned", "assigned")), (True,) * 3),
        (((LOG, "logged"), ("no-such-step", "")), (True, False)),
    ],
)  # fmt: skip
def test_a_step_is_judged_by_where_the_case_stood_and_where_it_is_left(
    way: tuple[tuple[str, str], ...], known: tuple[bool, ...]
) -> None:
    assert tuple(step.known for step in steps(*way)) == known


def test_pairs_by_which_the_tables_allow() -> None:
    assert {(LOG, HANDLE), ("whistle-blown", "case-assigned"), ("case-closed", "case-reopened")} <= PAIRS
    assert not {(LOG, CLOSE), ("case-closed", HANDLE), (HANDLE, "case-assigned"), (CLOSE, LOG)} & PAIRS


def test_ways_are_counted_with_their_medians() -> None:
    plain = [(LOG, "logged"), (HANDLE, "handling"), ("result-reported", "resolved")]
    noted = [plain[0], ("note-added", ""), *plain[1:]]
    found = ways([(uuid4(), steps(*plain)), (uuid4(), steps(*noted)), (uuid4(), steps(*noted)), (uuid4(), [])])
    assert (found.cases, found.steps, found.variants_count, found.strange_count) == (3, 9, 1, 0)
    assert [(way.before, way.after, way.n, way.median / 3600, way.known) for way in found.ways] == [
        (LOG, HANDLE, 3, 2, True), (HANDLE, "result-reported", 3, 1, True),
    ]  # fmt: skip
    assert {stop.activity: (stop.n, stop.first, stop.last) for stop in found.stops} == {
        LOG: (3, 3, 0), HANDLE: (3, 0, 0), "result-reported": (3, 0, 3),
    }  # fmt: skip
    every = ways([(uuid4(), steps(*noted))], every=True)
    assert [variant.activities for variant in every.variants] == [(LOG, "note-added", HANDLE, "result-reported")]
    assert ways([]).cases == 0 and MOST_VARIANTS == 10


def test_what_no_table_knows_is_on_the_map_even_beside_the_way() -> None:
    found = ways(
        [(CASE, steps((LOG, "logged"), (CLOSE, "closed"))), (uuid4(), steps((LOG, "logged"), (HANDLE, "handling")))]
    )
    assert [(way.after, way.known, way.strange) for way in found.ways] == [(CLOSE, False, 1), (HANDLE, True, 0)]
    assert [(one.case, one.activity, one.before, one.after) for one in found.strange] == [
        (CASE, CLOSE, "logged", "closed")
    ]
    beside = ways([(CASE, steps(("note-added", ""), (LOG, "logged")))])
    assert beside.strange_count == 1 and beside.steps == 2


# --- who acted, and what is written


def entry(event: object, version: int, actor: Actor = Actor("staff-1", Role.STREET_CLERK, "s1")) -> Entry:  # noqa: B008 - frozen
    return Entry(
        case=CASE, version=version, event=event, actor=actor, recorded_at=NOW + timedelta(minutes=version), command=uuid4()  # type: ignore[arg-type]
    )  # fmt: skip


NASTY = "\"><script>&amp;'{{7*7}}]]>\u0007"
LOGGED = CaseLogged(
    category=NASTY, nature=Nature.NEED, source=Source.WEB, level=Level.GRID, place=Path("d", "s1", "c1", "g1"), receipt="hash-of-a-receipt",
    narrative=Sealed(Secrecy.NARRATIVE, "token-of-words"),
)  # fmt: skip
RESIDENT = Actor("resident", Role.RESIDENT, "hash-of-a-receipt", "somebody")


def test_a_resident_acts_for_no_unit_and_the_system_neither() -> None:
    assert unit_of(entry(LOGGED, 1, RESIDENT)) == "" == unit_of(entry(LOGGED, 1, Actor("system", Role.SYSTEM, "x")))
    assert unit_of(entry(LOGGED, 1)) == "s1"


def test_no_text_breaks_out_and_nothing_private_gets_in() -> None:
    file = (entry(LOGGED, 1, RESIDENT), entry(HandlingBegun("g1"), 2, Actor("staff-2", Role.GRID_WORKER, NASTY)))
    log = "".join(document(NASTY, {NASTY: (NASTY, NASTY)}, [(NASTY, file)]))
    read = ET.fromstring(log)  # noqa: S314 - our own
    values = [each.get("value") for each in read.iter() if each.get("value")]
    assert values.count(NASTY.replace("\u0007", "\ufffd")) == 6 and "script" not in {each.tag for each in read.iter()}
    objects = told(NASTY, file)
    assert objects.units == {NASTY, "g1"} and len(objects.events) == 2
    for text in (log, str(objects)):
        assert not [
            one for one in ("staff-1", "staff-2", "hash-of-a-receipt", "token-of-words", "somebody") if one in text
        ]


def test_what_a_step_did_to_the_parts_of_a_case() -> None:
    file = (entry(LOGGED, 1), entry(HandlingBegun("g1"), 2))
    begun = told("n-1", file).events[1]
    assert begun["relationships"] == [
        {"objectId": str(CASE), "qualifier": "of"}, {"objectId": "unit/s1", "qualifier": "by"},
        {"objectId": f"{CASE}/assignment/g1/1", "qualifier": "begins"},
    ]  # fmt: skip


def test_an_outline_says_the_same_as_the_whole() -> None:
    for event in (
        LOGGED,
        HandlingBegun("g1"),
        VerificationFailed(State.HANDLING, "r"),
        CaseClosed(Outcome.SOLVED),
        NoteAdded(Sealed(Secrecy.NARRATIVE, "t")),
    ):
        one = entry(event, 1)
        assert outline(name_of(event), written(one)) == (name_of(event), event.leaves or "")
    assert outline(stored_name(WhistleBlown), None) == ("whistle-blown", "escalated")
