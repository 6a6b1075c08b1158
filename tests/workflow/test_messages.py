"""Who is told what: the table, read against stories; its words in both languages; and that nothing else is ever said."""

import string
from collections.abc import Iterator
from dataclasses import fields, replace
from random import Random
from typing import Any

import pytest

from domain import commands as c
from domain import events as e
from domain.clocks import Started
from domain.entries import Entry
from domain.policy import Window
from domain.states import Clock, Source, State
from tests import spec
from tests import steps as s
from tests.district import DISTRICT, GRID, STREET, district
from tests.lives import Lives, Memory
from tests.spec import CASE, OTHER, Asked, Steps, Story
from tests.town import TOWN, clerk, dispatcher, leader, partner, supervisor, system
from workflow.messages import SAYS, TABLE, Kind, Message, Reporter, messages, telling
from workflow.messages import Told as After
from workflow.saying import EXAMPLES, SENTENCES, TITLES, example, subject_of, worded

REPORTED = Reporter(CASE)


def told(*steps: Steps, **more: Any) -> list[tuple[str, object]]:
    """Who was told what in a story, in order."""
    return [(message.kind.value, message.whom) for message in all_of(spec.given(*steps, **more))]


def all_of(story: Story) -> Iterator[Message]:
    for after in telling(tuple(story.file)):
        yield from messages(after)


def last(*steps: Steps, **more: Any) -> list[tuple[str, object]]:
    """What the last step alone has told."""
    return told(*steps, **more)[len(told(*steps[:-1], **more)) :]


def test_a_whole_life() -> None:
    assert told(
        s.logged(), s.whistled(), s.assigned("water", "roads"), s.reported_in(), s.reported_in("roads"), s.support_done(), s.result(), s.passed(),
        s.called(), s.closed(),
    ) == [
        ("reporter_received", REPORTED),
        ("to_dispatch", DISTRICT),
        ("assigned", "water"),
        ("assigned", "roads"),
        ("to_verify", STREET),
        ("reporter_result", REPORTED),
        ("closed", "roads"),
        ("closed", "water"),
        ("reporter_closed", REPORTED),
    ]  # fmt: skip


def test_what_a_unit_is_told_of_its_requests() -> None:
    assert last(s.working(), s.extension_asked(), s.extension_granted()) == [
        ("granted", "water"),
        ("reporter_extended", REPORTED),
    ]
    assert last(s.working(), s.suspension_asked(), Asked(supervisor, c.GrantSuspension(1))) == [
        ("granted", "water"),
        ("reporter_suspended", REPORTED),
    ]
    assert last(s.working(), s.return_asked(), s.rejected()) == [("rejected", "water")]
    assert last(s.working(), s.return_asked(), s.return_granted()) == [("granted", "water")]
    granted = Asked(leader, c.GrantWhistle(1))
    assert last(s.found(), s.applied(), granted) == [("to_dispatch", DISTRICT), ("granted", GRID)]


def test_work_that_comes_and_goes() -> None:
    reassign = Asked(dispatcher, c.Reassign("roads", "it is the road"))
    assert last(s.working(), reassign) == [("assigned", "roads"), ("taken_back", "water")]
    assert last(s.working(), Asked(dispatcher, c.AddSupport("roads"))) == [("assigned", "roads")]
    withdraw = Asked(dispatcher, c.WithdrawSupport("roads", "no need"))
    assert last(s.working("water", "roads"), withdraw) == [("taken_back", "roads")]
    assert last(s.working(), s.return_asked(), s.rejected(), s.disputed(), s.ruled("roads")) == [
        ("assigned", "roads"),
        ("taken_back", "water"),
    ]
    assert last(s.resolved(), s.failed()) == [("rework", "water")]
    assert last(s.found(), s.referred_up()) == [("referred", STREET[:6] + "001")]
    assert last(s.working(), Asked(clerk, c.Urge("now"))) == [("urged", "water")]
    assert last(s.working(), s.supervised()) == [("supervised", "water")]
    assert last(s.ended(), s.reopened()) == [("reopened", STREET)]
    assert last(s.working(), s.suspended(), Asked(clerk, c.Resume("thawed"))) == [("resumed", "water")]


