"""What time erases: of ended cases, what was kept as long as it may be, each class by itself; nothing of what is open."""

from dataclasses import replace
from typing import Any

from domain import commands as c
from domain.events import CaseReopened, ContactErased, Reporter, RetentionEnded
from domain.policy import Policy
from domain.privacy import Sealed, Secrecy
from domain.states import Clock, Outcome
from domain.worktime import Limit
from tests.spec import CASE, OTHER, Asked, Steps, given
from tests.steps import (
    a_case,
    answered,
    asked_a_question,
    cancelled,
    ended,
    forgotten,
    found,
    handled,
    logged,
    own_result,
    passed,
    verified,
)
from tests.ticks import at, started, stopped
from tests.town import TOWN, clerk, data_officer, hotline, reporter, supervisor, system
from workflow.retention import endings, next_ending

C, R, T = Clock.CALL_BACK, Clock.RESIDENT, Clock.TRIAGE
CONTACT, NARRATIVE, PHOTOS = Secrecy.CONTACT, Secrecy.NARRATIVE, Secrecy.PHOTOS
END = c.EndRetention()


def keeping(**days: str) -> Any:
    """The town, where some classes are kept for other spans."""
    policy: Policy = TOWN.policy
    spans = {Secrecy(name): Limit.parse(text) for name, text in days.items()}
    return replace(TOWN, policy=replace(policy, retention={**policy.retention, **spans}))


def note(at: str = "") -> Asked:
    return Asked(reporter, c.AddNote(Sealed(NARRATIVE, "words")), at)


def photo(at: str = "") -> Asked:
    return Asked(clerk, c.AddPhoto(Sealed(PHOTOS, "photo")), at)


CLOSED: Steps = (asked_a_question(at="03-02 09:00"), answered(at="03-02 10:00"))


def test_a_contact_is_erased_at_the_beginning_of_the_day_after_its_last() -> None:
    given(CLOSED).when(system, END, at="08-29 23:59").nothing()
    story = given(CLOSED).when(system, END, at="08-30 00:00")
    story.then("closed stays", RetentionEnded((CONTACT,))).shows(kept={}, reporter_has_number=False)
    story.when(system, END).nothing()


def test_each_class_has_a_span_of_its_own() -> None:
    law = keeping(contact="10 days", narrative="20 days", photos="20 days")
    steps = (logged(at="03-02 09:00"), note(), photo(), cancelled(at="03-02 12:00"))
    story = given(*steps, law=law).when(system, END, at="03-13 00:00")
    story.then("cancelled stays", RetentionEnded((CONTACT,)))
    story.when(system, END, at="03-22 23:59").nothing()
    story.when(system, END, at="03-23 00:00").then("cancelled stays", RetentionEnded((NARRATIVE, PHOTOS)))
    given(*steps, law=law).when(system, END, at="04-01 00:00").then(
        "cancelled stays", RetentionEnded((CONTACT, NARRATIVE, PHOTOS))
    )


def test_photos_are_counted_from_the_newest_but_never_go_before_the_case_ends() -> None:
    law = keeping(photos="10 days")
    story = given(
        logged(at="03-02 09:00"), photo(at="03-02 09:30"), photo(at="03-05 09:30"), cancelled(at="03-06 09:00"), law=law
    )
    story.when(system, END, at="03-15 23:59").nothing()
    story.when(system, END, at="03-16 00:00").then("cancelled stays", RetentionEnded((PHOTOS,)))
    late = given(logged(at="03-02 09:00"), photo(), cancelled(at="04-06 09:00"), law=law)
    assert late.case
    assert next_ending(late.case, law) == at("04-06 09:00")


def test_nothing_of_an_open_case_is_erased_and_a_reopened_one_begins_anew() -> None:
    open_case = given(logged(at="03-02 09:00"), note())
    open_case.when(system, END, at="12-31 00:00").nothing()
    assert open_case.case
    assert endings(open_case.case, TOWN) == ()
    again = given(CLOSED, Asked(supervisor, c.ReopenCase("again"), at="03-03 09:00"))
    again.when(system, END, at="08-30 00:00").nothing()
    again.asks(clerk, c.CancelCase("mistake"), at="09-01 09:00")
    again.when(system, END, at="12-31 00:00").nothing()
    assert again.case
    assert next_ending(again.case, TOWN) > at("12-31 00:00")  # type: ignore[operator]  # something is kept


