"""`whistle backup` and `whistle restore` on SQLite, as whoever runs a store uses them."""

import sqlite3
from base64 import b64encode
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update

from adapters.outbox.tables import followed, messages
from adapters.sealing import KeyDestroyed
from adapters.sealing.master import new_master_key
from adapters.sealing.tables import case_keys
from adapters.store.engine import engine_at
from adapters.store.tables import commands, editions, photos, sessions, tokens
from api.whole import compose, real_time
from domain.actors import Actor, Role
from domain.events import CaseLogged
from domain.privacy import Sealed
from tests.adapters.keeping.stores import CANARY, Store, manifest, newest, there
from tests.api.office import START
from tests.api.test_command_line import Ran, whistle
from tests.forgotten import forgotten

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)  # 12:00 in the town
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.at(tmp_path / "store")


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def fine(ran: Ran) -> Ran:
    assert ran.returncode == 0, ran.stderr
    return ran


def refused(ran: Ran, *says: str) -> None:
    """One line, and exit code 2."""
    assert (ran.returncode, len(ran.stderr.strip().splitlines())) == (2, 1), ran.stderr
    assert all(word in ran.stderr for word in says), ran.stderr


def erased(store: Store, case: UUID) -> None:
    with closing(compose(store.settings)) as whole:
        forgotten(whole, case)
        whole.erasing.carry_out(whole.now())


def new_place(store: Store, name: str = "again") -> Store:
    """Another folder, with today's keys and the master key: what is there after a disk was lost."""
    home = store.home.parent / name
    home.mkdir()
    for file in ("keys.db", "master.key", "seal.key"):
        (home / file).write_bytes((store.home / file).read_bytes())
        (home / file).chmod(0o600)
    return Store(home)


def test_what_was_kept_comes_back(store: Store, kept: Path) -> None:
    (store.home / "channels.toml").write_text("")
    store.logged(NOON, 3)
    fine(whistle("backup", str(kept), home=store.home))
    store.logged(NOON + MINUTE, 2)
    said = fine(whistle("backup", str(kept), home=store.home))
    assert "more up to position 5" in said.stdout and "the key store is kept nowhere" in said.stderr
    assert there(kept) == ["base", "more"]
    again = new_place(store)
    assert "in order" in fine(whistle("restore", str(kept), home=again.home)).stdout
    assert again.rows() == store.rows() and len(again.rows()) == 5
    for table in (commands, editions, tokens):
        assert again.rows(table) == store.rows(table)
    assert (again.home / "channels.toml").exists()
    with closing(compose(again.settings)) as whole:
        assert whole.boards.position() == whole.past.position() == 5


def test_an_increment_holds_only_what_is_new(store: Store, kept: Path) -> None:
    store.logged(NOON, 40)
    whistle("backup", str(kept), home=store.home)
    store.logged(NOON + MINUTE)
    whistle("backup", str(kept), home=store.home)
    base, more = sorted(kept.glob("2*"))
    assert manifest(more)["head"]["position"] == 41
    sizes = [manifest(one)["files"]["log.db"]["size"] for one in (base, more)]
    assert sizes[1] < sizes[0]


def test_to_the_minute_before_a_bad_import(store: Store, kept: Path) -> None:
    store.logged(NOON - 10 * MINUTE, 3)
    before = store.rows()
    whistle("backup", str(kept), home=store.home)
    store.logged(NOON, 30)
    with closing(compose(store.settings)) as whole:
        whole.tokens.create(Actor("intruder", Role.STREET_CLERK, "100-1"), "test", NOON)
        whole.outbox.following.follow()
    whistle("backup", str(kept), home=store.home)
    again = new_place(store)
    moment = (NOON - MINUTE).isoformat()
    fine(whistle("restore", str(kept), "--to", moment, home=again.home))
    assert again.rows() == before
    assert "intruder" not in str(again.rows(tokens))
    with closing(compose(again.settings)) as whole:
        assert whole.boards.position() == 3
        assert whole.outbox.following.follow() == 3, "whoever follows is not ahead of the log"
    again.logged(NOON + MINUTE)
    assert [row[0] for row in again.rows()] == [1, 2, 3, 4]


