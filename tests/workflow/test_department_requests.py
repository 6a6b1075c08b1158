"""The department asks: back with it, more time, on hold, left out of the score."""

from datetime import date

from domain.commands import (
    RequestExclusion,
    RequestExtension,
    RequestReturn,
    RequestSuspension,
    WithdrawRequest,
)
from domain.events import (
    ExclusionRequested,
    ExtensionRequested,
    RequestWithdrawn,
    ReturnRequested,
    SuspensionRequested,
)
from domain.states import RequestKind
from domain.worktime import Limit
from tests.spec import Asked, given
from tests.steps import (
    called_out,
    ended,
    extension_asked,
    extension_granted,
    logged,
    reported_in,
    resolved,
    return_asked,
    suspension_asked,
    working,
)
from tests.ticks import at
from tests.town import gas, grid_worker, roads, water, water_head

MORE = RequestExtension(Limit.parse("3 days"), "parts are late")
HOLD = RequestSuspension("funding", date(2026, 3, 20))
OUT = RequestExclusion("force_majeure")
TAKEN_OUT = Asked(water, OUT)


def test_the_lead_asks_to_return_the_case() -> None:
    given(called_out()).when(water, RequestReturn("not our pipe", "art. 12", "gas"), at="03-02 12:00").then(
        "assigned stays",
        ReturnRequested(1, "water", "not our pipe", "art. 12", "gas", decide_by=at("03-03 12:00")),
    ).requests("pending")


def test_a_support_asks_to_return_its_part() -> None:
    given(working("water", "roads")).when(roads, RequestReturn("not our road"), at="03-02 12:00").then(
        "in_progress stays", ReturnRequested(1, "roads", "not our road", decide_by=at("03-03 12:00"))
    )


def test_asks_back_once_in_time_and_only_what_it_has() -> None:
    story = given(called_out(at="03-02 10:00"))
    story.when(gas, RequestReturn("no")).refused("only_the_lead_or_a_support")
    story.when(water, RequestReturn("no", suggested="fire")).refused("no_such_department", unit="fire")
    story.when(water, RequestReturn("no"), at="03-03 10:01").refused("within_the_return_window")
    asked = given(called_out(), return_asked(), Asked(water, WithdrawRequest(1)))
    asked.when(water, RequestReturn("all the same")).refused("not_asked_back_before")


def test_asks_for_more_time() -> None:
    given(working()).when(water, MORE, at="03-03 12:00").then(
        "in_progress stays",
        ExtensionRequested(1, "water", "3 days", "parts are late", decide_by=at("03-04 12:00")),
    )


def test_asks_for_more_time_before_expiry() -> None:
    given(called_out(at="03-02 10:00"), reported_in()).when(water, MORE, at="03-09 10:00").refused("before_expiry")


def test_asks_for_more_time_whatever_the_supports_deadlines() -> None:
    story = given(called_out("water", "roads", at="03-02 10:00"), reported_in())
    story.when(water, MORE, at="03-09 09:59").then(
        "in_progress stays",
        ExtensionRequested(1, "water", "3 days", "parts are late", decide_by=at("03-10 09:59")),
    )
    story.when(roads, MORE).refused("only_the_lead")


def test_asks_for_so_much_time_once_at_a_time_and_so_often() -> None:
    story = given(working())
    story.when(water, RequestExtension(Limit.parse("31 days"), "slow")).refused("too_long_an_extension", most="30 days")
    given(working(), extension_asked()).when(water, MORE).refused("no_such_request_is_open")
    given(working(), extension_asked(), extension_granted()).when(water, MORE).refused("extensions_are_left")


def test_asks_to_put_the_case_on_hold() -> None:
    given(working()).when(water, HOLD, at="03-03 12:00").then(
        "in_progress stays",
        SuspensionRequested(1, "water", "funding", date(2026, 3, 20), decide_by=at("03-04 12:00")),
    )


def test_puts_on_hold_for_a_listed_reason_until_a_date_that_may_be() -> None:
    story = given(working("water", "roads"))
    story.when(roads, HOLD).refused("only_the_lead")
    story.when(water, RequestSuspension("tired", date(2026, 3, 20))).refused("a_reason_of_the_list", reason="tired")
    story.when(water, RequestSuspension("funding", date(2026, 3, 2))).refused("a_review_date_within_the_maximum")
    story.when(water, RequestSuspension("funding", date(2026, 6, 1))).refused(
        "a_review_date_within_the_maximum", latest="2026-05-31"
    )
    given(working(), suspension_asked()).when(water, HOLD).refused("no_such_request_is_open")


def test_asks_to_be_left_out_of_the_score() -> None:
    given(ended(at="03-03 17:00")).when(water, OUT, at="03-04 12:00").then(
        "closed stays", ExclusionRequested(1, "water", "force_majeure", decide_by=at("03-05 12:00"))
    )
    given(logged()).when(grid_worker, OUT, at="03-02 12:00").then(
        "logged stays", ExclusionRequested(1, grid_worker.unit, "force_majeure", decide_by=at("03-03 12:00"))
    )


def test_asks_to_be_left_out_once_in_time_and_with_a_listed_reason() -> None:
    story = given(resolved())
    story.when(gas, OUT).refused("only_a_unit_of_the_case")
    story.when(water, RequestExclusion("rain")).refused("a_reason_of_the_list", reason="rain")
    story.when(water, OUT, at="03-16 12:00").refused("within_the_exclusion_window")
    given(resolved(), TAKEN_OUT).when(water, OUT).refused("no_such_request_is_open")


def test_takes_a_request_back() -> None:
    given(called_out(), return_asked()).when(water_head, WithdrawRequest(1)).then(
        "assigned stays", RequestWithdrawn(1, RequestKind.RETURN)
    ).requests("withdrawn")


def test_takes_back_only_its_own_and_once() -> None:
    story = given(called_out("water", "roads"), return_asked())
    story.when(roads, WithdrawRequest(1)).refused("only_who_asked")
    story.when(water, WithdrawRequest(3)).refused("only_who_asked")
    story.when(water, WithdrawRequest(1)).when(water, WithdrawRequest(1)).refused("not_in_this_request_state")
