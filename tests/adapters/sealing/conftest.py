"""A key store on each kind of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.sealing import KEYS, KeyStore, MasterKey, Sealing, new_master_key, open_keys
from adapters.store.engine import engine_at
from adapters.store.migrate import migrate


@pytest.fixture(params=["sqlite", "postgresql"])
def keys_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated key store."""
    address = f"sqlite:///{tmp_path / 'keys.db'}"
    if request.param == "postgresql":
        address = request.getfixturevalue("postgres_url")
    engine = engine_at(address)
    migrate(engine, KEYS)
    engine.dispose()
    return address


@pytest.fixture
def written_master() -> str:
    """A master key as a file holds it."""
    return new_master_key()


@pytest.fixture
def keys(keys_url: str, written_master: str) -> Iterator[KeyStore]:
    """The key store there."""
    keys = open_keys(keys_url, MasterKey.of(written_master))
    yield keys
    keys.engine.dispose()


@pytest.fixture
def sealing(keys: KeyStore) -> Sealing:
    """What seals with it."""
    return Sealing(keys)


@pytest.fixture(scope="session")
def quick() -> Sealing:
    """In memory, where only the words matter."""
    return Sealing(open_keys("sqlite://", MasterKey.of(new_master_key())))