def test_what_time_does() -> None:
    def time_does(story: Story, command: c.Command) -> list[tuple[str, object]]:
        before = len(list(all_of(story)))
        story.when(system, command, at="05-30 10:00")
        return [(one.kind.value, one.whom) for one in all_of(story)][before:]

    resolve: dict[str, Any] = {"clock": Clock.RESOLVE, "unit": "water", "run": 1, "revision": 1}
    assert time_does(spec.given(s.working()), c.RecordNearDue(**resolve)) == [("near_due", "water")]
    assert time_does(spec.given(s.working()), c.RecordMiss(**resolve)) == [("missed", "water"), ("supervised", "water")]
    triage: dict[str, Any] = {"clock": Clock.TRIAGE, "unit": "", "run": 1, "revision": 1}
    assert time_does(spec.given(s.logged()), c.RecordNearDue(**triage)) == [("near_due", STREET)]
    watched: dict[str, Any] = {"clock": Clock.SUPERVISION, "unit": "1", "run": 1, "revision": 1}
    assert time_does(spec.given(s.working(), s.supervised()), c.RecordMiss(**watched)) == [("missed", "water")]
    assert time_does(spec.given(s.verified()), c.RecordWindowPassed(Window.RATE)) == [("please_rate", STREET)]
    assert time_does(spec.given(s.working(), s.return_asked()), c.LapseRequest(1)) == [("lapsed", "water")]


def test_a_window_that_is_not_for_rating_reminds_nobody() -> None:
    story = spec.given(s.working())
    story.when(system, c.RecordWindowPassed(Window.RETURN, "water"), at="05-30 10:00")
    assert [one.kind for one in all_of(story)][-1] is Kind.ASSIGNED


def test_nobody_is_told_of_what_they_did_themselves() -> None:
    assert last(s.logged(), s.handled(), s.own_result(), s.passed(), s.called(), s.closed(by=supervisor)) == [
        ("closed", STREET),
        ("reporter_closed", REPORTED),
    ]
    assert ("to_verify", STREET) not in told(s.logged(), s.handled(), s.own_result())


def test_who_found_it_on_patrol_and_left_no_number_is_not_told() -> None:
    assert not [whom for _, whom in told(s.found(), s.cancelled()) if isinstance(whom, Reporter)]
    assert last(s.logged(), s.cancelled()) == [("reporter_cancelled", REPORTED)]


def test_whose_case_goes_on_inside_another_hears_of_that_one() -> None:
    story = spec.given(s.working(), other=(s.logged(),))
    assert story.other
    story.other.other = story
    story.other.when(dispatcher, c.MergeCase(CASE, "the same"))
    before = list(all_of(story))
    story.when(s.result().actor, s.result().command)
    assert [(one.kind.value, one.whom) for one in all_of(story)][len(before) :] == [
        ("to_verify", STREET),
        ("reporter_result", REPORTED),
        ("reporter_result", Reporter(OTHER)),
    ]


def test_a_deadline_that_had_passed_before_a_case_came_here_is_no_news() -> None:
    def missed(opened_at: str, due_at: str) -> list[str]:
        from tests.ticks import at  # noqa: PLC0415 - beside its use

        carry = c.CarryOver(
            state=State.ASSIGNED, category="0101", source=Source.HOTLINE, place=GRID, department="water", opened=at(opened_at), due=at(due_at)
        )  # fmt: skip
        story = spec.given(Asked(partner, carry, at="03-10 10:00"))
        (fact,) = [f for f in story.file[0].clocks if isinstance(f, Started) and f.clock is Clock.RESOLVE]
        story.when(system, c.RecordMiss(clock=fact.clock, unit=fact.unit, run=1, revision=1), at="05-30 10:00")
        return [one.kind.value for one in all_of(story)]

    assert missed("01-02 10:00", "01-09 10:00") == ["supervised"]
    assert missed("03-02 10:00", "03-20 10:00") == ["missed", "supervised"]


