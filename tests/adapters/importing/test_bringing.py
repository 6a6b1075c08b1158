"""Bringing rows in: once each, in the order of the file, whoever brings them and however often; what is brought obeys the table."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.importing import Brought, Importer, Known, Outcome, Rejected, bring
from adapters.importing.rows import Row
from adapters.store import Factory
from adapters.store.engine import engine_at
from adapters.store.migrate import migrate
from domain import commands as c
from domain.actors import Actor, Role
from domain.jurisdiction import Jurisdiction
from domain.states import Clock, Source, State
from workflow.ask import Refused
from workflow.casework import Casework, Order

SEEN = datetime(2026, 3, 1, tzinfo=UTC)
OPENED = datetime(2026, 1, 5, tzinfo=UTC)
WATER = Actor("clerk", Role.DEPARTMENT_CLERK, "water")
OPEN = c.CarryOver(
    state=State.ASSIGNED,
    category="0406",
    place="540102002",
    source=Source.HOTLINE,
    department="water",
    opened=OPENED,
    due=OPENED + timedelta(days=7),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def importer(request: pytest.FixtureRequest, tmp_path: Path, law: Jurisdiction) -> Iterator[Importer]:
    url = f"sqlite:///{tmp_path / 'log.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    migrate(engine_at(url))
    env = {"PERSISTENCE_MODULE": "adapters.store", "WHISTLE_DATABASE_URL": url}
    casework = Casework(env, edition=lambda _: law, current=lambda: law, seal=lambda _, command: command)
    assert isinstance(casework.factory, Factory)
    yield Importer(casework, casework.factory.writer.engine, law.code, "old", SEEN)
    casework.close()


def row(number: int) -> Row:
    return Row(number, str(number), replace(OPEN, external_id=str(number)))


def kinds(outcomes: list[Outcome]) -> Counter[str]:
    return Counter(type(outcome).__name__ for outcome in outcomes)


def positions(importer: Importer) -> list[str]:
    """What the log holds, in its order."""
    entries = importer.casework.recorder.select_notifications(1, 10_000)
    return [str(entry.originator_id) for entry in entries]


def test_in_the_order_of_the_file(importer: Importer) -> None:
    done = list(bring(importer, map(row, range(1, 1201))))
    assert [one.position for one in done if isinstance(one, Brought)] == list(range(1, 1201))
    assert positions(importer) == [str(importer.id_of(str(n))) for n in range(1, 1201)]


def test_again_adds_nothing(importer: Importer) -> None:
    list(bring(importer, map(row, range(1, 11))))
    again = list(bring(importer, map(row, range(1, 13))))
    assert kinds(again) == {"Known": 10, "Brought": 2}
    assert len(positions(importer)) == 12


def test_twice_in_one_file_is_one_case(importer: Importer) -> None:
    done = list(bring(importer, [row(1), row(2), row(1)]))
    assert [type(one) for one in done] == [Brought, Brought, Known]
    assert isinstance(done[2], Known) and done[2].case == importer.id_of("1")


def test_what_the_rules_refuse_is_rejected_and_the_others_come(importer: Importer) -> None:
    bad = Row(2, "2", replace(OPEN, external_id="2", category="9999"))
    done = list(bring(importer, [row(1), bad, row(3)]))
    assert kinds(done) == {"Brought": 2, "Rejected": 1}
    assert isinstance(done[1], Rejected) and done[1].code == "no_such_category" and "9999" in done[1].sentence("en")
    assert len(positions(importer)) == 2


def test_to_foresee_writes_nothing(importer: Importer) -> None:
    assert kinds(list(bring(replace(importer, write=False), map(row, range(1, 4))))) == {"Brought": 3}
    assert positions(importer) == []


def test_another_system_s_rows_are_other_cases(importer: Importer) -> None:
    list(bring(importer, [row(1)]))
    assert kinds(list(bring(replace(importer, system="older"), [row(1)]))) == {"Brought": 1}


def test_several_at_once_bring_each_row_once(importer: Importer) -> None:
    with ThreadPoolExecutor(4) as people:
        runs = [people.submit(lambda: list(bring(importer, map(row, range(1, 701))))) for _ in range(4)]
        told = [kinds(run.result()) for run in runs]
    assert sum(one["Brought"] for one in told) == 700
    assert all(one.total() == 700 for one in told)
    assert len(set(positions(importer))) == len(positions(importer)) == 700


def test_what_was_brought_obeys_the_table(importer: Importer) -> None:
    (brought,) = bring(importer, [row(1)])
    assert isinstance(brought, Brought)
    case, casework = brought.case, importer.casework

    def tell(actor: Actor, command: c.Command, days: int) -> State:
        now = SEEN + timedelta(days=days)
        return casework.handle(case, Order(command=command, actor=actor, now=now, id=uuid4())).case.state

    assert casework.case(case).timers[Clock.RESOLVE, "water", ""].due == OPEN.due
    with pytest.raises(Refused, match="reporting_in_is_off"):
        tell(WATER, c.ReportResult("done", "Done."), 1)
    with pytest.raises(Refused, match="only_the_lead"):
        tell(replace(WATER, unit="roads"), c.ReportIn(on_the_spot=True), 1)
    assert tell(WATER, c.ReportIn(on_the_spot=True), 1) is State.IN_PROGRESS
    assert tell(WATER, c.ReportResult("done", "Done."), 2) is State.RESOLVED
    assert tell(Actor("s", Role.STREET_CLERK, "540102002"), c.PassVerification(), 3) is State.VERIFIED
