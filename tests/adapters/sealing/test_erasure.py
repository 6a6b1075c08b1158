"""After an erasure the bytes are gone from the disk, not only from the table."""

import random
from collections.abc import Callable, Iterable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, make_url, select, text

from adapters.sealing import KEYS, KeyDestroyed, KeyStore, Left, MasterKey, NotYetGone, Sealing, open_keys
from adapters.sealing.tables import case_keys
from adapters.store.engine import engine_at, transaction
from adapters.store.migrate import migrate
from domain.commands import LogCase
from domain.events import Reporter
from domain.privacy import Clear, Secrecy
from domain.states import Source
from tests.postgres import Server

CANARY = "canary 金丝雀 13900004711"


def holding(folder: Path, wanted: Iterable[bytes]) -> dict[str, int]:
    """Which files below hold how many of these bytes."""
    wanted = tuple(wanted)
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    counts = {name: sum(one in content for one in wanted) for name, content in files.items()}
    return {name: count for name, count in counts.items() if count}


def wrapped(keys: KeyStore, *cases: UUID) -> list[bytes]:
    """The stored bytes of these cases' keys."""
    with keys.engine.connect() as connection:
        found = select(case_keys.c.wrapped).where(case_keys.c.case_id.in_(cases), case_keys.c.wrapped.is_not(None))
        return [bytes(one) for one in connection.scalars(found) if one]


def logged(canary: str) -> LogCase:
    """A command full of private words."""
    reporter = Reporter(name=Clear(Secrecy.CONTACT, canary), phone=Clear(Secrecy.CONTACT, canary))
    return LogCase(
        category="lamp",
        place="540102001",
        source=Source.HOTLINE,
        narrative=Clear(Secrecy.NARRATIVE, canary),
        reporter=reporter,
    )


def kept_sealed(command: LogCase) -> str:
    """As an event keeps it."""
    reporter = command.reporter or Reporter()
    return " ".join(getattr(words, "token", "") for words in (reporter.name, reporter.phone, command.narrative))


def kept_clear(command: LogCase) -> str:
    """The seeded fault: a store that keeps what was typed."""
    reporter = command.reporter or Reporter()
    return " ".join(getattr(words, "text", "") for words in (reporter.name, reporter.phone, command.narrative))


@pytest.mark.parametrize("keep", [kept_sealed, kept_clear])
def test_the_canary_is_nowhere(tmp_path: Path, written_master: str, keep: Callable[[LogCase], str]) -> None:
    """Before and after, in the database files and their logs; what is kept in clear is found."""
    migrate(engine_at(f"sqlite:///{tmp_path / 'keys.db'}"), KEYS)
    sealing = Sealing(open_keys(f"sqlite:///{tmp_path / 'keys.db'}", MasterKey.of(written_master)))
    log, case, sealed = engine_at(f"sqlite:///{tmp_path / 'log.db'}"), uuid4(), keep is kept_sealed
    command = sealing.seal(case, logged(CANARY)) if sealed else logged(CANARY)
    with transaction(log) as connection:
        connection.execute(text("CREATE TABLE events (body TEXT)"))
        connection.execute(text("INSERT INTO events VALUES (:body)"), {"body": keep(command)})
    found = holding(tmp_path, [CANARY.encode()])
    assert found == ({} if sealed else {"log.db-wal": 1})
    sealing.keys.destroy(case)
    assert bool(holding(tmp_path, [CANARY.encode()])) != sealed


def test_destroyed_bytes_leave_the_files(
    tmp_path: Path, keys: KeyStore, keys_url: str, request: pytest.FixtureRequest
) -> None:
    """Before, the scanner finds them; after, nowhere; other classes and cases stay."""
    server: Server | None = request.getfixturevalue("postgres_server") if "postgresql" in keys_url else None
    folder = server.folder if server else tmp_path
    mine, other = uuid4(), uuid4()
    for case in (mine, other):
        keys.to_seal(case, tuple(Secrecy))
    before, living = wrapped(keys, mine), wrapped(keys, other)
    assert sum(holding(folder, before).values()) >= 2, "one of three may lie across two pages of a log file"
    assert keys.destroy(mine) == frozenset()
    assert holding(folder, before) == {}
    assert wrapped(keys, mine) == []
    assert wrapped(keys, other) == living
    for _ in range(2):
        assert keys.destroy(mine) == keys.destroy(uuid4()) == frozenset()
    with pytest.raises(KeyDestroyed):
        keys.to_unseal(mine, Secrecy.CONTACT, 1)
    assert keys.to_unseal(other, Secrecy.CONTACT, 1)


def test_only_the_chosen_classes_go(keys: KeyStore) -> None:
    """Words may outlive the contact."""
    case = uuid4()
    keys.to_seal(case, tuple(Secrecy))
    keys.destroy(case, [Secrecy.CONTACT, Secrecy.PHOTOS])
    assert keys.to_seal(case, []).keys() == {Secrecy.NARRATIVE}


@pytest.mark.parametrize("secure", [1, 0])
def test_a_plain_deletion_leaves_the_bytes(tmp_path: Path, written_master: str, secure: int) -> None:
    """The control: with `secure_delete` off the scanner finds what every query says is gone."""
    url = f"sqlite:///{tmp_path / 'keys.db'}"
    migrate(engine_at(url), KEYS)
    keys, case = open_keys(url, MasterKey.of(written_master)), uuid4()
    keys.to_seal(case, tuple(Secrecy))
    bytes_ = wrapped(keys, case)
    with keys.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql(f"PRAGMA secure_delete = {secure}")
        connection.exec_driver_sql("DELETE FROM case_keys")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    assert wrapped(keys, case) == []
    assert holding(tmp_path, bytes_) == ({} if secure else {"keys.db": 3})


