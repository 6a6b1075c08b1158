"""Backups while people work: what comes back is what was there, event by event; a backup that was killed is none."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from adapters.keeping import BackupError
from adapters.keeping.folder import backups, chosen
from adapters.keeping.recovering import running
from adapters.store.engine import engine_at
from adapters.store.tables import events
from api.whole import real_time
from tests.adapters.keeping.stores import Store
from tests.api.test_command_line import Ran, whistle
from tests.breaking.archiving import an_archiving_server, archived, owned
from tests.breaking.load import at_work, strange
from tests.breaking.serving import PYTHON, environ, served_here
from tests.breaking.town import STAFF, Town, founded
from tests.breaking.waiting import until
from tests.postgres import Server

Rows = list[tuple[Any, ...]]


def rows(url: str) -> Rows:
    """The log, event by event."""
    engine = engine_at(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(select(events).order_by(events.c.position))]
    engine.dispose()
    return found


def keep(town: Town, kept: Path, *words: str) -> None:
    """A backup, by a process of its own."""
    said = ("backup", str(kept), "--home", str(town.settings.home), *words)
    ran = subprocess.run([*PYTHON, *said], env=environ(town.settings), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def new_home(town: Town, name: str) -> Path:
    """Today's keys and the master key, elsewhere."""
    home = town.settings.home.parent / name
    home.mkdir()
    for file in ("keys.db", "master.key", "seal.key"):
        shutil.copy(town.settings.home / file, home / file)
    return home


def up_to(found: Rows, moment: datetime) -> Rows:
    return [row for row in found if row[-1] <= moment]


# --- SQLite


