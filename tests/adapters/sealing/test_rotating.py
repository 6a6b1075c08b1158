"""Another master key beside those who work: nothing is unreadable at any moment, and what was signed before is known after."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import IO
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from adapters.sealing import (
    KeyDestroyed,
    KeyStore,
    MasterKey,
    MasterKeyError,
    Sealing,
    StillInUseError,
    WrongMasterKeyError,
    code_of,
    create_master_key,
    is_code_of,
    open_keys,
    read_master_key,
    read_masters,
    receipt_hash,
    receipt_of,
    retire,
    rotate,
    wrappings,
)
from adapters.sealing.masters import add_master, retire_masters
from adapters.sealing.tables import case_keys
from domain.commands import AddNote
from domain.privacy import Clear, Sealed, Secrecy
from tests.adapters.sealing.rotator import WORDS
from tests.adapters.sealing.test_erasure import holding, wrapped

NOTE = AddNote(Clear(Secrecy.NARRATIVE, WORDS))
Words = tuple[UUID, Sealed]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with one master key."""
    create_master_key(tmp_path / "master.key")
    return tmp_path / "master.key"


@pytest.fixture
def keys(keys_url: str, path: Path) -> Iterator[KeyStore]:
    opened = open_keys(keys_url, read_masters(path))
    yield opened
    opened.engine.dispose()


def sealed(keys: KeyStore, count: int) -> list[Words]:
    """Words of so many cases."""
    return [(case, _sealed(keys, case)) for case in (uuid4() for _ in range(count))]


def _sealed(keys: KeyStore, case: UUID) -> Sealed:
    words = Sealing(keys).seal(case, NOTE).text
    assert isinstance(words, Sealed)
    return words


def unreadable(keys_url: str, path: Path, words: list[Words]) -> int:
    """How much of it somebody who starts now cannot read."""
    fresh, count = Sealing(open_keys(keys_url, read_masters(path))), 0
    for case, one in words:
        try:
            assert fresh.unseal(case, "text", one) == WORDS
        except (WrongMasterKeyError, KeyDestroyed):
            count += 1
    fresh.keys.engine.dispose()
    return count


def hows(keys: KeyStore) -> list[tuple[str, int]]:
    return [(one.how, one.keys) for one in wrappings(keys)]


def test_every_key_is_wrapped_anew_and_the_former_master_key_goes(keys: KeyStore, keys_url: str, path: Path) -> None:
    words, first = sealed(keys, 20), read_master_key(path)
    keys.destroy(words[0][0])
    assert hows(keys) == [("current", 19)]
    assert list(rotate(keys, path)) == [19]
    assert hows(keys) == [("current", 19), ("earlier", 0)]
    assert read_master_key(path) != first
    assert unreadable(keys_url, path, words) == 1
    assert retire(keys, path) == ((first.id,), frozenset())
    assert hows(keys) == [("current", 19), ("retired", 0)]
    assert unreadable(keys_url, path, words) == 1
    assert list(rotate(keys, path)) == [19]
    assert [one.how for one in wrappings(keys)] == ["current", "earlier", "retired"]


