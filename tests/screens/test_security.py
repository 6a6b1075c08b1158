"""The security log as those who read it see it: in both languages, light and dark, on a phone and at a desk."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.security import Kind
from domain.actors import Actor, Role
from tests.screens.hall import DESK, PHONE, Hall, axe, scrolls_sideways

KEPT = Path(__file__).parents[2] / "build" / "screens" / "security"
AUDITOR = (Role.AUDITOR, "540102")


def noted(town: Hall) -> None:
    log, now = town.whole.security, town.whole.now()
    here = log.source("192.0.2.7/32", now)
    log.note(
        Kind.CAME_IN,
        now,
        Actor("clerk-of-the-east-street", Role.STREET_CLERK, "540102002"),
        number="a" * 32,
        source=here,
        way="token",
    )
    log.note(
        Kind.OUT_OF_REACH,
        now,
        Actor("w" * 60, Role.DEPARTMENT_CLERK, "water"),
        number="b" * 64,
        source=here,
        case="f47ac10b-58cc-4372-a567-0e02b2c3d479",
    )
    for n in range(40):
        log.note(Kind.TOKEN_REFUSED, now + timedelta(seconds=n % 2), source=here, code="bad_token", door="bearer")
    log.note(Kind.EXPORTED, now, Actor("supervisor", Role.SUPERVISOR, "540102"), form="csv", list="cases")
    log.note(Kind.RAN, now, command="token.create")


@pytest.mark.parametrize(("language", "dark"), [("zh-CN", False), ("zh-CN", True), ("en-GB", False), ("en-GB", True)])
def test_the_log_is_right_for_everybody(town: Hall, language: str, dark: bool) -> None:
    noted(town)
    KEPT.mkdir(parents=True, exist_ok=True)
    page = town.window(AUDITOR, language=language, dark=dark)
    page.goto("/security")
    found = list[str]()
    for width, high in (PHONE, (360, 800), (768, 1024), DESK):
        page.set_viewport_size({"width": width, "height": high})
        found += [*axe(page), *([f"scrolls sideways at {width}"] if scrolls_sideways(page) else [])]
        page.screenshot(path=KEPT / f"{language}-{'dark' if dark else 'light'}-{width}.png")
    assert found == []


def test_it_is_filtered_without_script(town: Hall) -> None:
    noted(town)
    page = town.window(AUDITOR, language="en-GB", script=False)
    page.goto("/security")
    page.get_by_label("What happened").select_option("exported")
    page.get_by_role("button", name="Show").click()
    rows = page.locator("main tbody tr")
    assert "kind=exported" in page.url and rows.count() >= 1
    assert all("data was taken out" in row for row in rows.all_inner_texts())
