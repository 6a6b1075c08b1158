"""Whatever is done to stored history behind our back is found, and located; a log that nobody touched is whole."""

from collections.abc import Callable
from threading import Event, Thread

import pytest
from sqlalchemy import LargeBinary, Text, cast, delete, literal, select, update

from adapters.seal import BrokenError, leaves, locating, verifying
from adapters.seal.tables import checkpoints, sealed, tiles
from adapters.seal.tiles import FULL, HASH
from adapters.seal.verifying import Kept
from adapters.store.tables import events
from tests.adapters.seal.another import mth
from tests.adapters.seal.town import START, Town, another_key, namesake

SIZE = 700  # three tiles, the last not full


@pytest.fixture
def full(town: Town) -> Town:
    """A log that was sealed in three goes, with three checkpoints."""
    return town.sealed(300).sealed(300).sealed(SIZE - 600)


def test_an_untouched_log_is_whole(full: Town) -> None:
    seen = list[tuple[int, int]]()
    report = verifying.verified(full.store, full.log, [full.key.public], progress=lambda *at: seen.append(at))
    assert (report.faults, report.size, report.head, report.waits_since) == ((), SIZE, SIZE, None)
    with full.log.connect() as connection:
        rows = connection.execute(select(events).order_by(events.c.position)).all()
    assert report.root == mth([leaves.written(row) for row in rows])
    assert [one.size for one in report.signed] == [300, SIZE] and seen[-1] == (SIZE, SIZE)
    assert full.verified(Kept("kept", full.note())).borne_out[0][1].size == SIZE


def test_an_empty_log_is_whole_too(town: Town) -> None:
    report = town.verified()
    assert (report.faults, report.size, report.signed) == ((), 0, ())


def test_what_is_not_sealed_yet_is_told_and_is_no_fault(full: Town) -> None:
    full.writes(3)
    report = full.verified()
    assert (report.faults, report.size, report.head) == ((), SIZE, SIZE + 3)
    assert report.waits_since is not None and report.waits_since > START


def test_a_log_that_is_written_to_meanwhile_is_whole(full: Town) -> None:
    stop = Event()

    def writes() -> None:
        while not stop.is_set():
            full.writes(7)
            full.seal.catch_up(full.now)

    busy = Thread(target=writes)
    busy.start()
    try:
        reports = [full.verified() for _ in range(8)]
    finally:
        stop.set()
        busy.join()
    assert [report.faults for report in reports] == [()] * 8
    assert reports[-1].size > reports[0].size >= SIZE


# --- each way of tampering, located

Tampers = Callable[[Town], object]
FAULTS: dict[str, tuple[Tampers, list[tuple[str, int, int]]]] = {
    "a body is edited": (lambda t: t.edits(5, body=b"another"), [("altered", 5, 5)]),
    "a name is edited": (lambda t: t.edits(256, name="another"), [("altered", 256, 256)]),
    "a moment is edited": (lambda t: t.edits(257, recorded_at=START), [("altered", 257, 257)]),
    "a version is edited": (lambda t: t.edits(600, version=99), [("altered", 600, 600)]),
    "a stream is edited": (lambda t: t.edits(SIZE, stream=another_key_id()), [("altered", SIZE, SIZE)]),
    "several are edited": (
        lambda t: [t.edits(n, body=b"x") for n in (1, 2, 400)],
        [("altered", 1, 1), ("altered", 2, 2), ("altered", 400, 400)],
    ),
    "one is deleted": (lambda t: t.deletes(300), [("deleted", 300, 300)]),
    "the first is deleted": (lambda t: t.deletes(1), [("deleted", 1, 1)]),
    "a stretch is deleted": (lambda t: t.deletes(*range(250, 520)), [("deleted", 250, 519)]),
    "one is taken out": (lambda t: t.takes_out(300), [("deleted", 300, 300)]),
    "several are taken out": (lambda t: t.takes_out(40, 3), [("deleted", 40, 42)]),
    "the last but one is taken out": (lambda t: t.takes_out(SIZE - 1), [("deleted", SIZE - 1, SIZE - 1)]),
    "neighbours are swapped": (lambda t: t.swaps(9, 10), [("swapped", 9, 10)]),
    "the last two are swapped": (lambda t: t.swaps(SIZE - 1, SIZE), [("swapped", SIZE - 1, SIZE)]),
    "two far apart are swapped": (lambda t: t.swaps(3, 690), [("swapped", 3, 690)]),
    "three change places": (
        lambda t: (t.swaps(3, 300), t.swaps(300, 690)),
        [("moved", 3, 300), ("moved", 300, 690), ("moved", 690, 3)],
    ),
    "one is put in": (lambda t: t.puts_in(17), [("inserted", 17, 17)]),
    "one is put in before all": (lambda t: t.puts_in(1), [("inserted", 1, 1)]),
    "one is put in before the last": (lambda t: t.puts_in(SIZE), [("inserted", SIZE, SIZE)]),
    "one is put where none can be": (lambda t: t.edits(SIZE, position=0), [("inserted", 0, 0), ("cut", SIZE, SIZE)]),
    "the end is cut": (lambda t: t.deletes(*range(650, SIZE + 1)), [("cut", 650, SIZE)]),
    "all of it is gone": (lambda t: t.deletes(*range(1, SIZE + 1)), [("cut", 1, SIZE)]),
    "edited, deleted and put in": (
        lambda t: (t.edits(20, body=b"x"), t.deletes(100), t.puts_in(500)),
        [("altered", 20, 20), ("deleted", 100, 100), ("inserted", 500, 500)],
    ),
}  # fmt: skip


