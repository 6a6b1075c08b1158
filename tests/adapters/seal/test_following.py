"""The seal follows the log: in batches, whoever does it; and signs nothing that is not the continuation of what it signed."""

import logging
from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import delete, func, select, update

from adapters.seal import BrokenError, Seal, following
from adapters.seal.checkpoints import checkpoint, notes_in
from adapters.seal.tables import SEAL, checkpoints, erasures, metadata, sealed, tiles
from adapters.sealing.signing import NotANoteError
from adapters.store.engine import engine_at
from adapters.store.migrate import NotMigratedError, check, migrate
from adapters.store.tables import events
from tests.adapters.seal.test_verifying import bent_tile
from tests.adapters.seal.town import Town


def everything(town: Town) -> list[Any]:
    with town.store.connect() as connection:
        return [connection.execute(select(tiles).order_by(tiles.c.level, tiles.c.number)).all(), town.seal.size()]


def another_seal(town: Town) -> Seal:
    return Seal(
        engine_at(str(town.store.url)) if town.store.dialect.name == "sqlite" else town.store, town.log, town.key
    )


def test_in_small_batches_or_at_once_the_tree_is_the_same(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.writes(1100)
    town.seal.catch_up(town.now)
    whole = everything(town)
    monkeypatch.setattr(following, "BATCH", 97)
    town.seals_anew()
    assert everything(town) == whole and town.faults() == []


def test_nothing_new_is_signed_once_only(town: Town) -> None:
    town.sealed(5)
    note = town.note()
    assert town.seal.catch_up(town.now + timedelta(days=1)) == 5 and town.note() == note
    assert checkpoint(note, [town.key.public]).at == town.now.replace(microsecond=0)


def test_several_do_it_and_every_event_is_sealed_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "BATCH", 23)
    town.writes(900)
    threads = [Thread(target=another_seal(town).catch_up, args=(town.now,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert town.seal.catch_up(town.now) == 900 and town.faults() == []


def test_who_was_overtaken_changes_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.writes(50)
    fast, real = another_seal(town), Seal._ahead  # noqa: SLF001 - where another comes between

    def overtaken(seal: Seal, old: int) -> Any:
        monkeypatch.setattr(Seal, "_ahead", real)
        fast.catch_up(town.now)
        return real(seal, old)

    monkeypatch.setattr(Seal, "_ahead", overtaken)
    assert town.seal.grow() is True  # look again
    assert town.seal.catch_up(town.now) == 50 and town.faults() == []


def test_two_that_sign_at_once_leave_one_checkpoint(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.sealed(3)
    town.writes(5)
    town.seal.grow()
    fast, real = another_seal(town), following.signed

    def overtaken(*said: Any) -> Any:
        monkeypatch.setattr(following, "signed", real)
        fast.sign(town.now)
        return real(*said)

    monkeypatch.setattr(following, "signed", overtaken)
    assert town.seal.sign(town.now) is None
    with town.store.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(checkpoints)) == 2
    assert town.faults() == []


def test_what_breaks_in_the_middle_leaves_it_as_it_was(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.sealed(300)
    before = everything(town)
    town.writes(300)

    def broken(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(following, "fill", broken)
    with pytest.raises(KeyboardInterrupt):
        town.seal.grow()
    assert everything(town) == before
    monkeypatch.undo()
    assert town.seal.catch_up(town.now) == 600 and town.faults() == []


# --- what is not the continuation


Does = Callable[[Town], object]
WRONG: dict[str, tuple[Does, str]] = {
    "a position is missing": (lambda t: t.deletes(302), "positions are missing from the log after 300"),
    "an older log was put back": (lambda t: t.deletes(*range(250, 311)), "the log ends at 249, and 300 events are sealed"),
    "a tile was changed": (lambda t: bent_tile(t, 0, 1), "is not the one that was signed"),
    "a tile is gone": (lambda t: t.in_seal(delete(tiles).where(tiles.c.number == 1)), "hashes of the tree are missing"),
    "the last checkpoint is gone": (lambda t: t.in_seal(delete(checkpoints)), "is not the one that was signed"),
    "the last checkpoint is none": (lambda t: t.in_seal(update(checkpoints).values(note="x")), "is not the one that was signed"),
    "it counts more": (lambda t: t.in_seal(update(sealed).values(signed=299)), "is not the one that was signed"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_continuation_is_neither_sealed_nor_signed(town: Town, wrong: str) -> None:
    does, says = WRONG[wrong]
    town.sealed(300)
    note = town.note()
    town.writes(10)
    does(town)
    with pytest.raises(BrokenError, match=says):
        town.seal.catch_up(town.now)
    last = town.seal.last()
    assert last is None or last.note in (note, "x")


def test_a_seal_that_signs_whatever_the_tree_says_is_found(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seeded fault: then a rewritten tree gets a signature, and only what was kept elsewhere tells."""
    monkeypatch.setattr(Seal, "_same_as_signed", lambda *_: None)
    town.sealed(300)
    bent_tile(town, 0, 1)
    town.writes(10)
    assert town.seal.catch_up(town.now) == 310


def test_it_stands_still_and_says_so_once(
    town: Town, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "PERIOD", 0.01)
    town.sealed(5)
    town.writes(5)
    town.deletes(7)
    looks = list[int]()
    real = Seal.grow

    def looked(seal: Seal) -> bool:
        looks.append(1)
        if len(looks) == 5:
            seal._stop.set()  # noqa: SLF001 - after a few looks
        return real(seal)

    monkeypatch.setattr(Seal, "grow", looked)
    with caplog.at_level(logging.ERROR):
        town.seal.start(lambda: town.now)
        follower = town.seal._follower  # noqa: SLF001 - waited for
        assert follower is not None
        follower.join(20)
        town.seal.stop()
    assert len(looks) == 5 and caplog.text.count("the seal stands still: positions are missing") == 1


# --- by itself


def test_it_follows_in_a_thread_and_signs_a_minute_apart(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "PERIOD", 0.01)
    town.writes(5)
    town.seal.start(lambda: town.now)
    try:
        while town.seal.last() is None:
            pass
        first = town.note()
        town.writes(5)
        while town.seal.size() < 10:
            pass
        assert town.note() == first  # sealed, and not signed yet: it is not a minute ago
        town.now += timedelta(minutes=2)
        while town.note() == first:
            pass
    finally:
        town.seal.stop()
    assert checkpoint(town.note(), [town.key.public]).size == 10 and town.faults() == []


def test_where_something_was_erased_is_noted(town: Town) -> None:
    town.writes(4)
    town.edits(3, name="contact-erased")
    town.seal.catch_up(town.now)
    with town.store.connect() as connection, town.log.connect() as log:
        ((position, at),) = connection.execute(select(erasures)).all()
        assert (position, at) == (3, log.scalar(select(events.c.recorded_at).where(events.c.position == 3)))


def test_its_tables_are_those_of_its_migrations(town: Town, tmp_path: Any) -> None:
    check(town.store, SEAL)
    with town.store.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": SEAL.version_table,
                "include_object": lambda _o, name, kind, *_: kind != "table" or name in metadata.tables,
            },
        )
        assert compare_metadata(context, metadata) == []
    empty = engine_at(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(NotMigratedError, match="run `whistle migrate`"):
        check(empty, SEAL)
    migrate(empty, SEAL)
    migrate(empty, SEAL)
    check(empty, SEAL)
    empty.dispose()


# --- notes in a file


def test_a_file_may_hold_several_checkpoints(town: Town) -> None:
    first = town.sealed(5) and town.note()
    second = town.sealed(5) and town.note()
    for content in (
        first + second,
        f"\n{first}\n\n{second}\n\n",
        (first + second).replace("\n", "\r\n"),
        (first + second)[:-1],
    ):
        assert list(notes_in(content)) == [first, second]
    assert list(notes_in("\n\n")) == []
    for content in ("nonsense", first + "nonsense", first.split("\n\n", maxsplit=1)[0]):
        with pytest.raises(NotANoteError):
            list(notes_in(content))


@pytest.mark.parametrize(
    "text", ["x\n1\nAA==\n", "x\n01\n{root}\n", "x\n-1\n{root}\n", "\n1\n{root}\n", "x\n1\n", "x\n１\n{root}\n"]
)
def test_what_is_signed_and_no_checkpoint(town: Town, text: str) -> None:
    root = "A" * 43 + "="
    with pytest.raises(NotANoteError):
        checkpoint(town.key.signed(text.format(root=root), town.now), [town.key.public])
