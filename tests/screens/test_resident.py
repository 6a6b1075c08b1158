"""The resident on a phone: reports, keeps the receipt, sees each step as staff act, rates, disputes, and takes it up again."""

import re
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from adapters.boards import register
from adapters.sealing import receipt_hash
from domain.actors import Role
from tests.adapters.photos.making import taken
from tests.api.test_clearing import cleared
from tests.screens.hall import DESK, PHONE, Hall, acted, axe, scrolls_sideways

STREET, GRID = "540102002", "540102002001001"
LEADER, CLERK = (Role.STREET_LEADER, STREET), (Role.STREET_CLERK, STREET)
DISPATCHER, WATER, WORKER = (Role.DISPATCHER, "540102"), (Role.DEPARTMENT_CLERK, "water"), (Role.GRID_WORKER, GRID)
PHOTO = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": taken((300, 200))}
PLEA = {"kind": "resident_need", "why": "no powers", "tried": "asked"}


@pytest.fixture(autouse=True)
def a_fresh_day(town: Hall) -> None:
    """Every test is the first of its hour: all come from one address."""
    town.whole.log.run(lambda connection: connection.exec_driver_sql("DELETE FROM throttles")).result()


def reported(page: Page) -> str:
    """Through the three steps; the receipt."""
    page.goto("/report")
    page.get_by_role("button", name="Bakuo Street").click()
    page.get_by_label("Search by a word").fill("lamp")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name="street lamp out").click()
    page.get_by_label("Place").select_option(GRID)
    page.get_by_label("What is the matter?").fill("Dark for three days.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("We have it, thank you")
    found = re.search(r"/r/([0-9A-Z-]+)", page.url)
    assert found
    return found[1]


def acts(town: Hall, who: tuple[Role, str], case: UUID, path: str, said: object = None) -> None:
    """Somebody of the staff, meanwhile."""
    seen = town.whole.casework.case(case).version
    acted(town, who, {"case": case, "version": seen}, path, said)


def case_of(town: Hall, receipt: str) -> UUID:
    found = register.case_of_receipt(town.whole.boards.engine, receipt_hash(receipt))
    assert found
    return found


@pytest.mark.parametrize("script", [True, False])
def test_each_step_is_seen_by_receipt_on_a_phone(town: Hall, script: bool) -> None:
    page = town.window(size=PHONE, language="en-GB", script=script)
    receipt = reported(page)
    case = case_of(town, receipt)
    expect(page.get_by_role("img", name="QR code")).to_be_visible()
    page.get_by_role("link", name="See where it stands").click()
    now = page.get_by_role("list", name="The four steps").locator("[aria-current=step]")
    expect(now).to_contain_text("logged")
    acts(town, LEADER, case, "whistles", {"plea": PLEA})
    page.reload()
    expect(now).to_contain_text("escalated")
    acts(town, DISPATCHER, case, "assignments", {"lead": "water"})
    acts(town, WATER, case, "assignments/water/report-in", {"on_the_spot": True})
    page.reload()
    expect(now).to_contain_text("assigned")
    expect(page.get_by_text("Water Affairs is working on it.")).to_be_visible()
    acts(town, WATER, case, "result", {"done": "spliced", "reply": "The lamp burns again."})
    acts(town, WORKER, case, "verification", {"passed": True})
    page.reload()
    expect(page.locator(".reply")).to_have_text("The lamp burns again.")
    page.get_by_role("group", name="Is it solved?").get_by_label("No").check()
    page.get_by_role("group", name="Are you satisfied").get_by_label("mostly").check()
    page.get_by_role("button", name="Send my answer").click()
    expect(page.get_by_role("status").filter(has_text="We have your answer")).to_be_visible()
    page.get_by_label("Only a part is solved").check()
    page.get_by_label("In your own words").fill("The second one is still dark.")
    page.get_by_role("button", name="Send it back").click()
    expect(now).to_contain_text("assigned")
    acts(town, WATER, case, "result", {"done": "both", "reply": "Both burn."})
    acts(town, WORKER, case, "verification", {"passed": True})
    page.reload()
    page.get_by_role("group", name="Is it solved?").get_by_label("Yes").check()
    page.get_by_role("group", name="Are you satisfied").get_by_label("yes", exact=True).check()
    page.get_by_role("button", name="Send my answer").click()
    expect(page.locator(".done:visible")).to_contain_text("We have your answer")
    acts(town, CLERK, case, "closure", {"outcome": "solved"})
    page.reload()
    expect(page.get_by_text("It is closed: solved.").first).to_be_visible()
    page.locator("#do-ReopenCase summary").click()
    page.get_by_label("It has come back").check()
    page.get_by_role("button", name="Take it up again").click()
    expect(now).to_contain_text("logged")
    assert town.whole.casework.case(case).reopened == 1 and not scrolls_sideways(page)


def test_without_the_link_number_and_code_lead_back(town: Hall) -> None:
    page = town.window(size=PHONE, language="en-GB")
    receipt = reported(page)
    number, code = page.locator(".slip .big").all_inner_texts()
    page.goto("/r/lost")
    expect(page.get_by_role("alert")).to_contain_text("There is no such receipt")
    town.faults.clear()  # the browser says of itself that this was a 404
    page.get_by_label("Number").fill(number)
    page.get_by_label("Short code").fill(code.lower())
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(receipt))


