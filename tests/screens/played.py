"""A hall with a month behind it: cases in every state, so that every list has something to show."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser

from api.demo_month import month
from tests.screens.hall import Hall, hall

CASES = 90


@contextmanager
def played(home: Path, browser: Browser) -> Iterator[Hall]:
    """A hall after an invented month that ends now."""
    with hall(home, browser) as opened:
        whole = opened.whole
        for _ in month(whole.casework, whole.law, whole.now() - timedelta(minutes=1), CASES):
            pass
        whole.boards.catch_up()
        yield opened
