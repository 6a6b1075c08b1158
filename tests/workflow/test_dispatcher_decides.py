"""The dispatcher decides: returns, extensions, disputes, merges."""

from domain.commands import (
    GrantExtension,
    GrantReturn,
    MergeCase,
    RaiseDispute,
    RejectRequest,
    UnmergeCase,
    WithdrawSupport,
)
from domain.events import (
    CaseJoined,
    CaseMerged,
    CaseParted,
    CaseUnmerged,
    DisputeRaised,
    ExtensionGranted,
    LeadReturned,
    RequestLapsed,
    RequestRejected,
    SupportReturned,
)
from domain.states import Clock, RequestKind
from tests.district import DISTRICT, STREET
from tests.spec import CASE, OTHER, Asked, given
from tests.steps import (
    acknowledged,
    called_out,
    ended,
    extension_asked,
    handled,
    logged,
    rejected,
    reported_in,
    return_asked,
    return_refused,
    suspension_asked,
    whistled,
    working,
)
from tests.ticks import moved, paused, resumed, started, stopped
from tests.town import (
    arbiter,
    as_well,
    clerk,
    dispatcher,
    leader,
    roads,
    supervisor,
    water,
)

R, T, D, S, P = Clock.RESIDENT, Clock.TRIAGE, Clock.DISPATCH, Clock.SIGN, Clock.REPORT_IN
Z, A = Clock.RESOLVE, Clock.ARBITRATE


def test_takes_the_assignment_back_from_the_lead() -> None:
    given(called_out("water", "roads"), return_asked()).when(dispatcher, GrantReturn(1)).then(
        "assigned → escalated",
        LeadReturned("water", 1),
        clocks=(
            stopped(S, "water"),
            stopped(P, "water"),
            stopped(Z, "water"),
            stopped(S, "roads"),
            stopped(P, "roads"),
            stopped(Z, "roads"),
            started(D),
        ),
    ).assignments(water="returned", roads="withdrawn").requests("approved").accountable(DISTRICT)


def test_takes_the_assignment_back_from_a_lead_at_work_and_the_supports_request_lapses() -> None:
    given(working("water", "roads"), return_asked("roads"), return_asked()).when(dispatcher, GrantReturn(2)).then(
        "in_progress → escalated",
        LeadReturned("water", 2),
        RequestLapsed(1, RequestKind.RETURN, "left_its_states"),
        clocks=(stopped(Z, "water"), stopped(S, "roads"), stopped(P, "roads"), stopped(Z, "roads"), started(D)),
    ).requests("lapsed", "approved")


def test_takes_the_assignment_back_from_a_support() -> None:
    given(working("water", "roads"), return_asked("roads")).when(dispatcher, GrantReturn(1)).then(
        "in_progress stays",
        SupportReturned("roads", 1),
        clocks=(stopped(S, "roads"), stopped(P, "roads"), stopped(Z, "roads")),
    ).assignments(water="reported_in", roads="returned")
    given(called_out("water", "roads"), acknowledged("roads"), return_asked("roads")).when(
        dispatcher, GrantReturn(1)
    ).then("assigned stays", SupportReturned("roads", 1), clocks=(stopped(P, "roads"), stopped(Z, "roads")))


def test_only_the_dispatcher_grants_a_return_and_only_one_that_was_asked_for() -> None:
    for unit in ("water", "roads"):
        story = given(called_out("water", "roads"), return_asked(unit))
        story.when(leader, GrantReturn(1)).refused("only_the_dispatcher")
        story.when(as_well({"water": water, "roads": roads}[unit], dispatcher), GrantReturn(1)).refused(
            "another_than_the_asker"
        )
    story.when(dispatcher, GrantReturn(7)).refused("there_is_such_a_request")
    given(called_out(), return_refused()).when(dispatcher, GrantReturn(1)).refused("not_in_this_request_state")


def test_an_extension_is_not_granted_as_a_return() -> None:
    given(working(), extension_asked()).when(dispatcher, GrantReturn(1)).refused("there_is_such_a_request")
    asked = Asked(roads, extension_asked().command)
    given(working("roads", "water"), asked).when(dispatcher, GrantReturn(1)).refused("there_is_such_a_request")