def test_nothing_is_left_after_much_use(tmp_path: Path, written_master: str) -> None:
    """Many small commits and erasures: each living key stands once, each destroyed one nowhere."""
    url, dice = f"sqlite:///{tmp_path / 'keys.db'}", random.Random(4711)
    migrate(engine_at(url), KEYS)
    keys, cases, gone = open_keys(url, MasterKey.of(written_master)), [uuid4() for _ in range(400)], list[bytes]()
    for number, case in enumerate(cases):
        keys.to_seal(case, [Secrecy.NARRATIVE, Secrecy.CONTACT])
        if number % 4 == 3:
            victim = dice.choice(cases[: number + 1])
            gone += wrapped(keys, victim)
            keys.destroy(victim)
    gone += wrapped(keys, cases[0])
    keys.destroy(cases[0])
    content = (tmp_path / "keys.db").read_bytes()
    living = wrapped(keys, *cases)
    assert len(gone) > 90
    assert [content.count(one) for one in living] == [1] * len(living)
    assert holding(tmp_path, gone) == {}


@pytest.mark.slow
def test_a_reader_in_the_way_is_told_and_repeating_helps(tmp_path: Path, written_master: str) -> None:
    """Its snapshot still needs the old pages."""
    url, case = f"sqlite:///{tmp_path / 'keys.db'}", uuid4()
    migrate(engine_at(url), KEYS)
    keys = open_keys(url, MasterKey.of(written_master))
    keys.to_seal(case, tuple(Secrecy))
    bytes_ = wrapped(keys, case)
    with engine_at(url).connect() as reader:
        reader.scalar(select(case_keys.c.number))
        with pytest.raises(NotYetGone, match="somebody is reading"):
            keys.destroy(case)
        assert holding(tmp_path, bytes_)
        assert wrapped(keys, case) == []
    keys.destroy(case)
    assert holding(tmp_path, bytes_) == {}


@pytest.fixture
def on_postgres(postgres_url: str, written_master: str) -> KeyStore:
    """A key store there."""
    migrate(engine_at(postgres_url), KEYS)
    return open_keys(postgres_url, MasterKey.of(written_master))


def _many(keys: KeyStore, count: int) -> list[UUID]:
    cases = [uuid4() for _ in range(count)]
    for case in cases:
        keys.to_seal(case, [Secrecy.CONTACT])
    return cases


def test_postgres_keeps_nothing_after_analyze_and_old_snapshots(on_postgres: KeyStore, postgres_server: Server) -> None:
    """Statistics would sample keys; a snapshot elsewhere would keep dead rows through any VACUUM."""
    cases = _many(on_postgres, 20)
    bytes_ = wrapped(on_postgres, *cases[:5])
    aside = on_postgres.engine.execution_options(isolation_level="REPEATABLE READ")
    with aside.connect() as snapshot:
        snapshot.scalar(text("SELECT txid_current()"))
        _outside(on_postgres, "ANALYZE case_keys")
        for case in cases[:5]:
            assert on_postgres.destroy(case) == frozenset()
        assert holding(postgres_server.folder, bytes_) == {}
        snapshot.rollback()
    assert len(wrapped(on_postgres, *cases)) == 15


def test_on_postgres_too_a_plain_deletion_leaves_the_bytes(on_postgres: KeyStore, postgres_server: Server) -> None:
    """The control: deleted, vacuumed, checkpointed, and still there: in the statistics and the log files."""
    cases = _many(on_postgres, 10)
    bytes_ = wrapped(on_postgres, *cases)
    for statement in (
        "ALTER TABLE case_keys ALTER wrapped SET STATISTICS 100",
        "ANALYZE case_keys",
        "DELETE FROM case_keys",
        "VACUUM case_keys",
        "CHECKPOINT",
        "SELECT pg_switch_wal()",
        "CHECKPOINT",
    ):
        _outside(on_postgres, statement)
    found = holding(postgres_server.folder, bytes_)
    assert any("pg_wal" in name for name in found)
    assert any("/base/" in name for name in found)


def test_what_a_role_may_not_do_is_said(on_postgres: KeyStore, postgres_url: str, written_master: str) -> None:
    """The keys are destroyed all the same."""
    (case,) = _many(on_postgres, 1)
    role = f"plain_{case.hex}"
    _outside(on_postgres, f"CREATE ROLE {role} LOGIN")
    _outside(on_postgres, f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
    plain = open_keys(make_url(postgres_url).set(username=role).render_as_string(), MasterKey.of(written_master))
    assert plain.destroy(case) == {Left.OLD_ROWS, Left.LOG_FILES}
    with pytest.raises(KeyDestroyed):
        on_postgres.to_unseal(case, Secrecy.CONTACT, 1)
    plain.engine.dispose()
    _outside(on_postgres, f"DROP OWNED BY {role}")
    _outside(on_postgres, f"DROP ROLE {role}")


def test_log_files_held_back_are_said(on_postgres: KeyStore) -> None:
    """A replication slot keeps what was written before."""
    (case,) = _many(on_postgres, 1)
    _outside(on_postgres, "SELECT pg_create_physical_replication_slot('standby', true)")
    assert on_postgres.destroy(case) == {Left.KEPT_LOG_FILES}
    _outside(on_postgres, "SELECT pg_drop_replication_slot('standby')")
    assert on_postgres.destroy(case) == frozenset()


def _outside(keys: KeyStore, statement: str) -> None:
    engine = create_engine(keys.engine.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
