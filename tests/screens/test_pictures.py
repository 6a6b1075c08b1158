"""The pictures that the README opens with: made here, in build/pictures; `WHISTLE_PICTURES=docs/pictures` renews those it shows."""

import os
from pathlib import Path

import pytest
from PIL import Image

from domain.actors import Role
from tests.screens.hall import PHONE, Hall, Who

TOP = Path(__file__).parents[2]
MADE = TOP / os.environ.get("WHISTLE_PICTURES", "build/pictures")
SHOWN = TOP / "docs" / "pictures"
CASES = 90  # of the month behind the hall
COLOURS = 96  # enough for a page, and a fifth of the bytes


def busiest(town: Hall) -> tuple[str, str, str]:
    """A grid with something to do, its street, and a case at work."""
    found = town.office.get((Role.SUPERVISOR, town.whole.law.code), "/cases", open=True, state="in_progress", limit=50)
    case = next(one for one in found.json()["cases"] if one["grid"])
    return case["grid"], case["street"], case["number"]


@pytest.mark.parametrize("dark", [False, True])
def test_phone_street_and_case_are_pictured(town: Hall, dark: bool) -> None:
    grid, street, case = busiest(town)
    views: dict[str, tuple[Who, str, tuple[int, int]]] = {
        "phone": ((Role.GRID_WORKER, grid), f"/boards/grids/{grid}", PHONE),
        "street": ((Role.STREET_LEADER, street), f"/boards/streets/{street}", (1280, 900)),
        "case": ((Role.STREET_LEADER, street), f"/cases/{case}", (1280, 900)),
    }
    MADE.mkdir(parents=True, exist_ok=True)
    readme = (TOP / "README.md").read_text(encoding="utf-8")
    for name, (who, path, size) in views.items():
        file = f"{name}-{'dark' if dark else 'light'}.png"
        page = town.window(who, size=size, language="en-GB", dark=dark)
        page.goto(path)
        page.screenshot(path=MADE / file)
        with Image.open(MADE / file) as picture:
            picture.convert("RGB").quantize(COLOURS).save(MADE / file, optimize=True)
        with Image.open(SHOWN / file) as shown:
            assert shown.size == size and f"docs/pictures/{file}" in readme