def test_what_was_sealed_beyond_the_moment_counts_no_more_and_what_is_erased_after_it_is_carried_out(
    store: Store, kept: Path
) -> None:
    """Positions after the moment are given out again: neither seal nor key store may take them for those that were there."""
    (case,) = store.logged(NOON - 10 * MINUTE)
    later = store.logged(NOON, 3)
    with closing(compose(store.settings)) as whole:
        whole.seal.catch_up(NOON)
        outside = whole.seal.last()
    for one in later:
        erased(store, one)
    whistle("backup", str(kept), home=store.home)
    again = new_place(store)
    fine(whistle("restore", str(kept), "--to", (NOON - MINUTE).isoformat(), home=again.home))
    assert len(again.rows()) == 1 and outside is not None
    erased(again, case)
    with pytest.raises(KeyDestroyed):
        readable(again, case)
    with closing(compose(again.settings)) as whole:
        whole.seal.catch_up(NOON + MINUTE)
    assert whistle("verify", home=again.home).returncode == 0
    (again.home / "outside").write_text(outside.note)
    found = whistle("verify", "--against", str(again.home / "outside"), home=again.home)
    assert found.returncode == 1, "who took a log back is found by what was kept elsewhere"


def test_the_moment_itself_is_in_and_one_later_is_not(store: Store, kept: Path) -> None:
    store.logged(NOON)
    store.logged(NOON + timedelta(microseconds=1))
    whistle("backup", str(kept), home=store.home)
    again = new_place(store)
    fine(whistle("restore", str(kept), "--to", NOON.isoformat(), home=again.home))
    assert len(again.rows()) == 1


def test_a_moment_that_no_backup_reaches_is_refused(store: Store, kept: Path) -> None:
    store.logged(NOON)
    whistle("backup", str(kept), home=store.home)
    again = new_place(store)
    refused(whistle("restore", str(kept), "--to", "2100-01-01T00:00:00Z", home=again.home), "complete up to")
    refused(whistle("restore", str(kept), "--to", "2026-03-02T11:59:00", home=again.home), "no moment with its zone")
    refused(whistle("restore", str(kept), "--to", "noon", home=again.home), "no moment with its zone")


def test_a_log_that_was_restored_begins_a_line_of_its_own(store: Store, kept: Path) -> None:
    """Two histories in one folder: an increment never goes on from the other one."""
    store.logged(NOON, 3)
    whistle("backup", str(kept), home=store.home)
    store.logged(NOON + MINUTE, 3)
    whistle("backup", str(kept), home=store.home)
    again = new_place(store)
    whistle("restore", str(kept), "--to", NOON.isoformat(), home=again.home)
    again.logged(NOON + 2 * MINUTE, 4)
    whistle("backup", str(kept), home=again.home)
    assert there(kept) == ["base", "more", "base"]
    third = new_place(store, "third")
    fine(whistle("restore", str(kept), home=third.home))
    assert third.rows() == again.rows()
    fourth = new_place(store, "fourth")
    fine(whistle("restore", str(kept), "--to", (NOON + MINUTE - timedelta(seconds=1)).isoformat(), home=fourth.home))
    assert fourth.rows() == store.rows()[:3]


# --- keys


def test_keys_lie_apart(store: Store, kept: Path, keys: Path) -> None:
    store.logged(NOON)
    fine(whistle("backup", str(kept), "--keys-to", str(keys), home=store.home))
    assert sorted(manifest(newest(kept))["files"]) == ["log.db", "outbox.db", "seal.db", "security.db"]
    assert sorted(manifest(newest(keys))["files"]) == ["keys.db"]
    master = (store.home / "master.key").read_bytes().strip()
    wrapped = [bytes(row.wrapped) for row in all_keys(store)]
    assert wrapped
    for path in (path for path in kept.rglob("*") if path.is_file()):
        assert not [one for one in (master, *wrapped) if one in path.read_bytes()], path
    assert not [path for path in keys.rglob("*") if path.is_file() and master in path.read_bytes()]
    with (kept / "seeded").open("wb") as seeded:
        seeded.write(wrapped[0])
    assert [path.name for path in kept.rglob("*") if path.is_file() and wrapped[0] in path.read_bytes()] == ["seeded"]


