"""An application of the library stands on the store by two settings, and is told plainly what is wrong."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import InfrastructureFactoryError, Tracking

from adapters.store import Factory
from adapters.store.engine import UnknownDatabaseError, engine_at, in_memory, transaction
from adapters.store.errors import Unavailable
from adapters.store.migrate import NotMigratedError, migrate
from adapters.store.recorders import Recorded
from adapters.store.writer import Writer
from tests.adapters.store.contender import NOON
from workflow.keyed import Keyed, KeyKnown

STORE = {"PERSISTENCE_MODULE": "adapters.store"}


class Lamp(Aggregate):
    """Something of the library's own making."""

    on = False

    @event("SwitchedOn")
    def switch_on(self) -> None:
        """Let there be light."""
        self.on = True


@pytest.fixture(params=["sqlite", "postgresql", "memory"])
def lamps(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Application[UUID]]:
    """An application of the library on each kind of database."""
    url = {"sqlite": f"sqlite:///{tmp_path / 'cases.db'}", "memory": "sqlite://"}.get(request.param)
    url = url or request.getfixturevalue("postgres_url")
    if request.param != "memory":
        engine = engine_at(url)
        migrate(engine)
        engine.dispose()
    with Application[UUID](STORE | {"WHISTLE_DATABASE_URL": url}) as application:
        yield application


def test_an_application_saves_and_reads_back(lamps: Application[UUID]) -> None:
    lamp = Lamp()
    lamps.save(lamp, recorded_at=NOON)
    lamp.switch_on()

    (recording,) = lamps.save(lamp, recorded_at=NOON)

    assert recording.notification.id == 2
    read: Lamp = lamps.repository.get(lamp.id)
    assert read.on
    assert all(isinstance(one, Recorded) for one in lamps.recorder.select_events(lamp.id))


def test_save_takes_a_key(lamps: Application[UUID]) -> None:
    keyed = Keyed("key", "staff-7", b"hmac", b"answer")
    lamps.save(Lamp(), keyed=keyed)

    with pytest.raises(KeyKnown) as known:
        lamps.save(Lamp(), keyed=keyed)

    assert (known.value.stored, known.value.position) == (keyed, 1)


def test_saving_nothing_writes_nothing(lamps: Application[UUID]) -> None:
    assert lamps.save() == []
    assert lamps.recorder.max_notification_id() is None


def test_the_librarys_tracking_is_refused(lamps: Application[UUID]) -> None:
    with pytest.raises(NotImplementedError, match="checkpoint"):
        lamps.recorder.insert_events([], tracking=Tracking("upstream", 1))
    for recorder in (lamps.factory.tracking_recorder, lamps.factory.process_recorder, lamps.recorder.subscribe):
        with pytest.raises(NotImplementedError):
            recorder()
    with pytest.raises(NotImplementedError, match="no snapshots"):
        lamps.factory.aggregate_recorder("snapshots")


def test_closing_the_factory_closes_its_writer() -> None:
    factory = Factory(STORE | {"WHISTLE_DATABASE_URL": "sqlite://"})
    factory.close()

    with pytest.raises(Unavailable):
        factory.writer.run(lambda _: None)


def test_a_writer_that_was_handed_in_stays_open(writer: Writer) -> None:
    Factory(STORE, writer).close()

    writer.run(lambda _: None).result()


def test_each_memory_is_its_own() -> None:
    ours, others = (Factory(STORE | {"WHISTLE_DATABASE_URL": "sqlite://"}) for _ in range(2))
    assert in_memory(ours.writer.engine)
    with transaction(ours.writer.engine) as connection:
        connection.exec_driver_sql("DROP TABLE events")

    assert others.application_recorder().max_notification_id() is None
    ours.close()
    others.close()


def test_it_says_what_setting_is_missing() -> None:
    with pytest.raises(InfrastructureFactoryError, match="WHISTLE_DATABASE_URL says where the log is"):
        Factory(STORE)


def test_it_says_that_the_tables_are_missing(url: str) -> None:
    with pytest.raises(NotMigratedError, match="run `whistle migrate`"):
        Factory(STORE | {"WHISTLE_DATABASE_URL": url})


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "this is no database address: write sqlite:///cases.db or postgresql"),
        ("cases.db", "this is no database address"),
        ("mysql://clerk:secret@host/cases", "mysql is neither SQLite nor PostgreSQL"),
    ],
)
def test_it_says_what_addresses_there_are(url: str, said: str) -> None:
    with pytest.raises(UnknownDatabaseError, match=said) as caught:
        engine_at(url)
    assert "secret" not in str(caught.value)


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="unable to open database file"):
        Factory(STORE | {"WHISTLE_DATABASE_URL": f"sqlite:///{tmp_path / 'nowhere' / 'cases.db'}"})


def test_a_server_that_is_not_there() -> None:
    with pytest.raises(Unavailable):
        Factory(STORE | {"WHISTLE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"})


def test_sqlite_is_as_safe_as_it_can_be(tmp_path: Path) -> None:
    with engine_at(f"sqlite:///{tmp_path / 'cases.db'}").connect() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()
            for pragma in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        ]
    assert found == ["wal", 2, 1, 1], "synchronous=FULL is 2"
