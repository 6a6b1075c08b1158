"""The boards of a running server go on following the log after their database was away."""

import pytest
from sqlalchemy import event as happening

from tests.breaking.conftest import Found
from tests.breaking.people import Person, log, note
from tests.breaking.serving import served_here
from tests.breaking.waiting import until
from tests.postgres import Server


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")  # it is what is looked for
def test_after_a_power_cut_they_follow_again(found: Found, postgres: Server) -> None:
    town = found("postgresql")

    def power_cut(*_: object) -> None:
        if postgres.running:
            postgres.stop("immediate")

    with town.opened() as whole, served_here(whole) as port:
        person = Person(port, town.tokens)
        case = person.insist(log()).body
        followed = whole.boards.log
        happening.listen(followed, "after_cursor_execute", power_cut)
        until(lambda: not postgres.running)
        happening.remove(followed, "after_cursor_execute", power_cut)
        postgres.start()
        told = person.insist(note(case))
        person.close()
        whole.boards.wait_for(told.body["position"], patience=1)