def another_key_id() -> object:
    return leaves.UUID(int=1)


@pytest.mark.parametrize("name", FAULTS)
def test_what_was_done_is_found_and_located(full: Town, name: str) -> None:
    tampers, found = FAULTS[name]
    tampers(full)
    assert full.faults() == found


SENSELESS = {
    "body": literal("words in place of bytes", Text()),
    "stream": literal("no id", Text()),
    "recorded_at": literal("yesterday", Text()),
    "name": cast(literal(b"\xff\xfe", LargeBinary()), Text()),
}


@pytest.mark.parametrize("town", ["sqlite"], indirect=True)
@pytest.mark.parametrize("column", SENSELESS)
def test_what_makes_no_sense_is_located_too(full: Town, column: str) -> None:
    """SQLite takes whatever somebody types: what Python cannot read must not keep the rest from being looked at."""
    full.writes(3)
    for position in (5, 600):
        full.edits(position, **{column: SENSELESS[column]})
    assert full.faults() == [("altered", 5, 5), ("altered", 600, 600)]
    assert column == "body" or {fault.name for fault in full.verified().faults} == {"illegible"}
    full.edits(SIZE + 2, **{column: SENSELESS[column]})
    with pytest.raises(BrokenError, match=f"what stands at {SIZE + 2} cannot be read"):
        full.seal.grow()


def test_the_seal_s_own_row_is_missed(full: Town) -> None:
    full.in_seal(delete(sealed))
    assert full.faults() == [("tree", 1, SIZE)]
    with pytest.raises(BrokenError, match="not whole"):
        full.seal.catch_up(full.now)


def test_what_stands_there_now_is_told(full: Town) -> None:
    full.edits(5, name="another")
    (fault,) = full.verified().faults
    with full.log.connect() as connection:
        row = connection.execute(select(events).where(events.c.position == 5)).one()
    assert (fault.stream, fault.version, fault.name) == (row.stream, row.version, "another")


def test_tampering_is_told_apart_from_what_is_not_sealed_yet(full: Town) -> None:
    full.writes(5)
    full.takes_out(SIZE - 1)
    assert full.faults() == [("deleted", SIZE - 1, SIZE - 1)]
    full.deletes(SIZE + 2)
    assert ("deleted", SIZE + 1, SIZE + 4) in full.faults()


def test_an_older_log_put_back_is_found(full: Town) -> None:
    """Whether it ends there or was written on; where it was, everything after it is another history."""
    back = full.backup_of(full.log, events)
    full.sealed(20)
    back()
    assert full.faults() == [("cut", SIZE + 1, SIZE + 20)]
    full.writes(5)
    assert full.faults() == [("replaced", SIZE + 1, SIZE + 5), ("cut", SIZE + 6, SIZE + 20)]
    full.writes(25)
    assert full.faults() == [("replaced", SIZE + 1, SIZE + 20)]