def test_sqlite_is_kept_while_people_work(tmp_path: Path) -> None:
    town, kept = founded(tmp_path / "home"), tmp_path / "backups"
    with town.opened() as whole, served_here(whole) as port, at_work(town, port) as load:
        for _ in range(4):
            load.goes_on(15)
            keep(town, kept)
        load.goes_on(5)
    assert strange(load.told(), fine=()) == []
    assert [one.manifest.kind for one in backups(kept)] == ["base", "more", "more", "more"]
    live, last = rows(town.settings.log), backups(kept)[-1].manifest.head.position
    assert 0 < last < len(live)
    home = new_home(town, "again")
    ran = whistle("restore", str(kept), home=home)
    assert ran.returncode == 0, ran.stderr
    assert rows(f"sqlite:///{home / 'log.db'}") == live[:last]
    for number in (last // 3, last // 2, last - 1):
        moment = live[number][-1]
        home = new_home(town, f"at-{number}")
        ran = whistle("restore", str(kept), "--to", moment.isoformat(), home=home)
        if ran.returncode:
            assert moment >= (backups(kept)[-1].manifest.complete_until or moment), ran.stderr
            continue
        assert rows(f"sqlite:///{home / 'log.db'}") == up_to(live, moment)


@pytest.mark.parametrize("rounds", [1, pytest.param(6, marks=pytest.mark.slow)])
def test_a_backup_that_is_killed_is_none(tmp_path: Path, rounds: int) -> None:
    town, kept = founded(tmp_path / "home"), tmp_path / "backups"
    heavy(town)
    with town.opened() as whole, served_here(whole) as port, at_work(town, port) as load:
        load.goes_on()
        for _ in range(rounds):
            killed_in_the_middle(town, kept)
            with pytest.raises(BackupError, match="there is no backup"):
                chosen(kept, None)
        left = next(kept.glob(".*.part"))
        seeded = left.rename(kept / left.name.removeprefix(".").removesuffix(".part"))
        ran = whistle("restore", str(kept), home=new_home(town, "seeded"))
        assert ran.returncode == 2 and "is no backup" in ran.stderr
        shutil.rmtree(seeded)
        killed_in_the_middle(town, kept)
        keep(town, kept)
    assert list(kept.glob(".*.part")) == []
    home = new_home(town, "again")
    assert whistle("restore", str(kept), home=home).returncode == 0
    assert rows(f"sqlite:///{home / 'log.db'}") == rows(town.settings.log)[: backups(kept)[-1].manifest.head.position]


def heavy(town: Town) -> None:
    """A table that nobody has told us of, so large that a backup takes a while."""
    with closing(sqlite3.connect(town.settings.home / "log.db")) as log:
        log.execute("CREATE TABLE ballast AS SELECT zeroblob(100000000) AS b")
        log.commit()


def killed_in_the_middle(town: Town, kept: Path) -> None:
    before = set(kept.glob(".*.part"))
    said = [sys.executable, "-m", "api", "backup", str(kept), "--home", str(town.settings.home)]
    with subprocess.Popen(said, env=environ(town.settings)) as process:
        until(lambda: set(kept.glob(".*.part")) - before or process.poll() is not None)
        process.kill()


def test_two_backups_at_once_do_not_mix(tmp_path: Path) -> None:
    town, kept = founded(tmp_path / "home"), tmp_path / "backups"
    said = [*PYTHON, "backup", str(kept), "--home", str(town.settings.home)]
    both = [subprocess.Popen(said, env=environ(town.settings), stderr=subprocess.PIPE, text=True) for _ in range(4)]
    told = [process.communicate(timeout=60)[1] for process in both]
    assert all(p.returncode == 0 or "another backup is being written" in s for p, s in zip(both, told, strict=True))
    assert len(backups(kept)) == sum(process.returncode == 0 for process in both) >= 1


# --- PostgreSQL


@pytest.fixture(scope="module")
def archiving() -> Iterator[tuple[Server, Path]]:
    with an_archiving_server() as (server, wal):
        yield server, wal


def restored(town: Town, kept: Path, into: Path, *words: str, name: str) -> Ran:
    """The command, with what it needs to bring a cluster back."""
    home = new_home(town, name)
    return whistle(
        "restore", str(kept), "--into", str(into), "--database-url", town.settings.log, *words, home=home
    )  # fmt: skip


@pytest.mark.slow
def test_postgresql_is_kept_while_people_work_and_comes_back_at_any_moment(
    archiving: tuple[Server, Path], tmp_path: Path
) -> None:
    server, wal = archiving
    server.administer("CREATE DATABASE town")
    town, kept = founded(tmp_path / "home", server.url("town")), tmp_path / "backups"
    with town.opened() as whole, served_here(whole) as port, at_work(town, port) as load:
        load.goes_on()
        keep(town, kept)
        load.goes_on(40)
    server.administer("CREATE TABLE bad_import (n int)")
    archived(server, wal)
    live, base = rows(town.settings.log), backups(kept)[0].manifest
    into = owned(server, "restored")

    assert restored(town, kept, into / "base", name="base").returncode == 0
    assert len(seen(into / "base", town)) >= base.head.position
    ran = restored(town, kept, into / "all", "--wal", str(wal), name="all")
    assert ran.returncode == 0, ran.stderr
    assert seen(into / "all", town) == live

    later = [row[-1] for row in live if row[-1] > base.taken_at]
    for number in (len(later) // 4, len(later) // 2):
        moment, data = later[number], into / f"at-{number}"
        ran = restored(town, kept, data, "--to", moment.isoformat(), "--wal", str(wal), name=data.name)
        assert ran.returncode == 0, ran.stderr
        assert seen(data, town) == up_to(live, moment)
    early = live[base.head.position // 2][-1]
    ran = restored(town, kept, into / "early", "--to", early.isoformat(), name="early")
    assert ran.returncode == 0, ran.stderr
    assert seen(into / "early", town) == up_to(live, early), "without log files: a later base, cut back"


@pytest.mark.slow
def test_postgresql_comes_back_as_it_was_before_somebody_deleted(
    archiving: tuple[Server, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.keeping.recovering.UNDER_WAY", timedelta(0))  # nothing is under way here
    server, wal = archiving
    server.administer("CREATE DATABASE deleted")
    town, kept = founded(tmp_path / "home", server.url("deleted")), tmp_path / "backups"
    keep(town, kept)
    store = Store(town.settings.home, town.settings.log)
    store.logged(real_time(), 5)
    live, moment = store.rows(), real_time()
    engine = engine_at(town.settings.log)
    with engine.begin() as connection:
        connection.execute(delete(events))
    engine.dispose()
    archived(server, wal)
    data = owned(server, "undeleted") / "data"
    ran = restored(town, kept, data, "--to", moment.isoformat(), "--wal", str(wal), name="undeleted")
    assert ran.returncode == 0, ran.stderr
    assert seen(data, town) == live and sum("case-logged" in row for row in live) == 5
    aside = data.with_name("tried")
    ran = restored(town, kept, aside, "--wal", str(wal), "--to", moment.isoformat(), "--try", name="tried")
    assert (ran.returncode, aside.exists()) == (0, False), ran.stderr
    assert (kept / "tried.json").exists()


def seen(data: Path, town: Town) -> Rows:
    """What is in a cluster that was restored, started as its operator would."""
    with running(data, town.settings.log, None, None) as url:
        return rows(url)


@pytest.mark.slow
def test_what_postgresql_lacks_or_cannot_do_is_said(archiving: tuple[Server, Path], tmp_path: Path) -> None:
    server, wal = archiving
    server.administer("CREATE DATABASE said")
    town, kept = founded(tmp_path / "home", server.url("said")), tmp_path / "backups"
    keep(town, kept)
    into = owned(server, "said")
    (into / "full").mkdir()
    (into / "full" / "file").touch()
    for words, says in (
        ((str(into / "full"),), "not empty"),
        ((str(into / "early"), "--wal", str(wal), "--to", "2020-01-01T00:00:00Z"), "was complete by"),
    ):
        ran = restored(town, kept, Path(words[0]), *words[1:], name=f"home-{len(words)}")
        assert (ran.returncode, ran.stderr.count("\n")) == (2, 1) and says in ran.stderr, ran.stderr
    path = next(kept.glob("2*")) / "base.tar"
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)
    ran = restored(town, kept, into / "damaged", name="damaged")
    assert ran.returncode == 2 and "damaged" in ran.stderr and not (into / "damaged").exists()


@pytest.mark.slow
def test_a_hole_in_the_archive_is_not_taken_for_its_end(archiving: tuple[Server, Path], tmp_path: Path) -> None:
    server, wal = archiving
    server.administer("CREATE DATABASE hole")
    town, kept = founded(tmp_path / "home", server.url("hole")), tmp_path / "backups"
    keep(town, kept)
    with town.opened() as whole:
        for _ in range(3):
            whole.tokens.create(*_anybody())
            archived(server, wal)
    into, names = owned(server, "hole"), sorted(path for path in wal.iterdir() if len(path.name) == 24)
    names[-2].rename(into / names[-2].name)
    ran = restored(town, kept, into / "data", "--wal", str(wal), name="hole")
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1) and "has a gap: 1 log files" in ran.stderr
    (into / names[-2].name).rename(names[-2])
    shutil.rmtree(into / "data", ignore_errors=True)
    assert restored(town, kept, into / "data", "--wal", str(wal), name="whole").returncode == 0


def _anybody() -> tuple[Any, ...]:
    return next(iter(STAFF.values())), "test", real_time()


@pytest.mark.slow
def test_keys_on_the_same_server_are_refused(archiving: tuple[Server, Path], tmp_path: Path) -> None:
    server, _ = archiving
    server.administer("CREATE DATABASE apart")
    server.administer("CREATE DATABASE keys")
    town = founded(tmp_path / "home", server.url("apart"))
    settings = replace(town.settings, keys=server.url("keys"))
    said = [*PYTHON, "backup", str(tmp_path / "backups"), "--home", str(settings.home)]
    env = {**environ(settings), "WHISTLE_KEYS_URL": settings.keys}
    ran = subprocess.run(said, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 2 and "own PostgreSQL server" in ran.stderr


def test_a_server_without_an_archive_is_told_what_it_lacks(town: Town, tmp_path: Path) -> None:
    if town.settings.log.startswith("sqlite"):
        return
    said = [*PYTHON, "backup", str(tmp_path / "backups"), "--home", str(town.settings.home)]
    ran = subprocess.run(said, env=environ(town.settings), capture_output=True, text=True, check=False)
    assert ran.returncode == 0 and "archive_mode is off" in ran.stderr
