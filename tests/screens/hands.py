"""Whoever acts in a story: members of staff at their screens, and the resident with a receipt."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect


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
        unfolded(place)
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


def unfolded(place: Locator) -> None:
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


@dataclass
class Resident:
    """Whoever reported, on their own phone: at first they have a receipt, afterwards its number and short code."""

    page: Page
    number: str = ""
    code: str = ""

    def keeps(self, receipt: str) -> "Resident":
        """Opens the link, and writes down what is to be kept."""
        self.page.goto(f"/r/{receipt}/receipt")
        self.number, self.code = self.page.locator(".slip .big").all_inner_texts()
        return self

    def comes_back(self) -> "Resident":
        """Without the link, by number and code."""
        self.page.goto("/r")
        self.page.locator("#find-number").fill(self.number)
        self.page.locator("#find-code").fill(self.code.lower())
        self.page.locator("main form button").click()
        expect(self.page.locator("#stands")).to_be_visible()
        return self

    def sees(self, phase: str) -> "Resident":
        """Which of the four steps it is at, once the page is looked at again."""
        self.page.reload()
        expect(self.page.locator("[aria-current=step] .tag")).to_have_class(re.compile(rf"\b{phase}\b"))
        return self

    def reads(self, words: str) -> "Resident":
        self.page.reload()
        expect(self.page.locator("main")).to_contain_text(words)
        return self
