"""The resident, by receipt: logs, adds words, urges, withdraws, rates, disputes, reopens; and is forgotten on request."""

from domain.commands import (
    AddNote,
    AddPhoto,
    CancelCase,
    CloseCase,
    EraseReporter,
    OrderRework,
    PassVerification,
    RecordCallback,
    ReopenCase,
    RestoreCase,
    Urge,
)
from domain.events import (
    CallbackRecorded,
    CaseCancelled,
    CaseClosed,
    CaseLogged,
    CaseReopened,
    CaseRestored,
    CaseUrged,
    NoteAdded,
    PhotoAdded,
    Reporter,
    ReporterErased,
    ReworkOrdered,
    VerificationPassed,
)
from domain.places import Path
from domain.privacy import Sealed, Secrecy
from domain.states import Clock, Level, Nature, Outcome, Satisfied, Source, State
from tests.district import COMMUNITY, DISTRICT, GRID, STREET
from tests.spec import Asked, given
from tests.steps import (
    SOMEONE,
    a_case,
    called,
    cancelled,
    ended,
    found,
    handled,
    logged,
    nobody_answered,
    own_result,
    passed,
    verified,
    whistled,
    working,
)
from tests.ticks import resumed, started, stopped
from tests.town import (
    RUBBISH,
    clerk,
    data_officer,
    gas,
    grid_worker,
    hotline,
    leader_of_another_street,
    reporter,
    resident,
    supervisor,
    system,
    water,
)

R, T, D, Z, V, C = Clock.RESIDENT, Clock.TRIAGE, Clock.DISPATCH, Clock.RESOLVE, Clock.VERIFY, Clock.CALL_BACK
CONTENT = RecordCallback(contacted=True, solved=True, satisfied=Satisfied.MOSTLY)
WORDS, PICTURE = Sealed(Secrecy.NARRATIVE, "words"), Sealed(Secrecy.PHOTOS, "picture")
SOMEBODY_ELSE = reporter.__class__("", reporter.role, "receipt-2")
DUPLICATE = CancelCase("duplicate")


def test_logs_a_case() -> None:
    given().when(resident, a_case(source=Source.WEB)).then(
        "nothing → logged",
        CaseLogged(
            category=RUBBISH,
            nature=Nature.INCIDENT,
            source=Source.WEB,
            level=Level.STREET,
            place=Path(DISTRICT, STREET, COMMUNITY, GRID),
            reporter=SOMEONE,
            receipt="receipt-1",
            edition="110@1",
        ),
        clocks=(started(R), started(T)),
    )


def test_adds_words_and_pictures_and_urges() -> None:
    story = given(working())
    story.when(reporter, AddNote(WORDS)).then("in_progress stays", NoteAdded(WORDS))
    story.when(reporter, AddPhoto(PICTURE)).then("in_progress stays", PhotoAdded(PICTURE))
    story.when(reporter, Urge("it is cold")).then("in_progress stays", CaseUrged("it is cold"))


def test_so_do_the_units_of_the_case() -> None:
    story = given(working())
    story.when(water, AddNote(WORDS)).then("in_progress stays", NoteAdded(WORDS))
    story.when(water, AddPhoto(PICTURE)).then("in_progress stays", PhotoAdded(PICTURE))
    story.when(clerk, Urge()).then("in_progress stays", CaseUrged())


def test_and_nobody_else() -> None:
    story = given(working())
    for command in (AddNote(WORDS), AddPhoto(PICTURE), Urge()):
        story.when(gas, command).refused("only_a_unit_of_the_case_or_the_reporter")
        story.when(SOMEBODY_ELSE, command).refused("only_a_unit_of_the_case_or_the_reporter")
    given(found()).when(resident, Urge()).refused("only_a_unit_of_the_case_or_the_reporter")


def test_withdraws_what_was_only_logged() -> None:
    given(logged()).when(reporter, DUPLICATE).then(
        "logged → cancelled", CaseCancelled("duplicate"), clocks=(stopped(R), stopped(T))
    ).accountable("")
    given(logged(), handled()).when(reporter, DUPLICATE).refused("only_the_street")
    given(logged()).when(SOMEBODY_ELSE, DUPLICATE).refused("only_the_street_or_the_reporter")


def test_the_street_cancels_until_somebody_is_assigned() -> None:
    given(logged()).when(clerk, DUPLICATE).then(
        "logged → cancelled", CaseCancelled("duplicate"), clocks=(stopped(R), stopped(T))
    )
    given(logged(), handled()).when(clerk, DUPLICATE).then(
        "handling → cancelled", CaseCancelled("duplicate"), clocks=(stopped(R), stopped(Z, STREET))
    ).assignments(**{STREET: "withdrawn"})
    given(logged(), whistled()).when(clerk, DUPLICATE).then(
        "escalated → cancelled", CaseCancelled("duplicate"), clocks=(stopped(R), stopped(D))
    ).whistle("withdrawn")
    given(logged()).when(clerk, CancelCase("tired")).refused("a_reason_of_the_list", reasons=["duplicate", "mistake"])
    given(logged(), whistled()).when(leader_of_another_street, DUPLICATE).refused("only_the_street")


