"""Photos are kept sealed: each in its own place, and nowhere once its key is destroyed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, update

from adapters.photos import MOST, Photos, TooManyPhotosError
from adapters.sealing import KEYS, MasterKey, Sealing, Tampered, new_master_key, open_keys
from adapters.store.engine import engine_at, transaction
from adapters.store.migrate import migrate
from adapters.store.tables import photos as table
from adapters.store.writer import Writer
from domain.privacy import Secrecy
from tests.adapters.photos.making import CANARY, jpeg
from tests.adapters.sealing.test_erasure import holding

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def photos(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Photos]:
    url = f"sqlite:///{tmp_path / 'log.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    migrate(engine_at(url))
    migrate(engine_at(f"sqlite:///{tmp_path / 'keys.db'}"), KEYS)
    keys = open_keys(f"sqlite:///{tmp_path / 'keys.db'}", MasterKey.of(new_master_key()))
    writer = Writer(engine_at(url))
    yield Photos(writer, Sealing(keys))
    writer.close()
    writer.engine.dispose()
    keys.engine.dispose()


def kept(photos: Photos, case: UUID, picture: bytes = CANARY, hours: float = 0) -> UUID:
    photo = uuid4()
    photos.keep(case, {photo: picture}, NOW + timedelta(hours=hours))
    return photo


def test_what_is_kept_is_read_again_and_known_without_looking(photos: Photos) -> None:
    case = uuid4()
    second, first = kept(photos, case, jpeg(), hours=1), kept(photos, case, CANARY)
    assert photos.read(case, first) == CANARY and photos.read(case, second) == jpeg()
    found = photos.of(case)
    assert [(one.id, one.size) for one in found] == [(first, 18), (second, len(jpeg()))]
    assert found[0].made_at == NOW
    assert photos.of(uuid4()) == ()
    assert photos.read(uuid4(), first) is None and photos.read(case, uuid4()) is None


def test_kept_twice_it_is_there_once_and_the_first_stays(photos: Photos) -> None:
    case, photo = uuid4(), uuid4()
    for picture in (CANARY, b"another"):
        photos.keep(case, {photo: picture}, NOW)
    assert photos.read(case, photo) == CANARY and len(photos.of(case)) == 1


def test_a_case_has_only_so_many(photos: Photos) -> None:
    case = uuid4()
    made = [kept(photos, case) for _ in range(MOST)]
    with pytest.raises(TooManyPhotosError):
        kept(photos, case)
    photos.keep(case, {made[0]: CANARY}, NOW)  # there already
    kept(photos, uuid4())  # another case has its own
    photos.drop(case, made[0])
    kept(photos, case)
    assert len(photos.of(case)) == MOST


def test_a_copy_is_read_as_one_and_a_photo_never_is(photos: Photos) -> None:
    case, copy = uuid4(), uuid4()
    photo = kept(photos, case)
    photos.keep_copy(case, copy, photo, b"blacked out", NOW)
    assert photos.copy(case, copy) == b"blacked out" and photos.copy(case, photo) is None
    assert photos.read(case, copy) is None and photos.read(case, photo) == CANARY
    assert photos.copy(uuid4(), copy) is None
    assert [one.id for one in photos.of(case)] == [photo], "a copy is no photo of the case, and takes no room"


def test_a_copy_that_is_made_again_takes_the_place_of_the_first(photos: Photos) -> None:
    case, copy = uuid4(), uuid4()
    photo = kept(photos, case)
    for picture in (b"one box", b"two boxes"):
        photos.keep_copy(case, copy, photo, picture, NOW)
    assert photos.copy(case, copy) == b"two boxes"


def test_a_copy_goes_alone(photos: Photos) -> None:
    case, copies = uuid4(), [uuid4() for _ in range(2)]
    photo = kept(photos, case)
    for copy in copies:
        photos.keep_copy(case, copy, photo, b"copy", NOW)
    photos.drop(case, copies[0])
    assert [photos.copy(case, copy) for copy in copies] == [None, b"copy"] and photos.read(case, photo) == CANARY


def test_with_the_key_of_a_case_its_copies_are_gone(photos: Photos) -> None:
    case, copy = uuid4(), uuid4()
    photo = kept(photos, case)
    photos.keep_copy(case, copy, photo, b"blacked out", NOW)
    photos.sealing.keys.destroy(case)
    assert photos.copy(case, copy) is None
    photos.drop(case)
    with photos.writer.engine.connect() as connection:
        assert connection.scalars(select(table.c.id).where(table.c.case_id == case)).all() == []


def test_no_photo_can_stand_in_another_s_place(photos: Photos) -> None:
    """Not of another case, nor another of the same; and not altered."""
    case, other = uuid4(), uuid4()
    mine, beside = kept(photos, case), kept(photos, case, b"beside")
    with transaction(photos.writer.engine) as connection:
        sealed = connection.scalars(select(table.c.bytes).where(table.c.id == mine)).one()
        connection.execute(update(table).where(table.c.id == beside).values(bytes=sealed))
        strange = {"id": uuid4(), "case_id": other, "size": 1, "made_at": NOW}
        connection.execute(insert(table).values(bytes=sealed, **strange))
        connection.execute(
            insert(table).values(**{**strange, "id": UUID(int=7), "case_id": case, "bytes": b"\x01" + bytes(40)})
        )
    photos.sealing.keys.to_seal(other, {Secrecy.PHOTOS})
    for where, photo in ((case, beside), (other, strange["id"]), (case, UUID(int=7))):
        with pytest.raises(Tampered):
            photos.read(where, UUID(str(photo)))
    assert photos.read(case, mine) == CANARY


def test_its_key_destroyed_nobody_sees_it_and_others_stay(photos: Photos) -> None:
    case, other = uuid4(), uuid4()
    photo, another = kept(photos, case), kept(photos, other)
    photos.sealing.keys.destroy(case)
    assert photos.read(case, photo) is None and photos.read(other, another) == CANARY
    photos.drop(case)
    assert photos.of(case) == () and len(photos.of(other)) == 1


def test_the_bytes_are_in_no_file(tmp_path: Path, request: pytest.FixtureRequest, photos: Photos) -> None:
    """Neither before nor after; the control below finds what is kept in clear."""
    server = request.getfixturevalue("postgres_server") if photos.writer.engine.dialect.name == "postgresql" else None
    folders = [tmp_path, server.folder] if server else [tmp_path]
    case = uuid4()
    photo = kept(photos, case, CANARY * 50)
    assert [holding(folder, [CANARY]) for folder in folders] == [{}] * len(folders)
    photos.sealing.keys.destroy(case)
    photos.drop(case, photo)
    assert [holding(folder, [CANARY]) for folder in folders] == [{}] * len(folders)
    with transaction(photos.writer.engine) as connection:
        clear = {"id": uuid4(), "case_id": case, "bytes": CANARY, "size": 1, "made_at": NOW}
        connection.execute(insert(table).values(**clear))
    assert any(holding(folder, [CANARY]) for folder in folders)
