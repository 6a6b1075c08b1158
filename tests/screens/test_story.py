"""The story of a case in real browsers: every hand does its part, the resident sees each step, strangers see nothing."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from domain.actors import Role
from tests.screens.hall import DESK, PHONE, Hall, Who

GRID, STREET, OTHER_STREET, DISTRICT = "540102002001001", "540102002", "540102003", "540102"
WORKER, LEADER, CLERK = (Role.GRID_WORKER, GRID), (Role.STREET_LEADER, STREET), (Role.STREET_CLERK, STREET)
DISPATCHER, ARBITER, SUPERVISOR = (Role.DISPATCHER, DISTRICT), (Role.ARBITER, DISTRICT), (Role.SUPERVISOR, DISTRICT)
HOTLINE, WATER, ROADS = (Role.HOTLINE, DISTRICT), (Role.DEPARTMENT_CLERK, "water"), (Role.DEPARTMENT_CLERK, "roads")


@dataclass
class Hand:
    """One person at one screen."""

    page: Page

    def opens(self, case: str) -> "Hand":
        self.page.goto(f"/cases/{case}")
        return self

    def sees(self, state: str) -> "Hand":
        expect(self.page.locator("h1 .tag")).to_have_class(re.compile(rf"\b{state}\b"))
        return self

    def does(self, action: str, **said: str) -> "Hand":
        """Opens the form of an action where it has one, fills it in, and sends it."""
        place = self.page.locator(f"#do-{action}")
        _unfolded(place)
        for name, value in said.items():
            _fill(place, name.replace("__", "."), value)
        self.page.evaluate("document.getElementById('done')?.setAttribute('data-before', '')")
        place.locator("button").last.click()
        self._is_told()
        return self

    def _is_told(self) -> None:
        """That it is done, anew; else the failure says what the page says."""
        try:
            expect(self.page.locator("#done:not([data-before])")).to_be_visible()
        except AssertionError as failure:
            failure.add_note(f"trouble: {self.page.locator('#trouble').all_inner_texts()}")
            raise


def _unfolded(place: Locator) -> None:
    """Opens every fold around it, and its own."""
    folded = place.locator("xpath=ancestor-or-self::details[not(@open)]")
    while folded.count():
        folded.first.locator("> summary").click()


def _fill(place: Locator, name: str, value: str) -> None:
    field = place.locator(f'[name="{name}"]').first
    match field.evaluate("e => e.type"):
        case "select-one":
            field.select_option(value)
        case "radio":
            place.locator(f'[name="{name}"][value="{value}"]').check()
        case "checkbox":
            _tick(place, name, value.split())
        case _:
            field.fill(value)


def _tick(place: Locator, name: str, wanted: list[str]) -> None:
    for fold in place.locator("details:not([open])").all():
        fold.locator("> summary").click()
    for box in place.locator(f'[name="{name}"]').all():
        box.set_checked(box.get_attribute("value") in wanted)


@pytest.fixture
def hands(town: Hall) -> dict[str, Hand]:
    """Everybody whom the story needs, each at a screen of their own."""
    people: dict[str, tuple[Who, tuple[int, int]]] = {
        "worker": (WORKER, PHONE), "leader": (LEADER, DESK), "clerk": (CLERK, DESK), "dispatcher": (DISPATCHER, DESK),
        "water": (WATER, DESK), "roads": (ROADS, DESK), "hotline": (HOTLINE, DESK), "arbiter": (ARBITER, DESK),
        "supervisor": (SUPERVISOR, DESK), "stranger": ((Role.STREET_CLERK, OTHER_STREET), DESK),
    }  # fmt: skip
    return {name: Hand(town.window(who, size=size, language="en-GB")) for name, (who, size) in people.items()}


def by_the_hotline(town: Hall) -> tuple[str, str]:
    """A case that somebody told the hotline: its number, and the receipt."""
    reporter = {"name": "canary", "phone": "000"}
    said = {"category": "0604", "place": GRID, "source": "hotline", "summary": "burst main", "reporter": reporter}
    answer = town.office.post(HOTLINE, "/cases", said).json()
    town.whole.boards.wait_for(answer["position"])
    return answer["number"], answer["receipt"]


def test_from_the_street_s_whistle_to_the_end(town: Hall, hands: dict[str, Hand]) -> None:
    case, _ = by_the_hotline(town)
    hands["clerk"].opens(case).sees("logged")
    hands["leader"].opens(case).does("BlowWhistle", plea__departments="water roads").sees("escalated")
    hands["dispatcher"].opens(case).does("AssignCase", lead="water", support="roads").sees("assigned")
    for name in ("water", "roads"):
        hands[name].opens(case).does("Acknowledge").does("ReportIn-on_the_spot")
    hands["roads"].does("FinishSupport", done="road closed and opened again")
    hands["water"].opens(case).sees("in_progress").does("ReportResult", done="main replaced").sees("resolved")
    hands["worker"].opens(case).does("PassVerification").sees("verified")
    hands["hotline"].opens(case).does("RecordCallback-reached", solved="yes", satisfied="yes").sees("verified")
    hands["leader"].opens(case).does("CloseCase").sees("closed")
    hands["leader"].does("RateDepartment-water", speed="5", quality="4").does("RateDepartment-roads", speed="3")
    expect(hands["leader"].page.locator("main")).to_contain_text("speed 5, quality 4, attitude 5")
    assert hands["stranger"].page.request.get(f"/cases/{case}").status == 404
    hands["stranger"].page.goto(f"/boards/streets/{OTHER_STREET}")
    expect(hands["stranger"].page.locator("main")).not_to_contain_text(case)


def test_what_comes_back_return_dispute_ruling_suspension_rework_reopening(town: Hall, hands: dict[str, Hand]) -> None:
    case, _ = by_the_hotline(town)
    hands["leader"].opens(case).does("BlowWhistle")
    hands["dispatcher"].opens(case).does("AssignCase", lead="water", support="")
    hands["water"].opens(case).does("Acknowledge").does("RequestReturn", reason="not ours", suggested="roads")
    hands["dispatcher"].opens(case).does("RejectRequest-1", reason="it is yours")
    hands["water"].opens(case).does("RaiseDispute", reason="see the decree").sees("disputed")
    hands["arbiter"].opens(case).does("Rule", lead="roads", reason="the road is theirs").sees("assigned")
    hands["roads"].opens(case).does("Acknowledge").does("ReportIn-by_contact").does(
        "RequestSuspension", reason="funding", review=_in_days(town, 5)
    )
    hands["supervisor"].opens(case).does("GrantSuspension-2").sees("suspended").does("Resume").sees("in_progress")
    hands["roads"].opens(case).does("ReportResult", done="patched").sees("resolved")
    hands["worker"].opens(case).does("FailVerification", reason="it still leaks").sees("in_progress")
    hands["roads"].opens(case).does("ReportResult", done="mended").sees("resolved")
    hands["worker"].opens(case).does("PassVerification").sees("verified")
    hands["hotline"].opens(case).does("RecordCallback-reached", solved="no", satisfied="no")
    hands["clerk"].opens(case).does("OrderRework", reason="not solved").sees("in_progress")
    hands["roads"].opens(case).does("ReportResult", done="replaced").sees("resolved")
    hands["worker"].opens(case).does("PassVerification").sees("verified")
    hands["hotline"].opens(case).does("RecordCallback-reached", solved="yes", satisfied="mostly")
    hands["clerk"].opens(case).does("CloseCase").sees("closed").does("ReopenCase", reason="it burst again").sees(
        "logged"
    )
    history = hands["clerk"].page.locator("#timeline ~ ol > li")
    assert history.count() > 20


def _in_days(town: Hall, days: int) -> str:
    return (town.whole.now() + timedelta(days=days)).date().isoformat()