def test_a_history_made_up_from_somewhere_on_is_not_told_event_by_event(full: Town) -> None:
    full.in_log(update(events).where(events.c.position > 300).values(body=b"made up"))
    found = full.faults()
    assert found[0] == ("altered", 301, 301) and found[-1][0] == "replaced" and found[-1][2] == SIZE
    assert len(found) < 210


# --- the seal's own tables


def bent_tile(town: Town, level: int, number: int, at: int = 0) -> None:
    mine = (tiles.c.level == level, tiles.c.number == number)
    with town.store.begin() as connection:
        flat = connection.scalar(select(tiles.c.hashes).where(*mine))
        assert flat
        bent = flat[:at] + bytes([flat[at] ^ 1]) + flat[at + 1 :]
        connection.execute(update(tiles).where(*mine).values(hashes=bent))


def test_who_changes_the_tree_is_found_and_the_log_is_not_blamed(full: Town) -> None:
    bent_tile(full, 0, 1, 3 * HASH)
    assert full.faults() == [("tree", 260, 260)]


def test_who_changes_a_higher_tile_is_found(full: Town) -> None:
    bent_tile(full, 1, 0, HASH)
    assert full.faults() == [("tree", 257, 512)]


def test_who_changes_log_and_tree_is_not_taken_for_one_who_changes_the_tree(full: Town) -> None:
    full.edits(300, body=b"x")
    bent_tile(full, 0, 1, 3 * HASH)
    assert full.faults() == [("rewritten", 1, 300), ("altered", 260, 260), ("altered", 300, 300)]


def test_a_tree_that_was_cut_back_is_found(full: Town) -> None:
    full.in_seal(update(sealed).values(size=650))
    assert full.faults() == [("tree", 651, SIZE)]


def test_a_tile_or_a_checkpoint_that_is_gone_is_missed(full: Town) -> None:
    full.in_seal(delete(checkpoints).where(checkpoints.c.size == SIZE))
    assert full.faults() == [("lost", 601, SIZE)]
    full.in_seal(delete(tiles).where(tiles.c.level == 0, tiles.c.number == 2))
    assert ("tree", 513, 513) in full.faults()


def test_who_rewrites_log_and_tree_has_no_signature_for_it(full: Town) -> None:
    """Log and tree agree with each other; the checkpoints of the time do not, and say between which of them it was done."""
    kept = full.backup_of(full.store, checkpoints, sealed)
    full.edits(400, body=b"rewritten")
    full.seals_anew()
    kept()
    assert full.faults() == [("rewritten", 301, 600)]


def test_a_checkpoint_that_was_changed_is_not_genuine(full: Town) -> None:
    full.in_seal(update(checkpoints).where(checkpoints.c.size == 300).values(note=full.note().replace("700", "300")))
    assert full.faults() == [("false", 300, 300)]
    full.in_seal(update(checkpoints).where(checkpoints.c.size == 300).values(note="nonsense"))
    assert full.faults() == [("unreadable", 300, 300)]
    full.in_seal(update(checkpoints).where(checkpoints.c.size == 300).values(note=full.note()))
    assert full.faults() == [("rewritten", 1, 300)]


@pytest.mark.parametrize("forger", [another_key, None])
def test_signed_with_another_key(full: Town, forger: Callable[[], object] | None) -> None:
    """Who has everything but our key; also under our key's name."""
    key = another_key() if forger else namesake(full.key)
    full.edits(400, body=b"rewritten")
    full.seals_anew(key)
    assert full.faults() == [("foreign", SIZE, SIZE)]
    (fault,) = full.verified().faults
    assert fault.said == key.public.name
    assert (
        full.faults(trusted=[key.public]) == []
    )  # who trusts the forger is told nothing: so the key is kept elsewhere


def test_after_the_key_was_changed_both_are_trusted(full: Town) -> None:
    old, full.key = full.key.public, another_key()
    full.seal.key = full.key
    full.sealed(5)
    assert full.faults() == [("foreign", 300, SIZE)]
    assert full.faults(trusted=[old, full.key.public]) == []


# --- against what was kept elsewhere