def test_what_the_former_key_wrapped_is_written_over(
    keys: KeyStore, keys_url: str, path: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Whoever took the former master key finds nothing that it opens."""
    folder = request.getfixturevalue("postgres_server").folder if "postgresql" in keys_url else tmp_path
    words = sealed(keys, 5)
    before = wrapped(keys, *(case for case, _ in words))
    assert holding(folder, before), "the control: they are there"
    list(rotate(keys, path))
    retire(keys, path)
    assert holding(folder, before) == {}


def test_a_retired_key_opens_nothing_and_knows_what_it_signed(keys: KeyStore, path: Path) -> None:
    case, other, masters = uuid4(), uuid4(), read_masters(path)
    receipt, code = receipt_of(masters, case), code_of(masters, case)
    mark, tag = masters.fingerprint("staff", "key", b"body"), masters.lasting("staff", "phone", b"office")
    secret = path.read_text().split()[0]
    list(rotate(keys, path))
    retire(keys, path)
    assert secret not in path.read_text()
    assert receipt_of(masters, case) != receipt, "new receipts are derived from the new key"
    giver = masters.giver(case, receipt_hash(receipt))
    assert (receipt_of(giver, case), code_of(giver, case)) == (receipt, code)
    assert is_code_of(code, giver, case)
    assert not is_code_of(code, masters.giver(other, receipt_hash(receipt_of(masters, other))), other)
    assert mark in masters.fingerprints("staff", "key", b"body") and mark != masters.fingerprint(
        "staff", "key", b"body"
    )
    assert masters.lasting("staff", "phone", b"office") == tag
    assert not isinstance(giver, MasterKey)


def test_who_works_already_reads_and_makes_with_the_new_key(keys: KeyStore, keys_url: str, path: Path) -> None:
    """A process that opened before the rotation goes on, and wraps nothing by the former key any more."""
    working = open_keys(keys_url, read_masters(path))
    words = sealed(working, 3)
    list(rotate(keys, path))
    words += sealed(working, 3)
    assert hows(keys) == [("current", 6), ("earlier", 0)]
    retire(keys, path)
    words += sealed(working, 3)
    assert all(Sealing(working).unseal(case, "text", one) == WORDS for case, one in words)
    assert unreadable(keys_url, path, words) == 0
    working.engine.dispose()


def test_a_key_that_is_needed_is_not_retired(
    keys: KeyStore, keys_url: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = sealed(keys, 4)
    add_master(path)
    with pytest.raises(StillInUseError, match="4 keys are still wrapped"):
        retire(keys, path)
    assert unreadable(keys_url, path, words) == 0
    monkeypatch.setattr("adapters.sealing.rotating._unused", lambda *_: None)
    retire(keys, path)
    assert unreadable(keys_url, path, words) == 4, "the seeded fault: retired all the same, and it is found"


def test_a_rotation_that_was_cut_off_makes_no_third_key(keys: KeyStore, path: Path) -> None:
    sealed(keys, 4)
    add_master(path)
    assert list(rotate(keys, path)) == [4]
    assert hows(keys) == [("current", 4), ("earlier", 0)]


def test_an_altered_key_keeps_nobody_else_waiting(keys: KeyStore, path: Path) -> None:
    words = sealed(keys, 4)
    with keys.engine.begin() as connection:
        altered = update(case_keys).where(case_keys.c.case_id == words[0][0])
        connection.execute(altered.values(secrecy=Secrecy.CONTACT.value))
    assert list(rotate(keys, path)) == [3]
    assert hows(keys) == [("current", 3), ("earlier", 1)]


# --- the file


def test_the_file_stays_its_owner_s_and_whole(path: Path) -> None:
    path.chmod(0o640)
    forsaken = path.parent / f".{path.name}.killed"
    forsaken.write_text("a key of somebody who was killed")
    add_master(path)
    add_master(path)
    assert path.stat().st_mode & 0o777 == 0o640
    assert (path.stat().st_uid, len(path.read_text().split())) == (os.getuid(), 3)
    assert sorted(one.name for one in path.parent.iterdir() if "master" in one.name) == [path.name]
    retire_masters(path)
    assert [line.split()[0] == "retired" for line in path.read_text().splitlines()] == [False, True, True]


@pytest.mark.parametrize("line", ["retired 00 short", "retired", "no key"])
def test_a_line_that_is_no_key_is_refused(path: Path, line: str) -> None:
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(MasterKeyError, match="base64 of 32 bytes"):
        read_masters(path)


# --- killed, under load


@contextmanager
def process(what: str, url: str, path: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.adapters.sealing.rotator", what, url, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as started:
        yield started
        started.kill()


def told(out: IO[str] | None, count: int) -> list[Words]:
    """So many lines of a worker."""
    assert out
    lines = [out.readline().split() for _ in range(count)]
    assert all(lines), "a worker came upon something that it could not read"
    return [(UUID(case), Sealed(Secrecy.NARRATIVE, token)) for case, token in lines]


@pytest.mark.slow
def test_killed_again_and_again_under_load_nothing_is_ever_unreadable(
    keys: KeyStore, keys_url: str, path: Path
) -> None:
    """Two processes seal and read all the time; one that rotates is killed in the middle, goes on, retires, and begins anew."""
    words, dice, kills = sealed(keys, 60), Random(3), 0
    with process("work", keys_url, path) as one, process("work", keys_url, path) as two:
        for _ in range(3):
            for _ in range(4):
                with process("rotate", keys_url, path) as turning:
                    assert turning.stdout
                    for _ in range(dice.randint(1, 4)):
                        turning.stdout.readline()
                    turning.kill()
                kills += 1
                words += told(one.stdout, 8) + told(two.stdout, 8)
                assert unreadable(keys_url, path, dice.sample(words, 40)) == 0
            if any(how != "current" and n for how, n in hows(keys)):
                list(rotate(keys, path))
            retire(keys, path)
            assert [how for how, n in hows(keys) if n] == ["current"]
        words += told(one.stdout, 8) + told(two.stdout, 8)
        assert one.poll() is two.poll() is None
    assert (kills, unreadable(keys_url, path, words)) == (12, 0)
