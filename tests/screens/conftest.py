"""Each module of page tests has a Chromium and a hall of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.screens.hall import Hall, chromium, hall, playing
from tests.screens.played import played


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever drives a browser is in the long run."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; as root it has no sandbox. While it is driven, nobody else in this process can run a loop."""
    where = chromium()
    with playing() as playwright:
        opened = playwright.chromium.launch(executable_path=where, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def town(request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """The module's hall; with a month behind it where the module says of how many CASES."""
    with hall(tmp_path_factory.mktemp("hall"), browser) as opened:
        if cases := getattr(request.module, "CASES", 0):
            played(opened, cases)
        yield opened


@pytest.fixture(autouse=True)
def everybody_goes_home(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test the windows are closed, and no console has complained."""
    yield
    if "town" in request.fixturenames:
        request.getfixturevalue("town").close_windows()