def test_the_request_of_a_unit_that_has_left_is_not_granted() -> None:
    story = given(called_out("water", "roads"), return_asked("roads"))
    story.when(dispatcher, WithdrawSupport("roads", "slow"))
    story.when(dispatcher, GrantReturn(1)).refused("a_support_returns")


def test_rejects_a_return() -> None:
    given(called_out(), return_asked()).when(dispatcher, RejectRequest(1, "your pipe")).then(
        "assigned stays", RequestRejected(1, RequestKind.RETURN, "your pipe")
    ).requests("rejected")
    story = given(called_out(), return_asked())
    story.when(leader, RejectRequest(1, "your pipe")).refused("only_who_decides")
    story.when(dispatcher, RejectRequest(4, "none")).refused("only_who_decides")
    story.when(as_well(water, dispatcher), RejectRequest(1, "mine")).refused("another_than_the_asker")
    given(called_out(), return_refused()).when(dispatcher, RejectRequest(1, "again")).refused(
        "not_in_this_request_state"
    )


def test_grants_an_extension() -> None:
    given(called_out("water", "roads", at="03-02 10:00"), reported_in(), extension_asked()).when(
        dispatcher, GrantExtension(1)
    ).then(
        "in_progress stays",
        ExtensionGranted(1, "water", "3 days"),
        clocks=(moved(Z, "water", due="03-12 10:00"), moved(Z, "roads", due="03-12 10:00")),
    ).shows(extensions=1)


def test_grants_an_extension_that_another_asked_for_and_no_other_request() -> None:
    story = given(working(), extension_asked(), suspension_asked())
    story.when(clerk, GrantExtension(1)).refused("only_the_street_leader_or_the_dispatcher")
    story.when(as_well(water, dispatcher), GrantExtension(1)).refused("another_than_the_asker")
    story.when(dispatcher, GrantExtension(2)).refused("there_is_such_a_request")
    given(working(), extension_asked(), rejected()).when(dispatcher, GrantExtension(1)).refused(
        "not_in_this_request_state"
    )


def test_an_extension_that_does_not_reach_the_present_is_not_granted() -> None:
    given(called_out(at="03-02 10:00"), reported_in(), extension_asked("1 day")).when(
        dispatcher, GrantExtension(1), at="03-10 11:00"
    ).refused("the_new_due_must_lie_ahead", by="1 day")


def test_raises_a_dispute_when_a_second_unit_asks_back() -> None:
    given(called_out("water", "roads"), return_asked(), return_asked("roads")).when(
        dispatcher, RaiseDispute("nobody's pipe")
    ).then(
        "assigned → disputed",
        DisputeRaised("nobody's pipe"),
        RequestLapsed(1, RequestKind.RETURN, "left_its_states"),
        RequestLapsed(2, RequestKind.RETURN, "left_its_states"),
        clocks=(paused(P, "water"), paused(P, "roads"), started(A)),
    ).accountable("water")


def test_merges_and_unmerges() -> None:
    story = given(logged(at="03-02 09:00"), whistled(), other=logged())
    story.when(dispatcher, MergeCase(OTHER, "the same pipe")).then(
        "escalated → merged",
        CaseMerged(OTHER, "the same pipe"),
        CaseJoined(CASE, wants_answer=True),
        clocks=(stopped(R), stopped(D)),
    ).accountable("").whistle("withdrawn")
    story.when(dispatcher, UnmergeCase("another pipe"), at="03-20 09:00").then(
        "merged → logged",
        CaseUnmerged(OTHER, "another pipe"),
        CaseParted(CASE),
        clocks=(resumed(R, due="03-17 09:00"), started(T)),
    ).accountable(STREET)


def test_merges_only_into_another_case_that_is_open() -> None:
    story = given(logged(), other=ended())
    story.when(water, MergeCase(OTHER)).refused("only_the_street_or_the_dispatcher")
    story.when(dispatcher, MergeCase(OTHER)).refused("the_other_case_is_open")
    story.when(dispatcher, MergeCase(CASE)).refused("into_another_case")
    merged = given(logged(), Asked(clerk, MergeCase(OTHER)), other=(logged(), handled()))
    merged.when(supervisor, UnmergeCase("why not")).refused("only_the_street_or_the_dispatcher")
    merged.when(arbiter, UnmergeCase("why not")).refused("only_the_street_or_the_dispatcher")
