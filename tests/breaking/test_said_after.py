"""What is said after a commit is true, although the boards, or the database, went away before the answer was made."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import event as happening

from adapters.boards import register
from adapters.store.errors import Unavailable
from api.whole import Whole
from tests.breaking.conftest import Found
from tests.breaking.people import Person, log
from tests.breaking.serving import served_here
from tests.breaking.town import Town
from tests.granted import of_cases
from tests.postgres import Server


@pytest.fixture
def town(found: Found) -> Town:
    return found("sqlite")


@pytest.fixture
def whole(town: Town) -> Iterator[Whole]:
    with town.opened() as whole:
        yield whole


def take_away_the_boards(whole: Whole, home: Path) -> None:
    """Where their file was, nothing can be opened any more."""
    whole.boards.engine.dispose()
    for file in home.glob("boards.db*"):
        file.unlink()
    (home / "boards.db").mkdir()


def test_nobody_hears_that_nothing_was_written_when_it_was(town: Town, whole: Whole) -> None:
    with served_here(whole) as port:
        person = Person(port, town.tokens)
        take_away_the_boards(whole, town.settings.home)
        told = person.say(log())
        person.close()

    assert of_cases(whole) == 1, "it is in the log"
    assert told.done or told.body["code"] == "unknown"


def test_a_connection_that_dies_while_it_is_given_back_is_unavailable(found: Found, postgres: Server) -> None:
    def power_cut(*_: object) -> None:
        if postgres.running:
            postgres.stop("immediate")

    with found("postgresql").opened() as whole:
        happening.listen(whole.boards.engine, "after_cursor_execute", power_cut)
        with suppress(Unavailable):
            register.case_of(whole.boards.engine, "100-20260302-0001")
