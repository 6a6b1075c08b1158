"""Carrying out: from the log, in its order, once; also where the key store comes out of a backup, or a process died between."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from adapters.erasing import certified
from adapters.sealing import NotYetGone
from adapters.sealing.tables import case_keys, erasures
from adapters.store.engine import PRAGMAS
from adapters.store.tables import commands
from domain import commands as c
from domain.actors import Actor, Role
from domain.privacy import Clear, Secrecy
from tests.adapters.erasing.town import HOTLINE, OFFICER, Town, copied, put_back
from tests.forgotten import forgotten
from workflow.casework import Order
from workflow.keyed import Keyed

CONTACT, NARRATIVE, PHOTOS = Secrecy.CONTACT, Secrecy.NARRATIVE, Secrecy.PHOTOS
NOTE = c.AddNote(Clear(NARRATIVE, "a note"))


def test_an_event_is_carried_out_by_whoever_comes_next(town: Town) -> None:
    """Whoever wrote it died before any key was gone."""
    case, other = town.logs(), town.logs()
    forgotten(town.whole, case)
    assert town.whole.erasing.waiting() == 1
    assert town.readable(case) == {CONTACT, NARRATIVE}
    town.again()
    assert town.whole.erasing.carry_out(town.now) == 1
    assert (town.readable(case), town.readable(other)) == (set(), {CONTACT, NARRATIVE})
    assert town.whole.erasing.carry_out(town.now) == town.whole.erasing.waiting() == 0


def test_words_that_came_after_an_erasure_stay_however_often_it_is_carried_out(town: Town) -> None:
    case = town.logs()
    forgotten(town.whole, case)
    town.whole.erasing.carry_out(town.now)
    town.does(case, NOTE)
    photo = town.adds_a_photo(case)
    with town.whole.keys.engine.begin() as connection:
        connection.execute(erasures.delete())
    assert town.whole.erasing.carry_out(town.now) == 1
    assert town.readable(case) == {NARRATIVE, PHOTOS}
    assert town.whole.photos.read(case, photo)


def test_only_the_contact_goes_where_its_reporter_asked_for_that(town: Town) -> None:
    case = town.logs()
    photo = town.adds_a_photo(case)
    town.does(case, c.EraseContact(), Actor("", Role.RESIDENT, f"hash of {case}"))
    town.whole.erasing.carry_out(town.now)
    assert town.readable(case) == {NARRATIVE, PHOTOS}
    assert town.whole.photos.read(case, photo)


def test_a_key_store_out_of_a_backup_forgets_again(town: Town) -> None:
    case = town.logs()
    backup = copied(town.settings.home)
    forgotten(town.whole, case)
    town.whole.erasing.carry_out(town.now)
    assert town.readable(case) == set()
    town.whole.keys.engine.dispose()
    put_back(backup, town.settings.home)
    town.again()
    assert town.readable(case) == {CONTACT, NARRATIVE}, "the control: the backup had the keys"
    assert town.whole.erasing.carry_out(town.now) == 1
    assert town.readable(case) == set()


def test_what_was_sent_can_no_longer_be_tried_on_its_mark(town: Town) -> None:
    """Whoever had the master key could try numbers until the mark of what was sent fits; another case keeps its own."""
    case, other = town.logs(words=""), town.logs()
    for one, key in ((case, "a"), (other, "b")):
        keyed = Keyed(key * 8 + "-0000-4000-8000-000000000000", HOTLINE.staff, b"mark", b"{}")
        order = Order(command=NOTE, actor=HOTLINE, now=town.now, id=UUID(keyed.key), keyed=keyed)
        town.whole.casework.handle(one, order)
    forgotten(town.whole, case)
    town.whole.erasing.carry_out(town.now)
    with town.whole.log.engine.connect() as connection:
        marks = dict(connection.execute(select(commands.c.key, commands.c.fingerprint)).all())  # type: ignore[arg-type]  # pairs
    assert {key[0]: bytes(mark) for key, mark in marks.items()} == {"a": b"", "b": b"mark"}


def test_marks_are_let_go_of_after_a_month(town: Town) -> None:
    case, key = town.logs(), "a0000000-0000-4000-8000-000000000000"
    keyed = Keyed(key, HOTLINE.staff, b"mark", b"{}")
    town.whole.casework.handle(case, Order(command=NOTE, actor=HOTLINE, now=town.now, id=UUID(key), keyed=keyed))
    for days, left in ((29, 1), (2, 0)):
        town.now += timedelta(days=days)
        town.whole.retention.tick(town.now)
        with town.whole.log.engine.connect() as connection:
            assert len(connection.execute(select(commands.c.key)).all()) == left


def test_a_destruction_that_did_not_happen_is_noticed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seeded fault: the event is there, and the keys are not destroyed."""
    case = town.logs()
    forgotten(town.whole, case)
    monkeypatch.setattr("adapters.sealing.keys.update", lambda table: update(table).where(case_keys.c.number < 0))
    with pytest.raises(NotYetGone):
        town.whole.erasing.carry_out(town.now)
    assert town.whole.erasing.waiting() == 1, "nothing is certified"
    monkeypatch.undo()
    assert town.whole.erasing.carry_out(town.now) == 1
    assert town.readable(case) == set()


def test_bytes_that_stayed_in_the_file_are_noticed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seeded fault: taken out, but not written over."""
    careless = tuple(pragma.replace("secure_delete = ON", "secure_delete = OFF") for pragma in PRAGMAS)
    monkeypatch.setattr("adapters.store.engine.PRAGMAS", careless)
    town.again()
    for case in [town.logs() for _ in range(40)]:
        forgotten(town.whole, case)
    with pytest.raises(NotYetGone, match="still in the key store's file"):
        town.whole.erasing.carry_out(town.now)
    assert town.whole.erasing.waiting() == 40


def test_a_certificate_says_what_is_gone_and_until_when_and_is_the_same_whenever_it_is_made(town: Town) -> None:
    case, days = town.logs(words="金丝雀 words", contact="canary-13900004711"), timedelta(days=14)
    town.adds_a_photo(case)
    forgotten(town.whole, case, "asked to")

    def made() -> tuple[object, ...]:
        return tuple(certified(town.whole.casework.file(case), town.whole.erasing.of(case), days))

    (waits,) = certified(town.whole.casework.file(case), town.whole.erasing.of(case), days)
    assert (waits.carried_out_at, waits.backups_until) == (None, None)
    town.now += timedelta(hours=1)
    town.whole.erasing.carry_out(town.now)
    (done,) = certified(town.whole.casework.file(case), town.whole.erasing.of(case), days)
    assert (done.event, done.reason, done.by) == ("reporter-erased", "asked to", OFFICER.role)
    assert (done.keys, done.photos, done.carried_out_at) == (3, 1, town.now)
    assert done.backups_until == town.now + days
    assert "canary" not in repr(done) and "金丝雀" not in repr(done)
    before = made()
    town.again()
    assert made() == before
    assert list(certified(town.whole.casework.file(town.logs()), (), days)) == []
