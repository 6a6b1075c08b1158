"""A store whose first migration was killed, at whichever write, is made whole by repeating it."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect

from adapters.store.engine import engine_at
from adapters.store.migrate import LOG
from adapters.store.tables import metadata
from api.settings import Settings
from tests.breaking.people import Person, log
from tests.breaking.serving import PYTHON, environ, served_here
from tests.breaking.town import Town, founded
from tests.breaking.tracing import can_trace, killed_at
from tests.postgres import Server

# The seeded fault: the same program, but each statement is for itself.
WITHOUT_TRANSACTION = """
from adapters.store import engine
engine._begun = lambda connection, last_try: True
from api.__main__ import main
main()
"""
ALL = {*metadata.tables, LOG.version_table}


def migration_killed(settings: Settings, *strace: str, python: tuple[str, ...] = PYTHON) -> None:
    """`whistle migrate`, which does not come to its end."""
    command = [*strace, *python, "migrate", "--home", str(settings.home)]
    ran = subprocess.run(command, env=environ(settings), stdout=subprocess.DEVNULL, timeout=60, check=False)
    assert ran.returncode == -9, "it was over before it was killed"


def tables(url: str) -> set[str]:
    engine = engine_at(url)
    found = set(inspect(engine).get_table_names())
    engine.dispose()
    return found


def works(town: Town) -> None:
    """It is migrated again, and takes a case with sealed words."""
    with town.opened() as whole, served_here(whole) as port:
        person = Person(port, town.tokens)
        assert person.say(log(narrative="water")).done
        person.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    can_trace(tmp_path / "trace")
    return tmp_path / "home"


@pytest.mark.parametrize(
    ("file", "call", "number"),
    [
        ("log.db-wal", "pwrite64", 12),
        *(
            pytest.param(*moment, marks=pytest.mark.slow)
            for moment in (
                ("log.db-journal", "pwrite64", 1),
                ("log.db", "pwrite64", 1),
                ("log.db-shm", "pwrite64", 4),
                ("log.db-wal", "pwrite64", 1),
                ("log.db-wal", "pwrite64", 25),
                ("log.db-wal", "fdatasync", 2),
                ("log.db", "pwrite64", 7),
                ("keys.db-wal", "pwrite64", 5),
                ("keys.db-journal", "pwrite64", 1),
                ("keys.db", "pwrite64", 4),
            )
        ),
    ],
)
def test_on_sqlite(home: Path, file: str, call: str, number: int) -> None:
    settings = Settings.of({}, home=home)
    migration_killed(settings, *killed_at(call, number, home / file))
    assert tables(settings.log) in (set(), ALL)
    works(founded(home))


@pytest.mark.slow
def test_a_migration_without_a_transaction_is_found(home: Path) -> None:
    settings = Settings.of({}, home=home)
    careless = (sys.executable, "-c", WITHOUT_TRANSACTION)
    migration_killed(settings, *killed_at("pwrite64", 12, home / "log.db-wal"), python=careless)
    assert tables(settings.log) not in (set(), ALL)


def test_before_the_master_key_has_its_name(home: Path) -> None:
    migration_killed(Settings.of({}, home=home), *killed_at("link,linkat", 1))
    works(founded(home))


@pytest.mark.slow
@pytest.mark.parametrize("number", [3, 8, 14, 17, 20, 22])
def test_on_postgresql(home: Path, postgres: Server, number: int) -> None:
    postgres.administer(f"CREATE DATABASE killed_{number}")
    url = postgres.url(f"killed_{number}")
    migration_killed(Settings.of({"WHISTLE_DATABASE_URL": url}, home=home), *killed_at("sendto", number))
    assert tables(url) in (set(), ALL)
    works(founded(home, url))