def test_a_cancelled_case_is_restored_with_its_first_due() -> None:
    given(logged(at="03-02 09:00"), cancelled()).when(clerk, RestoreCase("a mistake"), at="03-20 09:00").then(
        "cancelled → logged", CaseRestored("a mistake"), clocks=(resumed(R, due="03-17 09:00"), started(T))
    ).accountable(STREET)
    given(logged(), cancelled()).when(reporter, RestoreCase("please")).refused("only_the_street")


def test_reopens_within_the_window() -> None:
    given(ended()).when(reporter, ReopenCase("it leaks again")).then(
        "closed → logged", CaseReopened("it leaks again"), clocks=(started(R), started(T))
    ).accountable(STREET)
    given(ended()).when(clerk, ReopenCase("it leaks again")).then(
        "closed → logged", CaseReopened("it leaks again"), clocks=(started(R), started(T))
    )
    given(ended()).when(water, ReopenCase("mine")).refused("only_the_reporter_or_the_street_or_the_supervisor")
    given(ended(at="03-04 09:00")).when(reporter, ReopenCase("too late"), at="04-03 09:01").refused(
        "within_the_reopening_window"
    )


def test_rates_without_waiting_for_a_call() -> None:
    said = CallbackRecorded(1, contacted=True, solved=True, satisfied=Satisfied.MOSTLY)
    given(verified()).when(reporter, CONTENT).then("verified stays", said, clocks=(stopped(C),))
    said = CallbackRecorded(2, contacted=True, solved=True, satisfied=Satisfied.MOSTLY)
    given(verified(), nobody_answered()).when(reporter, CONTENT).then("verified stays", said, clocks=(stopped(C),))


def test_rates_once_what_was_verified_and_only_their_own() -> None:
    given(verified(), called()).when(reporter, CONTENT).refused("attempts_are_left")
    given(verified(), nobody_answered(), nobody_answered(), nobody_answered()).when(reporter, CONTENT).refused(
        "attempts_are_left"
    )
    given(working()).when(reporter, CONTENT).refused("not_in_this_state")
    story = given(verified())
    story.when(reporter, RecordCallback(contacted=False)).refused("it_is_an_answer")
    story.when(reporter, RecordCallback(contacted=True)).refused("contacted_needs_solved_and_satisfied")
    story.when(SOMEBODY_ELSE, CONTENT).refused("only_the_hotline_or_the_street_or_the_reporter")
    forgotten = Asked(data_officer, EraseReporter("asked"))
    given(verified(), forgotten).when(reporter, CONTENT).refused("a_reporter_waits")


def test_who_left_no_number_is_not_waited_for_and_has_a_say_all_the_same() -> None:
    done = (Asked(hotline, a_case(reporter=Reporter())), handled(), own_result())
    given(*done).when(grid_worker, PassVerification()).then(
        "resolved → verified", VerificationPassed(), clocks=(stopped(V),)
    )
    given(*done, passed()).when(hotline, CONTENT).refused("somebody_is_to_be_called")
    given(*done, passed()).when(supervisor, CloseCase(Outcome.SOLVED)).then(
        "verified → closed", CaseClosed(Outcome.SOLVED), clocks=(stopped(R),)
    )
    said = CallbackRecorded(1, contacted=True, solved=True, satisfied=Satisfied.MOSTLY)
    given(*done, passed()).when(reporter, CONTENT).then("verified stays", said)
    unsolved = given(*done, passed(), called(solved=False, by=reporter))
    unsolved.when(supervisor, CloseCase(Outcome.SOLVED)).refused("the_outcome_is_what_was_said")
    unsolved.when(supervisor, CloseCase(Outcome.UNREACHABLE)).refused("the_outcome_is_what_was_said")


def test_disputes_what_is_not_solved_and_sends_it_back() -> None:
    given(verified(), said_unsolved()).when(reporter, OrderRework("it leaks")).then(
        "verified → in_progress", ReworkOrdered(State.IN_PROGRESS, "it leaks"), clocks=(resumed(Z, "water"),)
    )
    own = given(logged(), handled(), own_result(), passed(), said_unsolved())
    own.when(reporter, OrderRework("dirty")).then(
        "verified → handling", ReworkOrdered(State.HANDLING, "dirty"), clocks=(resumed(Z, STREET),)
    )
    given(verified(), called()).when(reporter, OrderRework("a feeling")).refused("it_is_not_solved")
    given(verified(), said_unsolved()).when(SOMEBODY_ELSE, OrderRework("mine")).refused(
        "only_the_street_or_the_hotline_or_the_reporter"
    )


def said_unsolved() -> Asked:
    return Asked(reporter, RecordCallback(contacted=True, solved=False, satisfied=Satisfied.NO))


def test_is_forgotten() -> None:
    given(working()).when(data_officer, EraseReporter("asked")).then("in_progress stays", ReporterErased("asked"))
    given(ended()).when(system, EraseReporter("retention")).then("closed stays", ReporterErased("retention"))
    given(ended(), Asked(system, EraseReporter("retention"))).when(data_officer, EraseReporter("asked")).nothing()
    given(ended()).when(supervisor, EraseReporter("tidy")).refused("only_the_data_officer")