def test_what_has_no_reporter_keeps_nothing() -> None:
    story = given(found(), cancelled())
    assert story.case
    assert next_ending(story.case, TOWN) is None
    story.when(system, END, at="12-31 00:00").nothing()


def test_a_merged_case_is_answered_and_so_kept_with_the_one_it_goes_on_in() -> None:
    law = keeping(contact="10 days")
    merged = (logged(at="03-02 09:00"), Asked(clerk, c.MergeCase(OTHER)))
    given(*merged, other=logged(at="03-02 09:00"), law=law).when(system, END, at="06-01 00:00").nothing()
    story = given(*merged, other=logged(at="03-02 09:00"), law=law)
    assert story.other
    story.other.when(clerk, c.CancelCase("mistake"), at="05-01 09:00")
    story.when(system, END, at="05-11 23:59").nothing()
    story.when(system, END, at="05-12 00:00").then("merged stays", RetentionEnded((CONTACT,)))
    assert story.id == CASE


def test_only_time_ends_a_retention() -> None:
    for somebody in (data_officer, supervisor, reporter):
        given(CLOSED).when(somebody, END, at="08-30 00:00").refused("only_the_system")
    given(CLOSED, *forgotten()).when(system, END, at="08-30 00:00").nothing()


def test_a_case_that_comes_back_after_its_contact_was_erased_calls_nobody() -> None:
    policy = replace(TOWN.policy, windows={})
    story = given(CLOSED, law=replace(TOWN, policy=policy))
    story.asks(system, END, at="08-30 00:00")
    story.when(supervisor, c.ReopenCase("again")).then(
        "closed → logged", CaseReopened("again"), clocks=(started(R), started(T))
    )
    story.shows(can_be_called=False, wants_answer=True)


# --- by receipt


def test_the_reporter_has_their_contact_erased_whenever_they_like() -> None:
    erase = c.EraseContact()
    for steps in (logged(), ended(), (logged(), cancelled())):
        story = given(steps, case=CASE)
        story.when(reporter, erase)
        assert story.case
        story.then(f"{story.case.state} stays", ContactErased()).shows(
            kept={}, reporter_has_number=False, wants_answer=True
        )
        story.when(reporter, erase).refused("a_contact_is_kept")
    given(logged(), note()).when(reporter, erase).then("logged stays", ContactErased())
    given(logged()).when(data_officer, erase).refused("only_the_reporter")
    given(Asked(hotline, a_case(reporter=Reporter()))).when(reporter, erase).refused("a_contact_is_kept")


def test_who_cannot_be_called_any_more_is_not_waited_for() -> None:
    story = given(verified()).when(data_officer, c.EraseContact()).refused("only_the_reporter")
    story.when(reporter, c.EraseContact()).then("verified stays", ContactErased(), clocks=(stopped(C),))
    story.when(supervisor, c.CloseCase(Outcome.SOLVED))
    assert story.case and story.case.closed_at
    given(verified(), Asked(reporter, c.EraseContact())).when(reporter, c.EraseContact()).refused("a_contact_is_kept")


def test_another_reporter_is_called_all_the_same() -> None:
    story = given(logged(), handled(), other=logged())
    assert story.other
    story.other.other = story
    story.other.asks(clerk, c.MergeCase(CASE))
    story.asks(own_result().actor, own_result().command).asks(passed().actor, passed().command)
    story.when(data_officer, c.EraseContact()).refused("only_the_reporter")
    story.when(reporter, c.EraseContact()).then("verified stays", ContactErased()).shows(can_be_called=True)
    story.when(supervisor, c.CloseCase(Outcome.SOLVED)).refused("the_callback_is_over")
