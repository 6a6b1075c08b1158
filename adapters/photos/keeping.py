"""Photos as they are kept: sealed under the case's own key, beside the log; a log's event only refers to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from adapters.photos.verdicts import TooManyPhotosError
from adapters.sealing import HEAD, KeyDestroyed, Sealing, number_in
from adapters.store.engine import reading
from adapters.store.errors import explained
from adapters.store.tables import photos
from adapters.store.writer import Writer
from domain.privacy import Secrecy

MOST = 20  # photos of a case
WITHOUT_BYTES = (photos.c.id, photos.c.size, photos.c.made_at, photos.c.cleared)
OF_CASE = select(*WITHOUT_BYTES).where(photos.c.case_id == bindparam("case")).order_by(photos.c.made_at, photos.c.id)
ONE = select(photos.c.bytes).where(photos.c.case_id == bindparam("case"), photos.c.id == bindparam("photo"))


@dataclass(frozen=True, slots=True)
class Kept:
    """A photo that is kept: what is known of it without looking at it."""

    id: UUID
    size: int  # bytes of the JPEG
    made_at: datetime
    cleared: bool  # for the public, by a clerk


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
        with explained(), reading(self.writer.engine).connect() as connection:
            sealed = connection.scalar(ONE, {"case": case, "photo": photo})
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

    def _row(self, case: UUID, photo: UUID, picture: bytes, now: datetime) -> dict[str, object]:
        sealed = self.sealing.seal_bytes(case, _field(photo), Secrecy.PHOTOS, picture)
        return {"id": photo, "case_id": case, "bytes": sealed, "size": len(picture), "made_at": now, "cleared": False}

    def drop(self, case: UUID, photo: UUID | None = None) -> None:
        """One photo, which its case did not take; or all of a case, whose keys are destroyed."""
        gone = delete(photos).where(photos.c.case_id == case)
        gone = gone if photo is None else gone.where(photos.c.id == photo)
        self.writer.run(lambda connection: connection.execute(gone)).result()

    def sealed_up_to(self, case: UUID, number: int | None) -> tuple[UUID, ...]:
        """The photos of a case that keys up to a number have sealed; all of them where none is given."""
        wanted = select(photos.c.id, func.substr(photos.c.bytes, 1, HEAD.size)).where(photos.c.case_id == case)
        with explained(), reading(self.writer.engine).connect() as connection:
            rows = connection.execute(wanted).all()
        return tuple(photo for photo, head in rows if number is None or number_in(bytes(head)) <= number)

    def clear(self, case: UUID, photo: UUID, *, cleared: bool) -> bool:
        """Say whether the public may see it; False where there is no such photo."""
        said = update(photos).where(photos.c.case_id == case, photos.c.id == photo).values(cleared=cleared)
        return self.writer.run(lambda connection: connection.execute(said).rowcount).result() == 1


def _insert(connection: Connection, case: UUID, rows: Sequence[dict[str, object]]) -> None:
    there = set(connection.scalars(select(photos.c.id).where(photos.c.case_id == case)))
    fresh = [row for row in rows if row["id"] not in there]
    if len(there) + len(fresh) > MOST:
        raise TooManyPhotosError(MOST)
    if fresh:
        connection.execute(insert(photos), fresh)


def _field(photo: UUID) -> str:
    """What a seal is bound to besides the case, so that no photo can stand in another's place."""
    return f"photo {photo}"