# --- the table and its words


def test_every_kind_has_a_row_both_languages_and_says_what_it_may() -> None:
    assert {row.kind for row in TABLE} == set(SAYS) == set(SENTENCES) == set(TITLES) == set(Kind)
    for kind, pair in SENTENCES.items():
        for sentence in pair:
            named = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
            assert named == {"number", "category", "place", *SAYS[kind]}, kind
        assert pair[0] != pair[1] and TITLES[kind][0] != TITLES[kind][1]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_preview(kind: Kind, language: str) -> None:
    text = worded(*example(kind, TOWN), TOWN, language)
    assert text.title and "{" not in text.body and f"{DISTRICT}-20260302-1" in text.body
    assert EXAMPLES.keys() == {name for says in SAYS.values() for name in says}


def test_a_message_as_it_is_read() -> None:
    story = spec.given(s.logged(), s.whistled(), s.assigned("water"))
    assert story.case
    message = list(all_of(story))[-1]
    zh, en = (
        worded(message, subject_of(story.case, "110-20260302-1", message), story.law, language)
        for language in ("zh", "en")
    )
    assert (zh.title, en.title) == ("新派单", "Assigned to you")
    assert (
        zh.body == "案件110-20260302-1（暴露垃圾，一网格）派给贵单位主办，处置时限2026-03-09 09:30。请尽快签收、报到。"
    )
    assert en.body.startswith(
        "Case 110-20260302-1 (exposed rubbish, 110001001001) is assigned to you as lead, due 2026"
    )
    mine = next(one for one in all_of(story) if one.whom == REPORTED)
    assert subject_of(story.case, "", mine).place == STREET, "others may read a reporter's phone"


# --- what is never said

CANARY = "CANARY"
SPOKEN = {"reply"}  # written for the public
CODES = {
    "unit", "lead", "former", "addressee", "department", "suggested", "category", "code", "step", "subject", "edition", "level", "by", "receipt",
}  # fmt: skip


def with_canaries(thing: Any) -> Any:
    """The same, with another text wherever somebody wrote one."""
    changed = {}
    for one in fields(thing):
        value = getattr(thing, one.name)
        if type(value) is str and one.name not in CODES | SPOKEN:
            changed[one.name] = CANARY
        elif isinstance(value, e.Plea | e.About | e.Reporter):
            changed[one.name] = with_canaries(value)
    return replace(thing, **changed)


def lives(seeds: range) -> Iterator[tuple[Entry, ...]]:
    """Files of random lives, with a canary in every text."""
    for seed in seeds:
        life = Lives(memory := Memory(district()), district(), Random(seed))
        for _ in range(250):
            life.step()
        for file in memory.files.values():
            yield tuple(replace(entry, event=with_canaries(entry.event)) for entry in file)


def leaks(after: After, rows: tuple[Message, ...]) -> bool:
    law = district()
    for message in rows:
        subject = subject_of(after.case, "1", message)
        texts = [worded(message, subject, law, language) for language in ("zh", "en")]
        if CANARY in repr((message, subject, texts)) or after.entry.actor.staff in repr((message, subject, texts)):
            return True
    return False


def test_no_reason_no_note_no_name_and_no_staff_is_ever_said() -> None:
    heard = set[Kind]()
    for file in lives(range(12)):
        for after in telling(file):
            found = messages(after)
            heard |= {message.kind for message in found}
            assert not leaks(after, found), after.event
    assert len(heard) > 15, "lives in which nobody is told anything prove nothing"


def test_a_row_that_says_a_reason_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seeded fault."""
    monkeypatch.setitem(
        SENTENCES, Kind.REFERRED, (f"{SENTENCES[Kind.REFERRED][0]}{{why}}", SENTENCES[Kind.REFERRED][1])
    )
    monkeypatch.setitem(
        SAYS, Kind.REFERRED, {**SAYS[Kind.REFERRED], "why": lambda after, _: getattr(after.event, "reason", "")}
    )
    assert any(leaks(after, messages(after)) for file in lives(range(3)) for after in telling(file))
