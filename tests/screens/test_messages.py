"""The messages' page in a real browser: accessible in both languages, light and dark, at every width; a dead letter lives again with and without script."""

from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import expect

from adapters.outbox import Outbox, channels_of, listed
from api.access import looked
from tests.adapters.outbox import receivers as r
from tests.adapters.outbox.post import ALLOWED, webhook
from tests.api.people import DISPATCHER, GRID, LEADER, PLEA, SUPERVISOR, WORKER
from tests.screens.hall import DESK, PHONE, Hall, acted, axe, logged_case, scrolls_sideways
from tests.screens.test_district import small_targets
from workflow.messages import Kind

KEPT = Path(__file__).parents[2] / "build" / "screens"
SIZES = ((360, 740), PHONE, (768, 1024), DESK)


@pytest.fixture(scope="module")
def told(town: Hall, tmp_path_factory: pytest.TempPathFactory) -> Hall:
    """A hall where messages are in every state: two dead letters, some that failed, some that arrived, some that wait."""
    whole, file = town.whole, tmp_path_factory.mktemp("channels") / "channels.toml"
    whole.outbox.following.follow()
    with r.hook(r.in_turn(r.fails(410), r.takes_it, r.fails(410), r.fails(503))) as hook:
        file.write_text(ALLOWED + webhook(hook.url, "water"))
        outbox = Outbox(
            whole.outbox.writer, whole.boards, whole.casework, whole.sealing, channels_of(file, {}), looked, dice=Random(1)
        )  # fmt: skip
        for _ in range(4):
            case = logged_case(town, WORKER, category="0406", place=GRID, source="patrol", summary="楼前积水（虚构）")
            case = acted(town, LEADER, case, "whistles", {"plea": PLEA})
            acted(town, DISPATCHER, case, "assignments", {"lead": "water"})
        outbox.tick(whole.now())
        case = logged_case(town, WORKER, category="0406", place=GRID, source="patrol")
        acted(town, LEADER, case, "whistles", {"plea": PLEA})
        outbox.following.follow()
    assert len(listed(outbox, "dead")) == 2 and listed(outbox, "failing") and listed(outbox, "delivered")
    return town


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("path", ["/messages", "/messages/preview"])
def test_the_pages_are_accessible_and_fit(told: Hall, path: str, language: str, dark: bool) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        page = told.window(SUPERVISOR, size=size, language=language, dark=dark)
        page.goto(path)
        assert "&lt;" not in page.content()
        assert not scrolls_sideways(page) and axe(page) == [] and small_targets(page) == []
        name = f"{path.strip('/').replace('/', '-')}-{language}-{'dark' if dark else 'light'}-{size[0]}"
        page.screenshot(path=KEPT / f"{name}.png", full_page=True)


@pytest.mark.parametrize("script", [True, False])
def test_a_dead_letter_is_sent_again(told: Hall, script: bool) -> None:
    page = told.window(SUPERVISOR, language="en-GB", script=script)
    page.goto("/boards")
    page.get_by_role("link", name="Messages").click()
    page.get_by_role("navigation", name="Which messages").get_by_role("link", name="Dead letter").click()
    expect(page.get_by_role("row")).to_have_count(len(before := listed(told.whole.outbox, "dead")) + 1)
    expect(page.get_by_role("row").nth(1)).to_contain_text("HTTP 410")
    assert "&lt;" not in page.content()
    page.get_by_role("button", name="Send again").first.click()
    expect(page.locator("main .done")).to_contain_text("It waits to be sent again")
    assert len(listed(told.whole.outbox, "dead")) == len(before) - 1
    if len(before) == 1:
        expect(page.locator(".empty")).to_be_visible()


def test_a_reader_sees_what_each_message_says(told: Hall) -> None:
    page = told.window(SUPERVISOR, language="en-GB")
    page.goto("/messages")
    page.get_by_role("link", name="What messages say").click()
    expect(page.locator(".card")).to_have_count(len(Kind))
    page.get_by_label("Case number").fill("540102-00000000-1")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("status").filter(has_text="no such case")).to_be_visible()
