"""A month behind a hall: cases in every state, so that every list has something to show."""

from datetime import timedelta

from api.demo_month import month
from tests.screens.hall import Hall


def played(hall: Hall, cases: int) -> None:
    """An invented month that ends now."""
    whole = hall.whole
    for _ in month(whole.casework, whole.law, whole.now() - timedelta(minutes=1), cases):
        pass
    whole.boards.catch_up()
