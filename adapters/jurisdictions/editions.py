"""Editions: what a folder said when it was loaded, kept for as long as a case is pinned to it."""

import json
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection, insert, select

from adapters.jurisdictions.folder import BadJurisdictionError, Files
from adapters.jurisdictions.reading import Reading, read, read_files
from adapters.places import Drawing, Router, drawn
from adapters.store.engine import reading
from adapters.store.errors import explained
from adapters.store.tables import editions
from adapters.store.writer import Writer
from domain.jurisdiction import Jurisdiction

KEPT_PARSED = 16
KEPT_DRAWN = 64
LAST = (
    select(editions.c.code, editions.c.number).order_by(editions.c.loaded_at.desc(), editions.c.number.desc()).limit(1)
)


class NoSuchEditionError(LookupError):
    """Nothing was loaded under this name."""


class Editions:
    """All editions that were ever loaded into a log's database."""

    def __init__(self, writer: Writer) -> None:
        """`writer` knows the database."""
        self._writer = writer
        self._parsed = lru_cache(KEPT_PARSED)(self._read)
        self._routers = lru_cache(KEPT_PARSED)(lambda name: Router(self._parsed(name).areas))
        self._drawings = lru_cache(KEPT_DRAWN)(lambda name, codes, width: drawn(self._parsed(name).areas, codes, width))

    def load(self, folder: Path, now: datetime) -> str:
        """Load a folder as the next edition, all or nothing; the same content again adds nothing. Returns its name.

        Raises BadJurisdictionError with all that is wrong.
        """
        found = read(folder)
        if found.problems:
            raise BadJurisdictionError(found.problems)
        code, files = found.jurisdiction.code, json.dumps(dict(found.files), ensure_ascii=False, sort_keys=True)
        return self._writer.run(lambda connection: _kept(connection, code, files, now)).result()

    def edition(self, name: str) -> Jurisdiction:
        """The jurisdiction as an edition has it. Raises NoSuchEditionError."""
        # What was sound when it was loaded stays in use, whatever a later check would find wrong with it.
        found = self._parsed(name).found
        if found is None:
            raise NoSuchEditionError(name)
        return found

    def reading(self, name: str) -> Reading:
        """All that an edition says, its files too. Raises NoSuchEditionError."""
        return self._parsed(name)

    def router(self, name: str) -> Router:
        """Finds places by points, where the edition has polygons."""
        return self._routers(name)

    def drawing(self, name: str, codes: tuple[str, ...], width: float) -> Drawing:
        """The outlines of some places, where the edition has polygons of them."""
        return self._drawings(name, codes, width)

    def current(self) -> Jurisdiction:
        """The edition that was loaded last. Raises NoSuchEditionError while there is none."""
        with explained(), reading(self._writer.engine).connect() as connection:
            row = connection.execute(LAST).first()
        if row is None:
            msg = "no jurisdiction is loaded: run `whistle jurisdiction load FOLDER`"
            raise NoSuchEditionError(msg)
        return self.edition(f"{row.code}@{row.number}")

    def _read(self, name: str) -> Reading:
        code, _, number = name.partition("@")
        if not number.isdecimal():
            raise NoSuchEditionError(name)
        wanted = select(editions.c.files).where(editions.c.code == code, editions.c.number == int(number))
        with explained(), reading(self._writer.engine).connect() as connection:
            files: str | None = connection.scalar(wanted)
        if files is None:
            raise NoSuchEditionError(name)
        return _understood(files, name)


@lru_cache(KEPT_PARSED)
def _understood(files: str, name: str) -> Reading:
    """An edition never changes, so whoever asks gets the same."""
    kept: Files = json.loads(files)
    return read_files(kept, name)


def _kept(connection: Connection, code: str, files: str, now: datetime) -> str:
    fingerprint = sha256(files.encode()).hexdigest()
    last = select(editions.c.number, editions.c.fingerprint).where(editions.c.code == code)
    row = connection.execute(last.order_by(editions.c.number.desc()).limit(1)).first()
    if row is not None and row.fingerprint == fingerprint:
        return f"{code}@{row.number}"
    number = row.number + 1 if row is not None else 1
    values = {"code": code, "number": number, "fingerprint": fingerprint, "files": files, "loaded_at": now}
    connection.execute(insert(editions).values(values))
    return f"{code}@{number}"
