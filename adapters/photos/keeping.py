"""Photos as they are kept: sealed under the case's own key, beside the log; a log's event only refers to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, select

from adapters.photos.verdicts import TooManyPhotosError
from adapters.sealing import HEAD, KeyDestroyed, Sealing, number_in
from adapters.store.engine import reading
from adapters.store.errors import explained
from adapters.store.tables import photos
from adapters.store.writer import Writer
from domain.privacy import Secrecy

MOST = 20  # photos of a case
WITHOUT_BYTES = (photos.c.id, photos.c.size, photos.c.made_at)
of_the_case, original = photos.c.case_id == bindparam("case"), photos.c.copy_of.is_(None)
OF_CASE = select(*WITHOUT_BYTES).where(of_the_case, original).order_by(photos.c.made_at, photos.c.id)
ONE = select(photos.c.bytes).where(of_the_case, photos.c.id == bindparam("photo"), original)
COPY = select(photos.c.bytes).where(of_the_case, photos.c.id == bindparam("photo"), ~original)


@dataclass(frozen=True, slots=True)
class Kept:
    """A photo that is kept: what is known of it without looking at it."""

    id: UUID
    size: int  # bytes of the JPEG
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Photos:
    """The photos in a log's database."""

    writer: Writer
    sealing: Sealing

    def of(self, case: UUID) -> tuple[Kept, ...]:
        """The photos of a case, oldest first."""
        with explained(), reading(self.writer.engine).connect() as connection:
            return tuple(Kept(*row) for row in connection.execute(OF_CASE, {"case": case}))

    def read(self, case: UUID, photo: UUID) -> bytes | None:
        """The JPEG; None where there is none, or its key is destroyed. Raises Tampered, Busy, Unavailable."""
        return self._read(ONE, case, photo)

    def copy(self, case: UUID, copy: UUID) -> bytes | None:
        """The JPEG of a copy for everybody, and never of a photo itself; else as `read`."""
        return self._read(COPY, case, copy)

    def _read(self, wanted: Select[Any], case: UUID, photo: UUID) -> bytes | None:
        with explained(), reading(self.writer.engine).connect() as connection:
            sealed = connection.scalar(wanted, {"case": case, "photo": photo})
        try:
            return None if sealed is None else self.sealing.unseal_bytes(case, _field(photo), Secrecy.PHOTOS, sealed)
        except KeyDestroyed:
            return None

    def keep(self, case: UUID, pictures: Mapping[UUID, bytes], now: datetime) -> None:
        """Keep photos of a case, all or none; of one that is kept already, nothing changes.

        Raises TooManyPhotosError, Busy, Unavailable, CommitUnknown.
        """
        rows = [self._row(case, photo, picture, now) for photo, picture in pictures.items()]
        self.writer.run(lambda connection: _insert(connection, case, rows)).result()

    def keep_copy(self, case: UUID, copy: UUID, of: UUID, picture: bytes, now: datetime) -> None:
        """Keep what everybody may see of a photo, under the same key. Raises Busy, Unavailable, CommitUnknown."""
        row = {**self._row(case, copy, picture, now), "copy_of": of}
        self.writer.run(lambda connection: _put(connection, row)).result()

    def _row(self, case: UUID, photo: UUID, picture: bytes, now: datetime) -> dict[str, object]:
        sealed = self.sealing.seal_bytes(case, _field(photo), Secrecy.PHOTOS, picture)
        return {"id": photo, "case_id": case, "bytes": sealed, "size": len(picture), "made_at": now, "copy_of": None}

    def drop(self, case: UUID, photo: UUID | None = None) -> None:
        """One photo or copy, which its case did not take or has no more; or all of a case, whose keys are destroyed."""
        gone = delete(photos).where(photos.c.case_id == case)
        gone = gone if photo is None else gone.where(photos.c.id == photo)
        self.writer.run(lambda connection: connection.execute(gone)).result()

    def sealed_up_to(self, case: UUID, number: int | None) -> tuple[UUID, ...]:
        """The photos of a case that keys up to a number have sealed; all of them where none is given."""
        wanted = select(photos.c.id, func.substr(photos.c.bytes, 1, HEAD.size)).where(photos.c.case_id == case)
        with explained(), reading(self.writer.engine).connect() as connection:
            rows = connection.execute(wanted).all()
        return tuple(photo for photo, head in rows if number is None or number_in(bytes(head)) <= number)


def _insert(connection: Connection, case: UUID, rows: Sequence[dict[str, object]]) -> None:
    there = set(connection.scalars(select(photos.c.id).where(photos.c.case_id == case, original)))
    fresh = [row for row in rows if row["id"] not in there]
    if len(there) + len(fresh) > MOST:
        raise TooManyPhotosError(MOST)
    if fresh:
        connection.execute(insert(photos), fresh)


def _put(connection: Connection, row: dict[str, object]) -> None:
    """In the place of one that is there already: the same command was given before, and may have died."""
    connection.execute(delete(photos).where(photos.c.id == row["id"], ~original))
    connection.execute(insert(photos).values(row))


def _field(photo: UUID) -> str:
    """What a seal is bound to besides the case, so that no photo can stand in another's place."""
    return f"photo {photo}"
