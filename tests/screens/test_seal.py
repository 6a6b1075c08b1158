"""Nothing hidden, on a phone and at a desk: the resident downloads a proof, and anybody reads the log's page."""

from datetime import timedelta
from itertools import islice
from uuid import UUID

import pytest
from playwright.sync_api import expect

from api.days import midnight
from domain.actors import Role
from tests.adapters.seal.another import holds
from tests.forgotten import forgotten
from tests.screens.hall import DESK, PHONE, Hall, axe, scrolls_sideways
from tests.screens.test_every_page import KEPT, WIDTHS, foreign, unspoken
from tests.screens.test_resident import reported

CASES = 200  # of the month behind the hall


@pytest.fixture(scope="module", autouse=True)
def sealed(town: Hall) -> None:
    """There was a checkpoint yesterday, and some reporters were forgotten since."""
    whole = town.whole
    whole.seal.stop()
    whole.seal.catch_up(midnight(whole.now(), whole.law.calendar.tz) - timedelta(hours=3))
    cases = (
        UUID(one["case"]) for one in town.office.get((Role.SUPERVISOR, "540102"), "/cases", limit=50).json()["cases"]
    )
    private = (case for case in cases if whole.casework.case(case).kept)
    for n, case in enumerate(islice(private, 7)):
        forgotten(whole, case, "the reporter asked for it" if n < 6 else "asked by letter")


@pytest.mark.parametrize("script", [True, False])
def test_a_proof_is_downloaded_on_a_phone(town: Hall, script: bool) -> None:
    town.whole.log.run(lambda connection: connection.exec_driver_sql("DELETE FROM throttles")).result()
    page = town.window(size=PHONE, language="en-GB", script=script)
    receipt = reported(page)
    expect(page.get_by_text("come back in a minute")).to_be_visible()
    town.whole.seal.catch_up(town.whole.now())
    page.goto(f"/r/{receipt}/receipt")
    with page.expect_download() as loading:
        page.get_by_role("link", name="Download the proof").click()
    assert loading.value.suggested_filename.startswith("proof-540102-")
    assert holds(loading.value.path().read_text(encoding="utf-8"), town.whole.seal.key.public.text)
    if script:
        assert axe(page) == []
    page.get_by_role("link", name="The log, for everybody").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The log, for everybody")
    assert not scrolls_sideways(page)


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("dark", [False, True])
def test_the_log_s_page_and_the_receipt_are_right_at_every_width(town: Hall, language: str, dark: bool) -> None:
    town.whole.log.run(lambda connection: connection.exec_driver_sql("DELETE FROM throttles")).result()
    receipt = reported(town.window(language="en-GB"))
    town.whole.seal.catch_up(town.whole.now())
    page = town.window(language=language, dark=dark)
    folder = KEPT / "seal"
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in (("log", "/public/log"), ("receipt", f"/r/{receipt}/receipt")):
        page.goto(path)
        assert [*axe(page), *unspoken(page), *(foreign(page) if language == "en-GB" else [])] == []
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": DESK[1]})
            assert not scrolls_sideways(page), (path, width)
            page.screenshot(
                path=folder / f"{name}-{language[:2]}-{'dark' if dark else 'light'}-{width}.png", full_page=True
            )