def test_a_photo_and_a_word_more(town: Hall) -> None:
    page = town.window(size=PHONE, language="en-GB")
    receipt = reported(page)
    page.goto(f"/r/{receipt}")
    page.locator("#do-AddNote summary").click()
    page.get_by_label("What do you want to add?").fill("It blinks.")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator(".timeline")).to_contain_text("You added something.")
    page.locator("#do-AddPhoto summary").click()
    page.get_by_label("Choose photos").set_input_files([PHOTO])  # type: ignore[list-item]  # a payload
    page.locator("#do-AddPhoto").get_by_role("button", name="Send").click()
    expect(page.locator(".done:visible")).to_contain_text("The photo was added.")
    expect(page.locator(".timeline")).to_contain_text("You added a photo.")
    expect(page.get_by_role("img", name="Photo 1")).to_have_count(0)  # nobody has cleared it yet
    case = case_of(town, receipt)
    cleared(town.office, str(case))
    page.reload()
    page.get_by_role("img", name="Photo 1").scroll_into_view_if_needed()
    expect(page.get_by_role("img", name="Photo 1")).to_have_js_property("naturalWidth", 300)
    page.locator("#do-Urge summary").click()
    page.locator("#do-Urge").get_by_role("button").click()
    expect(page.locator(".timeline")).to_contain_text("You asked them to hurry.")


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("dark", [False, True])
def test_every_page_is_accessible_and_fits(town: Hall, language: str, dark: bool) -> None:
    receipt = reported(town.window(language="en-GB"))
    case = case_of(town, receipt)
    acts(town, CLERK, case, "handling")
    acts(town, CLERK, case, "result", {"done": "d", "reply": "好了。"})
    acts(town, WORKER, case, "verification", {"passed": True})
    form = f"/report?place={GRID}&category=0110&about=LD-002-01"
    paths = ("/report", f"/report?place={STREET}&q=灯", form, f"/r/{receipt}", f"/r/{receipt}/receipt", "/r", "/public")
    for size in ((360, 740), DESK):
        page = town.window(size=size, language=language, dark=dark)
        for path in paths:
            page.goto(path)
            assert not scrolls_sideways(page), path
            assert axe(page) == [], path
        staff = town.window(CLERK, size=size, language=language, dark=dark)
        staff.goto(f"/poster/{GRID}")
        assert not scrolls_sideways(staff) and axe(staff) == []


def test_what_is_wrong_is_said_where_it_is(town: Hall) -> None:
    page = town.window(size=PHONE, language="en-GB")
    page.goto(f"/report?place={GRID}&category=0110")
    page.locator("#report-narrative").evaluate("field => field.removeAttribute('required')")
    page.get_by_label("Phone").fill("139")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Fill in")
    town.faults.clear()  # the browser says of itself that this was a 422
    assert axe(page) == []
    expect(page.get_by_label("Phone")).to_have_value("139")


def test_the_poster_is_one_sheet_without_the_frame(town: Hall) -> None:
    page = town.window(CLERK)
    page.goto(f"/poster/{GRID}")
    page.emulate_media(media="print")
    expect(page.locator(".poster")).to_be_visible()
    for hidden in (".top", ".who", "footer", ".on-screen >> nth=0"):
        expect(page.locator(hidden)).to_be_hidden()
    printed = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