def test_who_rewrites_everything_but_the_key_is_found_by_a_checkpoint_kept_elsewhere(full: Town) -> None:
    """No checkpoint is left here, and the tree is made anew: only somebody else can tell."""
    early, outside = checkpoint_of(full, 300), Kept("outside.txt", full.note())
    full.edits(400, body=b"rewritten")
    full.seals_anew()
    assert full.faults() == []
    assert full.faults(outside) == [("rewritten", 1, SIZE)]
    assert full.faults(early) == []  # what was changed came after it
    assert [one.source for one, _ in full.verified(early, outside).borne_out] == ["early.txt"]


def checkpoint_of(town: Town, size: int) -> Kept:
    with town.store.connect() as connection:
        return Kept("early.txt", connection.scalar(select(checkpoints.c.note).where(checkpoints.c.size == size)) or "")


def test_an_old_backup_of_both_is_found_by_a_checkpoint_kept_elsewhere(full: Town) -> None:
    back = full.backup()
    full.sealed(20)
    outside = Kept("outside.txt", full.note())
    back()
    assert full.faults() == []
    assert full.faults(outside) == [("older", SIZE + 1, SIZE + 20)]
    full.sealed(50)  # and it goes on from there, signed with the true key
    assert full.faults() == []
    assert full.faults(outside) == [("rewritten", 1, SIZE + 20)]


def test_without_its_seal_a_log_is_still_held_to_a_checkpoint_kept_elsewhere(full: Town) -> None:
    outside = Kept("outside.txt", full.note())
    full.in_seal(delete(tiles), delete(checkpoints), update(sealed).values(size=0, signed=0))
    assert full.faults(outside) == []
    full.edits(5, body=b"x")
    assert full.faults(outside) == [("rewritten", 1, SIZE)]


def test_what_others_bring_must_be_signed_by_us(full: Town) -> None:
    forged = full.note().replace("\n700\n", "\n699\n")
    assert full.faults(Kept("forged.txt", forged)) == [("false", 0, 0)]
    (fault,) = full.verified(Kept("forged.txt", forged)).faults
    assert (fault.source, fault.other) == ("forged.txt", 699)
    assert full.faults(Kept("forged.txt", full.note()), trusted=[another_key().public])[-1] == ("foreign", 0, 0)


# --- seeded faults: a verifier that is bent misses what the real one finds


def forgetful(line: int) -> Callable[..., bytes]:
    """A leaf without one of its lines."""
    whole = leaves.written

    def written(row: object, position: int | None = None) -> bytes:
        lines = whole(row, position).split(b"\n")  # type: ignore[arg-type]  # a row
        return b"\n".join(lines[:line] + lines[line + 1 :])

    return written


EDITS = (
    (2, lambda t: t.edits(5, stream=another_key_id())),
    (3, lambda t: t.edits(5, version=99)),
    (4, lambda t: t.edits(5, name="another")),
    (5, lambda t: t.edits(5, recorded_at=START)),
    (6, lambda t: t.edits(5, body=b"another")),
)


@pytest.mark.parametrize("town", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("line", "tampers"), EDITS, ids=[f"line {line}" for line, _ in EDITS])
def test_a_leaf_that_forgets_something_would_miss_it(
    town: Town, monkeypatch: pytest.MonkeyPatch, line: int, tampers: Tampers
) -> None:
    monkeypatch.setattr(leaves, "written", forgetful(line))
    town.sealed(20)
    tampers(town)
    assert town.faults() == []  # where `test_what_was_done_is_found_and_located` wants it found


def never(*_: object) -> int:
    return 0


BENT = {
    "nothing differs": (verifying, "first_difference", never, "a body is edited"),
    "nobody has swapped": (locating.Locating, "_swapped_with", never, "the last two are swapped"),
    "nothing goes on": (locating.Locating, "_go_on", never, "one is put in"),
    "nothing is elsewhere": (locating.Locating, "_origin", never, "two far apart are swapped"),
    "no tile above is looked at": (verifying, "_roots", lambda _flat: [], ""),
}


@pytest.mark.parametrize("town", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", BENT)
def test_a_comparison_that_is_bent_is_found(full: Town, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    where, what, bent, case = BENT[name]
    monkeypatch.setattr(where, what, bent)
    tampers, found = FAULTS.get(case, (lambda t: bent_tile(t, 1, 0, HASH), [("tree", 257, 512)]))
    tampers(full)
    assert full.faults() != found


def test_a_tile_is_as_wide_as_it_says() -> None:
    assert FULL == 256 * HASH