@pytest.mark.parametrize(
    ("folder", "keys", "says"),
    [
        ("store/backups", "keys", "lies with the key store"),
        ("backups", "store/keys", "lies with the key store"),
        ("backups", "backups", "keys go to a folder apart"),
        ("backups", "backups/keys", "keys go to a folder apart"),
        ("keys/backups", "keys", "keys go to a folder apart"),
        (".", "keys", "lies with the key store"),
    ],
)
def test_what_must_lie_apart_is_held_apart(store: Store, folder: str, keys: str, says: str) -> None:
    top = store.home.parent
    refused(whistle("backup", str(top / folder), "--keys-to", str(top / keys), home=store.home), says)
    assert not list(top.rglob("manifest.json"))


def test_backups_of_keys_expire(store: Store, kept: Path, keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def on_day(day: int) -> Ran:
        monkeypatch.setattr("api.keeping.real_time", lambda: START + timedelta(days=day))
        return fine(whistle("backup", str(kept), "--keys-to", str(keys), "--keys-days", "7", home=store.home))

    on_day(0)
    first = newest(keys)
    assert manifest(first)["expires_at"] == (START + timedelta(days=7)).isoformat().replace("+00:00", "Z")
    on_day(6)
    assert len(there(keys)) == 2
    assert f"expired: {first.name}" in on_day(7).stdout
    assert not first.exists() and len(there(keys)) == 2
    monkeypatch.setattr("api.keeping.real_time", lambda: START + timedelta(days=20))
    again = new_place(store)
    (again.home / "keys.db").unlink()
    refused(whistle("restore", str(kept), "--keys-from", str(keys), home=again.home), "expired")


def test_an_older_backup_with_today_s_keys_brings_no_erased_words_back(store: Store, kept: Path, keys: Path) -> None:
    case, other = store.logged(NOON, 2)
    whistle("backup", str(kept), "--keys-to", str(keys), home=store.home)
    lost = wrapped_of(store, case)
    erased(store, case)
    again = new_place(store)
    fine(whistle("restore", str(kept), home=again.home))
    assert len(again.rows()) == 2, "older than the erasure"
    assert readable(again, other) == CANARY
    with pytest.raises(KeyDestroyed):
        readable(again, case)
    for path in (path for top in (again.home, kept) for path in top.rglob("*") if path.is_file()):
        body = path.read_bytes()
        assert not [one for one in (CANARY.encode(), *lost) if one in body], path


def test_an_old_backup_of_keys_would_bring_them_back_and_the_log_s_erasures_are_done_again(
    store: Store, kept: Path, keys: Path
) -> None:
    case, other = store.logged(NOON, 2)
    whistle("backup", str(kept), "--keys-to", str(keys), home=store.home)
    old = new_place(store, "old")
    (old.home / "keys.db").unlink()
    fine(whistle("restore", str(kept), "--keys-from", str(keys), home=old.home))
    assert readable(old, case) == CANARY, "the seeded fault: before the erasure was in the log"
    erased(store, case)
    whistle("backup", str(kept), home=store.home)
    lost = new_place(store, "lost")
    (lost.home / "keys.db").unlink()
    said = fine(whistle("restore", str(kept), "--keys-from", str(keys), home=lost.home)).stdout
    assert "erased once more, because the log says so: 1" in said
    assert readable(lost, other) == CANARY
    with pytest.raises(KeyDestroyed):
        readable(lost, case)


def test_without_a_key_store_nothing_is_restored(store: Store, kept: Path) -> None:
    store.logged(NOON)
    whistle("backup", str(kept), home=store.home)
    again = new_place(store)
    (again.home / "keys.db").unlink()
    refused(whistle("restore", str(kept), home=again.home), "there is no key store", "--keys-from")
    (again.home / "master.key").unlink()
    refused(whistle("restore", str(kept), home=again.home), "the master key")


def test_the_wrong_master_key_is_found(store: Store, kept: Path) -> None:
    store.logged(NOON)
    whistle("backup", str(kept), home=store.home)
    again = new_place(store)
    (again.home / "master.key").write_text(new_master_key())
    ran = whistle("restore", str(kept), home=again.home)
    assert ran.returncode == 2 and "another master key wraps" in ran.stderr


def all_keys(store: Store) -> list[Any]:
    engine = engine_at(store.settings.keys)
    with engine.connect() as connection:
        found = list(connection.execute(select(case_keys)))
    engine.dispose()
    return found


def wrapped_of(store: Store, case: UUID) -> list[bytes]:
    return [bytes(row.wrapped) for row in all_keys(store) if row.case_id == case]


def readable(store: Store, case: UUID) -> str:
    """The narrative of a case, unsealed."""
    with closing(compose(store.settings)) as whole:
        event = whole.casework.file(case)[0].event
        assert isinstance(event, CaseLogged) and isinstance(event.narrative, Sealed)
        return whole.sealing.unseal(case, "narrative", event.narrative)


# --- what is refused


def test_nothing_is_written_over(store: Store, kept: Path) -> None:
    store.logged(NOON)
    whistle("backup", str(kept), home=store.home)
    before = store.rows()
    for left in ("log.db", "outbox.db", "seal.db", "security.db", "boards.db", "past.db", "log.db-wal"):
        again = new_place(store, left)
        (again.home / left).write_bytes(b"")
        refused(whistle("restore", str(kept), home=again.home), left, "writes over nothing")
    refused(whistle("restore", str(kept), home=store.home), "writes over nothing")
    assert store.rows() == before


@pytest.mark.parametrize("name", ["log.db", "outbox.db", "manifest.json", "manifest.sha256"])
@pytest.mark.parametrize("which", [0, 1])
def test_a_byte_that_changed_is_found(store: Store, kept: Path, name: str, which: int) -> None:
    for _ in range(2):
        store.logged(NOON)
        whistle("backup", str(kept), home=store.home)
    path = sorted(kept.glob("2*"))[which] / name
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(body)
    again = new_place(store)
    ran = whistle("restore", str(kept), home=again.home)
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert "damaged" in ran.stderr or "does not go on" in ran.stderr
    assert sorted(path.name for path in again.home.iterdir()) == ["keys.db", "master.key", "seal.key"]


def test_a_file_or_a_link_that_is_missing_is_found(store: Store, kept: Path) -> None:
    for _ in range(3):
        store.logged(NOON)
        whistle("backup", str(kept), home=store.home)
    base, middle, last = sorted(kept.glob("2*"))
    (last / "outbox.db").rename(kept / "aside")
    refused(whistle("restore", str(kept), home=new_place(store, "1").home), "incomplete")
    (kept / "aside").rename(last / "outbox.db")
    (last / "strange").write_bytes(b"")
    refused(whistle("restore", str(kept), home=new_place(store, "2").home), "holds strange")
    (last / "strange").unlink()
    middle.rename(kept / ".middle")
    refused(whistle("restore", str(kept), home=new_place(store, "3").home), "which is not there")
    (kept / ".middle").rename(middle)
    (last / "manifest.json").unlink()
    refused(whistle("restore", str(kept), home=new_place(store, "4").home), "no backup")
    assert base.exists()


def test_a_program_that_is_too_old_says_so(store: Store, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.logged(NOON)
    monkeypatch.setattr("adapters.keeping.kept.standing", lambda *_: "9999")
    whistle("backup", str(kept), home=store.home)
    again = new_place(store)
    refused(whistle("restore", str(kept), home=again.home), "too old")
    monkeypatch.undo()
    monkeypatch.setattr("adapters.keeping.manifest.FORMAT", 0)
    refused(whistle("restore", str(kept), home=again.home), "too old")


def test_what_is_damaged_is_named_and_keeps_nobody_from_making_the_next(store: Store, kept: Path) -> None:
    store.logged(NOON)
    whistle("backup", str(kept), home=store.home)
    (newest(kept) / "manifest.json").write_text("{}")
    store.logged(NOON)
    fine(whistle("backup", str(kept), "--keep", "1", home=store.home))
    assert there(kept) == ["base", "base"]
    again = new_place(store)
    refused(whistle("restore", str(kept), "--to", NOON.isoformat(), home=again.home), "damaged")
    fine(whistle("restore", str(kept), home=again.home))
    assert again.rows() == store.rows()


def test_what_is_for_postgresql_is_not_for_sqlite(store: Store, kept: Path) -> None:
    store.logged(NOON)
    whistle("backup", str(kept), home=store.home)
    again, wal = new_place(store), ("--wal", str(kept))
    for words in (wal, ("--into", str(kept)), (*wal, "--to", "2100-01-01T00:00:00Z")):
        refused(whistle("restore", str(kept), *words, home=again.home), "for PostgreSQL")


def test_a_try_with_old_keys_leaves_none(store: Store, kept: Path, keys: Path) -> None:
    store.logged(NOON)
    whistle("backup", str(kept), "--keys-to", str(keys), home=store.home)
    again = new_place(store)
    refused(whistle("restore", str(kept), "--keys-from", str(keys), home=again.home), "today's is used")
    (again.home / "keys.db").unlink()
    fine(whistle("restore", str(kept), "--keys-from", str(keys), "--try", home=again.home))
    assert {path.name for path in again.home.iterdir()} == {"master.key", "seal.key"}
    (newest(kept) / "log.db").write_bytes(b"damaged")
    refused(whistle("restore", str(kept), "--keys-from", str(keys), home=again.home), "damaged")
    assert {path.name for path in again.home.iterdir()} == {"master.key", "seal.key"}, (
        "keys come after what they are for"
    )


def test_no_backup_no_folder(store: Store, kept: Path) -> None:
    refused(whistle("restore", str(kept), home=new_place(store).home), "there is no backup")
    refused(whistle("backup", home=store.home), "WHISTLE_BACKUPS")
    refused(whistle("restore", home=store.home), "WHISTLE_BACKUPS")


# --- the folder


def test_old_lines_go_and_the_newest_never(store: Store, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def on_day(day: int) -> Ran:
        monkeypatch.setattr("api.keeping.real_time", lambda: START + timedelta(days=day))
        return fine(whistle("backup", str(kept), "--keep", "10", "--base-days", "5", home=store.home))

    for day in (0, 2, 6, 8):
        store.logged(START + timedelta(days=day))
        on_day(day)
    assert there(kept) == ["base", "more", "base", "more"]
    assert on_day(12).stdout.count("removed") == 0
    assert on_day(13).stdout.count("removed") == 2
    assert there(kept) == ["base", "more", "base", "more"]
    monkeypatch.setattr("api.keeping.real_time", lambda: START + timedelta(days=14))
    fine(whistle("restore", str(kept), home=new_place(store).home))


def test_photos_that_came_and_went_and_copies_of_them(store: Store, kept: Path) -> None:
    case = store.logged(NOON)[0]
    first, second, third = (UUID(int=n) for n in (1, 2, 3))
    with closing(compose(store.settings)) as whole:
        whole.photos.keep(case, {first: b"one", second: b"two"}, NOON)
        whistle("backup", str(kept), home=store.home)
        erased = store.rows(photos)[0][2]
        whole.photos.drop(case, first)
        whole.photos.keep_copy(case, UUID(int=4), second, b"blacked out", NOON)
        whole.photos.keep(case, {third: b"three"}, NOON)
        whistle("backup", str(kept), home=store.home)
        whistle("backup", str(kept), home=store.home)
    assert there(kept) == ["base", "more", "more"]
    again = new_place(store)
    fine(whistle("restore", str(kept), home=again.home))
    assert again.rows(photos) == store.rows(photos) and len(again.rows(photos)) == 3
    assert erased in (next(kept.glob("*.base")) / "log.db").read_bytes(), "sealed, and its key is gone"
    assert erased not in (again.home / "log.db").read_bytes()
    with closing(compose(again.settings)) as whole:
        assert whole.photos.read(case, third) == b"three"


def letter(position: int, state: str = "waiting", ended_at: datetime | None = None) -> dict[str, Any]:
    return {
        "id": UUID(int=position), "position": position, "case": UUID(int=1), "version": 1, "kind": "near_due", "unit": "water", "line": "x",
        "told_at": NOON, "state": state, "tries": 0, "next_at": NOON, "worker": "", "reached": "", "reason": "", "ended_at": ended_at,
    }  # fmt: skip


def test_messages_that_waited_arrived_or_came_since(store: Store, kept: Path) -> None:
    """Of the outbox too only what has come or changed is taken; what is old and over lies in the base."""
    long_ago = real_time() - timedelta(days=30)

    def write(*statements: Any) -> None:
        engine = engine_at(store.settings.outbox)
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(statement)
        engine.dispose()

    store.logged(NOON, 4)
    write(
        insert(followed).values(id=1, since=0, position=3),
        insert(messages).values([letter(1, "delivered", long_ago), letter(2), letter(3)]),
    )
    whistle("backup", str(kept), home=store.home)
    arrived = update(messages).where(messages.c.position == 2).values(state="delivered", ended_at=real_time())
    write(arrived, update(followed).values(position=4), insert(messages).values([letter(4)]))
    whistle("backup", str(kept), home=store.home)
    with closing(sqlite3.connect(newest(kept) / "outbox.db")) as taken:
        assert [row[0] for row in taken.execute("SELECT position FROM messages ORDER BY 1")] == [2, 3, 4]
    again = new_place(store)
    fine(whistle("restore", str(kept), home=again.home))
    restored, live = (in_outbox(one) for one in (again, store))
    assert restored == live and [row[1] for row in live] == [1, 2, 3, 4]


def in_outbox(store: Store) -> list[tuple[Any, ...]]:
    engine = engine_at(store.settings.outbox)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(select(messages).order_by(messages.c.position))]
    engine.dispose()
    return found


def test_who_was_signed_in_signs_in_again(store: Store, kept: Path) -> None:
    store.logged(NOON)
    with closing(compose(store.settings)) as whole:
        whole.sessions.begin(Actor("clerk", Role.STREET_CLERK, "100-1"), NOON)
    whistle("backup", str(kept), home=store.home)
    again = new_place(store)
    whistle("restore", str(kept), home=again.home)
    assert store.rows(sessions) and not again.rows(sessions)


def test_a_try_leaves_nothing_but_a_note(store: Store, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.logged(NOON, 3)
    hook = 'name = "hub"\nto = ["*"]\nurl = "https://hub.example/x"\nsecret = "env:WHISTLE_SECRET_HUB"'
    (store.home / "channels.toml").write_text(f"[[channel]]\n{hook}\n")
    monkeypatch.setenv("WHISTLE_SECRET_HUB", f"whsec_{b64encode(bytes(32)).decode()}")
    whistle("backup", str(kept), home=store.home)
    before = sorted(path.name for path in store.home.iterdir())
    assert "tried, and in order" in fine(whistle("restore", str(kept), "--try", home=store.home)).stdout
    assert sorted(path.name for path in store.home.iterdir()) == before
    assert newest(kept).name in (kept / "tried.json").read_text(encoding="utf-8")
