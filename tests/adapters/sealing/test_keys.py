"""Keys are made once, are on disk before anything is sealed with them, and outlive no orphan."""

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from threading import Event
from time import monotonic
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, func, select, update

from adapters.sealing import KeyStore, MasterKey, Tampered, WrongMasterKeyError, new_master_key, open_keys
from adapters.sealing.tables import case_keys
from adapters.store.engine import engine_at, transaction
from adapters.store.errors import Busy
from adapters.store.migrate import NotMigratedError
from domain.privacy import Secrecy

NOW = datetime(2025, 3, 1, tzinfo=UTC)
BOTH = (Secrecy.NARRATIVE, Secrecy.CONTACT)


def rows(keys: KeyStore) -> int:
    """How many keys are stored."""
    with keys.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(case_keys)) or 0


@pytest.fixture
def again(keys_url: str, written_master: str, keys: KeyStore) -> Iterator[KeyStore]:
    """The same key store, opened by somebody else."""
    assert rows(keys) == 0
    other = open_keys(keys_url, MasterKey.of(written_master))
    yield other
    other.engine.dispose()


def test_keys_are_committed_before_they_are_used(keys: KeyStore, again: KeyStore) -> None:
    """Another connection has them at once; a second call makes none."""
    case = uuid4()
    ring = keys.to_seal(case, BOTH)
    assert again.to_seal(case, BOTH) == ring
    assert rows(keys) == 2
    assert len({key.secret for key in ring.values()}) == 2
    for secrecy, key in ring.items():
        assert len(key.secret) == 32
        assert again.to_unseal(case, secrecy, key.number) == key.secret


def test_a_missing_class_is_added_to_those_there(keys: KeyStore) -> None:
    """The first key stays."""
    case = uuid4()
    first = keys.to_seal(case, [Secrecy.CONTACT])
    both = keys.to_seal(case, BOTH)
    assert both[Secrecy.CONTACT] == first[Secrecy.CONTACT]
    assert rows(keys) == 2


RACE = """
import json, sys
from hashlib import sha256
from uuid import UUID
from adapters.sealing import MasterKey, open_keys
from domain.privacy import Secrecy
url, master, *cases = json.loads(sys.stdin.readline())
keys = open_keys(url, MasterKey.of(master))
keys.engine.connect().close()
print("ready", flush=True)
sys.stdin.readline()
rings = [keys.to_seal(UUID(case), list(Secrecy)) for case in cases]
print(json.dumps([sha256(ring[Secrecy.CONTACT].secret).hexdigest() for ring in rings]))
"""


@pytest.mark.slow
def test_two_processes_at_once_end_with_one_key(keys: KeyStore, keys_url: str, written_master: str) -> None:
    """Thirty cases, each begun by four processes at the same time."""
    cases = [str(uuid4()) for _ in range(30)]
    racers = [_process() for _ in range(4)]
    for racer in racers:
        print(json.dumps([keys_url, written_master, *cases]), file=racer.stdin, flush=True)
    assert {racer.stdout.readline() for racer in racers if racer.stdout} == {"ready\n"}
    for racer in racers:
        print("go", file=racer.stdin, flush=True)
    answers = [json.loads(racer.communicate(timeout=60)[0]) for racer in racers]
    stored = [keys.to_seal(UUID(case), [Secrecy.CONTACT])[Secrecy.CONTACT].secret for case in cases]
    assert answers == [[sha256(secret).hexdigest() for secret in stored]] * 4
    assert rows(keys) == 30 * len(Secrecy)


def _process() -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    return subprocess.Popen([sys.executable, "-c", RACE], stdin=pipe, stdout=pipe, text=True)


class Gate:
    """A clock that holds up whoever is making keys."""

    def __init__(self) -> None:
        """Closed at first."""
        self.reached, self.open = Event(), Event()

    def __call__(self) -> datetime:
        """Called inside the transaction that makes keys."""
        self.reached.set()
        assert self.open.wait(30)
        return NOW


def test_commands_at_once_share_a_commit(keys: KeyStore) -> None:
    """While the first one is committing, twenty others queue: two commits in all."""
    gate, commits = Gate(), list[object]()
    shared = KeyStore(keys.engine, MasterKey.of(new_master_key()), clock=gate)
    event.listen(keys.engine, "commit", commits.append)
    with ThreadPoolExecutor(21) as pool:
        first = pool.submit(shared.to_seal, uuid4(), BOTH)
        assert gate.reached.wait(10)
        others = [pool.submit(shared.to_seal, uuid4(), BOTH) for _ in range(20)]
        until = monotonic() + 10
        while len(shared._waiting) < 20 and monotonic() < until:  # noqa: SLF001 - nothing else tells that all queue
            Event().wait(0.001)
        gate.open.set()
        rings = [made.result() for made in (first, *others)]
    assert len(commits) == 2
    assert len({ring[Secrecy.CONTACT].secret for ring in rings}) == 21


@pytest.mark.slow
def test_who_waits_too_long_is_told(keys: KeyStore) -> None:
    """Nothing was made, and later it works."""
    gate = Gate()
    slow, case = KeyStore(keys.engine, MasterKey.of(new_master_key()), clock=gate), uuid4()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(slow.to_seal, uuid4(), BOTH)
        assert gate.reached.wait(10)
        with pytest.raises(Busy, match="waited too long"):
            slow.to_seal(case, BOTH)
        gate.open.set()
        first.result()
    assert slow.to_seal(case, BOTH).keys() == set(BOTH)


def test_another_master_key_is_named_as_the_reason(keys: KeyStore) -> None:
    """Not taken for tampering."""
    case = uuid4()
    keys.to_seal(case, BOTH)
    stranger = KeyStore(keys.engine, MasterKey.of(new_master_key()))
    for attempt in (lambda: stranger.to_seal(case, BOTH), lambda: stranger.to_unseal(case, Secrecy.CONTACT, 1)):
        with pytest.raises(WrongMasterKeyError, match="another master key"):
            attempt()


def test_a_stored_key_is_bound_to_its_case(keys: KeyStore) -> None:
    """Copied to another case, or altered, it does not open."""
    mine, other = uuid4(), uuid4()
    keys.to_seal(mine, [Secrecy.CONTACT])
    keys.to_seal(other, [Secrecy.CONTACT])
    with transaction(keys.engine) as connection:
        theirs = connection.scalar(select(case_keys.c.wrapped).where(case_keys.c.case_id == other))
        connection.execute(update(case_keys).where(case_keys.c.case_id == mine).values(wrapped=theirs))
    for case, expected in ((mine, True), (other, False)):
        assert _tampered(keys, case) == expected
    with transaction(keys.engine) as connection:
        connection.execute(update(case_keys).values(wrapped=b"short"))
    assert _tampered(keys, other)


def _tampered(keys: KeyStore, case: UUID) -> bool:
    try:
        keys.to_unseal(case, Secrecy.CONTACT, 1)
    except Tampered:
        return True
    return False


def test_an_empty_database_is_refused(tmp_path: object) -> None:
    """Until it is migrated."""
    with pytest.raises(NotMigratedError, match="whistle migrate"):
        open_keys(f"sqlite:///{tmp_path}/new.db", MasterKey.of(new_master_key()))
    engine_at(f"sqlite:///{tmp_path}/new.db").dispose()
