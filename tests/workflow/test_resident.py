"""The resident, by receipt: logs, adds words, urges, withdraws, rates, disputes, reopens; and is forgotten on request."""

from domain.commands import (
    AddNote,
    AddPhoto,
    CancelCase,
    CloseCase,
    GrantErasure,
    MergeCase,
    OrderRework,
    PassVerification,
    RecordCallback,
    RejectRequest,
    ReopenCase,
    RequestErasure,
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
    ErasureRequested,
    NoteAdded,
    PhotoAdded,
    Reporter,
    ReporterErased,
    RequestRejected,
    ReworkOrdered,
    VerificationPassed,
)
from domain.places import Path
from domain.privacy import Sealed, Secrecy
from domain.states import Clock, Level, Nature, Outcome, RequestKind, Satisfied, Source, State
from tests.district import COMMUNITY, DISTRICT, GRID, STREET
from tests.spec import CASE, Asked, given
from tests.steps import (
    SOMEONE,
    a_case,
    called,
    cancelled,
    ended,
    forgotten,
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
from tests.ticks import at, resumed, started, stopped
from tests.town import (
    RUBBISH,
    as_well,
    auditor,
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
another_officer = data_officer.__class__("officer-2", data_officer.role, data_officer.unit)
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
    given(verified(), *forgotten()).when(reporter, CONTENT).refused("a_reporter_waits")


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
    asked = Asked(hotline, RequestErasure("by phone"))
    given(working()).when(hotline, RequestErasure("by phone"), at="03-02 12:00").then(
        "in_progress stays", ErasureRequested(1, DISTRICT, "by phone", decide_by=at("03-03 12:00"))
    )
    given(working(), asked).when(data_officer, GrantErasure(1)).then(
        "in_progress stays", ReporterErased("by phone", 1)
    ).requests("approved")
    given(ended(), asked).when(supervisor, RejectRequest(1, "not the reporter")).then(
        "closed stays", RequestRejected(1, RequestKind.ERASURE, "not the reporter")
    )


def test_who_is_forgotten_is_not_to_be_called_back() -> None:
    asked = Asked(hotline, RequestErasure("by phone"))
    given(verified(), asked).when(data_officer, GrantErasure(1)).then(
        "verified stays", ReporterErased("by phone", 1), clocks=(stopped(C),)
    )
    given(verified(), *forgotten()).when(supervisor, CloseCase(Outcome.SOLVED)).then(
        "verified → closed", CaseClosed(Outcome.SOLVED), clocks=(stopped(R),)
    )


def test_forgetting_takes_two_also_while_somebody_is_to_be_called() -> None:
    asked = Asked(data_officer, RequestErasure("a court"))
    story = given(verified(), asked)
    story.when(data_officer, GrantErasure(1)).refused("another_than_the_asker")
    story.when(clerk, GrantErasure(1)).refused("only_the_data_officer_or_the_supervisor")
    story.when(supervisor, GrantErasure(2)).refused("there_is_such_a_request")
    story.when(supervisor, GrantErasure(1)).then("verified stays", ReporterErased("a court", 1), clocks=(stopped(C),))
    given(working(), asked, Asked(supervisor, RejectRequest(1, "no"))).when(supervisor, GrantErasure(1)).refused(
        "not_in_this_request_state"
    )


def test_another_reporter_is_called_all_the_same() -> None:
    for asker, grants in ((data_officer, supervisor), (another_officer, data_officer)):
        story = given(logged(), handled(), other=logged())
        assert story.other
        story.other.other = story
        story.other.asks(clerk, MergeCase(CASE))
        story.asks(own_result().actor, own_result().command).asks(passed().actor, passed().command)
        story.asks(asker, RequestErasure("a court"))
        story.when(asker, GrantErasure(1)).refused("another_than_the_asker")
        story.when(clerk, GrantErasure(1)).refused("only_the_data_officer_or_the_supervisor")
        story.when(grants, GrantErasure(2)).refused("there_is_such_a_request")
        story.when(grants, GrantErasure(1)).then("verified stays", ReporterErased("a court", 1))


def test_nobody_is_forgotten_by_one_person_alone() -> None:
    story = given(working(), Asked(data_officer, RequestErasure("a court")))
    story.when(data_officer, GrantErasure(1)).refused("another_than_the_asker")
    story.when(as_well(data_officer, supervisor), GrantErasure(1)).refused("another_than_the_asker")
    story.when(data_officer, RequestErasure("once more")).refused("no_such_request_is_open")
    story.when(clerk, GrantErasure(1)).refused("only_the_data_officer_or_the_supervisor")
    story.when(supervisor, GrantErasure(2)).refused("there_is_such_a_request")
    story.when(supervisor, GrantErasure(1)).then("in_progress stays", ReporterErased("a court", 1))
    for nobody in (water, grid_worker, system, auditor):
        given(working()).when(nobody, RequestErasure("tidy")).refused(
            "only_the_data_officer_or_the_street_or_the_hotline"
        )


def test_what_is_not_there_is_not_forgotten() -> None:
    nothing = (found(), handled(grid_worker))
    given(*nothing).when(data_officer, RequestErasure("asked")).refused("something_private_is_kept")
    given(working(), *forgotten()).when(clerk, RequestErasure("again")).refused("something_private_is_kept")
    given(working(), *forgotten(), Asked(water, AddPhoto(PICTURE))).when(
        clerk, RequestErasure("a photo since"), at="03-02 12:00"
    ).then("in_progress stays", ErasureRequested(2, STREET, "a photo since", decide_by=at("03-03 12:00")))
