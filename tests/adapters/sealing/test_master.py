"""The master key comes from a file that nobody else reads, and says nothing about itself."""

import os
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from adapters.sealing import MasterKey, MasterKeyError, create_master_key, new_master_key, read_master_key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a key may be."""
    return tmp_path / "master.key"


def test_what_is_created_can_be_read(path: Path) -> None:
    """Once, and by its owner only, whatever the umask."""
    before = os.umask(0)
    made = create_master_key(path)
    os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_master_key(path) == made == MasterKey.of(path.read_text())


def test_an_existing_key_is_never_replaced(path: Path) -> None:
    """It would make every sealed word unreadable."""
    create_master_key(path)
    content = path.read_text()
    with pytest.raises(MasterKeyError, match="exists already"):
        create_master_key(path)
    assert path.read_text() == content
    with pytest.raises(MasterKeyError, match="no master key can be written"):
        create_master_key(path / "below")


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602, 0o601, 0o620, 0o660, 0o777])
def test_a_key_open_to_others_is_refused(path: Path, mode: int) -> None:
    """With the remedy, and without the key."""
    create_master_key(path)
    path.chmod(mode)
    with pytest.raises(MasterKeyError, match=f"open to others .*chmod 600 {path}") as refused:
        read_master_key(path)
    assert path.read_text().strip() not in str(refused.value)


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o640])
def test_owner_and_reading_group_are_fine(path: Path, mode: int) -> None:
    """A service's own group may read it."""
    made = create_master_key(path)
    path.chmod(mode)
    assert read_master_key(path) == made


@pytest.mark.parametrize(
    "content", ["", "secret words", b64encode(b"x" * 31).decode(), b64encode(b"x" * 33).decode(), "é"]
)
def test_what_is_no_key_is_refused(path: Path, content: str) -> None:
    """Without repeating it: it may be nearly one."""
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(MasterKeyError, match="base64 of 32 bytes") as refused:
        read_master_key(path)
    assert not content or content not in str(refused.value)
    with pytest.raises(MasterKeyError, match="base64 of 32 bytes") as refused:
        MasterKey.of(content)
    assert not content or content not in str(refused.value)


def test_a_missing_key_is_named(path: Path) -> None:
    """A folder is none either."""
    for none in (path, path.parent):
        with pytest.raises(MasterKeyError, match="cannot be read"):
            read_master_key(none)


def test_it_does_not_show_itself() -> None:
    """Nor anything derived from it, but its id."""
    written = new_master_key()
    master = MasterKey.of(written)
    assert repr(master) == f"MasterKey(id='{master.id}')"
    assert MasterKey.of(written + "\n") == master != MasterKey.of(new_master_key())


def test_a_fingerprint_tells_actor_key_and_body_apart() -> None:
    """And where one ends and the next begins."""
    written = new_master_key()
    master = MasterKey.of(written)
    others = [
        ("bc", "key", b"body"),
        ("b", "keys", b"body"),
        ("b", "key", b"other"),
        ("bk", "ey", b"body"),
        ("", "", b"bkeybody"),
    ]
    marks = {master.fingerprint(*parts) for parts in [("b", "key", b"body"), *others]}
    assert len(marks) == 6
    assert {len(mark) for mark in marks} == {32}
    assert MasterKey.of(written).fingerprint("b", "key", b"body") == master.fingerprint("b", "key", b"body")


def test_a_fingerprint_gives_no_phone_number_back() -> None:
    """Who has only the store cannot try all numbers: another master key gives another fingerprint."""
    body = b'{"phone": "13900004711"}'
    one, two = (MasterKey.of(new_master_key()).fingerprint("a", "k", body) for _ in range(2))
    assert one != two
    assert sha256(body).digest() not in {one, two}
