"""A full disk: commands are refused for the time being, nothing is half-stored, and with room again all goes on."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.store.errors import Unavailable
from tests.adapters.store.stories import event
from tests.breaking.conftest import Figures
from tests.breaking.disks import filled, limited, small_disk
from tests.breaking.load import at_work, strange
from tests.breaking.promises import broken
from tests.breaking.serving import served, served_here
from tests.breaking.town import Town, founded
from tests.postgres import Server

SIZE = 40  # megabytes of the small disk: a database of PostgreSQL has 8 to begin with
FINE = {"busy", "unknown"}


def full_and_not(town: Town, port: int, full: Callable[[], AbstractContextManager[None]], figures: Figures) -> None:
    """People at work while the disk is full, and after."""
    with at_work(town, port) as load:
        load.goes_on()
        with full():
            load.is_refused()
        load.goes_on()
    figures(load.told())
    assert strange(load.told(), fine=FINE) == []
    with town.opened() as whole:
        assert broken(whole, load.told()) == []


def test_sqlite_on_a_disk_that_is_full(tmp_path: Path, figures: Figures) -> None:
    with small_disk(tmp_path / "disk", SIZE) as disk:
        town = founded(disk / "home")
        with town.opened() as whole, served_here(whole) as port:
            full_and_not(town, port, partial(filled, disk), figures)


@pytest.mark.slow
def test_sqlite_where_its_files_cannot_grow(tmp_path: Path, figures: Figures) -> None:
    town = founded(tmp_path / "home")
    with served(town.settings) as server:
        full_and_not(town, server.port, lambda: limited(server.process.pid, 4096), figures)


def test_sqlite_knows_that_nothing_was_written(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", SIZE) as disk:
        town = founded(disk / "home")
        with town.opened() as whole, filled(disk), pytest.raises(Unavailable):
            whole.log.submit([event(uuid4(), 1, bytes(20_000))]).result()


@pytest.fixture
def disk(postgres: Server) -> Iterator[Path]:
    """A small disk that belongs to the server of PostgreSQL, with a database on it."""
    with small_disk(postgres.folder / "small", SIZE) as disk:
        shutil.chown(disk, (owner := postgres.folder.stat()).st_uid, owner.st_gid)
        postgres.administer(f"CREATE TABLESPACE small LOCATION '{disk}'")
        postgres.administer("CREATE DATABASE small TABLESPACE small")
        yield disk
        postgres.administer("DROP DATABASE small WITH (FORCE)")
        postgres.administer("DROP TABLESPACE small")


def test_postgresql_on_a_disk_that_is_full(postgres: Server, disk: Path, tmp_path: Path, figures: Figures) -> None:
    town = founded(tmp_path / "home", postgres.url("small"))
    with town.opened() as whole, served_here(whole) as port:
        full_and_not(town, port, partial(filled, disk), figures)
