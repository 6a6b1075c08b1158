"""The story of a case in real browsers: every hand does its part, the resident sees each step, strangers see nothing.

Told twice: in a demo by people who are in already, and in a store that is none by people who sign in for real.
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from domain.actors import Role
from tests.oidc.city import city
from tests.screens.for_real import real_hall
from tests.screens.hall import DESK, PHONE, Hall, Who, hall
from tests.screens.hands import Hand, Resident

GRID, STREET, OTHER_STREET, DISTRICT = "540102002001001", "540102002", "540102003", "540102"
WORKER, LEADER, CLERK = (Role.GRID_WORKER, GRID), (Role.STREET_LEADER, STREET), (Role.STREET_CLERK, STREET)
DISPATCHER, ARBITER, SUPERVISOR = (Role.DISPATCHER, DISTRICT), (Role.ARBITER, DISTRICT), (Role.SUPERVISOR, DISTRICT)
HOTLINE, WATER, ROADS = (Role.HOTLINE, DISTRICT), (Role.DEPARTMENT_CLERK, "water"), (Role.DEPARTMENT_CLERK, "roads")
# Who holds several offices, and who signs in by an account of ours; all others do by the city's.
HOLDING = {"of-the-street": (CLERK, LEADER), "of-water": (WATER, (Role.DEPARTMENT_HEAD, "water"))}
HERE = frozenset({"of-water", "department_clerk-roads", f"hotline-{DISTRICT}"})


@pytest.fixture(scope="module", params=["they are in", "they sign in"])
def town(request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    home = tmp_path_factory.mktemp("hall")
    if request.param == "they are in":
        with hall(home, browser) as opened:
            yield opened
    else:
        with city() as provider, real_hall(home, browser, provider, HOLDING, HERE) as real:
            yield real
            assert real.accounts >= len(HERE)  # not all of them by the city's account


@pytest.fixture
def hands(town: Hall) -> dict[str, Hand]:
    """Everybody whom the story needs, each at a screen of their own."""
    people: dict[str, tuple[Who, tuple[int, int]]] = {
        "worker": (WORKER, PHONE), "leader": (LEADER, DESK), "clerk": (CLERK, DESK), "dispatcher": (DISPATCHER, DESK),
        "water": (WATER, DESK), "roads": (ROADS, DESK), "hotline": (HOTLINE, DESK), "arbiter": (ARBITER, DESK),
        "supervisor": (SUPERVISOR, DESK), "stranger": ((Role.STREET_CLERK, OTHER_STREET), DESK),
    }  # fmt: skip
    return {name: Hand(town.window(who, size=size, language="en-GB")) for name, (who, size) in people.items()}


@pytest.fixture
def resident(town: Hall) -> Resident:
    return Resident(town.window(size=PHONE, language="en-GB"))


def by_the_hotline(desk: Hand, resident: Resident) -> str:
    """The number of a case that somebody tells the hotline; what is read out to them they keep."""
    page = desk.page
    page.goto("/hotline")
    for name, said in {"Category": "heating", "Place": "raosai grid 1"}.items():
        page.get_by_role("combobox", name=name).press_sequentially(said)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
    for field, said in {"summary": "burst main", "reporter.name": "canary", "reporter.phone": "000"}.items():
        page.locator(f'#call [name="{field}"]').fill(said)
    page.locator("#call button[accesskey=s]").click()
    number = page.locator(".aloud a").inner_text()
    resident.keeps(page.locator(".aloud .code").inner_text())
    assert resident.number == number
    return number


def test_from_the_street_s_whistle_to_the_end(town: Hall, hands: dict[str, Hand], resident: Resident) -> None:
    case = by_the_hotline(hands["hotline"], resident)
    hands["clerk"].opens(case).sees("logged")
    resident.comes_back().sees("logged")
    hands["leader"].opens(case).does("BlowWhistle", plea__departments="water roads").sees("escalated")
    resident.sees("escalated")
    hands["dispatcher"].opens(case).does("AssignCase", lead="water", support="roads").sees("assigned")
    resident.sees("assigned").reads("Water Affairs")
    for name in ("water", "roads"):
        hands[name].opens(case).does("Acknowledge").does("ReportIn-on_the_spot")
    hands["roads"].does("FinishSupport", done="road closed and opened again")
    hands["water"].opens(case).sees("in_progress").does(
        "ReportResult", done="main replaced", reply="Your heating is back."
    ).sees("resolved")
    hands["worker"].opens(case).does("PassVerification").sees("verified")
    hands["hotline"].opens(case).does("RecordCallback-reached", solved="yes", satisfied="yes").sees("verified")
    resident.sees("resolved").reads("Your heating is back.")
    hands["leader"].opens(case).does("CloseCase").sees("closed")
    resident.reads("It is closed: solved.")
    hands["leader"].does("RateDepartment-water", speed="5", quality="4").does("RateDepartment-roads", speed="3")
    expect(hands["leader"].page.locator("main")).to_contain_text("speed 5, quality 4, attitude 5")
    assert hands["stranger"].page.request.get(f"/cases/{case}").status == 404
    hands["stranger"].page.goto(f"/boards/streets/{OTHER_STREET}")
    expect(hands["stranger"].page.locator("main")).not_to_contain_text(case)


def test_what_comes_back_return_dispute_ruling_suspension_rework_reopening(
    town: Hall, hands: dict[str, Hand], resident: Resident
) -> None:
    case = by_the_hotline(hands["hotline"], resident)
    hands["leader"].opens(case).does("BlowWhistle")
    hands["dispatcher"].opens(case).does("AssignCase", lead="water", support="")
    hands["water"].opens(case).does("Acknowledge").does("RequestReturn", reason="not ours", suggested="roads")
    hands["dispatcher"].opens(case).does("RejectRequest-1", reason="it is yours")
    hands["water"].opens(case).does("RaiseDispute", reason="see the decree").sees("disputed")
    hands["arbiter"].opens(case).does("Rule", lead="roads", reason="the road is theirs").sees("assigned")
    resident.comes_back().sees("assigned")
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
    resident.sees("logged")
    history = hands["clerk"].page.locator("#timeline ~ ol > li")
    assert history.count() > 20


def _in_days(town: Hall, days: int) -> str:
    return (town.whole.now() + timedelta(days=days)).date().isoformat()
